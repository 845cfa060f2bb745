"""Writes how a participant can safely be reached. Each writing is a version; the earlier ones stay."""

from __future__ import annotations

from typing import Final

import msgspec
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import prepare
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants import safe_contact as rule
from spheres_core.participants.models import SafeContactRow
from spheres_core.participants.operations import duplicates
from spheres_core.participants.queries import safe_contact as queries
from spheres_core.participants.queries.access import require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.safe_contact import Channel, SafeContact

ADD: Final = prepare(
    insert(table(SafeContactRow)).on_conflict_do_nothing(index_elements=["tenant_id", "participant_id", "version"])
)


class SafeContactInvalid(Invalid):
    """A safe contact that says something twice, or what could never be meant. `errors` name each place."""

    code = "safe_contact_invalid"


class ChannelUnknown(Invalid):
    """Her safe contact says nothing of this channel, so that nothing of it can be confirmed."""

    code = "channel_unknown"
    message = msg("She has not said that this is safe.")


class SafeContactChanged(Conflict):
    """Somebody has written it since the caller read it. `extra` has both sides."""

    code = "safe_contact_changed"
    message = msg("A colleague has changed this meanwhile. Nothing was saved: look at both, and save again.")

    def __init__(self, theirs: queries.KeptSafeContact | None, yours: SafeContact) -> None:
        now = msgspec.to_builtins(theirs.record) if theirs else None
        version = theirs.row.version if theirs else 0
        super().__init__(extra={"version": version, "theirs": now, "yours": msgspec.to_builtins(yours)})


async def write_safe_contact(ctx: Context, access: ParticipantAccess, record: SafeContact, *, version: int) -> None:
    """Writes a new version in the place of `version`.

    Raises `SafeContactChanged` with both sides when another version is the latest, `SafeContactInvalid`,
    `ParticipantUnknown`.
    """
    _require(ctx, access)
    if problems := list(rule.problems_with(record, ctx.today)):
        raise SafeContactInvalid(errors=problems)
    kept = await queries.latest(ctx, access)
    await _add(ctx, access, record, version, kept)
    await duplicates.add_contact_marks(ctx, access, record)
    details = {"version": version + 1}
    await audit.record(ctx, "safe_contact.written", subject=("participant", access.id), details=details)


async def confirm(ctx: Context, access: ParticipantAccess, channel: Channel, *, safe: bool, version: int) -> None:
    """Notes that a channel is still safe, or that it turned out not to be; then nothing goes out by it.

    Raises `ChannelUnknown`, `SafeContactChanged` with both sides, `ParticipantUnknown`.
    """
    _require(ctx, access)
    kept = await queries.latest(ctx, access)
    if kept is None or rule.find_channel(kept.record, channel) is None:
        raise ChannelUnknown(errors=[Problem(ChannelUnknown.message, path="channel")])
    await _add(ctx, access, rule.confirmed(kept.record, channel, ctx.today, safe=safe), version, kept)
    verb = "safe_contact.confirmed" if safe else "safe_contact.marked_unsafe"
    details = {"channel": channel, "version": version + 1}
    await audit.record(ctx, verb, subject=("participant", access.id), details=details)


def _require(ctx: Context, access: ParticipantAccess) -> None:
    for act in ("read", "write"):
        require_class(ctx, access, "safe_contact", act=act)


async def _add(
    ctx: Context,
    access: ParticipantAccess,
    record: SafeContact,
    version: int,
    kept: queries.KeptSafeContact | None,
) -> None:
    id = uuid7()
    sealed = ctx.keys.seal("safe_contacts", id, "content", msgspec.json.encode(record))
    is_latest = (kept.row.version if kept else 0) == version
    if not is_latest or not await ctx.db.run(
        ADD, id=id, participant_id=access.id, version=version + 1, content=sealed, recorded_at=ctx.now,
        recorded_by=ctx.actor.id, dated_on=ctx.today,
    ):  # fmt: skip
        ctx.db.commit_on_refusal = True  # theirs is shown, and that stays in the trail
        await audit.record(ctx, "safe_contact.read", subject=("participant", access.id))
        raise SafeContactChanged(await queries.latest(ctx, access), record)

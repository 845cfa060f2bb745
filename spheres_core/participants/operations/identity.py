"""Opens and writes the identity of a participant. Each is an act with a reason, of which coordinators are told."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.consents.schemas import Act
from spheres_core.facts import Problem, msg
from spheres_core.foundation.content.compared_contacts import names_compared
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import prepare
from spheres_core.foundation.encryption import TenantKeys
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.vault_keys import open_vault
from spheres_core.participants.models import IdentityMarkRow, IdentityOpeningRow, IdentityRow
from spheres_core.participants.queries import identity as identity_queries
from spheres_core.participants.queries.access import require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.identity import LEAST_REASON, Identity, IdentityRead

ADD: Final = prepare(
    insert(table(IdentityRow)).on_conflict_do_nothing(index_elements=["tenant_id", "participant_id", "version"])
)
ADD_MARK: Final = prepare(
    insert(table(IdentityMarkRow)).on_conflict_do_nothing(
        index_elements=["tenant_id", "participant_id", "kind", "mark"]
    )
)
ADD_OPENING: Final = prepare(insert(table(IdentityOpeningRow)))
FIRST_BIRTHDAY: Final = dt.date(1900, 1, 1)


class ReasonTooShort(Invalid):
    """An identity is opened for a reason that somebody else understands later."""

    code = "reason_too_short"
    message = msg("Say why, in at least {least} characters.", least=LEAST_REASON)


class BirthdayInvalid(Invalid):
    """A day in the future, or before 1900."""

    code = "birthday_invalid"
    message = msg("This cannot be a date of birth.")


class IdentityChanged(Conflict):
    """Somebody has written this identity since the caller read it. `extra` has both sides."""

    code = "identity_changed"
    message = msg("A colleague has changed this meanwhile. Nothing was saved: look at both, and save again.")

    def __init__(self, theirs: IdentityRead, yours: Identity) -> None:
        both = {"theirs": msgspec.to_builtins(theirs.identity), "yours": msgspec.to_builtins(yours)}
        super().__init__(extra={"version": theirs.version, **both})


async def open_identity(ctx: Context, access: ParticipantAccess, *, reason: str) -> IdentityRead:
    """Opens her identity, for a reason. Raises `ReasonTooShort`, `ParticipantUnknown`, `KeyTrouble`."""
    require_class(ctx, access, "identity")
    _check_reason(reason)
    vault = await open_vault(ctx)
    found = await identity_queries.read_identity(ctx, access, vault)
    await _note_opening(ctx, access, reason, "read")
    return found


async def write_identity(
    ctx: Context, access: ParticipantAccess, identity: Identity, *, version: int, reason: str
) -> IdentityRead:
    """Writes a new version of her identity in the place of `version`, which stays kept; opens it, for a reason.

    Raises `IdentityChanged` with both sides when another version is the latest, `ReasonTooShort`, `BirthdayInvalid`,
    `ParticipantUnknown`, `KeyTrouble`.
    """
    for act in ("read", "write"):
        require_class(ctx, access, "identity", act=act)
    _check_reason(reason)
    if identity.birthday is not None and not FIRST_BIRTHDAY <= identity.birthday <= ctx.today:
        raise BirthdayInvalid(errors=[Problem(BirthdayInvalid.message, path="identity.birthday")])
    vault = await open_vault(ctx)
    await _note_opening(ctx, access, reason, "write")
    before = await identity_queries.read_identity(ctx, access, vault)
    if before.version != version or not await _add_version(ctx, access, identity, vault, version + 1):
        ctx.db.commit_on_refusal = True  # it was opened to her, and that stays in the trail
        raise IdentityChanged(await identity_queries.read_identity(ctx, access, vault), identity)
    await _add_marks(ctx, access, identity, vault)
    await audit.record(ctx, "identity.written", subject=("participant", access.id), details={"version": version + 1})
    return await identity_queries.read_identity(ctx, access, vault)


async def _add_version(
    ctx: Context, access: ParticipantAccess, identity: Identity, vault: TenantKeys, version: int
) -> int:
    id, born = uuid7(), identity.birthday
    return await ctx.db.run(
        ADD,
        id=id,
        participant_id=access.id,
        version=version,
        content=vault.seal("identities", id, "content", msgspec.json.encode(identity)),
        birthday=vault.seal("identities", id, "birthday", born.isoformat()) if born else None,
        written_at=ctx.now,
        written_by=ctx.actor.id,
        dated_on=ctx.today,
    )


async def _add_marks(ctx: Context, access: ParticipantAccess, identity: Identity, vault: TenantKeys) -> None:
    """Adds what she could be known again by; what earlier versions said stays, for a name that was mended."""
    if identity.birthday is None:
        return
    names = {name for given in (identity.legal_name, identity.chosen_name) for name in names_compared(given)}
    rows = [
        {
            "id": uuid7(), "participant_id": access.id, "kind": "name_and_birthday", "dated_on": ctx.today,
            "mark": vault.blind("name_and_birthday", f"{name} {identity.birthday}"),
        }
        for name in sorted(names)
    ]  # fmt: skip
    await ctx.db.run_many(ADD_MARK, rows)


async def _note_opening(ctx: Context, access: ParticipantAccess, reason: str, act: Act) -> UUID:
    id = uuid7()
    opening = ADD_OPENING.of(
        id=id, participant_id=access.id, opened_at=ctx.now, opened_by=ctx.actor.id, purpose=access.purpose, act=act,
        reason=ctx.keys.seal("identity_openings", id, "reason", reason.strip()), dated_on=ctx.today,
    )  # fmt: skip
    details = {"opening": str(id), "purpose": access.purpose, "act": act}
    return await audit.record(
        ctx, "identity.opened", subject=("participant", access.id), details=details, doing=[opening]
    )


def _check_reason(reason: str) -> None:
    if len(reason.strip()) < LEAST_REASON:
        raise ReasonTooShort(errors=[Problem(ReasonTooShort.message, path="reason")])

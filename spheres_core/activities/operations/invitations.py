"""Asks her to come along, in a way that her safe contact allows and in her pace, and keeps what she says of it.

Whoever offers a seat is refused in one way only, whether none is left or somebody is there whom she must not meet: the
refusal, what the outing's page says afterwards and each further try are the same (invariant 23).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Text, Uuid, bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.activities.operations.outings import OPEN_AGAIN
from spheres_core.activities.queries import invitations as queries
from spheres_core.activities.queries import outings as outing_queries
from spheres_core.activities.queries.invitations import PLAN_CLASS, texts
from spheres_core.activities.queries.kept_apart import cannot_join
from spheres_core.activities.queries.outings import CLASS, closed, invitations
from spheres_core.activities.schemas.invitations import (
    InvitationFound,
    OutingInvitation,
    OutingInvitationChanged,
    OutingInvitationPosted,
    TextPart,
)
from spheres_core.activities.schemas.outings import OutingFound
from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.followups.operations.encounters import require_words_allowed
from spheres_core.followups.queries.participations import open_one
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import ChangedMeanwhile, Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries import safe_contact as safe_contacts
from spheres_core.participants.queries.access import reaches, require_class
from spheres_core.participants.safe_contact import REASONS
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.safe_contact import ContactRefused
from spheres_core.plans.operations import needs as plan_operations
from spheres_core.plans.queries.needs import NeedUnknown, find_need
from spheres_core.plans.schemas.needs import Strength, StrengthPosted

ADD = prepare(insert(invitations))
ADD_TEXT = prepare(insert(texts))
_which = (scoped(invitations), invitations.c.id == bindparam("which"), invitations.c.version == bindparam("seen"))
_written = {"version": invitations.c.version + 1, "author": bindparam("who"), "written_at": bindparam("now")}
CHANGE = prepare(
    invitations.update()
    .where(*_which)
    .values(answer=bindparam("said", type_=Text()), need_id=bindparam("its_need", type_=Uuid()), **_written)
    .returning(invitations.c.id)
)
FOUND = prepare(
    invitations.update()
    .where(*_which)
    .values(strength_id=bindparam("strength", type_=Uuid()), **_written)
    .returning(invitations.c.id)
)
CLOSE = prepare(insert(closed).on_conflict_do_nothing())


class WayNotSafe(Invalid):
    """Her safe contact does not allow that she is asked in this way now."""

    code = "way_not_safe"
    message = msg("She has not agreed to this way of reaching her.")


class NoSeatLeft(Conflict):
    """There is no seat for her. It says nothing of why, and nothing else does."""

    code = "no_seat_left"
    message = msg("No seat is left on this outing.")


class AskedAlready(Conflict):
    """She was asked to this outing before."""

    code = "asked_already"
    message = msg("She was asked already. Her answer can be noted on that invitation.")


class NotToCome(Conflict):
    """The outing was held or called off, or has begun."""

    code = "outing_not_to_come"
    message = msg("This outing is not to come any more.")


class ToldTooSoon(Invalid):
    """How it felt, before it was."""

    code = "told_too_soon"
    message = msg("How it went is told when it has been.")


async def invite(ctx: Context, file: ParticipantAccess, posted: OutingInvitationPosted) -> OutingInvitation:
    """Notes that she was asked. Nothing is sent by it.

    Raises `ParticipantUnknown`, `OutingUnknown`, `NotToCome`, `WayNotSafe`, `AskedAlready`, `NoSeatLeft`,
    `NeedUnknown`, `NotTakingPart`, `OwnWordsNotAgreed`, `LimitsNotExplained`.
    """
    require_class(ctx, file, CLASS, act="write")
    await ctx.db.lock("outing", posted.outing)
    outing = await outing_queries.find_outing(ctx, posted.outing)
    day = outing.at.astimezone(ctx.zone).date()
    require_class(ctx, file, CLASS, act="write", on=day)
    if outing.state != "planned" or outing.at <= ctx.now:
        raise NotToCome
    await _require_safe_way(ctx, file, posted)
    await _require_need(ctx, file, posted.need)
    await require_words_allowed(ctx, file, day, ours="", hers=posted.expects, path="expects")
    if await ctx.db.one_or_none(queries.TO_OUTING, participant=file.id, outing=outing.id, **file.reader) is not None:
        raise AskedAlready
    if posted.answer != "no":
        await _require_seat(ctx, file, outing)
    episode = await open_one(ctx, file.id)
    id = uuid7()
    added = ADD.of(
        id=id, participant_id=file.id, participation_id=episode.id, outing_id=outing.id, how=posted.how,
        answer=posted.answer, attendance=None, need_id=posted.need, strength_id=None, version=1, author=ctx.actor.id,
        written_at=ctx.now, dated_on=day,
    )  # fmt: skip
    details = {"invitation": str(id), "answer": posted.answer, "how": posted.how}
    await audit.record(ctx, "outing_invitation.made", subject=("participant", file.id), details=details, doing=[added])
    found = await queries.find_invitation(ctx, file, id)
    await _write(ctx, found, {"expects": posted.expects}, {})
    return (await queries.with_words(ctx, file, [found]))[0]


async def change_invitation(
    ctx: Context, file: ParticipantAccess, id: UUID, sent: OutingInvitationChanged
) -> OutingInvitation:
    """Notes her answer and her words as they are now; earlier words stay.

    Raises `InvitationUnknown`, `ChangedMeanwhile`, `NoSeatLeft`, `ToldTooSoon`, `NeedUnknown`, `OwnWordsNotAgreed`,
    `LimitsNotExplained`.
    """
    found = await queries.find_invitation(ctx, file, id)
    require_class(ctx, file, CLASS, act="write", on=found.dated_on)
    await ctx.db.lock("outing", found.outing_id)
    before = (await queries.with_words(ctx, file, [await queries.find_invitation(ctx, file, id)]))[0]
    if before.version != sent.version:
        raise ChangedMeanwhile(extra=_sides(sent, before))
    if sent.felt.strip() and found.at > ctx.now:
        raise ToldTooSoon(errors=[Problem(ToldTooSoon.message, path="felt")])
    if sent.need != found.need_id:
        await _require_need(ctx, file, sent.need)
    for path in ("expects", "felt"):
        await require_words_allowed(ctx, file, found.dated_on, ours="", hers=getattr(sent, path), path=path)
    if found.answer == "no" and sent.answer != "no":
        await _require_seat(ctx, file, await outing_queries.find_outing(ctx, found.outing_id))
    need = sent.need if reaches(ctx, file, PLAN_CLASS) else found.need_id
    changed = await ctx.db.run(
        CHANGE, which=id, seen=sent.version, said=sent.answer, its_need=need, who=ctx.actor.id, now=ctx.now
    )
    newest = await queries.find_invitation(ctx, file, id)
    if not changed:
        raise ChangedMeanwhile(extra=_sides(sent, (await queries.with_words(ctx, file, [newest]))[0]))
    if sent.answer == "no" and found.answer != "no":
        await ctx.db.run(OPEN_AGAIN, outing=found.outing_id)
    details = {"invitation": str(id), "answer": sent.answer, "version": newest.version}
    await audit.record(ctx, "outing_invitation.changed", subject=("participant", file.id), details=details)
    if before.expects is not None:
        was: dict[TextPart, str] = {"expects": before.expects, "felt": before.felt or ""}
        await _write(ctx, newest, {"expects": sent.expects, "felt": sent.felt}, was)
    return (await queries.with_words(ctx, file, [newest]))[0]


async def record_found(ctx: Context, file: ParticipantAccess, id: UUID, posted: StrengthPosted) -> Strength:
    """Records a strength or an interest that she found on an outing, among the strengths of her plan.

    Raises `InvitationUnknown`, and as `needs.record_strength` does.
    """
    found = await queries.find_invitation(ctx, file, id)
    require_class(ctx, file, CLASS, act="write", on=found.dated_on)
    made = await plan_operations.record_strength(ctx, file, posted)
    await ctx.db.run(FOUND, which=id, seen=found.version, strength=made.id, who=ctx.actor.id, now=ctx.now)
    details = {"invitation": str(id), "answer": found.answer, "version": found.version + 1}
    await audit.record(ctx, "outing_invitation.changed", subject=("participant", file.id), details=details)
    return made


async def _require_safe_way(ctx: Context, file: ParticipantAccess, posted: OutingInvitationPosted) -> None:
    """Lets her be asked while she is there, or by a channel that her safe contact allows at this moment."""
    if posted.how == "encounter":
        return
    kept = await safe_contacts.latest(ctx, file)
    decided = safe_contacts.may_reach(ctx, kept.record if kept else None, posted.how, ctx.now)
    if isinstance(decided, ContactRefused):
        why = REASONS[decided.reason]
        raise WayNotSafe(why, errors=[Problem(why, path="how")])


async def _require_seat(ctx: Context, file: ParticipantAccess, outing: OutingFound) -> None:
    """Refuses where no seat is left, and where somebody is there whom she must not meet: in one way, without why.

    From then on no seat is left to the caller, whomever she asks for, until one becomes free.
    """
    is_full = await outing_queries.taken(ctx, outing.id) >= outing.seats
    must_not_meet = await cannot_join(ctx, file.id, outing.id)
    if is_full or must_not_meet or await outing_queries.is_closed_to_caller(ctx, outing.id):
        await ctx.db.run(CLOSE, id=uuid7(), outing_id=outing.id, staff=ctx.actor.id)
        ctx.db.commit_on_refusal = True  # that she was told so stays
        raise NoSeatLeft


async def _require_need(ctx: Context, file: ParticipantAccess, need: UUID | None) -> None:
    if need is None:
        return
    if not reaches(ctx, file, PLAN_CLASS):
        raise NeedUnknown
    await find_need(ctx, file, need)


async def _write(
    ctx: Context, found: InvitationFound, words: Mapping[TextPart, str], before: Mapping[TextPart, str]
) -> None:
    """Writes the parts of her words that are not as they were, verbatim."""
    for part, each in words.items():
        said = each if each.strip() else ""
        if said == before.get(part, ""):
            continue
        id = uuid7()
        await ctx.db.run(
            ADD_TEXT, id=id, participant_id=found.participant_id, invitation_id=found.id, part=part,
            version=found.version, words=ctx.keys.seal("outing_texts", id, "words", said) if said else None,
            author=ctx.actor.id, written_at=ctx.now, dated_on=found.dated_on,
        )  # fmt: skip


def _sides(yours: Any, theirs: Any) -> Mapping[str, Any]:
    return {"yours": msgspec.to_builtins(yours), "theirs": msgspec.to_builtins(theirs)}

"""Operations on clinical support sessions: ask or offer, agree on a day, hold, call off, note, say how one feels."""

from uuid import UUID

from sqlalchemy import bindparam, null
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import ChangedMeanwhile, Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.operations.catalogue import CodeUnknown
from spheres_core.partners.queries.catalogue import in_use
from spheres_core.staff.queries import members
from spheres_core.support.models import SupportSession, SupportSessionPart
from spheres_core.support.operations.word_checks import check_words
from spheres_core.support.permissions import GIVE_SESSIONS
from spheres_core.support.queries import sessions as queries
from spheres_core.support.queries.code_lists import SUPPORT_THEMES, codes_here
from spheres_core.support.schemas.sessions import OwnPartPosted, SessionAgreed, SessionNoted, SessionPosted

sessions, parts = table(SupportSession), table(SupportSessionPart)
ASK, TAKE_PART = prepare(insert(sessions)), prepare(insert(parts))
_this = (scoped(sessions), sessions.c.id == bindparam("which"))
_next = {"version": sessions.c.version + 1}
AGREE = prepare(
    sessions.update().where(*_this).values(state="agreed", held_on=bindparam("on"), given_by=bindparam("by"), **_next)
)
HOLD = prepare(sessions.update().where(*_this).values(state="held", **_next))
CANCEL = prepare(sessions.update().where(*_this).values(state="cancelled", words=null(), **_next))
NOTE = prepare(sessions.update().where(*_this).values(notes=bindparam("sealed"), **_next))
SAY = prepare(
    parts.update()
    .where(scoped(parts), parts.c.id == bindparam("which"))
    .values(
        equipped_before=bindparam("before"), equipped_after=bindparam("after"), words=bindparam("sealed"),
    )
)  # fmt: skip


class SessionInvalid(Invalid):
    """Something does not fit; `errors` name each place."""

    code = "support_session_invalid"


class SessionActNotOpen(Conflict):
    """The session is in a state in which this cannot be done, or it is for somebody else to do."""

    code = "support_session_act_not_open"
    message = msg("This cannot be done with this session now.")


async def ask_for_session(ctx: Context, posted: SessionPosted) -> UUID:
    """Asks for a session for oneself or one's team, or offers one where a day is given. Returns its id.

    Raises `SessionInvalid`, `CodeUnknown`, `ParticipantCodeFound`, `IdentifiersFound`.
    """
    me = queries.member_of(ctx)
    offered = posted.on is not None
    if offered and not ctx.may(GIVE_SESSIONS):
        raise SessionInvalid(errors=[Problem(msg("Who gives it agrees on the day."), path="on", code="not_yours")])
    people = list(dict.fromkeys([*([] if offered else [me]), *posted.people]))
    if posted.theme not in (known := in_use(codes_here(ctx, SUPPORT_THEMES))):
        raise CodeUnknown(errors=[Problem(CodeUnknown.message, path="theme")], extra={"known": [*known]})
    await _check_people(ctx, posted, people)
    await check_words(ctx, {"words": posted.words}, confirmed=posted.confirmed)
    id, words = uuid7(), posted.words.strip()
    asking = ASK.of(
        id=id, state="agreed" if offered else "requested", kind=posted.kind, theme=posted.theme, held_on=posted.on,
        asked_by=None if offered else me, given_by=me if offered else None, asked_at=ctx.now,
        words=ctx.keys.seal("support_sessions", id, "words", words) if words else None, notes=None, version=1,
    )  # fmt: skip
    taking = [
        TAKE_PART.of(
            id=uuid7(), session_id=id, staff_id=each, equipped_after=None, words=None,
            equipped_before=posted.equipped if each == me else None,
        )
        for each in people
    ]  # fmt: skip
    verb = "support_session.offered" if offered else "support_session.asked"
    codes = {"kind": posted.kind, "theme": posted.theme}
    await audit.record(ctx, verb, subject=("support_session", id), details=codes, doing=[asking, *taking])
    return id


async def agree(ctx: Context, id: UUID, posted: SessionAgreed) -> None:
    """Agrees on a day, and gives the session. Raises `SessionUnknown`, `SessionActNotOpen`, `ChangedMeanwhile`."""
    await _open_for(ctx, id, "agree", posted.version)
    doing = AGREE.of(which=id, on=posted.on, by=queries.member_of(ctx))
    await audit.record(ctx, "support_session.agreed", subject=("support_session", id), doing=[doing])


async def hold(ctx: Context, id: UUID, version: int) -> None:
    """Notes that a session took place. Raises as `agree`."""
    row = await _open_for(ctx, id, "hold", version)
    if row.held_on is not None and row.held_on > ctx.today:
        raise SessionActNotOpen(msg("This day is still to come."))
    codes = {"kind": row.kind, "theme": row.theme}
    doing = HOLD.of(which=id)
    await audit.record(ctx, "support_session.held", subject=("support_session", id), details=codes, doing=[doing])


async def cancel(ctx: Context, id: UUID, version: int) -> None:
    """Calls a session off, and deletes the words of who asked. Raises as `agree`."""
    await _open_for(ctx, id, "cancel", version)
    doing = CANCEL.of(which=id)
    await audit.record(ctx, "support_session.cancelled", subject=("support_session", id), doing=[doing])


async def note(ctx: Context, id: UUID, posted: SessionNoted) -> None:
    """Writes the notes of who gives a session, for nobody else. Raises as `agree` and as `ask_for_session`."""
    await _open_for(ctx, id, "note", posted.version)
    await check_words(ctx, {"words": posted.words}, confirmed=posted.confirmed)
    words = posted.words.strip()
    sealed = ctx.keys.seal("support_sessions", id, "notes", words) if words else None
    doing = NOTE.of(which=id, sealed=sealed)
    await audit.record(ctx, "support_session.noted", subject=("support_session", id), doing=[doing])


async def say(ctx: Context, id: UUID, posted: OwnPartPosted) -> None:
    """Writes how equipped somebody who takes part feels, and own notes. Raises as `note`."""
    row, people = await queries.find_session(ctx, id, lock=True)
    part = next((each for each in people if each.staff_id == queries.member_of(ctx)), None)
    if part is None or row.state == "cancelled":
        raise SessionActNotOpen
    await check_words(ctx, {"words": posted.words}, confirmed=posted.confirmed)
    words = posted.words.strip()
    sealed = ctx.keys.seal("support_session_parts", part.id, "words", words) if words else None
    doing = SAY.of(which=part.id, before=posted.before, after=posted.after, sealed=sealed)
    await audit.record(ctx, "support_session.rated", subject=("support_session", id), doing=[doing])


async def _check_people(ctx: Context, posted: SessionPosted, people: list[UUID]) -> None:
    """Refuses unknown members of staff, and sessions for one person with several."""
    known = {each.id for each in await members.list_members(ctx) if each.active}
    if not set(posted.people) <= known or not people:
        raise SessionInvalid(errors=[Problem(msg("Choose members of the staff."), path="people", code="people")])
    if posted.kind == "individual" and len(people) != 1:
        raise SessionInvalid(errors=[Problem(msg("This is for one person."), path="people", code="people")])


async def _open_for(ctx: Context, id: UUID, act: str, version: int) -> queries.SessionStored:
    row, people = await queries.find_session(ctx, id, lock=True)
    own = any(each.staff_id == ctx.actor.id for each in people)
    if act not in queries.steps_of(row, giving=queries.gives(ctx, row), own=own):
        raise SessionActNotOpen
    if row.version != version:
        theirs = {"state": row.state, "on": row.held_on.isoformat() if row.held_on else None, "version": row.version}
        raise ChangedMeanwhile(extra={"yours": {"act": act, "version": version}, "theirs": theirs})
    return row

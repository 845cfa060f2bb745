"""Queries of clinical support sessions: one's own, those to give, one of them, and counts for a coordinator.

Who neither gives a session nor takes part in it does not find it: the answer is the same as for one that is not there.
"""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Integer, Uuid, and_, bindparam, func, or_, select

from spheres_core.audit import operations as audit
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import Statement, prepare, scoped
from spheres_core.foundation.errors import NotAllowed, NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.staff.queries import members
from spheres_core.support.models import SupportSession, SupportSessionPart
from spheres_core.support.permissions import GIVE_SESSIONS
from spheres_core.support.schemas.sessions import (
    KINDS,
    LEAST_COUNTED,
    OwnPart,
    SessionCount,
    SessionCounts,
    SessionKind,
    SessionLine,
    SessionOpened,
    SessionState,
)

sessions, parts = table(SupportSession), table(SupportSessionPart)


class SessionUnknown(NotFound):
    """No such session, or none that the reader gives or takes part in."""

    code = "support_session_unknown"


class SessionStored(Struct, frozen=True):
    """A session as it is stored, with its words still sealed."""

    id: UUID
    state: SessionState
    kind: SessionKind
    theme: str
    held_on: dt.date | None
    asked_by: UUID | None
    given_by: UUID | None
    words: bytes | None
    notes: bytes | None
    version: int


class PartStored(Struct, frozen=True):
    """A part in a session as it is stored, with its words still sealed."""

    id: UUID
    staff_id: UUID
    equipped_before: int | None
    equipped_after: int | None
    words: bytes | None


class _Counted(Struct, frozen=True):
    kind: SessionKind
    sessions: int
    people: int


_me = bindparam("me", type_=Uuid())
_row = [sessions.c[name] for name in SessionStored.__struct_fields__]
_mine = (
    select(parts.c.session_id)
    .where(scoped(parts), parts.c.staff_id == _me, parts.c.session_id == sessions.c.id)
    .exists()
)
_before, _limit = sessions.c.id < bindparam("before", type_=Uuid()), bindparam("limit", type_=Integer())
MINE = prepare(
    select(*_row).where(scoped(sessions), _mine, _before).order_by(sessions.c.id.desc()).limit(_limit),
    into=SessionStored,
)
TO_GIVE = prepare(
    select(*_row)
    .where(scoped(sessions), _before, or_(sessions.c.given_by == _me,
                                          and_(sessions.c.given_by.is_(None), sessions.c.state == "requested")))
    .order_by(sessions.c.id.desc())
    .limit(_limit),
    into=SessionStored,
)  # fmt: skip
ONE = prepare(select(*_row).where(scoped(sessions), sessions.c.id == bindparam("id")), into=SessionStored)
ONE_LOCKED = prepare(
    select(*_row).where(scoped(sessions), sessions.c.id == bindparam("id")).with_for_update(), into=SessionStored
)
PARTS = prepare(
    select(*(parts.c[name] for name in PartStored.__struct_fields__))
    .where(scoped(parts), parts.c.session_id == bindparam("session"))
    .order_by(parts.c.id),
    into=PartStored,
)
COUNTED = prepare(
    select(sessions.c.kind, func.count(sessions.c.id.distinct()), func.count(parts.c.staff_id.distinct()))
    .select_from(sessions.outerjoin(parts, and_(scoped(parts), parts.c.session_id == sessions.c.id)))
    .where(scoped(sessions), sessions.c.state == "held")
    .group_by(sessions.c.kind),
    into=_Counted,
)  # fmt: skip


def member_of(ctx: Context) -> UUID:
    """Returns the id of the member of staff who acts. Raises `NotAllowed` for anybody else."""
    if ctx.actor.kind != "staff" or ctx.actor.id is None:
        raise NotAllowed
    return ctx.actor.id


async def list_own(ctx: Context, *, cursor: str = "") -> Page[SessionLine]:
    """Returns a page of sessions in which the reader takes part, newest first, and writes to the trail which were
    shown."""
    return await _page(ctx, "support sessions", MINE, cursor)


async def list_to_give(ctx: Context, *, cursor: str = "") -> Page[SessionLine]:
    """Returns a page of sessions that the reader gives, or that nobody has agreed to yet, likewise."""
    return await _page(ctx, "support sessions to give", TO_GIVE, cursor)


async def _page(ctx: Context, name: str, statement: Statement[SessionStored], cursor: str) -> Page[SessionLine]:
    me = member_of(ctx)

    async def ask(before: UUID, limit: int) -> Sequence[SessionLine]:
        return [line_of(each) for each in await ctx.db.all(statement, me=me, before=before, limit=limit)]

    page = await page_of(ctx, name, cursor, ask)
    await audit.record(ctx, "support_sessions.listed", shown=[each.id for each in page.items])
    return page


async def find_session(ctx: Context, id: UUID, *, lock: bool = False) -> tuple[SessionStored, list[PartStored]]:
    """Returns a session that the reader gives, may give or takes part in. Raises `SessionUnknown`."""
    me = member_of(ctx)
    found = await ctx.db.one_or_none(ONE_LOCKED if lock else ONE, id=id)
    people = await ctx.db.all(PARTS, session=id) if found else []
    if found is None or not (gives(ctx, found) or any(each.staff_id == me for each in people)):
        raise SessionUnknown
    return found, people


def gives(ctx: Context, row: SessionStored) -> bool:
    """Returns whether the reader gives a session, or may agree to give it. Nobody gives one to herself."""
    if not ctx.may(GIVE_SESSIONS) or row.asked_by == ctx.actor.id:
        return False
    return row.given_by == ctx.actor.id or (row.given_by is None and row.state == "requested")


async def read_session(ctx: Context, id: UUID) -> SessionOpened:
    """Returns a session with what the reader may read, and writes the reading to the trail. Raises `SessionUnknown`."""
    row, people = await find_session(ctx, id)
    await audit.record(ctx, "support_session.read", subject=("support_session", id))
    me, giving = member_of(ctx), gives(ctx, row)
    part = next((each for each in people if each.staff_id == me), None)
    words = _open(ctx, "support_sessions", row.id, "words", row.words) if giving or row.asked_by == me else ""
    notes = _open(ctx, "support_sessions", row.id, "notes", row.notes) if giving else ""
    own = None
    if part is not None:
        mine = _open(ctx, "support_session_parts", part.id, "words", part.words)
        own = OwnPart(part.equipped_before, part.equipped_after, mine)
    known = {each.id: each.name for each in await members.list_members(ctx)}
    names = [known[each.staff_id] for each in people if each.staff_id in known]
    return SessionOpened(line_of(row), words, names, notes, own, steps_of(row, giving=giving, own=part is not None))


def steps_of(row: SessionStored, *, giving: bool, own: bool) -> tuple[str, ...]:
    """Returns the acts that are open to somebody in a session."""
    is_open = row.state in ("requested", "agreed")
    found = ["agree"] if giving and is_open else []
    found += ["hold"] if giving and row.state == "agreed" else []
    found += ["cancel"] if is_open else []
    found += ["note"] if giving and row.given_by is not None else []
    found += ["say"] if own and row.state != "cancelled" else []
    return tuple(found)


async def count_sessions(ctx: Context) -> SessionCounts:
    """Returns how many sessions took place, by kind; numbers of fewer than five people are left out.

    How equipped people feel is no part of it: an average that is read before and after one session tells what somebody
    said there.
    """
    found = {each.kind: each for each in await ctx.db.all(COUNTED)}
    await audit.record(ctx, "support_sessions.counted")
    return SessionCounts([_count(found[kind]) for kind in KINDS if kind in found])


def _count(row: _Counted) -> SessionCount:
    return SessionCount(row.kind, row.sessions, row.people if row.people >= LEAST_COUNTED else None)


def line_of(row: SessionStored) -> SessionLine:
    """Returns the codes of a session."""
    return SessionLine(row.id, row.state, row.kind, row.theme, row.held_on, row.version)


def _open(ctx: Context, table: str, id: UUID, column: str, sealed: bytes | None) -> str:
    return "" if sealed is None else ctx.keys.open(table, id, column, sealed).decode()

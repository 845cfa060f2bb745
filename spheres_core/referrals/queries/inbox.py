"""Queries for the inbox: a page of referrals, filtered, sorted or searched. Which were shown goes into the trail."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec.structs import astuple
from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Integer,
    LargeBinary,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
)

from spheres_core.audit import operations as audit
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import Statement, prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import EARLIEST, LATEST, Page, page_of
from spheres_core.referrals import duplicates
from spheres_core.referrals.models import Referral, ReferralMark
from spheres_core.referrals.queries.referral import opinion_in_words
from spheres_core.referrals.references import read_reference, reference_of
from spheres_core.referrals.schemas import (
    InboxFilters,
    ListedReferral,
    OpinionRead,
    ReferralLine,
    StoredOpinion,
    Summary,
)
from spheres_core.referrals.states import OPEN, SETTLED

referrals = table(Referral)
marks = table(ReferralMark)
_own = marks.alias("own")
_others = marks.alias("others")

STARTS: Final[Mapping[str, UUID]] = {"newest": LATEST, "oldest": EARLIEST}
"""Where a list of each order begins."""
NOBODY: Final = "nobody"
"""The filter for referrals that nobody takes care of yet."""

_OPINIONS = msgspec.json.Decoder(list[StoredOpinion])
_SUMMARY = msgspec.json.Decoder(Summary)
_NO_SUMMARY = Summary()


def _filter(column: Any, name: str, kind: Any) -> ColumnElement[bool]:
    wanted = bindparam(name, type_=kind)
    return or_(wanted.is_(None), column == wanted)


_states = bindparam("states", type_=ARRAY(Text()))
_need = bindparam("need", type_=Text())
_likely_duplicate = (
    select(_own.c.kind)
    .select_from(
        _own.join(
            _others,
            (_own.c.tenant_id == _others.c.tenant_id)
            & (_own.c.kind == _others.c.kind)
            & (_own.c.mark == _others.c.mark)
            & (_own.c.referral_id != _others.c.referral_id),
        )
    )
    .where(scoped(_own), _own.c.referral_id == referrals.c.id)
    .where(_own.c.kind.in_([literal_column(f"'{kind}'") for kind in duplicates.ALIKE]))
    .correlate(referrals)
    .exists()
)
_computed: Mapping[str, Any] = {
    "opinions": cast(referrals.c.opinions, Text).label("opinions"),
    "likely_duplicate": _likely_duplicate.label("likely_duplicate"),
}
_matching = (
    scoped(referrals),
    or_(_states.is_(None), referrals.c.state == any_(_states)),
    _filter(referrals.c.preferred_language, "language", Text()),
    _filter(referrals.c.assignee_id, "assignee", Uuid()),
    or_(bindparam("unassigned", type_=Boolean()).is_(False), referrals.c.assignee_id.is_(None)),
    or_(_need.is_(None), _need == any_(referrals.c.needs)),
)


def _list(sort: str, *where: ColumnElement[bool]) -> Statement[ListedReferral]:
    start, id = bindparam("start", type_=Uuid()), referrals.c.id
    onward, order = (id > start, id) if sort == "oldest" else (id < start, id.desc())
    columns = (_computed.get(name, referrals.c.get(name)) for name in ListedReferral.__struct_fields__)
    asked = select(*columns).where(*_matching, onward, *where).order_by(order)
    return prepare(asked.limit(bindparam("limit", type_=Integer())), into=ListedReferral)


_found = referrals.c.id == any_(bindparam("found", type_=ARRAY(Uuid())))
LISTS: Final = {sort: _list(sort) for sort in STARTS}
SEARCHES: Final = {sort: _list(sort, _found) for sort in STARTS}
FIND: Final = prepare(
    select(referrals.c.id)
    .where(scoped(referrals), func.right(cast(referrals.c.id, Text), 6) == bindparam("reference", type_=Text()))
    .union(
        select(marks.c.referral_id).where(
            scoped(marks),
            marks.c.kind == any_(bindparam("kinds", type_=ARRAY(Text()))),
            marks.c.mark == any_(bindparam("values", type_=ARRAY(LargeBinary()))),
        )
    )
)


async def list_referrals(ctx: Context, filters: InboxFilters, *, cursor: str = "") -> Page[ReferralLine]:
    """Returns a page of referrals, open ones unless another state is asked. Raises `CursorInvalid`."""
    return await _page(ctx, LISTS, filters, cursor, {})


async def search(ctx: Context, typed: str, filters: InboxFilters, *, cursor: str = "") -> Page[ReferralLine]:
    """Returns a page of the referrals with this reference, or with this exact name, number or address of her or of who
    refers; in any state unless one is asked. The words go nowhere: not into the trail, not into an address."""
    sought = duplicates.searched_marks(ctx.keys, typed)
    kinds, values = [kind for kind, _ in sought], [mark for _, mark in sought]
    rows = await ctx.db.all(FIND, reference=read_reference(typed), kinds=kinds, values=values)
    wanted = filters if filters.state else msgspec.structs.replace(filters, state="all")
    return await _page(ctx, SEARCHES, wanted, cursor, {"found": [row[0] for row in rows]})


async def _page(
    ctx: Context,
    statements: Mapping[str, Statement[ListedReferral]],
    filters: InboxFilters,
    cursor: str,
    more: Mapping[str, Any],
) -> Page[ReferralLine]:
    sort = filters.sort if filters.sort in STARTS else "newest"
    values = {**_values(ctx, filters), **more}

    async def ask(start: UUID, limit: int) -> list[ReferralLine]:
        asking = statements[sort].of(start=start, limit=limit, **values)
        found = await audit.record_list(ctx, "referral.listed", asking, most=limit - 1)
        return _lines(ctx, found)

    return await page_of(ctx, f"referrals {sort}", cursor, ask, first=STARTS[sort])


def _values(ctx: Context, filters: InboxFilters) -> dict[str, Any]:
    states = {"": sorted(OPEN), "all": None}.get(filters.state, [filters.state])
    assignee = filters.assignee
    return {
        "states": states,
        "language": filters.language or None,
        "need": filters.need or None,
        "assignee": _id(ctx.actor.id if assignee == "me" else assignee) if assignee not in ("", NOBODY) else None,
        "unassigned": assignee == NOBODY,
    }


def _id(given: UUID | str | None) -> UUID:
    """Returns the id that is meant; one that nobody has when it is none."""
    try:
        return given if isinstance(given, UUID) else UUID(given or "")
    except ValueError:
        return EARLIEST


def _lines(ctx: Context, found: list[ListedReferral]) -> list[ReferralLine]:
    in_words: dict[str, list[OpinionRead]] = {}
    for text in {line.opinions for line in found}:
        in_words[text] = [opinion_in_words(ctx, each, plain=True) for each in _OPINIONS.decode(text)]
    today = ctx.today
    return [_line(ctx, each, in_words[each.opinions], today) for each in found]


def _line(ctx: Context, listed: ListedReferral, opinions: list[OpinionRead], today: dt.date) -> ReferralLine:
    sealed, id = listed.summary, listed.id
    words = _SUMMARY.decode(ctx.keys.open("referrals", id, "summary", sealed)) if sealed else _NO_SUMMARY
    waiting = None if listed.state in SETTLED else (today - listed.received_on).days
    told = (opinions, reference_of(id), waiting, words.called, words.referrer, words.organization)
    return ReferralLine(*(*astuple(listed)[:-2], *told))

"""Queries for the inbox: a page of referrals, filtered, sorted or searched. Which were shown goes into the trail."""

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec.structs import astuple
from sqlalchemy import (
    ARRAY,
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
    select,
)

from spheres_core.audit import operations as audit
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import Statement, constant, prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import EARLIEST, LATEST, LIMIT, Page, page_of
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


_likely_duplicate = (
    select(literal_column("true"))
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
    .limit(1)
    .scalar_subquery()
    .is_not(None)
)
"""Looked for row by row: of an `EXISTS` PostgreSQL would compare all marks of a region with each other for one page."""
_computed: Mapping[str, Any] = {
    "opinions": cast(referrals.c.opinions, Text).label("opinions"),
    "likely_duplicate": _likely_duplicate.label("likely_duplicate"),
}
_CONDITIONS: Final[Mapping[str, ColumnElement[bool]]] = {
    "states": referrals.c.state == any_(bindparam("states", type_=ARRAY(Text()))),
    "language": referrals.c.preferred_language == bindparam("language", type_=Text()),
    "assignee": referrals.c.assignee_id == bindparam("assignee", type_=Uuid()),
    "unassigned": referrals.c.assignee_id.is_(None),
    "need": bindparam("need", type_=Text()) == any_(referrals.c.needs),
    "found": referrals.c.id == any_(bindparam("found", type_=ARRAY(Uuid()))),
}
"""By the name of what is asked for, what a referral must fulfil then."""


@cache
def list_statement(sort: str, asked: frozenset[str]) -> Statement[ListedReferral]:
    """Returns the statement of a page in this order, with the conditions that are asked for and no others.

    One statement for all, in which a condition may be left open, is planned as if none ever were: it sorts every
    referral of the region for each page.
    """
    start, id = bindparam("start", type_=Uuid()), referrals.c.id
    onward, order = (id > start, id) if sort == "oldest" else (id < start, id.desc())
    columns = (_computed.get(name, referrals.c.get(name)) for name in ListedReferral.__struct_fields__)
    conditions = [_CONDITIONS[name] for name in sorted(asked)]
    found = select(*columns).where(scoped(referrals), *conditions, onward).order_by(order)
    return prepare(found.limit(constant(LIMIT + 1, Integer())), into=ListedReferral)


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
    return await _page(ctx, filters, cursor)


async def search(ctx: Context, typed: str, filters: InboxFilters, *, cursor: str = "") -> Page[ReferralLine]:
    """Returns a page of the referrals with this reference, or with this exact name, number or address of her or of who
    refers; in any state unless one is asked. The words go nowhere: not into the trail, not into an address."""
    sought = duplicates.searched_marks(ctx.keys, typed)
    kinds, values = [kind for kind, _ in sought], [mark for _, mark in sought]
    rows = await ctx.db.all(FIND, reference=read_reference(typed), kinds=kinds, values=values)
    wanted = filters if filters.state else msgspec.structs.replace(filters, state="all")
    return await _page(ctx, wanted, cursor, found=[row[0] for row in rows])


async def _page(ctx: Context, filters: InboxFilters, cursor: str, **more: Any) -> Page[ReferralLine]:
    sort = filters.sort if filters.sort in STARTS else "newest"
    values = {**_values(ctx, filters), **more}
    statement = list_statement(sort, frozenset(values))

    async def ask(start: UUID, limit: int) -> list[ReferralLine]:
        found = await audit.record_list(ctx, "referral.listed", statement.of(start=start, **values), most=limit - 1)
        return _lines(ctx, found)

    return await page_of(ctx, f"referrals {sort}", cursor, ask, first=STARTS[sort])


def _values(ctx: Context, filters: InboxFilters) -> dict[str, Any]:
    """Returns what is asked for, by the name of its condition."""
    values: dict[str, Any] = {}
    if filters.state != "all":
        values["states"] = [filters.state] if filters.state else sorted(OPEN)
    if filters.language:
        values["language"] = filters.language
    if filters.need:
        values["need"] = filters.need
    if filters.assignee == NOBODY:
        values["unassigned"] = True
    elif filters.assignee:
        values["assignee"] = _id(ctx.actor.id if filters.assignee == "me" else filters.assignee)
    return values


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

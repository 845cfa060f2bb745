"""The rule of `rule.may` as SQL: whose information may be touched, as a set that is made once a statement.

Built from the same constants, in two uses: `permitted` is a condition of a query, which gets the actor as parameters;
`policies` writes it into row-level security, which reads the actor from the transaction's settings. No function is
called for each row: sets are what PostgreSQL keeps in a hash.
"""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    DateTime,
    FromClause,
    Table,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.ext.compiler import compiles

from spheres_core.consents.models import ConsentEntryRow, ExclusionRow, StandingRow
from spheres_core.consents.schemas import (
    EVERY_CLASS,
    FIRST_DAY,
    LAST_DAY,
    LIMITED,
    NO_ORGANIZATION,
    NO_PERSON,
    TEAM,
    WITHOUT_CONSENT,
)
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import TENANT

_FIRST, _LAST = (literal(day, Date()).label(name) for day, name in ((FIRST_DAY, "first_day"), (LAST_DAY, "last_day")))
standings, entries, exclusions = table(StandingRow), table(ConsentEntryRow), table(ExclusionRow)


class Reader:
    """The actor, as expressions: parameters of a query, or settings of the transaction."""

    def __init__(self, **values: ColumnElement[Any]) -> None:
        self.tenant = values["tenant"]
        self.staff = values["staff"]
        self.organization = values["organization"]
        self.purpose = values["purpose"]
        self.now = values["now"]


PARAMETERS: Final = Reader(
    tenant=bindparam(TENANT, type_=Uuid()),
    staff=bindparam("reader_staff", type_=Uuid()),
    organization=bindparam("reader_organization", type_=Text()),
    purpose=bindparam("reader_purpose", type_=Text()),
    now=bindparam("reader_now", type_=DateTime(timezone=True)),
)
"""The reader of a query: see `queries.reader.reader`."""


class Permitted(ColumnElement[bool]):
    """A condition of this rule; its own class so that a test can take it away."""

    inherit_cache = True
    enforced = True

    def __init__(self, condition: ColumnElement[bool]) -> None:
        self.condition = condition


@compiles(Permitted)
def _permitted_sql(element: Permitted, compiler: Any, **kwargs: Any) -> str:
    return str(compiler.process(element.condition, **kwargs)) if Permitted.enforced else "true"


def permitted(
    participant: ColumnElement[Any],
    information: ColumnElement[Any] | str,
    dated_on: ColumnElement[Any],
    *,
    act: str = "read",
    reader: Reader = PARAMETERS,
) -> ColumnElement[bool]:
    """Returns the condition that every query on a participant's rows carries beside `scoped`.

    `participant`, `dated_on`: columns of the row. `information`: its class, or the column that holds it.
    """
    asked = literal(information, Text()) if isinstance(information, str) else information
    return Permitted(is_within(reach(reader, literal(act, Text())).subquery(), participant, asked, dated_on))


def is_within(
    within: FromClause, participant: ColumnElement[Any], information: ColumnElement[Any], dated_on: ColumnElement[Any]
) -> ColumnElement[bool]:
    """Returns whether a row lies within a reach, by sets that are made once a statement.

    The day is looked at row by row only for what is open on some days and closed on others.
    """
    whole = and_(within.c.first_day == _FIRST, within.c.last_day == _LAST)
    columns = (within.c.participant_id, within.c.information)
    row = tuple_(participant, information)
    on_some_days = row.in_(select(*columns).where(not_(whole)))
    on_this_day = exists().where(
        within.c.participant_id == participant,
        within.c.information == information,
        within.c.first_day <= dated_on,
        within.c.last_day >= dated_on,
    )
    within_reach = or_(row.in_(select(*columns).where(whole)), and_(on_some_days, on_this_day))
    return and_(_is_reached(within, participant), within_reach)


def _is_reached(within: FromClause, participant: ColumnElement[Any]) -> ColumnElement[bool]:
    """Adds nothing but speed: an array that is made once a statement can be sought in an index, a set cannot."""
    return participant == any_(func.array(select(within.c.participant_id).distinct().scalar_subquery()))


def reach(
    reader: Reader, act: ColumnElement[Any], *more: ColumnElement[Any], named: bool = False
) -> CompoundSelect[Any]:
    """Selects every class of every participant that the reader may touch by an act, and the days it may be about.

    `named`: with the standing and the entry that let her.
    """
    by_both = (standings.c.id.label("standing"), entries.c.id.label("entry")) if named else ()
    by_standing = (standings.c.id.label("standing"), cast(null(), Uuid()).label("entry")) if named else ()
    consented = select(
        *more, entries.c.participant_id, entries.c.information, entries.c.first_day, entries.c.last_day, *by_both
    ).where(
        _stands(reader, act, entries.c.information),
        _agrees(reader, act),
        not_(_is_excluded(reader, entries.c.participant_id, entries.c.information)),
    )
    each = (
        func.unnest(standings.c.classes).table_valued("information", joins_implicitly=True).render_derived("each_class")
    )
    without = select(*more, standings.c.participant_id, each.c.information, _FIRST, _LAST, *by_standing).where(
        _is_one_of(standings.c.kind, WITHOUT_CONSENT),
        _stands(reader, act, each.c.information),
        not_(_is_excluded(reader, standings.c.participant_id, each.c.information)),
    )
    return union_all(consented, without)


def _is_one_of(value: ColumnElement[Any], most: Collection[str]) -> ColumnElement[bool]:
    return or_(*(value == each for each in sorted(most)))


def _is_live(reader: Reader, row: Table) -> ColumnElement[bool]:
    return and_(row.c.tenant_id == reader.tenant, row.c.starts <= reader.now, reader.now < row.c.ends)


def _stands(reader: Reader, act: ColumnElement[Any], information: ColumnElement[Any]) -> ColumnElement[bool]:
    """As `rule.stands`."""
    by_name = and_(
        standings.c.staff_id == reader.staff,
        or_(standings.c.recipient == TEAM, standings.c.recipient == reader.organization),
    )
    by_organization = and_(
        standings.c.staff_id == NO_PERSON,
        reader.organization != NO_ORGANIZATION,
        standings.c.recipient == reader.organization,
    )
    within_limits = [or_(standings.c.kind != kind, _is_one_of(information, most)) for kind, most in LIMITED.items()]
    return and_(
        _is_live(reader, standings),
        or_(by_name, by_organization),
        standings.c.purpose == reader.purpose,
        act == any_(standings.c.acts),
        information == any_(standings.c.classes),
        *within_limits,
    )


def _agrees(reader: Reader, act: ColumnElement[Any]) -> ColumnElement[bool]:
    """As `rule.agrees`, but for the day."""
    return and_(
        _is_live(reader, entries),
        entries.c.participant_id == standings.c.participant_id,
        entries.c.recipient == standings.c.recipient,
        entries.c.purpose == reader.purpose,
        or_(entries.c.act == act, and_(entries.c.act == "read", act == "write")),
        or_(entries.c.onward, act != "forward"),
    )


def _is_excluded(
    reader: Reader, participant: ColumnElement[Any], information: ColumnElement[Any]
) -> ColumnElement[bool]:
    """As `rule.excludes`."""
    by_name = and_(exclusions.c.staff_id != NO_PERSON, exclusions.c.staff_id == reader.staff)
    by_organization = and_(
        exclusions.c.organization != NO_ORGANIZATION, exclusions.c.organization == reader.organization
    )
    return exists().where(
        _is_live(reader, exclusions),
        exclusions.c.participant_id == participant,
        or_(exclusions.c.information == EVERY_CLASS, exclusions.c.information == information),
        or_(by_name, by_organization),
    )

"""The rule of `rule.may` as SQL: whose information may be touched, as a set that is made once a statement.

Built from the same constants, in three uses: `permitted` is a condition of a query, which gets the actor as parameters;
`grounds` joins a list with what lets each row be shown; `policies` writes it into row-level security, which reads the
actor from the transaction's settings. No function is called for each row: sets are what PostgreSQL keeps in a hash.
"""

from collections.abc import Collection
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Date,
    DateTime,
    FromClause,
    Select,
    Table,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    exists,
    false,
    func,
    not_,
    null,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, array
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
    Act,
)
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import TENANT, constant

_FIRST, _LAST = (constant(day, Date()).label(name) for day, name in ((FIRST_DAY, "first_day"), (LAST_DAY, "last_day")))
_NO_PERSON: Final = constant(NO_PERSON, Uuid())
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
    act: Act = "read",
    reader: Reader = PARAMETERS,
    hers: BindParameter[UUID] | None = None,
    team_only: bool = False,
    asked_together: bool = False,
) -> ColumnElement[bool]:
    """Returns the condition that every query on a participant's rows carries beside `scoped`.

    `participant`, `dated_on`: columns of the row. `information`: its class, or the column that holds it. `hers`: the
    parameter of a query about one participant, so that the ledger is asked about nobody else. `team_only`: for who
    has to do with her on the team's part; what an organization may read opens none of it.
    """
    if hers is not None:
        return Permitted(and_(participant == hers, _is_hers(reader, act, information, dated_on, hers, team_only)))
    named = information if isinstance(information, str) else None
    within = _made_once(reader, act, None if asked_together else named, None, team_only)
    who = select(within.c.participant_id).distinct()
    if asked_together and named is not None:
        information = _word(named)
        who = who.where(within.c.information == information)
    is_reached = participant == any_(func.array(who.scalar_subquery()))
    return Permitted(and_(is_reached, is_within(within, participant, information, dated_on)))


def _is_hers(
    reader: Reader,
    act: Act,
    information: ColumnElement[Any] | str,
    dated_on: ColumnElement[Any],
    hers: BindParameter[UUID],
    team_only: bool,
) -> ColumnElement[bool]:
    """Returns whether a row about one participant lies within what of her may be touched.

    Her classes are found once a statement for all its parts; whether a class is open on every day is asked once a part,
    and of each row only whether its day is among those that are open.
    """
    within = _made_once(reader, act, None, hers, team_only)
    of_class = within.c.information == (_word(information) if isinstance(information, str) else information)
    always = exists().where(of_class, not_(is_open_on_some_days(within)))
    return or_(always, exists().where(of_class, within.c.first_day <= dated_on, within.c.last_day >= dated_on))


@cache
def _made_once(
    reader: Reader, act: Act, information: str | None, hers: BindParameter[UUID] | None, team_only: bool
) -> CTE:
    """Returns a reach as a part of the statement that is made once, however often it is looked at."""
    parts = ["hers" if hers is not None else "reach", act, *([] if information is None else [information])]
    name = "_".join(["team", *parts] if team_only else parts).replace(":", "_")
    if information is None:
        return reach(reader, act, hers=hers, team_only=team_only).cte(name)
    return reach_of_class(reader, act, information, team_only=team_only).cte(name)


def is_within(
    within: FromClause,
    participant: ColumnElement[Any],
    information: ColumnElement[Any] | str,
    dated_on: ColumnElement[Any],
    *,
    some_days: FromClause | None = None,
) -> ColumnElement[bool]:
    """Returns whether a row lies within a reach, by sets that are made once a statement.

    The day is looked at row by row only for what is open on some days and closed on others. `information`: the column
    that holds the row's class, or the one class that all its rows have, and to which the reach is cut. `some_days`: the
    part of the reach that `is_open_on_some_days`, where it is made once too.
    """
    days = within if some_days is None else some_days
    columns: tuple[ColumnElement[Any], ...] = (within.c.participant_id,)
    values: tuple[ColumnElement[Any], ...] = (participant,)
    if not isinstance(information, str):
        columns, values = (*columns, within.c.information), (*values, information)
    row = tuple_(*values) if len(values) > 1 else participant
    of_days = [days.c[column.name] for column in columns]
    some = select(*of_days) if some_days is not None else select(*of_days).where(is_open_on_some_days(within))
    on_this_day = exists().where(
        *(column == value for column, value in zip(of_days, values, strict=True)),
        days.c.first_day <= dated_on,
        days.c.last_day >= dated_on,
    )
    always = row.in_(select(*columns).where(not_(is_open_on_some_days(within))))
    return or_(always, and_(row.in_(some), on_this_day))


def is_open_on_some_days(reached: FromClause) -> ColumnElement[bool]:
    """Returns the condition that a part of a reach is open on some days only: the others need no look at a day."""
    return or_(reached.c.first_day > _FIRST, reached.c.last_day < _LAST)  # the driver keeps day one as -infinity


def reach(
    reader: Reader,
    act: Act | ColumnElement[str],
    *,
    named: bool = False,
    hers: ColumnElement[Any] | None = None,
    team_only: bool = False,
) -> Select[Any]:
    """Selects every class of every participant that the reader may touch by an act, and the days it may be about.

    `act`: also an expression, of acts that another one does not imply: read and discuss.
    `named`: with the standing and the entry that let her. `hers`: only of this participant.
    `team_only`: only by standings on the team's part.
    """
    on_whose_part = [standings.c.recipient == _word(TEAM)] if team_only else []
    by_both = (standings.c.id.label("standing"), entries.c.id.label("entry")) if named else ()
    by_standing = (standings.c.id.label("standing"), cast(null(), Uuid()).label("entry")) if named else ()
    consented = select(
        entries.c.participant_id, entries.c.information, entries.c.first_day, entries.c.last_day, *by_both
    ).where(
        _stands(reader, act, entries.c.information),
        _agrees(reader, act),
        *([] if hers is None else [standings.c.participant_id == hers, entries.c.participant_id == hers]),
        *on_whose_part,
    )
    each_class = func.unnest(standings.c.classes).table_valued("information", joins_implicitly=True)
    of_standing = each_class.render_derived("each_class").c.information
    without = select(standings.c.participant_id, of_standing.label("information"), _FIRST, _LAST, *by_standing).where(
        _is_one_of(standings.c.kind, WITHOUT_CONSENT),
        _stands(reader, act, of_standing),
        *([] if hers is None else [standings.c.participant_id == hers]),
        *on_whose_part,
    )
    either = union_all(consented, without).subquery("either")
    return select(either).where(not_(_is_excluded(reader, either.c.participant_id, either.c.information)))


def reach_of_class(
    reader: Reader, act: Act | ColumnElement[str], information: str, *, named: bool = False, team_only: bool = False
) -> Select[Any]:
    """Selects as `reach`, of one class: a standing is looked at once, and a line of a consent where it needs one.

    A list in the order of an index of standings ends with its last row, whatever else the reader may touch.
    """
    word = _word(information)
    needs_none = _is_one_of(standings.c.kind, WITHOUT_CONSENT)
    agreed = and_(not_(needs_none), entries.c.information == word, _agrees(reader, act))
    by_both = (standings.c.id.label("standing"), entries.c.id.label("entry")) if named else ()
    return (
        select(
            standings.c.participant_id,
            word.label("information"),
            func.coalesce(entries.c.first_day, _FIRST).label("first_day"),
            func.coalesce(entries.c.last_day, _LAST).label("last_day"),
            *by_both,
        )
        .select_from(standings.outerjoin(entries, agreed))
        .where(
            _stands(reader, act, word),
            or_(needs_none, entries.c.id.is_not(None)),
            not_(_is_excluded(reader, standings.c.participant_id, word)),
            *([standings.c.recipient == _word(TEAM)] if team_only else []),
        )
    )


def _word(value: str) -> ColumnElement[str]:
    return constant(value, Text())


def _act(act: Act | ColumnElement[str]) -> ColumnElement[str]:
    return _word(act) if isinstance(act, str) else act


def _is_one_of(value: ColumnElement[Any], most: Collection[str]) -> ColumnElement[bool]:
    return or_(*(value == _word(each) for each in sorted(most)))


def _is_live(reader: Reader, row: Table) -> ColumnElement[bool]:
    return and_(row.c.tenant_id == reader.tenant, row.c.starts <= reader.now, reader.now < row.c.ends)


def _stands(reader: Reader, act: Act | ColumnElement[str], information: ColumnElement[Any]) -> ColumnElement[bool]:
    """As `rule.stands`, so said that one look at an index of standings answers it.

    What is said of classes is none of the index of lines: it would sort the classes of each standing anew.
    """
    by_name = standings.c.staff_id == reader.staff
    by_either = standings.c.staff_id == any_(cast(array([reader.staff, _NO_PERSON]), ARRAY(Uuid())))
    through_organization = and_(
        standings.c.recipient == reader.organization, or_(by_name, reader.organization != _word(NO_ORGANIZATION))
    )
    through_team = and_(standings.c.recipient == _word(TEAM), by_name)
    within_limits = [
        or_(standings.c.kind != _word(kind), information == any_(constant(sorted(most), ARRAY(Text()))))
        for kind, most in LIMITED.items()
    ]
    return and_(
        _is_live(reader, standings),
        by_either,
        or_(through_organization, through_team),
        standings.c.purpose == reader.purpose,
        _act(act) == any_(standings.c.acts),
        (information == any_(standings.c.classes)).is_(true()),
        *within_limits,
    )


def _agrees(reader: Reader, act: Act | ColumnElement[str]) -> ColumnElement[bool]:
    """As `rule.agrees`, but for the day."""
    word = act if isinstance(act, str) else ""
    by_reading = entries.c.act == _word("read") if word == "write" else false()
    return and_(
        _is_live(reader, entries),
        entries.c.participant_id == standings.c.participant_id,
        entries.c.recipient == standings.c.recipient,
        entries.c.purpose == reader.purpose,
        or_(entries.c.act == _act(act), by_reading),
        *([entries.c.onward] if word == "forward" else []),
    )


def _is_excluded(
    reader: Reader, participant: ColumnElement[Any], information: ColumnElement[Any]
) -> ColumnElement[bool]:
    """As `rule.excludes`."""
    by_name = and_(exclusions.c.staff_id != _NO_PERSON, exclusions.c.staff_id == reader.staff)
    by_organization = and_(
        exclusions.c.organization != _word(NO_ORGANIZATION), exclusions.c.organization == reader.organization
    )
    return exists().where(
        _is_live(reader, exclusions),
        exclusions.c.participant_id == participant,
        or_(exclusions.c.information == _word(EVERY_CLASS), exclusions.c.information == information),
        or_(by_name, by_organization),
    )

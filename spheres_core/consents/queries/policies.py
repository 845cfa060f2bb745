"""The rule of `rule.may` as row-level security of each table about a participant, beside the tenant's policy.

The transaction says who reads by its settings `app.reader*` (`Db.read_as`). Without them nothing is seen: a query that
forgot its condition answers nothing instead of everything.
"""

import functools
from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Date, DateTime, Text, Uuid, case, cast, column, func, literal_column, select
from sqlalchemy import table as sql_table
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql import ClauseElement, ColumnElement

from spheres_core.consents.queries.readable import Reader, is_open_on_some_days, is_within, reach
from spheres_core.consents.schemas import Act
from spheres_core.foundation.database.reader_settings import READER_SETTINGS
from spheres_core.foundation.database.statements import constant
from spheres_core.foundation.database.tenant_tables import BEGAN_EMPTY
from spheres_core.foundation.postgres.roles import APP

REACH: Final[Mapping[Act, str]] = {"read": "participant_reach_read", "write": "participant_reach_write"}
"""The views that the policies ask, by act."""
TEAM_REACH: Final[Mapping[Act, str]] = {"read": "team_reach_read", "write": "team_reach_write"}
"""The views that the policies of what is for the team only ask."""
SYSTEM: Final = "system"
"""The reader of work that belongs to no person: birthdays, erasure, moving to another key."""
_ITS_ROW: Final = '"its row"'
"""Stands for the table in a policy's condition: tables of the same kind have the same one, which is made once."""
_REACHED: Final = ("participant_id", "information", "first_day", "last_day")
_WITHIN, _SOME_DAYS = (sql_table(made, *(column(name) for name in _REACHED)) for made in ("within", "some_days"))
"""The reach of a policy's reader, and the part of it that is open on some days only, made once a statement: a plan with
less of it takes less time to make, and to begin."""


class AboutParticipants(Struct, frozen=True):
    """A table about participants: where its rows say whom, which class of information, and which day they are about."""

    information: str
    """A class, or `*` and the name of the column that holds it."""
    participant: str = "participant_id"
    day: str = "dated_on"
    team_only: bool = False
    """Whether only who has to do with her on the team's part may touch them, whatever an organization may read."""


TABLES: Final[Mapping[str, AboutParticipants]] = {
    "participants": AboutParticipants("participation", participant="id"),
    "participations": AboutParticipants("participation"),
    "participation_moves": AboutParticipants("participation"),
    "assignments": AboutParticipants("participation"),
    "hand_overs": AboutParticipants("participation"),
    "limits_explained": AboutParticipants("participation"),
    "birthday_tasks": AboutParticipants("participation"),
    "identities": AboutParticipants("identity"),
    "identity_marks": AboutParticipants("identity"),
    "identity_links": AboutParticipants("identity"),
    "safe_contacts": AboutParticipants("safe_contact"),
    "contact_marks": AboutParticipants("safe_contact"),
    "duplicate_decisions": AboutParticipants("participation"),
    "encounters": AboutParticipants("encounters"),
    "encounter_texts": AboutParticipants("*information"),
    "contact_attempts": AboutParticipants("encounters"),
    "accompaniments": AboutParticipants("*information"),
    "accompaniment_texts": AboutParticipants("*information"),
    "reporting_decisions": AboutParticipants("legal", team_only=True),
    "reporting_decision_texts": AboutParticipants("own_words", team_only=True),
    "vulnerable_dates": AboutParticipants("needs_and_plan"),
    "needs": AboutParticipants("needs_and_plan"),
    "strengths": AboutParticipants("needs_and_plan"),
    "goals": AboutParticipants("needs_and_plan"),
    "goal_stages": AboutParticipants("stages"),
    "cycle_stages": AboutParticipants("stages"),
    "plan_moves": AboutParticipants("needs_and_plan"),
    "plan_texts": AboutParticipants("*information"),
    "service_requests": AboutParticipants("service_requests"),
    "service_request_moves": AboutParticipants("service_requests"),
    "service_gaps": AboutParticipants("service_requests"),
    "answer_links": AboutParticipants("service_requests"),
    "emergency_plans": AboutParticipants("emergency_plan"),
    "emergency_plan_texts": AboutParticipants("emergency_plan"),
    "emergency_plan_not_now": AboutParticipants("emergency_plan"),
    "emergency_accesses": AboutParticipants("emergency_plan", team_only=True),
    "outing_invitations": AboutParticipants("activities"),
    "outing_texts": AboutParticipants("own_words"),
    "kept_apart": AboutParticipants("participation", team_only=True),
    "drafts": AboutParticipants("*information"),
    "open_forms": AboutParticipants("*information"),
    "participant_extra_answers": AboutParticipants("*information"),
    "agenda_items": AboutParticipants("committee"),
    "recusals": AboutParticipants("committee"),
    "recommendations": AboutParticipants("committee"),
    "recommendation_snapshots": AboutParticipants("committee"),
    "committee_texts": AboutParticipants("*information"),
    "meeting_names": AboutParticipants("meeting_name"),
    "transfers": AboutParticipants("participation"),
    "brought_entries": AboutParticipants("*information"),
}
"""Every table about participants. A rule test finds one that is neither here nor exempt."""
EXEMPT: Final[dict[str, str]] = {
    "standings": "decides, so it cannot be decided by itself; a query gate reads it (`queries.why`)",
    "consents": "decides; read by whoever may read that she takes part",
    "consent_entries": "decides; its consent says who reads it",
    "disclosures": "what a consent let out; told when it is taken back, when nothing else is readable",
    "identity_openings": "written by whoever opens an identity; read through a condition of its query",
    "exclusions": "decides; never shown to whom it keeps away",
    "erasure_holds": "says that something is kept, for who watches over private information and nobody else",
}
"""Tables with a participant's id that carry no such policy, each with the reason."""


def create_reach(op: Any) -> None:
    """Creates the views that the policies ask, or writes them anew: what the transaction's reader may touch now.

    Who discusses finds what she may discuss where somebody else finds what she may read.
    """
    for act, name in REACH.items():
        _create_view(op, name, reach(_FROM_SETTINGS, _SETTINGS.c.act if act == "read" else act))


def create_team_reach(op: Any) -> None:
    """Creates the views for what is for the team only."""
    for act, name in TEAM_REACH.items():
        _create_view(op, name, reach(_FROM_SETTINGS, act, team_only=True))


def _create_view(op: Any, name: str, reached: ClauseElement) -> None:
    op.execute(f"CREATE OR REPLACE VIEW {name} WITH (security_invoker = true) AS {_written(reached)}")
    op.execute(f"GRANT SELECT ON {name} TO {APP}")


def restrict(op: Any, name: str, about: AboutParticipants | None = None) -> None:
    """Adds the policies to a table that has row-level security. `about`: for one that is not in `TABLES`."""
    about = about or TABLES[name]
    reached = TEAM_REACH if about.team_only else REACH
    read, write = (_condition(about, reached[act]).replace(_ITS_ROW, f'"{name}"') for act in reached)
    commands = {
        "SELECT": f"USING ({read})",
        "INSERT": f"WITH CHECK ({write})",
        "UPDATE": f"USING ({write}) WITH CHECK ({write})",
        "DELETE": f"USING ({_is_system()})",
    }
    op.execute(
        "; ".join(
            f'CREATE POLICY participant_{command.lower()} ON "{name}" AS RESTRICTIVE FOR {command} TO {APP} {clauses}'
            for command, clauses in commands.items()
        )
    )


def unrestrict(op: Any, name: str) -> None:
    """Takes the policies away again, so that they can be written anew."""
    commands = ("select", "insert", "update", "delete")
    op.execute("; ".join(f'DROP POLICY participant_{command} ON "{name}"' for command in commands))


def are_written_already(op: Any) -> bool:
    """Tells whether earlier revisions of this run wrote all policies and views: they write today's from the first."""
    return bool(op.get_context().opts.get(BEGAN_EMPTY))


@functools.cache
def _condition(about: AboutParticipants, reached: str) -> str:
    of_participant, of_day = _of_row(about.participant, Uuid()), _of_row(about.day, Date())
    view = sql_table(reached, *(column(name) for name in _REACHED))
    asked = select(view)
    of_class: ColumnElement[str] | str = about.information
    if about.information.startswith("*"):
        of_class = _of_row(about.information[1:], Text())
    else:
        asked = asked.where(view.c.information == constant(about.information, Text()))
    some_days = select(_WITHIN).where(is_open_on_some_days(_WITHIN))
    made_once = f"within AS MATERIALIZED ({_written(asked)}), some_days AS MATERIALIZED ({_written(some_days)})"
    decided = is_within(_WITHIN, of_participant, of_class, of_day, some_days=_SOME_DAYS)
    return f"{_is_system()} OR (WITH {made_once} SELECT {_written(decided)})"


def _of_row(its: str, kind: Any) -> Any:
    """Returns a column of the row that a policy looks at, by its full name: a bare one is the subquery's own."""
    return literal_column(f'{_ITS_ROW}."{its}"', kind)


def _written(clause: ClauseElement) -> str:
    return str(clause.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))  # type: ignore[no-untyped-call]


def _is_system() -> str:
    return f"(SELECT current_setting('{READER_SETTINGS['kind']}', true) = '{SYSTEM}')"


def _setting(name: str) -> Any:
    return func.nullif(func.current_setting(constant(name, Text()), True), constant("", Text()))


_DISCUSS: Final = constant("discuss", Text())
_SETTINGS: Final = (
    select(
        cast(_setting("app.tenant"), Uuid()).label("tenant"),
        cast(_setting(READER_SETTINGS["staff"]), Uuid()).label("staff"),
        func.coalesce(func.current_setting(READER_SETTINGS["organization"], True), "").label("organization"),
        _setting(READER_SETTINGS["purpose"]).label("purpose"),
        cast(_setting(READER_SETTINGS["now"]), DateTime(timezone=True)).label("now"),
        case((_setting(READER_SETTINGS["act"]) == _DISCUSS, _DISCUSS), else_=constant("read", Text())).label("act"),
    )
    .offset(0)
    .subquery("reader")
)
"""One row that is made once a statement: without the offset PostgreSQL would look at the settings, and convert them,
for each row that it compares."""
_FROM_SETTINGS: Final = Reader(**{name: its for name, its in _SETTINGS.c.items() if name != "act"})

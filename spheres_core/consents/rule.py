"""The rule by which every reading about a participant is decided. Read it from the bottom upwards.

`readable` says the same to PostgreSQL, from the same constants; theorems about this text itself are proved in
`tests/spheres_core/consents/test_theorems.py`.
"""

import datetime as dt
from collections.abc import Sequence

from spheres_core.consents.schemas import (
    EVERY_CLASS,
    LIMITED,
    NO_ORGANIZATION,
    NO_PERSON,
    TEAM,
    WITHOUT_CONSENT,
    Allowed,
    ConsentEntry,
    Decision,
    Exclusion,
    Question,
    Refused,
    Standing,
)


def is_hers(question: Question, row: Standing | ConsentEntry | Exclusion) -> bool:
    """Returns whether a row is about the participant in question, in the same tenant."""
    return row.tenant == question.tenant and row.participant == question.participant


def is_live(row: Standing | ConsentEntry | Exclusion, now: dt.datetime) -> bool:
    """Returns whether a row holds now: from its start, until just before its end."""
    return row.starts <= now and now < row.ends


def excludes(question: Question, row: Exclusion, now: dt.datetime) -> bool:
    """Returns whether an exclusion keeps the actor away, by name or by organization."""
    return (
        is_hers(question, row)
        and is_live(row, now)
        and row.information in (EVERY_CLASS, question.information)
        and (
            (row.staff != NO_PERSON and row.staff == question.staff)
            or (row.organization != NO_ORGANIZATION and row.organization == question.organization)
        )
    )


def is_for_actor(question: Question, row: Standing) -> bool:
    """Returns whether a standing is the actor's: hers by name, or that of the organization she works for."""
    return (row.staff == question.staff and row.recipient in (TEAM, question.organization)) or (
        row.staff == NO_PERSON and question.organization != NO_ORGANIZATION and row.recipient == question.organization
    )


def stands(question: Question, row: Standing, now: dt.datetime) -> bool:
    """Returns whether a standing gives the actor a reason for this act, with this class, for this purpose, now."""
    return (
        is_hers(question, row)
        and is_live(row, now)
        and is_for_actor(question, row)
        and question.purpose == row.purpose
        and question.act in row.acts
        and question.information in row.classes
        and (row.kind not in LIMITED or question.information in LIMITED[row.kind])
    )


def agrees(question: Question, recipient: str, row: ConsentEntry, now: dt.datetime) -> bool:
    """Returns whether an entry lets a recipient do this with information about that day."""
    return (
        is_hers(question, row)
        and is_live(row, now)
        and row.recipient == recipient
        and row.purpose == question.purpose
        and row.information == question.information
        and (row.act == question.act or (row.act == "read" and question.act == "write"))
        and (row.onward or question.act != "forward")
        and row.first_day <= question.dated_on
        and question.dated_on <= row.last_day
    )


def covers(
    question: Question, entries: Sequence[ConsentEntry], exclusions: Sequence[Exclusion], now: dt.datetime
) -> ConsentEntry | None:
    """Returns the entry under which information may leave for the question's organization; None when it stays here."""
    if any(excludes(question, exclusion, now) for exclusion in exclusions):
        return None
    return next((entry for entry in entries if agrees(question, question.organization, entry, now)), None)


def may(
    question: Question,
    standings: Sequence[Standing],
    entries: Sequence[ConsentEntry],
    exclusions: Sequence[Exclusion],
    now: dt.datetime,
) -> Decision:
    """Decides a question: no exclusion, a standing, and a consent where the standing needs one. Names the rows."""
    for exclusion in exclusions:
        if excludes(question, exclusion, now):
            return Refused("excluded", exclusion.id)
    for standing in standings:
        if stands(question, standing, now):
            if standing.kind in WITHOUT_CONSENT:
                return Allowed(standing.id)
            for entry in entries:
                if agrees(question, standing.recipient, entry, now):
                    return Allowed(standing.id, entry.id)
    stood = any(stands(question, standing, now) for standing in standings)
    return Refused("no_consent" if stood else "no_standing")

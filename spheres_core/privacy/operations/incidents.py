"""Operations on the register of incidents: write one down, write it anew, close it. Nothing is sent to anybody."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import ChangedMeanwhile, Conflict, Invalid, NotAllowed
from spheres_core.foundation.tenancy.context import Context
from spheres_core.privacy.queries.incidents import IncidentStored, find_incident, incidents
from spheres_core.privacy.schemas.incidents import IncidentChanged, IncidentPosted
from spheres_core.support.operations.word_checks import check_words

DAYS: Final = (
    "found_on", "happened_on", "commission_told_on", "persons_told_on", "investigated_since", "investigated_until"
)  # fmt: skip
"""Days that have come when they are written."""
WRITTEN = (
    "kind", "found_on", "happened_on", "persons", "happened", "done", "risk", "risk_reason", "commission_told_on",
    "persons_told_on", "judged_by", "investigated_by", "investigated_since", "investigated_until",
)  # fmt: skip
ADD = prepare(insert(incidents))
_this = (scoped(incidents), incidents.c.id == bindparam("which"))
_next = {"version": incidents.c.version + 1}
CHANGE = prepare(incidents.update().where(*_this).values({name: bindparam(f"to_{name}") for name in WRITTEN} | _next))
CLOSE = prepare(incidents.update().where(*_this).values(state="closed", closed_at=bindparam("now"), **_next))


class IncidentInvalid(Invalid):
    """Something does not fit; `errors` name each place."""

    code = "incident_invalid"


class IncidentIsClosed(Conflict):
    """A closed incident stays as it was written."""

    code = "incident_closed"
    message = msg("This incident is closed: it stays as it was written.")


class RiskNotJudged(Conflict):
    """An incident is closed after somebody has judged the risk."""

    code = "risk_not_judged"
    message = msg("Before it is closed, somebody judges whether there is a risk of serious injury.")


class InvestigationGoesOn(Conflict):
    """An incident stays open until its investigation has ended."""

    code = "investigation_goes_on"
    message = msg("Before it is closed, write down on which day the investigation ended.")


async def record_incident(ctx: Context, posted: IncidentPosted) -> UUID:
    """Writes an incident down. Returns its id.

    Raises `IncidentInvalid`, `ParticipantCodeFound`, `IdentifiersFound`, and `NotAllowed` for whoever is no person.
    """
    me = _person(ctx)
    await _check(ctx, posted)
    id = uuid7()
    judged = None if posted.risk == "not_yet" else me
    adding = ADD.of(
        id=id, state="open", recorded_by=me, recorded_at=ctx.now, closed_at=None, version=1, judged_by=judged,
        **_written(ctx, id, posted),
    )  # fmt: skip
    await audit.record(ctx, "incident.recorded", subject=("incident", id), details=_codes(posted), doing=[adding])
    return id


async def change_incident(ctx: Context, id: UUID, posted: IncidentChanged) -> None:
    """Writes an incident anew. Raises as `record_incident`, and `IncidentUnknown`, `IncidentIsClosed` and
    `ChangedMeanwhile`."""
    me = _person(ctx)
    row = await _open_for(ctx, id, posted.version)
    await _check(ctx, posted)
    values = _written(ctx, id, posted)
    judged = row.judged_by if (row.risk, _said(ctx, row)) == (posted.risk, posted.risk_reason.strip()) else me
    values["judged_by"] = None if posted.risk == "not_yet" else judged
    doing = CHANGE.of(which=id, **{f"to_{name}": values[name] for name in WRITTEN})
    await audit.record(ctx, "incident.changed", subject=("incident", id), details=_codes(posted), doing=[doing])


async def close_incident(ctx: Context, id: UUID, version: int) -> None:
    """Closes an incident; afterwards it stays as it is. Raises `RiskNotJudged`, `InvestigationGoesOn`, and as
    `change_incident`."""
    _person(ctx)
    row = await _open_for(ctx, id, version)
    if row.risk == "not_yet":
        raise RiskNotJudged
    if row.investigated_since is not None and row.investigated_until is None:
        raise InvestigationGoesOn
    doing = CLOSE.of(which=id, now=ctx.now)
    await audit.record(ctx, "incident.closed", subject=("incident", id), doing=[doing])


def _person(ctx: Context) -> UUID:
    if ctx.actor.kind != "staff" or ctx.actor.id is None:
        raise NotAllowed
    return ctx.actor.id


async def _open_for(ctx: Context, id: UUID, version: int) -> IncidentStored:
    row = await find_incident(ctx, id, lock=True)
    if row.state == "closed":
        raise IncidentIsClosed
    if row.version != version:
        theirs = {"risk": row.risk, "persons": row.persons, "version": row.version}
        raise ChangedMeanwhile(extra={"yours": {"version": version}, "theirs": theirs})
    return row


async def _check(ctx: Context, posted: IncidentPosted) -> None:
    problems = list(_problems(posted, ctx.today))
    if problems:
        raise IncidentInvalid(errors=problems)
    words = {"happened": posted.happened, "done": posted.done, "risk_reason": posted.risk_reason,
             "investigated_by": posted.investigated_by}  # fmt: skip
    await check_words(ctx, words, confirmed=posted.confirmed)


def _problems(posted: IncidentPosted, today: dt.date) -> Iterator[Problem]:
    """Yields what does not fit: days still to come, days in the wrong order, a judgment without a reason."""
    for path in DAYS:
        day = getattr(posted, path)
        if day is not None and day > today:
            yield Problem(msg("This day is still to come."), path=path, code="to_come")
    if posted.happened_on is not None and posted.happened_on > posted.found_on:
        yield Problem(msg("It cannot happen after it was found."), path="happened_on", code="after_found")
    said, since = posted.investigated_by.strip(), posted.investigated_since
    if said and since is None:
        yield Problem(msg("Say since when."), path="investigated_since", code="missing")
    if not said and (since or posted.investigated_until):
        yield Problem(msg("Say which office said so."), path="investigated_by", code="missing")
    if since and posted.investigated_until and posted.investigated_until < since:
        yield Problem(msg("It cannot end before it began."), path="investigated_until", code="before_beginning")
    if not posted.happened.strip():
        yield Problem(msg("Say what happened."), path="happened", code="missing")
    if posted.risk != "not_yet" and not posted.risk_reason.strip():
        yield Problem(msg("Say why it is judged so."), path="risk_reason", code="missing")


def _written(ctx: Context, id: UUID, posted: IncidentPosted) -> dict[str, Any]:
    def sealed(column: str, words: str) -> bytes | None:
        return ctx.keys.seal("incidents", id, column, words.strip()) if words.strip() else None

    return {
        "kind": posted.kind, "found_on": posted.found_on, "happened_on": posted.happened_on,
        "persons": posted.persons, "happened": sealed("happened", posted.happened),
        "done": sealed("done", posted.done), "risk": posted.risk,
        "risk_reason": sealed("risk_reason", posted.risk_reason),
        "commission_told_on": posted.commission_told_on, "persons_told_on": posted.persons_told_on,
        "investigated_by": sealed("investigated_by", posted.investigated_by),
        "investigated_since": posted.investigated_since, "investigated_until": posted.investigated_until,
    }  # fmt: skip


def _said(ctx: Context, row: IncidentStored) -> str:
    sealed = row.risk_reason
    return "" if sealed is None else ctx.keys.open("incidents", row.id, "risk_reason", sealed).decode()


def _codes(posted: IncidentPosted) -> dict[str, str]:
    return {"kind": posted.kind, "risk": posted.risk}

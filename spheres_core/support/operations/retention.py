"""Erases what is kept for a time only: records of close ones, a while after their support was closed; sessions for
staff, workshops and trainings, a while after their day. Published figures stay."""

import datetime as dt
from typing import Any

from sqlalchemy import Date, and_, bindparam, or_

from spheres_core.audit.retention import Retention
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.tenancy.context import Context
from spheres_core.support.models import EntourageRow, SupportSession
from spheres_core.support.queries.trainings import trainings
from spheres_core.support.queries.workshops import workshops
from spheres_core.support.schemas.entourage import CLOSED
from spheres_core.support.settings import Settings

records, sessions = table(EntourageRow), table(SupportSession)
RECORDS = Retention(records, "entourage.erased", records.c.state == CLOSED, records.c.closed_at <= bindparam("due"))
SESSIONS = Retention(
    sessions, "support_session.erased",
    or_(sessions.c.held_on <= bindparam("day", type_=Date()),
        and_(sessions.c.held_on.is_(None), sessions.c.asked_at <= bindparam("due"))),
)  # fmt: skip
_until = bindparam("until", type_=Date())
WORKSHOPS = Retention(workshops, "workshop.erased", workshops.c.held_on <= _until)
TRAININGS = Retention(trainings, "training.erased", trainings.c.held_on <= _until)


async def count_due_records(ctx: Context, within: dt.timedelta) -> int:
    """Returns how many records `erase_due` would erase by then, at most 500."""
    return len(await RECORDS.find(ctx, due=_records_until(ctx, within)))


async def erase_due(ctx: Context) -> int:
    """Erases whole records whose time is over, and returns how many."""
    return await RECORDS.erase(ctx, due=_records_until(ctx, dt.timedelta()))


async def count_due_sessions(ctx: Context, within: dt.timedelta) -> int:
    """Returns how many sessions `erase_due_sessions` would erase by then, at most 500."""
    return len(await SESSIONS.find(ctx, **_sessions_until(ctx, within)))


async def erase_due_sessions(ctx: Context) -> int:
    """Erases sessions for staff whose time is over, with everybody's part, and returns how many."""
    return await SESSIONS.erase(ctx, **_sessions_until(ctx, dt.timedelta()))


async def count_old_logs(ctx: Context, within: dt.timedelta) -> tuple[int, int]:
    """Returns how many workshops and trainings `erase_old_logs` would erase by then, at most 500 of each."""
    last_workshop, last_training = _last_days(ctx, ctx.today + within)
    return len(await WORKSHOPS.find(ctx, until=last_workshop)), len(await TRAININGS.find(ctx, until=last_training))


async def erase_old_logs(ctx: Context) -> int:
    """Erases what is longer ago than it is kept, and returns how many."""
    last_workshop, last_training = _last_days(ctx, ctx.today)
    return await WORKSHOPS.erase(ctx, until=last_workshop) + await TRAININGS.erase(ctx, until=last_training)


def _records_until(ctx: Context, within: dt.timedelta) -> dt.datetime:
    return ctx.now + within - dt.timedelta(days=ctx.settings("support", Settings).entourage_erased_after_days)


def _sessions_until(ctx: Context, within: dt.timedelta) -> dict[str, Any]:
    due = ctx.now + within - dt.timedelta(days=ctx.settings("support", Settings).sessions_erased_after_days)
    return {"due": due, "day": due.astimezone(ctx.zone).date()}


def _last_days(ctx: Context, today: dt.date) -> tuple[dt.date, dt.date]:
    """Returns the last day of workshops that are erased, and of trainings."""
    settings = ctx.settings("support", Settings)
    days = (settings.workshops_erased_after_days, settings.trainings_erased_after_days)
    workshop, training = (today - dt.timedelta(days=each) for each in days)
    return workshop, training

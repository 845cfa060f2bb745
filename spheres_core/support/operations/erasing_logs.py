"""Erases workshops, and trainings of staff, that are longer ago than what a region keeps. Published figures stay."""

import datetime as dt

from sqlalchemy import Date, bindparam

from spheres_core.audit.retention import Retention
from spheres_core.foundation.tenancy.context import Context
from spheres_core.support.queries.trainings import trainings
from spheres_core.support.queries.workshops import workshops
from spheres_core.support.settings import Settings

_until = bindparam("until", type_=Date())
WORKSHOPS = Retention(workshops, "workshop.erased", workshops.c.held_on <= _until)
TRAININGS = Retention(trainings, "training.erased", trainings.c.held_on <= _until)


async def count_old_logs(ctx: Context, within: dt.timedelta) -> tuple[int, int]:
    """Returns how many workshops and trainings `erase_old_logs` would erase by then, at most 500 of each."""
    last_workshop, last_training = _last_days(ctx, ctx.today + within)
    return len(await WORKSHOPS.find(ctx, until=last_workshop)), len(await TRAININGS.find(ctx, until=last_training))


async def erase_old_logs(ctx: Context) -> int:
    """Erases what is longer ago than it is kept, and returns how many."""
    last_workshop, last_training = _last_days(ctx, ctx.today)
    return await WORKSHOPS.erase(ctx, until=last_workshop) + await TRAININGS.erase(ctx, until=last_training)


def _last_days(ctx: Context, today: dt.date) -> tuple[dt.date, dt.date]:
    """Returns the last day of workshops that are erased, and of trainings."""
    settings = ctx.settings("support", Settings)
    days = (settings.workshops_erased_after_days, settings.trainings_erased_after_days)
    workshop, training = (today - dt.timedelta(days=each) for each in days)
    return workshop, training

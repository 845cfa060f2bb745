"""Shows on pages of her file the tasks that are raised because of a birthday."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.plugins.registrations import SummaryLine
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.birthdays import CHECKS
from spheres_core.participants.queries.birthdays import tasks_of
from spheres_core.participants.schemas.birthdays import BirthdayTask
from spheres_core.participants.schemas.files import ParticipantAccess

STEPS: Final[dict[str, Message]] = {
    "prepare": msg("She will be {age} in some months: prepare it with her"),
    "decide": msg("She is {age} now: look at it with her"),
}


class TaskShown(Struct, frozen=True):
    """A task on the page."""

    id: UUID
    title: Text
    raised_on: Text
    checks: list[Text]
    done_on: Text | None


async def summarize(ctx: Context, access: ParticipantAccess) -> list[SummaryLine]:
    """Returns the open tasks for the overview of her file."""
    found = await tasks_of(ctx, access)
    return [SummaryLine(_title(ctx, each), waits=True) for each in found.tasks if each.done_at is None]


async def birthdays_page(ctx: Context, access: ParticipantAccess, *, may_write: bool) -> dict[str, Any]:
    """Returns what `participants/birthdays.html` shows."""
    found = await tasks_of(ctx, access)
    return {
        "title": ctx.locale.say(msg("Birthdays")),
        "tasks": [
            TaskShown(
                each.id,
                _title(ctx, each),
                ctx.locale.date(each.raised_on),
                [ctx.locale.say(check) for check in CHECKS[each.age]],
                ctx.locale.date(each.done_at.astimezone(ctx.zone).date()) if each.done_at else None,
            )
            for each in found.tasks
        ],
        "may_write": may_write,
    }


def _title(ctx: Context, task: BirthdayTask) -> Text:
    return ctx.locale.say(STEPS[task.step], age=task.age)

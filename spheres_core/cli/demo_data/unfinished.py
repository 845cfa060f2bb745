"""Drafts of the last hours in a few files: notes that the pivot workers began to write and did not send."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import Final
from uuid import uuid4

from spheres_core.cli.demo_data import words
from spheres_core.cli.demo_data.acts import Act, DemoFile, opened
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.operations.drafts import save_draft
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.schemas.drafts import FileDraftPosted

EVERY: Final = 10
"""Every so many-th person whom somebody follows now."""
TWO: Final = 20
"""Every so many-th person, about whom there are two."""
HOUR: Final = dt.timedelta(hours=1)


def part(file: DemoFile) -> Iterator[Act]:
    """Yields one draft of a note, and a second one where she was interrupted again."""
    person, now = file.person, file.region.now
    if person.course != "followed" or person.number % EVERY:
        return
    for number in range(2 if person.number % TWO == 0 else 1):
        at = now - (20 - 17 * number) * HOUR
        yield Act(at, file.pivot(at), partial(_begin, number=number))


async def _begin(ctx: Context, file: DemoFile, *, number: int) -> None:
    if not reaches(ctx, await opened(ctx, file), "encounters", act="write"):
        return
    values = {"state": "held", "kind": "phone", "note": file.say(words.UNFINISHED, number)}
    await save_draft(ctx, file.code, uuid4(), FileDraftPosted("encounter", values, number + 1))

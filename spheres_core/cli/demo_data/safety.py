"""Emergency plans of the demo: most have one, somebody does not want one now, and one was opened in an emergency."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from spheres_core.cli.demo_data import safety_words as words
from spheres_core.cli.demo_data.acts import Act, DemoFile, opened
from spheres_core.cli.demo_data.sign_ins import ON_CALL
from spheres_core.followups.queries.participations import latest
from spheres_core.followups.states import OPEN
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import ParticipantUnknown, reaches
from spheres_core.partners.queries import partners
from spheres_core.safety.operations import accesses, plans
from spheres_core.safety.queries.places import places_here
from spheres_core.safety.schemas.plans import CLASS, NotNowPosted, PlanAgreed, PlanWritten, TrustedPerson

WITHOUT: Final = 6
"""Every so many-th person has no plan yet."""
NOT_NOW: Final = (1, 7)
"""Numbers of those who do not want one now."""
CARRIED: Final = ["people", "places", "numbers", "not_wanted"]
"""Sections that stand on the cards that they carry."""
DAY: Final = dt.timedelta(days=1)
OPENED: Final = dt.timedelta(days=3)
"""How long ago a plan was opened in an emergency."""


def part(file: DemoFile) -> Iterator[Act]:
    """Yields what was written of her emergency plan, and whether somebody on call opened it."""
    person = file.person
    if person.course in ("proposed", "not_started"):
        return
    first = person.begun + 8 * DAY
    if person.number in NOT_NOW:
        yield Act(person.ended - 10 * DAY, file.pivot(first), _not_now)
    elif person.number % WITHOUT != WITHOUT - 1:
        yield Act(first, file.pivot(first), _write)
        yield Act(first + dt.timedelta(hours=1), file.pivot(first), _agree)
    if person.number == 0:
        yield Act(file.region.now - OPENED, ON_CALL, _open)


async def _write(ctx: Context, file: DemoFile) -> None:
    access = await opened(ctx, file)
    if not reaches(ctx, access, CLASS, act="write") or not await _takes_part(ctx, file):
        return
    number = file.person.number
    sections = {code: file.say(bank, number) for code, bank in words.SECTIONS.items()}
    areas = await partners.areas(ctx)
    people = [TrustedPerson(file.say(words.WHO, number), file.say(words.HOW, number), file.say(words.WHEN, number))]
    language = next(tag for tag in ctx.tenant.languages if tag.partition("-")[0] == file.region.language)
    places = [key for key, each in (await places_here(ctx)).items() if each.service.audience == "participants"]
    written = PlanWritten(0, language, areas[0].key if areas else "", sections, people, places[:1], carried=CARRIED)
    await plans.write_plan(ctx, access, written)


async def _agree(ctx: Context, file: DemoFile) -> None:
    access = await opened(ctx, file)
    if reaches(ctx, access, CLASS, act="write") and await _takes_part(ctx, file):
        await plans.agree_to_plan(ctx, access, PlanAgreed(1))


async def _not_now(ctx: Context, file: DemoFile) -> None:
    access = await opened(ctx, file)
    if reaches(ctx, access, CLASS, act="write"):
        await plans.note_not_now(ctx, access, NotNowPosted(ctx.today + 45 * DAY))


async def _open(ctx: Context, file: DemoFile) -> None:
    try:
        await accesses.open_in_emergency(ctx, file.code, file.say(words.REASONS, 0))
    except ParticipantUnknown:  # where nobody may consent for the partner, nothing opens
        return


async def _takes_part(ctx: Context, file: DemoFile) -> bool:
    access = await opened(ctx, file)
    episode = await latest(ctx, access.id)
    return episode is not None and episode.state in OPEN

"""Lets two of the demo's young people go on in another region: one did a year ago, the other waits for an answer."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from msgspec import structs

from spheres_core.cli.demo_data import participations
from spheres_core.cli.demo_data.acts import DemoFile, opened
from spheres_core.cli.demo_data.people import Person
from spheres_core.cli.demo_data.sign_ins import COORDINATOR, FIRST_PIVOT
from spheres_core.consents.operations import ledger, limits
from spheres_core.consents.operations.ledger import ConsentGiven, ConsentLine
from spheres_core.consents.schemas import TEAM
from spheres_core.facts import AgeRange
from spheres_core.followups.operations import assignments
from spheres_core.followups.schemas.assignments import AssignmentPosted
from spheres_core.followups.schemas.participations import Agreement
from spheres_core.foundation.plugins.registrations import Crossing
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.runtime import Runtime
from spheres_core.participants.queries.access import find_for_caller, reaches
from spheres_core.transfers import events
from spheres_core.transfers.operations import answers, offers
from spheres_core.transfers.schemas.received import ReceivedAccepted
from spheres_core.transfers.schemas.transfers import TransferAsked, TransferPosted
from spheres_core.transfers.settings import Settings

GOES_ALONG: Final = ("needs_and_plan", "stages", "own_words")
WAITING: Final = range(1, 58)
"""Numbers among which the first who is of age and followed has her file offered now."""
DAY: Final = dt.timedelta(days=1)
Files = Sequence[DemoFile]


def goes_elsewhere(ctx: Context) -> bool:
    """Returns whether files go from this region to another one."""
    return bool(ctx.settings("transfers", Settings).regions)


async def exchange(runtime: Runtime, made: Mapping[str, Files]) -> None:
    """Lets them go on, between the first two regions of which files were made just now and that name each other."""
    for here, files in made.items():
        loaded = await runtime.load(here)
        settings = loaded.settings.get("transfers") if loaded else None
        named = settings.regions if isinstance(settings, Settings) else ()
        there = next((each for each in named if made.get(each)), None)
        if there is not None and files:
            await _exchange(runtime, here, there, files, made[there])
            return


def _could_go(person: Person) -> bool:
    free = person.number in WAITING and person.number not in (participations.OFFERED, participations.GAP)
    return free and person.course == "followed" and person.age_on(person.ended.date()) >= 18


async def _exchange(runtime: Runtime, here: str, there: str, files: Files, others: Files) -> None:
    went = next((each for each in files if each.person.course == "transferred" and each.code), None)
    if went is not None:
        await _go_on(runtime, here, there, went, others[0])
    waiting = next((each for each in files if _could_go(each.person)), None)
    if waiting is not None:
        at = waiting.region.now - dt.timedelta(hours=1)
        her, offered = await _offer(runtime, here, there, waiting, at)
        await _cross(runtime, here, at, events.send_offer, her, {"transfer": str(offered)})


async def _go_on(runtime: Runtime, here: str, there: str, file: DemoFile, other: DemoFile) -> None:
    at = file.person.ended
    her, offered = await _offer(runtime, here, there, file, at)
    about = {"transfer": str(offered), "region": there}
    await _cross(runtime, here, at, events.send_offer, her, about)
    async with _context(runtime, there, at + DAY) as ctx:
        acting = structs.replace(ctx, actor=other.region.actor(COORDINATOR))
        accepted = await answers.accept(acting, offered, ReceivedAccepted(1))
    code = accepted.participant
    assert code is not None
    await _cross(runtime, there, at + DAY, events.send_answer, offered, {})
    await _cross(runtime, here, at + DAY, events.send_outcome, her, about)
    async with _context(runtime, there, at + 2 * DAY) as ctx:
        await _begin(ctx, other, code, file.person.age_on(ctx.today))


async def _offer(runtime: Runtime, here: str, there: str, file: DemoFile, at: dt.datetime) -> tuple[UUID, UUID]:
    """Returns her id, and that of the offer."""
    async with _context(runtime, here, at) as ctx:
        acting = structs.replace(ctx, actor=file.region.actor(file.pivot(at)))
        access = await opened(acting, file)
        agreement = Agreement(acting.today, "spoken")
        classes = [each for each in GOES_ALONG if reaches(acting, access, each)]
        asked = TransferAsked(there, agreement, file.person.age_on(acting.today), classes)
        shown = await offers.preview(acting, access, asked)
        made = await offers.offer(acting, access, TransferPosted(**structs.asdict(asked), seen=shown.digest))
    return access.id, made.id


async def _cross(runtime: Runtime, slug: str, at: dt.datetime, send: Any, id: UUID, details: Mapping[str, str]) -> None:
    """Does now what the outbox does: one message from this region to the other."""
    async with _context(runtime, slug, at) as ctx:
        leaving: Crossing | None = await send(ctx, id, details)
        assert leaving is not None
        async with _context(runtime, leaving.to, at) as there:
            await leaving.receive(there)


async def _begin(ctx: Context, other: DemoFile, code: str, age: int) -> None:
    """Lets somebody follow her there, who reads what came along as soon as she agrees to it."""
    pivot = other.region.staff[FIRST_PIVOT.address]
    coordinating = structs.replace(ctx, actor=other.region.actor(COORDINATOR))
    access = await find_for_caller(coordinating, code, "coordination")
    await assignments.assign_to(coordinating, access, AssignmentPosted(pivot))
    following = structs.replace(ctx, actor=other.region.actor(FIRST_PIVOT))
    access = await find_for_caller(following, code, "follow_up")
    await limits.record_explanation(following, access.id, on=ctx.today, text_version="")
    lines = tuple(ConsentLine(TEAM, each, "follow_up") for each in GOES_ALONG)
    given = ConsentGiven("information", ctx.today, "spoken", "herself", AgeRange(age, age), lines)
    await ledger.give_consent(following, access.id, given)


@contextlib.asynccontextmanager
async def _context(runtime: Runtime, slug: str, at: dt.datetime) -> AsyncIterator[Context]:
    loaded = await runtime.load(slug)
    assert loaded is not None
    async with runtime.context(loaded) as ctx:
        yield structs.replace(ctx, now=at)

"""Acts of the demo: each on a day of the past, by one of its people, through an operation of a room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from uuid import UUID

from msgspec import Struct, structs

from spheres_core.cli.demo_data import words
from spheres_core.cli.demo_data.people import Person
from spheres_core.cli.demo_data.sign_ins import COORDINATOR, FIRST_PIVOT, SECOND_PIVOT, DemoAccount
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.participants.schemas.files import ParticipantAccess


class Region(Struct, frozen=True):
    """Holds what one region's files have in common."""

    staff: Mapping[str, UUID]
    """By address of the demo's accounts."""
    employers: Mapping[str, str]
    """Keys of organizations, as `partners.employers` names them."""
    language: str
    """fr or en: what is written in its files."""
    now: dt.datetime

    def actor(self, account: DemoAccount) -> Actor:
        """Returns one of the demo's people as somebody who acts."""
        organization = self.employers.get(account.works_for, "")
        return Actor("staff", self.staff[account.address], frozenset({account.role}), organization=organization)


class DemoFile(Struct):
    """One person's file while it is made."""

    person: Person
    region: Region
    code: str = ""
    """Her code, once she takes part."""
    referral: UUID | None = None
    request: UUID | None = None
    """A service that a partner was asked for."""

    def pivot(self, at: dt.datetime) -> DemoAccount:
        """Returns who follows her on a day."""
        taken_over = self.person.handed_over is not None and at > self.person.handed_over
        return FIRST_PIVOT if self.person.first_pivot != taken_over else SECOND_PIVOT

    def other(self, at: dt.datetime) -> DemoAccount:
        """Returns the pivot worker who does not."""
        return SECOND_PIVOT if self.pivot(at) == FIRST_PIVOT else FIRST_PIVOT

    def say(self, bank: words.Bank, number: int) -> str:
        """Returns one of a bank's sentences, in the region's language."""
        said = bank[self.region.language]
        return said[number % len(said)]


Do = Callable[[Context, DemoFile], Awaitable[None]]


class Act(Struct, frozen=True):
    """Something that is done in one file at one moment."""

    at: dt.datetime
    by: DemoAccount
    do: Do


Part = Callable[[DemoFile], Iterator[Act]]
"""Yields what happens in one part of a file."""


async def opened(ctx: Context, file: DemoFile) -> ParticipantAccess:
    """Returns the file as the actor may read it at that moment."""
    return await find_for_caller(ctx, file.code, "coordination" if COORDINATOR.role in ctx.actor.roles else "follow_up")


def in_order(files: Iterable[DemoFile], parts: Iterable[Part]) -> list[tuple[DemoFile, Act]]:
    """Returns everything that happens in all files until now, the earliest first."""
    acts = [(file, act) for file in files for part in parts for act in part(file) if act.at <= file.region.now]
    return sorted(acts, key=lambda each: each[1].at)


async def perform(ctx: Context, file: DemoFile, act: Act) -> None:
    """Does it as that person, on its day."""
    await act.do(structs.replace(ctx, now=act.at, actor=file.region.actor(act.by)), file)

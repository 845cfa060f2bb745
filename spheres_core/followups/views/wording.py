"""Words for the codes of this room, on pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from spheres_core.facts import Message, msg
from spheres_core.followups.schemas.assignments import Part
from spheres_core.followups.schemas.encounters import EncounterKind, EncounterState, Place
from spheres_core.followups.schemas.hand_overs import HerAnswer
from spheres_core.followups.schemas.participations import StateCode
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.queries.members import list_members

KINDS: Final[Mapping[EncounterKind, Message]] = {
    "in_person": msg("In person"),
    "phone": msg("By phone"),
    "video": msg("By video"),
    "messages": msg("By messages"),
    "accompaniment": msg("Accompanied somewhere"),
    "group": msg("In a group"),
}
STATES: Final[Mapping[EncounterState, Message]] = {
    "held": msg("It took place"),
    "planned": msg("It is planned"),
    "missed": msg("It did not come about"),
    "cancelled": msg("It was called off"),
}
TONES: Final[Mapping[EncounterState, str]] = {
    "held": "done", "planned": "active", "missed": "waiting", "cancelled": "ended",
}  # fmt: skip
PARTICIPATION_TONES: Final[Mapping[StateCode, str]] = {
    "proposed": "waiting", "active": "active", "paused": "waiting", "transferring": "waiting", "closing": "waiting",
    "closed": "ended", "not_started": "ended",
}  # fmt: skip
PLACES: Final[Mapping[Place, Message]] = {
    "office": msg("At the office"),
    "her_place": msg("Where she lives"),
    "community": msg("At a community organization"),
    "school": msg("At school"),
    "health": msg("At a health service"),
    "court": msg("At the court"),
    "outside": msg("Outside"),
    "online": msg("Online"),
    "elsewhere": msg("Somewhere else"),
}
PARTS: Final[Mapping[Part, Message]] = {"pivot": msg("Pivot worker"), "backup": msg("Backup")}
HER_ANSWERS: Final[Mapping[HerAnswer, Message]] = {
    "agrees": msg("She was told, and agrees"),
    "not_reached": msg("She could not be reached"),
    "refuses": msg("She was told, and does not wish it"),
}


def options(ctx: Context, titles: Mapping[Any, Message], first: Message | None = None) -> list[tuple[str, Text]]:
    """Returns the choices of a list: what is sent, and what is read. `first`: of the one that sends nothing."""
    found = ctx.locale.options(titles)
    return found if first is None else [("", ctx.locale.say(first)), *found]


async def names_of(ctx: Context, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Returns the names of members of staff; somebody who is no longer there has none."""
    wanted = {each for each in ids if each is not None}
    return {each.id: each.name for each in await list_members(ctx) if each.id in wanted} if wanted else {}

"""Logs workshops for the demo, past and to come, and trainings of its staff. Nobody and no school is named."""

import datetime as dt
from typing import Any, Final
from uuid import UUID

from msgspec import Struct, structs

from spheres_core.cli.demo_data.languages import language_of
from spheres_core.cli.demo_data.sign_ins import COORDINATOR, FIRST_PIVOT
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.support.operations import trainings, workshops
from spheres_core.support.queries.code_lists import KINDS, THEMES, codes_here
from spheres_core.support.schemas.trainings import TrainingPart, TrainingWritten
from spheres_core.support.schemas.workshops import WorkshopWritten


class DemoWorkshop(Struct, frozen=True):
    """One workshop: how many days ago (before today: planned), what it was, and how many people were there."""

    ago: int
    kind: str
    setting: Any
    words: dict[str, str]
    themes: tuple[str, ...]
    minutes: int
    audience: Any = None
    notes: dict[str, str] = {}


DEMO_WORKSHOPS: Final = (
    DemoWorkshop(
        150, "young_people", "school",
        {"fr": "S’aimer d’égal à égal", "en": "Loving as equals"},
        ("egalitarian_relationships",), 75, {"from_12_to_14": 26, "school_staff": 2},
        {"fr": "Les échanges en petits groupes ont bien marché.", "en": "Talking in small groups went well."},
    ),
    DemoWorkshop(
        95, "close_ones", "community",
        {"fr": "En parler à la maison", "en": "Talking about it at home"},
        ("sexual_exploitation",), 120, {"close_ones": 14},
    ),
    DemoWorkshop(
        40, "professionals", "health_social",
        {"fr": "Reconnaître, accueillir, orienter", "en": "Noticing, welcoming, showing the way"},
        ("sexual_exploitation",), 180, {"health_social": 17, "community_workers": 6},
    ),
    DemoWorkshop(
        12, "outreach", "public_place",
        {"fr": "Kiosque d’information", "en": "Information stand"},
        ("sexual_exploitation", "egalitarian_relationships"), 240, {"from_15_to_17": 31, "from_18_to_24": 19},
    ),
    DemoWorkshop(
        -16, "young_people", "youth_centre",
        {"fr": "S’aimer d’égal à égal", "en": "Loving as equals"},
        ("egalitarian_relationships",), 75, None,
        {"fr": "Apporter le jeu de cartes.", "en": "Bring the card game."},
    ),
)  # fmt: skip
DEMO_TRAININGS: Final[tuple[tuple[int, TrainingPart, dict[str, str], int], ...]] = (
    (70, "taken", {"fr": "Intervenir en tenant compte des traumas", "en": "Working with trauma in mind"}, 360),
    (30, "given", {"fr": "Accueillir une confidence", "en": "When somebody confides in you"}, 90),
)  # fmt: skip


async def log_all(ctx: Context, coordinator: UUID, pivot: UUID) -> None:
    """Logs workshops that the coordinator and the pivot worker give, and trainings in each one's own log."""
    acting = _acting(ctx, pivot, FIRST_PIVOT.role)
    spoken = language_of(ctx)
    kinds, themes = codes_here(ctx, KINDS), codes_here(ctx, THEMES)
    for each in DEMO_WORKSHOPS:
        if each.kind in kinds:
            await workshops.log_workshop(
                acting,
                WorkshopWritten(
                    each.kind, each.setting, ctx.today - dt.timedelta(days=each.ago), ctx.tenant.languages[0],
                    words=each.words[spoken], themes=[code for code in each.themes if code in themes],
                    minutes=each.minutes, given_by=[coordinator, pivot], notes=each.notes.get(spoken, ""),
                    audience=each.audience, confirmed=True,
                ),
            )  # fmt: skip
    for by in (acting, _acting(ctx, coordinator, COORDINATOR.role)):
        for ago, part, words, minutes in DEMO_TRAININGS:
            day = ctx.today - dt.timedelta(days=ago)
            known = [code for code in ("sexual_exploitation",) if code in themes]
            training = TrainingWritten(part, words[spoken], day, known, minutes, confirmed=True)
            await trainings.log_training(by, training)


def _acting(ctx: Context, staff: UUID, role: str) -> Context:
    return structs.replace(ctx, actor=Actor("staff", staff, frozenset({role})))

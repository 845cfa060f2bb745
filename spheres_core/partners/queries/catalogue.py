"""Reads the region's catalogue: needs, goals to begin from and stage models of its packs, the last one's word first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeVar

from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.code_lists import CATALOGUE, CodeList, GoalTemplate, ListedItem, StageModel


class _Listed(Protocol):
    @property
    def retired(self) -> bool: ...


T = TypeVar("T", bound=_Listed)


def listed(ctx: Context, name: str) -> Mapping[str, ListedItem]:
    """Returns one of the region's lists by code: `needs`, `session_themes`. A later pack renames what others have."""
    found: dict[str, ListedItem] = {}
    for _, catalogue in ctx.plugins.gather(CATALOGUE):
        codes: CodeList | None = getattr(catalogue, name)
        if codes is not None:
            found |= {each.code: each for each in codes.items}
    return found


def goal_templates(ctx: Context) -> Mapping[str, GoalTemplate]:
    """Returns the goals to begin from, by code."""
    return {each.code: each for _, catalogue in ctx.plugins.gather(CATALOGUE) for each in catalogue.goal_templates}


def stage_models(ctx: Context) -> Mapping[str, StageModel]:
    """Returns the models by which a stage in the cycle is observed, by key."""
    return {each.key: each for _, catalogue in ctx.plugins.gather(CATALOGUE) for each in catalogue.stage_models}


def in_use(entries: Mapping[str, T]) -> dict[str, T]:
    """Returns those that were not retired: what new records may name."""
    return {code: each for code, each in entries.items() if not each.retired}

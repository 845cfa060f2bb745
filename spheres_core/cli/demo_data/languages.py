"""Fits the demo's words to the languages that a region speaks."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from spheres_core.foundation.languages import localization
from spheres_core.foundation.tenancy.context import Context


class _Said(Protocol):
    @property
    def language(self) -> str: ...


T = TypeVar("T", bound=_Said)


def language_of(ctx: Context) -> str:
    """Returns in which of the demo's languages a region's people write: fr or en."""
    return "fr" if ctx.tenant.languages[0].partition("-")[0] == "fr" else "en"


def said_here(ctx: Context, examples: Iterable[T]) -> list[T]:
    """Returns the examples that somebody says in a language of the region."""
    return [each for each in examples if localization.match(each.language, ctx.tenant.languages)]

"""The promise for each hook: since when it exists and, when it is deprecated, its end and its replacement.

A plugin is written once and meets many versions of the core. Nothing that it may lean on goes at once: it is marked
first, plugins that use it go on and are named with the version in which it ends (`foundation.plugins.deprecations`),
and `hooks.lock.json` holds the whole surface against changes that nobody meant (`foundation.plugins.api_lock`).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from msgspec import Struct, field
from pluggy import HookspecMarker

F = TypeVar("F", bound=Callable[..., Any])

ASYNC_KINDS: Final = ("gather_", "on_", "export_", "erase_")
"""How the names of hooks begin that may do I/O; all others are plain functions."""

_mark = HookspecMarker("spheres")


class Deprecation(Struct, frozen=True):
    """The end of a hook, or of one of its arguments, said beforehand."""

    deprecated: str
    """The version since which it is marked."""
    removed_in: str
    """The version that is without it."""
    successor: str = ""
    """The hook or argument that takes its place; empty when none does."""


class HookVersion(Struct, frozen=True):
    """The version of a hook, or of one of its arguments, with its deprecation."""

    since: str
    deprecation: Deprecation | None = None
    arguments: Mapping[str, "HookVersion"] = field(default_factory=dict)
    """Arguments that came later than the hook, or are to go before it."""


def hookspec(
    *, since: str, deprecation: Deprecation | None = None, arguments: Mapping[str, HookVersion] | None = None
) -> Callable[[F], F]:
    """Marks a function of `hookspecs/` as a hook, with what is promised of it."""

    def mark(function: F) -> F:
        function.hook_version = HookVersion(since, deprecation, arguments or {})  # type: ignore[attr-defined]
        return _mark(function)

    return mark


def hook_version_of(hook: Any) -> HookVersion:
    """Returns the version that was declared for a hook, given its function in `hookspecs/`."""
    made: HookVersion = hook.hook_version
    return made

"""SPHÈRES: the core, what the program is in every region. Plugins import `spheres_core.plugin`."""

from collections.abc import Callable
from typing import TypeVar

from pluggy import HookimplMarker

from spheres_core.hook_versions import hookspec

__version__ = "0.1.0"

hookimpl = HookimplMarker("spheres")

T = TypeVar("T")


def registers(given: T) -> Callable[[], T]:
    """Returns an answer to a `register_` hook that is always this: `register_pages = registers([show, save])`."""

    @hookimpl
    def answer() -> T:
        return given

    return answer


__all__ = ["__version__", "hookimpl", "hookspec", "registers"]

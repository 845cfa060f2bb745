"""Registers the pages and the API of extra questions."""

from collections.abc import Sequence
from typing import Any

from spheres_core import hookimpl
from spheres_core.extra_questions import controllers, pages


@hookimpl(trylast=True)
def register_controllers() -> Sequence[Any]:
    return controllers.HANDLERS


@hookimpl(trylast=True)
def register_pages() -> Sequence[Any]:
    return pages.HANDLERS

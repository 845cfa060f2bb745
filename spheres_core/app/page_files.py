"""Finds the rooms' static files and templates, of which pages are made besides code."""

from functools import cache
from pathlib import Path

from spheres_core.app.rooms import CORE, ROOMS
from spheres_core.foundation.web.static_files import StaticFiles


@cache
def static_files() -> StaticFiles:
    """Returns the rooms' static files, read once."""
    return StaticFiles({name: CORE / name / "static" for name in ROOMS if (CORE / name / "static").is_dir()})


def template_folders() -> list[Path]:
    """Lists the folders of templates: layout, macros and error pages first, then each room's pages."""
    rooms = [CORE / name / "templates" for name in reversed(ROOMS) if (CORE / name / "templates").is_dir()]
    return [CORE / "foundation" / "web" / "templates", *rooms]

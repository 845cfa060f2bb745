"""Programs of the system that some tests need and `make test` doesn't install: where they are missing, these tests are
left out and the run says so once. `.ci/run` installs all of them and leaves out nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Final, NamedTuple


class Program(NamedTuple):
    """One such program."""

    path: Path
    """Where Debian puts it."""
    package: str
    """Debian's package."""
    fixture: str
    """Tests with this fixture need it."""
    what: str
    """What is left out without it."""


CHROMIUM: Final = Program(
    Path("/usr/bin/chromium-headless-shell"), "chromium-headless-shell", "playwright", "the pages in a browser"
)
"""Chromium without the parts that draw windows: it opens pages for a fifth less, and a new context for a fifth."""
FONTS: Final = Program(
    Path("/usr/share/fonts/truetype/noto"), "fonts-noto-core", "playwright", "the pages in a browser"
)
NGINX: Final = Program(Path("/usr/sbin/nginx"), "nginx-light", "nginx", "the installation behind a proxy")
POSTGRES_15: Final = Program(
    Path("/usr/lib/postgresql/15/bin/postgres"), "postgresql-15", "postgres_15", "the oldest PostgreSQL"
)
PROGRAMS: Final = (CHROMIUM, FONTS, NGINX, POSTGRES_15)


def missing(exists: Callable[[Path], bool] = Path.exists) -> list[Program]:
    """Returns the programs that are not on this machine."""
    return [each for each in PROGRAMS if not exists(each.path)]


def reason_to_skip(fixtures: Collection[str], absent: Sequence[Program]) -> str | None:
    """Returns why a test with these fixtures is left out, None when it is not."""
    packages = [each.package for each in absent if each.fixture in fixtures]
    return f"{' and '.join(packages)} not installed" if packages else None


def notice(absent: Sequence[Program]) -> str | None:
    """Returns the one line that the run says about all that it leaves out."""
    if not absent:
        return None
    parts = ", ".join(dict.fromkeys(each.what for each in absent))
    packages = " ".join(each.package for each in absent)
    return f"left out: {parts} (not installed: {packages}); .ci/run installs them and leaves out nothing"

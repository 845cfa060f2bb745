"""The documentation is one site: every page has its place, every link leads somewhere, nothing comes from elsewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"
LOADED: Final = re.compile(r"<(?:script|img|link|iframe|source)\b[^>]*?(?:src|href)=\"(?:https?:)?//[^\"]+", re.I)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages as `make docs` makes them; a warning, such as of a page without a place, is an error."""
    out = tmp_path_factory.mktemp("site")
    options = ["-q", "-W", "--keep-going", "-b", "html", "-d", f"{out}-read"]
    command = [sys.executable, "-m", "sphinx", *options, str(DOCS), str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return out


def test_every_page_is_in_the_site_and_none_loads_anything_from_elsewhere(site: Path) -> None:
    pages = {path.relative_to(DOCS).with_suffix(".html") for path in DOCS.rglob("*.md")} - {Path("README.html")}
    made = {path.relative_to(site) for path in site.rglob("*.html")}

    assert pages <= made
    assert [(str(page), LOADED.findall((site / page).read_text())) for page in made if _loads(site / page)] == []


def _loads(page: Path) -> bool:
    return LOADED.search(page.read_text()) is not None


def test_what_loads_from_elsewhere_would_be_found() -> None:
    assert LOADED.search('<script async src="https://cdn.example.org/x.js">')
    assert LOADED.search('<link rel="stylesheet" href="//fonts.example.org/a.css">')
    assert not LOADED.search('<a href="https://example.org/">')

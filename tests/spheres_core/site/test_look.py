"""The look keeps its promises: contrast in both schemes, both directions, nothing from elsewhere, nothing inline."""

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

from spheres_core.site.theme_colours import SHAPES, TEXT, Scheme, contrast, core_tokens

CORE = Path(__file__).parents[3] / "spheres_core"
STATIC = CORE / "site/static"
SHEETS = sorted(STATIC.glob("*.css"))
SCRIPTS = sorted(STATIC.glob("*.js"))
TEMPLATES = sorted(CORE.glob("*/templates/**/*.html"))
VENDORED = (
    STATIC / "vendor",
    STATIC.parents[1] / "foundation/documents/vendor",
    Path(__file__).parents[2] / "assets/vendor",
)


def test_the_ratio_is_computed_as_the_guidelines_do() -> None:
    assert contrast("#000000", "#fff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_a_contrast_of_at_least_4_5(scheme: Scheme) -> None:
    have = core_tokens(scheme)
    weak = {(text, ground): round(contrast(have[text], have[ground]), 2) for text, ground in TEXT}

    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_borders_of_fields_and_the_focus_ring_have_a_contrast_of_at_least_3(scheme: Scheme) -> None:
    have = core_tokens(scheme)
    weak = {(shape, ground): round(contrast(have[shape], have[ground]), 2) for shape, ground in SHAPES}

    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3} == {}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_sheet_serves_both_writing_directions(sheet: Path) -> None:
    physical = re.compile(
        r"[{;\s](?:(?:margin|padding|border|inset)-(?:left|right|top|bottom)"
        r"|(?<!align: )(?:left|right|top|bottom|width|height)"
        r"|(?:min|max)-(?:width|height)|float: (?:left|right)|text-align: (?:left|right))\s*[:;]"
    )
    lines = [line for line in sheet.read_text().splitlines() if "@media" not in line]
    sided = re.compile(r"(?:margin|padding): ([^\s;]+) ([^\s;]+) ([^\s;]+) ([^\s;]+);")

    assert [line for line in lines if physical.search(f" {line}")] == []
    assert [match[0] for line in lines for match in sided.finditer(line) if match[2] != match[4]] == []


OF_WIDTHS = re.compile(r"@(?:media|container)[^{]*\bwidth\b[^{]*\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}")
COLOURING = re.compile(
    r"([^{};]*)\{[^{}]*(?<![\w-])(?:color|background[\w-]*|opacity|fill|filter|mix-blend-mode)\s*:[^{}]*\}"
)


def coloured_by_width(sheet: str) -> list[str]:
    """Returns the selectors to which some width of the screen gives a colour, but for what a sheet itself writes."""
    found = [rule[1].strip() for query in OF_WIDTHS.finditer(sheet) for rule in COLOURING.finditer(query[1])]
    return [selector for selector in found if not selector.endswith(("::before", "::after"))]


@pytest.mark.parametrize(
    "sheet", sorted([*CORE.glob("*/static/*.css"), *CORE.parent.glob("plugins/**/*.css")]), ids=lambda path: path.name
)
def test_no_colour_depends_on_the_width_of_the_screen(sheet: Path) -> None:
    """So it is enough to look at the colours of what is shown on one (`page_checks.SCREENS`)."""
    assert coloured_by_width(sheet.read_text()) == []


def test_a_colour_that_depends_on_the_width_is_noticed() -> None:
    sheet = """
    a { color: red; }
    @media (min-width: 40rem) { b { gap: 0; } @supports (x: y) { c { color: red; } } d::before { color: red; } }
    @media print { e { color: red; } }
    @media (width < 30rem) { f { background: red; } }
    """
    assert coloured_by_width(sheet) == ["c", "f"]


OF_PHONES = (320, 480)
"""Widths in pixels, of the narrowest phone that pages are made for and of wide ones."""


def widths_that_change(sheet: str) -> list[float]:
    """Returns the widths in pixels at which a sheet lays pages out otherwise."""
    found = re.findall(r"\bwidth\b[^){;]*?([\d.]+)(rem|em|px)", sheet)
    return [float(number) * (1 if unit == "px" else 16) for number, unit in found]


@pytest.mark.parametrize(
    "sheet", sorted([*CORE.glob("*/static/*.css"), *CORE.parent.glob("plugins/**/*.css")]), ids=lambda path: path.name
)
def test_all_phones_lay_pages_out_alike(sheet: Path) -> None:
    """So it is enough to look at the narrowest, which has the least room (`page_checks.SMALLEST`)."""
    queries = re.findall(r"@(?:media|container)[^{]*", sheet.read_text())
    first, last = OF_PHONES

    assert [each for query in queries for each in widths_that_change(query) if first <= each < last] == []


def test_a_width_of_phones_that_changes_something_is_noticed() -> None:
    assert widths_that_change("@media (min-width: 22.5rem) and (width < 400px)") == [360, 400]


@pytest.mark.parametrize("file", [*SHEETS, *SCRIPTS, *TEMPLATES], ids=lambda path: path.name)
def test_nothing_is_asked_of_another_site(file: Path) -> None:
    addresses = re.findall(r"""(?:src|href|url|fetch)\s*[=(]\s*["']?(?:https?:)?//[^"')\s]+""", file.read_text())

    assert addresses == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_inline_style_and_no_inline_script(template: Path) -> None:
    html = template.read_text()

    assert re.findall(r"\sstyle=|\son\w+=\"|<style|javascript:", html) == []
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", html) == []


@pytest.mark.parametrize("file", [*SHEETS, *SCRIPTS, *TEMPLATES], ids=lambda path: path.name)
def test_a_file_is_one_topic_long(file: Path) -> None:
    assert len(file.read_text().splitlines()) <= 400


@pytest.mark.parametrize("folder", VENDORED, ids=lambda path: path.parent.name)
def test_files_made_elsewhere_are_unchanged_and_all_listed(folder: Path) -> None:
    packages = tomllib.loads((folder / "VENDORED.toml").read_text())["package"]
    listed = {name: digest for package in packages for name, digest in package["sha256"].items()}
    there = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "VENDORED.toml"
    }

    assert there == listed
    assert all(package["licence_file"] in package["sha256"] and package["version"] for package in packages)

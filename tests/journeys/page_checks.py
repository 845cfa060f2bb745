"""Checks one open page in all ways at once, so that each is opened once: axe, width, language, requests, policy."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, NamedTuple

from playwright.sync_api import ConsoleMessage, Page, Request, Response, ViewportSize

from spheres_core.foundation.languages.text_checks import mislabelled_texts
from tests.journeys.wrong_language import READ_TEXTS

SCRIPTS: Final = Path(__file__).with_name("page_scripts")
BEGIN: Final = (SCRIPTS / "remember_page.js").read_text()
RUN_AXE: Final = (SCRIPTS / "run_axe.js").read_text()
MISWRITTEN: Final = (SCRIPTS / "find_miswritten.js").read_text()
AXE: Final = (Path(__file__).parents[1] / "assets/vendor/axe-core/axe.min.js").read_text()
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOUR: Final = ["color-contrast", "link-in-text-block"]
"""Night changes colours and nothing else."""
OF_WHOLE: Final = ["region", "landmark-unique", "skip-link"]
"""What elements that only one of two screens shows may change for others on the page."""
OF_WORDS: Final = [
    "document-title", "html-has-lang", "html-lang-valid", "valid-lang", "landmark-unique", "table-duplicate-name",
    "label-content-name-mismatch", "image-redundant-alt", "accesskeys",
    "heading-order", "duplicate-id-aria", "form-field-multiple-labels",
]  # fmt: skip
"""What is asked of a page each part of which has the shape of one that passed: what its words decide, and in the last
row what the order of its parts and their identifiers do, which shapes leave out. All other rules see only elements,
their attributes and whether there is a text. Room for targets and contrast are asked apart, of each page."""
SMALLEST: Final[ViewportSize] = {"width": 320, "height": 640}
"""Laid out as every phone is, with less room than any (`test_look.py`)."""
PHONE: Final[ViewportSize] = {"width": 360, "height": 740}
DESK: Final[ViewportSize] = {"width": 1280, "height": 800}
Scheme = Literal["light", "dark"]


class Screen(NamedTuple):
    """Where axe looks at a page."""

    name: str
    size: ViewportSize
    scheme: Scheme
    looks: bool = True
    """Whether texts that look as none did which passed here on a page before, from their own colour to the ground they
    stand on, are asked for their contrast."""


SCREENS: Final = (
    Screen("phone by day", SMALLEST, "light"),
    Screen("desk by night", DESK, "dark"),
)
"""A page is looked at from one of these to the other, and the next page back again: each change lays it out anew."""
WHERE_NEEDED: Final = {
    (screen.size["width"], screen.scheme): screen
    for screen in (Screen("phone by night", SMALLEST, "dark"), Screen("desk by day", DESK, "light"))
}
"""For texts that are shown on one of the two above only, and look in the other's colours as none did that passed. No
colour depends on the width of the screen (`test_look.py`), so that either says what it is."""
OTHER_LANGUAGE: Final = (Screen("phone by day", SMALLEST, "light", looks=False),)
"""Another language changes names and the room that texts take, and no colour."""
REFUSED: Final = (
    ("404", "/nowhere"), ("422", "/staff/on-call"), ("422", "/staff/incidents/new"), ("409", "/staff/incidents/new"),
    ("404", "/staff/privacy/trail?code=XXXX-XXXX-XXXX"),
)  # fmt: skip
"""Pages that answer so on purpose, which the console says."""


@dataclass(frozen=True)
class Passed:
    """What passed on pages before, and is not asked of axe again."""

    looks: set[str] = field(default_factory=set)
    """Of texts, for their contrast; and what one of two screens shows beside the other."""
    shapes: set[str] = field(default_factory=set)
    """Of parts of pages, for all that words cannot change."""


def check_page(page: Page, screens: Sequence[Screen] = SCREENS, *, passed: Passed | None = None) -> list[str]:
    """Returns all that is wrong with the page that is open. `passed` as in `check_with_axe`."""
    texts, miswritten = page.evaluate(f"[({READ_TEXTS})(), ({MISWRITTEN})()]")
    found = [f"in another language: {text}" for _, text in mislabelled_texts(texts)]
    return found + miswritten + check_with_axe(page, screens, passed=passed)


def load_axe(page: Page) -> None:
    """Lets each page that is opened from now on bring axe along, which costs half of loading it into each."""
    page.add_init_script(AXE)


def check_with_axe(page: Page, screens: Sequence[Screen] = SCREENS, *, passed: Passed | None = None) -> list[str]:
    """Returns what axe finds on the page that is open, every rule once and again what a screen can change, and whether
    it is too wide for one of the screens.

    The menu is open, as it always is on a desk, but where a phone's width is looked at. `passed`: the looks of texts
    and the shapes of parts that passed on pages before; those of this page are added.
    """
    passed = Passed() if passed is None else passed
    shapes, has_axe, width, height, *media = page.evaluate(BEGIN)
    if not has_axe:
        page.evaluate(AXE)
    size = {"width": width, "height": height}
    found: list[str] = []
    rules = OF_WORDS if passed.shapes.issuperset(shapes) else RULES
    waiting = [*screens] if size != screens[-1].size else [*reversed(screens)]
    while waiting:
        screen = waiting.pop(0)
        if size != screen.size:
            page.set_viewport_size(screen.size)
        if media != [screen.scheme, True]:
            page.emulate_media(color_scheme=screen.scheme, reduced_motion="reduce")
        size, media = dict(screen.size), [screen.scheme, True]
        asked = [screen.size["width"], screen.scheme, rules, OF_WHOLE, OF_COLOUR, screen.looks, sorted(passed.looks)]
        is_wide, told, looks, missing = page.evaluate(RUN_AXE, [*asked, screen.size is SMALLEST])
        passed.looks.update(looks)
        problems = ["scrolls sideways"] * is_wide + told
        found += [f"{page.url} {screen.name}: {problem}" for problem in problems]
        waiting = waiting or [WHERE_NEEDED[width, scheme] for width, scheme in missing]
    if not found:
        passed.shapes.update(shapes)
    return found


def is_wider_than_the_screen(page: Page) -> bool:
    """Tells whether the page can be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


class Listener:
    """Hears what a page asks for and complains of while it is visited."""

    def __init__(self, page: Page, origin: str) -> None:
        self.complaints: list[str] = []
        self.documents = 0
        self._origin = origin
        page.on("request", self._on_request)
        page.on("response", self._on_response)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith(self._origin):
            self.complaints.append(f"asks {request.url}")

    def _on_response(self, response: Response) -> None:
        if response.request.resource_type != "document" or response.status == 303:
            return
        self.documents += 1
        headers = response.headers
        policy = headers.get("content-security-policy", "")
        if "default-src 'none'" not in policy or "unsafe" in policy:
            self.complaints.append(f"{response.url}: {policy or 'no policy'}")
        if headers.get("cache-control") != "no-store":
            self.complaints.append(f"{response.url} may be kept: {headers.get('cache-control')}")

    def _on_console(self, said: ConsoleMessage) -> None:
        if said.type not in ("error", "warning"):  # the browser also gives advice
            return
        where = said.location["url"]
        if not any(f"status of {status}" in said.text and where.endswith(page) for status, page in REFUSED):
            self.complaints.append(f"{where}: {said.text}")

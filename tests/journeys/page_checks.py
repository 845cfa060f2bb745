"""Checks one open page in all ways at once, so that each is opened once: axe, width, language, requests, policy."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal, NamedTuple

from playwright.sync_api import ConsoleMessage, Page, Request, Response, ViewportSize

from spheres_core.foundation.languages.text_checks import mislabelled_texts
from tests.journeys.wrong_language import READ_TEXTS

AXE: Final = (Path(__file__).parents[1] / "assets/vendor/axe-core/axe.min.js").read_text()
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_CONTRAST: Final = ["color-contrast"]
OF_LINKS: Final = ["link-in-text-block"]
OF_COLOUR: Final = [*OF_CONTRAST, *OF_LINKS]
"""Night changes colours and nothing else."""
OF_LAYOUT: Final = ["target-size", "scrollable-region-focusable", "region", "landmark-unique", "skip-link"]
"""A wider screen lays the same elements out otherwise; names, roles and languages stay."""
PHONE: Final[ViewportSize] = {"width": 360, "height": 740}
DESK: Final[ViewportSize] = {"width": 1280, "height": 800}
SMALLEST: Final[ViewportSize] = {"width": 320, "height": 640}


class Screen(NamedTuple):
    """Where axe looks at a page."""

    name: str
    size: ViewportSize
    scheme: Literal["light", "dark"]
    rules: Sequence[str]
    """Of the whole page."""
    without: Sequence[str] = ()
    """Of these rules, those that are left out."""
    rest: Sequence[str] = ()
    """Of what the first screen didn't show: the width decides what is shown and where, never its colour
    (`test_look.py`)."""
    new_looks: Sequence[str] = ()
    """Of texts that look as none did which passed here on a page before, from their own colour to the ground they
    stand on."""


SCREENS: Final = (
    Screen("phone by day", PHONE, "light", RULES, without=OF_CONTRAST, new_looks=OF_CONTRAST),
    Screen("phone by night", PHONE, "dark", OF_LINKS, new_looks=OF_CONTRAST),
    Screen("desk by night", DESK, "dark", (), rest=OF_COLOUR),
    Screen("desk by day", DESK, "light", OF_LAYOUT, rest=OF_COLOUR),
)
"""In an order in which as little as possible changes from one to the next."""
OTHER_LANGUAGE: Final = (Screen("phone by day", PHONE, "light", RULES, without=OF_COLOUR),)
"""Another language changes names, roles and the room that texts take, and no colour."""
REFUSED: Final = (
    ("404", "/nowhere"), ("422", "/staff/on-call"), ("422", "/staff/incidents/new"), ("409", "/staff/incidents/new")
)  # fmt: skip
"""Pages that answer so on purpose, which the console says."""


MISWRITTEN: Final = r"""
() => {
  const date = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;
  const lists = [...document.querySelectorAll("ul, ol, dl")].filter(each => !each.children.length);
  const times = [...document.querySelectorAll("time")].filter(each => !date.test(each.dateTime));
  const players = [...document.querySelectorAll("[autoplay]")];
  const places = [...document.querySelectorAll("nav")].filter(
    each => each.querySelectorAll('[aria-current="page"]').length > 1);
  const colons = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    const isFrench = node.parentElement.closest("[lang]")?.lang.startsWith("fr");
    const isCode = node.parentElement.closest("code, pre, script, style, textarea, template, bdi");
    if (isFrench && !isCode && /(^|[\p{L}\d)»]):\s/u.test(node.data)) colons.push(node.data.trim());
  }
  return [
    ...lists.map(each => `${each.outerHTML}: empty`),
    ...times.map(each => `${each.outerHTML}: no date of HTML`),
    ...players.map(each => `${each.outerHTML}: plays by itself`),
    ...places.map(each => `${each.outerHTML}: more than one place is the current one`),
    ...colons.map(each => `${each}: no space before a colon in French`),
  ];
}
"""
"""What neither axe nor the reader sees: lists without items, times that HTML does not know, what plays by itself (of
which axe is not asked, because it would load each style sheet anew to know)."""


def check_page(page: Page, screens: Sequence[Screen] = SCREENS, *, passed: set[str] | None = None) -> list[str]:
    """Returns all that is wrong with the page that is open. `passed` as in `check_with_axe`."""
    page.set_viewport_size(SMALLEST)
    found = ["scrolls sideways at 320 pixels"] if is_wider_than_the_screen(page) else []
    found += page.evaluate(MISWRITTEN)
    found += [f"in another language: {text}" for _, text in mislabelled_texts(page.evaluate(READ_TEXTS))]
    return found + check_with_axe(page, screens, passed=passed)


def load_axe(page: Page) -> None:
    """Lets each page that is opened from now on bring axe along, which costs half of loading it into each."""
    page.add_init_script(AXE)


RUN_AXE: Final = """
async ([rules, without, rest, newLooks, passed]) => {
  const shown = (each, found) => {
    const box = each.getBoundingClientRect();
    if (box.width <= 1 && box.height <= 1 && getComputedStyle(each).overflow !== "visible") return found;
    if (each.checkVisibility({visibilityProperty: true})) found.push(each);
    for (const child of each.children) shown(child, found);
    return found;
  };
  const hasText = each => each.matches("input, select, textarea")
    || [...each.childNodes].some(child => child.nodeType === Node.TEXT_NODE && child.data.trim());
  const grounds = new Map([[null, []]]);
  const groundOf = each => {
    if (grounds.has(each)) return grounds.get(each);
    const {position, backgroundColor, backgroundImage, opacity, filter} = getComputedStyle(each);
    const below = ["absolute", "fixed", "sticky"].includes(position) ? null : groundOf(each.parentElement);
    const own = [backgroundColor, backgroundImage, opacity, filter].join(" ");
    grounds.set(each, below && (own === "rgba(0, 0, 0, 0) none 1 none" ? below : [...below, own]));
    return grounds.get(each);
  };
  const lookOf = each => {
    const {color, fill, textShadow, fontSize, fontWeight} = getComputedStyle(each);
    const isDisabled = each.closest(":disabled, [aria-disabled=true]") !== null;
    const ground = groundOf(each);
    return ground && [each.localName, color, fill, textShadow, fontSize, fontWeight, isDisabled, ...ground].join(" ");
  };
  const ofAll = {elementRef: true, selectors: false, preload: false};
  const options = {
    rules: Object.fromEntries(without.map(each => [each, {enabled: false}])),
    ...ofAll,
  };
  const run = async (where, runOnly) => {
    const resultTypes = runOnly === newLooks ? ["violations", "passes"] : ["violations"];
    const told = await axe.run(where, {runOnly, resultTypes, ...runOnly === rules ? options : ofAll});
    if (runOnly === newLooks) passed.push(...told.passes.flatMap(each => each.nodes.map(node => lookOf(node.element))));
    return told.violations.flatMap(
      each => each.nodes.map(node => `${each.id} ${node.html.slice(0, 99)} ${node.failureSummary}`));
  };
  window.shownFirst ??= new Set(shown(document.body, []));
  const others = rest.length ? shown(document.body, []).filter(each => !window.shownFirst.has(each)) : [];
  const texts = newLooks.length ? shown(document.body, []).filter(hasText) : [];
  const looks = new Set(passed);
  const unlike = texts.filter(each => !looks.has(lookOf(each)));
  const found = [
    ...rules.length ? await run(document, rules) : [],
    ...others.length ? await run({include: others}, rest) : [],
    ...unlike.length ? await run({include: unlike}, newLooks) : [],
  ];
  return [found, passed.filter(look => look)];
}
"""
"""Asks axe for what breaks rules on the page; other rules among what was not shown when it was asked first, and others
among texts that look unlike those that passed. Returns that, and the looks of the texts that pass now. What is laid
over something else has no look: it is asked each time."""


def check_with_axe(page: Page, screens: Sequence[Screen] = SCREENS, *, passed: set[str] | None = None) -> list[str]:
    """Returns what axe finds on the page that is open: every rule once, and again those that a screen can change.

    The menu is open, as it always is on a desk. `passed`: the looks of texts that passed on pages before; those of this
    page are added.
    """
    passed = set() if passed is None else passed
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    page.evaluate("delete window.shownFirst; for (const each of document.querySelectorAll('.menu')) each.open = true")
    found = []
    for screen in screens:
        if page.viewport_size != screen.size:
            page.set_viewport_size(screen.size)
        page.emulate_media(color_scheme=screen.scheme, reduced_motion="reduce")
        order = [screen.rules, screen.without, screen.rest, screen.new_looks, sorted(passed)]
        told, looks = page.evaluate(RUN_AXE, order)
        passed.update(looks)
        found += [f"{page.url} {screen.name}: {problem}" for problem in told]
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

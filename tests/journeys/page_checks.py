"""Checks one open page in all ways at once, so that each is opened once: axe, width, language, requests, policy."""

from pathlib import Path
from typing import Final

from playwright.sync_api import ConsoleMessage, Page, Request, Response

from spheres_core.foundation.languages.text_checks import mislabelled_texts
from tests.journeys.wrong_language import READ_TEXTS

AXE: Final = (Path(__file__).parents[1] / "assets/vendor/axe-core/axe.min.js").read_text()
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOUR: Final = ["color-contrast", "link-in-text-block"]
"""Night changes colours and nothing else."""
OF_LAYOUT: Final = [*OF_COLOUR, "target-size", "scrollable-region-focusable", "region", "landmark-unique", "skip-link"]
"""A wider screen lays the same elements out otherwise and shows the menu open; names, roles and languages stay."""
PHONE: Final = {"width": 360, "height": 740}
DESK: Final = {"width": 1280, "height": 800}
SMALLEST: Final = {"width": 320, "height": 640}
SCREENS: Final = (
    ("phone by day", PHONE, "light", RULES),
    ("phone by night", PHONE, "dark", OF_COLOUR),
    ("desk by day", DESK, "light", OF_LAYOUT),
    ("desk by night", DESK, "dark", OF_COLOUR),
)
NOT_FOUND: Final = ("/nowhere",)
"""Pages that answer 404 on purpose, which the console says."""


MISWRITTEN: Final = r"""
() => {
  const date = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;
  const lists = [...document.querySelectorAll("ul, ol, dl")].filter(each => !each.children.length);
  const times = [...document.querySelectorAll("time")].filter(each => !date.test(each.dateTime));
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
    ...places.map(each => `${each.outerHTML}: more than one place is the current one`),
    ...colons.map(each => `${each}: no space before a colon in French`),
  ];
}
"""
"""What neither axe nor the reader sees: lists without items, and times that HTML does not know."""


def check_page(page: Page) -> list[str]:
    """Returns all that is wrong with the page that is open."""
    page.set_viewport_size(SMALLEST)
    found = ["scrolls sideways at 320 pixels"] if is_wider_than_the_screen(page) else []
    found += page.evaluate(MISWRITTEN)
    found += [f"in another language: {text}" for _, text in mislabelled_texts(page.evaluate(READ_TEXTS))]
    return found + check_with_axe(page)


def check_with_axe(page: Page) -> list[str]:
    """Returns what axe finds on the page that is open: every rule once, and again those that a screen can change."""
    found = []
    page.evaluate(AXE)
    for name, size, scheme, rules in SCREENS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        told = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", rules)
        found += [
            f"{page.url} {name}: {violation['id']} {node['html'][:99]} {node['failureSummary']}"
            for violation in told["violations"]
            for node in violation["nodes"]
        ]
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
        if "status of 404" not in said.text or not said.location["url"].endswith(NOT_FOUND):
            self.complaints.append(f"{said.location['url']}: {said.text}")

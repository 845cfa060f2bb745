"""Checks one open page in all ways at once, so that each is opened once: axe, width, language, requests, policy."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, NamedTuple

from playwright.sync_api import ConsoleMessage, Page, Request, Response, ViewportSize

from spheres_core.foundation.languages.text_checks import mislabelled_texts
from tests.journeys.wrong_language import READ_TEXTS

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


BEGIN: Final = """
() => {
  const menus = [...document.querySelectorAll(".menu:not([open])")];
  const asked = {light: new Map(), dark: new Map()};
  window.looked = {menus, shown: {}, laid: {}, sizes: {}, colours: {}, asked, at: []};
  const isSo = query => matchMedia(query).matches;
  const leadsTo = value => value.split(" ").map(each => document.getElementById(each)?.localName).join();
  const said = ({name, value}) => {
    if (/^(for|aria-(labelledby|describedby|controls))$/.test(name)) return name + leadsTo(value);
    if (name === "href" && value.startsWith("#")) return name + leadsTo(value.slice(1));
    const counts = /^(class|role|type|scope|tabindex|open|autocomplete|aria-(?!label).*)$/.test(name);
    return counts ? name + value : name + !value.trim();
  };
  const alone = each => {
    const attributes = [...each.attributes].filter(({name}) => !["checked", "selected"].includes(name));
    return `${each.localName} ${attributes.map(said).sort().join(" ")}`;
  };
  const isText = each => each.nodeType === Node.TEXT_NODE && each.data.trim();
  const shape = each => {
    const inside = each.localName === "svg" ? [] : [...each.childNodes];
    const shapes = inside.map(child => child.nodeType === Node.ELEMENT_NODE ? shape(child) : isText(child) && "…");
    return `<${alone(each)}>${[...new Set(shapes)].filter(each => each).join("")}</>`;
  };
  const shapes = each => each.matches("body, main, main > :only-child")
    ? [`${alone(each)} ${[...each.childNodes].some(isText)}`, ...[...each.children].flatMap(shapes)] : [shape(each)];
  return [shapes(document.body), typeof axe !== "undefined", innerWidth, innerHeight,
    isSo("(prefers-color-scheme: dark)") ? "dark" : "light", isSo("(prefers-reduced-motion: reduce)")];
}
"""
"""Remembers what the page is before it is changed. Returns the shape of each of its parts: elements, what decides how
axe judges them, and whether they hold text, the same beside each other once."""
RUN_AXE: Final = """
async ([width, scheme, rules, ofWhole, ofColour, looks, passed, isPhone]) => {
  const {menus, shown, laid, sizes, colours, asked, at} = window.looked;
  if (isPhone) for (const each of menus) each.open = false;
  const isWide = document.documentElement.scrollWidth > innerWidth;
  for (const each of menus) each.open = true;
  const showIn = (each, found) => {
    const box = each.getBoundingClientRect();
    if (box.width <= 1 && box.height <= 1 && getComputedStyle(each).overflow !== "visible") return found;
    if (each.checkVisibility({visibilityProperty: true})) found.add(each);
    for (const child of each.children) showIn(child, found);
    return found;
  };
  const before = Object.values(shown)[0];
  const here = shown[width] = showIn(document.body, new Set());
  const isField = each => each.matches("input, select, textarea");
  const hasText = each => isField(each)
    || [...each.childNodes].some(child => child.nodeType === Node.TEXT_NODE && child.data.trim());
  const blockAround = each => {
    let found = each.parentElement;
    while (getComputedStyle(found).display.startsWith("inline")) found = found.parentElement;
    return found;
  };
  const isInText = each => {
    const block = blockAround(each), texts = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const holder = texts.currentNode.parentElement.closest("a, button, label, summary");
      if (texts.currentNode.data.trim() && !(holder && block.contains(holder))) return true;
    }
    return false;
  };
  const lookAmong = (link, scheme) => {
    if (!link || !isInText(link)) return "";
    const {textDecorationLine, fontWeight, fontStyle, borderBottom, color} = getComputedStyle(link);
    const around = getComputedStyle(blockAround(link)).color;
    return `${textDecorationLine} ${fontWeight} ${fontStyle} ${borderBottom} ${color} among ${around}`;
  };
  const look = () => {
    const grounds = new Map([[null, ""]]), covers = new Map([[null, ""]]), laidHere = new Map([[null, false]]);
    [sizes[width], colours[scheme]] = [new Map(), new Map()];
    laid[width] = laidHere;
    for (const each of document.querySelectorAll("html, body, body *")) {
      const style = getComputedStyle(each);
      const {position, backgroundColor, backgroundImage, opacity, filter} = style;
      const isOpaque = backgroundColor.startsWith("rgb(");
      const cover = `${opacity} ${filter}`, ground = `${backgroundColor} ${backgroundImage} ${cover}`;
      covers.set(each, covers.get(each.parentElement) + (cover === "1 none" ? "" : cover));
      const below = isOpaque && covers.get(each) === "" ? "" : grounds.get(each.parentElement);
      grounds.set(each, ground === "rgba(0, 0, 0, 0) none 1 none" ? below : `${below} ${ground}`);
      const isOver = ["absolute", "fixed", "sticky"].includes(position);
      laidHere.set(each, !isOpaque && (isOver || laidHere.get(each.parentElement)));
      if (!hasText(each)) continue;
      const {color, fill, textShadow, fontSize, fontWeight} = style;
      const isDisabled = each.closest(":disabled, [aria-disabled=true]") !== null;
      const own = [isField(each) && each.localName, color, fill, textShadow, isDisabled, grounds.get(each)];
      colours[scheme].set(each, [...own, lookAmong(each.closest("a[href]"))].join(" "));
      const points = parseFloat(fontSize) * 0.75;
      sizes[width].set(each, points >= (fontWeight >= 700 ? 14 : 18) ? "large" : "small");
    }
  };
  const lookOf = (each, width, scheme) =>
    laid[width].get(each) === false ? `${colours[scheme].get(each)} ${sizes[width].get(each)}` : each;
  const unlike = (width, scheme) => {
    const known = new Set(passed);
    return [...shown[width]].filter(each => sizes[width].has(each)).filter(each => {
      const look = lookOf(each, width, scheme);
      return !known.has(look) && asked[scheme].get(each) !== look;
    });
  };
  const small = () => {
    const boxes = [...here].map(each => [each, each.getBoundingClientRect()]);
    const targets = "a[href], area, button, input, select, summary, textarea, [contenteditable], "
      + "[tabindex]:not([tabindex='-1']), audio[controls], video[controls], iframe";
    const hasNeighbour = (each, box) => {
      const x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
      return boxes.some(([other, its]) => other !== each && other.matches(targets) && its.left < x + 24
        && its.right > x - 24 && its.top < y + 24 && its.bottom > y - 24);
    };
    const isFree = (each, box, over) => {
      if (!over.length) return true;
      if (box.top < 0 || box.left < 0 || box.bottom > innerHeight || box.right > innerWidth) return false;
      for (let x = box.left + 1; x < box.right; x += 8)
        for (let y = box.top + 1; y < box.bottom; y += 8)
          if (!each.contains(document.elementFromPoint(x, y))) return false;
      return true;
    };
    return boxes.filter(([each, box]) => {
      if (!each.matches(targets)) return false;
      const style = getComputedStyle(each);
      if (style.display === "inline" && !blockAround(each).querySelector("br, hr") && isInText(each)) return false;
      const isSmall = box.width < 24 || box.height < 24;
      if (each.querySelector(targets) || (isSmall && hasNeighbour(each, box))) return true;
      const over = boxes.filter(([other, its]) => its.left < box.right && its.right > box.left
        && its.top < box.bottom && its.bottom > box.top && !other.contains(each) && !each.contains(other));
      return !isFree(each, box, over);
    }).map(([each]) => each);
  };
  const scrolling = () => [...here].filter(each => {
    const isMore = each.scrollWidth > each.clientWidth || each.scrollHeight > each.clientHeight;
    const {overflowX, overflowY} = isMore ? getComputedStyle(each) : {};
    return isMore && [overflowX, overflowY].some(how => how === "auto" || how === "scroll");
  });
  const leadsNowhere = () => [...document.querySelectorAll("a[href^='#']")].some(
    each => !here.has(document.getElementById(each.hash.slice(1))));
  const found = [];
  const run = async (where, runOnly, resultTypes = ["violations"]) => {
    const ofOthers = Object.fromEntries([...ofColour, "target-size"].map(each => [each, {enabled: false}]));
    const options = runOnly === rules ? {rules: ofOthers} : {};
    const told = await axe.run(
      where, {runOnly, resultTypes, elementRef: true, selectors: false, preload: false, ...options});
    found.push(...told.violations.flatMap(
      each => each.nodes.map(node => `${each.id} ${node.html.slice(0, 99)} ${node.failureSummary}`)));
    return told.passes.filter(each => each.id === "color-contrast").flatMap(each => each.nodes);
  };
  const isNew = each => !before.has(each) && before.has(each.parentElement) && !passed.includes(each.outerHTML);
  const added = before ? [...here].filter(isNew) : [document];
  if (added.length) await run({include: added}, rules);
  if (before) {
    passed.push(...added.map(each => each.outerHTML).filter(each => each.length < 200));
    if (added.length || leadsNowhere()) await run(document, ofWhole);
    const wide = scrolling();
    if (wide.length) await run({include: wide}, ["scrollable-region-focusable"]);
  }
  const targets = small();
  if (targets.length) await run({include: targets}, ["target-size"]);
  const missing = [];
  if (looks) {
    look();
    at.push(`${width} ${scheme}`);
    const texts = unlike(width, scheme);
    const links = texts.map(each => each.closest("a[href]")).filter(each => each);
    const passes = texts.length ? await run({include: [...texts, ...links]}, ofColour, ["violations", "passes"]) : [];
    for (const each of texts) asked[scheme].set(each, lookOf(each, width, scheme));
    passed.push(...passes.map(node => node.element).filter(each => sizes[width].has(each))
      .map(each => lookOf(each, width, scheme)).filter(each => typeof each === "string"));
    for (const width of Object.keys(shown))
      for (const scheme of Object.keys(colours))
        if (!at.includes(`${width} ${scheme}`) && unlike(width, scheme).length) missing.push([Number(width), scheme]);
  }
  return [isWide, found, passed, missing];
}
"""
"""Asks axe for what breaks rules on the page, and for the contrast of texts and links that look unlike those that
passed. Returns that, with the looks of the texts that pass now and the screens on which there are others.

From a second screen axe is asked for what is shown there only, and for what scrolls there. It is asked for the room of
targets where there may be too little: where one is smaller than 24 pixels and has another within 24 around its middle,
or where something is laid over it; that rule took half of its time. What is laid over something else has no look: it
is asked on each page."""


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

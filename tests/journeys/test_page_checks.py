"""What checks an open page finds what it must: each kind of fault, on the screen that shows it, after what passed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize

from tests.journeys.page_checks import (
    AXE,
    DESK,
    MISWRITTEN,
    OTHER_LANGUAGE,
    SMALLEST,
    Passed,
    check_with_axe,
    is_wider_than_the_screen,
)


@pytest.fixture(scope="module")
def page_with_axe(module_context: BrowserContext) -> Iterator[Page]:
    """A page to which axe was brought once: what is written into it later leaves scripts as they are."""
    page = module_context.new_page()
    page.evaluate(AXE)
    yield page
    page.close()


@pytest.fixture
def blank(page_with_axe: Page) -> Page:
    """The same, as a desk by day shows it."""
    page_with_axe.set_viewport_size(DESK)
    page_with_axe.emulate_media(color_scheme="light", reduced_motion="no-preference")
    return page_with_axe


BY_DAY_AND_NIGHT: Final = ":root { color-scheme: light dark; background: light-dark(white, black) }"


def test_axe_is_able_to_find_something(blank: Page) -> None:
    blank.set_content("<html lang='fr'><title>x</title><main><h1>x</h1><input><p style='color:#bbb'>pale</p></main>")

    assert {line.partition(": ")[2].split()[0] for line in check_with_axe(blank)} >= {"label", "color-contrast"}


@pytest.mark.parametrize(
    ("where", "style", "shown"),
    [
        ("desk by day", "@media (width < 48rem) { p { display: none } }", "color: #bbb"),
        ("desk by day", "@media (width < 48rem) { p { position: absolute; width: 1px; height: 1px; overflow: clip } }",
         "color: #bbb"),
        ("desk by night", "@media (width < 48rem) { p { display: none } }", "color: light-dark(black, #444)"),
        ("phone by night", "@media (width > 48rem) { p { display: none } }", "color: light-dark(black, #444)"),
        ("phone by day", "@media (width > 48rem) { p { display: none } }", "color: #bbb"),
    ],
)  # fmt: skip
def test_pale_text_is_found_on_the_screen_that_shows_it(blank: Page, where: str, style: str, shown: str) -> None:
    blank.set_content(
        f"<html lang='fr'><title>x</title><style>{BY_DAY_AND_NIGHT} {style}</style>"
        f"<main><h1>x</h1><p><span style='{shown}'>pale</span></p></main>"
    )

    assert {line.partition(": ")[0].partition(" ")[2] for line in check_with_axe(blank)} >= {where}


BUTTONS: Final = "<button>x</button> <button>y</button>"
OF_TEN_PIXELS: Final = "button { width: 10px; height: 10px; padding: 0; border: 0; font-size: 1px }"


@pytest.mark.parametrize(
    ("rule", "style", "shown"),
    [
        ("target-size", OF_TEN_PIXELS, BUTTONS),
        ("target-size", "button { width: 60px; height: 60px } a { position: absolute; inset: 10px 10px 0 }",
         f"<div style='position: relative'>{BUTTONS}<a href='/x'>over them</a></div>"),
        ("button-name", "", "<button></button>"),
        ("landmark-unique", "", "<nav aria-label='a'>x</nav><nav aria-label='a'>y</nav>"),
        ("scrollable-region-focusable", "div { height: 40px; overflow: auto }", "<div>" + "<p>x</p>" * 20 + "</div>"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("where", "hidden"), [("phone", "width > 48rem"), ("desk", "width < 48rem")])
def test_what_one_screen_shows_is_asked_there(
    blank: Page, where: str, hidden: str, rule: str, style: str, shown: str
) -> None:
    for size in (SMALLEST, DESK):
        blank.set_viewport_size(size)
        blank.set_content(
            f"<html lang='fr'><title>x</title><style>{style} @media ({hidden}) {{ section {{ display: none }} }}"
            f"</style><main><h1>x</h1><section>{shown}</section></main>"
        )
        found = [line.partition(": ") for line in check_with_axe(blank)]

        assert {place.split()[1] for place, _, said in found if said.startswith(f"{rule} ")} == {where}


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("image-alt", "<p>Some words</p><img src='data:,'>"),
        ("button-name", "<p>Some words</p><button></button>"),
        ("label", "<p>Some words</p><button>Send</button><input>"),
        ("list", "<ul><p>Some words</p></ul><button>Send</button>"),
        ("heading-order", "<p>Some words</p><button>Send</button><h4>Then</h4>"),
        ("label-content-name-mismatch", "<p>Some words</p><button aria-label='Envoyer'>Send</button>"),
        ("valid-lang", "<p lang='english'>Some words</p><button aria-label='Send'>Send</button>"),
        ("landmark-unique", "<nav aria-label='x'>y</nav><nav aria-label='x'>z</nav>"),
        ("target-size", f"<style>{OF_TEN_PIXELS}</style>{BUTTONS}"),
    ],
)
def test_a_fault_is_found_in_the_second_language_though_the_page_passed_in_the_first(
    blank: Page, rule: str, fault: str
) -> None:
    """In the main part, of the same shape as what passed or of another."""
    passed = Passed()
    whole = "<html lang='{}'><title>x</title><header>x</header><main><h1>x</h1>{}</main>"
    for good in ("<p lang='en'>Des mots</p><button aria-label='Envoyer'>Envoyer</button>",
                 "<p>Des mots</p><button aria-label='Envoyer'>Envoyer</button>",
                 "<nav aria-label='x'>y</nav><nav aria-label='y'>z</nav>"):  # fmt: skip
        blank.set_content(whole.format("fr", good))
        assert check_with_axe(blank, passed=passed) == []
    blank.set_content(whole.format("en", fault))

    assert rule in {line.partition(": ")[2].split()[0] for line in check_with_axe(blank, OTHER_LANGUAGE, passed=passed)}


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("<p>x y z</p>", "<p style='color: light-dark(#bbb, #444)'>x y z</p>"),
        ("<p>x y z</p>", "<div style='background: light-dark(#555, #aaa)'><p>x y z</p></div>"),
        ("<p>x y z</p>", "<div style='opacity: 0.4'><p>x y z</p></div>"),
        ("<p style='color: light-dark(#888, #666); font-size: 40px'>x y z</p>",
         "<p style='color: light-dark(#888, #666)'>x y z</p>"),
        ("<input disabled value='x y z' style='color: light-dark(#bbb, #444); background: light-dark(white, black)'>",
         "<input value='x y z' style='color: light-dark(#bbb, #444); background: light-dark(white, black)'>"),
    ],
    ids=["its colour", "its ground", "how much shines through", "its size", "disabled before"],
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["by day", "by night"])
def test_pale_text_is_found_though_others_passed_on_a_page_before(
    blank: Page, scheme: str, before: str, now: str
) -> None:
    passed = Passed()
    found = []
    for shown in (before, now):
        blank.set_content(
            f"<html lang='fr'><title>x</title><style>{BY_DAY_AND_NIGHT} :root {{ color: light-dark(black, white) }}"
            f"</style><main><h1>x</h1>{shown}<p>x y z</p></main>"
        )
        lines = check_with_axe(blank, passed=passed)
        found.append([line for line in lines if scheme in line and "color-contrast" in line])

    assert passed.looks
    assert found[0] == []
    assert found[1] != []


@pytest.mark.parametrize(
    ("where", "style", "colour"),
    [
        ("phone by day", "", "light-dark(#222, #767676)"),
        ("desk by night", "", "light-dark(#767676, #ddd)"),
        ("phone by night", "@media (width > 48rem) { p { display: none } }", "light-dark(#767676, #ddd)"),
        ("desk by day", "@media (width < 48rem) { p { display: none } }", "light-dark(#222, #767676)"),
    ],
)
def test_a_link_that_looks_like_the_text_around_it_is_found_on_the_screen_that_shows_it(
    blank: Page, where: str, style: str, colour: str
) -> None:
    blank.set_content(
        f"<html lang='fr'><title>x</title><style>{BY_DAY_AND_NIGHT} {style} :root {{ color: light-dark(black, white) }}"
        f" a {{ color: {colour}; text-decoration: none }}</style>"
        "<main><h1>x</h1><p>words around <a href='#there'>a link</a>, and others after it</p></main>"
    )
    found = [line.partition(": ") for line in check_with_axe(blank)]

    assert where in {screen.partition(" ")[2] for screen, _, said in found if said.startswith("link-in-text-block")}


def test_lists_without_items_times_that_html_does_not_know_and_what_plays_by_itself_are_noticed(blank: Page) -> None:
    blank.set_content(
        "<ul></ul><ul><li>x</li></ul><video autoplay></video>"
        "<time datetime='2026-11-28T14:30:00+00:00'>x</time><time datetime='2026-11-28'>x</time>"
        "<time datetime='2026-11-28T14:30:00.123456+00:00'>x</time><time datetime='yesterday'>x</time>"
    )

    assert len(blank.evaluate(MISWRITTEN)) == 4


@pytest.mark.parametrize("before", [SMALLEST, DESK], ids=["on a phone before", "on a desk before"])
def test_a_page_that_is_too_wide_is_noticed(blank: Page, before: ViewportSize) -> None:
    blank.set_viewport_size(before)
    blank.set_content("<p style='inline-size: 400px'>x</p>")
    found = [line for line in check_with_axe(blank) if "scrolls sideways" in line]
    blank.set_viewport_size(SMALLEST)

    assert is_wider_than_the_screen(blank)
    assert [line.partition(": ")[0].partition(" ")[2] for line in found] == ["phone by day"]

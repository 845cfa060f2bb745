"""Leaving at once: the first thing on each public page, by button, by three presses of Shift, without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import Site

AWAY = re.compile(r"^https://meteo\.gc\.ca/")


def weather(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body="<title>Météo</title><p>Il fait beau.")


@pytest.fixture
def watched(page: Page) -> Page:
    """A browser in which the neutral site answers."""
    page.context.route(AWAY, weather)
    return page


@pytest.mark.parametrize(
    "path", ["", "youth", "family", "contact", "professionals", "about", "partners", "refer", "receipt"]
)
def test_the_way_out_is_the_first_thing_that_the_tab_key_reaches(site: Site, watched: Page, path: str) -> None:
    watched.goto(site.url("montreal", "fr", path))
    watched.keyboard.press("Tab")
    expect(watched.get_by_role("link", name="Quitter cette page")).to_be_focused()
    watched.keyboard.press("Tab")
    expect(watched.get_by_role("link", name="Passer au contenu")).to_be_focused()


def test_the_button_leaves_and_going_back_does_not_return_to_what_was_typed(site: Site, watched: Page) -> None:
    watched.goto(site.url("montreal", "fr", ""))
    watched.goto(site.url("montreal", "fr", "refer"))
    watched.locator("input[type=text]:visible").first.fill("secret")
    watched.get_by_role("link", name="Quitter cette page").click()
    watched.wait_for_url(AWAY)
    watched.go_back()

    assert watched.url == site.url("montreal", "fr", "")
    assert "secret" not in watched.content()


def test_three_presses_of_shift_leave_and_each_is_said(site: Site, watched: Page) -> None:
    watched.goto(site.url("montreal", "fr", "youth"))
    watched.keyboard.press("Shift")
    expect(watched.locator("[data-leave-said]")).to_have_text("Appuyez encore deux fois sur Maj pour quitter.")
    watched.keyboard.press("Shift")
    expect(watched.locator(".leave-presses .done")).to_have_count(2)
    watched.keyboard.press("Shift")
    watched.wait_for_url(AWAY)


def test_typing_capital_letters_does_not_leave(site: Site, watched: Page) -> None:
    watched.goto(site.url("montreal", "fr", "refer"))
    watched.locator("input[type=text]:visible").first.click()
    for letter in ("A", "B", "C", "D"):
        watched.keyboard.press(f"Shift+{letter}")

    assert watched.url == site.url("montreal", "fr", "refer")


def test_the_page_is_covered_before_the_other_site_answers(site: Site, watched: Page) -> None:
    watched.goto(site.url("montreal", "fr", "youth"))
    cover, heading, title = watched.evaluate("""() => {
      document.querySelector("[data-leave]").click();
      const look = (place) => getComputedStyle(document.querySelector(place));
      return [look(".leave-cover").display, look("h1").visibility, document.title.trim()];
    }""")

    assert (cover, heading, title) == ("block", "hidden", "")


def test_without_javascript_the_button_is_a_plain_link(site: Site, plain: Page) -> None:
    plain.context.route(AWAY, weather)
    plain.goto(site.url("montreal", "fr", "refer"))
    plain.get_by_role("link", name="Quitter cette page").click()

    assert AWAY.match(plain.url)


def test_staff_pages_have_no_such_button(site: Site, page: Page) -> None:
    site.sign_in(page, "montreal", "coordinator")
    page.goto(site.url("montreal", "fr", "referrals"))

    expect(page.get_by_role("link", name="Quitter cette page")).to_have_count(0)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("width", "height"), [(320, 568), (360, 640)])
def test_nothing_covers_the_way_out_wherever_the_page_is_scrolled(
    site: Site, page: Page, language: str, width: int, height: int
) -> None:
    """At text of twice the size, on small telephones: what lies at the button's centre is the button."""
    page.set_viewport_size({"width": width, "height": height})
    for path in ("youth", "contact"):
        page.goto(site.url("montreal", language, path))
        page.evaluate("document.documentElement.style.fontSize = '225%'")
        covered = page.evaluate("""() => {
          const found = [];
          const button = document.querySelector("[data-leave]");
          for (let top = 0; top < document.documentElement.scrollHeight; top += 50) {
            window.scrollTo(0, top);
            const box = button.getBoundingClientRect();
            const there = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            if (!there || !button.contains(there)) found.push(top);
          }
          return found;
        }""")

        assert covered == []


def test_the_way_out_works_before_any_script_arrives(site: Site, watched: Page) -> None:
    watched.route("**/*.js*", lambda route: route.abort())
    watched.goto(site.url("montreal", "fr", "contact"))
    watched.get_by_role("link", name="Quitter cette page").click()

    watched.wait_for_url(AWAY)

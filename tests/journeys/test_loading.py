"""Pages load once and stand still: nothing static is fetched again, and nothing moves under the reader's finger."""

import pytest
from playwright.sync_api import BrowserContext, Page
from pytest_playwright import CreateContextCallback

from tests.journeys.conftest import Site
from tests.journeys.page_checks import DESK, PHONE

MOST_SHIFT = 0.05
"""Cumulative layout shift of a page that stands still."""
OBSERVE = """
window.moved = 0;
window.shifts = new PerformanceObserver(list => { for (const each of list.getEntries()) window.moved += each.value; });
window.shifts.observe({ type: "layout-shift", buffered: true });
"""
PUSHED = """
addEventListener("load", () => requestAnimationFrame(() => requestAnimationFrame(() => {
  document.body.prepend(Object.assign(document.createElement("p"), { textContent: "x\\n".repeat(20) }));
  document.body.firstChild.style.cssText = "white-space: pre; margin: 0";
})));
"""
"""Puts twenty lines before everything that has been drawn."""
MOVED = """
async () => {
  const drawn = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  await drawn();
  await document.fonts.ready;
  await drawn();
  for (const each of window.shifts.takeRecords()) window.moved += each.value;
  return window.moved;
}
"""
"""How far things have moved once the fonts are there and used."""
FETCHED = """
async () => {
  await document.fonts.ready;
  return performance.getEntriesByType("resource").filter(each => each.transferSize > 0).map(each => each.name);
}
"""


@pytest.fixture
def context(new_context: CreateContextCallback) -> BrowserContext:
    """A browser that has fetched nothing yet, for each test."""
    return new_context()


@pytest.mark.parametrize("screen", ["desk", "phone"])
@pytest.mark.parametrize("path", ["refer", "youth", "partners", ""])
def test_nothing_moves_while_a_page_loads(site: Site, page: Page, path: str, screen: str) -> None:
    page.set_viewport_size(DESK if screen == "desk" else PHONE)
    page.add_init_script(OBSERVE)
    page.goto(site.url("montreal", "fr", path))
    moved = page.evaluate(MOVED)

    assert moved <= MOST_SHIFT


def test_what_moves_while_a_page_loads_is_noticed(site: Site, page: Page) -> None:
    page.set_viewport_size(DESK)
    page.add_init_script(OBSERVE)
    page.add_init_script(PUSHED)
    page.goto(site.url("montreal", "fr"))

    assert page.evaluate(MOVED) > MOST_SHIFT


def test_a_second_page_fetches_nothing_static(site: Site, page: Page) -> None:
    page.goto(site.url("montreal", "fr", "refer"))
    assert any("/static/" in each for each in page.evaluate(FETCHED)), "the first page fetches"
    page.goto(site.url("montreal", "en", "refer"))

    assert page.evaluate(FETCHED) == []

"""Pages load once and stand still: nothing static is fetched again, and nothing moves under the reader's finger."""

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Site
from tests.journeys.page_checks import DESK, PHONE

MOST_SHIFT = 0.05
"""Cumulative layout shift of a page that stands still."""
OBSERVE = """
window.moved = 0;
new PerformanceObserver(list => { for (const each of list.getEntries()) window.moved += each.value; })
  .observe({ type: "layout-shift", buffered: true });
"""
FETCHED = """
performance.getEntriesByType("resource").filter(each => each.transferSize > 0).map(each => each.name)
"""


@pytest.mark.parametrize("screen", ["desk", "phone"])
@pytest.mark.parametrize("path", ["refer", "youth", "partners", ""])
def test_nothing_moves_while_a_page_loads(site: Site, page: Page, path: str, screen: str) -> None:
    page.set_viewport_size(DESK if screen == "desk" else PHONE)
    page.add_init_script(OBSERVE)
    page.goto(site.url("montreal", "fr", path), wait_until="networkidle")
    moved = page.evaluate("(async () => { await document.fonts.ready; return window.moved; })()")

    assert moved <= MOST_SHIFT


def test_a_second_page_fetches_nothing_static(site: Site, page: Page) -> None:
    page.goto(site.url("montreal", "fr", "refer"), wait_until="networkidle")
    assert any("/static/" in each for each in page.evaluate(FETCHED)), "the first page fetches"
    page.goto(site.url("montreal", "en", "refer"), wait_until="networkidle")

    assert page.evaluate(FETCHED) == []

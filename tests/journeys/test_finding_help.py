"""Asking who can help: by keyboard, without scripts, without a trace, in both languages."""

from playwright.sync_api import Page

from tests.journeys.conftest import Site
from tests.journeys.page_checks import OTHER_LANGUAGE, SCREENS, Passed, check_page, load_axe
from tests.journeys.test_pages_for_everyone import LANGUAGES


def ask(page: Page, site: Site, language: str) -> None:
    page.goto(site.url("montreal", language, "partners"))
    page.locator('a[href$="/partners/find"]').click()
    page.locator("#find-age").fill("16")
    page.locator("#find-language").select_option("en")
    page.locator("#find-area").select_option("montreal")
    page.locator('input[name="when"][value="tonight"]').check()
    page.locator("main form button").click()
    page.wait_for_selector("#answer")


def test_the_answer_is_for_everyone(site: Site, page: Page) -> None:
    load_axe(page)
    passed = Passed()
    for language, screens in zip(LANGUAGES, (SCREENS, OTHER_LANGUAGE), strict=True):
        ask(page, site, language)

        assert check_page(page, screens, passed=passed) == []


def test_it_works_without_scripts_and_leaves_nothing_in_the_address(site: Site, plain: Page) -> None:
    ask(plain, site, "fr")

    assert plain.url == site.url("montreal", "fr", "partners/find")
    assert plain.locator("#group-perhaps").is_visible()
    assert "En Marge 12-17" in plain.locator("main").inner_text()
    assert plain.locator('input[name="age"]').input_value() == "16"

"""A partner comes into the directory by hand: a few clicks, words for the hours, and everybody sees it."""

from typing import Final

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Site
from tests.journeys.page_checks import SMALLEST, is_wider_than_the_screen

MOST_CLICKS: Final = 8
NAME: Final = "Le Refuge du Canal"


def test_a_partner_with_hours_is_added_in_few_clicks(site: Site, page: Page) -> None:
    site.sign_in(page, "montreal", "coordinator")
    page.goto(site.url("montreal", "fr", "referrals"))
    clicks = 0

    def click(role: str, name: str) -> None:
        nonlocal clicks
        page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]
        clicks += 1

    click("link", "Répertoire")
    click("link", "Ajouter un partenaire")
    page.locator("#new-organization-name-fr").click()
    clicks += 1
    page.keyboard.type(NAME)
    page.locator("#role").select_option("shelter")
    clicks += 1
    page.locator("#way-phone").click()
    clicks += 1
    page.keyboard.type("514 555-0144")
    page.locator("#new-services-0-name-fr").click()
    clicks += 1
    page.keyboard.type("Accueil de jour")
    page.locator("#new-services-0-about-fr").fill("Un lieu où se poser")
    page.locator("#new-services-0-hours").fill("lundi à vendredi, 8 h 30 à 16 h 30")
    page.locator("[name^='services.0.areas.'][type='checkbox']").first.check()
    clicks += 1
    click("button", "Ajouter au répertoire")

    expect(page.locator("h1")).to_have_text(NAME)
    print(f"clicks: add a partner with hours {clicks}")
    assert clicks <= MOST_CLICKS
    page.goto(site.url("montreal", "fr", "partners"))
    expect(page.locator("main")).to_contain_text("Accueil de jour")
    expect(page.locator("main")).to_contain_text("8 h 30")


def test_a_refused_partner_keeps_what_was_typed_on_the_smallest_screen(site: Site, page: Page) -> None:
    site.sign_in(page, "montreal", "coordinator")
    page.set_viewport_size(SMALLEST)
    page.goto(site.url("montreal", "fr", "directory/partners/new"))
    page.locator("#new-organization-name-fr").fill(NAME)
    page.locator("#new-services-0-name-fr").fill("Accueil")
    page.locator("#new-services-0-hours").fill("9-5")
    page.get_by_role("button", name="Ajouter au répertoire").click()

    expect(page.locator("#new-services-0-hours-wrong")).to_contain_text("9:00-17:00")
    expect(page.locator("#new-services-0-hours")).to_have_value("9-5")
    expect(page.locator("#new-organization-name-fr")).to_have_value(NAME)
    assert not is_wider_than_the_screen(page)

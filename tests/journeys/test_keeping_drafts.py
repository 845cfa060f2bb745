"""Words are never lost: what somebody types is kept before she sends it, and offered back after her page has died."""

from playwright.sync_api import Locator, Page, expect
from pytest_playwright import CreateContextCallback

from tests.journeys.conftest import Site
from tests.journeys.participant_files import add_file

WORDS = "Elle préfère le matin"


def offers(page: Page) -> Locator:
    """The ways to go on with what was begun."""
    return page.get_by_role("link", name="Poursuivre (", exact=False)


def test_what_was_typed_is_offered_back_after_the_page_was_killed(
    site: Site, new_context: CreateContextCallback
) -> None:
    page = new_context().new_page()
    form = site.url("montreal", "fr", f"staff/participants/{add_file(site, 'montreal')}/encounters/new")
    site.sign_in(page, "montreal", "coordinator")
    page.goto(form)
    expect(offers(page)).to_have_count(1)
    page.get_by_label("Votre note").press_sequentially(WORDS)
    expect(page.locator("[data-draft-line]")).to_contain_text("Gardé à ")
    signed_in = page.context.storage_state()
    assert not signed_in["origins"], "nothing of it stands in the browser"
    page.context.close()

    again = new_context(storage_state=signed_in).new_page()
    again.goto(form)
    expect(again.get_by_label("Votre note")).to_have_value("")
    expect(offers(again)).to_have_count(2)
    offers(again).first.click()
    expect(again.get_by_label("Votre note")).to_have_value(WORDS)
    again.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(again.locator("#done")).to_be_visible()
    again.goto(form)
    expect(offers(again)).to_have_count(1)

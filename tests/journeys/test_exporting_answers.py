"""A coordinator takes answers out as a file, on the page."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.conftest import Site


def test_a_coordinator_says_what_a_file_is_for_and_gets_it(site: Site, page: Page) -> None:
    site.refer("montreal")
    site.sign_in(page, "montreal", "coordinator")
    page.goto(site.url("montreal", "fr", "referrals"))
    page.get_by_role("link", name="Exporter des réponses dans un fichier").click()
    page.get_by_role("button", name="Exporter").click()

    assert page.locator("fieldset.wrong .error").inner_text().endswith("Dites à quoi servira le fichier.")
    page.get_by_label("Vérification des données").check()
    page.get_by_label("Tableau texte (csv)").check()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Exporter").click()
    download = downloading.value
    assert download.suggested_filename.startswith("montreal-referral-")
    assert "Camille Exemple" in download.path().read_text("utf-8-sig")

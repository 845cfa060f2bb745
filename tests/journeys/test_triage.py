"""A coordinator's day on the pages: sign in, find a referral, take a step with its reason, sign out."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Site


def test_a_coordinator_takes_a_referral_to_the_young_persons_own_answer(site: Site, page: Page) -> None:
    site.refer("montreal")
    site.sign_in(page, "montreal", "fr", "coordinator")
    page.locator(".inbox .open").first.click()
    for step in (
        "Prendre connaissance de la référence",
        "Prévoir un premier contact",
        "Noter que le contact a eu lieu",
        "Noter que la jeune personne accepte",
    ):
        page.get_by_label(step, exact=True).check()
        page.get_by_role("button", name="Consigner cette étape").click()

    expect(page.locator(".heading .tag")).to_have_text("Accepte")
    expect(page.locator(".history li")).to_have_count(5)


def test_needs_stand_before_answers_and_answers_before_nothing_else(site: Site, page: Page) -> None:
    site.refer("montreal")
    site.sign_in(page, "montreal", "fr", "coordinator")
    page.locator(".inbox .open").first.click()

    headings = page.locator("main h2").all_inner_texts()
    assert headings[:3] == ["Besoins actuels", "Forces et appuis", "Joindre la jeune personne en toute sécurité"]
    assert headings.index("Réponses") > 2


def test_a_step_that_needs_a_reason_asks_for_it_and_keeps_the_choice(site: Site, page: Page) -> None:
    site.refer("montreal")
    site.sign_in(page, "montreal", "fr", "coordinator")
    page.locator(".inbox .open").first.click()
    page.get_by_label(re.compile("Noter que la jeune personne est déjà connue")).check()
    page.get_by_role("button", name="Consigner cette étape").click()

    expect(page.get_by_role("alert")).to_contain_text("Indiquez la raison")
    expect(page.get_by_label(re.compile("Noter que la jeune personne est déjà connue"))).to_be_checked()


def test_a_filter_shows_only_its_referrals_and_can_be_kept_as_an_address(site: Site, page: Page) -> None:
    site.refer("montreal")
    site.sign_in(page, "montreal", "fr", "coordinator")
    page.get_by_label("État").select_option("waitlisted")
    expect(page.get_by_text("Rien ne correspond à ces filtres")).to_be_visible()
    assert "state=waitlisted" in page.url
    page.get_by_role("link", name="Tout afficher").click()

    expect(page.locator(".inbox .open").first).to_be_visible()


def test_who_is_not_signed_in_is_asked_to_sign_in(site: Site, page: Page) -> None:
    page.goto(site.url("montreal", "fr", "referrals"))

    assert page.url.startswith(site.url("montreal", "fr", "sign-in"))


def test_who_has_signed_out_everywhere_is_asked_to_sign_in(site: Site, page: Page) -> None:
    site.sign_in(page, "montreal", "fr", "coordinator")
    page.goto(site.url("montreal", "fr", "account"))
    page.get_by_role("button", name="Se déconnecter partout").click()
    page.goto(site.url("montreal", "fr", "referrals"))

    assert page.url.startswith(site.url("montreal", "fr", "sign-in"))


def test_a_wrong_password_is_said_without_telling_which_part_was_wrong(site: Site, page: Page) -> None:
    page.goto(site.url("montreal", "fr", "sign-in"))
    page.locator("#email").fill("nobody@example.org")
    page.locator("#password").fill("not the password")
    page.locator("main button").click()

    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#email")).to_have_value("nobody@example.org")


def test_a_sign_in_opens_one_region_only(site: Site, page: Page) -> None:
    site.sign_in(page, "montreal", "fr", "coordinator")
    page.goto(site.url("outaouais", "fr", "referrals"))

    assert page.url.startswith(site.url("outaouais", "fr", "sign-in"))


def test_an_administrator_sees_what_stands_and_no_referral(site: Site, page: Page) -> None:
    site.sign_in(page, "outaouais", "fr", "administrator")
    page.goto(site.url("outaouais", "fr", "administration"))
    expect(page.locator("main h2")).to_have_text(
        ["Ce que cette région ajoute", "Formulaires", "Langues", "Membres de l’équipe"]
    )
    reply = page.goto(site.url("outaouais", "fr", "referrals"))

    assert reply is not None
    assert reply.status == 403

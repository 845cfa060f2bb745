"""A coordinator's day on the pages: sign in, find a referral, take a step with its reason, sign out."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Site

MOST_CLICKS = {"triage to agreement": 6, "search one referral": 2, "ask for information": 3}


class Clicks:
    """Clicks of one errand, counted from the list of referrals."""

    def __init__(self, errand: str) -> None:
        self.errand = errand
        self.number = 0

    def click(self, where: Locator) -> None:
        self.number += 1
        where.click()

    def told(self) -> None:
        """Prints them, and holds them against the most that there may be."""
        print(f"clicks, {self.errand}: {self.number} of {MOST_CLICKS[self.errand]}")
        assert self.number <= MOST_CLICKS[self.errand]


def open_inbox(site: Site, page: Page) -> None:
    """Opens the list of referrals as a coordinator."""
    site.sign_in(page, "montreal", "coordinator")
    page.goto(site.url("montreal", "fr", "referrals"))


def test_a_coordinator_takes_a_referral_to_the_young_persons_own_answer(site: Site, page: Page) -> None:
    site.refer("montreal")
    site.sign_in_on_the_page(page, "montreal", "fr", "coordinator")
    clicks = Clicks("triage to agreement")
    clicks.click(page.locator(".inbox .open").first)
    for step in (
        "Prendre connaissance de la référence",
        "Prévoir un premier contact",
        "Noter que le contact a eu lieu",
        "Noter que la jeune personne accepte",
    ):
        clicks.click(page.get_by_role("button", name=step, exact=True))
        expect(page.locator("#done")).to_be_focused()

    expect(page.locator(".heading .tag").first).to_have_text("Accepte")
    expect(page.locator(".history li")).to_have_count(5)
    clicks.told()


def test_a_referral_is_found_by_its_reference_and_no_word_of_it_stands_in_the_address(site: Site, page: Page) -> None:
    site.refer("montreal")
    open_inbox(site, page)
    reference = page.locator(".inbox .open").first.inner_text()
    clicks = Clicks("search one referral")
    page.locator("#search").fill(reference)
    clicks.click(page.locator(".search button"))
    assert page.url.endswith("/referrals/search")
    expect(page.locator(".inbox .open")).to_have_count(1)
    clicks.click(page.locator(".inbox .open"))

    expect(page.locator("h1")).to_contain_text(reference)
    clicks.told()


def test_a_question_is_answered_with_the_tracking_code_and_its_answer_marks_the_inbox(site: Site, page: Page) -> None:
    code = site.refer("montreal")
    open_inbox(site, page)
    clicks = Clicks("ask for information")
    clicks.click(page.locator(".inbox .open").first)
    address = page.url
    page.get_by_label("Votre question").fill("Est-ce sûr de laisser un message?")
    clicks.click(page.get_by_role("button", name="Envoyer la question"))
    expect(page.locator("#done")).to_be_focused()
    expect(page.get_by_role("button", name="Noter que les précisions sont arrivées")).to_be_visible()
    clicks.told()

    page.goto(site.url("montreal", "fr", "receipt"))
    page.get_by_label("Votre code de suivi").fill(code)
    page.get_by_role("button", name="Voir où elle en est").click()
    expect(page.get_by_text("Est-ce sûr de laisser un message?")).to_be_visible()
    page.get_by_role("button", name="Envoyer la réponse").click()
    answer = page.get_by_label("Votre réponse")
    expect(answer).to_have_attribute("aria-invalid", "true")
    expect(answer).to_be_focused()
    answer.fill("Non, jamais le soir.")
    page.get_by_role("button", name="Envoyer la réponse").click()
    expect(page.get_by_text("L’équipe a reçu votre réponse")).to_be_visible()

    page.goto(site.url("montreal", "fr", "referrals"))
    expect(page.locator(".inbox tbody tr").first).to_contain_text("Les précisions demandées sont arrivées")
    page.goto(address.partition("?")[0])
    expect(page.get_by_text("Non, jamais le soir.")).to_be_visible()


def test_needs_stand_before_answers_and_answers_before_nothing_else(site: Site, page: Page) -> None:
    site.refer("montreal")
    open_inbox(site, page)
    page.locator(".inbox .open").first.click()

    headings = page.locator("main h2").all_inner_texts()
    assert headings[:3] == ["Besoins actuels", "Forces et appuis", "Joindre la jeune personne en toute sécurité"]
    assert headings.index("Réponses") > 2


def test_a_step_that_needs_a_reason_asks_for_it_at_its_field(site: Site, page: Page) -> None:
    site.refer("montreal")
    open_inbox(site, page)
    page.locator(".inbox .open").first.click()
    page.get_by_role("button", name="Indiquer une saisie par erreur").click()

    expect(page.locator("#reason-problem")).to_contain_text("Indiquez la raison")
    expect(page.locator("#reason")).to_be_focused()


def test_a_duplicate_is_chosen_from_those_that_are_proposed(site: Site, page: Page) -> None:
    site.refer("montreal")
    site.refer("montreal")
    open_inbox(site, page)
    expect(page.locator(".inbox tbody tr").first).to_contain_text("Doublon possible")
    page.locator(".inbox .open").first.click()
    page.get_by_role("button", name="C’est la même personne").first.click()

    expect(page.locator("#done")).to_be_focused()
    expect(page.locator(".history li").first).to_contain_text("Même personne que")


def test_filters_are_saved_under_a_name_and_deleted(site: Site, page: Page) -> None:
    site.refer("montreal")
    site.sign_in(page, "montreal", "coordinator")
    page.goto(site.url("montreal", "fr", "referrals?assignee=nobody&sort=oldest"))
    page.get_by_text("Vos filtres enregistrés").click()
    page.get_by_role("button", name="Enregistrer les filtres").click()
    expect(page.locator("#filter-name")).to_be_focused()
    page.locator("#filter-name").fill("À prendre")
    page.get_by_role("button", name="Enregistrer les filtres").click()
    expect(page.locator("#done")).to_be_focused()
    expect(page.locator(".saved a")).to_have_attribute("href", re.compile("assignee=nobody&sort=oldest"))
    page.locator("main summary").click()
    page.get_by_role("button", name="Supprimer").click()

    expect(page.locator("#done")).to_be_focused()
    expect(page.locator(".saved")).to_have_count(0)


def test_a_filter_shows_only_its_referrals_and_can_be_kept_as_an_address(site: Site, page: Page) -> None:
    site.refer("montreal")
    open_inbox(site, page)
    page.get_by_label("État").select_option("waitlisted")
    expect(page.get_by_text("Rien ne correspond à ces filtres")).to_be_visible()
    assert "state=waitlisted" in page.url
    page.get_by_role("link", name="Tout afficher").click()

    expect(page.locator(".inbox .open").first).to_be_visible()


def test_who_is_not_signed_in_is_asked_to_sign_in(site: Site, page: Page) -> None:
    page.goto(site.url("montreal", "fr", "referrals"))

    assert page.url.startswith(site.url("montreal", "fr", "sign-in"))


def test_who_has_signed_out_everywhere_is_asked_to_sign_in(site: Site, page: Page) -> None:
    site.sign_in(page, "montreal", "coordinator")
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
    site.sign_in(page, "montreal", "coordinator")
    page.goto(site.url("outaouais", "fr", "referrals"))

    assert page.url.startswith(site.url("outaouais", "fr", "sign-in"))


def test_an_administrator_sees_what_stands_and_no_referral(site: Site, page: Page) -> None:
    site.sign_in(page, "outaouais", "administrator")
    page.goto(site.url("outaouais", "fr", "administration"))
    expect(page.locator("main h2")).to_have_text(
        ["Ce que cette région ajoute", "Formulaires", "Langues", "Membres de l’équipe"]
    )
    reply = page.goto(site.url("outaouais", "fr", "referrals"))

    assert reply is not None
    assert reply.status == 403

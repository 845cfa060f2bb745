"""Referring someone on a page: by keyboard alone, without JavaScript, with mistakes, in another language half-way."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Site

RECEIPT = re.compile(r"^[A-Z0-9]{4}(-[A-Z0-9]{4}){2}$")


def receipt_on(page: Page) -> str:
    page.wait_for_selector(".receipt-code")
    return "-".join(page.locator(".receipt-code span").all_inner_texts())


def choose(page: Page, name: str, value: str) -> None:
    page.locator(f"input[name='{name}'][value='{value}']").check()


def answer(page: Page) -> None:
    """The quick way through Montréal's form."""
    choose(page, "agreement.knows", "yes")
    choose(page, "agreement.agrees", "yes")
    choose(page, "contact.how", "call")
    page.locator("input[name='contact.phone']").fill("514 555-0123")
    page.locator("[name='contact.when']").fill("en semaine, après 16 h")
    choose(page, "about.age_known", "age")
    page.locator("input[name='about.age']").fill("16")
    choose(page, "about.language", "fr")
    choose(page, "about.needs", "housing")
    page.locator("input[name='referrer.referrer_name']").fill("Dominique Exemple")
    page.locator("input[name='referrer.referrer_email']").fill("dominique@example.org")
    page.locator("input[name='referrer.not_a_report']").check()


def send(page: Page) -> None:
    page.locator("main form[data-form] .button:visible").last.click()


def focus(page: Page) -> Locator:
    return page.locator(":focus")


def tab_to(page: Page, wanted: Locator, most: int = 60) -> None:
    """Press Tab until the wanted element has the focus."""
    for _ in range(most):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {wanted}")


def test_a_referral_gives_a_receipt_and_the_address_never_changes(site: Site, page: Page) -> None:
    page.goto(site.url("montreal", "fr", "refer"))
    places = page.evaluate("history.length")
    answer(page)
    send(page)

    assert RECEIPT.match(receipt_on(page))
    assert page.url == site.url("montreal", "fr", "refer")
    assert page.evaluate("history.length") == places
    expect(focus(page)).to_have_text("La référence est reçue")


def test_the_receipt_can_be_looked_up(site: Site, page: Page) -> None:
    code = site.refer("montreal")
    page.goto(site.url("montreal", "fr", "receipt"))
    page.locator("input[name=receipt]").fill(code.lower().replace("-", " "))
    page.keyboard.press("Enter")

    expect(page.locator("#state")).to_have_text("Reçue")
    assert page.url == site.url("montreal", "fr", "receipt")


def test_an_unknown_receipt_says_so_beside_the_field(site: Site, page: Page) -> None:
    page.goto(site.url("montreal", "fr", "receipt"))
    page.locator("input[name=receipt]").fill("AAAA-AAAA-AAAA")
    page.keyboard.press("Enter")

    expect(page.locator("#receipt-code-problem")).to_contain_text("Aucune référence ne correspond à ce code.")


def test_a_referral_is_withdrawn_by_receipt_only_when_the_box_is_ticked(site: Site, page: Page) -> None:
    code = site.refer("montreal")
    page.goto(site.url("montreal", "fr", "receipt"))
    page.locator("input[name=receipt]").fill(code)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Retirer").click()
    expect(page.locator("#unticked")).to_be_visible()
    page.get_by_label("Oui, je veux retirer cette référence.").check()
    page.get_by_role("button", name="Retirer").click()

    expect(page.locator("#state")).to_have_text("Votre demande est notée")


def test_what_does_not_apply_is_not_asked(site: Site, page: Page) -> None:
    page.goto(site.url("montreal", "fr", "refer"))
    expect(page.locator("input[name='contact.phone']")).to_be_hidden()
    choose(page, "agreement.knows", "yes")
    choose(page, "agreement.agrees", "yes")
    choose(page, "contact.how", "call")
    expect(page.locator("input[name='contact.phone']")).to_be_visible()
    choose(page, "agreement.agrees", "no")

    expect(page.locator("input[name='contact.phone']")).to_be_hidden()


def test_mistakes_are_summed_up_named_and_led_to_and_nothing_typed_is_lost(site: Site, page: Page) -> None:
    page.goto(site.url("montreal", "fr", "refer"))
    answer(page)
    page.locator("input[name='about.age']").fill("160")
    page.locator("input[name='referrer.referrer_name']").fill("")
    send(page)
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(2)
    summary.get_by_role("link", name=re.compile("Votre nom")).click()

    expect(page.locator("input[name='referrer.referrer_name']")).to_be_focused()
    expect(page.locator("input[name='about.age']")).to_have_value("160")
    expect(page.locator("input[name='about.age']")).to_have_attribute("aria-invalid", "true")


def test_another_language_keeps_what_is_typed(site: Site, page: Page) -> None:
    page.goto(site.url("montreal", "fr", "refer"))
    answer(page)
    page.get_by_role("navigation", name="Langue").get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Refer someone")

    assert page.url == site.url("montreal", "en", "refer")
    expect(page.locator("input[name='about.age']")).to_have_value("16")
    expect(page.get_by_role("alert")).to_have_count(0)
    send(page)
    assert RECEIPT.match(receipt_on(page))


def test_when_the_network_fails_nothing_typed_is_lost(site: Site, page: Page) -> None:
    page.goto(site.url("montreal", "fr", "refer"))
    answer(page)
    page.route("**/refer", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    send(page)
    expect(page.locator("p[data-sending]")).to_contain_text("Rien n’a été envoyé")
    page.unroute("**/refer")
    send(page)

    assert RECEIPT.match(receipt_on(page))


def test_a_referral_can_be_made_by_keyboard_alone(site: Site, page: Page) -> None:
    page.goto(site.url("montreal", "fr", "refer"))

    def pick(name: str, value: str) -> None:
        """Tab to the group, then the arrows, as a person does with radio buttons."""
        tab_to(page, page.locator(f"input[name='{name}']").first)
        page.keyboard.press("Space")
        for _ in range(12):
            if page.evaluate("document.activeElement.value") == value:
                return
            page.keyboard.press("ArrowDown")
        raise AssertionError(f"{name} has no {value}")

    def write(name: str, text: str) -> None:
        tab_to(page, page.locator(f"[name='{name}']"))
        page.keyboard.type(text)

    pick("agreement.knows", "yes")
    pick("agreement.agrees", "yes")
    pick("contact.how", "through_referrer")
    write("contact.when", "en semaine")
    pick("about.age_known", "age")
    write("about.age", "16")
    pick("about.language", "fr")
    write("referrer.referrer_name", "Dominique Exemple")
    write("referrer.referrer_email", "dominique@example.org")
    tab_to(page, page.locator("input[name='referrer.not_a_report']"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Envoyer la référence"))
    page.keyboard.press("Enter")

    assert RECEIPT.match(receipt_on(page))


def test_a_referral_can_be_made_without_javascript(site: Site, plain: Page) -> None:
    plain.goto(site.url("montreal", "fr", "refer"))
    answer(plain)
    send(plain)

    assert RECEIPT.match(receipt_on(plain))


def test_without_javascript_mistakes_and_typed_answers_come_back(site: Site, plain: Page) -> None:
    plain.goto(site.url("montreal", "fr", "refer"))
    answer(plain)
    plain.locator("input[name='referrer.referrer_name']").fill("")
    send(plain)
    expect(plain.get_by_role("alert").get_by_role("link")).to_have_count(1)
    plain.locator("input[name='referrer.referrer_name']").fill("Dominique Exemple")
    send(plain)

    assert RECEIPT.match(receipt_on(plain))


def test_without_javascript_a_birth_date_is_taken_from_three_fields(site: Site, plain: Page) -> None:
    plain.goto(site.url("montreal", "fr", "refer"))
    answer(plain)
    choose(plain, "about.age_known", "birth_date")
    for part, value in (("day", "31"), ("month", "2"), ("year", "2010")):
        plain.locator(f"input[name='about.birth_date.{part}']").fill(value)
    send(plain)
    expect(plain.get_by_role("alert").get_by_role("link")).to_have_count(1)
    plain.locator("input[name='about.birth_date.day']").fill("27")
    send(plain)

    assert RECEIPT.match(receipt_on(plain))


def test_sending_the_same_page_twice_makes_one_referral(site: Site, plain: Page) -> None:
    plain.goto(site.url("montreal", "fr", "refer"))
    answer(plain)
    send(plain)
    first = receipt_on(plain)
    plain.reload()

    assert receipt_on(plain) == first

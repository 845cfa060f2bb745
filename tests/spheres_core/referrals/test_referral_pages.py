"""The referral on pages over HTTP: what is sent is kept once, what is wrong is said, the receipt tells nothing more."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from spheres_core.staff.operations import accounts
from spheres_core.testing import World, definition

PASSWORD = "a long sentence for the tests"
ANSWERS = [
    ("agreement.knows", "yes"),
    ("agreement.agrees", "yes"),
    ("contact.how", "through_referrer"),
    ("contact.when", "weekdays"),
    ("about.age_known", "age"),
    ("about.age", "16"),
    ("about.language", "en"),
    ("about.needs", "housing"),
    ("referrer.referrer_name", "Dominique Exemple"),
    ("referrer.referrer_email", "dominique@example.org"),
    ("referrer.not_a_report", "yes"),
]
URL = "/t/north/en/refer"


@pytest.fixture(scope="module")
def world(shared_world: World) -> World:
    shared_world.renew(definition("north", "quebec", "montreal"))

    async def employ(ctx: Any) -> None:
        await accounts.create_account(ctx, "c@example.org", name="Camille", roles=["coordinator"], password=PASSWORD)

    shared_world.act("north", employ)
    return shared_world


@pytest.fixture
def coordinator(world: World) -> Iterator[World]:
    """The world, with a coordinator signed in."""
    world.http.cookies.clear()
    world.post("/t/north/en/sign-in", data={"email": "c@example.org", "password": PASSWORD})
    yield world
    world.http.cookies.clear()


def send(world: World, pairs: list[tuple[str, str]], path: str = URL, **headers: str) -> Any:
    given = {"content-type": "application/x-www-form-urlencoded", **headers}
    return world.post(path, content=urlencode(pairs), headers=given)


def receipt_of(html: str) -> str:
    shown = re.search(r'class="receipt-code">(.*?)</p>', html)
    assert shown is not None, html
    return "-".join(re.findall(r"<span>(\w+)</span>", shown[1]))


def csrf_of(html: str) -> str:
    found = re.search(r'name="_csrf" value="([^"]+)"', html)
    assert found is not None
    return found[1]


def test_a_referral_is_answered_with_a_receipt_that_opens_its_state(world: World) -> None:
    answered = send(world, ANSWERS)
    code = receipt_of(answered.text)

    assert answered.status_code == 201
    assert world.post("/t/north/api/receipts", json={"receipt": code}).json() == {"state": "received"}


def test_the_same_page_sent_twice_is_one_referral_with_one_receipt(world: World) -> None:
    pairs = [*ANSWERS, ("_once", "the same")]

    assert receipt_of(send(world, pairs).text) == receipt_of(send(world, pairs).text)


def test_a_page_sent_again_with_other_answers_is_asked_again_and_keeps_them(world: World) -> None:
    send(world, [*ANSWERS, ("_once", "another")])
    answered = send(world, [*ANSWERS, ("about.her_words", "a place of her own"), ("_once", "another")])

    assert answered.status_code == 409
    assert "a place of her own" in answered.text


def test_what_is_wrong_is_said_beside_its_question_and_nothing_is_kept(world: World) -> None:
    before = len(world.get("/t/north/api/referrals", headers=world.bearer("north", "coordinator")).json()["items"])
    answered = send(world, [pair for pair in ANSWERS if pair[0] != "referrer.referrer_name"])
    after = len(world.get("/t/north/api/referrals", headers=world.bearer("north", "coordinator")).json()["items"])

    assert answered.status_code == 422
    assert 'href="#q-referrer-referrer_name"' in answered.text
    assert 'id="q-referrer-referrer_name-problem"><svg' in answered.text
    assert before == after


def test_a_form_that_has_changed_meanwhile_is_shown_again_with_what_was_typed(world: World) -> None:
    answered = send(world, [*ANSWERS, ("_version", "000000000000")])

    assert answered.status_code == 409
    assert "The form has changed since you opened it" in answered.text
    assert 'value="Dominique Exemple"' in answered.text


def test_another_language_shows_what_is_typed_without_judging_it(world: World) -> None:
    answered = send(world, [("referrer.referrer_name", "Dominique"), ("_show", "fr-CA")], "/t/north/fr/refer")

    assert answered.status_code == 200
    assert 'lang="fr-CA"' in answered.text
    assert 'value="Dominique"' in answered.text
    assert 'class="summary"' not in answered.text


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"x" * 3_000_000, "application/x-www-form-urlencoded", 413),
        (b"&".join(b"a%d=1" % n for n in range(20_001)), "application/x-www-form-urlencoded", 400),
        (b"\xff\xfe", "application/x-www-form-urlencoded", 400),
        (b"a=%FF%FE", "application/x-www-form-urlencoded", 400),
        (b"about.age=%00&referrer.referrer_name=%00", "application/x-www-form-urlencoded", 422),
        (b"about.age=16%27%3B+DROP+TABLE+referrals%3B--", "application/x-www-form-urlencoded", 422),
        (b"unknown.question=1", "application/x-www-form-urlencoded", 422),
        (b"_add=__proto__.x&_add=agreement.knows.y", "application/x-www-form-urlencoded", 200),
        (b"_add=" + b"a." * 5_000, "application/x-www-form-urlencoded", 200),
        (b"{}", "application/json", 415),
        (b"", "multipart/form-data; boundary=x", 415),
    ],
)
def test_a_hostile_post_is_refused_clearly(world: World, body: bytes, kind: str, status: int) -> None:
    assert world.post(URL, content=body, headers={"content-type": kind}).status_code == status


def test_what_is_typed_is_never_markup(world: World) -> None:
    answered = send(world, [("referrer.referrer_name", '"><script>alert(1)</script>')])

    assert "<script>alert" not in answered.text
    assert "&lt;script&gt;alert(1)" in answered.text


def test_a_post_from_another_site_is_refused(world: World) -> None:
    assert send(world, ANSWERS, URL, origin="https://elsewhere.example").status_code == 403


def test_an_unknown_receipt_is_not_found_and_shown_again(world: World) -> None:
    answered = send(world, [("receipt", "NOPE-NOPE-NOPE")], "/t/north/en/receipt")

    assert answered.status_code == 404
    assert 'value="NOPE-NOPE-NOPE"' in answered.text


def test_a_withdrawal_says_the_same_before_and_after_contact(world: World) -> None:
    early, late = receipt_of(send(world, ANSWERS).text), receipt_of(send(world, ANSWERS).text)
    token = world.bearer("north", "coordinator")
    id = world.get("/t/north/api/referrals", headers=token).json()["items"][0]["id"]
    for to in ("in_review", "contact_planned", "in_contact"):
        moved = world.post(f"/t/north/api/referrals/{id}/transitions", json={"to": to, "reason": "x"}, headers=token)
        assert moved.status_code == 200
    asked = [
        send(world, [("receipt", code), ("confirm", "yes")], "/t/north/en/receipt/withdraw") for code in (early, late)
    ]

    assert [each.status_code for each in asked] == [200, 200]
    assert asked[0].text.replace(early, "") == asked[1].text.replace(late, "")


def test_a_withdrawal_without_the_box_does_nothing(world: World) -> None:
    code = receipt_of(send(world, ANSWERS).text)
    answered = send(world, [("receipt", code)], "/t/north/en/receipt/withdraw")

    assert answered.status_code == 422
    assert "Please tick the box" in answered.text
    assert world.post("/t/north/api/receipts", json={"receipt": code}).json() == {"state": "received"}


def test_the_withdrawal_page_opened_by_its_address_is_the_receipt_page(world: World) -> None:
    assert world.get("/t/north/en/receipt/withdraw").text == world.get("/t/north/en/receipt").text.replace(
        "/fr/receipt", "/fr/receipt/withdraw"
    )


def test_a_list_with_more_than_one_page_leads_on_and_keeps_its_filter(coordinator: World) -> None:
    for _ in range(51):
        assert coordinator.refer("north").status_code == 201
    first = coordinator.get("/t/north/en/referrals?state=received").text
    following = re.search(r'href="(\?state=received&amp;cursor=[^"]+)" rel="next"', first)

    assert following is not None
    second = coordinator.get(f"/t/north/en/referrals{following[1].replace('&amp;', '&')}").text
    assert 'class="open"' in second
    assert 'href="?state=received" rel="prev"' in second


def test_a_cursor_that_was_not_given_is_refused(coordinator: World) -> None:
    assert coordinator.get("/t/north/en/referrals?cursor=AAAA").status_code == 422


def test_a_step_needs_the_forms_own_secret(coordinator: World) -> None:
    receipt_of(send(coordinator, ANSWERS).text)
    inbox = coordinator.get("/t/north/en/referrals").text
    address = re.search(r'class="open" href="([^"]+)"', inbox)
    assert address is not None
    html = coordinator.get(address[1]).text

    assert send(coordinator, [("to", "in_review")], address[1]).status_code == 403
    moved = send(coordinator, [("to", "in_review"), ("_csrf", csrf_of(html))], address[1])
    assert (moved.status_code, moved.headers["location"]) == (303, f"{address[1]}?done=in_review#done")


def test_a_step_that_cannot_be_taken_shows_why_and_keeps_the_reason(coordinator: World) -> None:
    send(coordinator, ANSWERS)
    address = re.search(r'class="open" href="([^"]+)"', coordinator.get("/t/north/en/referrals").text)
    assert address is not None
    csrf = csrf_of(coordinator.get(address[1]).text)
    answered = send(coordinator, [("to", "agreed"), ("reason", "she told me"), ("_csrf", csrf)], address[1])

    assert answered.status_code == 409
    assert "This referral cannot take that step now." in answered.text
    assert "she told me</textarea>" in answered.text


def test_what_was_written_in_another_language_is_marked_so(coordinator: World) -> None:
    send(coordinator, [*ANSWERS, ("about.her_words", "une place à elle")], "/t/north/fr/refer")
    address = re.search(r'class="open" href="([^"]+)"', coordinator.get("/t/north/en/referrals").text)
    assert address is not None

    assert '<span lang="fr-CA" dir="ltr">une place à elle</span>' in coordinator.get(address[1]).text

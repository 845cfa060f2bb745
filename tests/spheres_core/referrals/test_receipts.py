"""A receipt tells the referrer that somebody takes care of it, and never whether the young person takes part."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spheres_core.foundation.content import readable_codes
from spheres_core.referrals import receipts
from spheres_core.referrals.states import INITIAL, SETTLED, steps
from spheres_core.testing import World
from tests.examples import examples
from tests.spheres_core.referrals.conftest import Office

DELAY: Final = dt.timedelta(days=30)
_examples = settings(
    max_examples=examples(30),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


def test_a_receipt_cannot_be_guessed_or_misheard() -> None:
    given = {readable_codes.new_readable_code() for _ in range(2_000)}
    assert len(given) == 2_000
    assert all(re.fullmatch(r"[A-Z34678]{4}(-[A-Z34678]{4}){2}", each) for each in given)
    assert len(readable_codes.ALPHABET) ** readable_codes.LENGTH > 2**50
    assert len(set("".join(given)) - {"-"}) == len(readable_codes.ALPHABET)


@pytest.mark.parametrize("alike", ["0oOQ", "1iIlL", "2zZ", "5sS", "6bG", "8B", "9gq", "uUvV", "mM"])
def test_no_two_signs_of_a_receipt_look_alike_in_capitals_or_small_letters(alike: str) -> None:
    signs = {sign for sign in readable_codes.ALPHABET if {sign, sign.lower()} & set(alike)}

    assert len(signs) <= 1


def test_a_receipt_is_found_however_it_is_typed_and_is_itself_kept_nowhere(office: Office) -> None:
    receipt, _ = office.refer()
    bare = receipt.replace("-", "")
    for typed in (receipt.lower(), bare, f"  {receipt} ", " ".join(bare), bare.lower().replace("", ".")):
        assert office.ask(typed) == "received"
    for other in (receipt[:-1], receipt + "A", "", "-", bare[::-1] + "Z"):
        asked = office.world.post("/t/north/api/receipts", json={"receipt": other})
        assert (asked.status_code, asked.json()["code"]) == (404, "receipt_unknown")
    assert (
        office.sql(
            "SELECT 1 FROM referrals WHERE receipt_mark = %s OR receipt_mark = %s", receipt.encode(), bare.encode()
        )
        == []
    )


def histories() -> st.SearchStrategy[list[tuple[float, str]]]:
    """What the team does over the months: days that pass, and the number of the step that is then taken."""
    return st.lists(st.tuples(st.floats(0, 20), st.integers(0, 20).map(str)), max_size=7)


def live(
    office: Office, id: str, receipt: str, story: Sequence[tuple[float, str]], withdraws_at: int | None
) -> list[str]:
    """Live a history and ask the receipt every day and right after each step; the answers in order."""
    heard = [office.ask(receipt)]
    for number, (days, choice) in enumerate(story):
        office.wait(days=days)
        heard.append(office.ask(receipt))
        if withdraws_at == number:
            heard.append(office.withdraw(receipt).json()["state"])
        read = office.read(id)
        if read["steps"]:
            office.go(id, read["steps"][int(choice) % len(read["steps"])])
        heard.append(office.ask(receipt))
    return heard


@_examples
@given(story=histories(), withdraws_at=st.none() | st.integers(0, 6))
def test_whatever_happens_a_receipt_only_goes_on(
    north_and_south: World, story: list[tuple[float, str]], withdraws_at: int | None
) -> None:
    office = Office(north_and_south)
    receipt, id = office.refer()
    heard = live(office, id, receipt, story, withdraws_at)
    order = ["received", "being_looked_at", "closed"]
    assert [order.index(each) for each in heard] == sorted(order.index(each) for each in heard), heard


@_examples
@given(story=histories())
def test_closed_comes_the_same_time_after_every_outcome_and_after_her_agreement(
    north_and_south: World, story: list[tuple[float, str]]
) -> None:
    office = Office(north_and_south)
    receipt, id = office.refer()
    live(office, id, receipt, story, None)
    settled = next((move["at"] for move in office.read(id)["history"] if move["to_state"] in SETTLED), None)
    if settled is None:
        office.wait(days=3_000)  # the token is no longer good, the receipt is
        assert office.ask(receipt) != "closed", "as long as nothing is settled the referral is being looked at"
        return
    since = dt.datetime.fromisoformat(settled)
    north_and_south.now = since + DELAY - dt.timedelta(seconds=1)
    assert office.ask(receipt) == "being_looked_at"
    north_and_south.now = since + DELAY
    assert office.ask(receipt) == "closed"


OUTCOMES: Final = {
    "agreed": ("in_review", "contact_planned", "in_contact", "agreed"),
    "agreed, then not": ("in_review", "contact_planned", "in_contact", "agreed", "youth_declined"),
    "declined": ("in_review", "contact_planned", "in_contact", "youth_declined"),
    "already known": ("in_review", "contact_planned", "in_contact", "duplicate"),
    "directed elsewhere": ("in_review", "contact_planned", "in_contact", "redirected"),
    "entered in error": ("in_review", "contact_planned", "in_contact", "entered_in_error"),
    "ended, then found to be an error": ("in_review", "redirected", "entered_in_error"),
    "withdrawn": ("in_review", "contact_planned", "withdrawn"),
}


def test_no_outcome_can_be_told_from_another_by_asking_every_day(office: Office) -> None:
    """The referrer asks day after day; the last step but one and the last happen on the same days in every story."""
    heard: dict[str, list[str]] = {}
    for name, way in OUTCOMES.items():
        office.world.now = dt.datetime(2027, 1, 4, 9, tzinfo=dt.UTC)
        receipt, id = office.refer()
        office.wait(hours=1)
        office.go(id, *way)
        days = []
        for _ in range(35):
            office.wait(days=1)
            days.append(office.ask(receipt))
        heard[name] = days
    assert len({tuple(days) for days in heard.values()}) == 1, heard
    assert heard["agreed"][0] == "being_looked_at"
    assert heard["agreed"][-1] == "closed"


def test_asking_to_withdraw_is_answered_alike_whether_or_not_contact_was_made(office: Office) -> None:
    answers = []
    for way in (("in_review",), ("in_review", "contact_planned"), ("in_review", "contact_planned", "in_contact"),
                ("in_review", "contact_planned", "in_contact", "agreed"),
                ("in_review", "contact_planned", "in_contact", "youth_declined")):  # fmt: skip
        office.world.now = dt.datetime(2027, 1, 4, 9, tzinfo=dt.UTC)
        receipt, id = office.refer()
        office.go(id, *way)
        said = office.withdraw(receipt)
        again = office.withdraw(receipt)
        later = []
        for _ in range(32):
            office.wait(days=1)
            later.append(office.ask(receipt))
        answers.append((said.status_code, said.content, sorted(said.headers.items()), again.content, later))
    assert all(each == answers[0] for each in answers)


def test_the_delay_is_the_tenants_own(north_and_south: World) -> None:
    office = Office(north_and_south, "south")
    receipt, id = office.refer()
    office.go(id, "in_review", "redirected")
    office.wait(days=9.9)
    assert office.ask(receipt) == "being_looked_at"
    office.wait(days=0.2)
    assert office.ask(receipt) == "closed"


@given(
    state=st.sampled_from(["received", "in_review", "agreed", "withdrawn"]),
    days=st.floats(0, 90),
    asked=st.none() | st.floats(0, 90),
)
def test_the_page_and_the_rule_agree_on_the_three_words(state: str, days: float, asked: float | None) -> None:
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    ended = start if state in SETTLED else None
    wish = start + dt.timedelta(days=asked) if asked is not None else None
    shown = receipts.state_shown(state, ended, wish, start + dt.timedelta(days=days), DELAY)
    assert shown in ("received", "being_looked_at", "closed")
    assert shown != "received" or state == INITIAL
    assert steps(state, contacted=False)

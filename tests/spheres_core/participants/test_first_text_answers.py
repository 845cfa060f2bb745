"""Her answer to a first text: only her word lets more be sent, and whoever reads along sees no difference."""

from __future__ import annotations

import datetime as dt
import html
from typing import Any, Final

import pytest

from spheres_core.participants.contact_texts import FIRST
from spheres_core.participants.operations.participants import NewParticipant
from spheres_core.testing import World, definition
from tests.spheres_core.participants.callers import Caller, add_participant, agree, assign

NOW: Final = dt.datetime(2026, 11, 20, 15, 0, tzinfo=dt.UTC)
"""A Friday, ten in the morning in the region."""
TEXT: Final[dict[str, Any]] = {
    "channel": "text", "value": "514-555-0102", "confirmed_on": "2026-11-18", "code_word": "Kanari",
    "duress_word": "pluie", "hours": [{"days": ["FR"], "opens": "09:00", "closes": "12:00"}],
}  # fmt: skip
SAID: Final = "who is this, leave Kanari alone"


class Region:
    """A region with a pivot worker, and a coordinator who chose to be told."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.pivot = Caller(world, "pivot@example.org", "pivot_worker")
        self.reader = Caller(world, "reader@example.org", "pivot_worker")
        self.coordinator = Caller(world, "coordinator@example.org", "coordinator")
        world.sql("UPDATE staff SET chooses_referral_mail = true WHERE id = %s", self.coordinator.id)

    def answer(self, her: NewParticipant, said: str, channel: str = "text") -> Any:
        body = {"channel": channel, "said": said}
        return self.pivot.post(f"participants/{her.code}/safe-contact/answers", json=body)

    def told(self) -> int:
        self.world.deliver("north")
        ((count,),) = self.world.sql("SELECT count(*) FROM trail_entries WHERE verb = 'notification.sent'")
        return int(count)

    def is_closed(self, her: NewParticipant) -> bool:
        (line,) = self.pivot.get(f"participants/{her.code}/safe-contact").json()["lines"]
        return bool(line["refusal"] and line["refusal"]["code"] == "unsafe")


@pytest.fixture(scope="module")
def region(shared_world: World) -> Region:
    return Region(shared_world.renew(definition("north", "quebec"), now=NOW))


@pytest.fixture
def her(region: Region) -> NewParticipant:
    her = add_participant(region.world)
    assign(region.world, region.pivot, her)
    assign(region.world, region.reader, her, acts=("read",))
    agree(region.world, her)
    body = {"safe_contact": {"channels": [TEXT], "language": "en-CA"}, "version": 0}
    assert region.pivot.put(f"participants/{her.code}/safe-contact", json=body).status_code == 200
    return her


def codes(answer: Any) -> set[str]:
    assert answer.status_code == 200, answer.text
    return {each["code"] for each in answer.json()["texts"]}


@pytest.mark.parametrize("said", ["Kanari", " kanari ", "KANARI"])
def test_after_her_word_more_may_be_sent_and_nobody_needs_to_be_told(
    region: Region, her: NewParticipant, said: str
) -> None:
    before = region.told()
    answer = region.answer(her, said)

    assert answer.json()["reply"] == "right"
    assert codes(answer) > FIRST
    assert region.told() == before
    assert not region.is_closed(her)
    (line,) = region.pivot.get(f"participants/{her.code}/safe-contact").json()["lines"]
    assert {each["code"] for each in line["texts"]} == FIRST, "it opens nothing for later"


def test_after_any_other_answer_the_same_one_text_may_follow_and_the_team_is_told(
    region: Region, her: NewParticipant
) -> None:
    before = region.told()
    wrong = region.answer(her, SAID)
    after_one = region.told()
    watched = region.answer(her, "Pluie")

    assert (wrong.json()["reply"], watched.json()["reply"]) == ("wrong", "duress")
    assert codes(wrong) == codes(watched) == {"another_time"}
    assert before < after_one < region.told()


def test_her_word_for_being_watched_closes_the_channel_and_another_answer_does_not(
    region: Region, her: NewParticipant
) -> None:
    region.answer(her, SAID)
    assert not region.is_closed(her)

    region.answer(her, "pluie")

    assert region.is_closed(her)
    assert codes(region.answer(her, "Kanari")) == set(), "until she confirms it again"


def test_nothing_may_follow_outside_her_hours_whatever_she_answers(region: Region, her: NewParticipant) -> None:
    region.world.now = NOW + dt.timedelta(hours=5)
    try:
        region.pivot.sign_in()
        assert codes(region.answer(her, "Kanari")) == set()
        assert codes(region.answer(her, SAID)) == set()
    finally:
        region.world.now = NOW
        region.pivot.sign_in()


def test_what_was_answered_is_kept_nowhere(region: Region, her: NewParticipant) -> None:
    region.answer(her, SAID)
    page = region.pivot.send(f"staff/participants/{her.code}/safe-contact/answers", channel="text", said=SAID)

    assert SAID not in page.text
    trail = region.world.sql("SELECT to_jsonb(e)::text FROM trail_entries e WHERE verb LIKE 'first_text%%'")
    assert trail
    assert [text for (text,) in trail if "anari" in text or "who is this" in text] == []


def test_an_empty_answer_an_unknown_channel_and_who_may_not_write_are_refused(
    region: Region, her: NewParticipant
) -> None:
    assert region.answer(her, "  ").status_code == 422
    assert region.answer(her, "Kanari", "email").status_code == 422
    assert region.answer(her, "Kanari", "phone").status_code == 422
    body = {"channel": "text", "said": "Kanari"}
    assert region.reader.post(f"participants/{her.code}/safe-contact/answers", json=body).status_code == 404


def test_the_page_says_whether_to_go_on_and_what_may_be_sent(region: Region, her: NewParticipant) -> None:
    address = f"staff/participants/{her.code}/safe-contact"
    assert "May I go on?" in region.pivot.page(address).text
    assert "May I go on?" not in region.reader.page(address).text

    hers = html.unescape(region.pivot.send(f"{address}/answers", channel="text", said="kanari").text)
    other = html.unescape(region.pivot.send(f"{address}/answers", channel="text", said="pluie").text)

    assert "It is her word" in hers
    assert "See you as we said." in hers
    assert "Do not go on" in other
    assert "See you as we said." not in other
    assert "Would another day suit you better?" in other
    assert region.pivot.send(f"{address}/answers", channel="text", said="").status_code == 422

"""A question to the referrer, answered with the tracking code; and a duplicate that is chosen, not typed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from spheres_core.foundation.database.schema import uuid7
from tests.spheres_core.referrals.conftest import Office

QUESTION = "Kanari : est-ce sûr de laisser un message?"
ANSWER = "Kanaro : non, jamais le soir."


def ask(office: Office, id: str, question: str = QUESTION) -> Any:
    return office.world.post(
        f"/t/{office.slug}/api/referrals/{id}/questions", json={"question": question}, headers=office.token
    )


def receipt(office: Office, code: str) -> Any:
    return office.world.post(f"/t/{office.slug}/api/receipts", json={"receipt": code}).json()


def answer(office: Office, code: str, question: str, text: str = ANSWER) -> Any:
    body = {"receipt": code, "question": question, "answer": text}
    return office.world.post(f"/t/{office.slug}/api/receipts/answer", json=body)


def test_a_question_is_read_and_answered_with_the_tracking_code_alone(office: Office) -> None:
    code, id = office.refer()
    asked = ask(office, id)
    assert (asked.status_code, asked.json()["state"]) == (200, "info_requested")
    (waiting,) = receipt(office, code)["questions"]
    assert waiting["question"] == QUESTION

    answered = answer(office, code, waiting["id"])

    assert answered.json() == {"state": "being_looked_at"}
    read = office.read(id)
    assert (read["state"], read["answer_arrived"]) == ("in_review", True)
    assert [(each["question"], each["answer"]) for each in read["questions"]] == [(QUESTION, ANSWER)]
    assert office.list()[0]["answer_arrived"]
    assert [move["actor_kind"] for move in read["history"]] == ["token", "token", "anonymous"]


def test_the_mark_of_an_answer_goes_with_the_next_step(office: Office) -> None:
    code, id = office.refer()
    ask(office, id)
    answer(office, code, receipt(office, code)["questions"][0]["id"])
    office.go(id, "contact_planned")

    assert not office.read(id)["answer_arrived"]


def test_with_two_questions_the_referral_waits_for_both_answers(office: Office) -> None:
    code, id = office.refer()
    ask(office, id)
    ask(office, id, "Et à l’école?")
    first, second = receipt(office, code)["questions"]
    answer(office, code, first["id"])
    assert office.read(id)["state"] == "info_requested"
    answer(office, code, second["id"])

    assert office.read(id)["state"] == "in_review"


def test_question_and_answer_lie_sealed_and_leave_no_words_in_the_trail(office: Office) -> None:
    code, id = office.refer()
    ask(office, id)
    answer(office, code, receipt(office, code)["questions"][0]["id"])
    stored = office.sql("SELECT to_jsonb(q)::text FROM referral_questions q WHERE referral_id = %s", UUID(id))
    trail = office.sql("SELECT verb, to_jsonb(e)::text FROM trail_entries e WHERE subject_id = %s", UUID(id))

    assert len(stored) == 1
    assert {"referral.asked", "referral.answered"} <= {verb for verb, _ in trail}
    assert not any(word in str((stored, trail)) for word in ("Kanari", "Kanaro"))


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_a_question_has_words_and_not_too_many(office: Office, text: str) -> None:
    _, id = office.refer()

    assert ask(office, id, text).status_code in (400, 422)
    assert office.read(id)["state"] == "received"


def test_a_question_is_answered_once_and_only_by_its_own_code(office: Office) -> None:
    code, id = office.refer()
    other_code, _ = office.refer()
    ask(office, id)
    question = receipt(office, code)["questions"][0]["id"]

    assert answer(office, other_code, question).status_code == 409
    assert answer(office, code, str(uuid7())).status_code == 409
    assert answer(office, "NOPE-NOPE-NOPE", question).status_code == 404
    assert answer(office, code, question, "  ").status_code == 422
    assert answer(office, code, question).status_code == 200
    assert answer(office, code, question).status_code == 409


def test_a_receipt_asks_nothing_once_the_team_no_longer_waits(office: Office) -> None:
    code, id = office.refer()
    ask(office, id)
    question = receipt(office, code)["questions"][0]["id"]
    office.go(id, "in_review", "contact_planned", "in_contact")

    assert receipt(office, code) == {"state": "being_looked_at"}
    assert answer(office, code, question).status_code == 409
    assert ask(office, id).status_code == 409, "with her answer it is for her to tell"


def test_a_withdrawn_referral_asks_nothing(office: Office) -> None:
    code, id = office.refer()
    ask(office, id)
    office.withdraw(code)

    assert receipt(office, code) == {"state": "being_looked_at"}


def test_a_duplicate_is_one_of_those_that_are_proposed_and_needs_no_reason(office: Office) -> None:
    _, first = office.refer(phone="450 555-0261")
    _, second = office.refer(phone="450 555-0261")
    _, stranger = office.refer(phone="450 555-0262")

    def close(same: str) -> Any:
        body = {"to": "duplicate", "duplicate_of": same}
        return office.world.post(
            f"/t/{office.slug}/api/referrals/{second}/transitions", json=body, headers=office.token
        )

    assert close(stranger).json()["code"] == "not_alike"
    assert close(second).json()["code"] == "not_alike"
    closed = close(first).json()
    assert (closed["state"], closed["history"][-1]["duplicate_of"]) == ("duplicate", first)
    office.sql("DELETE FROM referrals WHERE id = %s", UUID(first))
    assert office.read(second)["history"][-1]["duplicate_of"] is None, "what was erased is not named any more"

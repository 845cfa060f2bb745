"""A telephone number in a referral: taken as it is written, refused with an example, shown in the reader's form."""

from __future__ import annotations

import html

import pytest

from tests.spheres_core.referrals.conftest import Office
from tests.spheres_core.referrals.conftest import _with as with_answers


@pytest.mark.parametrize(
    ("written", "french", "english"),
    [
        ("(450) 555-0141 #12", "450 555-0141, poste 12", "450-555-0141, ext. 12"),
        ("1-450–555–0142", "450 555-0142", "450-555-0142"),
        ("450.555.0143 poste 3", "450 555-0143, poste 3", "450-555-0143, ext. 3"),
        ("+33 6 12 34 56 79", "+33 6 12 34 56 79", "+33 6 12 34 56 79"),
        ("450 555-0144 (chez sa tante)", "450 555-0144 (chez sa tante)", "450-555-0144 (chez sa tante)"),
    ],
)
def test_a_number_is_taken_as_it_is_written_and_read_in_the_readers_form(
    office: Office, written: str, french: str, english: str
) -> None:
    _, id = office.refer(phone=written)
    for language, shown in (("fr", french), ("en", english)):
        assert shown in html.unescape(office.get(f"/{language}/referrals/{id}").text)


@pytest.mark.parametrize("written", ["450 555-01", "911", "call her", "000 000-0000", "450 555-0101 ou 514 555-0102"])
def test_what_nobody_can_call_is_refused_with_an_example(office: Office, written: str) -> None:
    for language, example in (("fr", "450 555-0101, poste 12"), ("en", "450-555-0101, ext. 12")):
        sent = {"answers": with_answers(office.answers, {"phone": written}), "language": language}
        answer = office.world.post(f"/t/{office.slug}/api/referrals", json=sent, headers={"accept-language": language})
        assert answer.status_code == 422, answer.text
        [problem] = answer.json()["errors"]
        assert problem["code"] == "not_a_phone"
        assert example in problem["message"]

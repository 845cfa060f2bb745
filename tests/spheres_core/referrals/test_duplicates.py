"""Two referrals that may be of one person are shown to a person; no machine ever makes them one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.foundation.content.compared_contacts import normalize_email, normalize_name, normalize_phone
from spheres_core.foundation.encryption import Keyring
from spheres_core.referrals.duplicates import marks
from spheres_core.testing import World
from tests.spheres_core.referrals.conftest import Office

BORN: dict[str, Any] = {"age_known": "birth_date", "age": None, "about__birth_date": "2009-05-06"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"phone": "514 555-0199"}, {"phone": "+1 (514) 555.0199"}),
        ({"phone": "5145550198"}, {"phone": "1-514-555-0198"}),
        ({"phone": "(450) 555-0197"}, {"phone": "450–555–0197, poste 12"}),
        ({"phone": "450 555-0196 #4"}, {"phone": "+1 450 555-0196 ext. 7"}),
        ({"phone": "+33 6 12 34 56 78"}, {"phone": "011 33 6 12 34 56 78"}),
        ({"phone": "450 555-0181", "name": "Lætitia Côté", **BORN},
         {"phone": "450 555-0182", "name": "LAETITIA COTE", **BORN}),
        ({"phone": "450 555-0183", "name": "Œdipe Roy", **BORN},
         {"phone": "450 555-0184", "name": "Oedipe Roy", **BORN}),
        ({"phone": "450 555-0185", "name": "Ève L'Heureux", **BORN},
         {"phone": "450 555-0186", "name": "LHeureux, Ève", **BORN}),
        ({"phone": "450 555-0187", "name": "Ivy O Neil", **BORN},
         {"phone": "450 555-0188", "name": "Ivy Oʼneil", **BORN}),
        ({"phone": "514 555-0101", "name": "Léa Roy", **BORN}, {"phone": "514 555-0102", "name": "roy,  LEA", **BORN}),
    ],
)  # fmt: skip
def test_the_same_person_written_otherwise_is_proposed(
    office: Office, one: dict[str, Any], other: dict[str, Any]
) -> None:
    _, first = office.refer(**one)
    _, second = office.refer(**other)
    found = office.read(second)["likely_duplicates"]
    assert [each["id"] for each in found] == [first]
    assert [each["id"] for each in office.read(first)["likely_duplicates"]] == [second]
    assert found[0]["alike"]
    assert {office.read(each)["state"] for each in (first, second)} == {"received"}, "a person decides"
    office.go(second, "duplicate")
    assert office.read(first)["state"] == "received", "and what is decided of one is not done to the other"
    page = office.get(f"/en/referrals/{first}").text
    assert any(word in page for word in ("telephone", "e-mail", "name and date of birth"))


def test_another_person_is_not_proposed(office: Office) -> None:
    same = {"age_known": "birth_date", "age": None}
    office.refer(phone="438 555-0001", name="Zoé Roy", about__birth_date="2008-01-02", **same)
    for other in (
        {"phone": "438 555-0002", "name": "Zoé Roy", "about__birth_date": "2008-01-03"},
        {"phone": "438 555-0003", "name": "Zoé Roi", "about__birth_date": "2008-01-02"},
    ):
        _, id = office.refer(**other, **same)
        assert office.read(id)["likely_duplicates"] == []


def test_what_was_not_told_makes_nobody_alike(office: Office) -> None:
    quiet = {"knows": "unsure", "agrees": None, "name": None, "how": None, "phone": None, "when": None, "care": None}
    _, first = office.refer(**quiet)
    _, second = office.refer(**quiet)
    assert office.read(first)["likely_duplicates"] == []
    assert office.read(second)["likely_duplicates"] == []


def test_nobody_is_proposed_across_regions(north_and_south: World) -> None:
    north, south = Office(north_and_south), Office(north_and_south, "south")
    _, first = north.refer(phone="450 555-0777")
    _, second = south.refer(phone="450 555-0777")
    assert north.read(first)["likely_duplicates"] == south.read(second)["likely_duplicates"] == []
    both = north.sql("SELECT mark FROM referral_marks WHERE referral_id = ANY(%s)", [UUID(first), UUID(second)])
    assert len(set(both)) == len(both), "the same number has another mark in each region"


@given(
    digits=st.text("0123456789", min_size=10, max_size=10),
    seps=st.lists(st.sampled_from(["", " ", "-", ".", "("]), min_size=10, max_size=10),
)
def test_a_number_is_the_same_however_it_is_written(digits: str, seps: list[str]) -> None:
    written = "".join(sep + digit for sep, digit in zip(seps, digits, strict=True))
    plain = normalize_phone(digits)
    assert normalize_phone(written) == plain == normalize_phone(normalize_phone(written))
    assert normalize_phone("+1 " + written) == plain


@given(st.text(max_size=60))
def test_normalizing_twice_is_normalizing_once(text: str) -> None:
    for normalize in (normalize_name, normalize_email, normalize_phone):
        once = normalize(text)
        assert normalize(once) == once


def test_marks_tell_nothing_without_the_key() -> None:
    meanings = {"participant_phone": "514 555-0142", "participant_email": "a@b.ca"}
    keyring, tenant = Keyring(b"k" * 32), UUID(int=5)
    mine, yours = (keyring.unwrap(tenant, keyring.new_tenant_key(tenant)) for _ in range(2))
    one, other = dict(marks(mine, meanings)), dict(marks(yours, meanings))
    assert set(one) == {"phone", "email"}
    assert all(len(mark) == 16 for mark in one.values())
    assert not set(one.values()) & set(other.values())
    assert marks(mine, {}) == marks(mine, {"participant_name": "", "participant_phone": "12"}) == []

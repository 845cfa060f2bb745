"""The first page of the privacy officer: counts of what is to be looked at, and never of whom."""

from __future__ import annotations

import re
from typing import Final

import pytest

from tests.spheres_core.followups.conftest import Person, Team
from tests.spheres_core.plans.test_plan_pages import page_of
from tests.spheres_core.safety.conftest import PLAN, WORDS, lets_open
from tests.spheres_core.safety.test_access_rate import ORGANIZATION, opened

WHY: Final = "Une erreur dans son dossier est à corriger"


pytestmark = pytest.mark.usefixtures("key_file")


def counts(officer: Person) -> dict[str, int]:
    """The number of each card."""
    page = page_of(officer, "/privacy")
    found = re.findall(r'<h2 id="([\w-]+)">[^<]*</h2><p><strong class="number">(\d+)</strong>', page)
    return {id: int(number) for id, number in found}


def test_each_card_counts_what_there_is_and_the_page_says_of_nobody(team: Team, code: str) -> None:
    officer = Person(team, "privacy_officer", name="Pascale Exemple")
    before = counts(officer)
    assert set(before) == {"accesses", "openings", "kept-away", "open-incidents", "held"}
    path = f"/participants/{code}/emergency-plan"
    team.pivot.do(path, PLAN)
    team.pivot.do(f"{path}/agree", {"version": 1}, status=200)
    lets_open(team, code, ORGANIZATION)
    opened(team, code)
    team.agree(code, "identity")
    team.pivot.do(f"/participants/{code}/identity", {"reason": WHY}, status=200)
    team.pivot.do(f"/participants/{code}/exclusions", {"kind": "her_wish", "organization": "en_marge_12_17"})
    incident = {"kind": "other", "found_on": "2026-11-20", "happened": "Une porte est restée ouverte."}
    officer.do("/incidents", incident)
    ((referral,),) = team.world.sql("SELECT id FROM referrals ORDER BY id DESC LIMIT 1")
    held = {"referral": str(referral), "reason": "Une ordonnance.", "review_on": "2027-01-05"}
    officer.do("/erasure-holds", held)

    assert {name: number - before[name] for name, number in counts(officer).items()} == dict.fromkeys(before, 1)
    shown = page_of(officer, "/privacy") + page_of(officer, "/privacy/openings")
    assert WHY in shown and "Camille Roy" in shown, "who opened an identity, and why"
    assert [each for each in (code, "une porte", *WORDS) if each in shown] == []
    team.world.forward(days=8)
    officer.sign_in()
    assert "Overdue:" in page_of(officer, "/privacy")


def test_what_is_erased_soon_is_counted_by_kind(team: Team) -> None:
    officer = Person(team, "privacy_officer")
    part = page_of(officer, "/privacy").partition('id="retention"')[2]
    for kind in (
        "Words of requests for advice",
        "Records of close ones",
        "Drafts that nobody sent",
        "Closed incidents",
    ):
        assert kind in part


def test_it_is_the_first_page_and_no_empty_list_stands_in_the_menu(team: Team) -> None:
    officer = Person(team, "privacy_officer")
    menu = page_of(officer, "/privacy").partition("<main")[0]
    assert "/en/staff/privacy" in menu and "/en/staff/incidents" in menu
    assert "/en/staff/participants" not in menu
    first = min(
        (menu.find(path), path) for path in ("/en/staff/privacy", "/en/staff/emergency-accesses", "/en/account")
    )
    assert first[1] == "/en/staff/privacy"


@pytest.mark.parametrize("role", ["coordinator", "administrator", "on_call_partner"])
def test_no_other_role_opens_it(team: Team, role: str) -> None:
    other = Person(team, role, organization=ORGANIZATION if role == "on_call_partner" else None)
    page_of(other, "/privacy", status=403)
    page_of(other, "/privacy/openings", status=403)

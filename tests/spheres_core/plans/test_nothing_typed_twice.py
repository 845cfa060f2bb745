"""From her referral to a request to a partner nothing is typed twice: what was said is offered where it is written."""

from __future__ import annotations

import re
from typing import Final

import pytest

from tests.spheres_core.followups.conftest import AGREEMENT, TO_AGREED, Person, Team
from tests.spheres_core.followups.pages import Browser
from tests.spheres_core.participants.conftest import key_file
from tests.spheres_core.plans.test_requests import ORGANIZATION, SERVICE, lets

__all__ = ["key_file"]

SAID: Final = {
    "contact": {"name": "Noa Canari", "how": "call", "phone": "514-555-0107"},
    "about": {"age_known": "age", "age": 19, "language": "fr", "community": "montreal", "needs": ["housing", "work"]},
}
REASON: Final = "Je prépare sa demande avec elle"
HERS: Final = ("identity", "safe_contact", "needs_and_plan", "service_requests", "own_words")


def field(page: str, name: str) -> str:
    """What stands in a field."""
    found = re.search(rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"', page)
    return found[1] if found else ""


def chosen(page: str, name: str) -> str:
    """What is chosen in a list."""
    listed = page[page.index(f'name="{name}"') :]
    found = re.search(r'<option value="([^"]*)"[^>]* selected', listed[: listed.index("</select>")])
    return found[1] if found else ""


def follow(team: Team) -> str:
    """Somebody whose referral said all of it, who agreed, and whom a pivot worker follows."""
    given = {group: {**answers, **SAID.get(group, {})} for group, answers in team.answers.items()}
    sent = team.world.refer(team.slug, given)
    assert sent.status_code == 201, sent.text
    id = team.coordinator.read("/referrals")["items"][0]["id"]
    for step in TO_AGREED:
        team.coordinator.do(f"/referrals/{id}/transitions", {"to": step, "reason": "because"}, status=200)
    posted = {"agreement": AGREEMENT, "pivot": team.pivot.id}
    code = str(team.coordinator.do(f"/referrals/{id}/participation", posted)["participant"])
    team.agree(code, *HERS)
    return code


@pytest.mark.usefixtures("key_file")
def test_what_the_referral_said_stands_in_each_form_of_her_file(team: Team) -> None:
    code, worker = follow(team), Browser(team.pivot)
    start = f"participants/{code}"

    opened = worker.send(f"{start}/identity", reason=REASON).text
    assert field(opened, "chosen_name") == "Noa Canari"
    assert re.search(r'name="languages" value="fr-CA" checked', opened)
    typed = {"chosen_name": "Noa Canari", "languages": "fr-CA", "pronouns": "elle", "version": "0", "reason": REASON}
    worker.done(f"{start}/identity/versions", **typed)
    again = worker.send(f"{start}/identity", reason=REASON).text
    assert (field(again, "pronouns"), field(again, "chosen_name")) == ("elle", "Noa Canari")

    for channel in ("phone", "text"):
        assert field(worker.read(f"{start}/safe-contact/channels/{channel}"), "value") == "514-555-0107"
    assert chosen(worker.read(f"{start}/safe-contact/around-her"), "language") == "fr-CA"

    need = worker.read(f"{start}/plan/need")
    offered = re.findall(r'<option value="(\w+)"', need[need.index('name="need"') :])
    assert set(offered[:2]) == {"housing", "work"}, "what was named stands first"
    assert "Named when she was referred" in need
    worker.done(
        f"{start}/plan/need", need="housing", identified_by="both", urgency="soon", strength="Elle sait demander",
        what="", met_by="", could_be_met_by="", her_words="",
    )  # fmt: skip

    lets(team, code, "service_requests")
    asking = worker.read(f"{start}/requests/new")
    assert (field(asking, "age"), chosen(asking, "language"), chosen(asking, "area")) == ("19", "fr-CA", "montreal")
    assert chosen(asking, "need") == "housing"
    team.pivot.do(
        f"/participants/{code}/requests",
        {
            "service": SERVICE,
            "need": "housing",
            "what": "Un rendez-vous",
            "age": 19,
            "language": "fr",
            "area": "montreal",
        },
    )
    (request,) = Person(team, "liaison", organization=ORGANIZATION).read("/requests")["items"]
    assert (request["age"], request["need"], request["language"]) == (19, "housing", "fr")


def test_a_referral_that_was_erased_or_said_nothing_is_offered_nowhere(team: Team) -> None:
    code = str(team.begin(pivot=team.pivot.id)["participant"])
    team.agree(code, *HERS)
    team.world.sql("UPDATE participations SET referral_id = NULL")
    worker = Browser(team.pivot)
    assert field(worker.send(f"participants/{code}/identity", reason=REASON).text, "chosen_name") == ""
    assert field(worker.read(f"participants/{code}/safe-contact/channels/phone"), "value") == ""
    assert "Named when she was referred" not in worker.read(f"participants/{code}/plan/need")


def test_who_may_not_write_of_it_is_offered_nothing_of_the_referral(team: Team) -> None:
    code = follow(team)
    consents = team.pivot.read(f"/participants/{code}/consents")["items"]
    lines = {line["information"]: (each["id"], line["id"]) for each in consents for line in each["lines"]}
    consent, line = lines["safe_contact"]
    team.pivot.do(f"/participants/{code}/consents/{consent}/withdraw", {"line": line}, status=200)
    assert Browser(team.pivot).get(f"participants/{code}/safe-contact/channels/phone").status_code == 404

"""Her participation on a page: a pause, the way back, and a closing that begins with a conversation."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from spheres_core.notifications.notices import telling_words
from spheres_core.staff.operations import accounts
from tests.spheres_core.followups.conftest import AGREEMENT, PASSWORD, TO_AGREED, TODAY, Person, Team
from tests.spheres_core.followups.pages import Browser

NEVER: Final = ("turned_18", "returned", "returned_to_exploitation", "refused", "refused_measure", "birthday")


@pytest.fixture
def code(team: Team) -> str:
    return str(team.begin(pivot=team.pivot.id)["participant"])


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


def test_she_pauses_comes_back_and_closes_after_a_conversation_was_offered(team: Team, code: str) -> None:
    worker, path = Browser(team.pivot), f"participants/{code}/participation"
    page = worker.read(path)
    assert "Pause, her place stays hers" in page
    assert 'value="transferring"' not in page, "a transfer is an act of its own"
    assert 'id="reason-problem"' in worker.send(path, to="paused", version=version(page)).text
    paused = worker.done(path, to="paused", reason="quiet", version=version(page), note="Trois semaines de silence")
    assert "It is noted where her participation stands." in paused
    assert "Trois semaines" not in paused
    back = worker.done(path, to="active", version=version(paused))
    closing = worker.done(path, to="closing", version=version(back))
    assert set(re.findall(r'name="reason" value="(\w+)"', closing)).isdisjoint(NEVER)
    without = worker.send(path, to="closed", reason="her_wish", version=version(closing))
    assert (without.status_code, 'id="conversation_on-problem"' in without.text) == (422, True)
    after = worker.send(path, to="closed", reason="her_wish", version=version(closing), conversation_on=TODAY)
    assert after.status_code == 303
    assert team.coordinator.read(f"/participants/{code}/participations")["participations"][0]["state"] == "closed"
    assert worker.get(path).status_code == 404, "nobody follows her any more"


@pytest.mark.parametrize("reason", NEVER)
def test_nothing_of_hers_that_is_no_reason_closes_it(team: Team, code: str, reason: str) -> None:
    path = f"/participants/{code}/participations"
    team.pivot.do(f"{path}/steps", {"to": "closing", "version": 2}, status=200)
    closed = {"to": "closed", "version": 3, "reason": reason, "conversation_on": TODAY}
    assert team.pivot.post(f"{path}/steps", closed).status_code == 400
    assert team.pivot.read(path)["participations"][0]["state"] == "closing"


def test_a_step_that_somebody_took_meanwhile_is_said_and_nothing_typed_is_lost(team: Team, code: str) -> None:
    worker, path = Browser(team.pivot), f"participants/{code}/participation"
    seen = version(worker.read(path))
    worker.done(path, to="paused", reason="her_wish", version=seen)
    late = worker.send(path, to="paused", reason="quiet", version=seen, note="Elle m’a écrit")
    assert late.status_code == 409
    assert "A colleague has just changed this." in late.text.replace("&#39;", "'")


def test_a_note_of_a_step_that_can_no_longer_be_taken_is_shown_to_its_writer(team: Team, code: str) -> None:
    worker, path = Browser(team.pivot), f"participants/{code}/participation"
    page = worker.read(path)
    kept = worker.done(path, to="paused", note="Elle part deux semaines", version=version(page), _draft_keep="yes")
    assert "It is kept for later" in kept
    (draft,) = team.pivot.read(f"/participants/{code}/drafts")["drafts"]
    onward = f"{path}?draft={draft['copy']}"
    assert "Elle part deux semaines</textarea>" in worker.read(onward)
    worker.done(path, to="closing", version=version(page))

    after = worker.read(onward)
    assert "You wrote this for a step that can no longer be taken" in after
    assert "Elle part deux semaines</p>" in after
    assert "Elle part deux semaines" not in Browser(team.coordinator).read(onward)


def test_a_coordinator_who_chose_mail_is_told_of_each_gap_and_learns_nothing_from_it(
    team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPHERES_HOME", str(tmp_path))
    monkeypatch.delenv("SPHERES_SMTP_URL", raising=False)
    team.act(lambda ctx: accounts.create_account(
        ctx, "gaps@example.org", name="Amélie Roy", roles=("coordinator",), password=PASSWORD,
        chooses_referral_mail=True,
    ))  # fmt: skip

    def letters() -> list[str]:
        team.world.deliver(team.slug)
        return [each.read_text() for each in sorted((tmp_path / "outgoing" / team.slug).glob("*.eml"))]

    following = str(team.begin(pivot=team.pivot.id)["participant"])
    _, referral = team.refer(*TO_AGREED)
    before = len(letters())
    begun = team.coordinator.do(f"/referrals/{referral}/participation", {"agreement": AGREEMENT})
    proposed = str(begun["participant"])
    assert len(letters()) == before + 1, "she takes part and waits for somebody"
    team.world.forward(minutes=1)
    (hers,) = team.coordinator.read(f"/participants/{following}/assignments")["assignments"]
    team.coordinator.do(f"/participants/{following}/assignments/{hers['id']}/end", status=200)
    assert len(letters()) == before + 2
    other = Person(team, "pivot_worker")
    team.coordinator.do("/hand-overs", {"to": other.id, "participants": [following], "her_answer": "agrees"})
    gaps = {each["participant"] for each in team.coordinator.read("/coordination")["without_pivot"]}
    assert gaps >= {proposed, following}, "one who is only asked follows nobody yet"
    for letter in letters():
        words = "\n".join(line for line in letter.splitlines() if "://" not in line)
        assert telling_words(words) == [] and proposed not in letter and following not in letter

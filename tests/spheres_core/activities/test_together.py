"""What she and her worker look at together has her activities, and no trace of anybody else."""

from __future__ import annotations

from tests.spheres_core.activities.conftest import AFTER, ask, plan, somebody
from tests.spheres_core.activities.test_kept_apart import Scene
from tests.spheres_core.followups.conftest import Person, Team
from tests.spheres_core.plans.test_together import opened, screen

SAID = {"expects": "J’ai un peu peur", "felt": "J’ai ri tout le long", "found": "Elle explique bien les tableaux"}


def test_her_coming_invitations_her_words_and_what_she_found_stand_there(team: Team) -> None:
    code, was, declined, missed, coming = (
        somebody(team), plan(team), plan(team, activity="walk"), plan(team, activity="drawing"),
        plan(team, at="2026-12-09T18:30:00-05:00", activity="library", place="À la porte de côté"),
    )  # fmt: skip
    path = f"/participants/{code}/activities"
    first = ask(team.pivot, code, was, answer="yes", expects=SAID["expects"])
    ask(team.pivot, code, declined, answer="no")
    ask(team.pivot, code, missed, answer="yes")
    ask(team.pivot, code, coming, answer="later")
    team.world.now = AFTER
    team.pivot.sign_in()
    team.pivot.do(f"/activities/{was}/attendance", {"came": [code]}, status=200)
    team.pivot.do(f"/activities/{missed}/attendance", {"not_this_time": [code]}, status=200)
    changed = {"version": 2, "answer": "yes", "expects": SAID["expects"], "felt": SAID["felt"]}
    assert team.pivot.put(f"{path}/{first['id']}", changed).status_code == 200
    team.pivot.do(f"{path}/{first['id']}/strengths", {"what": SAID["found"], "identified_by": "both"})

    opened(team, f"/participants/{code}")
    part = screen(team.pivot, language="fr").text.partition('id="more-activities"')[2].partition("</section>")[0]

    assert all(words in part for words in SAID.values())
    assert "À la porte de côté" in part
    assert part.index("Bibliothèque") < part.index("Musée"), "what is to come stands first"
    assert "Marche" not in part, "to what she said no, nothing is said"
    assert "Dessin" not in part, "nor to what she did not come"


def test_nobody_else_and_nothing_of_whom_she_must_not_meet_is_on_that_screen(team: Team) -> None:
    seen = []
    for apart in (True, False):
        scene = Scene(team, apart=apart)
        scene.ask(scene.second)
        worker = Person(team, "pivot_worker")
        team.coordinator.do(f"/participants/{scene.second}/assignments", {"staff": worker.id, "part": "backup"})
        opened_by(worker, scene.second)
        text = screen(worker).text
        assert not any(code in text for code in (scene.hers, scene.third, scene.there))
        part = text.partition('id="more-activities"')[2].partition("</section>")[0]
        assert "Museum" in part or "museum" in part
        seen.append(part)
    assert seen[0] == seen[1], "with whom she must not meet somebody, the screen is the same"


def opened_by(worker: Person, code: str) -> None:
    """The worker opens the screen of one whom she follows."""
    worker.team.world.post(
        f"/t/{worker.team.slug}/en/staff/participants/{code}/together", data={"_csrf": worker.headers["x-csrf-token"]},
        headers={"cookie": worker.headers["cookie"]},
    )  # fmt: skip

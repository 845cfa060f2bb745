"""A file is erased when its time is over, as the region has set; who watches over that sees it, and may hold it."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest

from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.periodic_tasks import run_for_each_tenant
from spheres_core.participants.queries.access import ParticipantUnknown
from spheres_core.privacy.operations import file_erasure
from spheres_core.privacy.operations.file_export import export_file
from spheres_core.privacy.operations.retention import count_retention
from spheres_core.privacy.queries import ended_files
from spheres_core.referrals.operations import kept_data
from spheres_core.referrals.operations.kept_data import Unfinished
from spheres_core.referrals.queries.erasure_holds import ErasureHeld
from spheres_core.testing import MakeWorld, World, definition
from tests.plugins.planting import plant
from tests.spheres_core.followups.conftest import START, Person, Team
from tests.spheres_core.plans.test_plan_pages import page_of

OURS: Final = Path(__file__).parents[3] / "plugins"
YEARS: Final = 7
ENDED: Final = dt.datetime(2024, 2, 29, 22, 30, tzinfo=dt.UTC)
"""A leap day in Québec, in the evening."""
FIRST_DAY: Final = dt.datetime(2031, 3, 1, 6, tzinfo=dt.UTC)
"""The first hours of the first day on which it is erased."""
WHY: Final = "Ordonnance de conservation. Loutre grise."
KEEPS: Final = """
from spheres_core.plugin import PersonRecord

ERASED = []
MODE = []

@hookimpl
async def export_participant(ctx, participant):
    return [PersonRecord({"fr": "Ailleurs", "en": "Elsewhere"}, {"code": participant.code})]

@hookimpl
async def erase_participant(ctx, participant):
    if "raises" in MODE or participant.code in MODE:
        raise ValueError("Marie")
    ERASED.append(participant.code)
    return 2
"""
DUTIES: Final = ("export_participant", "erase_participant")


@pytest.fixture(scope="module")
def region(shared_world: World) -> World:
    keeping = {"privacy": {"file_years": YEARS}}
    return shared_world.renew(
        definition("north", "quebec", "montreal", settings=keeping),
        definition("south", "quebec", "montreal"), now=START,
    )  # fmt: skip


@pytest.fixture
def team(region: World) -> Iterator[Team]:
    region.now = START
    made = Team(region, "north")
    yield made
    region.now = START
    region.sql("DELETE FROM erasure_holds; DELETE FROM participants; DELETE FROM referrals; DELETE FROM erasures")


@pytest.fixture
def officer(team: Team) -> Person:
    return Person(team, "privacy_officer", name="Pascale Exemple")


def ended(team: Team, at: dt.datetime = ENDED, state: str = "closed") -> str:
    """The code of somebody whose participation ended then."""
    code = str(team.begin(pivot=team.pivot.id)["participant"])
    asked = "UPDATE participations SET state = %s, changed_at = %s WHERE participant_id = %s"
    team.world.sql(asked, state, at, id_of(team, code))
    return code


def id_of(team: Team, code: str) -> UUID:
    found = file_erasure.whose_file
    return UUID(str(team.act(partial(found, code=code)).id))


def same(team: Team, code: str, other: str) -> None:
    """Somebody decided that both are one person."""
    team.world.sql(
        "INSERT INTO duplicate_decisions (tenant_id, id, participant_id, other_id, same, reason, decided_at, dated_on)"
        " VALUES (%s, %s, %s, %s, true, '', now(), current_date)",
        team.tenant, uuid7(), id_of(team, code), id_of(team, other),
    )  # fmt: skip


def run_worker_task(team: Team, at: dt.datetime = FIRST_DAY) -> None:
    world = team.world
    world.now = at
    world.run(run_for_each_tenant(world.runtime, "t", partial(file_erasure.erase_due_files, world.runtime)))


def files(team: Team) -> int:
    return team.count("participants")


def erase(team: Team, code: str) -> Any:
    world = team.world
    loaded = world.loaded(team.slug)
    return world.run(file_erasure.erase_file(world.runtime, loaded, code, reason="asked_for"))


def test_it_is_erased_on_the_day_and_not_before(team: Team) -> None:
    ended(team)
    run_worker_task(team, FIRST_DAY - dt.timedelta(hours=2))
    assert files(team) == 1
    run_worker_task(team)
    assert (files(team), team.count("referrals")) == (0, 0)


@pytest.mark.parametrize("state", ["proposed", "active", "paused", "transferring", "closing"])
def test_nothing_is_erased_of_whom_still_takes_part(team: Team, state: str) -> None:
    code = ended(team, state=state)
    run_worker_task(team)
    with pytest.raises(file_erasure.StillTakesPart):
        erase(team, code)
    assert files(team) == 1


def test_who_came_back_is_counted_from_the_last_end(team: Team) -> None:
    code = ended(team)
    team.world.sql(
        "INSERT INTO participations SELECT tenant_id, %s, participant_id, NULL, id, consent_id, 'closed', 1, dated_on,"
        " %s FROM participations WHERE participant_id = %s",
        uuid7(), ENDED + dt.timedelta(days=365), id_of(team, code),
    )  # fmt: skip
    run_worker_task(team)
    assert files(team) == 1
    run_worker_task(team, FIRST_DAY + dt.timedelta(days=366))
    assert files(team) == 0


def test_two_files_of_one_person_go_together_when_the_later_one_is_due(team: Team) -> None:
    first, second = ended(team), ended(team, ENDED + dt.timedelta(days=100))
    same(team, first, second)
    run_worker_task(team)
    assert files(team) == 2
    run_worker_task(team, FIRST_DAY + dt.timedelta(days=101))
    assert files(team) == 0


def test_a_region_that_has_set_nothing_erases_none_by_itself(region: World, team: Team) -> None:
    south = Team(region, "south")
    ended(south)
    run_worker_task(team, FIRST_DAY + dt.timedelta(days=40_000))
    assert files(south) == 1
    officer = Person(south, "privacy_officer")
    assert officer.read("/ended-files") == {"years": 0, "due": [], "left": []}
    assert "has not set for how long" in page_of(officer, "/privacy/ended-files")
    (erased,) = erase(south, str(ended_code(south)))
    assert erased.rows["participants"] == 1


def ended_code(team: Team) -> str:
    return str(Person(team, "coordinator").read("/participants")["items"][0]["participant"])


def test_it_is_seen_coming_for_three_months_and_held_as_long_as_somebody_says_so(team: Team, officer: Person) -> None:
    code = ended(team)
    assert officer.read("/ended-files")["due"] == []
    team.world.now = FIRST_DAY - dt.timedelta(days=89)
    officer.sign_in()
    due = {"code": code, "ended_on": "2024-02-29", "erased_from": "2031-03-01", "held": False}
    assert officer.read("/ended-files")["due"] == [due]
    shown = page_of(officer, "/privacy/ended-files")
    assert code in shown and "7 years" in shown and "March 1, 2031" in shown
    assert "/staff/privacy/ended-files" in page_of(officer, "/privacy")

    posted = {"participant": code, "reason": WHY, "review_on": "2031-12-20"}
    held = officer.do("/erasure-holds", posted)
    assert (held["participant"], held["referral"], held["reason"]) == (code, None, WHY)
    assert officer.read("/ended-files")["due"] == [{**due, "held": True}]
    run_worker_task(team)
    assert files(team) == 1
    with pytest.raises(ErasureHeld):
        erase(team, code)
    with pytest.raises(ErasureHeld):
        erase_its_referral(team, code)
    assert count_due(team) == 0

    officer.sign_in()
    officer.do(f"/erasure-holds/{held['id']}/lift", {"version": 1}, status=200)
    assert count_due(team) == 1
    run_worker_task(team)
    assert (files(team), team.count("referrals"), team.count("erasure_holds")) == (0, 0, 0)
    verbs = {verb for (verb,) in team.world.sql("SELECT verb FROM trail_entries WHERE subject_kind = 'participant'")}
    assert {"erasure_hold.placed", "erasure_hold.lifted", "participant.erasure_begun", "participant.erased"} <= verbs


def count_due(team: Team) -> int:
    async def counting(ctx: Context) -> int:
        return (await count_retention(ctx)).files

    return int(team.act(counting))


def erase_its_referral(team: Team, code: str) -> None:
    ((id,),) = team.world.sql("SELECT referral_id FROM participations WHERE participant_id = %s", id_of(team, code))
    world = team.world
    world.run(file_erasure.erase_referral(world.runtime, world.loaded(team.slug), id, reason="asked_for"))


def test_a_hold_on_the_referral_or_on_another_file_of_hers_holds_the_file(team: Team, officer: Person) -> None:
    first, second = ended(team), ended(team)
    same(team, first, second)
    officer.do("/erasure-holds", {"participant": first, "reason": WHY, "review_on": "2026-12-20"})
    with pytest.raises(ErasureHeld):
        erase(team, second)
    third = ended(team)
    ((id,),) = team.world.sql("SELECT referral_id FROM participations WHERE participant_id = %s", id_of(team, third))
    officer.do("/erasure-holds", {"referral": str(id), "reason": WHY, "review_on": "2026-12-20"})
    with pytest.raises(ErasureHeld):
        erase(team, third)
    run_worker_task(team)
    assert files(team) == 3


def test_what_was_cut_short_between_two_files_goes_on_with_the_code_that_is_left(
    make_world: MakeWorld, tmp_path: Path
) -> None:
    plant(tmp_path, "keeps_files", KEEPS, declares=DUTIES)
    world = make_world(definition("north", "quebec", "montreal", "keeps_files"), on=discover([tmp_path, OURS]))
    world.now = START
    team = Team(world, "north")
    first, second = ended(team), ended(team)
    same(team, first, second)
    mode = sys.modules["spheres_plugins.keeps_files.hooks"].MODE
    mode.append(second)
    with pytest.raises(Unfinished):
        erase(team, first)
    with pytest.raises(ParticipantUnknown):
        erase(team, first)
    assert [each["code"] for each in Person(team, "privacy_officer").read("/ended-files")["left"]] == [second]
    mode.clear()
    (erased,) = erase(team, second)
    assert (erased.participant, files(team)) == (second, 0)


def test_a_plugin_that_keeps_the_referral_from_going_is_named_too(make_world: MakeWorld, tmp_path: Path) -> None:
    fails = "@hookimpl\nasync def erase_person(ctx, referral):\n    raise ValueError('Marie')\n"
    plant(tmp_path, "keeps_referrals", fails, declares=("erase_person",))
    here = ("quebec", "montreal", "keeps_referrals")
    keeping = {"privacy": {"file_years": YEARS}}
    world = make_world(definition("north", *here, settings=keeping), on=discover([tmp_path, OURS]))
    world.now = START
    team = Team(world, "north")
    code = ended(team)
    run_worker_task(team)
    assert files(team) == 1
    (left,) = Person(team, "privacy_officer").read("/ended-files")["left"]
    assert (left["code"], left["failed"]) == (code, ["keeps_referrals"])


def test_held_ones_keep_no_other_from_its_day(team: Team, officer: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ended_files, "MOST", 1)
    first, second = ended(team), ended(team, ENDED + dt.timedelta(hours=1))
    officer.do("/erasure-holds", {"participant": first, "reason": WHY, "review_on": "2026-12-20"})
    run_worker_task(team)
    assert files(team) == 1
    assert id_of(team, first)
    with pytest.raises(ParticipantUnknown):
        id_of(team, second)


def test_it_holds_one_of_both_and_only_what_is_there(team: Team, officer: Person) -> None:
    code = ended(team)
    posted = {"reason": WHY, "review_on": "2026-12-20"}
    ((id,),) = team.world.sql("SELECT referral_id FROM participations WHERE participant_id = %s", id_of(team, code))
    for which in ({}, {"participant": " "}, {"participant": code, "referral": str(id)}):
        refused = officer.post("/erasure-holds", {**posted, **which})
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "participant"), which
    assert officer.post("/erasure-holds", {**posted, "participant": "XXXX-XXXX-XXXX"}).status_code == 404


def test_who_is_kept_away_from_her_sees_neither_the_file_nor_its_hold(team: Team, officer: Person) -> None:
    code = ended(team)
    other = Person(team, "privacy_officer", name="Autre Exemple")
    held = other.do("/erasure-holds", {"participant": code, "reason": WHY, "review_on": "2031-12-20"})
    team.pivot.do(f"/participants/{code}/exclusions", {"kind": "conflict_of_interest", "staff": officer.id})
    team.world.now = FIRST_DAY - dt.timedelta(days=5)
    officer.sign_in(), other.sign_in()

    assert (len(other.read("/ended-files")["due"]), len(other.read("/erasure-holds")["items"])) == (1, 1)
    assert officer.read("/ended-files")["due"] == []
    assert officer.read("/erasure-holds")["items"] == []
    lifting = officer.post(f"/erasure-holds/{held['id']}/lift", {"version": 1})
    unknown = officer.post(f"/erasure-holds/{uuid7()}/lift", {"version": 1})
    assert (lifting.status_code, lifting.json()["code"]) == (404, unknown.json()["code"])
    placing = officer.post("/erasure-holds", {"participant": code, "reason": WHY, "review_on": "2031-12-21"})
    assert placing.status_code == 404


@pytest.mark.parametrize("role", ["coordinator", "administrator", "pivot_worker", "evaluator"])
def test_no_other_role_sees_which_files_are_erased(team: Team, role: str) -> None:
    other = Person(team, role)
    page_of(other, "/privacy/ended-files", status=403)
    assert other.get("/ended-files").status_code == 403


def test_an_unknown_code_is_refused(team: Team) -> None:
    with pytest.raises(ParticipantUnknown):
        erase(team, "XXXX-XXXX-XXXX")


def test_a_plugin_hands_over_and_erases_and_one_that_fails_is_named_and_tried_again(
    make_world: MakeWorld, tmp_path: Path
) -> None:
    plant(tmp_path, "keeps_files", KEEPS, declares=DUTIES)
    here = ("quebec", "montreal", "keeps_files")
    keeping = {"privacy": {"file_years": YEARS}}
    world = make_world(definition("north", *here, settings=keeping), on=discover([tmp_path, OURS]))
    world.now = START
    team = Team(world, "north")
    officer = Person(team, "privacy_officer")
    code, other = ended(team), ended(team)
    written = world.run(export_file(world.runtime, world.loaded("north"), code, folder=tmp_path / "out"))
    assert {each.name for each in written} >= {"spheres.json", "keeps_files.json"}
    assert code in (tmp_path / "out" / code / "keeps_files.json").read_text()

    hooks = sys.modules["spheres_plugins.keeps_files.hooks"]
    hooks.ERASED.clear()
    hooks.MODE.append("raises")
    with pytest.raises(Unfinished) as told:
        erase(team, code)
    assert "keeps_files" in str(told.value.message.params["failed"])
    assert "Marie" not in str(told.value.message.params["failed"])
    ((left),) = officer.read("/ended-files")["left"]
    assert (left["code"], left["failed"]) == (code, ["keeps_files"])
    assert "keeps_files" in page_of(officer, "/privacy/ended-files")
    run_worker_task(team)
    assert files(team) == 2, "neither goes while something of hers would be left"

    begun = "SELECT count(*) FROM trail_entries WHERE verb = 'participant.erasure_begun'"
    run_worker_task(team)
    assert world.sql(begun) == [(2,)], "it is said once of each, however often it is tried"

    hooks.MODE.clear()
    run_worker_task(team)
    assert files(team) == 0
    assert sorted(hooks.ERASED) == sorted([code, other])
    officer.sign_in()
    assert officer.read("/ended-files")["left"] == []
    parts = dict(world.sql("SELECT owner, records FROM erasures WHERE subject_kind = 'participant'"))
    assert parts["keeps_files"] == 2
    assert parts[kept_data.CORE] > 5

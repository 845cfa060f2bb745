"""One pivot worker and one backup at any moment; a gap is noted and closes nothing; nobody leaves with a file."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import psycopg
import pytest

from spheres_core.consents.operations import exclusions, ledger
from spheres_core.consents.queries.reader import as_system, read_as_system
from spheres_core.followups.operations import assignments
from spheres_core.followups.operations.assignments import (
    AgreementTakenBack,
    AlreadyAssigned,
    AssignmentUnknown,
    WorkerInvalid,
)
from spheres_core.followups.queries import assignments as queries
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.operations import members
from spheres_core.staff.operations.members import DutiesOpen
from tests.spheres_core.followups.conftest import Person, Team

LAYING: Final = (
    "INSERT INTO assignments"
    " (tenant_id, id, participant_id, participation_id, staff_id, part, starts, ends, dated_on)"
    " SELECT tenant_id, %s, participant_id, id, %s, %s, %s, %s, dated_on FROM participations WHERE id = %s"
)


class File:
    """A participation with a pivot worker, and what a coordinator does with it."""

    def __init__(self, team: Team) -> None:
        self.team = team
        begun = team.begin(pivot=team.pivot.id)
        self.code, self.participation = begun["participant"], begun["participation"]
        ((self.her,),) = team.world.sql("SELECT participant_id FROM participations WHERE id = %s", self.participation)

    def assign(self, person: Person, part: Any = "pivot") -> UUID:
        return self.system(lambda ctx: assignments.assign(ctx, self.her, UUID(person.id), part))  # type: ignore[no-any-return]

    def end(self, assignment: UUID) -> None:
        self.system(lambda ctx: assignments.end_assignment(ctx, self.her, assignment))

    def following(self) -> dict[str, str]:
        return {each.part: str(each.staff_id) for each in self.system(lambda ctx: queries.current(ctx, self.her))}

    def system(self, act: Callable[[Context], Awaitable[Any]]) -> Any:
        async def acting(ctx: Context) -> Any:
            await read_as_system(ctx)
            return await act(ctx)

        return self.team.act(acting)

    def noted(self, verb: str) -> int:
        ((number,),) = self.team.world.sql(
            "SELECT count(*) FROM trail_entries WHERE verb = %s AND subject_id = %s", verb, self.her
        )
        return int(number)

    def standings(self, person: Person) -> int:
        ((number,),) = self.team.world.sql(
            "SELECT count(*) FROM standings WHERE participant_id = %s AND staff_id = %s AND ends > %s AND kind = %s",
            self.her, person.id, self.team.world.now, "assignment",
        )  # fmt: skip
        return int(number)


@pytest.fixture
def file(team: Team) -> File:
    return File(team)


def test_whoever_follows_her_next_takes_the_place_of_the_last(team: Team, file: File) -> None:
    second, backup = Person(team, "pivot_worker"), Person(team, "pivot_worker")
    team.world.forward(days=1)
    file.assign(backup, "backup")
    file.assign(second)

    assert file.following() == {"pivot": second.id, "backup": backup.id}
    assert [file.standings(each) for each in (team.pivot, second, backup)] == [0, 1, 1]
    with pytest.raises(AlreadyAssigned):
        file.assign(second)
    file.assign(backup)
    assert file.following() == {"pivot": backup.id}, "a backup who becomes pivot is backup no more"
    assert [file.standings(each) for each in (second, backup)] == [0, 1]
    assert file.noted("pivot.missing") == 0


def test_a_gap_is_noted_and_closes_nothing(team: Team, file: File) -> None:
    ((assignment,),) = team.world.sql("SELECT id FROM assignments WHERE participation_id = %s", file.participation)
    team.world.forward(hours=1)
    file.end(assignment)

    assert file.following() == {}
    assert file.noted("pivot.missing") == 1
    assert team.world.sql("SELECT state FROM participations WHERE id = %s", file.participation) == [("active",)]
    with pytest.raises(AssignmentUnknown):
        file.end(assignment)
    team.world.deliver(team.slug)  # coordinators who chose a message get one, and nobody fails


def test_a_first_pivot_worker_makes_a_proposed_participation_active(team: Team) -> None:
    begun = team.begin()
    ((her,),) = team.world.sql("SELECT participant_id FROM participations WHERE id = %s", begun["participation"])

    async def assigning(ctx: Context) -> None:
        async with as_system(ctx):
            await assignments.assign(ctx, her, UUID(team.pivot.id), "backup")
            await assignments.assign(ctx, her, UUID(second.id), "pivot")

    second = Person(team, "pivot_worker")
    team.act(assigning)
    moves = team.world.sql("SELECT from_state, to_state FROM participation_moves WHERE participant_id = %s", her)
    assert moves == [("proposed", "active")]


def test_nobody_begins_to_follow_her_once_she_has_taken_back_that_she_takes_part(team: Team) -> None:
    begun = team.begin()
    ((her, consent),) = team.world.sql(
        "SELECT participant_id, consent_id FROM participations WHERE id = %s", begun["participation"]
    )

    async def taking_back(ctx: Context) -> None:
        async with as_system(ctx):
            await ledger.withdraw_consent(ctx, her, consent)

    async def assigning(ctx: Context) -> None:
        async with as_system(ctx):
            await assignments.assign(ctx, her, UUID(team.pivot.id), "pivot")

    team.act(taking_back)
    with pytest.raises(AgreementTakenBack):
        team.act(assigning)
    assert team.world.sql("SELECT state FROM participations WHERE id = %s", begun["participation"]) == [("proposed",)]
    assert team.world.sql("SELECT id FROM assignments WHERE participant_id = %s", her) == []


def test_whom_she_does_not_want_or_who_has_a_conflict_cannot_follow_her(team: Team, file: File) -> None:
    unwanted, related = Person(team, "pivot_worker"), Person(team, "pivot_worker")
    file.system(lambda ctx: exclusions.exclude(ctx, file.her, "her_wish", staff=UUID(unwanted.id)))
    file.system(lambda ctx: exclusions.exclude(ctx, file.her, "conflict_of_interest", staff=UUID(related.id)))
    for person in (unwanted, related):
        with pytest.raises(WorkerInvalid):
            file.assign(person)
    assert file.following() == {"pivot": team.pivot.id}


def test_the_database_itself_refuses_two_at_one_moment(team: Team, file: File) -> None:
    """Random stretches of time: whatever the application does, no two in the same part have a moment in common."""
    chance = random.Random(11)
    start = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    kept: dict[str, list[tuple[dt.datetime, dt.datetime]]] = {"pivot": [], "backup": []}
    team.world.sql("DELETE FROM assignments WHERE participation_id = %s", file.participation)
    refused = 0
    for _ in range(120):
        part = chance.choice(("pivot", "backup"))
        first = start + dt.timedelta(days=chance.randrange(60))
        last = first + dt.timedelta(days=chance.randrange(1, 12))
        overlaps = any(a < last and first < b for a, b in kept[part])
        try:
            team.world.sql(LAYING, uuid4(), team.pivot.id, part, first, last, file.participation)
        except psycopg.errors.ExclusionViolation:
            refused += 1
            assert overlaps
        else:
            assert not overlaps
            kept[part].append((first, last))
    assert refused > 20
    assert all(len(stretches) > 5 for stretches in kept.values())


def test_nobody_leaves_with_a_file_by_any_way(team: Team, file: File) -> None:
    administrator = Person(team, "administrator")
    away, fewer = f"/admin/staff/{team.pivot.id}/off", f"/admin/staff/{team.pivot.id}/roles"

    for path, body in ((away, {}), (fewer, {"roles": ["liaison"]}), (fewer, {"roles": []})):
        refused = administrator.post(path, body)
        assert refused.status_code in (409, 422), path
        if body != {"roles": []}:
            assert refused.json()["duties"] == {"files": 1}
    address = f"/t/{team.slug}/fr/administration/staff/{team.pivot.id}/off"
    page = team.world.post(address, headers=administrator.headers, data={"confirm": "yes"})
    assert page.status_code == 409
    with pytest.raises(DutiesOpen):  # the command does this
        team.act(lambda ctx: members.close_account(ctx, UUID(team.pivot.id)))
    assert team.world.sql("SELECT active, roles FROM staff WHERE id = %s", team.pivot.id) == [(True, ["pivot_worker"])]

    file.assign(Person(team, "pivot_worker"))

    assert administrator.post(away).status_code == 200
    with pytest.raises(WorkerInvalid):
        file.assign(team.pivot)


def test_no_statement_of_the_core_closes_accounts_past_the_refusal() -> None:
    core = Path(members.__file__).parents[2]
    writing = [path.name for path in core.rglob("*.py") if "values(active=" in path.read_text(encoding="utf-8")]
    assert writing == ["members.py"]


def test_a_file_is_not_given_to_an_account_that_closes_at_the_same_moment(team: Team, file: File) -> None:
    other = Person(team, "pivot_worker")

    async def race() -> list[Any]:
        async def closing() -> None:
            async with team.world.context(team.slug) as ctx:
                await members.close_account(ctx, UUID(other.id))

        async def giving() -> None:
            async with team.world.context(team.slug) as ctx:
                await read_as_system(ctx)
                await assignments.assign(ctx, file.her, UUID(other.id), "backup")

        return await asyncio.gather(closing(), giving(), return_exceptions=True)

    outcome = team.world.run(race())

    assert sum(isinstance(each, DutiesOpen | WorkerInvalid) for each in outcome) == 1
    ((active,),) = team.world.sql("SELECT active FROM staff WHERE id = %s", other.id)
    assert active == (file.following().get("backup") == other.id)

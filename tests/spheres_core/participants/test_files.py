"""A participant's file is cut to what its reader may see now, and is not there for anybody else."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pytest

from spheres_core.consents.operations import exclusions, ledger
from spheres_core.consents.schemas import CLASSES
from spheres_core.foundation.tenancy import pagination
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.operations.participants import NewParticipant
from spheres_core.testing import World, definition
from tests.spheres_core.participants.callers import Caller, add_participant, agree, assign

NOW: Final = dt.datetime(2026, 11, 21, 15, 0, tzinfo=dt.UTC)


class Region:
    """A region with a pivot worker, a colleague and one participant."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.pivot = Caller(world, "pivot@example.org", "pivot_worker")
        self.colleague = Caller(world, "colleague@example.org", "pivot_worker", "coordinator", "administrator")
        self.her = add_participant(world)
        assign(world, self.pivot, self.her)
        agree(world, self.her)


@pytest.fixture(scope="module")
def region(shared_world: World) -> Region:
    return Region(shared_world.renew(definition("north", "quebec"), definition("south", "quebec"), now=NOW))


@pytest.fixture
def her(region: Region) -> NewParticipant:
    """A further participant, with whom nobody has to do yet."""
    return add_participant(region.world)


def file_of(caller: Caller, code: str, query: str = "") -> Any:
    answer = caller.get(f"participants/{code}{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def listed(caller: Caller, query: str = "") -> list[str]:
    return [each["participant"] for each in caller.get(f"participants{query}").json()["items"]]


def test_a_section_stands_in_the_file_of_whoever_may_read_its_class(region: Region, her: NewParticipant) -> None:
    assign(region.world, region.pivot, her, classes=("participation", "encounters", "legal"))
    agree(region.world, her, classes=("participation", "encounters"))

    found = file_of(region.pivot, her.code)

    assert found["participant"] == her.code
    assert found["purpose"] == "follow_up"
    assert found["classes"]["participation"]["recorded"] == {"participant": her.code}
    assert set(found["classes"]) == {"participation", "encounters"}
    assert set(found["withheld"]) == set(CLASSES) - {"participation", "encounters"}


def test_what_is_taken_back_is_withheld_at_the_next_reading(region: Region, her: NewParticipant) -> None:
    assign(region.world, region.pivot, her)
    agree(region.world, her, classes=("participation",))
    consent = agree(region.world, her, classes=("safe_contact",))
    assert "safe_contact" in file_of(region.pivot, her.code)["classes"]

    region.world.act("north", lambda ctx: ledger.withdraw_consent(ctx, her.id, consent))

    assert "safe_contact" in file_of(region.pivot, her.code)["withheld"]


def test_the_reading_is_in_the_trail_with_what_allowed_it(region: Region) -> None:
    file_of(region.pivot, region.her.code)

    async def last(ctx: Context) -> Any:
        return await ctx.db.sql(
            "SELECT subject_id, actor_id, details, standings, entries FROM trail_entries"
            " WHERE verb = 'participant.file_read' ORDER BY id DESC LIMIT 1"
        )

    ((subject, actor, details, standings, lines),) = region.world.act("north", last)
    ((standing,),) = region.world.sql("SELECT id FROM standings WHERE participant_id = %s", region.her.id)
    entries = dict(
        region.world.sql("SELECT information, id FROM consent_entries WHERE participant_id = %s", region.her.id)
    )
    assert (subject, actor) == (region.her.id, region.pivot.id)
    assert details["purpose"] == "follow_up"
    assert set(details["classes"]) == {"participation", "identity", "safe_contact"}
    assert standings == [standing] * 3
    assert lines == [entries[name] for name in details["classes"]]


@pytest.mark.parametrize("path", ["", "?purpose=follow_up", "?purpose=coordination", "?purpose=no_such_purpose"])
def test_unknown_foreign_and_not_to_be_known_of_are_the_same_answer(region: Region, path: str) -> None:
    foreign = add_participant(region.world, slug="south")
    kept_away = add_participant(region.world)
    assign(region.world, region.colleague, kept_away)
    agree(region.world, kept_away)
    region.world.act("north", lambda ctx: exclusions.exclude(ctx, kept_away.id, "her_wish", staff=region.colleague.id))

    codes = ("AAAA-AAAA-AAAA", "nothing", foreign.code, region.her.code, kept_away.code)
    answers = {(a.status_code, a.content) for a in (region.colleague.get(f"participants/{c}{path}") for c in codes)}

    assert len(answers) == 1
    assert next(iter(answers))[0] == 404


def test_a_role_alone_lists_nobody_and_without_the_permission_nobody_comes(region: Region) -> None:
    evaluator = Caller(region.world, "evaluator@example.org", "evaluator", "administrator")

    assert listed(region.colleague) == []
    assert region.her.code in listed(region.pivot)
    assert evaluator.get("participants").status_code == 403
    assert evaluator.get(f"participants/{region.her.code}").status_code == 403
    assert region.world.get("/t/north/api/participants").status_code == 401


def test_a_purpose_that_is_an_act_of_its_own_is_named(region: Region, her: NewParticipant) -> None:
    officer = Caller(region.world, f"officer-{her.code}@example.org", "privacy_officer")
    assign(
        region.world, officer, her, kind="investigation", purpose="oversight", classes=("participation", "encounters"),
        ends=NOW + dt.timedelta(days=5), basis="A complaint of 3 November is looked into",
    )  # fmt: skip

    assert listed(officer) == []
    assert officer.get(f"participants/{her.code}").status_code == 404
    assert listed(officer, "?purpose=oversight") == [her.code]
    found = file_of(officer, her.code, "?purpose=oversight")
    assert set(found["classes"]) == {"participation", "encounters"}
    assert "identity" in found["withheld"]


def test_each_is_listed_once_with_the_purposes_and_pages_join_without_a_gap(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pagination, "LIMIT", 3)
    caller = Caller(region.world, "two-hats@example.org", "pivot_worker", "coordinator")
    wanted = []
    for number in range(7):
        one = add_participant(region.world)
        purposes = [("follow_up",), ("coordination",), ("follow_up", "coordination")][number % 3]
        for purpose in purposes:
            assign(region.world, caller, one, purpose=purpose, kind="assignment")  # type: ignore[arg-type]
            agree(region.world, one, purpose=purpose)  # type: ignore[arg-type]
        wanted.append({"participant": one.code, "purposes": list(purposes)})

    got, cursor = [], ""
    while cursor is not None:
        page = caller.get("participants", params={"cursor": cursor}).json()
        got += page["items"]
        cursor = page["next"]

    assert got == wanted[::-1]

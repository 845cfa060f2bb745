"""The demo's files, made by the operations of the rooms, and read as the people of the demo read them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from spheres_core.cli.demo_data import files, partners, sign_ins
from spheres_core.cli.demo_data.acts import DemoFile
from spheres_core.cli.demo_data.sign_ins import COORDINATOR, FIRST_PIVOT, SECOND_PIVOT, DemoAccount
from spheres_core.foundation import deployment
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.operations import tokens
from spheres_core.staff.queries.members import list_members
from spheres_core.testing import World, definition
from tests.spheres_core.followups.conftest import START


class Demo:
    """A region of the demo with some of its files."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.done = 0
        self.saved = sign_ins.SavedSignIns({"north": []})
        for account in sign_ins.ACCOUNTS:
            word = "a quiet harbour in november"
            self.saved.sign_ins["north"].append(sign_ins.SignIn(account.role, account.email("north"), word))
        self.files: list[DemoFile] = world.act("north", self.make)
        self.codes = {file.person.number: file.code for file in self.files}

    async def make(self, ctx: Context) -> list[DemoFile]:
        """Does what the demo does for a region."""
        await partners.add_fictional(ctx)
        staff = await sign_ins.open_accounts(ctx, self.saved)
        planned = await files.plan(ctx, staff, many=12)
        await files.make(ctx, planned, self.count)
        self.acts = len(planned)
        self.again = await files.plan(ctx, staff, many=12)
        return list({id(file): file for file, _ in planned}.values())

    def count(self) -> None:
        """Counts what was done."""
        self.done += 1

    def get(self, account: DemoAccount, path: str) -> httpx.Response:
        """Asks the API as one of the demo's people."""

        async def making(ctx: Context) -> str:
            found = {each.email: each for each in await list_members(ctx)}
            return await tokens.create_token_of(ctx, found[account.email("north")], label="Demo")

        bearer = {"authorization": f"Bearer {self.world.act('north', making)}"}
        return self.world.get(f"/t/north/api{path}", headers=bearer)

    def read(self, account: DemoAccount, path: str) -> Any:
        """Returns what the API answers."""
        answer = self.get(account, path)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def demo(shared_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    path = tmp_path_factory.mktemp("vault") / "vault-key.json"
    Keyring.load(path, create=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(deployment.VAULT_KEY_FILE, str(path))
        yield Demo(shared_world.renew(definition("north", "quebec", "montreal"), now=START))


def test_everything_that_was_planned_is_done_once(demo: Demo) -> None:
    assert demo.done == demo.acts > 200
    assert demo.again == []
    assert len(set(demo.codes.values())) == 12


def test_two_pivot_workers_of_different_organizations_have_files_and_promises(demo: Demo) -> None:
    employers = {each.email: each.organization for each in demo.saved.sign_ins["north"]}
    days = {account: demo.read(account, "/my-day") for account in (FIRST_PIVOT, SECOND_PIVOT)}

    assert employers[FIRST_PIVOT.email("north")] != employers[SECOND_PIVOT.email("north")]
    for day in days.values():
        assert day["files"] and day["promised"]
    assert [each["participant"] for each in days[SECOND_PIVOT]["hand_overs"]] == [demo.codes[40]]


def test_a_coordinator_finds_the_gap_and_nothing_that_was_said(demo: Demo) -> None:
    gaps = demo.read(COORDINATOR, "/my-day")["without_pivot"]
    file = demo.read(COORDINATOR, f"/participants/{demo.codes[45]}")

    assert [each["participant"] for each in gaps] == [demo.codes[45]]
    assert "encounters" in file["withheld"]


def test_a_file_has_something_to_say_in_each_of_its_parts(demo: Demo) -> None:
    hers = f"/participants/{demo.codes[0]}"
    encounters = demo.read(FIRST_PIVOT, f"{hers}/encounters")["items"]

    assert len(encounters) >= 10
    assert any(each["her_words"] for each in encounters) and any(each["addenda"] for each in encounters)
    assert demo.read(FIRST_PIVOT, f"{hers}/contact-attempts")["items"]
    assert demo.read(FIRST_PIVOT, f"{hers}/consents")["items"]
    assert demo.read(FIRST_PIVOT, f"{hers}/limits")["items"]
    assert demo.read(FIRST_PIVOT, f"{hers}/safe-contact")
    assert len(demo.read(FIRST_PIVOT, f"{hers}/timeline")["items"]) > 10


def test_consents_were_taken_back_and_somebody_is_kept_away(demo: Demo) -> None:
    pivot = FIRST_PIVOT
    states = {
        line["state"]
        for consent in demo.read(pivot, f"/participants/{demo.codes[10]}/consents")["items"]
        for line in consent["lines"]
    }

    assert states == {"holds", "withdrawn"}
    assert demo.read(pivot, f"/participants/{demo.codes[20]}/exclusions")["items"]
    assert demo.get(SECOND_PIVOT, f"/participants/{demo.codes[20]}").status_code == 404


def test_a_few_files_hold_reporting_decisions_and_what_somebody_began_to_write(demo: Demo) -> None:
    found: dict[str, list[Any]] = {"reporting-decisions": [], "drafts": []}
    for account in (FIRST_PIVOT, SECOND_PIVOT):
        for part, listed in found.items():
            for code in demo.codes.values():
                answer = demo.get(account, f"/participants/{code}/{part}")
                body = answer.json() if answer.status_code == 200 else {}
                listed.append(len(body.get("items", body.get("drafts", []))))

    assert sum(found["reporting-decisions"]) >= 2
    assert {each for each in found["drafts"] if each} == {1, 2}, "one, and two in one file"


def test_somebody_meets_a_peer_in_each_state_and_a_name_stands_only_where_both_agreed(demo: Demo) -> None:
    found = [
        each
        for account in (FIRST_PIVOT, SECOND_PIVOT)
        for number in (10, 20, 30, 40)
        for answer in [demo.get(account, f"/participants/{demo.codes[number]}/accompaniments")]
        if answer.status_code == 200
        for each in answer.json()["items"]
        if each["kind"] == "peer_meeting"
    ]

    assert {(each["state"], len(each["agreed"])) for each in found} == {
        ("held", 2), ("not_held", 1), ("planned", 1), ("planned", 2),
    }  # fmt: skip
    assert {each["first_name"] for each in found if len(each["agreed"]) == 2} == {"Comète"}
    assert not any(each["first_name"] for each in found if len(each["agreed"]) < 2)


def test_the_figures_of_the_steering_committee_say_something_of_an_ended_quarter(demo: Demo) -> None:
    last, *before = demo.read(COORDINATOR, "/committee-figures")["gaps"]

    assert {tuple(each["by"]) for each in last["counts"]} == {("housing",)}
    assert all(each["persons"] >= last["smallest"] for each in last["counts"]), "no smaller number than elsewhere"
    assert all(each["counts"] == [] for each in before)

"""The demo's files, made by the operations of the rooms, and read as the people of the demo read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from msgspec import structs

from spheres_core.activities.queries import outings
from spheres_core.cli.demo_data import (
    activities,
    advice,
    entourage,
    files,
    incidents,
    partners,
    referrals,
    sign_ins,
    tools,
)
from spheres_core.cli.demo_data.acts import DemoFile
from spheres_core.cli.demo_data.sign_ins import COORDINATOR, FIRST_PIVOT, SECOND_PIVOT, DemoAccount
from spheres_core.foundation import deployment
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.staff.operations import tokens
from spheres_core.staff.queries.members import list_members
from spheres_core.support.operations import sessions
from spheres_core.support.schemas.sessions import SessionAgreed, SessionPosted
from spheres_core.testing import World, definition
from tests import docs_pictures
from tests.spheres_core.cli.demo_data.guide_pages import (
    AT_OTHER_TIMES,
    FURTHER,
    SECOND_TIME,
    OpenPage,
    Reader,
    not_on_their_pages,
)
from tests.spheres_core.followups.conftest import START

GUIDES: Final = Path(docs_pictures.__file__).parents[1] / "docs" / "roles"
SIGN_IN: Final = "/t/north/en/sign-in"
SEATS: Final = 2
"""Of each outing: fewer than there are people who would come along."""
PASSWORD: Final = "a quiet harbour in november"


class Demo:
    """A region of the demo with some of its files."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.done = 0
        self.saved = sign_ins.SavedSignIns({"north": []})
        for account in sign_ins.ACCOUNTS:
            self.saved.sign_ins["north"].append(sign_ins.SignIn(account.role, account.email("north"), PASSWORD))
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
        for each in referrals.DEMO_REFERRALS:
            await referrals.receive(ctx, each)
        await advice.ask_all(ctx, staff[COORDINATOR.address])
        await tools.write_all(ctx, staff[sign_ins.CONTENT_EDITOR.address], staff[COORDINATOR.address])
        await entourage.support_all(ctx, staff[COORDINATOR.address])
        await incidents.record_all(ctx, staff[sign_ins.PRIVACY_OFFICER.address])
        for is_agreed in (True, False):
            asking = structs.replace(ctx, actor=Actor("staff", staff[FIRST_PIVOT.address], frozenset({"pivot_worker"})))
            session = await sessions.ask_for_session(asking, SessionPosted("individual", "exhaustion"))
            giving = structs.replace(ctx, actor=Actor("staff", staff["soutien"], frozenset({"clinical_support"})))
            if is_agreed:
                await sessions.agree(giving, session, SessionAgreed(1, ctx.today))
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

    def sign_in(self, who: str) -> Reader:
        """Returns somebody of the demo who opens pages in English."""
        world = self.world
        world.http.cookies.clear()
        signed_in = world.post(SIGN_IN, data={"email": f"{who}@north.example.org", "password": PASSWORD})
        cookie = "; ".join(f"{name}={value}" for name, value in world.http.cookies.items())
        world.http.cookies.clear()

        def get(address: str) -> str:
            answer = world.get(address, headers={"cookie": cookie})
            assert answer.status_code == 200, (who, address)
            return answer.text

        return Reader(get, signed_in.headers["location"], {SIGN_IN: OpenPage(world.get(SIGN_IN).text)})


@pytest.fixture(scope="module")
def demo(shared_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    path = tmp_path_factory.mktemp("vault") / "vault-key.json"
    Keyring.load(path, create=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(deployment.VAULT_KEY_FILE, str(path))
        patch.setattr(activities, "SEATS", SEATS)
        yield Demo(shared_world.renew(definition("north", "quebec", "montreal"), now=START))


def test_everything_that_was_planned_is_done_once(demo: Demo) -> None:
    assert demo.done == demo.acts > 200
    assert demo.again == []
    assert len(set(demo.codes.values())) == 12


def test_who_would_come_along_is_not_asked_to_an_outing_that_is_full(demo: Demo) -> None:
    async def taken(ctx: Context) -> list[int]:
        past = (await outings.list_outings(ctx, when="past")).items
        return [await outings.taken(ctx, each.id) for each in past]

    assert demo.world.act("north", taken) == [SEATS, SEATS]


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


def test_what_a_guide_calls_by_name_stands_on_the_page_that_the_step_opens(demo: Demo) -> None:
    missing: set[tuple[str, str]] = set()
    readers: dict[str, Reader] = {}
    for role, pictures in docs_pictures.PICTURES_OF.items():
        shown: list[tuple[Reader, OpenPage]] = []
        for picture in pictures:
            reader = readers.get(picture.who) or readers.setdefault(picture.who, demo.sign_in(picture.who))
            first = (reader.open(SIGN_IN), reader.open(reader.start))
            shown += [(reader, page) for page in (*first, *reader.follow(_ends(picture)))]
        for links in FURTHER.get(role, ()):
            ends = [each.replace("{code}", demo.codes[0]) for each in links]
            shown += [(reader, page) for page in reader.follow(ends)]
        guide = (GUIDES / f"{role}.md").read_text(encoding="utf-8")
        missing |= {(role, each) for each in not_on_their_pages(guide, shown)}

    assert sorted((role, each) for role, each in missing if each not in AT_OTHER_TIMES) == []
    left_out = AT_OTHER_TIMES - {each for _, each in missing}
    assert left_out <= {SECOND_TIME}, "nothing is left out that stands there"


def _ends(picture: docs_pictures.Picture) -> list[str]:
    """Returns how the addresses end that a picture's links lead to."""
    found = [re.search(r"\[href([*$])='([^']+)'\]", link) for link in picture.links]
    return [each[2] + ("[^/]*" if each[1] == "*" else "") for each in found if each]

"""The pages about her consents: read together, ended in one act, recorded with nothing chosen before, kept on paper."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final
from uuid import UUID

import httpx
import pytest

from spheres_core.consents.operations import disclosures, exclusions
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.participants.operations.participants import NewParticipant
from spheres_core.testing import World, definition
from tests.spheres_core.participants.callers import Caller, add_participant, agree, assign

NOW: Final = dt.datetime(2026, 11, 29, 15, 0, tzinfo=dt.UTC)
SETTINGS: Final = {"consents": {"givers": {"taking_part/12-13": "herself_and_parent_or_tutor"}}}
CANARY: Final = "Une phrase que personne d’autre ne lit"
INFORMATION: Final[dict[str, Any]] = {
    "kind": "information", "recipient": "anonyme", "information": ["service_requests", "activities"], "act": "read",
    "purpose": "service", "until": "none", "giver": "herself", "age": "19", "how": "spoken", "given_on": "2026-11-29",
    "words": CANARY,
}  # fmt: skip


class HerFile:
    """Somebody of the staff who opens pages of one participant's file."""

    def __init__(self, caller: Caller, code: str, language: str = "en") -> None:
        self.caller, self.start = caller, f"../{language}/staff/participants/{code}"

    def open(self, path: str) -> httpx.Response:
        return self.caller.get(f"{self.start}/{path}")

    def read(self, path: str) -> str:
        answer = self.open(path)
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "no-store"
        return answer.text

    def send(self, path: str, **values: Any) -> httpx.Response:
        return self.caller.post(f"{self.start}/{path}", data=values)


@pytest.fixture(scope="module")
def world(shared_world: World) -> World:
    return shared_world.renew(definition("north", "quebec", "montreal", settings=SETTINGS), now=NOW)


@pytest.fixture(scope="module")
def pivot(world: World) -> Caller:
    return Caller(world, "pivot@example.org", "pivot_worker")


@pytest.fixture
def her(world: World, pivot: Caller) -> NewParticipant:
    made = add_participant(world)
    assign(world, pivot, made, classes=("participation", "safe_contact", "encounters"))
    agree(world, made, classes=("participation",))
    return made


@pytest.fixture
def hers(pivot: Caller, her: NewParticipant) -> HerFile:
    return HerFile(pivot, her.code)


def line_of(world: World, her: NewParticipant, information: str) -> UUID:
    ((id,),) = world.sql(
        "SELECT id FROM consent_entries WHERE participant_id = %s AND information = %s ORDER BY id LIMIT 1",
        her.id, information,
    )  # fmt: skip
    return UUID(str(id))


def test_she_reads_who_may_see_what_why_and_until_when(world: World, pivot: Caller, hers: HerFile) -> None:
    assert hers.send("consents/new", **INFORMATION | {"until": "2026-12-29"}).status_code == 303

    page = hers.read("consents")
    for said in ("The team that helps you", "That you come here", "The help that you ask for", "can read it",
                 "So that they can help you.", "Until the end of December 29, 2026."):  # fmt: skip
        assert said in page, said
    for never in (CANARY, "pivot@example.org</", "encounters", "*team"):
        assert never not in page.partition("<main")[2], never
    french = HerFile(pivot, hers.start.rpartition("/")[2], "fr").read("consents")
    assert "L’équipe qui t’aide" in french
    assert "Il n’y a pas de date de fin." in french


def test_one_act_ends_one_line_and_says_what_had_left(
    world: World, her: NewParticipant, hers: HerFile, pivot: Caller
) -> None:
    hers.send("consents/new", **INFORMATION)

    async def leave(ctx: Context) -> None:
        await disclosures.record_disclosure(
            ctx, her.id, "anonyme", "service_requests", "service", left_by=("service_request", UUID(int=51))
        )

    world.act("north", leave, actor=Actor("staff", pivot.id))
    line = line_of(world, her, "service_requests")
    ended = hers.send(f"consents/lines/{line}/end")

    assert ended.status_code == 200
    assert "The help that you ask for – Projet LOVE" not in ended.text
    assert re.search(r"November 29, 2026</time> – The help that you ask for – ", ended.text)
    page = hers.read("consents")
    assert "Activities that you go to" in page, "the other line stays"
    assert f"lines/{line}/end" not in page
    assert hers.send(f"consents/lines/{line}/end").text == ended.text, "pressed again it says the same"


def test_with_the_last_line_her_file_closes_and_the_answer_still_says_so(
    world: World, her: NewParticipant, hers: HerFile
) -> None:
    page = hers.read("consents")
    assert "If you stop this one, nobody here can open your file any more." in page

    ended = hers.send(f"consents/lines/{line_of(world, her, 'participation')}/end")

    assert (ended.status_code, "Nothing. It never left this place." in ended.text) == (200, True)
    assert hers.open("consents").status_code == 404


def test_nothing_is_chosen_before_and_what_is_missing_is_said_at_its_field(hers: HerFile) -> None:
    form = hers.read("consents/new?kind=information")
    assert " checked" not in form.partition("<main")[2]

    refused = hers.send("consents/new", kind="information", words=CANARY)

    assert refused.status_code == 422
    for field in ("recipient", "information", "act", "purpose", "until", "giver", "age", "how"):
        assert f'id="{field}-problem"' in refused.text, field
    assert CANARY in refused.text, "what was typed stays"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"giver": "parent"}, "giver"), ({"recipient": "nobody"}, "recipient"), ({"until": "other"}, "until_day"),
        ({"first_day": "soon"}, "first_day"), ({"giver": "benefit", "age": "13", "holder": "anonyme"}, "benefit"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_at_its_field(hers: HerFile, changed: dict[str, str], field: str) -> None:
    refused = hers.send("consents/new", **INFORMATION | changed)

    assert (refused.status_code, f'id="{field}-problem"' in refused.text) == (422, True)


def test_every_axis_that_is_chosen_is_recorded(world: World, her: NewParticipant, hers: HerFile) -> None:
    chosen = INFORMATION | {"information": "legal", "act": ["discuss", "forward"], "until": "other",
                            "until_day": "2027-01-31", "first_day": "2026-01-01", "last_day": "2026-12-31"}  # fmt: skip
    assert hers.send("consents/new", **chosen).status_code == 303

    assert world.sql(
        "SELECT recipient, act, purpose, first_day, last_day, onward, ends FROM consent_entries"
        " WHERE participant_id = %s AND information = 'legal' ORDER BY id", her.id,
    ) == [
        ("anonyme", act, "service", dt.date(2026, 1, 1), dt.date(2026, 12, 31), act == "forward",
         dt.datetime(2027, 2, 1, 5, tzinfo=dt.UTC))
        for act in ("discuss", "forward")
    ]  # fmt: skip


def test_a_form_that_is_sent_twice_is_one_consent(world: World, her: NewParticipant, hers: HerFile) -> None:
    once = re.search(r'name="_once" value="([^"]+)"', hers.read("consents/new?kind=information"))
    assert once is not None
    for _ in range(2):
        assert hers.send("consents/new", **INFORMATION, _once=once[1]).status_code == 303

    assert world.sql("SELECT count(*) FROM consents WHERE participant_id = %s", her.id) == [(2,)]


def test_what_waits_for_a_parent_says_so_and_is_in_force_from_when_one_agreed(
    world: World, her: NewParticipant, hers: HerFile
) -> None:
    hers.send("consents/new", **INFORMATION | {"kind": "participation", "age": "13"})
    ((id,),) = world.sql("SELECT id FROM consents WHERE participant_id = %s AND kind = 'participation'", her.id)
    assert "It waits for a parent or tutor." in hers.read("consents")
    assert "A consent waits for a parent or tutor." in hers.read("../" + her.code)

    both = {"giver": "parent", "how": "written", "age": "13", "given_on": "2026-11-29"}
    assert hers.send(f"consents/{id}/agree", **both | {"giver": ""}).status_code == 422
    assert hers.send(f"consents/{id}/agree", **both).status_code == 303
    page = hers.read("consents")
    assert "A parent or tutor said yes too." in page

    kept = hers.send(f"consents/{id}/end", by="parent", age="14")
    assert (kept.status_code, "Nothing was changed." in kept.text) == (422, True)
    assert hers.send(f"consents/{id}/end", by="parent", age="13").status_code == 200


def test_the_paper_to_keep_says_nothing_of_who_she_is_or_who_helps_her(
    world: World, her: NewParticipant, hers: HerFile
) -> None:
    hers.send("consents/new", **INFORMATION)
    ((id,),) = world.sql(
        "SELECT id FROM consents WHERE participant_id = %s ORDER BY id DESC LIMIT 1", her.id
    )  # fmt: skip

    paper = re.sub(r"<link[^>]*>|<a [^>]*>", "", hers.read(f"consents/{id}/receipt"))

    assert "On November 29, 2026 you said yes." in paper
    for secret in (her.code, str(her.id), CANARY, "anonyme", "team", "encounter", "service", "sphères", "spheres",
                   "north", "participant", "pivot", "follow", "worker"):  # fmt: skip
        assert secret.casefold() not in paper.casefold(), secret


def test_why_names_the_standing_and_her_agreement_and_about_herself_no_exclusion(
    world: World, her: NewParticipant, hers: HerFile, pivot: Caller
) -> None:
    yes = hers.read("why?class=participation")
    assert "Follows her, as pivot worker or backup" in yes
    assert "And she agreed to it." in yes
    no = hers.read("why?class=encounters")
    assert "No: nothing opens this to you now." in no
    world.act("north", lambda ctx: exclusions.exclude(ctx, her.id, "refusal", staff=pivot.id, information="encounters"))
    assert hers.read("why?class=encounters") == no


def test_whoever_is_kept_away_is_recorded_listed_and_let_near_again(
    world: World, her: NewParticipant, hers: HerFile
) -> None:
    colleague = Caller(world, f"{her.code.lower()}@example.org", "pivot_worker")
    nobody = hers.send("exclusions", kind="her_wish", address="nobody@example.org")
    assert (nobody.status_code, 'id="address-problem"' in nobody.text) == (422, True)
    both = hers.send("exclusions", kind="her_wish", staff=str(colleague.id), organization="anonyme")
    assert (both.status_code, "one person, or one organization" in both.text) == (422, True)

    kept = hers.send("exclusions", kind="her_wish", address=f"{her.code.lower()}@example.org", reason=CANARY)

    assert kept.status_code == 303
    page = hers.read("exclusions")
    assert (colleague._email in page, CANARY in page) == (True, False)
    together = hers.read("consents").partition("<main")[2]
    assert ("One person" in together, colleague._email in together) == (True, False)
    (id,) = re.findall(r"exclusions/([0-9a-f-]{36})/end", page)
    assert hers.send(f"exclusions/{id}/end").status_code == 303
    assert "Nobody is kept away" in hers.read("exclusions")


def test_the_limits_are_read_together_and_noted_as_explained_today(hers: HerFile) -> None:
    assert "We did not talk about this yet." in hers.read("consents")
    assert "Not yet." in hers.read("limits")

    assert hers.send("limits").status_code == 303

    assert "November 29, 2026" in hers.read("limits")
    assert "We talked about this on November 29, 2026." in hers.read("consents")


def test_whoever_may_not_record_sees_no_button_and_whoever_may_not_know_of_her_no_page(
    world: World, her: NewParticipant
) -> None:
    reader = Caller(world, f"reader-{her.code}@example.org", "pivot_worker")
    stranger = HerFile(reader, her.code)
    paths = ("consents", "consents/new", "limits", "exclusions", "why")
    assert {stranger.open(path).status_code for path in paths} == {404}
    assign(world, reader, her, classes=("participation",), acts=("read",))
    for path in paths:
        if path != "consents/new":
            assert 'method="post" action="' + f"/t/north/en/staff/participants/{her.code}" not in stranger.read(path)
    assert stranger.open("consents/new").status_code == 403
    assert stranger.send(f"consents/lines/{line_of(world, her, 'participation')}/end").status_code == 403

"""Consents, exclusions and the reasons of decisions over HTTP: for whoever follows her, and for nobody else."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID

import pytest
from msgspec import Struct

from spheres_core.consents.operations import disclosures, exclusions, ledger, standings
from spheres_core.consents.operations.ledger import ConsentGiven, ConsentLine
from spheres_core.consents.queries.reader import read_as_system
from spheres_core.consents.schemas import TEAM
from spheres_core.facts import AgeRange
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.participants.operations import participants
from spheres_core.testing import World, definition
from tests.spheres_core.participants.signed_in import Person, signed_in

NOW: Final = dt.datetime(2026, 11, 29, 15, 0, tzinfo=dt.UTC)
DAY: Final = "2026-11-29"
CANARY: Final = "Une phrase que personne d’autre ne lit"
ACT: Final = UUID(int=51)
GIVEN: Final[dict[str, Any]] = {
    "kind": "information", "given_on": DAY, "how": "spoken", "giver": "herself", "age": 19,
    "lines": [{"recipient": "*team", "information": "encounters", "purpose": "follow_up"},
              {"recipient": "anonyme", "information": "service_requests", "purpose": "service"}],
}  # fmt: skip


class Story(Struct, frozen=True):
    """A region with a pivot worker, a colleague, a liaison of a partner and an administrator."""

    world: World
    pivot: Person
    colleague: Person
    liaison: Person
    administrator: Person


@pytest.fixture(scope="module")
def story(shared_world: World) -> Story:
    world = shared_world.renew(definition("north", "quebec", "montreal"), definition("south", "quebec"), now=NOW)
    return Story(
        world,
        signed_in(world, "pivot", "pivot_worker"),
        signed_in(world, "colleague", "pivot_worker", "coordinator"),
        signed_in(world, "liaison", "liaison", "pivot_worker", organization="anonyme"),
        signed_in(world, "administrator", "administrator"),
    )


@pytest.fixture
def her(story: Story) -> participants.NewParticipant:
    """Somebody whom the pivot follows, and whose partner may know that she takes part."""

    async def following(ctx: Context) -> participants.NewParticipant:
        await read_as_system(ctx)
        made = await participants.add_participant(ctx)
        shared: dict[str, Any] = {"opened_by": ("assignment", ACT)}
        await standings.open_standing(
            ctx, made.id, "assignment", recipient=TEAM, classes=["participation", "encounters", "legal"],
            acts=["read", "write"], purpose="follow_up", staff=story.pivot.id, **shared,
        )  # fmt: skip
        await standings.open_standing(
            ctx, made.id, "service_request", recipient="anonyme", classes=["participation", "service_requests"],
            acts=["read", "write"], purpose="service", **shared,
        )  # fmt: skip
        lines = (
            ConsentLine(TEAM, "participation", "follow_up"), ConsentLine("anonyme", "participation", "service"),
        )  # fmt: skip
        await ledger.give_consent(
            ctx, made.id, ConsentGiven("information", ctx.today, "spoken", "herself", AgeRange(19, 19), lines)
        )
        return made

    return story.world.act("north", following)  # type: ignore[no-any-return]


def give(story: Story, code: str, **changed: Any) -> dict[str, Any]:
    answer = story.pivot.post(f"{code}/consents", GIVEN | changed)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def trail(story: Story, verb: str) -> dict[str, Any]:
    """Details of the newest entry of a verb."""
    ((details,),) = story.world.sql("SELECT details FROM trail_entries WHERE verb = %s ORDER BY id DESC LIMIT 1", verb)
    found: dict[str, Any] = details
    return found


def test_what_she_agreed_to_is_recorded_listed_and_taken_back_line_by_line(story: Story, her: Any) -> None:
    made = give(story, her.code)

    assert (made["state"], made["giver"], made["authority"], made["to_confirm"]) == (
        "holds", "herself", ["information/P-39.1/18-24", "information/R-22.1/18-24"], True,
    )  # fmt: skip
    listed = story.pivot.get(f"{her.code}/consents").json()["items"]
    assert listed[0] == made == story.pivot.get(f"{her.code}/consents/{made['id']}").json()
    line = made["lines"][0]["id"]
    back = story.pivot.post(f"{her.code}/consents/{made['id']}/withdraw", {"line": line}).json()
    assert [each["state"] for each in back["consent"]["lines"]] == ["withdrawn", "holds"]
    assert back["already_left"] == []
    assert story.pivot.post(f"{her.code}/consents/{made['id']}/withdraw", {"line": line}).status_code == 404


def test_a_withdrawal_says_what_had_already_left(story: Story, her: Any) -> None:
    made = give(story, her.code)

    async def leave(ctx: Context) -> None:
        await disclosures.record_disclosure(
            ctx, her.id, "anonyme", "service_requests", "service", left_by=("service_request", ACT)
        )

    story.world.act("north", leave, actor=Actor("staff", story.pivot.id))
    back = story.pivot.post(f"{her.code}/consents/{made['id']}/withdraw", {}).json()

    assert back["consent"]["state"] == "withdrawn"
    assert back["already_left"] == [
        {"recipient": "anonyme", "information": "service_requests", "purpose": "service", "left_on": DAY}
    ]


def test_after_the_last_consent_is_taken_back_nobody_opens_the_file(story: Story, her: Any) -> None:
    (first,) = story.pivot.get(f"{her.code}/consents").json()["items"]

    assert story.pivot.post(f"{her.code}/consents/{first['id']}/withdraw", {}).status_code == 200
    assert story.pivot.get(f"{her.code}/consents").status_code == 404


def test_unknown_foreign_and_unreadable_answer_alike(story: Story, her: Any) -> None:
    made = give(story, her.code)
    paths = [
        "consents", f"consents/{made['id']}", f"consents/{made['id']}/receipt", f"consents/{made['id']}/fhir",
        "exclusions", "limits", "why?class=encounters",
    ]  # fmt: skip
    for path in paths:
        assert story.pivot.get(f"{her.code}/{path}").status_code == 200, path
        unknown = story.pivot.get(f"AAAA-AAAA-AAAA/{path}")
        unreadable = story.colleague.get(f"{her.code}/{path}")
        assert (unknown.status_code, unknown.text) == (404, unreadable.text), path
        foreign = story.world.get(
            f"/t/south/api/participants/{her.code}/{path}", headers=story.world.bearer("south", "pivot_worker")
        )
        assert foreign.status_code == 404
        assert story.administrator.get(f"{her.code}/{path}").status_code == 403
        assert story.administrator.get(f"AAAA-AAAA-AAAA/{path}").status_code == 403
    for path, body in (
        ("consents", GIVEN), (f"consents/{made['id']}/withdraw", {}), ("limits", {}),
        ("exclusions", {"kind": "her_wish", "organization": "anonyme"}), (f"exclusions/{made['id']}/end", {}),
    ):  # fmt: skip
        assert story.colleague.post(f"{her.code}/{path}", body).status_code == 404
        assert story.pivot.post(f"AAAA-AAAA-AAAA/{path}", body).status_code == 404


def test_a_partner_sees_the_lines_for_itself_and_records_nothing(story: Story, her: Any) -> None:
    made = give(story, her.code)
    listed = story.liaison.get(f"{her.code}/consents?purpose=service").json()["items"]

    assert {line["recipient"] for each in listed for line in each["lines"]} == {"anonyme"}
    assert story.liaison.get(f"{her.code}/consents?purpose=follow_up").status_code == 404, "not for another purpose"
    for path, body in (("consents", GIVEN), (f"consents/{made['id']}/withdraw", {}), ("limits", {})):
        answer = story.liaison.post(f"{her.code}/{path}?purpose=service", body)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_hers_to_record")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"giver": "parent"}, "consent_not_theirs_to_give"),
        ({"age": 13, "holder": "anonyme"}, "consent_not_theirs_to_give"),
        ({"age": 13, "holder": "anonyme", "giver": "benefit"}, "benefit_not_documented"),
        ({"given_on": "2026-11-30"}, "consent_invalid"),
        ({"lines": []}, "consent_invalid"),
        ({"kind": "care"}, "consent_invalid"),
        ({"lines": [{"recipient": "nobody", "information": "legal", "purpose": "service"}]}, "consent_line_unknown"),
    ],
)
def test_what_she_cannot_have_agreed_to_is_refused(story: Story, her: Any, changed: dict[str, Any], code: str) -> None:
    answer = story.pivot.post(f"{her.code}/consents", GIVEN | changed)

    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_the_last_day_is_a_day_of_the_region(story: Story, her: Any) -> None:
    assert give(story, her.code, until="2026-12-05")["ends"] == "2026-12-06T05:00:00Z"


def test_the_same_sent_twice_is_one_consent_and_a_colleagues_key_is_another(story: Story, her: Any) -> None:
    key = "7c1c1f5e-2f5e-4c0e-9f5b-51c0ffee0001"
    answers = [
        story.pivot.post(f"{her.code}/consents", GIVEN, **{"Idempotency-Key": key}).json()["id"] for _ in range(2)
    ]

    assert answers[0] == answers[1]
    changed = story.pivot.post(f"{her.code}/consents", GIVEN | {"age": 20}, **{"Idempotency-Key": key})
    assert changed.status_code == 409
    assert len(story.pivot.get(f"{her.code}/consents").json()["items"]) == 2


def test_lists_go_on_from_a_cursor_of_their_own(story: Story, her: Any) -> None:
    async def many(ctx: Context) -> None:
        for _ in range(51):
            await exclusions.exclude(ctx, her.id, "refusal", organization="ccsmtl", information="legal")

    story.world.act("north", many)
    page = story.pivot.get(f"{her.code}/exclusions").json()
    rest = story.pivot.get(f"{her.code}/exclusions", params={"cursor": page["next"]}).json()

    assert (len(page["items"]), len(rest["items"]), rest["next"]) == (50, 1, None)
    assert story.pivot.get(f"{her.code}/consents", params={"cursor": page["next"]}).status_code == 422


# ---- exclusions ------------------------------------------------------------------------------------------------------


def test_nobody_is_shown_or_ends_an_exclusion_about_herself(story: Story, her: Any) -> None:
    about = {"kind": "her_wish", "staff": str(story.pivot.id), "information": "legal", "reason": CANARY}
    mine = story.pivot.post(f"{her.code}/exclusions", about)
    other = story.pivot.post(f"{her.code}/exclusions", {"kind": "refusal", "organization": "ccsmtl"}).json()

    assert mine.status_code == 201
    assert CANARY not in mine.text
    assert [each["id"] for each in story.pivot.get(f"{her.code}/exclusions").json()["items"]] == [other["id"]]
    assert story.pivot.post(f"{her.code}/exclusions/{mine.json()['id']}/end", {}).status_code == 404
    ended = story.pivot.post(f"{her.code}/exclusions/{other['id']}/end", {})
    assert (ended.status_code, ended.json()["ends"]) == (200, "2026-11-29T15:00:00Z")
    assert story.pivot.post(f"{her.code}/exclusions/{other['id']}/end", {}).status_code == 404


def test_to_keep_away_is_one_person_or_one_organization(story: Story, her: Any) -> None:
    answer = story.pivot.post(f"{her.code}/exclusions", {"kind": "refusal"})
    assert (answer.status_code, answer.json()["code"]) == (422, "exclusion_invalid")


# ---- why -------------------------------------------------------------------------------------------------------------


def test_why_names_the_rows_that_allow_it_and_without_them_the_reading_is_closed(story: Story, her: Any) -> None:
    made = give(story, her.code)

    why = story.pivot.get(f"{her.code}/why?class=encounters").json()

    assert (why["allowed"], why["standing"]["kind"], why["line"]) == (True, "assignment", made["lines"][0])
    story.pivot.post(f"{her.code}/consents/{made['id']}/withdraw", {"line": why["line"]["id"]})
    after = story.pivot.get(f"{her.code}/why?class=encounters").json()
    assert (after["allowed"], after["reason"], after["line"]) == (False, "not_open", None)


def test_why_tells_the_reason_against_a_colleague_and_never_an_exclusion_of_whoever_asks(
    story: Story, her: Any
) -> None:
    give(story, her.code)

    def asked(staff: Person, information: str) -> tuple[Any, Any]:
        answer = story.pivot.get(f"{her.code}/why?class={information}&staff={staff.id}").json()
        return answer["reason"], answer["exclusion"]

    assert asked(story.colleague, "encounters") == ("no_standing", None)
    kept = story.pivot.post(f"{her.code}/exclusions", {"kind": "refusal", "staff": str(story.colleague.id)}).json()
    assert asked(story.colleague, "encounters") == ("excluded", kept["id"])
    assert asked(story.pivot, "legal") == ("not_open", None), "agreed to by nobody"
    story.pivot.post(
        f"{her.code}/exclusions", {"kind": "refusal", "staff": str(story.pivot.id), "information": "legal"}
    )
    assert asked(story.pivot, "legal") == ("not_open", None), "and now kept away: the same answer"
    assert asked(story.pivot, "measures") == ("no_standing", None)
    unknown = story.pivot.get(f"{her.code}/why?class=legal&staff={UUID(int=77)}")
    assert unknown.status_code == 404


# ---- limits of confidentiality ---------------------------------------------------------------------------------------


def test_that_the_limits_were_explained_is_recorded_with_the_day_who_and_the_text(story: Story, her: Any) -> None:
    assert story.pivot.get(f"{her.code}/limits").json() == {"items": []}

    told = story.pivot.post(f"{her.code}/limits", {"text_version": "2026-1"})

    assert told.status_code == 201
    (one,) = told.json()["items"]
    assert (one["dated_on"], one["explained_by"], one["text_version"]) == (DAY, str(story.pivot.id), "2026-1")
    assert story.pivot.post(f"{her.code}/limits", {"on": "2026-11-30"}).status_code == 422


# ---- documents -------------------------------------------------------------------------------------------------------


def test_a_receipt_says_nothing_of_who_she_is_or_who_helps_her(story: Story, her: Any) -> None:
    made = give(story, her.code, words=CANARY)
    place = f"{her.code}/consents/{made['id']}"
    before = story.pivot.get(f"{place}/receipt")
    story.pivot.post(f"{place}/withdraw", {})
    after = story.pivot.get(f"{place}/receipt")

    for answer, status in ((before, "dpv:ConsentGiven"), (after, "dpv:ConsentWithdrawn")):
        receipt = answer.json()
        assert (receipt["@type"], receipt["dpv:hasConsentStatus"]) == ("dpv:ConsentReceipt", status)
        assert {each["dpv:hasConsentStatus"] for each in receipt["dpv:hasProcess"]} == {status}
        assert set(receipt) >= {"@context", "dct:identifier", "dct:conformsTo", "dct:issued", "dct:language"}
        said = answer.text.casefold()
        for secret in (her.code, str(her.id), made["id"], CANARY, "anonyme", "team", "encounter", "service", "sphères",
                       "spheres", "north", "participant", "pivot", "follow"):  # fmt: skip
            assert secret.casefold() not in said, secret
    assert before.json()["dct:source"] == after.json()["dct:source"], "both are about one record"
    assert before.json()["dct:identifier"] != after.json()["dct:identifier"]


def test_a_consent_leaves_as_fhir_with_a_pseudonym(story: Story, her: Any) -> None:
    made = give(story, her.code, words=CANARY, until="2026-12-31")
    place = f"{her.code}/consents/{made['id']}/fhir"
    answer = story.pivot.get(place)
    found = answer.json()

    assert (found["resourceType"], found["status"], found["dateTime"]) == ("Consent", "active", DAY)
    assert found["provision"]["type"] == "deny"
    permitted = found["provision"]["provision"]
    assert [each["type"] for each in permitted] == ["permit", "permit"]
    assert [each["actor"][0]["reference"]["identifier"]["value"] for each in permitted] == ["team", "anonyme"]
    assert [each["class"][0]["code"] for each in permitted] == ["encounters", "service_requests"]
    assert all(each["period"]["end"].startswith("2027-01-01T05:00:00") for each in permitted)
    for secret in (her.code, str(her.id), made["id"], CANARY):
        assert secret not in answer.text
    other = story.pivot.get(f"{her.code}/consents/{give(story, her.code)['id']}/fhir").json()
    assert other["patient"] == found["patient"]
    assert other["identifier"] != found["identifier"]


# ---- the trail -------------------------------------------------------------------------------------------------------


def test_the_trail_of_each_reading_names_the_standing_and_the_line_that_allowed_it(story: Story, her: Any) -> None:
    made = give(story, her.code)
    ground = {
        name: str(row)
        for name, row in zip(
            ("standing", "entry"),
            story.world.sql(
                "SELECT s.id, e.id FROM standings s JOIN consent_entries e USING (tenant_id, participant_id)"
                " WHERE s.participant_id = %s AND s.purpose = 'follow_up' AND e.information = 'participation'"
                " AND e.recipient = '*team'", her.id,
            )[0],
            strict=True,
        )
    }  # fmt: skip
    readings = {
        "consents": "consents.listed", f"consents/{made['id']}": "consent.read",
        f"consents/{made['id']}/receipt": "consent.read", f"consents/{made['id']}/fhir": "consent.read",
        "exclusions": "exclusions.listed", "limits": "limits.read", "why?class=legal": "why.asked",
    }  # fmt: skip
    for path, verb in readings.items():
        assert story.pivot.get(f"{her.code}/{path}").status_code == 200
        for each in (verb, "participant.found"):
            assert ground.items() <= trail(story, each).items(), path

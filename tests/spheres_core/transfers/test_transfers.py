"""She goes on in another region: what crosses, who answers, and what stays as it was when nothing comes of it."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import json
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

import pytest

from spheres_core.audit.events.delivery import DeliveryUnfinished
from spheres_core.consents.queries.readable import Permitted
from spheres_core.consents.queries.reader import as_system
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.periodic_tasks import run_in_each_tenant
from spheres_core.transfers.operations import endings
from spheres_core.transfers.operations.expiry import end_overdue
from spheres_core.transfers.queries.transfers import BY_ID as OFFERED
from tests.spheres_core.followups.conftest import TODAY, Person
from tests.spheres_core.transfers.conftest import CLASSES, NEVER_ALONG, OF_CLASS, WORDS, Regions, Transferring

SUBSETS = [each for size in range(len(CLASSES) + 1) for each in itertools.combinations(CLASSES, size)]


def words_in(said: Any) -> set[str]:
    text = said if isinstance(said, str) else json.dumps(said)
    return {name for name, word in WORDS.items() if word in text}


def going_along(*classes: str) -> set[str]:
    """The words that these classes take along: her own about something, and stages of a goal, only beside it."""
    found = {name for each in classes for name in OF_CLASS[each]}
    beside_plan = {"need_hers", "asked_hers", "goal_asked_hers", "stage"}
    without_plan = beside_plan if "needs_and_plan" not in classes else set()
    without_encounters = {"note_hers", "note_asked_hers", "papers_hers"} if "encounters" not in classes else set()
    return found - without_plan - without_encounters - ({"court_hers"} if "legal" not in classes else set())


def kept(region: Transferring, table: str, column: str) -> str:
    """All that a region keeps sealed in a column, opened."""

    async def opened(ctx: Context) -> str:
        async with as_system(ctx):
            rows = await ctx.db.sql(f"SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY id")
        return "\n".join(ctx.keys.open(table, id, column, sealed).decode() for id, sealed in rows)

    return str(region.act(opened))


def sealed_for(region: Transferring, id: str, table: str = "received_transfers") -> str:
    """What a region keeps sealed of one transfer."""
    return "\n".join(each for each in kept(region, table, "content").splitlines() if id in each)


def go_on(north: Transferring, south: Transferring, code: str, *classes: str, **more: Any) -> str:
    """Takes a transfer to its end; returns her code in the other region."""
    north.offer(code, "south", *classes, **more)
    north.cross()
    new = str(south.accept()["participant"])
    south.cross()
    north.cross()
    return new


def as_system_of(region: Transferring, ask: Callable[[Context], Coroutine[Any, Any, Any]]) -> Any:
    async def inside(ctx: Context) -> Any:
        async with as_system(ctx):
            return await ask(ctx)

    return region.act(inside)


def test_she_goes_on_in_another_region_under_a_new_code(regions: Regions) -> None:
    north, south = regions
    code = north.file()
    offered = north.offer(code, "south", "needs_and_plan", "own_words")
    assert offered["state"] == "offered"
    assert north.state(code) == "transferring"
    north.cross()
    waits = south.received()
    assert (waits["state"], waits["region"], waits["ages"]) == ("offered", "north", "18-24")
    assert waits["classes"] == ["needs_and_plan", "own_words"]
    assert code not in json.dumps(waits)
    assert words_in(waits) == set()
    accepted = south.accept()
    new = accepted["participant"]
    assert accepted["state"] == "accepting"
    assert new != code
    assert south.coordinator.get(f"/participants/{new}").status_code == 404
    south.cross()
    assert north.state(code) == "closed"
    north.cross()
    assert south.state(new) == "proposed"
    assert (south.received()["state"], south.received()["participant"]) == ("accepted", None)


def test_what_goes_along_is_what_she_agreed_to_for_every_choice_of_classes(regions: Regions) -> None:
    north, _ = regions
    code = north.file()
    for classes in SUBSETS:
        shown = north.preview(code, north.asked("south", *classes))
        assert words_in(shown) == going_along(*classes), classes
        assert {each["information"] for each in shown["entries"]} <= set(classes)
    Permitted.enforced = False
    try:
        assert words_in(north.preview(code, north.asked("south", "encounters"))) == going_along("encounters")
    finally:
        Permitted.enforced = True


def test_no_number_goes_along_without_how_it_may_be_used(regions: Regions) -> None:
    north, _ = regions
    code = north.file()
    (line,) = [each["line"] for each in north.pivot.read(f"/participants/{code}/safe-contact")["lines"]]
    (entry,) = north.preview(code, north.asked("south", "safe_contact"))["entries"]
    assert entry["words"] == f"{WORDS['contact']}\n{line}"
    assert "voicemail" in line or "boîte vocale" in line


def test_an_offer_that_ends_twice_at_once_ends_once(regions: Regions) -> None:
    north, _ = regions
    offered = north.offer(north.file(), "south", *CLASSES)

    async def end_twice(ctx: Context) -> list[str]:
        found = await ctx.db.one_or_none(OFFERED, id=UUID(offered["id"]))
        assert found is not None
        return [(await endings.end(ctx, found, to)).state for to in ("refused", "expired")]

    assert as_system_of(north, end_twice) == ["refused", "offered"], "the second is told what it had read"
    verbs = "SELECT verb FROM trail_entries WHERE details ->> 'transfer' = %s AND verb <> 'transfer.offered'"
    assert north.world.sql(verbs, offered["id"]) == [("transfer.refused",)]


def test_what_arrives_is_what_was_previewed_and_waits_there_for_consents_of_its_own(regions: Regions) -> None:
    north, south = regions
    code = north.file()
    asked = north.asked("south", "needs_and_plan", "encounters")
    shown = north.preview(code, asked)
    new = go_on(north, south, code, "needs_and_plan", "encounters")
    arrived = [json.loads(line)["entry"] for line in kept(south, "brought_entries", "content").splitlines()]
    assert [each["words"] for each in arrived[-len(shown["entries"]) :]] == [each["words"] for each in shown["entries"]]
    south.coordinator.do(f"/participants/{new}/assignments", {"staff": south.pivot.id, "part": "pivot"})
    assert south.state(new) == "active"
    assert south.pivot.read(f"/participants/{new}/brought")["items"] == []
    south.agree(new, "encounters")
    read = south.pivot.read(f"/participants/{new}/brought")["items"]
    assert words_in(read) == {"note", "note_asked", "papers"}
    assert {(each["region"], each["by"], each["onward"]) for each in read} == {("north", "", False)}
    south.agree(new, "needs_and_plan")
    assert words_in(south.pivot.read(f"/participants/{new}/brought")) == going_along("needs_and_plan", "encounters")


def test_names_of_workers_go_along_only_when_she_agrees(regions: Regions) -> None:
    north, _ = regions
    code = north.file()
    assert "Quirion" not in json.dumps(north.preview(code, north.asked("south", *CLASSES)))
    assert "Quirion" in json.dumps(north.preview(code, north.asked("south", *CLASSES, names=True)))


def test_the_link_between_both_codes_stands_in_the_vault_of_each_side_only(regions: Regions) -> None:
    north, south = regions
    code = north.file()
    new = go_on(north, south, code, "needs_and_plan")
    for region, other in ((north, new), (south, code)):
        tables = region.world.sql(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        for (table,) in tables:
            for said in (other, other.encode().hex()):
                found = region.world.sql(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', f"%{said}%")
                assert found == [(0,)], table
        assert other not in kept(region, "brought_entries", "content")
    (ended,) = north.pivot.read(f"/participants/{code}/transfers")["transfers"]
    assert sealed_for(south, ended["id"]) == sealed_for(north, ended["id"], "transfers") == ""
    south.coordinator.do(f"/participants/{new}/assignments", {"staff": south.pivot.id, "part": "pivot"})
    south.agree(new, "identity")
    opened = south.pivot.do(f"/participants/{new}/identity", {"reason": "She asked where her papers are."}, status=200)
    assert opened["elsewhere"] == [{"region": "north", "code": code}]
    ((sealed,),) = north.world.sql(
        "SELECT count(*) FROM identity_links WHERE tenant_id = %s AND participant_id IN"
        " (SELECT participant_id FROM transfers WHERE state = 'accepted')", north.tenant,
    )  # fmt: skip
    assert sealed >= 1
    assert south.world.sql(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'received_transfers'"
        " AND column_name = 'participant_id'"
    ) == []  # fmt: skip


def test_a_refusal_leaves_her_file_as_it_was_and_what_would_have_come_is_deleted(regions: Regions) -> None:
    north, south = regions
    code = north.file()
    before = north.pivot.read(f"/participants/{code}")["classes"]
    offered = north.offer(code, "south", *CLASSES)
    north.cross()
    assert words_in(sealed_for(south, offered["id"])) == set(WORDS)
    assert NEVER_ALONG not in sealed_for(south, offered["id"])
    waits = south.received()
    refused = south.coordinator.do(
        f"/transfers/{waits['id']}/refuse", {"version": 1, "reason": "no_place_now"}, status=200
    )
    assert (refused["state"], refused["reason"]) == ("refused", "no_place_now")
    assert sealed_for(south, offered["id"]) == ""
    south.cross()
    assert north.state(code) == "active"
    after = north.pivot.read(f"/participants/{code}")["classes"]
    assert [after[each] for each in CLASSES] == [before[each] for each in CLASSES]
    assert after["participation"]["assignments"] == before["participation"]["assignments"]
    (transfer,) = north.pivot.read(f"/participants/{code}/transfers")["transfers"]
    assert (transfer["state"], transfer["reason"], transfer["to_tell"]) == ("refused", "no_place_now", True)


def test_a_paused_file_is_paused_again_when_nothing_comes_of_it(regions: Regions) -> None:
    north, _ = regions
    code = north.file()
    step = {"to": "paused", "reason": "her_wish", "version": 2}
    north.pivot.do(f"/participants/{code}/participations/steps", step, status=200)
    offered = north.offer(code, "south")
    north.pivot.do(f"/participants/{code}/transfers/{offered['id']}/withdraw", {"version": 1}, status=200)
    assert north.state(code) == "paused"


def test_nobody_takes_a_file_into_or_out_of_a_transfer_by_hand(regions: Regions) -> None:
    north, _ = regions
    code = north.file()
    at = f"/participants/{code}/participations/steps"
    refused = north.pivot.do(at, {"to": "transferring", "version": 2}, status=409)
    assert (refused["code"], refused["allowed"]) == ("step_forbidden", ["paused", "closing"])
    north.offer(code, "south")
    refused = north.pivot.do(at, {"to": "closed", "reason": "transferred", "version": 3}, status=409)
    assert (refused["code"], refused["allowed"]) == ("step_forbidden", [])


def test_what_is_pending_ends_with_her_file_and_whoever_followed_her_tells_her(regions: Regions) -> None:
    north, south = regions
    code, colleague = north.file(), Person(north, "pivot_worker")
    north.pivot.do("/hand-overs", {"participants": [code], "to": colleague.id})
    assert colleague.read("/hand-overs")["hand_overs"] != []
    go_on(north, south, code)
    assert colleague.read("/hand-overs")["hand_overs"] == []
    read = north.pivot.read(f"/participants/{code}")
    assert set(read["classes"]) == {"participation", "safe_contact"}
    (transfer,) = north.pivot.read(f"/participants/{code}/transfers")["transfers"]
    assert (transfer["state"], transfer["to_tell"]) == ("accepted", True)
    at = f"/participants/{code}/transfers/{transfer['id']}/told"
    assert north.coordinator.post(at, {"version": transfer["version"]}).status_code == 409
    north.pivot.do(at, {"version": transfer["version"]}, status=200)
    assert north.pivot.get(f"/participants/{code}").status_code == 404


def test_an_offer_that_was_taken_back_begins_nothing_even_when_it_is_accepted_meanwhile(regions: Regions) -> None:
    north, south = regions
    code = north.file()
    offered = north.offer(code, "south", *CLASSES)
    north.cross()
    new = south.accept()["participant"]
    north.pivot.do(f"/participants/{code}/transfers/{offered['id']}/withdraw", {"version": 1}, status=200)
    for region in (south, north, south, north):
        region.cross()
    assert north.state(code) == "active"
    assert south.received()["state"] == "withdrawn"
    assert south.coordinator.get(f"/participants/{new}").status_code == 404
    assert sealed_for(south, offered["id"]) == ""


def test_what_she_takes_back_before_it_has_left_does_not_leave(regions: Regions) -> None:
    north, south = regions
    code = north.file()
    before = [each["id"] for each in south.coordinator.read("/transfers")["items"]]
    offered = north.offer(code, "south", *CLASSES)
    consents = north.pivot.read(f"/participants/{code}/consents")["items"]
    (consent,) = [each for each in consents if each["lines"] and each["lines"][0]["recipient"] == "*region:south"]
    line = next(each["id"] for each in consent["lines"] if each["information"] == "encounters")
    north.pivot.do(f"/participants/{code}/consents/{consent['id']}/withdraw", {"line": line}, status=200)
    assert north.state(code) == "active"
    north.cross()
    after = [each for each in south.coordinator.read("/transfers")["items"] if each["id"] not in before]
    assert [(each["state"], each["classes"]) for each in after] == [("withdrawn", [])]
    assert sealed_for(south, offered["id"]) == ""


def test_what_has_left_is_told_when_she_takes_it_back(regions: Regions) -> None:
    north, _ = regions
    code = north.file()
    north.offer(code, "south", "encounters")
    north.cross()
    consents = north.pivot.read(f"/participants/{code}/consents")["items"]
    (consent,) = [each for each in consents if each["lines"] and each["lines"][0]["recipient"] == "*region:south"]
    taken = north.pivot.do(f"/participants/{code}/consents/{consent['id']}/withdraw", {}, status=200)
    left = {(each["recipient"], each["information"]) for each in taken["already_left"]}
    assert left == {("*region:south", "participation"), ("*region:south", "encounters")}


def test_a_message_that_comes_twice_or_late_is_written_once(regions: Regions) -> None:
    north, south = regions
    code = north.file()
    new = go_on(north, south, code, "needs_and_plan")
    brought = south.count("brought_entries")
    for region in (north, south, north):
        as_system_of(region, lambda ctx: ctx.db.sql("UPDATE deliveries SET done_at = NULL WHERE recipient = 'region'"))
        region.cross()
    assert south.count("brought_entries") == brought
    assert south.state(new) == "proposed"
    assert north.state(code) == "closed"


def test_two_who_answer_at_once_and_one_of_them_is_told(regions: Regions) -> None:
    north, south = regions
    north.offer(north.file(), "south")
    north.cross()
    waits, other = south.received(), Person(south, "coordinator")
    at = f"/t/south/api/transfers/{waits['id']}"

    async def at_once() -> list[int]:
        client = south.world.http
        answers = await asyncio.gather(
            client.post(f"{at}/accept", json={"version": 1}, headers=south.coordinator.headers),
            client.post(f"{at}/accept", json={"version": 1}, headers=other.headers),
            client.post(f"{at}/refuse", json={"version": 1, "reason": "other"}, headers=other.headers),
        )
        return [each.status_code for each in answers]

    assert sorted(south.world.run(at_once())) == [200, 409, 409]


def test_without_an_answer_it_is_over_on_both_sides(regions: Regions, later: Callable[[dt.timedelta], None]) -> None:
    north, south = regions
    code = north.file()
    offered = north.offer(code, "south", *CLASSES)
    north.cross()
    later(dt.timedelta(days=29, hours=23))
    north.world.run(run_in_each_tenant(north.world.runtime, "end_overdue_transfers", end_overdue))
    assert south.received()["state"] == "offered"
    later(dt.timedelta(days=30, hours=1))
    assert south.accept(409)["code"] == "transfer_not_waiting"
    north.world.run(run_in_each_tenant(north.world.runtime, "end_overdue_transfers", end_overdue))
    assert south.received()["state"] == "expired"
    assert sealed_for(south, offered["id"]) == ""
    assert north.state(code) == "active"


def test_a_region_that_does_not_name_the_other_gets_and_keeps_nothing(regions: Regions) -> None:
    north, _ = regions
    code = north.file()
    slugs = [each["slug"] for each in north.pivot.read(f"/participants/{code}/transfers")["regions"]]
    assert slugs == ["south", "east"]
    for unknown in ("nowhere", "north", "west"):
        refused = north.pivot.do(f"/participants/{code}/transfers/preview", north.asked(unknown), status=422)
        assert refused["code"] == "region_unknown"
    north.offer(code, "east", *CLASSES)
    north.cross()
    tenant = north.world.loaded("east").tenant.id
    assert north.world.sql("SELECT count(*) FROM received_transfers WHERE tenant_id = %s", tenant) == [(0,)]


def test_what_would_go_along_now_must_be_what_was_looked_at(regions: Regions) -> None:
    north, _ = regions
    code = north.file()
    asked = north.asked("south", "needs_and_plan")
    seen = north.preview(code, asked)["digest"]
    north.pivot.do(f"/participants/{code}/strengths", {"what": "zqlaterzq", "identified_by": "worker"})
    refused = north.pivot.do(f"/participants/{code}/transfers", {**asked, "seen": seen}, status=409)
    assert refused["code"] == "changed_meanwhile"
    assert "zqlaterzq" in json.dumps(refused["preview"])
    assert north.state(code) == "active"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"classes": ["identity"]}, "not_carried"),
        ({"classes": ["committee"]}, "not_carried"),
        ({"agreement": {"on": "2026-11-24", "how": "spoken"}}, "agreement_in_future"),
    ],
)
def test_what_cannot_go_along_or_was_not_agreed_to_is_refused(
    regions: Regions, wrong: dict[str, Any], code: str
) -> None:
    north, _ = regions
    her = north.file()
    asked = {**north.asked("south"), **wrong}
    assert north.pivot.do(f"/participants/{her}/transfers/preview", asked, status=422)["code"] == code
    without = {name: value for name, value in asked.items() if name != "agreement"}
    assert north.pivot.post(f"/participants/{her}/transfers/preview", without).status_code == 400


def test_a_worker_passes_on_nothing_that_she_may_not_read_herself(regions: Regions) -> None:
    north, _ = regions
    code = north.file()
    consents = north.pivot.read(f"/participants/{code}/consents")["items"]
    for consent in consents:
        for line in consent["lines"]:
            if line["information"] == "encounters":
                at = f"/participants/{code}/consents/{consent['id']}/withdraw"
                north.pivot.do(at, {"line": line["id"]}, status=200)
    refused = north.pivot.do(f"/participants/{code}/transfers/preview", north.asked("south", "encounters"), status=422)
    assert refused["code"] == "not_carried"
    assert north.coordinator.post(f"/participants/{code}/transfers/preview", north.asked("south")).status_code == 404


def test_what_failed_on_the_way_is_tried_again_and_nothing_is_lost(
    regions: Regions, monkeypatch: pytest.MonkeyPatch
) -> None:
    north, south = regions
    code = north.file()
    offered = north.offer(code, "south", *CLASSES)
    before = south.count("received_transfers")
    with monkeypatch.context() as patch:
        patch.setattr("spheres_core.transfers.operations.messages.ADD", None)
        with pytest.raises(DeliveryUnfinished):
            north.cross()
    assert south.count("received_transfers") == before
    north.cross()
    assert south.count("received_transfers") == before + 1
    assert words_in(sealed_for(south, offered["id"])) == set(WORDS)


def test_nothing_of_it_stands_in_the_clear_and_the_trail_has_no_words(regions: Regions) -> None:
    north, _ = regions
    code = north.file()
    north.offer(code, "south", *CLASSES)
    for _ in ("before it has left", "after"):
        for table in ("transfers", "received_transfers", "brought_entries", "trail_entries", "deliveries", "consents"):
            found = north.world.sql(f"SELECT t::text FROM {table} t")
            said = json.dumps(found)
            assert words_in(said) == set()
            assert code not in said
            assert "zqyeszq" not in said
            assert not [word for word in WORDS.values() if word.encode().hex() in said]
        north.cross()


def test_her_own_agreement_to_go_on_is_recorded_in_both_regions(regions: Regions) -> None:
    north, south = regions
    code = north.file()
    new = go_on(north, south, code, "needs_and_plan")
    south.coordinator.do(f"/participants/{new}/assignments", {"staff": south.pivot.id, "part": "pivot"})
    (consent,) = south.pivot.read(f"/participants/{new}/consents")["items"]
    assert (consent["kind"], consent["given_on"], consent["giver"]) == ("participation", TODAY, "herself")
    assert {line["information"] for line in consent["lines"]} == {"participation"}

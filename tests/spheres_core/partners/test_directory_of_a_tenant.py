"""The directory of a tenant: adopted from its packs, answered for any day."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec
import pytest
from sqlalchemy import bindparam, update

from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import Statement, prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners import models
from spheres_core.partners.directory_file import read_directory
from spheres_core.partners.operations import adopt_directory
from spheres_core.partners.queries import directory_rows, emergency_contacts
from spheres_core.partners.queries import partners as partner_queries
from spheres_core.testing import World, definition

OURS: Final = Path(__file__).parents[3] / "plugins"
NOW: Final = dt.datetime(2026, 11, 21, 15, 0, tzinfo=dt.UTC)
SIX = {"anonyme", "ccsmtl", "ciusss_odim", "en_marge_12_17", "marie_vincent", "spvm"}


@pytest.fixture
def world(shared_world: World) -> World:
    """Two regions as they are delivered, not yet met by the process."""
    city, valley = definition("montreal", "quebec", "montreal"), definition("outaouais", "quebec", "outaouais")
    return shared_world.renew(city, valley, now=NOW)


def test_montreal_has_its_six_partners_today(world: World) -> None:
    answer = world.get("/t/montreal/api/partners")

    assert answer.status_code == 200
    assert {each["key"] for each in answer.json()["partners"]} == SIX


def test_the_psychotherapy_partner_is_not_among_those_of_the_launch(world: World) -> None:
    then = world.get("/t/montreal/api/partners?on=2018-05-01").json()["partners"]

    assert {each["key"] for each in then} == SIX - {"marie_vincent"}


def test_a_past_day_keeps_the_coordinator_of_its_date(world: World) -> None:
    def coordinator(day: str) -> str:
        said = world.get(f"/t/montreal/api/partners?on={day}").json()
        return str(said["coordination"]["organization"])

    assert coordinator("2017-01-01") == "iujd"
    assert coordinator("2023-12-31") == "iujd"
    assert coordinator("2024-01-01") == "en_marge_12_17"
    assert coordinator("2040-01-01") == "en_marge_12_17"


def test_the_history_of_coordination_begins_with_the_oldest(world: World) -> None:
    async def history(ctx: Context) -> list[str]:
        return [each.organization for each in await partner_queries.coordination_history(ctx)]

    assert world.act("montreal", history) == ["iujd", "en_marge_12_17"]


def test_before_the_programme_nobody_coordinates(world: World) -> None:
    assert world.get("/t/montreal/api/partners?on=2016-12-31").json()["coordination"] is None


def test_the_day_of_the_hand_over_is_said_to_be_unconfirmed(world: World) -> None:
    assert world.get("/t/montreal/api/partners").json()["coordination"]["day_confirmed"] is False


def test_a_region_without_a_coordinator_says_so_in_words(world: World) -> None:
    said = world.get("/t/outaouais/api/partners", headers={"accept-language": "en"}).json()["coordination"]

    assert said["organization"] is None
    assert said["status"] == "to_confirm"
    assert "not decided" in said["note"]


def test_what_is_not_a_day_is_refused_in_the_readers_language(world: World) -> None:
    for day in (
        "tomorrow",
        "2026-13-01",
        "2026-11-31",
        "20261121",
        "",
        "2026-11-21T00:00",
        "9" * 400,
    ):
        answer = world.get(f"/t/montreal/api/partners?on={day}")

        assert answer.status_code == 422, day
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["errors"][0]["path"] == "on"


def test_services_keep_what_makes_them_reachable(world: World) -> None:
    partners = world.get("/t/montreal/api/partners", headers={"accept-language": "en"}).json()["partners"]
    offered = {service["key"]: service for each in partners for service in each["services"]}

    assert offered["en_marge_shelter"]["round_the_clock"] is True
    assert offered["en_marge_shelter"]["open_now"] is True
    assert offered["marie_vincent_psychotherapy"]["bypasses_waiting_list"] is True
    assert offered["les_survivantes"]["province_wide"] is True


def test_texts_are_in_the_readers_language(world: World) -> None:
    def duty(language: str) -> str:
        partners = world.get("/t/montreal/api/partners", headers={"accept-language": language}).json()["partners"]
        spvm = next(each for each in partners if each["key"] == "spvm")
        return str(spvm["roles"][0]["duty"])

    assert duty("fr-CA") != duty("en-CA")


def test_someone_to_reach_now_is_there_in_each_region(world: World) -> None:
    def keys(slug: str) -> list[str]:
        return [each["key"] for each in world.get(f"/t/{slug}/api/emergency-contacts").json()["emergency_contacts"]]

    assert keys("montreal") == ["emergency_911", "dpj_montreal_fr", "dpj_montreal_en"]
    assert keys("outaouais") == ["emergency_911", "kids_help_phone", "helpline_988"], "one of its own is not confirmed"


def test_a_region_never_shows_another_regions_lines(world: World) -> None:
    world.get("/t/montreal/api/partners")
    said = world.get("/t/outaouais/api/partners").text

    assert not re.search(r"\+1514|\(514|514[ )]", said)
    assert re.search(r"\+1514|\(514|514[ )]", world.get("/t/montreal/api/partners").text)
    assert "Marge" not in said
    assert "SPVM" not in said


def test_an_area_gets_its_own_contacts_and_those_around_it(world: World) -> None:
    async def in_pontiac(ctx: Any) -> list[str]:
        return [each.key for each in await emergency_contacts.emergency_contacts(ctx, area="pontiac")]

    assert world.act("outaouais", in_pontiac) == ["emergency_911_rural"]


def test_an_old_contact_is_still_shown_with_a_warning(world: World) -> None:
    world.now = dt.datetime(2031, 1, 1, tzinfo=dt.UTC)

    found = world.get("/t/montreal/api/emergency-contacts").json()["emergency_contacts"]

    assert len(found) == 3
    assert all(each["stale"] and each["verified_on"] for each in found)


@pytest.mark.parametrize(("day", "stale"), [("2026-11-19", True), ("2026-11-20", False), ("2026-11-21", False)])
def test_what_says_that_it_was_verified_later_than_today_is_not_taken_for_verified(
    world: World, day: str, stale: bool
) -> None:
    """Somewhere it is a day later already."""
    world.now = dt.datetime.fromisoformat(f"{day}T17:00Z")

    found = world.get("/t/montreal/api/emergency-contacts").json()["emergency_contacts"]

    assert {each["stale"] for each in found if each["verified_on"] == "2026-11-21"} == {stale}


def test_a_number_to_confirm_is_marked_as_such(world: World) -> None:
    contacts = world.get("/t/montreal/api/partners").json()["contacts"]

    phone = next(each for each in contacts if each["kind"] == "phone")
    assert phone["status"] == "to_confirm"
    assert phone["stale"] is True


def test_adopting_twice_changes_nothing(world: World) -> None:
    directory = read_directory([OURS / "montreal" / "partners.toml"], "montreal")

    async def again(ctx: Any) -> list[Any]:
        return await adopt_directory.adopt(ctx, directory, "montreal")

    assert world.act("montreal", again) == []


_organizations = table(models.OrganizationRow)
CHANGE: Statement[Any] = prepare(
    update(_organizations)
    .where(scoped(_organizations), _organizations.c.key == bindparam("which"))
    .values(content=bindparam("new"))
)


def test_an_upgrade_keeps_what_was_changed_here_and_deletes_nothing(world: World) -> None:
    path = OURS / "montreal" / "partners.toml"
    directory = read_directory([path], "montreal")

    async def rename_here(ctx: Any) -> None:
        row = next(r for r in await ctx.db.all(directory_rows.ORGANIZATIONS) if r.key == "spvm")
        await ctx.db.run(CHANGE, which="spvm", new={**row.content, "short_name": "Ours"})

    world.act("montreal", rename_here)
    upgraded = [
        msgspec.structs.replace(each, short_name="Theirs", kind="other")
        for each in directory.organizations
        if each.key != "anonyme"
    ]
    newer = msgspec.structs.replace(directory, organizations=tuple(upgraded))

    async def upgrade(ctx: Any) -> tuple[list[Any], list[Any]]:
        difference = await adopt_directory.adopt(ctx, newer, "montreal")
        return difference, await partner_queries.partners_on(ctx, ctx.today)

    difference, after = world.act("montreal", upgrade)
    spvm = next(each for each in after if each.key == "spvm")
    assert (spvm.short_name, spvm.kind) == ("Ours", "other")
    assert {each.key for each in after} == SIX
    kinds = {(each.kind, each.what, each.key) for each in difference}
    assert ("conflict", "organizations", "spvm") in kinds
    assert ("absent", "organizations", "anonyme") in kinds


def test_two_packs_cannot_take_each_others_entries(world: World) -> None:
    directory = read_directory([OURS / "montreal" / "partners.toml"], "montreal")

    async def from_elsewhere(ctx: Any) -> list[Any]:
        return await adopt_directory.adopt(ctx, directory, "other")

    difference = world.act("montreal", from_elsewhere)

    assert {each.kind for each in difference} == {"clash"}


def test_a_pack_that_would_break_the_chain_leaves_the_coordinator_alone(world: World) -> None:
    directory = read_directory([OURS / "montreal" / "partners.toml"], "montreal")
    later = [
        msgspec.structs.replace(m, starts=dt.date(2025, 1, 1)) if m.ends is None else m for m in directory.coordination
    ]
    broken = msgspec.structs.replace(directory, coordination=tuple(later))

    async def upgrade(ctx: Any) -> tuple[list[Any], Any]:
        difference = await adopt_directory.adopt(ctx, broken, "montreal")
        return difference, await partner_queries.coordinator_on(ctx, dt.date(2024, 6, 1))

    difference, coordinator = world.act("montreal", upgrade)

    assert {each.kind for each in difference} == {"clash"}
    assert coordinator.organization == "en_marge_12_17"


def test_hooks_get_the_partners_of_the_day_in_one_statement(world: World) -> None:
    async def facts(ctx: Any) -> list[Any]:
        return await partner_queries.organization_facts(ctx, ctx.today)

    found = {each.key: each for each in world.act("montreal", facts)}

    assert set(found) == SIX
    assert found["ciusss_odim"].languages == ("en",)
    assert "psychotherapy" in found["marie_vincent"].roles


def test_adopting_is_written_into_the_trail_without_words(world: World) -> None:
    async def entries(ctx: Context) -> list[Any]:
        return await ctx.db.sql("SELECT details FROM trail_entries WHERE verb = 'directory.adopted'")

    (found,) = world.act("montreal", entries)

    assert set(found["details"]) == {"plugin", "entries", "conflicts"}


def test_processes_that_adopt_at_once_bring_each_entry_once(world: World) -> None:
    async def at_once() -> list[httpx.Response]:
        processes = [world.make_dispatcher() for _ in range(4)]
        async with AsyncExitStack() as stack:
            for process in processes:
                await process.start()
                stack.push_async_callback(process.stop)
            browsers = [await stack.enter_async_context(world.make_browser(process)) for process in processes]
            return await asyncio.gather(*(each.get("/t/montreal/api/partners") for each in browsers))

    answers = world.run(at_once())

    assert {answer.status_code for answer in answers} == {200}
    assert [len(answer.json()["partners"]) for answer in answers] == [6] * 4

"""The directory in HSDS 3: valid by the published schemas, imported from files, the same after a round trip."""

from __future__ import annotations

import copy
import datetime as dt
import json
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest
from referencing import Registry, Resource

from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.hsds import EXTENSION
from spheres_core.partners.hsds.operations.import_directory import ImportResult, import_file, try_file
from spheres_core.testing import MakeWorld, World, definition

ASSETS: Final = Path(__file__).parents[2] / "assets" / "hsds"
SCHEMAS: Final = {path.name: json.loads(path.read_text()) for path in (ASSETS / "schema").glob("*.json")}
REGISTRY: Final = Registry().with_resources((name, Resource.opaque(schema)) for name, schema in SCHEMAS.items())

PLAIN: Final = {"first_day": None, "also": [], "without": []}
"""Hours that begin nowhere and have no exception."""


def validate(record: dict[str, Any], kind: str) -> None:
    """By the published schema, formats included."""
    checker = jsonschema.Draft202012Validator(
        SCHEMAS[f"{kind}.json"], registry=REGISTRY, format_checker=jsonschema.FormatChecker()
    )
    problems = [f"{list(each.absolute_path)}: {each.message}" for each in checker.iter_errors(record)]
    assert problems == []


def take_in(world: World, slug: str, path: Path, **values: Any) -> ImportResult:
    async def importing(ctx: Context) -> ImportResult:
        return await import_file(ctx, path, **values)

    return world.act(slug, importing)


def given(world: World, slug: str, kind: str, language: str = "fr") -> list[dict[str, Any]]:
    answer = world.get(f"/t/{slug}/api/hsds/{kind}?full=true&per_page=500", headers={"accept-language": language})
    assert answer.status_code == 200, answer.text
    contents: list[dict[str, Any]] = answer.json()["contents"]
    return contents


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world.renew(definition("full", "quebec", "montreal"), definition("bare"))


def test_the_examples_of_the_specification_are_what_it_says_but_for_the_nested_lists() -> None:
    """The control: the validator is the one that the examples were made for."""
    validate(json.loads((ASSETS / "service_full.json").read_text()), "service")
    with pytest.raises(AssertionError):
        validate({"id": "not-a-uuid", "name": "x", "status": "open"}, "service")


def test_services_and_organizations_are_valid_hsds(world: World) -> None:
    for language in ("fr", "en"):
        services = given(world, "full", "services", language)
        organizations = given(world, "full", "organizations", language)
        assert len(services) > 3
        assert len(organizations) > 6
        for each in services:
            validate(each, "service")
            one = world.get(f"/t/full/api/hsds/services/{each['id']}", headers={"accept-language": language})
            assert one.json() == each
        for each in organizations:
            validate(each, "organization")
            one = world.get(f"/t/full/api/hsds/organizations/{each['id']}", headers={"accept-language": language})
            assert one.json() == each


def test_lists_are_pages_of_records_without_what_is_nested(world: World) -> None:
    whole = world.get("/t/full/api/hsds/services?per_page=2").json()
    last = world.get(f"/t/full/api/hsds/services?per_page=2&page={whole['total_pages']}").json()

    assert (whole["size"], whole["page_number"], whole["first_page"], whole["empty"]) == (2, 1, True, False)
    assert whole["total_items"] == len(given(world, "full", "services"))
    assert last["last_page"] is True
    for each in whole["contents"]:
        validate(each, "service")
        assert not any(isinstance(value, list) for name, value in each.items() if name != EXTENSION)
    beyond = world.get("/t/full/api/hsds/services?page=999").json()
    assert (beyond["size"], beyond["empty"], beyond["contents"]) == (0, True, [])


def test_the_services_of_one_organization_can_be_asked_for(world: World) -> None:
    organization = next(each for each in given(world, "full", "organizations") if each.get("services"))

    answer = world.get(f"/t/full/api/hsds/services?organization_id={organization['id']}").json()

    assert {each["id"] for each in answer["contents"]} == {each["id"] for each in organization["services"]}
    nobody = world.get("/t/full/api/hsds/services?organization_id=0199a0de-0000-7000-8000-000000000000").json()
    assert nobody["empty"] is True


def test_what_is_not_there_or_another_tenants_is_not_found(world: World) -> None:
    theirs = given(world, "full", "services")[0]["id"]
    for slug, id_ in (("bare", theirs), ("full", "0199a0de-0000-7000-8000-000000000000"), ("full", "x")):
        assert world.get(f"/t/{slug}/api/hsds/services/{id_}").status_code == 404
        assert world.get(f"/t/{slug}/api/hsds/organizations/{id_}").status_code == 404
    for query in ("page=0", "per_page=0", "per_page=501", "page=x", "organization_id=x"):
        assert world.get(f"/t/full/api/hsds/services?{query}").status_code == 400, query


# ---- round trips -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_directory_comes_back_the_same_from_another_tenant(world: World, tmp_path: Path, language: str) -> None:
    before = given(world, "full", "organizations", language)
    file = tmp_path / "organizations.json"
    file.write_text(json.dumps({"organizations": before}))

    done = take_in(world, "bare", file)

    assert {each.kind for each in done.differences} == {"add"}
    assert given(world, "bare", "organizations", language) == before
    again = take_in(world, "bare", file)
    assert again.differences == []


def test_a_directory_comes_back_the_same_from_a_tenant_in_another_zone_and_season(
    make_world: MakeWorld, tmp_path: Path
) -> None:
    world = make_world(
        definition("full", "quebec", "montreal"), definition("west", time_zone="America/Vancouver"), definition("back")
    )
    world.now = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
    before = given(world, "full", "organizations")
    summer = tmp_path / "summer.json"
    summer.write_text(json.dumps(before))
    world.now = dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)
    take_in(world, "west", summer)
    winter = tmp_path / "winter.json"
    winter.write_text(json.dumps({"contents": given(world, "west", "organizations")}))
    take_in(world, "back", winter)

    def entries(slug: str) -> list[Any]:
        return [
            [each[EXTENSION], *(service[EXTENSION]["entry"] for service in each.get("services", ()))]
            for each in given(world, slug, "organizations")
        ]

    assert entries("west") == entries("full") == entries("back")
    shelter = next(each for each in given(world, "back", "services") if each[EXTENSION]["entry"]["hours"])
    assert shelter[EXTENSION]["entry"]["time_zone"] == "America/Toronto"


@pytest.mark.parametrize("name", ["organization_full.json", "service_full.json"])
def test_the_examples_of_the_specification_come_in_and_nothing_of_them_is_lost(
    world: World, tmp_path: Path, name: str
) -> None:
    source = json.loads((ASSETS / name).read_text())
    kind = "organizations" if name.startswith("organization") else "services"

    done = take_in(world, "bare", ASSETS / name, language="en-CA")

    [record] = given(world, "bare", kind, "en")
    assert without_ours(record) == without_ours(source)
    assert done.services == 1
    assert {(each.key or "").rpartition("/")[2] for each in done.findings} == {
        "website", "schedules", "parent_organization_id", "0",
    }  # fmt: skip
    assert {each.severity for each in done.findings} == {"warning"}
    back = tmp_path / "back.json"
    back.write_text(json.dumps(record))
    take_in(world, "full", back, language="en-CA")
    again = next(each for each in given(world, "full", kind, "en") if each["id"] == record["id"])
    assert again == record


def without_ours(record: Any) -> Any:
    """A record without our extension and the references that nesting already says."""
    if isinstance(record, list):
        return [without_ours(each) for each in record]
    if not isinstance(record, dict):
        return record
    return {name: without_ours(value) for name, value in record.items() if name not in (EXTENSION, "organization_id")}


# ---- importing -------------------------------------------------------------------------------------------------------

SERVICE: Final = {
    "id": "11111111-1111-4111-8111-111111111111",
    "name": "Night line",
    "description": "Someone to talk to.",
    "status": "active",
    "assured_date": "2026-10-01",
    "minimum_age": 14,
    "languages": [{"id": "33333333-3333-4333-8333-333333333333", "code": "en"}],
    "schedules": [
        {
            "id": "44444444-4444-4444-8444-444444444444",
            "freq": "WEEKLY",
            "byday": "FR,SA",
            "opens_at": "20:00-05:00",
            "closes_at": "02:00-05:00",
        }
    ],
    "fees": "none",
    "organization": {
        "id": "22222222-2222-4222-8222-222222222222",
        "name": "Listening World",
        "description": "A house that listens.",
        "phones": [{"id": "55555555-5555-4555-8555-555555555555", "number": "418 555-0100", "extension": 7}],
        "website": "https://example.org",
    },
}


def written(tmp_path: Path, data: Any) -> Path:
    path = tmp_path / "other.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data))
    return path


def test_an_imported_service_is_used_as_far_as_it_is_understood(world: World, tmp_path: Path) -> None:
    take_in(world, "bare", written(tmp_path, SERVICE), language="en-CA")

    [service] = given(world, "bare", "services", "en")
    entry = service[EXTENSION]["entry"]
    assert (entry["ages"], entry["languages"], entry["status"]) == ([14, 120], ["en"], "secondary")
    assert entry["hours"] == [{"rule": "FREQ=WEEKLY;BYDAY=FR,SA", "from": "20:00", "to": "02:00"} | PLAIN]
    assert entry["time_zone"] == "America/Toronto"
    assert "maximum_age" not in service
    assert service["fees"] == "none"
    contacts = service["organization"][EXTENSION]["contacts"]
    assert {(each["kind"], each["value"], each["verified_on"]) for each in contacts} == {
        ("phone", "418 555-0100 ext 7", "2026-10-01"),
        ("website", "https://example.org", "2026-10-01"),
    }
    validate(service, "service")


def test_an_import_makes_nobody_a_partner(world: World, tmp_path: Path) -> None:
    take_in(world, "bare", written(tmp_path, SERVICE))

    assert world.get("/t/bare/api/partners").json()["partners"] == []


def test_a_trial_changes_nothing_and_says_what_would_change(world: World, tmp_path: Path) -> None:
    path = written(tmp_path, SERVICE)

    async def trying(ctx: Context) -> ImportResult:
        return await try_file(ctx, path)

    tried = world.act("bare", trying)

    assert [each.kind for each in tried.differences] == ["add"] * 4
    assert given(world, "bare", "services") == []


def test_a_later_file_updates_what_an_earlier_one_brought_and_deletes_nothing(world: World, tmp_path: Path) -> None:
    take_in(world, "bare", written(tmp_path, SERVICE))
    later = copy.deepcopy(SERVICE)
    later["minimum_age"] = 12
    later["organization"]["phones"] = []  # type: ignore[index]

    done = take_in(world, "bare", written(tmp_path, later))

    kinds = {(each.kind, each.what) for each in done.differences}
    assert ("change", "services") in kinds
    assert ("absent", "contact_points") in kinds
    [service] = given(world, "bare", "services")
    assert service["minimum_age"] == 12
    assert len(service["organization"][EXTENSION]["contacts"]) == 2


def test_what_was_changed_here_stays_and_what_another_source_brought_is_left_alone(
    world: World, tmp_path: Path
) -> None:
    take_in(world, "bare", written(tmp_path, SERVICE), language="en-CA")
    change = "UPDATE services SET content = jsonb_set(content, '{ages}', '[13, 20]')"

    async def changing(ctx: Context) -> None:
        await ctx.db.sql(change)

    world.act("bare", changing)
    later = copy.deepcopy(SERVICE) | {"minimum_age": 10, "name": "Night and day line"}
    done = take_in(world, "bare", written(tmp_path, later), language="en-CA")
    from_elsewhere = take_in(world, "bare", written(tmp_path, later), source="city", language="en-CA")

    [service] = given(world, "bare", "services", "en")
    assert (service["minimum_age"], service["maximum_age"], service["name"]) == (13, 20, "Night and day line")
    assert ("conflict", "services", ("ages",)) in {(each.kind, each.what, each.fields) for each in done.differences}
    assert {each.kind for each in from_elsewhere.differences} == {"clash"}


def test_an_export_edited_in_an_hsds_tool_comes_back_with_its_edits(world: World, tmp_path: Path) -> None:
    services = given(world, "full", "services", "en")
    shelter = next(each for each in services if each[EXTENSION]["entry"]["hours"])
    shelter |= {"name": "Night shelter", "minimum_age": 12, "maximum_age": 17}
    shelter["schedules"][0]["closes_at"] = "12:00-05:00"

    take_in(world, "bare", written(tmp_path, {"services": [shelter]}))

    [after] = given(world, "bare", "services", "en")
    entry = after[EXTENSION]["entry"]
    assert entry["name"]["en"] == "Night shelter"
    assert entry["name"]["fr"] == shelter[EXTENSION]["entry"]["name"]["fr"]
    assert entry["ages"] == [12, 17]
    assert entry["hours"] == [{"rule": "FREQ=DAILY", "from": "00:00", "to": "12:00"} | PLAIN]


def refused(world: World, path: Path, **values: Any) -> set[tuple[str, str]]:
    with pytest.raises(ContentInvalid) as invalid:
        take_in(world, "bare", path, **values)
    assert all(each.file == path.name for each in invalid.value.findings)
    return {(str(each.key), each.message.msgid) for each in invalid.value.findings if each.severity == "error"}


def test_everything_wrong_is_said_in_one_go_with_its_pointer(world: World, tmp_path: Path) -> None:
    wrong = copy.deepcopy(SERVICE)
    wrong |= {"status": "open", "minimum_age": "old", "assured_date": "yesterday", "fees": "a\x00b"}
    wrong["organization"]["name"] = "  "  # type: ignore[index]
    alone = {"id": "66666666-6666-4666-8666-666666666666", "name": "Alone", "status": "active"}
    data = {"services": [wrong, alone, {"id": "x", "name": "Y"}, 3], "organizations": [{"name": "No id"}]}

    found = refused(world, written(tmp_path, data), verified_on=dt.date(2026, 1, 1))

    assert {pointer for pointer, _ in found} == {
        "/services/0/status",
        "/services/0/minimum_age",
        "/services/0/assured_date",
        "/services/0/fees",
        "/services/0/organization/name",
        "/services/1",
        "/services/2/id",
        "/services/3",
        "/organizations/0/id",
    }
    assert given(world, "bare", "services") == []


@pytest.mark.parametrize(
    "text",
    ["", "{", "[" * 100_000, "[" * 300 + "]" * 300, "3", "[]", '{"contents": 3}', '{"services": {}}', '"\\ud800"'],
)
def test_what_is_no_directory_is_refused_in_a_sentence(world: World, tmp_path: Path, text: str) -> None:
    assert refused(world, written(tmp_path, text))


def test_a_day_of_verification_is_asked_for_never_invented(world: World, tmp_path: Path) -> None:
    unverified = {name: value for name, value in SERVICE.items() if name != "assured_date"}

    found = refused(world, written(tmp_path, unverified))
    assert {pointer for pointer, _ in found} == {"/assured_date"}

    take_in(world, "bare", written(tmp_path, unverified), verified_on=dt.date(2026, 9, 9))
    [service] = given(world, "bare", "services")
    assert service[EXTENSION]["entry"]["verified_on"] == "2026-09-09"
    assert "assured_date" not in service


def test_a_service_that_is_no_longer_offered_is_not_offered_here(world: World, tmp_path: Path) -> None:
    done = take_in(world, "bare", written(tmp_path, SERVICE | {"status": "defunct"}))

    [service] = given(world, "bare", "services")
    assert service["status"] == "defunct"
    assert service[EXTENSION]["entry"]["until"] == "2026-10-01"
    assert [each.key for each in done.findings] == ["/status"]


@pytest.mark.parametrize(
    "change",
    [
        {"entry": {}},
        {"entry": None},
        {"format": 2},
        {"text_languages": []},
        {"text_languages": ["<b>"]},
        {"entry.key": "Not A Key"},
        {"entry.hours": [{"rule": "FREQ=YEARLY"}]},
        {"entry.hours": [{"rule": "FREQ=DAILY", "from": "x"}]},
        {"entry.time_zone": "Moon/Base"},
        {"entry.ages": [20, 10]},
        {"entry.from": "2026-01-02", "entry.until": "2026-01-01"},
        {"entry.unknown": 1},
    ],
)
def test_an_entry_of_ours_that_is_broken_is_refused(world: World, tmp_path: Path, change: dict[str, Any]) -> None:
    record = given(world, "full", "services")[0]
    own = record[EXTENSION]
    for name, value in change.items():
        if name.startswith("entry."):
            own["entry"][name.removeprefix("entry.")] = value
        else:
            own[name] = value
    record.pop("schedules", None)

    found = refused(world, written(tmp_path, record))

    assert all(EXTENSION in pointer for pointer, _ in found), found


def test_an_import_is_written_into_the_trail_without_words(world: World, tmp_path: Path) -> None:
    take_in(world, "bare", written(tmp_path, SERVICE))

    async def entries(ctx: Context) -> list[Any]:
        return await ctx.db.sql("SELECT verb, details FROM trail_entries WHERE verb = 'directory.imported'")

    [entry] = world.act("bare", entries)
    assert entry["details"] == {"origin": "hsds:file", "entries": 4}

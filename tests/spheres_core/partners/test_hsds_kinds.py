"""Records of HSDS are taken for what they are: numbers by type, languages by code, kinds by their fields."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.partners.hsds import EXTENSION
from spheres_core.partners.hsds.document import HsdsFile, read_document
from spheres_core.partners.hsds.entries import ImportedEntries, read_records
from spheres_core.testing import MakeWorld, World, definition
from tests.spheres_core.partners.test_hsds import given as given_out
from tests.spheres_core.partners.test_hsds import take_in, validate
from tests.spheres_core.partners.test_hsds_of_strangers import AROUND

ASSETS: Final = Path(__file__).parents[2] / "assets"
REPORTS: Final = ASSETS / "field_reports"
EXAMPLES: Final = ASSETS / "hsds" / "examples"
NAMES: Final = UUID("7c0f6a0e-2f5a-4e0c-9a57-0f6f1f2a3b4c")


def id_of(name: str) -> str:
    return str(uuid5(NAMES, name))


def service(name: str, **fields: Any) -> dict[str, Any]:
    return {"id": id_of(name), "name": name, "status": "active", "assured_date": "2026-10-01", **fields}


def organization(name: str, **fields: Any) -> dict[str, Any]:
    return {"id": id_of(name), "name": name, "description": "d", **fields}


def read(data: Any) -> tuple[HsdsFile, ImportedEntries]:
    document = read_document(data if isinstance(data, bytes) else json.dumps(data, indent=1).encode(), "any.json")
    return document, read_records(document, AROUND, verified_on=None)


def said(finding: Finding) -> str:
    inner = finding.message.params.get("kind")
    return finding.message.msgid.format(**{**finding.message.params, "kind": getattr(inner, "msgid", inner)})


# ---- kinds of records --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("base", "a description of an API"),
        ("location", "a location"),
        ("service_at_location_full", "a service at a location"),
        ("service_at_location_list", "a service at a location"),
        ("taxonomy", "a taxonomy"),
        ("taxonomy_list", "a taxonomy"),
        ("taxonomy_term", "a term of a taxonomy"),
        ("taxonomy_term_list", "a term of a taxonomy"),
        ("tabular", "a set of tables"),
    ],
)
def test_what_is_neither_an_organization_nor_a_service_is_refused_by_its_name(name: str, kind: str) -> None:
    document, imported = read((EXAMPLES / f"{name}.json").read_bytes())
    assert [imported.organizations, imported.services, imported.contacts] == [[], [], []]
    assert {said(each) for each in document.findings if each.severity == "error"} == {
        f"This is {kind}. Only organizations and services are imported."
    }


@pytest.mark.parametrize(("name", "count"), [("organization_list", (1, 0)), ("service_list", (1, 1))])
def test_lists_of_organizations_and_services_are_still_read(name: str, count: tuple[int, int]) -> None:
    document, imported = read((EXAMPLES / f"{name}.json").read_bytes())
    assert (len(imported.organizations), len(imported.services)) == count
    assert not document.wrong


@pytest.mark.parametrize(
    "record",
    [
        {"id": id_of("t"), "name": "Topics", "description": "d", "version": "2"},
        {"id": id_of("t"), "name": "Shelter", "code": "BH-18", "taxonomy_id": id_of("x")},
        {"id": id_of("t"), "name": "Marie", "title": "Director", "department": "Intake"},
        {"id": id_of("t"), "name": "English", "code": "eng"},
        {"id": id_of("t"), "name": "Main office", "latitude": 45.5, "longitude": -73.6},
        {"id": id_of("t"), "service_id": id_of("s"), "location_id": id_of("l"), "description": "d"},
        {"id": id_of("t"), "number": "418 555-0100", "type": "voice"},
    ],
)
def test_a_sibling_of_another_kind_is_refused_where_it_stands(record: dict[str, Any]) -> None:
    document, imported = read([organization("House"), record])
    assert [each.id for each in imported.organizations] == [UUID(id_of("House"))]
    assert [each.key for each in document.findings if each.severity == "error"] == ["/1"]


def test_an_organization_with_only_what_is_required_and_one_with_fields_of_its_vendor_are_organizations() -> None:
    _, imported = read(
        [organization("Bare"), organization("Vendor", website="https://example.org", code="X1", version=3)]
    )
    assert len(imported.organizations) == 2


def test_lists_of_which_nothing_is_imported_are_named() -> None:
    document, _ = read({"organizations": [organization("House")], "taxonomies": [{"id": id_of("t"), "name": "Topics"}]})
    assert [(each.key, each.severity) for each in document.findings] == [("/taxonomies", "warning")]


# ---- numbers, languages, owners ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "kind"),
    [("voice", "phone"), ("cell", "phone"), (None, "phone"), ("text", "text"), ("sms", "text"), ("fax", "fax"),
     ("FAX", "fax"), ("textphone", "textphone"), ("tty", "textphone"), ("pager", "pager"), ("video", "video")],
)  # fmt: skip
def test_a_number_is_kept_as_what_it_is(type_: str | None, kind: str) -> None:
    phone = {"id": id_of("p"), "number": "418 555-0111"} | ({"type": type_} if type_ else {})
    _, imported = read(organization("House", phones=[phone], services=[service("Beds")]))
    assert [(each.content["kind"], each.content["value"]) for each in imported.contacts] == [(kind, "418 555-0111")]


@pytest.mark.parametrize(
    ("language", "tag"),
    [({"code": "fra"}, "fr"), ({"code": "fre"}, "fr"), ({"code": "eng"}, "en"), ({"code": "iku"}, "iu"),
     ({"code": "cre"}, "cr"), ({"code": "fra-CA"}, "fr-CA"), ({"code": "atj"}, "atj"), ({"name": "Français"}, "fr"),
     ({"name": "Spanish"}, "es")],
)  # fmt: skip
def test_a_language_is_known_by_each_of_its_codes(language: dict[str, str], tag: str) -> None:
    given_language = {"id": id_of("l"), **language}
    document, imported = read(organization("House", services=[service("Beds", languages=[given_language])]))
    assert list(imported.services[0].content["languages"]) == [tag]
    assert not document.findings


@pytest.mark.parametrize(
    ("document", "pointers"),
    [
        (
            [organization("A", services=[service("Beds")]), organization("B", services=[service("Beds")])],
            ["/0/services/0", "/1/services/0"],
        ),
        (
            [organization("A", services=[service("Beds", organization_id=id_of("B"))]), organization("B")],
            ["/0/services/0", "/0/services/0/organization_id"],
        ),
        (
            [service("Beds", organization=organization("A")), service("Beds", organization=organization("B"))],
            ["/0/organization", "/1/organization"],
        ),
        (
            {
                "organizations": [organization("A", services=[service("Beds")]), organization("B")],
                "services": [service("Beds", organization_id=id_of("B"))],
            },
            ["/organizations/0/services/0", "/services/0/organization_id"],
        ),
    ],
)
def test_a_service_of_two_organizations_is_refused_at_both_places(document: Any, pointers: list[str]) -> None:
    found, _ = read(document)
    assert sorted(each.key or "" for each in found.findings if each.severity == "error") == pointers
    assert all(each.line for each in found.placed())


def test_a_service_said_twice_of_one_organization_is_one() -> None:
    house = organization("A", services=[service("Beds", organization_id=id_of("A"))])
    found, imported = read([house, service("Beds", organization=organization("A"))])
    assert not found.findings
    assert len(imported.services) == 1


@pytest.mark.parametrize(("low", "high"), [(25, 12), (18, 17), (12.5, 12)])
def test_a_lowest_age_above_the_highest_is_an_error(low: float, high: float) -> None:
    document, _ = read(organization("A", services=[service("Beds", minimum_age=low, maximum_age=high)]))
    assert [(each.key, each.severity) for each in document.findings] == [("/services/0/minimum_age", "error")]


# ---- files -------------------------------------------------------------------------------------------------------

WHOLE: Final = [organization("A", services=[service("Beds")]), organization("Œuvre B")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("lines", [False, True])
def test_a_mark_at_the_beginning_and_a_record_a_line_change_nothing(encoding: str, lines: bool) -> None:
    text = "\n".join(json.dumps(each) for each in WHOLE) + "\n" if lines else json.dumps(WHOLE)
    document, imported = read(text.encode(encoding))
    assert not document.findings
    assert [each.content["name"] for each in imported.organizations] == [{"en": "A"}, {"en": "Œuvre B"}]


def test_the_reported_file_with_a_mark_is_read() -> None:
    document, imported = read((REPORTS / "hsds_bom.json").read_bytes())
    assert not document.findings
    assert len(imported.services[0].content["hours"]) == 1


def test_a_broken_line_is_found_on_its_line() -> None:
    text = "\n".join(['{"id": "x"}', "", '{"id": }', '{"id": "y"}'])
    with pytest.raises(ContentInvalid) as refused:
        read(text.encode())
    assert [each.line for each in refused.value.findings] == [3]


@given(st.lists(st.sampled_from(["", " ", "\r"]), min_size=3, max_size=3), st.booleans())
def test_blank_lines_between_records_count_for_nothing(blank: list[str], last: bool) -> None:
    text = (
        blank[0]
        + "\n"
        + json.dumps(WHOLE[0])
        + "\n"
        + blank[1]
        + "\n"
        + json.dumps(WHOLE[1])
        + ("\n" + blank[2]) * last
    )
    _, imported = read(text.encode())
    assert len(imported.organizations) == 2


# ---- a tenant ----------------------------------------------------------------------------------------------------


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return make_world(definition("full", "quebec", "montreal"), definition("bare"), definition("other"))


def test_the_api_says_which_hsds_it_is(world: World) -> None:
    for address in ("/t/bare/api/hsds/", "/t/bare/api/hsds"):
        told = world.get(address).json()
        assert set(told) == {"version", "profile", "openapi_url"}
        assert told["version"].startswith("3.")
        assert told["profile"].startswith("https://")
    path = told["openapi_url"].partition("//")[2].partition("/")
    assert world.get("/" + path[2]).json()["openapi"].startswith("3.1")


def test_a_fax_comes_in_is_shown_as_a_fax_and_goes_out_as_one(world: World, tmp_path: Path) -> None:
    take_in(world, "bare", REPORTS / "hsds_fax_textphone.json")

    [record] = given_out(world, "bare", "organizations")
    types = {each["number"]: (each["type"], each.get("extension")) for each in record["phones"]}
    assert types == {
        "418 555-0111": ("fax", None), "418 555-0112": ("voice", None),
        "418 555-0113": ("textphone", None), "418-555-0114": ("voice", "225"),
    }  # fmt: skip
    kinds = {each["kind"] for each in record[EXTENSION]["contacts"]}
    assert kinds == {"fax", "phone", "textphone"}
    back = tmp_path / "back.json"
    back.write_text(json.dumps(record))
    take_in(world, "other", back)
    assert given_out(world, "other", "organizations")[0]["phones"] == record["phones"]


@pytest.mark.parametrize("full", [True, False])
def test_our_own_lines_are_taken_back_as_they_were(world: World, tmp_path: Path, full: bool) -> None:
    before = {each["id"]: each[EXTENSION] for each in given_out(world, "full", "services")}
    for kind in ("organizations", "services"):
        answer = world.get(f"/t/full/api/hsds/{kind}?format=ndjson&full={str(full).lower()}")
        lines = tmp_path / f"{kind}.ndjson"
        lines.write_text(answer.text)
        done = take_in(world, "bare", lines)
        assert done.findings == []
    after = {each["id"]: each for each in given_out(world, "bare", "services")}
    assert {id_: each[EXTENSION]["entry"] for id_, each in after.items()} == {
        id_: each["entry"] for id_, each in before.items()
    }
    for each in after.values():
        validate(each, "service")
        assert bool(each.get("schedules")) == bool(each[EXTENSION]["entry"]["hours"])

"""The pack of Nunavik: an example, said to be one, by community, with no number and no text made up."""

from __future__ import annotations

import re

from spheres_core.forms.xlsform import reader
from spheres_core.partners.directory_file import read_directory
from spheres_core.partners.schemas.directory import Directory
from spheres_core.testing import MakeWorld, World, definition
from tests.plugins.region_files import PLUGINS, all_text, numbers, page_pairs, toml

KNOWN = {
    "Inuulitsivik Health Centre",
    "Les Survivantes (SPVM)",
    "Nunavik Police Service",
    "Nunavik Regional Board of Health and Social Services",
    "Nunavimmi Ilagiit Papatauvinga",
    "Sapummijiit",
    "Ungava Tulattavik Health Centre",
}
NAMED = {"inukjuak", "kuujjuaq", "kuujjuaraapik", "puvirnituq", "salluit", "umiujaq"}
"""The communities that the sources of the pack name."""


def directory() -> Directory:
    return read_directory([PLUGINS / "nunavik" / "partners.toml"], "nunavik")


def nunavik(make_world: MakeWorld) -> World:
    values = toml("../tenants", "nunavik.toml")["settings"]
    return make_world(definition("north", "quebec", "nunavik", illustrative=True, settings=values))


def test_only_organizations_and_communities_that_the_sources_name_are_listed() -> None:
    made = directory()
    places = {each.key for each in made.areas}

    assert {name for each in made.organizations for name in each.name.values()} == KNOWN
    assert places == NAMED | {"nunavik", "hudson_bay", "ungava", "other_community"}
    assert made.illustrative


def test_nobody_is_said_to_coordinate_and_the_body_for_data_is_to_be_named() -> None:
    made = directory()

    assert made.coordination == ()
    assert made.coordination_to_confirm
    assert made.data_governance is not None
    assert made.data_governance.status == "to_confirm"
    assert made.data_governance.may_veto_exports


def test_each_community_has_its_own_line_and_no_number_is_guessed() -> None:
    contacts = directory().emergency_contacts

    assert {area for each in contacts for area in each.areas} == NAMED | {"nunavik"}
    assert all(len(each.areas) == 1 and each.status == "to_confirm" for each in contacts)
    assert all(not each.phone for each in contacts)
    assert numbers("nunavik") == set()


def test_no_inuktitut_text_is_made_up() -> None:
    assert not re.search("[\u1400-\u167f]", all_text("nunavik"))


def test_each_page_says_that_it_is_an_example() -> None:
    for name, french, english in page_pairs("nunavik"):
        assert "exemple" in french, name
        assert "example" in english, name


def test_its_form_asks_what_a_region_of_small_communities_has_to_know() -> None:
    made = reader.read(PLUGINS / "nunavik" / "forms" / "referral.md", key="referral")
    asked = {question.name for question in made.walk()}
    answers = {choice.code for choice in made.choices["community"]}

    assert {"away", "where_now", "ties", "ties_service", "slow_connection", "meeting_place"} <= asked
    assert answers == NAMED | {"other_community", "elsewhere", "unknown"}
    assert "iu" in {choice.code for choice in made.choices["language"]}


def test_the_tenants_file_asks_for_larger_figures_than_the_core() -> None:
    written = toml("../tenants", "nunavik.toml")

    assert written["plugins"] == ["quebec", "inuktitut", "nunavik"]
    assert written["languages"] == ["iu-Cans", "en-CA", "fr-CA"]
    assert written["illustrative"] is True
    assert written["settings"]["referrals"]["minimum_cell"] > 5
    assert written["settings"]["partners"] == {"asks_whom_to_leave_out": True, "not_proposed": []}


def test_lines_that_answer_everywhere_stand_in_for_numbers_that_nobody_has_confirmed(make_world: MakeWorld) -> None:
    world = nunavik(make_world)
    french, english = (world.get(f"/t/north/{language}/").text for language in ("fr", "en"))

    for html in (french, english):
        assert set(re.findall(r'href="((?:tel|sms):[^"]*)"', html)) == {"tel:+18006686868", "tel:988"}
        assert "Kuujjuaq" not in html
    assert "onfirmer" not in french
    assert "1 800 668-6868" in french
    assert "to be confirmed" not in english.lower()
    assert "1-800-668-6868" in english
    assert "call the one that your community uses" in english
    told = world.get("/t/north/api/emergency-contacts?area=salluit").json()["emergency_contacts"]
    assert [each["phone"] for each in told] == ["1 800 668-6868", "988"]
    partners = world.get("/t/north/en/partners").text
    assert "For the region to designate." in partners
    assert "Nothing leaves the region without its agreement." in partners
    said = world.get("/t/north/api/partners", headers={"accept-language": "en"}).json()
    assert said["data_governance"]["status"] == "to_confirm"


def test_a_page_in_inuktitut_says_in_which_language_it_really_is(make_world: MakeWorld) -> None:
    languages = ("iu-Cans", "en-CA", "fr-CA")
    world = make_world(definition("north", "quebec", "inuktitut", "nunavik", languages=languages, illustrative=True))
    page = world.get("/t/north/iu/").text
    form = world.get("/t/north/iu/refer")

    assert '<html lang="iu-Cans"' in page
    assert 'lang="en-CA"' in page
    assert form.status_code == 200
    assert world.refer("north").status_code == 201


def test_a_service_of_a_coast_may_serve_a_community_that_nobody_has_put_on_it_yet(make_world: MakeWorld) -> None:
    world = nunavik(make_world)
    found = world.get("/t/north/api/services/match?area=umiujaq&language=en").json()["matches"]
    offices = next(each for each in found if each["service"]["key"] == "sapummijiit_offices")
    there = world.get("/t/north/api/services/match?area=salluit&language=iu").json()["matches"]
    near = next(each for each in there if each["service"]["key"] == "sapummijiit_offices")

    assert {each["aspect"]: each["stands"] for each in offices["reasons"]}["area"] == "unknown"
    assert {each["aspect"]: each["stands"] for each in near["reasons"]} == {
        "language": "for", "area": "for", "hours": "unknown", "role": "for",
    }  # fmt: skip

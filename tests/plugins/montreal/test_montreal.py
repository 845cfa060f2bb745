"""What the pack of Montréal says: known facts only, each with the day it was verified."""

from __future__ import annotations

import datetime as dt

from spheres_core.partners.directory_file import read_directory
from spheres_core.partners.schemas.directory import Directory
from tests.plugins.region_files import PLUGINS, numbers, toml

KNOWN = {
    "CIUSSS du Centre-Sud-de-l’Île-de-Montréal",
    "CIUSSS de l’Ouest-de-l’Île-de-Montréal",
    "En Marge 12-17",
    "Fondation Marie-Vincent",
    "Institut universitaire Jeunes en difficulté",
    "L’Anonyme",
    "Service de police de la Ville de Montréal",
}


def directory() -> Directory:
    return read_directory([PLUGINS / "montreal" / "partners.toml"], "montreal")


def test_only_organizations_that_the_sources_name_are_listed() -> None:
    assert {each.name["fr"] for each in directory().organizations} == KNOWN


def test_only_numbers_that_the_sources_give_are_listed() -> None:
    assert numbers("montreal") == {"5148963590", "911"}


def test_the_hand_over_is_one_instant_of_which_the_day_is_not_confirmed() -> None:
    first, second = directory().coordination

    assert (first.organization, second.organization) == ("iujd", "en_marge_12_17")
    assert first.ends == second.starts
    assert second.starts.year == 2024
    assert not first.day_confirmed
    assert not second.day_confirmed


def test_no_legal_regime_is_stated_as_a_fact() -> None:
    regimes = [each.legal_regime for each in directory().organizations if each.legal_regime]

    assert len(regimes) == 5
    assert {regime.status for regime in regimes} == {"to_confirm"}


def test_no_date_is_more_exact_than_its_source() -> None:
    for each in directory().organizations:
        assert not any(role.day_confirmed for role in each.roles), each.key
        assert all(role.starts >= dt.date(2017, 1, 1) for role in each.roles)


def test_what_the_document_promises_of_services_is_there() -> None:
    services = {s.key: s for each in directory().organizations for s in each.services}

    assert services["marie_vincent_psychotherapy"].bypasses_waiting_list
    assert services["les_survivantes"].province_wide
    assert services["en_marge_shelter"].hours[0].rule == "FREQ=DAILY"
    assert [s.key for s in services.values() if s.bypasses_waiting_list] == ["marie_vincent_psychotherapy"]


def test_the_number_from_before_the_hand_over_waits_for_a_person() -> None:
    phone = next(each for each in directory().contacts if each.kind == "phone")

    assert phone.status == "to_confirm"


def test_the_activities_are_those_of_the_services_page() -> None:
    page = (PLUGINS / "montreal" / "pages" / "en" / "youth.md").read_text()

    for activity in (
        "horseback riding",
        "go-karting",
        "paddle boarding",
        "Biodôme",
        "museums",
        "cinema",
        "ceramic café",
        "jewelry",
    ):
        assert activity in page


def test_the_tenants_file_names_this_pack_and_is_not_illustrative() -> None:
    definition = toml("../tenants", "montreal.toml")

    assert definition["plugins"] == ["quebec", "montreal"]
    assert definition["illustrative"] is False

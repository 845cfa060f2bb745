"""The pack of the Outaouais: an example, said to be one, with its own questions and words."""

from __future__ import annotations

from spheres_core.forms.schemas import Form
from spheres_core.forms.xlsform import reader
from spheres_core.partners.code_lists import read_terms
from spheres_core.partners.directory_file import read_directory
from tests.plugins.region_files import PLUGINS, all_text, numbers, page_pairs, toml

KNOWN = {
    "BRAS",
    "CALAS",
    "CAVAC",
    "CIASF",
    "CISSS de l’Outaouais",
    "Centre d’amitié autochtone de Maniwaki",
    "Police de Kitigan Zibi",
    "SPVG",
    "Sûreté du Québec",
}


def form(pack: str) -> Form:
    return reader.read(PLUGINS / pack / "forms" / "referral.md", key="referral")


def test_only_organizations_that_the_sources_name_are_listed() -> None:
    directory = read_directory([PLUGINS / "outaouais" / "partners.toml"], "outaouais")

    assert {each.name["fr"] for each in directory.organizations} == KNOWN
    assert directory.illustrative


def test_nobody_is_said_to_coordinate() -> None:
    directory = read_directory([PLUGINS / "outaouais" / "partners.toml"], "outaouais")

    assert directory.coordination == ()
    assert directory.coordination_to_confirm


def test_nothing_of_montreal_stands_in_it() -> None:
    text = all_text("outaouais")

    for name in ("En Marge", "Marie-Vincent", "L’Anonyme", "SPVM", "IUJD", "CCSMTL", "514"):
        assert name not in text, name


def test_no_number_is_guessed() -> None:
    assert numbers("outaouais") == {"911"}


def test_each_page_says_that_it_is_an_example_or_hypothetical() -> None:
    for name, french, english in page_pairs("outaouais"):
        assert "exemple" in french, name
        assert "example" in english, name


def test_its_form_asks_at_least_four_things_that_montreals_does_not() -> None:
    here = {question.name for question in form("outaouais").walk() if question.kind not in ("note", "group")}
    there = {question.name for question in form("montreal").walk()}

    assert here - there == {
        "both_sides",
        "known_services",
        "meeting_area",
        "meeting_care",
        "river_matters",
        "transport_difficulty",
    }


def test_a_pivot_worker_has_another_name_because_pivot_agents_exist_already() -> None:
    terms = read_terms([PLUGINS / "outaouais" / "terms.toml"], "outaouais")

    assert "pivot" not in terms["Pivot youth worker"]["en"].lower()
    assert "pivot" not in terms["Pivot youth worker"]["fr"].lower()


def test_each_word_it_replaces_is_a_word_of_the_programme() -> None:
    """A term whose key no page says would be without effect, and nobody would notice."""
    core = PLUGINS.parent / "spheres_core"
    sources = [*core.rglob("*.py"), *core.rglob("*.html")]
    said = "\n".join(path.read_text() for path in sources)

    terms = read_terms([PLUGINS / "outaouais" / "terms.toml"], "outaouais")

    assert [key for key in terms if f'"{key}"' not in said] == []


def test_the_tenants_file_says_that_it_is_illustrative() -> None:
    definition = toml("../tenants", "outaouais.toml")

    assert definition["plugins"] == ["quebec", "outaouais", "regional_intake", "shelter_beds"]
    assert definition["illustrative"] is True

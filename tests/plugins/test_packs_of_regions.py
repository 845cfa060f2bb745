"""What holds for each pack: both languages whole and unmixed, a form that asks little."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from spheres_core.forms import answers, examples
from spheres_core.forms.meanings import NEEDS
from spheres_core.forms.schemas import Form
from spheres_core.forms.xlsform import reader
from spheres_core.foundation.plugins.manifest import read_manifest
from spheres_core.partners.code_lists import read_catalogue, read_terms
from spheres_core.partners.directory_file import read_directory
from spheres_core.partners.legal_profiles import read_legal
from tests.plugins.region_files import PLUGINS, all_text, outline, page_pairs, toml, words

PACKS = ("quebec", "montreal", "outaouais", "nunavik")
CONTENT = ("partners.toml", "legal.toml", "catalogue.toml", "terms.toml")
REGIONS = ("montreal", "outaouais", "nunavik")
TODAY = dt.date(2026, 11, 21)

FRENCH = re.compile(r"\b(le|la|les|des|une|est|elle|dans|avec|pour|qui|vous|sont|aux|et)\b", re.I)
ENGLISH = re.compile(r"\b(the|of|and|is|are|she|with|for|who|you|that|to|her|not)\b", re.I)
LOST_APOSTROPHE = re.compile(r"(?<![\w'\u2019])[dljnmtsc] [aeéèêiouyhAEÉIOUYH]\w")
GENDERED = re.compile(r"\b(she|hers?|herself|he|him|his|himself)\b", re.I)
LABELS = re.compile(r"\b(victimes?|prostitu\w+|proxén\w+|pimps?|risk score|score de risque|client(?:e|s)?)\b", re.I)


def form(pack: str, key: str = "referral") -> Form:
    return reader.read(PLUGINS / pack / "forms" / f"{key}.md", key=key, languages=("fr-CA", "en-CA"))


@pytest.mark.parametrize("pack", PACKS)
def test_the_manifest_is_good_and_names_the_content_that_is_there(pack: str) -> None:
    manifest = read_manifest(PLUGINS / pack)

    assert manifest.tier == "pack"
    for name in manifest.provides.content:
        assert (PLUGINS / pack / name).exists(), name


def test_each_content_file_is_read_without_a_finding() -> None:
    for pack in REGIONS:
        read_directory([PLUGINS / pack / "partners.toml"], pack)
    read_legal([PLUGINS / "quebec" / "legal.toml"], "quebec")
    read_catalogue([PLUGINS / "quebec" / "catalogue.toml"], "quebec")
    read_terms([PLUGINS / "outaouais" / "terms.toml"], "outaouais")


@pytest.mark.parametrize("key", ["referral", "self_referral"])
@pytest.mark.parametrize("pack", REGIONS)
def test_each_form_is_read_without_an_error_or_a_warning(pack: str, key: str) -> None:
    reading = reader.inspect(PLUGINS / pack / "forms" / f"{key}.md", key=key, languages=("fr-CA", "en-CA"))

    assert [each.place() for each in reading.findings] == []


@pytest.mark.parametrize("pack", REGIONS)
def test_both_languages_have_the_same_pages_with_the_same_parts(pack: str) -> None:
    pairs = list(page_pairs(pack))

    assert [name for name, _, _ in pairs] == ["about.md", "family.md", "professionals.md", "youth.md"]
    for name, french, english in pairs:
        assert outline(french) == outline(english), name


@pytest.mark.parametrize("pack", REGIONS)
def test_no_page_holds_a_passage_of_the_other_language(pack: str) -> None:
    for name, french, english in page_pairs(pack):
        for line in filter(str.strip, french.splitlines()):
            assert len(ENGLISH.findall(line)) <= len(FRENCH.findall(line)), (name, line)
        for line in filter(str.strip, english.splitlines()):
            assert len(FRENCH.findall(line)) <= len(ENGLISH.findall(line)), (name, line)


def test_the_language_check_would_find_the_defect_of_the_first_website() -> None:
    line = "Les activités sont pour elle et avec des amis dans la ville."

    assert len(FRENCH.findall(line)) > len(ENGLISH.findall(line))


@pytest.mark.parametrize("pack", PACKS)
def test_no_french_text_lost_an_apostrophe(pack: str) -> None:
    texts = [
        text
        for name in ("plugin.toml", *CONTENT)
        if (PLUGINS / pack / name).is_file()
        for each in words(toml(pack, name))
        if (text := each.get("fr"))
    ]
    texts += [french for _, french, _ in page_pairs(pack)]

    assert [text for text in texts if LOST_APOSTROPHE.search(text)] == []
    assert LOST_APOSTROPHE.search("se projeter vers l avenir")


@pytest.mark.parametrize("pack", PACKS)
def test_texts_have_the_two_languages_or_are_names_of_one(pack: str) -> None:
    for name in CONTENT:
        if not (PLUGINS / pack / name).is_file():
            continue
        for each in words(toml(pack, name)):
            assert all(text.strip() for text in each.values())
            if set(each) != {"fr", "en"}:
                ((language, text),) = each.items()
                assert f'name = {{{language} = "{text}"}}' in (PLUGINS / pack / name).read_text()


@pytest.mark.parametrize("pack", REGIONS)
def test_a_young_person_is_never_labelled_where_she_may_read(pack: str) -> None:
    shown = [text for name, *texts in page_pairs(pack) if name in ("youth.md", "family.md") for text in texts]
    shown += [
        text
        for key in ("referral", "self_referral")
        for question in form(pack, key).walk()
        for spoken in (question.labels, question.hints)
        for text in spoken.values()
    ]

    assert [text for text in shown if LABELS.search(text)] == []


@pytest.mark.parametrize("pack", REGIONS)
def test_in_english_no_gender_is_taken_for_granted_where_everybody_reads(pack: str) -> None:
    shown = [english for _, _, english in page_pairs(pack)]
    for key in ("referral", "self_referral"):
        made = form(pack, key)
        questions = [(question.labels, question.hints, question.guidance) for question in made.walk()]
        choices = [(choice.labels,) for listed in made.choices.values() for choice in listed]
        shown += [spoken["en"] for each in (*questions, *choices) for spoken in each if "en" in spoken]

    assert [text for text in shown if GENDERED.search(text)] == []
    assert GENDERED.search("How can she be reached?")


@pytest.mark.parametrize("pack", PACKS)
def test_nothing_is_promised_that_no_source_says(pack: str) -> None:
    text = all_text(pack).lower()

    assert "théâtre" not in text
    assert "six thèmes" not in text
    assert "efficacité prouvée" not in text


def whole(made: Form) -> dict[str, Any]:
    return examples.example(made, today=TODAY)


@pytest.mark.parametrize("pack", REGIONS)
def test_someone_who_does_not_know_is_never_asked_how_to_be_reached(pack: str) -> None:
    made = form(pack)
    for agreement in (
        {"knows": "no"},
        {"knows": "unsure"},
        {"knows": "yes", "agrees": "no"},
        {"knows": "yes", "agrees": "not_yet"},
        {"knows": "yes", "agrees": "unknown"},
    ):
        checked = answers.check(made, whole(made) | {"agreement": agreement}, today=TODAY)

        assert checked.problems == ()
        assert "contact" not in checked.values
        assert {"contact.name", "contact.phone", "contact.when"} <= set(checked.ignored)
        assert "known_services" not in checked.values.get("nearby", {})
        assert "meeting_care" not in checked.values.get("nearby", {})


@pytest.mark.parametrize("pack", REGIONS)
def test_someone_who_agrees_is_asked_for_a_safe_way_and_time(pack: str) -> None:
    made = form(pack)
    sent = whole(made)
    sent["contact"] = {"how": "call"}

    problems = answers.check(made, sent, today=TODAY).problems

    assert {each.path for each in problems} == {"contact.phone", "contact.when"}


@pytest.mark.parametrize("pack", REGIONS)
@pytest.mark.parametrize(
    "age",
    [
        {"age_known": "age", "age": 16},
        {"age_known": "birth_date", "birth_date": "2009-02-28"},
        {"age_known": "age_band", "age_band": "unknown"},
    ],
)
def test_an_age_a_birth_date_or_a_band_is_enough(pack: str, age: dict[str, Any]) -> None:
    made = form(pack)
    sent = whole(made)
    sent["about"] = {k: v for k, v in sent["about"].items() if not k.startswith("age")} | age

    assert answers.check(made, sent, today=TODAY).problems == ()


@pytest.mark.parametrize("pack", REGIONS)
def test_neither_a_name_nor_a_need_nor_an_address_is_required(pack: str) -> None:
    required = {question.name for question in form(pack).walk() if question.required is not None}

    assert required.isdisjoint({"name", "needs", "her_words", "referrer_organization", "care"})


@pytest.mark.parametrize("pack", REGIONS)
def test_a_referral_without_agreement_is_short(pack: str) -> None:
    """Two minutes: at most ten answers that must be given when she does not know yet."""
    made = form(pack)
    least: dict[str, dict[str, Any]] = {
        "agreement": {"knows": "no"},
        "about": {
            "age_known": "age_band",
            "age_band": "14-17",
            "language": "fr",
            "community": "unknown",
        },
        "referrer": {"referrer_name": "A", "referrer_email": "a@example.org", "not_a_report": True},
    }

    assert answers.check(made, least, today=TODAY).problems == ()
    assert sum(len(group) for group in least.values()) <= 10


@pytest.mark.parametrize("pack", REGIONS)
def test_whoever_asks_for_herself_answers_four_questions_and_needs_no_name_and_no_e_mail(pack: str) -> None:
    made = form(pack, "self_referral")
    first = [each.name for each in made.walk() if each.kind != "note" and each.relevant is None]
    least = {"how": "other", "other_way": "par ma voisine", "when": "en tout temps", "language": "fr"}

    assert first == ["name", "how", "when", "language", "her_words"]
    assert answers.check(made, least, today=TODAY).problems == ()
    assert [each for each in answers.check(made, {}, today=TODAY).problems if each.path in ("name", "her_words")] == []


@pytest.mark.parametrize("pack", REGIONS)
def test_what_is_asked_first_is_whether_she_knows_and_agrees(pack: str) -> None:
    asked = [question.meaning for question in form(pack).walk() if question.kind not in ("note", "group")]

    assert asked[:2] == ["knows", "agrees_to_contact"]


@pytest.mark.parametrize("pack", REGIONS)
def test_the_needs_are_those_of_the_programme(pack: str) -> None:
    made = form(pack)
    listed = {item["code"] for item in toml("quebec", "catalogue.toml")["needs"]["items"]}

    assert {choice.code for choice in made.choices["need"]} == set(NEEDS) == listed

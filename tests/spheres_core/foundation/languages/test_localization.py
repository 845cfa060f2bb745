"""A text is said in the reader's language, or in the next that has it, and knows which one that was."""

from __future__ import annotations

import datetime as dt
import os
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.facts import msg
from spheres_core.foundation.languages.localization import (
    REGISTRY,
    Catalog,
    Language,
    Locale,
    Text,
    chain,
    choose,
    read_catalog,
    short_tags,
)
from spheres_core.foundation.languages.texts import JoinedText
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.static_files import StaticFiles

FR, EN = REGISTRY["fr-CA"], REGISTRY["en-CA"]
CREE = Language("cr-CA", "cr_CA", "ᓀᐦᐃᔭᐍᐏᐣ", "en_CA", script="Cans", parents=("en-CA",), plural="n != 1")
HEBREW = Language("he-IL", "he_IL", "עברית", "he", dir="rtl", script="Hebr")


def catalog(**texts: str | tuple[str, ...]) -> Catalog:
    return Catalog({("", key): (text,) if isinstance(text, str) else text for key, text in texts.items()})


CATALOGS: dict[tuple[str, str], Catalog] = {
    ("fr-CA", "spheres"): catalog(Hello="Bonjour", Both="Les deux", Name="Bonjour {name}"),
    ("en-CA", "spheres"): catalog(Hello="Hello", Both="Both", Only="Only here", Name="Hello {name}"),
    ("fr-CA", "plugin"): catalog(Own="À lui", Both="Les deux du greffon"),
}


def test_each_language_is_asked_in_turn_and_in_each_terms_then_plugin_then_core() -> None:
    speaks = Locale((CREE, FR, EN), CATALOGS, {("fr-CA", "Hello"): "Kwe"})
    for said, text, lang in (
        (speaks.say("Hello"), "Kwe", "fr-CA"),
        (speaks.say("Only"), "Only here", "en-CA"),
        (speaks.say("Both"), "Les deux", "fr-CA"),
        (speaks.say(msg("Both")), "Les deux", "fr-CA"),
        (speaks.say("Nowhere"), "Nowhere", "en-CA"),
    ):
        assert (str(said), said.lang) == (text, lang)
    own = speaks.say(type(msg(""))("Both", {}, "plugin"))
    assert (str(own), own.lang) == ("Les deux du greffon", "fr-CA")


def test_words_of_a_plugin_are_picked_in_the_readers_language_or_the_next() -> None:
    speaks = Locale((FR, EN), CATALOGS)
    assert str(speaks.pick({"fr": "Oui", "en": "Yes"})) == "Oui"
    assert str(speaks.pick({"fr-CA": "Ouin", "fr": "Oui"})) == "Ouin"
    assert speaks.pick({"en": "Yes"}).lang == "en-CA"
    other = speaks.pick({"iu": "ᐋ"})
    assert (str(other), other.lang) == ("ᐋ", "iu")
    assert str(speaks.pick({})) == ""
    assert str(speaks.pick({"fr": "", "en": "Yes"})) == "Yes"


def test_what_is_put_into_a_sentence_is_said_in_its_language() -> None:
    speaks = Locale((FR, EN), CATALOGS)
    assert str(speaks.say("Name", name=msg("Hello"))) == "Bonjour Bonjour"
    assert str(speaks.say("Name", name={"en": "you", "fr": "toi"})) == "Bonjour toi"
    assert str(speaks.say("Name", name=dt.date(2026, 11, 21))) == "Bonjour 21 novembre 2026"
    assert str(speaks.say("Name")) == "Bonjour {name}"
    assert str(speaks.say("Name", name="{name} %s {0}")) == "Bonjour {name} %s {0}", (
        "what people write is never filled in"
    )


def test_a_value_that_ends_with_a_period_ends_its_sentence() -> None:
    speaks = Locale((EN,), CATALOGS)
    assert str(speaks.say("Open until {hour}.", hour=speaks.clock(dt.time(18)))) == "Open until 6\N{NO-BREAK SPACE}p.m."
    assert str(speaks.say("Open until {hour}.", hour="noon")) == "Open until noon."
    assert str(speaks.say("{file}.toml, {hour}. Then", file="a.", hour="noon")) == "a..toml, noon. Then"
    assert str(speaks.say("Open until {hour}.")) == "Open until {hour}."


@pytest.mark.parametrize(
    ("number", "french", "english"),
    [
        (0, "0 réponse", "0 answers"),
        (1, "1 réponse", "1 answer"),
        (2, "2 réponses", "2 answers"),
        (1_000_000, "1\u00a0000\u00a0000 réponses", "1,000,000 answers"),
        (-1, "-1 réponse", "-1 answer"),
    ],
)
def test_a_number_takes_the_form_of_its_language(number: int, french: str, english: str) -> None:
    catalogs = {
        ("fr-CA", "spheres"): Catalog({("", "{n} answer"): ("{n} réponse", "{n} réponses")}),
        ("en-CA", "spheres"): Catalog({("", "{n} answer"): ("{n} answer", "{n} answers")}),
    }
    said = Locale((FR, EN), catalogs).say_number("{n} answer", "{n} answers", number)
    assert str(said).replace("\u202f", "\u00a0") == french
    assert str(Locale((EN,), catalogs).say_number("{n} answer", "{n} answers", number)) == english
    assert Locale((FR, EN), {}).say_number("{n} answer", "{n} answers", number).lang == "en-CA"


def test_a_fraction_within_a_sentence_is_written_as_its_language_writes_it() -> None:
    assert str(Locale((FR,), {}).say("{rate}", rate=33.5)).endswith("33.5"), "an English text stays one"
    catalogs = {("fr-CA", "spheres"): Catalog({("", "{rate} of 100"): ("{rate} sur 100",)})}
    assert str(Locale((FR, EN), catalogs).say("{rate} of 100", rate=33.5)) == "33,5 sur 100"
    assert str(Locale((EN,), {}).say("{rate} of 100", rate=Decimal("33.5"))) == "33.5 of 100"


def test_a_text_in_another_language_is_marked_on_the_page_and_only_then() -> None:
    environment = rendering.make_environment([], StaticFiles({}))
    speaks = Locale((FR, HEBREW, EN), {**CATALOGS, ("he-IL", "spheres"): catalog(Shalom="<שלום>")})
    page = environment.from_string(
        "{{ _('Hello') }}|{{ _('Only') }}|{{ _('Shalom') }}|<a title=\"{{ _('Only')|plain }}\">"
    )
    assert page.render(locale=speaks) == (
        'Bonjour|<span lang="en-CA" dir="ltr">Only here</span>|<span lang="he-IL" dir="rtl">&lt;שלום&gt;</span>'
        '|<a title="Only here">'
    )


def test_texts_side_by_side_are_each_marked_with_their_own_language() -> None:
    page = rendering.make_environment([], StaticFiles({})).from_string("{{ said }}")
    english, hebrew = Locale((EN,), CATALOGS).say("Only"), Locale((HEBREW, EN), {}).pick({"he": "<שלום>"})
    speaks = Locale((FR, EN), CATALOGS)
    marked = {
        english: '<span lang="en-CA" dir="ltr">Only here</span>',
        hebrew: '<span lang="he-IL" dir="rtl">&lt;שלום&gt;</span>',
    }
    own = speaks.say("Both")
    for said, shown in (
        (speaks.joined([own, english, "", "<b>"], ", "), f"Les deux, {marked[english]}, &lt;b&gt;"),
        (speaks.listed([own, english, hebrew]), f"Les deux, {marked[english]} et {marked[hebrew]}"),
        (speaks.joined([own, own], " "), "Les deux Les deux"),
        (speaks.joined([english, english], " "), '<span lang="en-CA" dir="ltr">Only here Only here</span>'),
        (speaks.joined([speaks.listed([own, english]), own], "; "), f"Les deux et {marked[english]}; Les deux"),
        (speaks.joined([], ", "), ""),
    ):
        assert page.render(locale=speaks, said=said) == shown


@given(st.lists(st.tuples(st.sampled_from([FR, EN, HEBREW, None]), st.text(max_size=5)), max_size=5))
def test_texts_side_by_side_are_what_they_are_one_after_the_other(told: list[tuple[Language | None, str]]) -> None:
    texts = [text if language is None else Text(text, language) for language, text in told]
    said = Locale((FR, EN), {}).joined(texts, " · ")
    assert str(said) == " · ".join(text for text in texts if text)
    languages = {language.tag if language else "fr-CA" for language, text in told if text}
    assert isinstance(said, JoinedText) == (len(languages) > 1)


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("", "fr-CA"),
        ("en", "en-CA"),
        ("en-GB,fr;q=0.5", "en-CA"),
        ("de, en;q=0.2, fr;q=0.3", "fr-CA"),
        ("*", "fr-CA"),
        ("EN-ca", "en-CA"),
        ("fr;q=0.1,en;q=0.9", "en-CA"),
        ("en;q=x, fr", "fr-CA"),
        ("de", "fr-CA"),
        (",,;;=,", "fr-CA"),
        ("x" * 5_000 + ",en", "fr-CA"),
        ("en;q=nan", "fr-CA"),
    ],
)
def test_the_offered_language_that_a_reader_prefers_is_chosen(accepted: str, chosen: str) -> None:
    assert choose(accepted, ("fr-CA", "en-CA")) == chosen


@given(st.text(max_size=200))
def test_any_header_chooses_an_offered_language(accepted: str) -> None:
    assert choose(accepted, ("fr-CA", "en-CA")) in ("fr-CA", "en-CA")


def test_short_tags_stay_unambiguous() -> None:
    assert short_tags(("fr-CA", "en-CA")) == {"fr": "fr-CA", "en": "en-CA"}
    assert short_tags(("fr-CA", "fr-FR", "iu")) == {"fr-CA": "fr-CA", "fr-FR": "fr-FR", "iu": "iu"}


def test_the_chain_goes_by_parents_and_then_by_what_the_tenant_offers() -> None:
    registry = {**REGISTRY, "cr-CA": CREE}
    assert [each.tag for each in chain("cr-CA", ("cr-CA", "fr-CA"), registry)] == ["cr-CA", "en-CA", "fr-CA"]
    assert [each.tag for each in chain("fr-CA", ("fr-CA", "xx"), registry)] == ["fr-CA", "en-CA"]


def test_fuzzy_and_untranslated_texts_are_left_out_and_a_changed_file_is_read_again(tmp_path: Any) -> None:
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    path = tmp_path / "spheres.po"
    path.write_text(head + 'msgid "a"\nmsgstr "un"\n\n#, fuzzy\nmsgid "b"\nmsgstr "deux"\n\nmsgid "c"\nmsgstr ""\n')
    assert dict(read_catalog(path).texts) == {("", "a"): ("un",)}
    path.write_text(head + 'msgid "c"\nmsgstr "trois"\n')

    os.utime(path, ns=(1, 1))
    assert dict(read_catalog(path).texts) == {("", "c"): ("trois",)}
    assert dict(read_catalog(tmp_path / "none.po").texts) == {}


def test_names_are_sorted_as_readers_expect() -> None:
    speaks = Locale((FR, EN), CATALOGS)
    assert sorted(["Zoé", "Éric", "eve", "Étienne", "Anne"], key=speaks.sort_key) == [
        "Anne",
        "Éric",
        "Étienne",
        "eve",
        "Zoé",
    ]


@pytest.mark.parametrize(
    ("moment", "french", "english"),
    [
        (dt.datetime(2023, 6, 1, 7, 57, tzinfo=dt.UTC), "1er juin 2023, 7 h 57 UTC", "June 1, 2023, 07:57 UTC"),
        (
            dt.datetime(2026, 11, 21, 14, 5, tzinfo=dt.UTC),
            "21 novembre 2026, 14 h 05 UTC",
            "November 21, 2026, 14:05 UTC",
        ),
        (dt.datetime(2026, 1, 31, 18, 0, tzinfo=dt.UTC), "31 janvier 2026, 18 h UTC", "January 31, 2026, 18:00 UTC"),
        (dt.datetime(2026, 8, 11, 0, 0, tzinfo=dt.UTC), "11 août 2026, 0 h UTC", "August 11, 2026, 00:00 UTC"),
    ],
)
def test_days_and_hours_are_written_as_in_quebec(moment: dt.datetime, french: str, english: str) -> None:
    said = str(Locale((FR, EN), CATALOGS).time(moment))

    assert said.replace("\N{NO-BREAK SPACE}", " ") == french
    assert " h" not in said, "the hour and its unit stay on one line"
    assert str(Locale((EN, FR), CATALOGS).time(moment)) == english

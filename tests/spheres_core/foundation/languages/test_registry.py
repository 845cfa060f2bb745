"""A language is registered by data, never crashes what it touches, and is never spoken in the guise of another."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from babel import Locale as Cldr
from hypothesis import given, settings
from hypothesis import strategies as st

from spheres_core import app
from spheres_core.facts import msg
from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.foundation.languages import registry as languages_registry
from spheres_core.foundation.languages.locale_files import read_locales
from spheres_core.foundation.languages.localization import Catalog, Locale
from spheres_core.foundation.languages.registry import CORE, REGISTRY, Language, Languages, short_tags
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.plugins.set_builder import build_set
from tests.examples import examples
from tests.plugins.packing import INUKTITUT_RULE, locales_toml, pack, po

UNKNOWN_TO_CLDR = ("cr", "crl", "crj", "nsk", "moe", "atj", "cr-Cans-CA", "moe-Latn")
DAY = dt.date(2026, 11, 21)
MOMENT = dt.datetime(2026, 11, 21, 14, 5, tzinfo=dt.UTC)
NAMES = ", ".join(f'"m{n}"' for n in range(1, 13))
INNU = f"""
    tag = "moe-Latn"
    name = "innu-aimun"
    source = "a test"
    plural = "nplurals=2; plural=(n != 1)"
    parents = ["fr-CA"]
    months = [{NAMES}]
"""
CREE = """
    tag = "crl-Cans"
    name = "crl"
    source = "a test"
    plural = "nplurals=1; plural=0"
"""


def speaks(tag: str, registry: Languages = CORE, **texts: str) -> Locale:
    catalogs = {("fr-CA", "spheres"): Catalog({("", key): (text,) for key, text in texts.items()})}
    return Locale((registry[tag], REGISTRY["fr-CA"], REGISTRY["en-CA"]), catalogs, registry=registry)


@pytest.mark.parametrize("tag", UNKNOWN_TO_CLDR)
def test_a_language_that_cldr_does_not_know_crashes_nothing_and_nothing_is_passed_off_as_it(tag: str) -> None:
    found = CORE[tag]
    said = speaks(tag, Hello="Bonjour")

    assert (tag in CORE, found.tag, found.babel) == (False, tag, "")
    assert (str(said.say("Hello")), said.say("Hello").lang) == ("Bonjour", "fr-CA")
    assert (str(said.say("Nowhere")), said.say("Nowhere").lang) == ("Nowhere", "en-CA")
    assert [str(x) for x in (said.date(DAY), said.time(MOMENT), said.number(1234.5), said.listed(["a", "b"]))] == [
        "2026-11-21", "2026-11-21, 14:05 UTC", "1234.5", "a, b",
    ]  # fmt: skip
    assert (str(said.weekday(0)), said.weekday(0).lang) == ("lundi", "fr-CA")
    assert said.language_name("fr").lang == "fr-CA"
    assert said.pick({"fr": "Oui"}).lang == "fr-CA"


def test_what_cldr_knows_may_be_used_without_a_plugin() -> None:
    found = [CORE[tag] for tag in ("ar", "es", "iu")]
    assert [(each.autonym, each.dir, each.script, each.forms) for each in found] == [
        ("العربية", "rtl", "Arab", 6), ("Español", "ltr", "Latn", 2), ("ᐃᓄᒃᑎᑐᑦ", "ltr", "Cans", 3),
    ]  # fmt: skip
    assert CORE["iu-Latn"].autonym == "iu-Latn", "a name in another script is not its own"
    assert CORE["fr"].parents == ("fr-CA",)
    assert "zz" not in CORE
    assert "../../etc" not in CORE


def test_months_that_cldr_only_numbers_are_written_in_figures() -> None:
    assert str(speaks("iu").date(DAY)) == "ᓄᕕᐱᕆ 21, 2026"
    assert str(speaks("iu-Latn").date(DAY)) == "2026-11-21"
    assert str(speaks("mic").date(DAY)) == "2026-11-21"


def test_borrowed_names_of_months_are_marked_with_the_language_they_are_in() -> None:
    borrowing = Locale((Language("moe", "moe", "innu-aimun", "fr_CA"), REGISTRY["en-CA"]), {})

    for text in (borrowing.date(DAY), borrowing.time(MOMENT), borrowing.listed(["a", "b"])):
        assert text.lang == "fr-CA"
    assert str(borrowing.date(DAY)) == "21 novembre 2026"


def test_what_stands_in_a_sentence_is_said_in_the_language_the_sentence_is_in() -> None:
    said = speaks("iu", **{"Checked on {day} by {who}": "Vérifié le {day} par {who}", "Police": "la police"})

    text = said.say("Checked on {day} by {who}", day=DAY, who=msg("Police"))
    assert (str(text), text.lang) == ("Vérifié le 21 novembre 2026 par la police", "fr-CA")
    assert str(said.say_number("{n} day", "{n} days", 12345)) == "12,345 days"


def test_a_list_reads_like_a_sentence() -> None:
    assert str(speaks("fr-CA").listed(["a", "b", "c"])) == "a, b et c"
    assert str(speaks("en-CA").listed(["a"])) == "a"


@pytest.mark.parametrize(
    ("tags", "shorts"),
    [
        (("fr-CA", "en-CA"), ["fr", "en"]),
        (("iu-Cans", "iu-Latn", "en-CA"), ["iu-Cans", "iu-Latn", "en"]),
        (("iu-Cans-CA", "iu-Latn-CA"), ["iu-Cans", "iu-Latn"]),
        (("fr", "fr-CA"), ["fr", "fr-CA"]),
        (("en-CA", "qps-ploc"), ["en", "qps"]),
    ],
)
def test_an_address_has_the_shortest_unambiguous_tag(tags: tuple[str, ...], shorts: list[str]) -> None:
    assert list(short_tags(tags)) == shorts


def test_a_text_in_the_usual_script_is_not_shown_to_readers_of_another() -> None:
    assert CORE["iu-Cans-CA"].names == ("iu-Cans-CA", "iu-Cans", "iu")
    assert CORE["iu-Latn"].names == ("iu-Latn",)
    assert REGISTRY["fr-CA"].names == ("fr-CA", "fr")


# ---- plural rules ---------------------------------------------------------------------------------------------------

ORDER = ("zero", "one", "two", "few", "many", "other")


@given(st.integers(0, 10**9))
def test_the_six_forms_of_arabic_are_chosen_as_cldr_does(number: int) -> None:
    arabic = CORE["ar"]

    assert languages_registry.form_of(arabic.plural, number) == ORDER.index(Cldr("ar").plural_form(number))
    said = Locale((arabic,), {("ar", "spheres"): Catalog({("", "{n} a"): ORDER})}).say_number("{n} a", "{n} as", number)
    assert str(said) == Cldr("ar").plural_form(number)


@given(st.integers(0, 10**9))
def test_inuktitut_has_a_form_for_two(number: int) -> None:
    forms, plural = languages_registry.read_plural(INUKTITUT_RULE) or (0, "")

    ours = languages_registry.form_of(CORE["iu"].plural, number)
    assert languages_registry.form_of(plural, number) == ours < forms == 3
    assert ("one", "two", "other")[languages_registry.form_of(plural, number)] == Cldr("iu").plural_form(number)


@settings(max_examples=examples(60))
@given(st.sampled_from(sorted(name for name in Cldr("en").languages if len(name) < 4)))
def test_every_language_of_cldr_has_a_rule_that_gives_each_of_its_forms(tag: str) -> None:
    found = CORE[tag]

    assert languages_registry.problem_with_plural(found.plural, found.forms) == ""


@pytest.mark.parametrize(
    ("plural", "forms"),
    [("n +", 2), ("n % 0", 2), ("n != 1", 3), ("n", 2), ("import os", 2), ("n != 1", 7), ("(" * 500, 2), ("n > 5", 1)],
)
def test_a_rule_that_does_not_give_its_forms_is_refused(plural: str, forms: int) -> None:
    assert languages_registry.problem_with_plural(plural, forms)


# ---- locales.toml ---------------------------------------------------------------------------------------------------


def findings(folder: Path, text: str) -> list[tuple[int | None, str]]:
    path = folder / "locales.toml"
    path.write_text(text)
    with pytest.raises(ContentInvalid) as caught:
        read_locales([path], "trial")
    return [(each.line, each.message.msgid) for each in caught.value.findings]


@pytest.mark.parametrize(
    ("changed", "to", "line", "told"),
    [
        ('"moe-Latn"', '"Innu"', 4, "is not a language tag"),
        ('"moe-Latn"', '"fr-CA"', 4, "belongs to the core"),
        ('"innu-aimun"', '" "', 5, "is missing"),
        ('"a test"', '""', 6, "is missing"),
        ("nplurals=2; plural=(n != 1)", "n != 1", 7, "is not a plural rule"),
        ("nplurals=2; plural=(n != 1)", "nplurals=3; plural=(n != 1)", 7, "cannot be used"),
        ('plural = "nplurals=2; plural=(n != 1)"', "", 4, "does not know how"),
        ('"m12"', '"m12", "m13"', 9, "has {wanted} names"),
        ('["fr-CA"]', '["French"]', 8, "is not in the registry"),
        ("months", 'cldr = "moe"\nmonths', 9, "CLDR has no locale"),
        ("months", "month", 9, "is not known here"),
    ],
)
def test_what_is_wrong_in_the_file_is_said_with_its_line(
    tmp_path: Path, changed: str, to: str, line: int | None, told: str
) -> None:
    whole = locales_toml(INNU)
    assert whole.count(changed) >= 1

    found = findings(tmp_path, whole.replace(changed, to, 1))

    assert [at for at, said in found if told in said] == [line], found


def test_everything_wrong_is_said_in_one_go(tmp_path: Path) -> None:
    text = locales_toml(
        'tag = "crl"\nname = "x"\nsource = "x"\nparents = ["crj"]\nplural = "nplurals=1; plural=0"',
        'tag = "crj"\nname = "x"\nsource = "x"\nparents = ["crl"]\nplural = "nplurals=1; plural=0"',
        'tag = "crl"\nname = "x"\nsource = ""\nplural = "x"',
    )

    told = " ".join(said for _, said in findings(tmp_path, text))
    for each in ("each other's parents", "described twice", "is missing", "is not a plural rule"):
        assert each in told


# ---- in a plugin set ------------------------------------------------------------------------------------------------


def made_of(folder: Path, *wanted: str) -> PluginSet:
    return build_set(discover([folder]), wanted, app.rooms(), app.catalog_folder())


def test_a_set_speaks_what_its_plugins_bring_and_another_set_does_not(tmp_path: Path) -> None:
    texts = po({"Refer someone": "m-refer"})
    files = {"locales.toml": locales_toml(INNU), "locales/moe_Latn/LC_MESSAGES/spheres.po": texts}
    pack(tmp_path, "innu_trial", files, locales=("moe-Latn",))
    with_it, without = made_of(tmp_path, "innu_trial"), made_of(tmp_path)

    spoken = with_it.locale("moe-Latn", ("moe-Latn", "fr-CA"))
    assert with_it.left_out == {}
    assert (str(spoken.say("Refer someone")), spoken.say("Refer someone").lang) == ("m-refer", "moe-Latn")
    assert spoken.say("Sign in").lang == "fr-CA"
    assert str(spoken.date(DAY)) == "21 m11 2026"
    assert ("moe-Latn" in with_it.languages, "moe-Latn" in without.languages) == (True, False)
    silent = without.locale("moe-Latn", ("moe-Latn", "fr-CA"))
    assert silent.say("Refer someone").lang == "fr-CA", "a tenant that lists it keeps working when the plugin is off"
    assert str(silent.date(DAY)) == "2026-11-21"


def test_a_plugin_cannot_put_its_text_in_place_of_the_cores_or_another_plugins(tmp_path: Path) -> None:
    stolen = po({"Refer someone": "stolen", "Nobody translates this": "added"})
    pack(tmp_path, "thief_trial", {"locales/fr_CA/LC_MESSAGES/spheres.po": stolen})
    made = made_of(tmp_path, "thief_trial")

    said = made.locale("fr-CA", ("fr-CA", "en-CA"))
    assert str(said.say("Refer someone")) == "Référer une personne" or said.say("Refer someone").lang == "fr-CA"
    assert "stolen" not in str(said.say("Refer someone"))
    assert str(said.say("Nobody translates this")) == "Nobody translates this"


@pytest.mark.parametrize(
    ("files", "locales", "told"),
    [
        ({"locales.toml": locales_toml(INNU)}, (), "disagree"),
        ({}, ("moe-Latn",), "disagree"),
        ({"locales.toml": locales_toml(INNU.replace("fr-CA", "xx"))}, ("moe-Latn",), "not in the registry"),
        ({"locales.toml": locales_toml(CREE)}, ("crl-Cans",), "already"),
        ({"locales.toml": locales_toml(INNU.replace("a test", ""))}, ("moe-Latn",), "Its content cannot be used"),
        ({"locales/fr_CA/LC_MESSAGES/x.po": "\x00msgid \ufffd"}, (), ""),
    ],
)
def test_a_plugin_whose_languages_do_not_hold_is_left_out_and_the_others_stay(
    tmp_path: Path, files: dict[str, str], locales: tuple[str, ...], told: str
) -> None:
    pack(tmp_path, "aa_cree", {"locales.toml": locales_toml(CREE)}, locales=("crl-Cans",))
    pack(tmp_path, "bb_wrong", files, locales=locales)

    made = made_of(tmp_path, "aa_cree", "bb_wrong")

    assert "aa_cree" not in made.left_out
    assert "crl-Cans" in made.languages
    if told:
        assert told in made.left_out["bb_wrong"].msgid


def test_parents_in_a_circle_over_two_plugins_are_refused(tmp_path: Path) -> None:
    one = CREE + 'parents = ["crj-Cans"]'
    two = CREE.replace("crl", "crj") + 'parents = ["crl-Cans"]'
    pack(tmp_path, "cc_one", {"locales.toml": locales_toml(CREE)}, locales=("crl-Cans",))
    pack(tmp_path, "dd_two", {"locales.toml": locales_toml(two, one.replace("crl-Cans", "nsk-Cans", 1))},
         locales=("crj-Cans", "nsk-Cans"))  # fmt: skip
    assert made_of(tmp_path, "cc_one", "dd_two").left_out.keys() <= {"dd_two"}


def test_a_catalog_that_is_not_text_leaves_its_plugin_out(tmp_path: Path) -> None:
    root = pack(tmp_path, "bytes_trial", {"locales/fr_CA/LC_MESSAGES/bytes_trial.po": ""})
    (root / "locales/fr_CA/LC_MESSAGES/bytes_trial.po").write_bytes(b'msgid "a"\nmsgstr "\xff\xfe"\n')

    assert "catalog" in made_of(tmp_path, "bytes_trial").left_out["bytes_trial"].msgid


# ---- ways of writing ------------------------------------------------------------------------------------------------


@pytest.fixture
def written(tmp_path: Path) -> PluginSet:
    """A small way of writing beside the neutral French of the core; the words are a test's."""
    texts = po({"Coordinator": "La coordonnatrice", "Pivot worker": "L’intervenante pivot"})
    own = po({"Own": "Neutre", "Other": "Autre"})
    files: dict[str, Any] = {
        "locales/fr_CA@feminin/LC_MESSAGES/spheres.po": texts,
        "locales/fr_CA@feminin/LC_MESSAGES/ways_trial.po": po({"Own": "Féminin"}),
        "locales/fr_CA/LC_MESSAGES/ways_trial.po": own,
    }
    pack(tmp_path, "ways_trial", files)
    return made_of(tmp_path, "ways_trial")


def test_a_way_of_writing_comes_first_and_the_plain_text_where_it_has_none(written: PluginSet) -> None:
    plain = written.locale("fr-CA", ("fr-CA", "en-CA"))
    feminine = written.locale("fr-CA", ("fr-CA", "en-CA"), "feminin")
    own = msg("Own").__class__("Own", {}, "ways_trial")
    other = msg("Other").__class__("Other", {}, "ways_trial")

    assert str(feminine.say("Coordinator")) == "La coordonnatrice" != str(plain.say("Coordinator"))
    assert str(feminine.say("Sign in")) == str(plain.say("Sign in"))
    assert [str(feminine.say(each)) for each in (own, other)] == ["Féminin", "Autre"]
    assert feminine.say("Coordinator").lang == "fr-CA"
    absent = written.locale("fr-CA", ("fr-CA", "en-CA"), "absent")
    assert str(absent.say("Coordinator")) == str(plain.say("Coordinator"))

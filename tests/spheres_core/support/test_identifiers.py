"""The finder of identifiers: what it finds of 500 planted ones, how rarely it marks a clean text, its misses."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from pathlib import Path
from typing import Final

import pytest

from spheres_core.support.identifiers import find_identifiers
from tests.spheres_core.support.planted_texts import MEASURED, TUNED, Planted, TextSet, clean, planted

TODAY: Final = dt.date(2026, 11, 29)
KNOWN: Final = ("Marie-Vincent", "Batshaw", "Les Survivantes")
LEAST_FOUND: Final = 0.95
MOST_MARKED: Final = 0.05
COUNT: Final = 500
LONG: Final = 4_000


def is_found_whole(each: Planted) -> bool:
    """Returns whether places cover every letter and digit of the planted identifier."""
    start = each.text.index(each.value)
    covered = {
        at for place in find_identifiers(each.text, today=TODAY, known=KNOWN) for at in range(place.start, place.end)
    }
    return all(start + at in covered for at, character in enumerate(each.value) if character.isalnum())


@pytest.mark.parametrize(
    ("source", "seed"), [(TUNED, 7), (MEASURED, 7), (MEASURED, 8)], ids=["tuned", "first", "second"]
)
def test_of_500_planted_identifiers_nearly_all_are_found_and_clean_texts_are_hardly_ever_marked(
    source: TextSet, seed: int
) -> None:
    missed = [each for each in planted(source, seed, COUNT) if not is_found_whole(each)]
    marked = [text for text in clean(source, seed, COUNT) if find_identifiers(text, today=TODAY, known=KNOWN)]
    print(f"\nfound {COUNT - len(missed)} of {COUNT}; clean texts marked: {len(marked)} of {COUNT}")
    for each in sorted({(each.kind, each.value) for each in missed}):
        print("  missed", *each)
    assert len(missed) <= COUNT * (1 - LEAST_FOUND), [each.text for each in missed]
    assert len(marked) <= COUNT * MOST_MARKED, marked


def test_the_sentences_and_names_of_the_measure_are_not_those_of_the_adjustment() -> None:
    for field in TextSet.__struct_fields__:
        if field in ("family", "streets"):
            continue
        tuned, measured = getattr(TUNED, field), getattr(MEASURED, field)
        assert not {text for texts in tuned.values() for text in texts if " " in text} & {
            text for texts in measured.values() for text in texts
        }


def test_the_public_pages_of_the_packs_are_hardly_ever_marked() -> None:
    pages = Path(__file__).parents[3].glob("plugins/*/pages/*/*.md")
    sentences = [
        each for page in pages for each in re.split(r"(?<=[.!?])\s+|\n+", page.read_text("utf-8")) if len(each) > 20
    ]
    assert len(sentences) > 100
    marked = [each for each in sentences if find_identifiers(each, today=TODAY, known=KNOWN)]
    assert len(marked) <= len(sentences) * MOST_MARKED, marked


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Elle s’appelle Zéphirine et vit au foyer.", ["name"]),
        ("Mme Untel m’a écrit.", ["name"]),
        ("Née le 3 mai 2010, elle a un chum.", ["birth_date"]),
        ("Rencontre le 3 mai 2026.", []),
        ("Écrire à kim (arobase) exemple point ca", ["email"]),
        ("Appelez le 514-555-0199, poste 12.", ["telephone"]),
        ("Le 811 et le 1 866 277-3553 répondent la nuit.", []),
        ("Son NAS : 046 454 286", ["social_insurance_number"]),
        ("RAMQ TREM 0953 1412", ["health_number"]),
        ("Elle vit à H2X 1Y4.", ["postal_code"]),
        ("On se voit au 1250, rue Saint-Denis, app. 4", ["address"]),
        ("Son snap c’est kimmy09", ["handle"]),
        ("Rue Saint-Denis, à l’école Sainte-Marie, chez Marie-Vincent.", []),
        ("", []),
    ],
)
def test_what_is_an_identifier(text: str, kinds: list[str]) -> None:
    assert [each.kind for each in find_identifiers(text, today=TODAY, known=KNOWN)] == kinds


def test_places_are_in_order_and_do_not_overlap_and_the_same_text_gives_the_same_ones() -> None:
    for each in planted(MEASURED, 9, COUNT):
        found = find_identifiers(each.text, today=TODAY)
        assert found == find_identifiers(each.text, today=TODAY)
        assert all(0 <= place.start < place.end <= len(each.text) for place in found)
        assert all(before.end <= after.start for before, after in itertools.pairwise(found))


def test_a_long_text_of_nothing_takes_no_long_time_to_read() -> None:
    for text in ("a", "A", "1-", "A. ", "@", "Marie-", "1 ", "né le ", "a."):
        find_identifiers(text * LONG, today=TODAY)

"""A number is read however people write it, shown in the reader's form, and compared as it is dialled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.foundation.content.telephone_numbers import (
    compared_telephone,
    format_telephone,
    is_personal_telephone,
    read_telephone,
    split_extension,
    telephone_link,
)

WRITTEN = [
    ("(450) 555-0101", "+14505550101", ""),
    ("450–555–0101", "+14505550101", ""),
    ("450\u2011555\u20110101", "+14505550101", ""),
    ("450\u00a0555\u202f0101", "+14505550101", ""),
    ("\u200b450\u200e 555-0101", "+14505550101", ""),
    ("450.555.0101", "+14505550101", ""),
    ("450/555-0101", "+14505550101", ""),
    ("4505550101", "+14505550101", ""),
    ("450 555 01 01", "+14505550101", ""),
    ("+1 (450) 555-0101", "+14505550101", ""),
    ("1-450-555-0101", "+14505550101", ""),
    ("Tél. : 450 555-0101", "+14505550101", ""),
    ("450 555-0101 poste 12", "+14505550101", "12"),
    ("450 555-0101, POSTE 12", "+14505550101", "12"),
    ("450 555-0101 (poste 12)", "+14505550101", "12"),
    ("450 555-0101 — poste #12", "+14505550101", "12"),
    ("450 555-0101 #12", "+14505550101", "12"),
    ("450-555-0101, ext. 4", "+14505550101", "4"),
    ("450-555-0101x4", "+14505550101", "4"),
    ("450-555-0101 extension 4", "+14505550101", "4"),
    ("450 555-0101 p. 4", "+14505550101", "4"),
    ("450 555-0101 local 4", "+14505550101", "4"),
    ("tel:+1-450-555-0101;ext=4", "+14505550101", "4"),
    ("1-800-SOS-AIDE", "+18007672433", ""),
    ("1 866 APPELLE", "+18662773553", ""),
    ("1-800-APPELLE-MOI", "+18002773553", ""),
    ("+33 6 12 34 56 78", "+33612345678", ""),
    ("011 33 6 12 34 56 78", "+33612345678", ""),
    ("0033 6 12 34 56 78", "+33612345678", ""),
    ("٤٥٠ ٥٥٥ ٠١٠١", "+14505550101", ""),
    ("942 555-0101", "+19425550101", ""),
    ("911", "911", ""),
    ("9-1-1", "911", ""),
    ("811", "811", ""),
    ("988", "988", ""),
]
"""As people write numbers; what is dialled; the extension."""

IMPOSSIBLE = [
    "", " ", "call us", "12", "999", "555-0101", "450 555-010", "450 555-01011", "123-456-7890", "000 000-0000",
    "999 999-9999", "514 055-0101", "450 555-01 le soir", "450 555-0101 le soir", "450 555-0101 ou 514 555-0102",
    "911 poste 4", "+999 1234567", "4" * 200, "a@example.org", "2026-11-21", "450 555-0101 poste douze",
]  # fmt: skip


@pytest.mark.parametrize(("text", "dialled", "extension"), WRITTEN)
def test_every_usual_way_of_writing_is_read(text: str, dialled: str, extension: str) -> None:
    number = read_telephone(text)
    assert number is not None
    assert (number.e164, number.extension) == (dialled, extension)
    assert compared_telephone(text) == dialled
    assert telephone_link(text) == f"tel:{dialled}" + (f";ext={extension}" if extension else "")
    assert telephone_link(text, "sms") == f"sms:{dialled}"


@pytest.mark.parametrize("text", IMPOSSIBLE)
def test_what_nobody_can_dial_is_no_number_and_is_shown_as_it_stands(text: str) -> None:
    assert read_telephone(text) is None
    assert compared_telephone(text) == telephone_link(text) == ""
    assert format_telephone(text, "fr-CA") == text


@pytest.mark.parametrize(
    ("text", "french", "english"),
    [
        ("(450) 555-0101 #12", "450 555-0101, poste 12", "450-555-0101, ext. 12"),
        ("18006686868", "1 800 668-6868", "1-800-668-6868"),
        ("514.896.3100", "514 896-3100", "514-896-3100"),
        ("+33612345678", "+33 6 12 34 56 78", "+33 6 12 34 56 78"),
        ("9-1-1", "911", "911"),
        ("450-555-0101 (cell)", "450 555-0101 (cell)", "450-555-0101 (cell)"),
        ("1 866 APPELLE", "1 866 277-3553 (1 866 APPELLE)", "1-866-277-3553 (1 866 APPELLE)"),
    ],
)
def test_a_number_is_shown_in_the_readers_form(text: str, french: str, english: str) -> None:
    assert format_telephone(text, "fr-CA") == format_telephone(text, "fr") == french
    assert format_telephone(text, "en-CA") == format_telephone(text, "iu-Cans") == english


def test_nobody_is_called_back_on_911() -> None:
    assert is_personal_telephone("450 555-0101, poste 12")
    assert not is_personal_telephone("911")


def test_an_extension_is_parted_from_its_number() -> None:
    assert split_extension("418 555-0100 poste 2") == ("418 555-0100", "2")
    assert split_extension("418 555-0100") == ("418 555-0100", "")


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, str, str]:
    """A number of North America with its extension, and one of the ways in which a person may write it."""
    digits = draw(st.from_regex(r"(450|514|819|867|800|438)[2-9]0[0-9]{5}", fullmatch=True))
    extension = draw(st.just("") | st.from_regex(r"[1-9][0-9]{0,5}", fullmatch=True))
    mark = draw(st.sampled_from([" ", "-", ".", "–", "\u00a0", "", " - "]))
    area = draw(st.sampled_from(["{}", "({})", "1 {}", "+1 {}", "1-{}"])).format(digits[:3])
    word = draw(
        st.sampled_from([" poste {}", ", poste {}", " #{}", " ext. {}", ", ext {}", "x{}", " p. {}", " (poste {})"])
    )
    written = f"{area}{mark}{digits[3:6]}{mark}{digits[6:]}" + (word.format(extension) if extension else "")
    return digits, extension, written


@given(numbers())
def test_a_number_comes_back_from_each_form_it_is_shown_in(given_number: tuple[str, str, str]) -> None:
    digits, extension, written = given_number
    number = read_telephone(written)
    assert number is not None, written
    assert (number.e164, number.extension) == (f"+1{digits}", extension)
    for language in ("fr-CA", "en-CA"):
        shown = format_telephone(written, language)
        assert read_telephone(shown) == number
        assert format_telephone(shown, language) == shown


@given(st.text(max_size=90))
def test_whatever_is_typed_is_a_number_or_none(text: str) -> None:
    number = read_telephone(text)
    shown = format_telephone(text, "fr-CA")
    assert (shown == text) if number is None else (compared_telephone(shown) == number.e164)

"""French is set as in Québec: what stands otherwise is found at its place, what is right is left alone."""

import pytest

from spheres_core.foundation.languages.text_checks import Passage, check_typography
from spheres_core.foundation.languages.typography import typography_problems

RIGHT = (
    "L’équipe t’écoute : tu choisis.",
    "C’est gratuit? Oui! Ouvert; sans rendez-vous.",
    "« Agent pivot » désigne un rôle.",
    "De 8 h à 16 h 30, 12 000 personnes, 75 %.",
    "Voir https://example.org/a:b à 14:30, au 450 555-0101, poste 12.",
    "Un nom {name} : une valeur.",
    "3 à 5 jours; le 1er juin 2023",
)
WRONG = (
    ("L'équipe t’écoute.", "apostrophe"),
    ("Jusqu'«\N{NO-BREAK SPACE}ici\N{NO-BREAK SPACE}».", "apostrophe"),
    ("Voici l'{name}.", "apostrophe"),
    ("Le suivi est volontaire : tu choisis.", "colon"),
    ("Le suivi est volontaire: tu choisis.", "colon"),
    ("75 % des jeunes", "percent"),
    ("75% des jeunes", "percent"),
    ("« Agent » désigne", "Quotation"),
    ("«Agent»", "Quotation"),
    ("C’est gratuit ?", "No space"),
    ("C’est gratuit\N{NO-BREAK SPACE}!", "No space"),
    ("Ouvert ; sans rendez-vous", "No space"),
    ("De 8 h à midi", "Hours"),
    ("De 8h30 à midi", "Hours"),
    ("De 8\N{NO-BREAK SPACE}h 30 à midi", "Hours"),
    ("12 000 personnes", "Thousands"),
)


def set_right(text: str) -> str:
    """Returns the text with the non-breaking spaces that an editor would not show here."""
    for plain, fixed in (
        (" :", "\N{NO-BREAK SPACE}:"), (" %", "\N{NO-BREAK SPACE}%"), ("« ", "«\N{NO-BREAK SPACE}"),
        (" »", "\N{NO-BREAK SPACE}»"), (" h 30", "\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30"),
        (" h", "\N{NO-BREAK SPACE}h"), ("12 000", "12\N{NO-BREAK SPACE}000"),
    ):  # fmt: skip
        text = text.replace(plain, fixed)
    return text


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_set_right_is_left_alone(text: str) -> None:
    assert list(typography_problems(set_right(text))) == []


@pytest.mark.parametrize(("text", "word"), WRONG)
def test_what_is_set_otherwise_is_found(text: str, word: str) -> None:
    found = [sentence.msgid for _, _, sentence in typography_problems(text)]

    assert found, text
    assert all(word in sentence for sentence in found)


def test_only_french_is_read_so_and_the_place_is_told() -> None:
    text = "Première ligne\nl'autre : voilà"

    (first, second) = check_typography(Passage(text, "fr-CA", "page.md", 10))
    assert (first.line, second.line, first.kind) == (11, 11, "typography")
    assert list(check_typography(Passage(text, "en-CA", "page.md", 10))) == []

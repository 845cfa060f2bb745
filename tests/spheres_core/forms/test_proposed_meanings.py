"""A form that was written without meanings is told which of its questions look like which, and what it still lacks."""

from __future__ import annotations

from typing import Final

import pytest

from spheres_core.forms.meanings import MEANINGS, REQUIRED_OF_A_REFERRAL
from spheres_core.forms.xlsform.proposed_meanings import LOOKS_LIKE, lacking_meanings, proposed_meanings
from spheres_core.forms.xlsform.reader import inspect

CHOICES: Final = "| choices |\n| | list_name | name | label |\n| | l | a | A |\n"


def proposed(*rows: str, meanings: bool = False) -> dict[str, str]:
    columns = "type | name | label" + (" | meaning" if meanings else "")
    lines = "\n".join(f"| | {row} |" for row in (columns, *rows))
    form = inspect(f"| survey |\n{lines}\n{CHOICES}".encode(), key="form", suffix=".md").form
    assert form is not None
    return {each.question.name: each.meaning for each in proposed_meanings(form)}


@pytest.mark.parametrize(
    ("row", "meaning"),
    [
        ("integer | age | Âge", "age"),
        ("range | q8 | How equipped do you feel?", "equipped"),
        ("integer | q9 | À quel point avez-vous les outils qu’il faut ?", "equipped"),
        ("integer | q7 | How old is she? Age in years", "age"),
        ("date | DateOfBirth | B", "birth_date"),
        ("date | ddn | Date de naissance", "birth_date"),
        ("select_one l | q1 | Tranche d’âge", "age_band"),
        ("select_one l | langue | Langue préférée", "language"),
        ("text | first_name | What is her first name?", "participant_name"),
        ("text | prenom | Prénom", "participant_name"),
        ("text | tel | Son numéro de téléphone", "participant_phone"),
        ("text | mail | Courriel", "participant_email"),
        ("text | ref_name | Name of the referring worker", "referrer_name"),
        ("text | q2 | Votre nom", "referrer_name"),
        ("text | q3 | Votre courriel", "referrer_email"),
        ("text | q4 | Telephone of the referrer", "referrer_phone"),
        ("text | q5 | Organisme de l’intervenante", "referrer_organization"),
        ("select_one l | consent | Does she consent to be contacted?", "agrees_to_contact"),
        ("select_one l | informed | Est-elle au courant de la référence?", "knows"),
        ("text | q6 | When is the best time to call?", "safe_contact_when"),
        ("select_one l | how | Comment peut-on la joindre?", "safe_contact_how"),
        ("select_multiple l | besoins | Quels sont ses besoins?", "need"),
        ("select_one l | city | Town", "community"),
    ],
)
def test_a_question_looks_like_a_meaning_by_what_it_is_called_or_says(row: str, meaning: str) -> None:
    assert list(proposed(row).values()) == [meaning]


@pytest.mark.parametrize(
    "row",
    [
        "text | mother_name | Mother's name",
        "integer | enfants | Âge des enfants",
        "text | school_phone | Telephone of the school",
        "text | message | Your message",
        "text | age | Age in words",
        "integer | page | How many pages?",
        "select_one l | weather | How is the weather?",
        "text | street_name | Street",
    ],
)
def test_what_is_about_somebody_else_or_of_another_kind_is_not_proposed(row: str) -> None:
    assert proposed(row) == {}


def test_each_meaning_is_proposed_once_and_none_that_is_asked_already() -> None:
    assert proposed("integer | age | Age", "integer | age_2 | Age again") == {"age": "age"}
    assert proposed("integer | years | Y | age", "integer | age | Age | ", meanings=True) == {}


def test_each_meaning_has_its_sentence() -> None:
    assert LOOKS_LIKE.keys() == MEANINGS.keys()


def test_what_a_referral_form_lacks_is_what_is_neither_asked_nor_proposed() -> None:
    rows = "| survey |\n| | type | name | label |\n| | integer | age | Age |\n| | text | b | Votre nom |\n"
    form = inspect(rows.encode(), key="form", suffix=".md").form
    assert form is not None

    assert set(REQUIRED_OF_A_REFERRAL) - set(lacking_meanings(form)) == {
        ("age", "birth_date", "age_band"),
        ("referrer_name",),
    }

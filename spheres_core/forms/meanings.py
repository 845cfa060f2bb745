"""The core's vocabulary: what a question may mean, whatever a region calls it.

Only an answer with a meaning becomes a clear column, a blind index or a fact that a hook sees; everything else stays
sealed with the answers. Choices may carry a meaning too: the core's code for a region's own choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct

from spheres_core.forms.schemas import Form

TEXTS: Final = ("text",)
CHOICES: Final = ("select_one",)
CODED: Final = frozenset({"select_one", "select_multiple", "rank", "acknowledge", "integer", "decimal", "range"})
"""Kinds of questions that are answered with codes or numbers, never with words."""


class Meaning(Struct, frozen=True):
    """One word of the vocabulary."""

    name: str
    purpose: str
    """Its use, for authors and the documentation."""
    kinds: tuple[str, ...]
    """Kinds of question that can carry it."""
    codes: tuple[str, ...] = ()
    """The core's codes; empty when any value is taken as it is."""


def _meaning(name: str, purpose: str, kinds: tuple[str, ...], codes: tuple[str, ...] = ()) -> Meaning:
    return Meaning(name, purpose, kinds, codes)


AGE_BANDS: Final = ("under_12", "12-13", "14-17", "18-24", "25_plus", "unknown")
NEEDS: Final = (
    "safety",
    "housing",
    "food",
    "income",
    "health",
    "mental_health",
    "substance_use",
    "justice",
    "identity_papers",
    "school",
    "work",
    "relationships",
    "belonging",
    "leisure",
    "culture",
    "parenting",
    "immigration",
    "transport",
    "other",
)

MEANINGS: Final[dict[str, Meaning]] = {
    meaning.name: meaning
    for meaning in (
        _meaning("knows", "Does she know about the referral.", CHOICES, ("yes", "no", "unsure")),
        _meaning(
            "agrees_to_contact",
            "Does she agree to be contacted; not_yet keeps the door open.",
            CHOICES,
            ("yes", "no", "not_yet", "unknown"),
        ),
        _meaning("age", "Completed years on the referral date.", ("integer", "calculate")),
        _meaning("birth_date", "Her date of birth.", ("date",)),
        _meaning("age_band", "A range, when the age is not known exactly.", CHOICES, AGE_BANDS),
        _meaning("language", "The language she prefers, as a BCP 47 tag.", (*CHOICES, "text")),
        _meaning("participant_name", "How she is called; never required.", TEXTS),
        _meaning("participant_phone", "Her own telephone.", TEXTS),
        _meaning("participant_email", "Her own e-mail address.", TEXTS),
        _meaning("safe_contact", "Where or through whom she can safely be reached.", (*TEXTS, *CHOICES)),
        _meaning(
            "safe_contact_how",
            "By which means it is safe to reach her.",
            (*TEXTS, *CHOICES, "select_multiple"),
        ),
        _meaning(
            "safe_contact_when",
            "When it is safe to reach her.",
            (*TEXTS, *CHOICES, "select_multiple"),
        ),
        _meaning("keep_away", "Should somebody stay out of it.", CHOICES, ("yes", "no", "unsure")),
        _meaning("keep_away_who", "The service or function that should stay out of it; never a name.", TEXTS),
        _meaning("referrer_name", "Who refers.", TEXTS),
        _meaning("referrer_role", "The work or place of who refers.", (*TEXTS, *CHOICES)),
        _meaning("referrer_organization", "The organization of who refers.", (*TEXTS, *CHOICES)),
        _meaning("referrer_email", "Where who refers can be written to.", TEXTS),
        _meaning("referrer_phone", "Where who refers can be called.", TEXTS),
        _meaning("community", "The municipality or community she lives in.", (*CHOICES, "text")),
        _meaning("need", "What she needs now.", (*CHOICES, "select_multiple"), NEEDS),
        _meaning("equipped", "How equipped who asks for advice feels, from 0 to 10.", ("range", "integer")),
    )
}

HER_WORDS: Final = "her_words"
"""The meaning of a question on a record of a participant's file that is answered in her own words. It is no word of the
vocabulary: it says how the answer is kept, and no hook is told of it."""

REFERRAL: Final = "referral"
SELF_REFERRAL: Final = "self_referral"
"""The key of the form by which a young person asks for herself to be reached."""

ADVICE: Final = "advice"
"""The key of the form by which a professional asks for advice, about nobody who could be recognized."""

REQUIRED_OF_A_REFERRAL: Final[tuple[tuple[str, ...], ...]] = (
    ("knows",),
    ("agrees_to_contact",),
    ("safe_contact", "safe_contact_how"),
    ("age", "birth_date", "age_band"),
    ("language",),
    ("need",),
    ("referrer_name",),
    ("referrer_email", "referrer_phone"),
)
"""Meanings that a referral form must ask; of each group at least one."""

REQUIRED_OF_A_SELF_REFERRAL: Final[tuple[tuple[str, ...], ...]] = (
    ("safe_contact_how",),
    ("safe_contact_when",),
    ("language",),
)
"""Meanings that a form of the young person's own must ask; of each group at least one."""

NEVER_IN_ADVICE: Final = frozenset(
    {
        "birth_date",
        "participant_name",
        "participant_phone",
        "participant_email",
        "safe_contact",
        "safe_contact_how",
        "safe_contact_when",
        "keep_away_who",
    }
)
"""Meanings that no form for advice may ask: they would tell about whom it is."""

NEVER_REQUIRED: Final = frozenset({"participant_name"})
"""Meanings that no form may require: a referral works without her name."""


def is_core(name: str) -> bool:
    return name in MEANINGS


def is_of_a_plugin(name: str) -> bool:
    """Returns whether a meaning is a plugin's own, written `<plugin>:<name>`."""
    plugin, colon, own = name.partition(":")
    return bool(colon) and plugin.isidentifier() and own.isidentifier()


def meanings(form: Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns checked answers by meaning, in the core's codes: `{"knows": "yes", "need": ["housing"], "age": 17}`.

    Unanswered meanings are absent. Dates stay ISO text.
    """
    found: dict[str, Any] = {}
    for name, path, codes in _sought(form):
        value = _at(values, path)
        if value is not None:
            found[name] = _coded(codes, value)
    return found


def coded_meanings(form: Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns checked answers by meaning as `meanings` does, but codes and numbers only: nothing that was written."""
    written = {question.meaning for question in form.walk() if question.meaning and question.kind not in CODED}
    return {name: value for name, value in meanings(form, values).items() if name not in written}


def has_meanings(form: Form) -> bool:
    """Returns whether a question of this form has a meaning."""
    return bool(_sought(form))


@lru_cache(maxsize=512)
def _sought(form: Form) -> tuple[tuple[str, tuple[str, ...], dict[str, str]], ...]:
    """Returns, of each question with a meaning, the meaning, where its answer is, and the core's codes
    of its choices."""
    return tuple(
        (
            question.meaning,
            tuple(question.path.split(".")),
            {choice.name: choice.code for choice in form.choices.get(question.choices, ())},
        )
        for question in form.walk()
        if question.meaning and question.meaning != HER_WORDS
    )


def value_at(values: Mapping[str, Any], path: str) -> Any:
    """Returns the answer at a path outside repeats, or None."""
    return _at(values, path.split("."))


def _at(values: Mapping[str, Any], names: Iterable[str]) -> Any:
    found: Any = values
    for name in names:
        if not isinstance(found, dict):
            return None
        found = found.get(name)
    return found


def _coded(codes: Mapping[str, str], value: Any) -> Any:
    if isinstance(value, list):
        return list(dict.fromkeys(codes.get(name, name) for name in value))
    return codes.get(value, value) if codes else value

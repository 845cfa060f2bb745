"""The only texts that are written to a participant. A first text says nothing; the others name no one and no place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.text_comparison import fold_letters
from spheres_core.foundation.languages.localization import Locale
from spheres_core.notifications.notices import telling_words
from spheres_core.participants.schemas.safe_contact import Texts

TEXTS: Final[Mapping[str, Message]] = {
    "good_time": msg("Hi! Is this a good time?"),
    "another_time": msg("Hi! Would another day suit you better?"),
    "as_agreed": msg("See you as we said."),
    "running_late": msg("I will be a little late. See you soon."),
    "call_when_you_like": msg("Call me when it suits you."),
    "not_today": msg("Today does not work for me. Shall we find another day?"),
    "spoken_short": msg("Hello, I will try again another day."),
}
"""By code. None has a placeholder: nothing of anybody can get into one."""
FIRST: Final = frozenset({"good_time", "another_time"})
"""May be sent before she answered."""
VOICEMAIL: Final = frozenset({"spoken_short"})
"""Said on voicemail, not sent."""

REVEALING: Final = (
    "program", "worker", "interven", "social", "therap", "counsel", "psycho", "shelter", "heberg", "refuge", "foyer",
    "help", "aide", "soutien", "support", "secur", "safe", "secret", "code", "appointment", "rendez", "meeting",
    "rencontre", "bureau", "office", "center", "centre", "organi", "project", "projet", "consent", "parent", "mother",
    "mere", "father", "pere", "copain", "boyfriend", "money", "argent", "drug", "phone", "number", "numero",
)  # fmt: skip
"""Beginnings of words, without accents, that would tell whoever reads along, beside those that no mail may hold."""
_WORD: Final = re.compile(rf"\b(?:{'|'.join(REVEALING)})")
_OTHER: Final = re.compile(r"[\d@{}/<>#]|\bhttp|\bwww")
"""Numbers, addresses, links and placeholders."""


def revealing_parts(text: str) -> list[str]:
    """Returns what in a text would tell whoever reads along; none of a text that may be sent."""
    folded = fold_letters(text)
    return [*telling_words(text), *_WORD.findall(folded), *_OTHER.findall(folded)]


@lru_cache(maxsize=256)
def _is_revealing(text: str) -> bool:
    return bool(revealing_parts(text))


def proofread_texts(locales: Iterable[Locale]) -> Texts:
    """Returns the texts by code and language tag: those that are really in that language and reveal nothing there.

    A region's own wording is read as strictly as ours.
    """
    found: dict[str, dict[str, str]] = {code: {} for code in TEXTS}
    for locale in locales:
        for code, message in TEXTS.items():
            said = locale.say(message)
            if said.lang == locale.tag and not _is_revealing(str(said)):
                found[code][locale.tag] = str(said)
    return found

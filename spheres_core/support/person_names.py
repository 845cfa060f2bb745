"""Finds names of persons in a text: by the lists of names, by a title, and by what is said around them."""

import re
from collections.abc import Iterator
from typing import Final

from spheres_core.foundation.content.text_comparison import fold_letters
from spheres_core.support.given_names import (
    AFTER_PLACES,
    AMBIGUOUS,
    BEFORE_PLACES,
    FAMILY_NAMES,
    GIVEN_NAMES,
    NOT_NAMES,
)

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CAPITAL: Final = r"(?<![\w'’-])[A-ZÀ-ÖØ-Þ][\w'’-]{0,40}"
_TITLED: Final = re.compile(
    r"\b(?:M\.|MM\.|Mme|Mmes|Mlle|Monsieur|Madame|Mademoiselle|Mr\b\.?|Mrs\b\.?|Ms\b\.?|Miss|Dr\b\.?|Dre)\s+"
    rf"(?P<name>{_CAPITAL}(?:\s{_CAPITAL})?)"
)
_CALLED: Final = re.compile(
    r"(?:s['’]appelle(?:nt)?|se nomme|pr[ée]nomm[ée]+|nomm[ée]+|surnomm[ée]+|(?:son|mon|du) (?:pr[ée])?nom (?:est|:)"
    r"|(?:pr[ée])?nom ?:|alias|initiales?|named|is called|nicknamed|name is|names? ?:|known as|goes by|aka|initials)"
    rf"\s*[:«“\"]?\s*(?P<name>{_CAPITAL}(?:\s{_CAPITAL}){{0,2}}|(?:[A-Z]\.\s?-?){{2,3}})"
)
_KIN: Final = re.compile(
    r"\b(?:ma cliente?|mon client|la jeune|le jeune|l['’]adolescente?|l['’][ée]l[èe]ve|la participante?|le participant"
    r"|sa (?:m[èe]re|s(?:œ|oe)ur|tante|cousine|blonde|amie)"
    r"|son (?:p[èe]re|fr[èe]re|chum|copain|ami|oncle|cousin|conjoint)"
    r"|(?:my|the|a) (?:client|youth|student|girl|teenager)|(?:her|his|their) (?:mother|father|sister|brother|boyfriend"
    rf"|girlfriend|friend|aunt|uncle|cousin|pimp))\s*,?\s+(?P<name>{_CAPITAL}(?:\s{_CAPITAL})?)"
)
_AGED: Final = re.compile(
    rf"(?P<name>{_CAPITAL}(?:\s{_CAPITAL}){{0,2}})"
    r"(?:\s*[,(]\s*(?:\d\d\s*(?:ans\b|years?\b|y\.?o)|\d\d\s*[,)])"
    r"|\s+(?:a|aura|vient d['’]avoir)\s+\d\d\s+ans\b|\s+(?:is|turns|just turned)\s+\d\d\b)"
)
_SPEAKS: Final = re.compile(
    rf"(?P<name>{_CAPITAL}(?:\s{_CAPITAL})?)\s+"
    r"(?:m['’]a\b|me (?:dit|parle|confie|raconte)|dit (?:que|qu['’])|refuse de|a fugu[ée]|pleure|hésite"
    r"|m['’](?:inqui[èe]te|appelle|[ée]crit)|ne (?:vient|veut|mange|dort)\b|told me|tells me|says|said|ran away|refuses"
    r"|will not talk|has (?:worried|told|stopped|run)|worries me|cries|hesitates)"
)
_MET: Final = re.compile(
    r"\b(?:rencontre|rencontr[ée]|crois[ée]|vois|revu|accompagne|conna[iî]s|appel[ée]|aid(?:er|e|é)|situation de"
    r"|parents de|m[èe]re de|p[èe]re de|[ée]ducatrice de|[ée]ducateur de|travaille(?:r)? avec|parl[ée]r? (?:avec|[àa])"
    r"|seeing|met|meet|know|saw|called|help(?:ing)?|situation of|mother of|father of|work(?:ing)? with"
    r"|talk(?:ed|ing)? (?:with|to)|follows|support(?:ing)?|o[uù] (?:est|vit|dort)|where|quand|when)\s+"
    rf"(?P<name>{_CAPITAL}(?:\s{_CAPITAL})?)"
)
_ELIDED: Final = frozenset({"l", "d", "j", "c", "s", "n", "qu", "m", "i"})
_BEGINS_SENTENCE: Final = re.compile(r"[.!?…:«“\"\n]\s*$|^\s*$|[-–•]\s*$")
_FURTHER: Final = 3
"""Words that may follow a given name and belong to it."""
_LONGEST_ACRONYM: Final = 4


def find_names(text: str) -> Iterator[tuple[int, int]]:
    """Yields the places of names; one may be found twice."""
    for pattern in (_TITLED, _CALLED):
        for found in pattern.finditer(text):
            yield _without_possessive(text, *found.span("name"))
    for pattern in (_AGED, _SPEAKS, _KIN, _MET):
        for found in pattern.finditer(text):
            start, end = found.span("name")
            if not _is_common(text[start:end]):
                yield _without_possessive(text, start, end)
    yield from _listed(text)


def _listed(text: str) -> Iterator[tuple[int, int]]:
    """Yields given names of the lists, with what follows them: a family name, an initial."""
    words = list(_WORD.finditer(text))
    for number, word in enumerate(words):
        if not _is_given(text, words, number):
            continue
        end = word.end()
        for further in words[number + 1 : number + 1 + _FURTHER]:
            if not _follows(text, end, further) or not further[0][0].isupper() or _plain(further[0]) in NOT_NAMES:
                break
            end = further.end()
        if text[end : end + 1] == "." and re.search(r"\s[A-Z]$", text[max(0, end - 2) : end]):
            end += 1
        yield _without_possessive(text, word.start(), end)


def _is_given(text: str, words: list[re.Match[str]], number: int) -> bool:
    """Returns whether a word stands for a person here: listed, capitalized, and no part of a place's name."""
    word = words[number]
    plain = _plain(word[0])
    after = words[number + 1] if number + 1 < len(words) and _follows(text, word.end(), words[number + 1]) else None
    if not word[0][0].isupper() or plain in NOT_NAMES or _is_place(text, words, number, after):
        return False
    if after is not None and after[0][0].isupper() and _plain(after[0]) in FAMILY_NAMES:
        return True
    parts = plain.split("-")
    if len(parts) > 1:
        return all(part in GIVEN_NAMES or part in AMBIGUOUS for part in parts)
    if word[0].isupper() and len(word[0]) <= _LONGEST_ACRONYM:
        return False
    if plain in AMBIGUOUS:
        initial = after is not None and len(after[0]) == 1 and after[0].isupper()
        return initial or not _BEGINS_SENTENCE.search(text[max(0, word.start() - 10) : word.start()])
    return plain in GIVEN_NAMES


def _is_place(text: str, words: list[re.Match[str]], number: int, after: re.Match[str] | None) -> bool:
    word = words[number]
    if _plain(word[0]).split("-")[0] in BEFORE_PLACES:
        return True
    if after is not None and after[0][0].isupper() and _plain(after[0]) in AFTER_PLACES:
        return True
    before = words[number - 1] if number else None
    if before is None or text[before.end() : word.start()].strip(" \u00a0.-'’"):
        return False
    return _plain(before[0]).split("-")[0].split("'")[-1] in BEFORE_PLACES


def _follows(text: str, end: int, word: re.Match[str]) -> bool:
    return text[end : word.start()] in (" ", "\u00a0")


def _is_common(name: str) -> bool:
    """Returns whether a capitalized word is the beginning of a sentence, or no person's name."""
    first = _plain(re.split(r"\s", name)[0])
    if first in NOT_NAMES or first.split("'")[0] in _ELIDED or first.split("-")[0] in BEFORE_PLACES:
        return True
    return name.isupper()


def _without_possessive(text: str, start: int, end: int) -> tuple[int, int]:
    return start, start + len(re.sub(r"['’]s$", "", text[start:end]))


def _plain(word: str) -> str:
    """Returns a word in small letters without accents, and without an English possessive."""
    return re.sub(r"'s$", "", fold_letters(word))

"""Reads texts as a careful eye would: is this in the language it says, are its apostrophes and placeholders there?

A passage in another language is found by the share of each language's function words; names and short labels say
nothing. Where the declared language has a script of its own, its letters tell. Nothing here guesses what a text means.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.foundation.languages.localization import placeholders
from spheres_core.foundation.languages.registry import CORE
from spheres_core.foundation.languages.typography import typography_problems

FUNCTION_WORDS: Final = {
    tag: frozenset(words.split())
    for tag, words in {
        "fr": """le la les des du un une et est sont pour que qui dans vous votre vos nous notre avec sur ce cette ces
            aux au de en ne pas par elle il se sa son ses leur être sans plus ou où si""",
        "en": """the an and is are for that who in you your we our with this these to of not by she he it its their be
            as from have has no if when how what at can may will""",
        "es": """el la los las un una unos unas y es son está están para que quien en usted ustedes su sus nosotros
            nuestra nuestro con sobre este esta estos estas al de del no por ella él se si sin más lo le les me te tu
            ti mi cómo cuando donde como muy también ser hay ha han nos vos sur""",
        "pt": """os um uma ou é são está para que quem em no na nos nas você vocês seu sua seus suas nós nossa
            com sobre este esta ao de da dos das não por ela ele se sem mais lhe como quando onde""",
        "it": """il lo la gli le un una è sono per che chi in nel nella lei voi noi suo sua con su questo questa
            al di del della dei non da si se senza più come quando dove anche""",
        "ht": """yon yo li nou ou mwen pou nan ak ki se pa te ap gen sa tout lè kote si epi men sou san""",
    }.items()
}
"""Words that say little and stand everywhere, by language. Spanish, Portuguese, Italian and Haitian Creole are here
because they share some with French: their texts must not be taken for it."""
WORD: Final = re.compile(r"(?<![^\W_])(?<![^\W_]-)[^\W\d_]+(?:-[^\W\d_]+)*(?!-?[^\W_])")
"""Letters beside digits are no words: “Y4P-NNA-E3Y” is a code, and not Spanish for its two “y”."""
LEAST: Final = 4
"""Fewer words than this say nothing."""
STRONG: Final = 3
"""Different words of one language only: strong evidence for it against a language that shares words with it."""
LEAST_IN_A_SENTENCE: Final = 6
"""A sentence inside a longer passage must be longer to be judged on its own."""

UNTRANSLATED: Final = "untranslated"
APOSTROPHE: Final = "apostrophe"
PLACEHOLDERS: Final = "placeholders"
MOJIBAKE: Final = "mojibake"
TYPOGRAPHY: Final = "typography"
DAMAGED: Final = "damaged"

_SCRIPTS: Final = {
    "Cans": re.compile(r"[\u1400-\u167f\u18b0-\u18ff]"),
    "Arab": re.compile(r"[\u0600-\u06ff\u0750-\u077f]"),
    "Hebr": re.compile(r"[\u0590-\u05ff]"),
    "Cyrl": re.compile(r"[\u0400-\u04ff]"),
}
_SENTENCE: Final = re.compile(r"[^.!?…\n]+(?:\n[^.!?…\n]+)*[.!?…]*")
_LOST: Final = {
    "fr": (
        re.compile(r"(?<![\w'’.)-])(?:[ldnjmstc]|qu|jusqu|lorsqu|puisqu)\s(?=[aeiouhyâàéèêëîïôûœ]\w)"),
        re.compile(r"(?:^|(?<=[.!?…:«(] )|(?<=\n))(?:[LDNJMSTC]|Qu|Jusqu|Lorsqu|Puisqu)\s(?=[aeiouhyâàéèêëîïôûœ]\w)"),
        re.compile(
            r"\b(?:aujourdhui|quils?|quelles? (?=il)|quon|quun|quune|cest|cétait|nest|nont|nétait|jai|dun|dune (?=part)"
            r"|daccord|jusquà|jusquau|lorsquil|lorsquelle|lorsquon|puisquil|sagit|lon)\b",
            re.IGNORECASE,
        ),
    ),
    "en": (
        re.compile(
            r"\b(?:don|doesn|didn|isn|aren|wasn|weren|couldn|shouldn|wouldn|hasn|haven|hadn|mustn|needn)(?:t| t)\b",
            re.IGNORECASE,
        ),
        re.compile(r"\b(?:can t|won t|cant|wont)\b", re.IGNORECASE),
        re.compile(r"\b(?:you|we|they)(?: re| ve| ll)\b", re.IGNORECASE),
        re.compile(r"\b(?:youre|theyre|youve|theyve|weve|youll|theyll)\b", re.IGNORECASE),
        re.compile(r"\bI (?:m|ve|ll|d)\b|\bI(?:m|ve)\b"),
        re.compile(r"(?<=[a-z]) s (?=[a-z])"),
    ),
}
_MOJIBAKE: Final = re.compile(
    r"Ã[\u0080-\u00bf]|â€[\u0080-\u009f™œ“”˜¦]?|Â[\u00a0«»°·©]|ï»¿|Å“|\ufffd"
    r"|(?<=[^\W\d_])\?(?=[a-zà-ÿ])(?![\w-]*=)|\?{4,}"  # a letter that a code page did not have
)


class Passage(Struct, frozen=True):
    """A text with the language that it says it is in, and where it stands."""

    text: str
    language: str
    """A tag; empty where nobody says."""
    file: str
    line: int | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None


class TextProblem(Struct, frozen=True):
    """A place in a text that looks wrong."""

    kind: str
    """untranslated, apostrophe, placeholders, mojibake or damaged (the file cannot be read as what it is)."""
    message: Message
    file: str
    excerpt: str
    line: int | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None


def language_of(text: str, declared: str = "") -> str | None:
    """Returns the language that the function words of a text are in, or None where they do not tell.

    Against a `declared` language whose words are not known here, or that shares words with what is found, it takes
    strong evidence: several words that only the found language has, and hardly any of the others.
    """
    words = [word.lower() for word in WORD.findall(text)]
    if len(words) < LEAST:
        return None
    counted = Counter({tag: sum(word in known for word in words) for tag, known in FUNCTION_WORDS.items()})
    (first, most), *others = counted.most_common()
    own = {word for word in words if word in FUNCTION_WORDS[first]}
    for other, fewer in others:
        theirs = {word for word in words if word in FUNCTION_WORDS[other]}
        is_close = bool(own & theirs) and (other == declared or bool(theirs - own))
        if most == fewer or (most <= 2 * fewer and not own & theirs):
            return None
        if is_close and not _is_strong(own - theirs, theirs - own):
            return None
    if most < 2 or (declared not in ("", first) and declared not in FUNCTION_WORDS and not _is_strong(own, set())):
        return None
    return first


def _is_strong(mine: set[str], theirs: set[str]) -> bool:
    """Returns whether words of one language only outweigh those of the other."""
    return len(mine) >= STRONG and len(mine) > 2 * len(theirs)


def mislabelled_texts(texts: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Returns those texts, with their tags, whose words belong to another language than the tag says."""
    return [
        (lang, text)
        for lang, text in texts
        if (found := language_of(text, lang.partition("-")[0].lower())) and not lang.lower().startswith(found)
    ]


def check_text(passage: Passage) -> Iterator[TextProblem]:
    """Yields every problem of one passage."""
    declared = passage.language.partition("-")[0].partition("_")[0].lower()
    foreign = list(_foreign(passage.text, declared, passage.language))
    for start, text, found in foreign:
        if found:
            said = _named(passage.language)
            why = msg("This reads like {found}, not {language}.", found=_named(found), language=said)
        else:
            why = msg("This has no letters of {language}.", language=_named(passage.language))
        yield _problem(passage, UNTRANSLATED, why, start, text)
    for start, end in _spans(passage.text, foreign):
        text = passage.text[start:end]
        spoken = language_of(text, declared) or declared
        for pattern in _LOST.get(spoken, ()):
            for match in pattern.finditer(passage.text, start, end):
                why = msg("An apostrophe seems to be lost: “{text}”.", text=_around(passage.text, match))
                yield _problem(passage, APOSTROPHE, why, match.start(), _around(passage.text, match))
    for match in _MOJIBAKE.finditer(passage.text):
        around = _around(passage.text, match)
        why = msg("Letters were read in the wrong encoding: “{text}”.", text=around)
        yield _problem(passage, MOJIBAKE, why, match.start(), around)


def check_typography(passage: Passage) -> Iterator[TextProblem]:
    """Yields each place of a French passage that is set otherwise than in Québec; nothing for other languages."""
    if passage.language.partition("-")[0].partition("_")[0].lower() != "fr":
        return
    for start, end, sentence in typography_problems(passage.text):
        around = " ".join(passage.text[max(0, start - 20) : end + 20].split())
        yield _problem(passage, TYPOGRAPHY, sentence, start, around)


def compare_with_source(source: Iterable[str], passage: Passage, *, loose: Iterable[str] = ()) -> Iterator[TextProblem]:
    """Yields a problem when a translation's placeholders differ from its source's. `loose`: it may leave these out."""
    wanted = set().union(*(marks(each) for each in source))
    found = marks(passage.text)
    if found not in (wanted, wanted - set(loose)):
        differing = ", ".join(sorted(wanted ^ found))
        why = msg("Its placeholders are not those of its source: {names}", names=differing)
        yield _problem(passage, PLACEHOLDERS, why, 0, passage.text[:60])


def marks(text: str) -> set[str]:
    """Returns the `{names}` of a text, and the `${references}` of a form."""
    return {f"${{{name}}}" if f"${{{name}}}" in text else f"{{{name}}}" for name in placeholders(text)}


def _foreign(text: str, declared: str, tag: str) -> Iterator[tuple[int, str, str]]:
    """Yields (start, text, language) of what is not in the declared language: the whole, or sentences of it."""
    if not declared:
        return
    script = _SCRIPTS.get(CORE[tag.replace("_", "-")].script)
    if script is not None:
        if len(WORD.findall(text)) >= LEAST and not script.search(text):
            yield 0, text, ""
        return
    whole = language_of(text, declared)
    if whole and whole != declared:
        yield 0, text, whole
        return
    for match in _SENTENCE.finditer(text):
        sentence = match[0]
        if len(WORD.findall(sentence)) >= LEAST_IN_A_SENTENCE:
            found = language_of(sentence, declared)
            if found and found != declared and _surely(sentence, found):
                yield match.start() + len(sentence) - len(sentence.lstrip()), sentence.strip(), found


def _surely(sentence: str, language: str) -> bool:
    words = [word.lower() for word in WORD.findall(sentence)]
    return sum(word in FUNCTION_WORDS[language] for word in words) >= 3


def _spans(text: str, foreign: list[tuple[int, str, str]]) -> Iterator[tuple[int, int]]:
    """Yields the parts of a text that are each in one language."""
    place = 0
    for start, piece, _ in foreign:
        if start > place:
            yield place, start
        yield start, start + len(piece)
        place = start + len(piece)
    if place < len(text):
        yield place, len(text)


def _around(text: str, match: re.Match[str]) -> str:
    start = text.rfind(" ", 0, max(match.start() - 1, 0)) + 1
    end = text.find(" ", match.end() + 1)
    return " ".join(text[start : end if end > 0 else len(text)].split())[:80]


def _named(tag: str) -> str:
    known = CORE[tag.replace("_", "-")]
    return known.autonym if known.autonym != known.tag else tag


def _problem(passage: Passage, kind: str, message: Message, start: int, excerpt: str) -> TextProblem:
    line = None if passage.line is None else passage.line + passage.text.count("\n", 0, start)
    return TextProblem(kind, message, passage.file, " ".join(excerpt.split())[:120], line, passage.sheet, passage.row,
                passage.column)  # fmt: skip

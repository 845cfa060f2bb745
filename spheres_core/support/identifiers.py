"""Finds by which a person could be recognized in what a professional types: places in the text, with their kind.

It marks and never removes: whoever wrote decides. It knows how names, dates of birth, numbers and addresses are written
in Québec, in French and in English, and misses what only the reader knows (`docs/roles/clinical-support.md`).
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from spheres_core.foundation.content.telephone_numbers import read_telephone
from spheres_core.support.person_names import find_names
from spheres_core.support.schemas.advice import Kind

YOUNGEST_YEARS: Final = 8
"""Whoever was born later than so many years ago is not asked about here; a date since then is one of a meeting."""
_EARLIEST: Final = 1930
_NO_CALL_FEE: Final = frozenset({"800", "833", "844", "855", "866", "877", "888"})
"""Numbers of services, which identify nobody."""

_MONTH: Final = (
    r"(?:janv(?:ier)?|f[ée]vr?(?:ier)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|ao[uû]t|sept(?:embre)?|oct(?:obre)?"
    r"|nov(?:embre)?|d[ée]c(?:embre)?|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:tember)?|october|november|december)\b\.?"
)
_DAY: Final = r"(?:[12]?\d|3[01])"
_YEAR: Final = r"(?:19|20)\d\d"
_DATE: Final = re.compile(
    rf"""(?<![\d/.-])(?:
      (?P<y1>{_YEAR})\s?[-/.]\s?(?:1[0-2]|0?[1-9])\s?[-/.]\s?(?:3[01]|[12]\d|0?[1-9])
    | (?:3[01]|[12]\d|0?[1-9])\s?[-/.]\s?(?:3[01]|[12]\d|0?[1-9])\s?[-/.]\s?(?P<y2>{_YEAR})
    | (?:{_DAY})(?:er|re|st|nd|rd|th)?[\s-]+(?:of\s+)?{_MONTH}[\s,-]+(?P<y3>{_YEAR})
    | {_MONTH}\s+{_DAY}(?:st|nd|rd|th)?\s*,?\s+(?P<y4>{_YEAR})
    )(?![\d/-])""",
    re.I | re.X,
)
_BIRTH_CUE: Final = (
    r"(?:\bn[ée]+\.?(?:\(e\)|·e)?s?\s+(?:le|en)|\bd\.?\s?d\.?\s?n\b\.?|\bnaissance|\bbirth(?:\s?day|\s?date)?\b|\bborn\b|\bd\.?\s?o\.?\s?b\b\.?"
    r"|\bf[êe]te|\banniversaire)"
)
_CUED_DATE: Final = re.compile(
    rf"""{_BIRTH_CUE}[^.\d\n]{{0,20}}?(?P<date>
      \b{_DAY}\s?[-/.]\s?(?:1[0-2]|0?\d|{_DAY})\s?[-/.]\s?\d\d\b
    | \b(?:{_DAY})(?:er|st|nd|rd|th)?[\s-]+(?:of\s+)?{_MONTH}(?:[\s,-]+{_YEAR})?
    | \b{_MONTH}\s+(?:{_DAY}(?:st|nd|rd|th)?\b)?(?:\s*,?\s*{_YEAR})?
    | \b{_YEAR}[-/.\s]?\d\d[-/.\s]?\d\d\b
    | \b\d{{6}}\b
    )""",
    re.I | re.X,
)
_EMAIL: Final = re.compile(
    r"(?<![\w.+'-])[\w.+'-]{1,64}\s?(?:@|\(at\)|\[at\]|\(a\)|\barobase\b|\(arobase\))\s?[\w-]{1,63}"
    r"(?:\s?(?:\.|\(dot\)|\[dot\]|\bpoint\b|\(point\))\s?[a-z]{2,24}){1,4}",
    re.I,
)
_TELEPHONE: Final = re.compile(
    r"(?<![\w$/-])(?:(?:\+|00)\d{1,3}[\s.-]?\(?\d[\d\s().-]{6,16}\d"
    r"|(?:1[\s.-]?)?\(?[2-9]\d\d\)?[\s.-]{0,3}[2-9]\d\d[\s.-]?\d{4}"
    r"|[2-9]\d\d-\d{4})(?!\d)(?:\s*(?:,\s*)?(?:poste|ext\.?|x|#)\s?\d{1,6}\b)?",
    re.I,
)
_HEALTH: Final = re.compile(r"\b[A-Z]{4}[\s-]?\d{4}[\s-]?\d{4}\b", re.I)
_INSURANCE: Final = re.compile(r"(?<![\d-])\d{3}([\s-]?)\d{3}\1\d{3}(?![\d-])")
_INSURANCE_CUE: Final = re.compile(
    r"(?:\bn\.?a\.?s\b|\bs\.?i\.?n\b|assurance sociale|social insurance)[^\d\n]{0,20}$", re.I
)
_FILE: Final = re.compile(
    r"(?:\bdossier|\bfile|\bcase|\bcause|\bmatricule|\bcode permanent|\busag[eè]re?|\bclient(?:e)?|\b[ée]v[ée]nement"
    r"|\bevent|\breport|\brapport|\br[ée]f[ée]rence|\breference|\bnum[ée]ro|\bnumber|\bno\b|\bn[o°]|#)"
    r"[^\d\n.!?;]{0,14}?[\s.:#(]+(?P<number>(?:[A-Z]{1,5}[-\s]?)?\d[\d-]{2,}[\dA-Z]?\b)",
    re.I,
)
_LONG_NUMBER: Final = re.compile(r"(?<![\w$.,-])\d{6,}(?![\d]|[\s,.]?\d{3}|\s?\$)|\b\d{3}-\d{2}-\d{5,6}(?:-\d{2,4})?\b")
_POSTAL: Final = re.compile(r"\b[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][\s-]?\d[ABCEGHJ-NPRSTV-Z]\d\b", re.I)
_UNIT: Final = r"(?:\s*,?\s*(?:app(?:artement|t)?|apt|apartment|suite|unit[ée]?|#)\.?\s?\d+[a-z]?\b)?"
_STREET_FR: Final = re.compile(
    r"\b\d{1,5}[a-z]?\s*,?\s+(?:rue|avenue|av\.?|boulevard|boul\.?|blvd|bd|chemin|ch\.?|place|pl\.|c[ôo]te|rang|mont[ée]e|route|all[ée]e"
    r"|impasse|ruelle|croissant|terrasse|square|carr[ée])\s+(?:(?:de\s+la|de\s+l['’]|des?|du|d['’]|l[ae]s?|l['’])\s*)?"
    rf"(?:\d+e?|[A-ZÀ-Ý][\w'’.-]*)(?:[\s-]+(?:(?:de|du|des|la|le)\s+)?[A-ZÀ-Ý][\w'’-]*){{0,3}}{_UNIT}"
    rf"|\b\d{{1,5}}\s*,?\s+\d{{1,3}}(?:e|re|[èe]me)\s+(?:rue|avenue|av\.?|rang){_UNIT}"
)
_STREET_EN: Final = re.compile(
    r"\b\d{1,5}[a-z]?\s+(?:(?:[A-Z][\w'’.-]*|\d+(?:st|nd|rd|th))\s+){1,3}"
    rf"(?:Street|St\b\.?|Avenue|Ave\b\.?|Road|Rd\b\.?|Boulevard|Blvd\b\.?|Drive|Dr\b\.?|Lane|Ln|Court|Crt|Crescent|Cres\b\.?|Way|Terrace|Place|Square|Circle)"
    rf"(?:\s+(?:East|West|North|South|[EWNS]\b\.?))?{_UNIT}"
)
_LIVES_AT: Final = re.compile(
    r"(?:habite|demeure|vit|loge|reste|adresse|lives?|stays?|address|resid\w+)(?:\s+(?:au|à|at|is|est|le))*[\s:]+"
    rf"(?P<address>\d{{1,5}}\s*,?\s+[A-ZÀ-Ý][\w'’.-]+(?:[\s-][A-ZÀ-Ý][\w'’-]*){{0,2}}{_UNIT})",
    re.I,
)
_BOX: Final = re.compile(r"\b(?:C\.?\s?P\.?|P\.?\s?O\.?\s?Box|case postale)\s+\d+\b", re.I)
_PLATFORM: Final = (
    r"(?:insta(?:gram)?|snap(?:chat)?|tik\s?tok|facebook|fb|messenger|discord|telegram|whatsapp|twitter|onlyfans|reddit"
    r"|kik)"
)
_HANDLE: Final = re.compile(
    rf"(?<![\w.])@[\w.]{{2,}}\b"
    rf"|\b(?:https?://)?(?:www\.|m\.)?(?:{_PLATFORM}\.com|t\.me|wa\.me|x\.com|discord\.gg|snapchat\.com/add)/@?[\w./-]+"
    rf"|(?<![\w.])[a-z][a-z0-9.]{{0,30}}_[\w.]{{0,30}}\w\b",
    re.I,
)
_NAMED_HANDLE: Final = re.compile(
    rf"\b{_PLATFORM}\b(?:\s*[:=]\s*|\s+(?:c['’]est|est|is|as|sous(?:\s+le\s+nom)?|pseudo|compte|account|handle|username)\s+(?:de\s+)?)"
    r"[«“\"]?\s?(?P<handle>(?=[\w.]{0,30}[\d_.])[a-z][\w.]{0,30}\w)",
    re.I,
)


class Place(Struct, frozen=True, order=True):
    """Where something that identifies stands in a text, in characters."""

    start: int
    end: int
    kind: Kind


def find_identifiers(text: str, *, today: dt.date, known: Iterable[str] = ()) -> list[Place]:
    """Returns what identifies somebody, in order and without overlap. `known`: names of organizations, which do not."""
    allowed = [found.span() for name in known if name for found in re.finditer(re.escape(name), text, re.I)]
    kept: list[Place] = []
    for place in _all(text, today):
        if any(place.start < end and start < place.end for start, end in allowed) and place.kind == "name":
            continue
        if not any(place.start < each.end and each.start < place.end for each in kept):
            kept.append(place)
    return sorted(kept)


def _all(text: str, today: dt.date) -> Iterator[Place]:
    """Yields what each pattern finds, the surest first: where two overlap, the first stays."""
    yield from _matches(text, _EMAIL, "email")
    yield from _matches(text, _HANDLE, "handle")
    yield from _matches(text, _NAMED_HANDLE, "handle", "handle")
    yield from _matches(text, _HEALTH, "health_number")
    yield from _birth_dates(text, today)
    yield from _matches(text, _STREET_FR, "address")
    yield from _matches(text, _STREET_EN, "address")
    yield from _matches(text, _LIVES_AT, "address", "address")
    yield from _matches(text, _BOX, "address")
    yield from _matches(text, _POSTAL, "postal_code")
    yield from _insurance_numbers(text)
    yield from _telephones(text)
    yield from _files(text, today)
    yield from (Place(start, end, "name") for start, end in find_names(text))


def _matches(text: str, pattern: re.Pattern[str], kind: Kind, group: str | int = 0) -> Iterator[Place]:
    yield from (Place(*found.span(group), kind) for found in pattern.finditer(text))


def _birth_dates(text: str, today: dt.date) -> Iterator[Place]:
    yield from _matches(text, _CUED_DATE, "birth_date", "date")
    for found in _DATE.finditer(text):
        year = int(next(each for each in found.groups() if each))
        if _EARLIEST <= year <= today.year - YOUNGEST_YEARS:
            yield Place(*found.span(), "birth_date")


def _telephones(text: str) -> Iterator[Place]:
    for found in _TELEPHONE.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if re.sub(r"^1", "", digits)[:3] in _NO_CALL_FEE:
            continue
        if len(digits) == 7 or read_telephone(found[0]) is not None:
            yield Place(*found.span(), "telephone")


def _insurance_numbers(text: str) -> Iterator[Place]:
    for found in _INSURANCE.finditer(text):
        digits = [int(each) for each in found[0] if each.isdigit()]
        total = sum(sum(divmod(digit * (1 + place % 2), 10)) for place, digit in enumerate(digits))
        if total % 10 == 0 or _INSURANCE_CUE.search(text[: found.start()]):
            yield Place(*found.span(), "social_insurance_number")


def _files(text: str, today: dt.date) -> Iterator[Place]:
    for found in _FILE.finditer(text):
        if not re.fullmatch(r"(?:19|20)\d\d|[\d-]{1,3}", found["number"]) and _may_be_file(found["number"]):
            yield Place(*found.span("number"), "file_number")
    yield from _matches(text, _LONG_NUMBER, "file_number")


def _may_be_file(number: str) -> bool:
    """Returns whether a number is more than a year, two years or a few."""
    return sum(each.isdigit() for each in number) >= 4 and not re.fullmatch(r"20\d\d-20\d\d", number)

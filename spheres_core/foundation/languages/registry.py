"""The locale registry: what a language is called, how it is written, counted and dated, and which is asked next.

It stands above CLDR, because CLDR (through Babel) knows neither Cree nor Innu nor Naskapi nor Atikamekw, and of others
only half. The core registers its two languages; a plugin brings others by data, in `locales.toml`; what CLDR knows may
be used without either. A tag that nobody knows is a bare language: it crashes nothing, and nothing is passed off as it.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from gettext import c2py
from typing import Annotated, Final

from babel import Locale as Cldr
from babel import UnknownLocaleError
from babel.core import get_global
from babel.messages.plurals import PLURALS
from babel.plural import to_gettext
from msgspec import Meta, Struct

TAG: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?(-[a-z0-9]{4,8})*")
"""A BCP 47 tag in its usual letters: language, then script, region and variants where they are needed."""
MOST_FORMS: Final = 6
"""No language known to CLDR has more plural forms."""
_TRIED: Final = (*range(1001), 10_000, 100_000, 1_000_000, 1_000_001, 1_000_002)
_NO_NAME: Final = re.compile(r"M?\d+")


class Language(Struct, frozen=True):
    """One entry of the locale registry."""

    tag: str
    """BCP 47, for HTML: `fr-CA`."""
    catalog: str
    """Folder of its catalogs: `fr_CA`. A way of writing lies beside it: `fr_CA@feminin`."""
    autonym: str
    """The language's name in the language itself."""
    babel: str = ""
    """The CLDR locale that dates, numbers and lists are written with; empty where CLDR has none."""
    dir: str = "ltr"
    script: str = "Latn"
    parents: tuple[str, ...] = ()
    """Tags asked next when a text is missing."""
    plural: str = "n != 1"
    """Which form a number takes: the gettext plural expression, as in a PO header."""
    forms: int = 2
    """How many plural forms there are."""
    months: tuple[str, ...] = ()
    """Own names of the twelve months, where CLDR has none."""
    days: tuple[str, ...] = ()
    """Own names of the seven days of the week, Monday first."""
    date: str = "{day} {month} {year}"
    """How a date is put together from its own names of months."""
    convention: str = ""
    """In words, how its texts are written (spelling, forms of address), for those who translate."""

    @property
    def short(self) -> str:
        return self.tag.partition("-")[0]

    @property
    def names(self) -> tuple[str, ...]:
        """Returns the keys under which a text in it may be found, best first: `fr-CA`, `fr`.

        A script other than the usual one of its language is never left out: `iu` is not `iu-Latn`.
        """
        return _names_of(self.tag)

    @property
    def header(self) -> str:
        """Returns the header `Plural-Forms` of its PO files."""
        return f"nplurals={self.forms}; plural=({self.plural});"


@lru_cache(maxsize=256)
def _names_of(tag: str) -> tuple[str, ...]:
    parts = tag.split("-")
    least = 1 if _script_of(parts) in ("", usual_script(parts[0])) else 2
    return tuple("-".join(parts[:end]) for end in range(len(parts), least - 1, -1))


REGISTRY: dict[str, Language] = {
    "fr-CA": Language("fr-CA", "fr_CA", "Français", "fr_CA", parents=("en-CA",), plural="n > 1"),
    "en-CA": Language("en-CA", "en_CA", "English", "en_CA", parents=("fr-CA",)),
}
"""The languages of the core. Plugins add theirs to a plugin set, never to this."""


class Settings(Struct, frozen=True):
    """`[settings.languages]` of a tenant's file."""

    writing: Annotated[str, Meta(pattern=r"^[a-z0-9]{0,20}$")] = ""
    """A way of writing that comes before the plain texts where a catalog has it: `feminin`, `pointmedian`."""


OWNER: Final = "languages"
"""Whose settings these are."""


class Languages(Mapping[str, Language]):
    """The languages of one plugin set: the core's, those its plugins brought, and all that CLDR knows.

    `in` tells whether a tag is known to any of them; `[]` always answers, with a bare language where none does.
    """

    def __init__(self, brought: Mapping[str, Language] | None = None) -> None:
        self.brought = dict(brought or {})
        """By tag, what plugins registered."""

    def __contains__(self, tag: object) -> bool:
        return isinstance(tag, str) and self.known(tag) is not None

    def __getitem__(self, tag: str) -> Language:
        return self.known(tag) or bare(tag)

    def __iter__(self) -> Iterator[str]:
        return iter({**REGISTRY, **self.brought})

    def __len__(self) -> int:
        return len({**REGISTRY, **self.brought})

    def known(self, tag: str) -> Language | None:
        """Returns the language with this tag, or None."""
        return REGISTRY.get(tag) or self.brought.get(tag) or of_cldr(tag)


CORE: Final = Languages()
"""Without any plugin."""


def bare(tag: str) -> Language:
    """Returns a language that nobody has described: it is named by its tag, and all texts come from other languages."""
    return Language(tag, tag.replace("-", "_"), tag)


@lru_cache(maxsize=512)
def of_cldr(tag: str) -> Language | None:
    """Returns the language as CLDR describes it, or None where it does not know that language."""
    locale = cldr(tag.replace("-", "_")) if TAG.fullmatch(tag) else None
    if locale is None or locale.language != tag.partition("-")[0]:
        return None
    parts = tag.split("-")
    plural, forms = _plural_of(locale)
    return Language(
        tag,
        tag.replace("-", "_"),
        _autonym(locale, tag, _script_of(parts)),
        str(locale),
        dir=locale.text_direction,
        script=_script_of(parts) or usual_script(parts[0]) or "Latn",
        parents=tuple(each.tag for each in REGISTRY.values() if each.short == parts[0]),
        plural=plural,
        forms=forms,
    )


@lru_cache(maxsize=512)
def cldr(name: str) -> Cldr | None:
    """Returns the CLDR locale of this name, such as `fr_CA`; None where there is none."""
    try:
        return Cldr.parse(name)
    except (UnknownLocaleError, ValueError, TypeError):
        return None


@lru_cache(maxsize=512)
def names_months(name: str) -> bool:
    """Has CLDR names for the months there? For some locales it knows of, it only has `M11`."""
    locale = cldr(name)
    return locale is not None and not any(_NO_NAME.fullmatch(each) for each in locale.months["format"]["wide"].values())


def usual_script(language: str) -> str:
    """Returns the script that CLDR assumes for a language, such as `Cans` for `iu`; empty when CLDR does not say."""
    likely = str(get_global("likely_subtags").get(language, ""))
    return _script_of(likely.split("_"))


def _script_of(parts: list[str]) -> str:
    return next((part for part in parts[1:] if len(part) == 4 and part.isalpha()), "")


def _autonym(locale: Cldr, tag: str, script: str) -> str:
    """Its own name without the region; in a script that is not the usual one only when CLDR has a name in that."""
    alone = locale if script not in ("", usual_script(locale.language)) else cldr(locale.language)
    named = str(alone.display_name or "") if alone else ""
    return named[:1].upper() + named[1:] if named else tag


def _plural_of(locale: Cldr) -> tuple[str, int]:
    """Returns CLDR's own rule where gettext can say it, else the one that PO files of this language use."""
    forms, plural = read_plural(str(to_gettext(locale.plural_form))) or (0, "")
    if plural and not problem_with_plural(plural, forms):
        return plural, forms
    forms, plural = next((PLURALS[name] for name in (str(locale), locale.language) if name in PLURALS), (2, "n != 1"))
    return plural, forms


def read_plural(header: str) -> tuple[int, str] | None:
    """Returns the number of forms and the expression of a `Plural-Forms` header; None when it is not one."""
    found = re.fullmatch(r"\s*nplurals\s*=\s*(\d+)\s*;\s*plural\s*=\s*(.+?)\s*;?\s*", header, re.DOTALL)
    return (int(found[1]), found[2]) if found else None


def problem_with_plural(plural: str, forms: int) -> str:
    """Tells why a plural rule cannot be used, in a developer's words; empty when it can."""
    if not 1 <= forms <= MOST_FORMS:
        return f"nplurals={forms}"
    try:
        rule = c2py(plural)
        chosen = {int(rule(number)) for number in _TRIED}
    except (ValueError, ZeroDivisionError, RecursionError, OverflowError) as error:
        return str(error) or type(error).__name__
    if chosen != set(range(forms)):
        return f"nplurals={forms}, plural={sorted(chosen)}"
    return ""


@lru_cache(maxsize=8192)
def form_of(plural: str, number: int) -> int:
    """Returns the plural form that a number takes, from 0."""
    return int(c2py(plural)(abs(number)))


@lru_cache(maxsize=1024)
def short_tags(tags: tuple[str, ...]) -> Mapping[str, str]:
    """Returns the shortest unambiguous tag of each language of a tenant: `{"fr": "fr-CA", "en": "en-CA"}`.

    Tenants with the same languages share one mapping.
    """
    return {_shortest(tag, [other for other in tags if other != tag]): tag for tag in tags}


def _shortest(tag: str, others: list[str]) -> str:
    parts = tag.split("-")
    for end in range(1, len(parts)):
        start = "-".join(parts[:end])
        if not any(other == start or other.startswith(f"{start}-") for other in others):
            return start
    return tag

"""Languages: a registry above Babel, catalogs chained per tenant, and texts that know which language they are in.

Look-up goes language by language; in each, the tenant's own terms, then the plugin that speaks, then the core; then the
next language. What comes back carries `lang` and `dir`, so that a template can mark it where it differs from the page.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from gettext import c2py
from pathlib import Path
from typing import Any

from babel import dates, numbers
from babel.messages.pofile import read_po
from msgspec import Struct

from spheres_core.facts import Message, Words

CatalogKey = tuple[str, str]
"""(context, msgid); context is empty when there is none."""


class Language(Struct, frozen=True):
    """One entry of the locale registry."""

    tag: str
    """BCP 47, for HTML: `fr-CA`."""
    catalog: str
    """Folder of its catalogs: `fr_CA`."""
    autonym: str
    babel: str
    """The CLDR locale that dates and numbers are written with."""
    dir: str = "ltr"
    script: str = "Latn"
    parents: tuple[str, ...] = ()
    """Tags asked next when a text is missing."""
    plural: str = "n != 1"
    """Which form a number takes: the gettext plural expression, as in a PO header."""

    @property
    def short(self) -> str:
        return self.tag.partition("-")[0]


REGISTRY: dict[str, Language] = {
    "fr-CA": Language("fr-CA", "fr_CA", "Français", "fr_CA", parents=("en-CA",), plural="n > 1"),
    "en-CA": Language("en-CA", "en_CA", "English", "en_CA", parents=("fr-CA",)),
}
"""The languages of the core. Plugins add theirs to a plugin set, never to this."""


class Text(str):
    """A text that knows its language. `lang` is the tag it is really in, which may not be the page's."""

    __slots__ = ("dir", "lang")
    lang: str
    dir: str

    def __new__(cls, text: str, language: Language) -> "Text":
        made = super().__new__(cls, text)
        made.lang = language.tag
        made.dir = language.dir
        return made


class Catalog(Struct, frozen=True):
    """The translated texts of one domain in one language; untranslated and fuzzy ones are left out."""

    texts: Mapping[CatalogKey, tuple[str, ...]]

    def find(self, context: str, msgid: str) -> tuple[str, ...] | None:
        return self.texts.get((context, msgid))


EMPTY = Catalog({})


def read_catalog(path: Path) -> Catalog:
    """Read a PO file; an absent one is empty. Cached by its time of change."""
    try:
        return _read_catalog(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return EMPTY


@lru_cache(maxsize=256)
def _read_catalog(path: Path, _changed: int) -> Catalog:
    texts: dict[CatalogKey, tuple[str, ...]] = {}
    with path.open("rb") as file:
        for message in read_po(file):
            if not message.id or message.fuzzy:
                continue
            msgid = message.id if isinstance(message.id, str) else message.id[0]
            strings = message.string or ()
            forms = (strings,) if isinstance(strings, str) else tuple(strings)
            if forms and all(forms):
                texts[(message.context or "", msgid)] = forms
    return Catalog(texts)


class Locale:
    """One language as one tenant speaks it. Made by the plugin set, kept by it; holds no request's data."""

    def __init__(
        self,
        chain: Sequence[Language],
        catalogs: Mapping[tuple[str, str], Catalog],
        terms: Mapping[tuple[str, str], str] | None = None,
    ) -> None:
        """`catalogs` by (language tag, domain); `terms` by (language tag, msgid): the tenant's own words."""
        self.chain = tuple(chain)
        self.language = self.chain[0]
        self._catalogs = catalogs
        self._terms = terms or {}

    @property
    def tag(self) -> str:
        return self.language.tag

    @property
    def short(self) -> str:
        return self.language.short

    @property
    def dir(self) -> str:
        return self.language.dir

    def say(self, message: Message | Words | str, **params: Any) -> Text:
        """A message of ours, a plugin's words, or an English msgid of the core, in this language."""
        if isinstance(message, Message):
            return self._translate(message.domain, message.msgid, {**message.params, **params})
        if isinstance(message, Mapping):
            return self.pick(message)
        return self._translate("spheres", message, params)

    def say_context(self, context: str, msgid: str, **params: Any) -> Text:
        """Like `say`, where one English word has two meanings and `context` tells which."""
        return self._translate("spheres", msgid, params, context)

    def say_number(self, one: str, many: str, number: int, **params: Any) -> Text:
        """A sentence with a number in it, in the form that number takes in this language."""
        params = {"n": self.number(number), **params}
        for language in self.chain:
            catalog = self._catalogs.get((language.tag, "spheres"), EMPTY)
            if forms := catalog.find("", one):
                return Text(_fill(forms[min(_form(language.plural, number), len(forms) - 1)], params), language)
        return Text(_fill(one if number == 1 else many, params), REGISTRY["en-CA"])

    def pick(self, words: Words) -> Text:
        """The text in this language, or in the next of the chain that has one."""
        for language in self.chain:
            for tag in (language.tag, language.short):
                if text := words.get(tag):
                    return Text(text, language)
        for tag, text in words.items():
            if text:
                return Text(text, REGISTRY.get(tag) or _by_short(tag))
        return Text("", self.language)

    def _translate(
        self, domain: str, msgid: str, params: Mapping[str, Any], context: str = ""
    ) -> Text:
        for language in self.chain:
            if term := self._terms.get((language.tag, msgid)):
                return Text(_fill(term, self._localized(params)), language)
            for source in (domain, "spheres") if domain != "spheres" else ("spheres",):
                catalog = self._catalogs.get((language.tag, source), EMPTY)
                if forms := catalog.find(context, msgid):
                    return Text(_fill(forms[0], self._localized(params)), language)
        return Text(_fill(msgid, self._localized(params)), REGISTRY["en-CA"])

    def _localized(self, params: Mapping[str, Any]) -> dict[str, Any]:
        said: dict[str, Any] = {}
        for name, value in params.items():
            if isinstance(value, Message | Mapping):
                said[name] = self.say(value)
            elif isinstance(value, dt.datetime):
                said[name] = self.time(value)
            elif isinstance(value, dt.date):
                said[name] = self.date(value)
            else:
                said[name] = value
        return said

    def date(self, day: dt.date) -> Text:
        """A date in words: `21 novembre 2026`."""
        return Text(dates.format_date(day, "long", locale=self.language.babel), self.language)

    def time(self, moment: dt.datetime, *, zone: dt.tzinfo | None = None) -> Text:
        """A moment in words, in `zone` (UTC when none is given)."""
        shown = dates.format_datetime(
            moment, "long" if zone is None else "d MMMM y, HH:mm", tzinfo=zone, locale=self.language.babel
        )
        return Text(shown, self.language)

    def number(self, value: float) -> Text:
        """A number with this language's separators."""
        return Text(numbers.format_decimal(value, locale=self.language.babel), self.language)

    def sort_key(self, text: str) -> tuple[str, str]:
        """Orders names as a reader of this language expects: accents count last."""
        return (_unaccented(text).casefold(), text)


def _fill(text: str, params: Mapping[str, Any]) -> str:
    return re.sub(r"\{(\w+)\}", lambda m: str(params.get(m[1], m[0])), text) if params else text


def _by_short(tag: str) -> Language:
    for language in REGISTRY.values():
        if language.short == tag:
            return language
    return Language(tag, tag, tag, "en_CA")


def _unaccented(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@lru_cache(maxsize=4096)
def _form(plural: str, number: int) -> int:
    return int(c2py(plural)(abs(number)))


def short_tags(tags: Sequence[str]) -> dict[str, str]:
    """The shortest unambiguous tag of each language of a tenant: `{"fr": "fr-CA", "en": "en-CA"}`."""
    shorts: dict[str, list[str]] = {}
    for tag in tags:
        shorts.setdefault(tag.partition("-")[0], []).append(tag)
    return {short if len(same) == 1 else tag: tag for short, same in shorts.items() for tag in same}


def choose(accepted: str, offered: tuple[str, ...]) -> str:
    """The offered tag that an Accept-Language header prefers; the first offered one when none fits."""
    return _choose(accepted[:1000], offered)


@lru_cache(maxsize=1024)
def _choose(accepted: str, offered: tuple[str, ...]) -> str:
    wanted: list[tuple[float, int, str]] = []
    for order, part in enumerate(accepted.split(",")):
        tag, _, weight = part.strip().partition(";q=")
        try:
            wanted.append((-float(weight or 1), order, tag.strip().lower()))
        except ValueError:
            continue
    for _, _, tag in sorted(wanted):
        for have in offered:
            if tag and (have.lower() == tag or have.lower().partition("-")[0] == tag.partition("-")[0]):
                return have
    return offered[0]


def chain(tag: str, offered: Iterable[str], registry: Mapping[str, Language]) -> tuple[Language, ...]:
    """The language, its parents, then the tenant's other languages: the order in which texts are looked for."""
    order: list[str] = []
    todo = [tag, *registry[tag].parents, *offered]
    for each in todo:
        if each in registry and each not in order:
            order.append(each)
    return tuple(registry[each] for each in order)

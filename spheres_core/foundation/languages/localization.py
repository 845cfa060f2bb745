"""Languages: a registry above Babel, catalogs chained per tenant, and texts that know which language they are in.

Look-up goes language by language; in each, the tenant's own terms, then the plugin that speaks, then the core; then the
next language. What comes back carries `lang` and `dir`, so that a template can mark it where it differs from the page.
"""

import datetime as dt
import re
from collections import ChainMap
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from babel import dates, lists, numbers
from msgspec import Struct

import spheres_core
from spheres_core.facts import Message, Words
from spheres_core.foundation.content import po
from spheres_core.foundation.content.text_comparison import fold_letters
from spheres_core.foundation.languages.registry import CORE, Languages, cldr, form_of, names_months
from spheres_core.foundation.languages.registry import REGISTRY as REGISTRY
from spheres_core.foundation.languages.registry import Language as Language
from spheres_core.foundation.languages.registry import short_tags as short_tags
from spheres_core.foundation.languages.texts import DateText, JoinedText
from spheres_core.foundation.languages.texts import Text as Text

CatalogKey = tuple[str, str]
"""(context, msgid); context is empty when there is none."""


_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_NUMBERED = re.compile(r"\{(\d+)\}")
_WITH_PERIOD = re.compile(r"\{(\w+)\}(\.(?=\s|$))?")
"""A placeholder, with the period of the sentence that it ends."""


class Catalog(Struct, frozen=True):
    """The translated texts of one domain in one language; untranslated and fuzzy ones are left out."""

    texts: Mapping[CatalogKey, tuple[str, ...]]

    def find(self, context: str, msgid: str) -> tuple[str, ...] | None:
        return self.texts.get((context, msgid))


EMPTY = Catalog({})


def layered(layers: Sequence[Catalog]) -> Catalog:
    """Returns several catalogs as one: the first that has a text gives it."""
    full = [each for each in layers if each.texts]
    if len(full) < 2:
        return full[0] if full else EMPTY
    return Catalog(ChainMap(*(cast(MutableMapping[CatalogKey, tuple[str, ...]], each.texts) for each in full)))


def core_catalog_folder() -> Path:
    """Returns where the core's catalogs are: beside the package in a checkout, inside it in a wheel."""
    package = Path(spheres_core.__file__).parent
    inside = package / "locales"
    return inside if inside.is_dir() else package.parent / "locales"


def read_catalog(path: Path) -> Catalog:
    """Reads a PO file; an absent one is empty. Cached by its time of change.

    Raises `ContentInvalid` with the file and line of everything that is wrong with it.
    """
    try:
        return _read_catalog(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return EMPTY


@lru_cache(maxsize=1024)
def _read_catalog(path: Path, _changed: int) -> Catalog:
    return Catalog(po.read_catalog_file(path, keep=False).translations())  # the texts are kept, the file is not


class Locale:
    """One language as one tenant speaks it. Made by the plugin set, kept by it; holds no request's data."""

    def __init__(
        self,
        chain: Sequence[Language],
        catalogs: Mapping[tuple[str, str], Catalog],
        terms: Mapping[tuple[str, str], str] | None = None,
        registry: Languages = CORE,
    ) -> None:
        """`catalogs` by (language tag, domain); `terms` by (language tag, msgid): the tenant's own words."""
        self.chain = tuple(chain)
        self.language = self.chain[0]
        self._catalogs = catalogs
        self._terms = terms or {}
        self._registry = registry
        self._others: dict[str, Locale] = {}

    @property
    def tag(self) -> str:
        return self.language.tag

    @property
    def short(self) -> str:
        return self.language.short

    @property
    def dir(self) -> str:
        return self.language.dir

    @property
    def translated(self) -> bool:
        """Whether texts of the core are there in this language at all; else its pages fall back on the next."""
        return bool(self._catalogs.get((self.language.tag, "spheres"), EMPTY).texts)

    def with_terms(self, terms: Mapping[tuple[str, str], str]) -> "Locale":
        """Returns the same with more of the tenant's own words, which come before those that it has."""
        return Locale(self.chain, self._catalogs, {**self._terms, **terms}, self._registry)

    def say(self, message: Message | Words | str, **params: Any) -> Text:
        """Returns a message of ours, a plugin's words, or an English msgid of the core, in this language."""
        if isinstance(message, Message):
            if message.many:
                params = {**message.params, **params}
                return self._say_number(message.domain, message.msgid, message.many, message.number, params)
            return self._translate(message.domain, message.msgid, {**message.params, **params})
        if isinstance(message, Mapping):
            return self.pick(message)
        return self._translate("spheres", message, params)

    def options(self, titles: Mapping[Any, Message | Words]) -> list[tuple[Any, Text]]:
        """Returns what may be chosen: each code with its title."""
        return [(code, self.say(title)) for code, title in titles.items()]

    def say_context(self, context: str, msgid: str, **params: Any) -> Text:
        """Returns as `say` does, where one English word has two meanings and `context` tells which."""
        return self._translate("spheres", msgid, params, context)

    def say_number(self, one: str, many: str, number: int, **params: Any) -> Text:
        """Returns a sentence with a number in it, in the form that number takes in this language."""
        return self._say_number("spheres", one, many, number, params)

    def _say_number(self, domain: str, one: str, many: str, number: int, params: Mapping[str, Any]) -> Text:
        for language in self.chain:
            if forms := self._catalogs.get((language.tag, domain), EMPTY).find("", one):
                text = forms[min(form_of(language.plural, number), len(forms) - 1)]
                return self._counted(text, number, params, language)
        return self._counted(one if number == 1 else many, number, params, REGISTRY["en-CA"])

    def pick(self, words: Words) -> Text:
        """Returns the text in this language, or in the next of the chain that has one."""
        for language in self.chain:
            for name in language.names:
                if text := words.get(name):
                    return Text(text, language)
        for tag, text in words.items():
            if text:
                return Text(text, next((each for each in REGISTRY.values() if tag in each.names), self._registry[tag]))
        return Text("", self.language)

    def _translate(self, domain: str, msgid: str, params: Mapping[str, Any], context: str = "") -> Text:
        for language in self.chain:
            if term := self._terms.get((language.tag, msgid)):
                return self._filled(term, params, language)
            if forms := self._catalogs.get((language.tag, domain), EMPTY).find(context, msgid):
                return self._filled(forms[0], params, language)
        return self._filled(msgid, params, REGISTRY["en-CA"])

    def _filled(self, text: str, params: Mapping[str, Any], language: Language) -> Text:
        """Returns a sentence with what belongs in it, which is said in the language that the sentence is really in."""
        return Text(_fill(text, self._speaking(language)._localized(params)) if params else text, language)

    def _counted(self, text: str, number: int, params: Mapping[str, Any], language: Language) -> Text:
        return self._filled(text, {"n": self._speaking(language).number(number), **params}, language)

    def speaking(self, sentence: str) -> "Locale":
        """Returns the locale in whose language a sentence is really said, for what is put together beside it."""
        return self._speaking(self._registry[self.say(sentence).lang])

    def _speaking(self, language: Language) -> "Locale":
        if language.tag == self.language.tag:
            return self
        found = self._others.get(language.tag)
        if found is None:
            order = (language, *(each for each in self.chain if each.tag != language.tag))
            found = self._others[language.tag] = Locale(order, self._catalogs, self._terms, self._registry)
        return found

    def _localized(self, params: Mapping[str, Any]) -> dict[str, Any]:
        said: dict[str, Any] = {}
        for name, value in params.items():
            if isinstance(value, Message | Mapping):
                said[name] = self.say(value)
            elif isinstance(value, DateText) and value.lang != self.language.tag:
                said[name] = self._say_again(value)
            elif isinstance(value, dt.datetime):
                said[name] = self.time(value)
            elif isinstance(value, dt.date):
                said[name] = self.date(value)
            elif isinstance(value, dt.time):
                said[name] = self.clock(value)
            elif isinstance(value, Decimal | float):
                said[name] = self.number(float(value))
            else:
                said[name] = value
        return said

    def date(self, day: dt.date) -> Text:
        """Returns a date in words: `21 novembre 2026`; `2026-11-21` where nobody has said what months are called."""
        language = self.language
        if language.months:
            month = language.months[day.month - 1]
            written = _fill(language.date, {"day": day.day, "month": month, "year": day.year})
            return DateText.of(written, language, day)
        if names_months(language.babel):
            written = dates.format_date(day, "long", locale=language.babel)
            if day.day == 1 and language.short == "fr":
                written = written.replace("1 ", "1er ", 1)
            return DateText.of(written, self._lender(), day)
        return DateText.of(day.isoformat(), language, day)

    def time(self, moment: dt.datetime, *, zone: dt.tzinfo | None = None) -> Text:
        """Returns a moment in words, in `zone` (UTC when none is given)."""
        there = moment.astimezone(zone or dt.UTC)
        day = self.date(there.date())
        clock = clock_text(there.time(), self._registry[day.lang].short)
        written = f"{day}, {clock}" + ("" if zone else " UTC")
        return DateText.of(written, self._registry[day.lang], moment, zone)

    def _say_again(self, said: DateText) -> Text:
        if isinstance(said.value, dt.datetime):
            return self.time(said.value, zone=said.zone)
        return self.date(said.value)

    def clock(self, time: dt.time) -> Text:
        """Returns an hour at which something opens or closes, as a door says it: `18 h 30`, `6:30 p.m.`, `midnight`."""
        said = _ROUND_HOURS.get((self.short, time.isoformat("minutes")))
        if said is None and self.short == "en":
            minutes = f":{time:%M}" if time.minute else ""
            said = f"{time.hour % 12 or 12}{minutes}\N{NO-BREAK SPACE}{'a.m.' if time.hour < 12 else 'p.m.'}"
        return Text(said or clock_text(time, self.short), self.language)

    def month(self, number: int) -> Text:
        """Returns the name of a month, 1 for January; in the next language that has one."""
        for language in self.chain:
            if language.months:
                return Text(language.months[number - 1], language)
            if names_months(language.babel):
                names = dates.get_month_names("wide", context="stand-alone", locale=language.babel)
                return Text(names[number], self._speaking(language)._lender())
        return Text(str(number), self.language)

    def weekday(self, number: int) -> Text:
        """Returns the name of a day of the week, 0 for Monday; in the next language that has one."""
        for language in self.chain:
            if language.days:
                return Text(language.days[number], language)
            if names_months(language.babel):
                names = dates.get_day_names("wide", context="stand-alone", locale=language.babel)
                return Text(names[number], self._speaking(language)._lender())
        return Text(str(number + 1), self.language)

    def number(self, value: float) -> Text:
        """Returns a number with this language's separators; plain figures where nobody has said which they are."""
        plain = cldr(self.language.babel) is None
        return Text(str(value) if plain else numbers.format_decimal(value, locale=self.language.babel), self.language)

    def dollars(self, cents: int) -> Text:
        """Returns a sum in Canadian dollars as this language writes it: `12,50 $`, `$12.50`."""
        if cldr(self.language.babel) is None:
            return Text(f"{cents / 100:.2f} $", self.language)
        return Text(numbers.format_currency(cents / 100, "CAD", locale=self.language.babel), self.language)

    def listed(self, items: Sequence[str]) -> Text:
        """Joins several things for a sentence: `a, b et c`; with commas only where CLDR does not know the language."""
        if len(items) < 2 or cldr(self.language.babel) is None:
            return self.joined(items, ", ")
        places = lists.format_list([f"{{{number}}}" for number in range(len(items))], locale=self.language.babel)
        pieces = _NUMBERED.split(places)
        parts = [items[int(piece)] if at % 2 else piece for at, piece in enumerate(pieces)]
        return self._side_by_side(parts, self._lender())

    def joined(self, texts: Iterable[str], between: str) -> Text:
        """Puts texts side by side, those that are not empty; on a page each keeps the language that it is in."""
        said = [text for text in texts if text]
        tags = {text.lang if isinstance(text, Text) else self.language.tag for text in said}
        language = self._registry[tags.pop()] if len(tags) == 1 else self.language
        return self._side_by_side([piece for text in said for piece in (between, text)][1:], language)

    def _side_by_side(self, parts: Sequence[str], language: Language) -> Text:
        if any(isinstance(each, JoinedText) or getattr(each, "lang", language.tag) != language.tag for each in parts):
            return JoinedText.of(parts, language)
        return Text("".join(parts), language)

    def language_name(self, tag: str) -> Text:
        """Returns a language's name in this language; what it calls itself, where this one has no name for it."""
        known = cldr(self.language.babel)
        named = known.languages.get(tag.partition("-")[0]) if known else None
        if named and known is not None and known.language == self.language.short:
            return Text(named, self.language)
        own = next((each for each in self._registry.values() if tag in each.names), self._registry[tag])
        return Text(own.autonym, own)

    def _lender(self) -> Language:
        """Returns the language whose names of months and list words are used here: usually this one itself."""
        lending = cldr(self.language.babel)
        if lending is None or lending.language == self.language.short:
            return self.language
        return self._registry[self.language.babel.replace("_", "-")]

    def sort_key(self, text: str) -> tuple[str, str]:
        """Orders names as a reader of this language expects: accents count last."""
        return (fold_letters(text), text)


_ROUND_HOURS = {("en", "00:00"): "midnight", ("en", "12:00"): "noon", ("fr", "00:00"): "minuit"}


def clock_text(time: dt.time, language: str) -> str:
    """Returns a time of day: `7 h 57` in French, `07:57` elsewhere. `language`: without its region."""
    if language != "fr":
        return f"{time:%H:%M}"
    minutes = f"\N{NO-BREAK SPACE}{time:%M}" if time.minute else ""
    return f"{time.hour}\N{NO-BREAK SPACE}h{minutes}"


def _fill(text: str, params: Mapping[str, Any]) -> str:
    """Puts the values in. One that ends with a period (`6 p.m.`) ends its sentence: it gets no second one."""

    def put(found: re.Match[str]) -> str:
        if found[1] not in params:
            return found[0]
        said, period = str(params[found[1]]), found[2] or ""
        return said if said.endswith(".") else f"{said}{period}"

    return _WITH_PERIOD.sub(put, text) if params else text


def placeholders(text: str) -> frozenset[str]:
    """Returns the `{names}` in a text."""
    return frozenset(_PLACEHOLDER.findall(text))


def match(asked: str, offered: Iterable[str]) -> str | None:
    """Returns the offered tag that is asked for by its whole name or its language alone (`fr`), or None."""
    wanted = asked.strip().lower()
    return next((tag for tag in offered if wanted in (tag.lower(), tag.lower().partition("-")[0])), None)


def choose(accepted: str, offered: tuple[str, ...]) -> str:
    """Returns the offered tag that an Accept-Language header prefers; the first offered one when none fits."""
    return _choose(accepted[:1000], offered)


@lru_cache(maxsize=1024)
def _choose(accepted: str, offered: tuple[str, ...]) -> str:
    wanted: list[tuple[float, int, str]] = []
    for order, part in enumerate(accepted.split(",")):
        tag, *parameters = (each.strip() for each in part.split(";"))
        weights = [value.strip() for name, _, value in (each.partition("=") for each in parameters)
                   if name.strip().lower() == "q"]  # fmt: skip
        try:
            wanted.append((-float(weights[0]) if weights else -1.0, order, tag))
        except ValueError:
            continue
    found = (_nearest(tag, offered) for weight, _, tag in sorted(wanted) if tag and weight < 0)
    return next((tag for tag in found if tag), offered[0])


def _nearest(asked: str, offered: tuple[str, ...]) -> str | None:
    """Returns the offered tag of the same language, wherever it is spoken: `fr-CA` for `fr-FR`."""
    return match(asked, offered) or match(asked.partition("-")[0], offered)


def chain(tag: str, offered: Iterable[str], registry: Mapping[str, Language]) -> tuple[Language, ...]:
    """Returns the languages in which texts are looked for, in order: this one, its ancestors, the tenant's others."""
    order = [tag]
    for each in order:
        order += [parent for parent in registry[each].parents if parent in registry and parent not in order]
    order += [each for each in offered if each in registry and each not in order]
    return tuple(registry[each] for each in order)

"""Texts that know which language they are in, so that a page can mark each that is not in its own."""

import datetime as dt
from collections.abc import Iterable

from spheres_core.foundation.languages.registry import Language


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


class JoinedText(Text):
    """Texts side by side that are in several languages; `lang` is that of whatever stands between them."""

    __slots__ = ("parts",)
    parts: tuple[str, ...]
    """In their order, with what stands between them: each `Text` in its language, all else in that of the whole."""

    @classmethod
    def of(cls, parts: Iterable[str], language: Language) -> "JoinedText":
        """Returns them as one text; a joined text among them keeps its own parts."""
        kept = tuple(parts)
        made = cls("".join(kept), language)
        made.parts = kept
        return made


class DateText(Text):
    """A date or moment in words that can be said again: a sentence that falls back has its date in its own language."""

    __slots__ = ("value", "zone")
    value: dt.date
    zone: dt.tzinfo | None

    @classmethod
    def of(cls, text: str, language: Language, value: dt.date, zone: dt.tzinfo | None = None) -> "DateText":
        """Returns a date in words with the value that it was made of; `zone` counts for a moment."""
        made = cls(text, language)
        made.value, made.zone = value, zone
        return made

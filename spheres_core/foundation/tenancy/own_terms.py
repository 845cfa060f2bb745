"""A tenant's own words: which terms of the program may be said otherwise, and what stands against a new word.

Only marked terms can be renamed: those of the core (`locales/terms.toml`, beside the catalogs) and those that a pack of
the tenant renames in its `terms.toml`. An own word comes before everything else in its language and nowhere else.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from spheres_core.facts import Message, Words, msg
from spheres_core.foundation.content.packs import read_toml
from spheres_core.foundation.database import models
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.languages import catalog_layers
from spheres_core.foundation.languages.localization import Locale, placeholders
from spheres_core.foundation.plugins.plugin_set import PluginSet

FILE: Final = "terms.toml"
LONGEST: Final = 300
"""Characters of an own word."""
SHORT_ENOUGH: Final = 60
"""A text of the core that is longer than this is a sentence, and cannot be mistaken for a term."""

terms = table(models.TenantTerm)
TERMS = prepare(select(terms.c.language, terms.c.msgid, terms.c.text).where(scoped(terms)).order_by(*terms.primary_key))
_put = insert(terms)
PUT_TERM = prepare(
    _put.on_conflict_do_update(
        index_elements=["tenant_id", "language", "msgid"],
        set_={"text": _put.excluded.text, "changed_at": _put.excluded.changed_at},
    )
)
DROP_TERM = prepare(
    terms.delete().where(
        scoped(terms), terms.c.language == bindparam("which_language"), terms.c.msgid == bindparam("which")
    )
)


class Term(Struct, frozen=True):
    """A word of the program that may be said otherwise."""

    key: str
    """In English, as the code has it."""
    note: Words = {}
    """Where people meet it."""
    origin: str = "spheres"
    """`spheres`, or the pack that marked it by renaming it."""


class Collision(Struct, frozen=True):
    """A word that would mean two things: another term, or a text of the core, reads the same in that language."""

    key: str
    """The other one, in English."""
    text: str
    """How both read."""
    term: bool
    """The other one is a term as well, not only a text of the core."""

    @property
    def message(self) -> Message:
        """Returns the warning for whoever renames."""
        if self.term:
            return msg("“{text}” is already what the term “{key}” is called.", text=self.text, key=self.key)
        return msg("“{text}” already stands on pages for something else (“{key}”).", text=self.text, key=self.key)


class _Marked(Struct, frozen=True, forbid_unknown_fields=True):
    format: Literal[1]
    terms: tuple[Term, ...]


def marked(made: PluginSet) -> dict[str, Term]:
    """Returns the terms that a tenant of this set may rename, by key."""
    found = {each.key: each for each in _marked_by_core(made.catalog_folder / FILE)}
    for id_, given in made.gather("terms"):
        for key in given:
            found.setdefault(key, Term(key, {}, id_))
    return found


@lru_cache(maxsize=8)
def _marked_by_core(path: Path) -> tuple[Term, ...]:
    return msgspec.convert(read_toml(path)[0], _Marked).terms if path.is_file() else ()


def problem_with(term: Term, text: str) -> Message | None:
    """Returns the reason why this cannot be the word for a term; None when it can."""
    if not text.strip():
        return msg("A text is expected here.")
    if len(text) > LONGEST:
        return msg("It is longer than {most} characters.", most=LONGEST)
    if any(ord(each) < 32 for each in text):
        return msg("It is one line.")
    if placeholders(text) != placeholders(term.key):
        wanted = ", ".join(f"{{{name}}}" for name in sorted(placeholders(term.key))) or "–"
        return msg("It must have the same placeholders as the program's word: {wanted}.", wanted=wanted)
    return None


def collisions(made: PluginSet, locale: Locale, key: str, text: str) -> list[Collision]:
    """Returns the texts that equal the new word in the language of `locale`, which speaks as the tenant does."""
    wanted = _compared(text)
    others = {each: str(locale.say(each)) for each in marked(made) if each != key}
    found = [Collision(other, said, term=True) for other, said in others.items() if _compared(said) == wanted]
    seen = {key, *others}
    for other, said in _core_texts(made, locale):
        if other not in seen and _compared(said) == wanted:
            found.append(Collision(other, said, term=False))
    return found


def _core_texts(made: PluginSet, locale: Locale) -> Iterator[tuple[str, str]]:
    for layer in catalog_layers.layers(made.sources(), locale.language)["spheres"]:
        for (context, msgid), forms in layer.texts.items():
            if not context and len(forms) == 1 and len(forms[0]) <= SHORT_ENOUGH:
                yield msgid, forms[0]


def _compared(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())


def by_language(own: Mapping[tuple[str, str], str], tag: str) -> dict[str, str]:
    """Returns a tenant's own words in one language, by key."""
    return {key: text for (language, key), text in own.items() if language == tag}

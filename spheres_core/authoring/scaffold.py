"""Creates a new plugin in an empty folder: one that works at once, for its author to change.

The files lie in `templates/` as Jinja templates. Words come in the plugin's own languages; where a template has a text
in French and English only, another language gets the English one with its tag before it, so that nobody takes it for a
translation and every check finds a text.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Final, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from msgspec import Struct
from packaging.version import Version

from spheres_core import __version__, app
from spheres_core.facts import Message, Words, msg
from spheres_core.foundation.content.language_tags import language_tag
from spheres_core.foundation.content.toml import value as as_value
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.languages.localization import REGISTRY, short_tags
from spheres_core.foundation.languages.tags import problem_with_tag
from spheres_core.foundation.plugins.manifest import FILE, is_id

TEMPLATES: Final = Path(__file__).parent / "templates"
RESERVED: Final = frozenset({*app.ROOMS, "spheres", "core", "foundation", "example_region"})
"""Names that own tables, settings and texts already."""


Tier = Literal["pack", "code"]


class CannotScaffold(Invalid):
    """A plugin cannot be made like this."""

    code = "cannot_scaffold"
    message = msg("The plugin cannot be made.")


class NewPlugin(Struct, frozen=True):
    """The plugin to create."""

    tier: Tier
    id: str
    languages: tuple[str, ...]
    title: Words


def problem_with_id(id_: str) -> Message | None:
    """Returns why this cannot be a plugin's id, or None."""
    if not is_id(id_):
        return msg("An id is 3 to 31 small letters, digits and underscores, beginning with a letter.")
    if id_ in RESERVED:
        return msg("The name {id} belongs to the core. Choose another.", id=id_)
    return None


def languages_of(written: str) -> tuple[str, ...]:
    """Returns language tags from `fr-CA,en-CA`, each as it is written properly. Raises `CannotScaffold`."""
    tags = [each.strip() for each in written.split(",") if each.strip()]
    known = tuple(dict.fromkeys(language_tag(tag) if _TAG.fullmatch(tag) else "" for tag in tags))
    if not known or "" in known:
        wrong = ", ".join(tag for tag in tags if not _TAG.fullmatch(tag)) or written
        raise CannotScaffold(msg("{tags}: languages are tags such as fr-CA,en-CA.", tags=wrong or "—"))
    for tag in known:
        if problem := problem_with_tag(tag):
            raise CannotScaffold(problem)
    return known


_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def title_of(id_: str, languages: Iterable[str], given: Mapping[str, str]) -> dict[str, str]:
    """Returns the title in each language: the one given for it (`fr`, `en`), else another, else the id in words."""
    otherwise = given.get("en") or given.get("fr") or id_.replace("_", " ").capitalize()
    return {key: given.get(key.partition("-")[0]) or otherwise for key in short_tags(tuple(languages))}


def plugin_folder_for(folder: Path, id_: str) -> Path:
    """Returns the folder in which the plugin is created: `folder` when that is its name, else a new one inside.

    A plugin's folder has the plugin's id as its name. It must not be there yet, or be empty; and what is around it
    must be new, empty, or a folder of plugins. Raises `CannotScaffold`.
    """
    place = folder.resolve()
    if place.name != id_:
        if _holds_something(place) and not any(place.glob(f"*/{FILE}")):
            raise CannotScaffold(
                msg("{folder} is not empty and holds no plugins. Name a new folder.", folder=str(folder))
            )
        place = place / id_
    if place.exists() and (not place.is_dir() or _holds_something(place)):
        raise CannotScaffold(msg("{folder} is there already and not empty. Nothing was changed.", folder=str(place)))
    return place


def _holds_something(folder: Path) -> bool:
    return folder.is_file() or (folder.is_dir() and any(folder.iterdir()))


def create_plugin(wanted: NewPlugin, folder: Path) -> Path:
    """Writes the plugin and returns its folder. Raises `CannotScaffold`; then nothing was written."""
    if problem := problem_with_id(wanted.id):
        raise CannotScaffold(problem)
    place = plugin_folder_for(folder, wanted.id)
    for name, text in render_files(wanted).items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return place


def render_files(wanted: NewPlugin) -> dict[str, str]:
    """Returns every file of the plugin by its path in the plugin's folder."""
    root = TEMPLATES / wanted.tier
    found: dict[str, str] = {}
    for path in sorted(root.rglob("*.jinja")):
        name = path.relative_to(root).as_posix().removesuffix(".jinja").replace("__id__", wanted.id)
        source = path.relative_to(TEMPLATES).as_posix()
        speakers = [TemplateLanguage(wanted.languages, tag) for tag in wanted.languages]
        if not _PER_LANGUAGE.search(name):
            speakers = speakers[:1]
        for speaking in speakers:
            place = name.replace("__key__", speaking.key).replace("__catalog__", speaking.catalog)
            found[PurePosixPath(place).as_posix()] = _filled(source, wanted, speaking)
    return found


_PER_LANGUAGE = re.compile(r"__(key|catalog)__")


class TemplateLanguage(Struct, frozen=True):
    """The languages of the plugin, for a template; `tag` is the one of the file that is being written."""

    languages: tuple[str, ...]
    tag: str

    @property
    def keys(self) -> tuple[str, ...]:
        """Returns the languages as keys of words: the shortest tags that tell them apart."""
        return tuple(short_tags(self.languages))

    @property
    def key(self) -> str:
        return next(key for key, tag in short_tags(self.languages).items() if tag == self.tag)

    @property
    def catalog(self) -> str:
        return REGISTRY[self.tag].catalog if self.tag in REGISTRY else self.tag.replace("-", "_")

    def in_each(self, fr: str, en: str) -> dict[str, str]:
        return {key: _in(key, fr, en) for key in self.keys}

    def words(self, fr: str, en: str) -> str:
        """Words as TOML."""
        return as_value(self.in_each(fr, en))

    def python_words(self, fr: str, en: str) -> str:
        """Words as Python."""
        return json.dumps(self.in_each(fr, en), ensure_ascii=False)

    def text(self, fr: str, en: str) -> str:
        """Returns a text in the file's language."""
        return _in(self.key, fr, en)

    def translated(self, fr: str, en: str) -> str:
        """Returns the text for a catalog; empty when there is no translation, so that readers get the next language."""
        return {"fr": fr, "en": en}.get(self.tag.partition("-")[0], "")

    def cells(self, fr: str, en: str) -> str:
        """Cells of a form, one for each language."""
        return " | ".join(text if fr or en else "" for text in self.in_each(fr, en).values())

    def headers(self, column: str) -> str:
        """Returns the titles of a form's translated column."""
        return " | ".join(f"{column}::{_autonym(tag)} ({key})" for key, tag in short_tags(self.languages).items())


def _in(key: str, fr: str, en: str) -> str:
    short = key.partition("-")[0]
    return {"fr": fr, "en": en}.get(short) or f"[{key}] {en}"


def _autonym(tag: str) -> str:
    return REGISTRY[tag].autonym if tag in REGISTRY else tag


def _environment() -> Environment:
    made = Environment(  # noqa: S701 (TOML, Markdown and Python, not HTML)
        loader=FileSystemLoader(TEMPLATES), keep_trailing_newline=True, trim_blocks=True, undefined=StrictUndefined
    )
    made.filters["quoted"] = as_value
    return made


def _filled(source: str, wanted: NewPlugin, speaking: TemplateLanguage) -> str:
    values: dict[str, Any] = {
        "id": wanted.id,
        "languages": wanted.languages,
        "title": as_value(wanted.title),
        "today": (dt.datetime.now(dt.UTC).date() - dt.timedelta(days=1)).isoformat(),  # has begun in every time zone
        "version": ".".join(Version(__version__).base_version.split(".")[:2]),
        "catalog": speaking.catalog,
    }
    says: Sequence[str] = ("words", "python_words", "text", "translated", "cells", "headers")
    text = _environment().get_template(source).render(**values, **{name: getattr(speaking, name) for name in says})
    return text.lstrip("\n")

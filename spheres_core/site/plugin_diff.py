"""Compares two versions of a plugin by their files. Neither version is imported.

A *part* is where something stands: the manifest, a form, a content file, the pages, the texts, the code. What is new or
gone is told once, with its key; what changed is told field by field.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from spheres_core.forms.form_files import may_be_form
from spheres_core.forms.schemas import Form
from spheres_core.forms.xlsform.reader import inspect
from spheres_core.foundation.content import po
from spheres_core.foundation.content.packs import ContentInvalid, Finding, read_text, read_toml
from spheres_core.foundation.plugins.manifest import FILE
from spheres_core.site.source_reader import routes, settings

Kind = Literal["add", "remove", "change"]
KEYS: Final = ("key", "code", "role", "kind", "age")
"""Fields that name an entry of a list in a content file; the first of these that it has counts."""
BESIDE: Final = frozenset({"tests", "__pycache__", ".pytest_cache", ".spheres-test"})
"""Names of folders that a running system never reads."""


class Change(Struct, frozen=True):
    """One thing that is new, gone or different. `before` and `after` are plain values; None where there is none."""

    part: str
    """manifest, routes, settings, `forms/referral`, `partners.toml`, pages, `locales/fr_CA`, code, …"""
    kind: Kind
    what: str
    before: Any = None
    after: Any = None


class Absent(Struct, frozen=True):
    """Where there is no value."""


ABSENT: Final = Absent()


def changes(before: Path, after: Path) -> list[Change]:
    """Returns all changes from one version's folder to the other's. Raises `ContentInvalid` for an unreadable file."""
    return [
        *_of_tables("manifest", before / FILE, after / FILE),
        *_of_values("routes", dict(routes(before)), dict(routes(after))),
        *_of_values("settings", dict(settings(before)), dict(settings(after))),
        *_of_forms(before, after),
        *(
            each
            for name in _names(before, after, "*.toml")
            if name != FILE
            for each in _of_tables(name, before / name, after / name)
        ),
        *(
            each
            for name in _names(before, after, "measures/*.toml")
            for each in _of_tables(name, before / name, after / name)
        ),
        *_of_pages(before, after),
        *_of_texts(before, after),
        *_of_code(before, after),
    ]


def _names(before: Path, after: Path, pattern: str) -> list[str]:
    """Returns the files of either version, each once, by their place in the plugin."""
    found = {path.relative_to(root).as_posix() for root in (before, after) for path in root.glob(pattern)}
    return sorted(name for name in found if not BESIDE.intersection(name.split("/")))


# ---- values -----------------------------------------------------------------------------------------------------


def _of_tables(part: str, before: Path, after: Path) -> list[Change]:
    return list(_differences(part, "", _table(before), _table(after)))


def _table(path: Path) -> Any:
    return read_toml(path)[0] if path.is_file() else {}


def _of_values(part: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    return list(_differences(part, "", before, after))


def _differences(part: str, what: str, before: Any, after: Any) -> Iterator[Change]:
    """Tables key by key, lists of tables by the key of each entry, lists of plain values by what is in them."""
    old, new = _keyed(before), _keyed(after)
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            place = f"{what}.{key}" if what else str(key)
            yield from _differences(part, place, old.get(key, ABSENT), new.get(key, ABSENT))
    elif isinstance(old, list) and isinstance(new, list):
        yield from (Change(part, "remove", what, before=each) for each in old if each not in new)
        yield from (Change(part, "add", what, after=each) for each in new if each not in old)
        if old != new and sorted(map(repr, old)) == sorted(map(repr, new)):
            yield Change(part, "change", what, old, new)
    elif old is ABSENT:
        yield Change(part, "add", what, after=_plain(after))
    elif new is ABSENT:
        yield Change(part, "remove", what, before=_plain(before))
    elif old != new:
        yield Change(part, "change", what, _plain(before), _plain(after))


def _keyed(value: Any) -> Any:
    """Returns a list of tables as a table by the entries' keys, when each has one and no two are equal."""
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        for name in KEYS:
            keys = [each.get(name) for each in value]
            if None not in keys and len(set(map(repr, keys))) == len(keys):
                return {str(key): each for key, each in zip(keys, value, strict=True)}
        return {str(number): each for number, each in enumerate(value, 1)}
    return value


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value)


# ---- forms ------------------------------------------------------------------------------------------------------


def _of_forms(before: Path, after: Path) -> Iterator[Change]:
    old, new = _forms(before), _forms(after)
    for key in sorted({*old, *new}):
        part = f"forms/{key}"
        if key not in old:
            yield Change(part, "add", "form", after=new[key].version)
        elif key not in new:
            yield Change(part, "remove", "form", before=old[key].version)
        elif old[key].version != new[key].version:
            yield Change(part, "change", "version", old[key].version, new[key].version)
            yield from _differences(part, "", _form_values(old[key]), _form_values(new[key]))
            yield from _differences(part, "order", *_orders(old[key], new[key]))


def _forms(root: Path) -> dict[str, Form]:
    """Returns the forms of a version by key. Raises `ContentInvalid` when one cannot be used."""
    found: dict[str, Form] = {}
    findings: list[Finding] = []
    for path in sorted((root / "forms").glob("*")):
        if not may_be_form(path):
            continue
        reading = inspect(path, key=path.stem, file=f"forms/{path.name}")
        if reading.form is None:
            findings += reading.findings
        else:
            found[path.stem] = reading.form
    if findings:
        raise ContentInvalid(findings)
    return found


def _orders(old: Form, new: Form) -> tuple[list[str], list[str]]:
    """Returns the questions that both have, in the order of each."""
    before, after = [each.path for each in old.walk()], [each.path for each in new.walk()]
    return [path for path in before if path in after], [path for path in after if path in before]


def _form_values(form: Form) -> dict[str, Any]:
    """Returns a form as its questions by path, each with what it asks and how, and its choices by list."""
    questions = {}
    for each in form.walk():
        values = msgspec.to_builtins(msgspec.structs.replace(each, children=()))
        questions[each.path] = {name: value for name, value in values.items() if name not in ("name", "path")}
    choices = {name: {each.name: msgspec.to_builtins(each) for each in listed} for name, listed in form.choices.items()}
    return {
        "title": dict(form.title),
        "languages": list(form.languages),
        "questions": questions,
        "choices": choices,
    }


# ---- pages, texts, code -----------------------------------------------------------------------------------------


def _of_pages(before: Path, after: Path) -> Iterator[Change]:
    for name in _names(before, after, "pages/*/*.md"):
        old, new = _text(before / name), _text(after / name)
        if old != new:
            kind: Kind = "add" if old is None else "remove" if new is None else "change"
            yield Change("pages", kind, name.removeprefix("pages/"), _title(old), _title(new))


def _text(path: Path) -> str | None:
    return read_text(path) if path.is_file() else None


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _title(text: str | None) -> str | None:
    return text.lstrip().partition("\n")[0].removeprefix("# ").strip() if text is not None else None


def _of_texts(before: Path, after: Path) -> Iterator[Change]:
    for name in _names(before, after, "locales/*/LC_MESSAGES/*.po"):
        yield from _differences("/".join(name.split("/")[:2]), "", _catalog(before / name), _catalog(after / name))


def _catalog(path: Path) -> dict[str, Any]:
    entries = po.read_catalog_file(path).entries
    return {each.forms[0]: each.texts[0] if len(each.texts) == 1 else each.texts for each in entries if not each.fuzzy}


def _of_code(before: Path, after: Path) -> Iterator[Change]:
    for pattern in ("**/*.py", "templates/**/*.html"):
        for name in _names(before, after, pattern):
            old, new = _bytes(before / name), _bytes(after / name)
            if old != new:
                yield Change("code", "add" if old is None else "remove" if new is None else "change", name)

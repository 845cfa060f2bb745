"""The forms of a plugin: every XLSForm in its `forms/` folder, named after its file."""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from spheres_core.facts import Message, msg
from spheres_core.forms.attached_forms import key_in_plugin, record_kind_of
from spheres_core.forms.schemas import Form
from spheres_core.forms.xlsform.reader import XlsformResult, inspect
from spheres_core.forms.xlsform.tables import is_form_table
from spheres_core.foundation.content import spreadsheets
from spheres_core.foundation.content.packs import ContentInvalid, ContentQuestion, DescribedContent, Finding
from spheres_core.foundation.content.spreadsheets import is_unread_spreadsheet, unread
from spheres_core.foundation.plugins.plugin_set import PluginSet

PATTERN: Final = "forms/*"
SUFFIXES: Final = (*spreadsheets.SUFFIXES, ".md")
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


def read_forms(paths: Sequence[Path], plugin_id: str) -> tuple[Form, ...]:
    """Returns the forms in these files. Raises `ContentInvalid` with the findings of all of them."""
    forms: dict[str, Form] = {}
    findings: list[Finding] = []
    for path in paths:
        if is_unread_spreadsheet(path) and not path.name.startswith((".", "~")):
            findings.append(Finding(f"forms/{path.name}", unread(path.suffix)))
        if not may_be_form(path):
            continue
        if not is_key(path.stem):
            message = msg("A form's file name is small letters, digits and _, such as referral.xlsx.")
            findings.append(Finding(f"forms/{path.name}", message))
        elif path.stem in forms:
            message = msg("The form “{form}” stands there twice, in two files.", form=path.stem)
            findings.append(Finding(f"forms/{path.name}", message))
        else:
            reading = inspect_file(path, key=key_in_plugin(path.stem, plugin_id))
            findings += [each for each in reading.findings if each.severity == "error"]
            if reading.form is not None:
                forms[path.stem] = reading.form
    if findings:
        raise ContentInvalid(findings)
    return tuple(forms.values())


def warnings(paths: Sequence[Path]) -> list[Finding]:
    """Returns the warnings about the forms in these files: what they can be used with, and changes nothing."""
    read = [inspect_file(path) for path in paths if may_be_form(path)]
    return [each for reading in read for each in reading.findings if each.severity != "error"]


def may_be_form(path: Path) -> bool:
    """Returns whether a file of a forms folder is a form by its name."""
    if path.suffix.lower() not in SUFFIXES or path.name.startswith((".", "~")) or path.stem == "README":
        return False
    return path.suffix.lower() != ".csv" or not is_list_of_choices(path)


def is_list_of_choices(path: Path) -> bool:
    """Returns whether a csv file holds choices for a form beside it: a row of headers, and no question."""
    return _is_list_of_choices(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _is_list_of_choices(path: Path, _changed: int) -> bool:
    try:
        grids = spreadsheets.open_spreadsheet(path, file=path.name, suffix=".csv").grids
    except ContentInvalid:
        return False
    return bool(grids) and not is_form_table(grids[0])


def is_key(name: str) -> bool:
    """Returns whether a form may have this key."""
    return bool(_KEY.fullmatch(name))


def describe(forms: Sequence[Form]) -> list[DescribedContent]:
    """Describes these forms to an administrator: how much each asks, and the personal data it collects."""
    described = []
    for form in forms:
        asked = [each for each in form.walk() if each.kind not in ("group", "repeat", "note", "calculate")]
        collects = tuple(dict.fromkeys(each.meaning for each in form.walk() if each.meaning))
        questions = tuple(ContentQuestion(each.path, each.labels, each.meaning) for each in asked)
        described.append(
            DescribedContent(
                "forms", form.key, form.title, form.languages, len(asked), collects, questions, record_kind_of(form.key)
            )
        )
    return described


def fit_forms(forms: Sequence[Form], plugins: PluginSet, plugin_id: str) -> Sequence[Form]:
    """Returns the forms of a plugin. Raises `ContentInvalid` for one on a kind of record that no room has."""
    known = plugins.record_kinds
    unknown = {kind for form in forms if (kind := record_kind_of(form.key)) and kind not in known}
    findings = [
        Finding(f"forms/{path.name}", record_unknown(plugins, kind))
        for path in sorted((plugins.plugins[plugin_id].root / "forms").iterdir())
        if may_be_form(path) and (kind := record_kind_of(path.stem)) in unknown
    ]
    if findings:
        raise ContentInvalid(findings)
    return forms


def record_unknown(plugins: PluginSet, kind: str) -> Message:
    """Says that no room has this kind of record, and on which ones questions can be asked."""
    known = ", ".join(f"on_{name}" for name in sorted(plugins.record_kinds))
    return msg("No record is called “{kind}”. Extra questions stand in: {known}.", kind=kind, known=known)


def inspect_file(path: Path, languages: tuple[str, ...] = (), *, key: str = "") -> XlsformResult:
    """Returns the form of a file and its findings. The file is read anew only when it, or a file
    beside it, has changed. `key`: the form's, when it is not the name of the file."""
    others = (each for each in path.parent.iterdir() if each.is_file() and not may_be_form(each))
    beside = tuple(sorted((each.name, each.stat().st_mtime_ns) for each in others))
    return _inspect(path, (path.stat().st_mtime_ns, *beside), languages, key or path.stem)


@lru_cache(maxsize=64)
def _inspect(path: Path, _changed: tuple[object, ...], languages: tuple[str, ...], key: str) -> XlsformResult:
    return inspect(path, key=key, languages=languages, file=f"forms/{path.name}")

"""A form version for tools that read XLSForm or XForm, such as ODK and KoboToolbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec.structs import replace
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from spheres_core.facts import msg
from spheres_core.forms.choice_labels import pick
from spheres_core.forms.schemas import Form
from spheres_core.forms.xlsform.decompiler import draft_of_form
from spheres_core.forms.xlsform.drafts import Draft, DraftRow
from spheres_core.forms.xlsform.writer import draft_workbook
from spheres_core.foundation.content.packs import ContentInvalid, Finding

_TITLE: Final = "form_title"
_OURS: Final = frozenset({"meaning", "limit", "retired"})
"""Columns that other tools do not know."""


def portable_workbook(form: Form) -> tuple[bytes, tuple[Finding, ...]]:
    """Returns an XLSForm (.xlsx) that other tools read too, and a finding for what it cannot say."""
    draft = draft_of_form(form)
    return draft_workbook(replace(draft, settings=_settings(form, draft))), tuple(_findings(form))


def xform(form: Form) -> tuple[bytes, tuple[Finding, ...]]:
    """Returns the form as pyxform's XForm XML, and a finding for each thing that it cannot say.

    Raises `ContentInvalid` with pyxform's reason when it cannot write such a form.
    """
    draft = draft_of_form(form)
    retired = {each.id for each in draft.choices if each.cells.get("retired")}
    sheets = {
        "survey": _rows(draft.survey),
        "choices": _rows(tuple(each for each in draft.choices if each.id not in retired)),
        "settings": [dict(_settings(form, draft))],
    }
    try:
        made = convert(xlsform={name: rows for name, rows in sheets.items() if rows}, validate=False, form_name="data")
    except PyXFormError as error:
        raise ContentInvalid([_refusal(form, str(error))]) from None
    except Exception as error:  # pyxform meets what it has not thought of
        raise ContentInvalid([_refusal(form, type(error).__name__)]) from None
    dropped = any(row.cells.keys() & _OURS for row in (*draft.survey, *draft.choices))
    said = msg("XForm has no place for meanings, limits of texts and entries, and retired choices; they are left out.")
    more = [Finding(form.key, said, severity="warning")] if dropped else []
    return made.xform.encode(), (*_findings(form), *more)


def _settings(form: Form, draft: Draft) -> Mapping[str, str]:
    own = {name: text for name, text in draft.settings.items() if not name.startswith(_TITLE)}
    return own | {_TITLE: pick(form.title, form.default_language) or form.key, "version": form.version}


def _rows(rows: tuple[DraftRow, ...]) -> list[dict[str, Any]]:
    return [{name: text for name, text in row.cells.items() if name not in _OURS} for row in rows]


def _findings(form: Form) -> list[Finding]:
    if len({text for text in form.title.values() if text}) < 2:
        return []
    said = msg("Other tools know one title of a form; it is the one in {language}.", language=form.default_language)
    return [Finding(form.key, said, severity="warning")]


def _refusal(form: Form, reason: str) -> Finding:
    return Finding(form.key, msg("pyxform cannot write this form as XForm: {reason}", reason=" ".join(reason.split())))

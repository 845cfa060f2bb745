"""Which rows have a value that a rule gives: from the beginning, or always."""

from __future__ import annotations

from typing import Final

from pyxform.utils import default_is_dynamic

from spheres_core.forms.default_answers import TODAY
from spheres_core.forms.xlsform.question_types import QuestionType
from spheres_core.forms.xlsform.rule_cells import YES
from spheres_core.forms.xlsform.sheets import SheetRow

LAST_SAVED: Final = "${last-saved#"
"""How a default names an answer of the form that was saved before on the same device."""
_ODK: Final = {"datetime": "dateTime"}


def is_dynamic_default(row: SheetRow, kind: QuestionType) -> bool:
    """Returns whether a `default` is a rule, as ODK tells it. A date that begins with the day itself is kept so."""
    default = row.cell("default").strip()
    if LAST_SAVED in default:
        return False
    if kind.kind == "date" and default == TODAY:
        return False
    return bool(default_is_dynamic(default, _ODK.get(kind.kind, kind.kind)))


def is_computed(row: SheetRow, kind: QuestionType) -> bool:
    """Returns whether a question that is shown has a value that nobody gives: a calculation, or a default by a rule
    that nobody changes."""
    read_only = row.cell("read_only").strip().lower() in YES
    return bool(row.cell("calculation")) or (read_only and is_dynamic_default(row, kind))

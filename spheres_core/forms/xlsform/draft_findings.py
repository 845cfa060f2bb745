"""Finds everything that stands against a draft, each finding at the row and column of the draft that it is about."""

from __future__ import annotations

from msgspec import Struct

from spheres_core.facts import Message
from spheres_core.forms.form_media import FilesBeside, no_files
from spheres_core.forms.schemas import Form
from spheres_core.forms.xlsform.drafts import CHOICES, FIRST_ROW, SURVEY, Draft, tables_of
from spheres_core.forms.xlsform.reader import inspect
from spheres_core.foundation.content.packs import Finding


class DraftFinding(Struct, frozen=True):
    """One thing to mend in a draft."""

    message: Message
    severity: str
    """`error` or `warning`."""
    row: str = ""
    """The id of the row; empty when it is about the form as a whole."""
    column: str = ""
    """The key of the cell; empty when it is about the whole row."""


class CheckedDraft(Struct, frozen=True):
    """A draft as its reader understands it."""

    form: Form | None
    """The form version that it would become; None while an error stands against it."""
    findings: tuple[DraftFinding, ...]

    @property
    def errors(self) -> tuple[DraftFinding, ...]:
        return tuple(each for each in self.findings if each.severity == "error")


def check_draft(
    draft: Draft, *, key: str, languages: tuple[str, ...] = (), role: str = "", files: FilesBeside = no_files
) -> CheckedDraft:
    """Reads a draft as a form file is read. `languages`, `role` and `files` as for `reader.inspect`."""
    reading = inspect(tables_of(draft, key), key=key, languages=languages, role=role, files=files)
    return CheckedDraft(reading.form, tuple(_placed(draft, each) for each in reading.findings))


def _placed(draft: Draft, finding: Finding) -> DraftFinding:
    rows = draft.rows(finding.sheet) if finding.sheet in (SURVEY, CHOICES) else ()
    place = (finding.row or 0) - FIRST_ROW
    id = rows[place].id if 0 <= place < len(rows) else ""
    return DraftFinding(finding.message, finding.severity, id, finding.column or "" if id else "")

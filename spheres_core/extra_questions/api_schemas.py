"""Structs that the API sends and receives of extra questions."""

import datetime as dt
from typing import Any
from uuid import UUID

from msgspec import Struct

from spheres_core.forms.views.summary import FormShown


class ExtraAnswersPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """Answers by question name. `version` is that of the answers as they were read, 0 when there were none."""

    answers: dict[str, Any]
    version: int
    form_version: str | None = None
    """The version of the form as it was read; the answers are refused when another is asked by now."""
    language: str | None = None


class ExtraSection(Struct, frozen=True):
    """The extra questions of one form on a record, and what was answered."""

    form: str
    """The form's key: `on_<kind>.<plugin>`, or `on_<kind>` for the region's own."""
    title: str
    plugin: str | None
    """The plugin that asks; null for the region itself."""
    asked: bool
    """Whether it is asked today: false when its plugin is off or the form was retired. The answers stay."""
    asked_version: str | None
    """The version of the form that is asked today."""
    version: int
    """Counts how often the answers were written; 0 when there are none."""
    form_version: str | None
    """The version of the form that was answered."""
    language: str | None
    answers: dict[str, Any] | None
    changed_at: dt.datetime | None
    changed_by: UUID | None


class ExtraSections(Struct, frozen=True):
    """All extra questions on one record."""

    record_kind: str
    record: UUID
    sections: list[ExtraSection]


class ExtraSectionRead(Struct, frozen=True):
    """One form on a record, with its questions as they are asked today."""

    section: ExtraSection
    questions: FormShown | None

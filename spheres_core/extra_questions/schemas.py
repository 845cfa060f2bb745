"""Structs of extra questions and their answers."""

import datetime as dt
from typing import Any
from uuid import UUID

from msgspec import Struct

from spheres_core.forms.schemas import Form


class StoredAnswers(Struct, frozen=True):
    """Answers as they are kept."""

    id: UUID
    form: str
    form_version: str
    language: str
    answers: bytes
    version: int
    changed_at: dt.datetime
    changed_by: UUID | None


class RecordAnswers(StoredAnswers, frozen=True):
    """Answers with the record that they are on."""

    record: UUID


class GivenAnswers(Struct, frozen=True):
    """Answers, unsealed, with the form version that asked."""

    values: dict[str, Any]
    form: Form
    language: str
    version: int
    changed_at: dt.datetime
    changed_by: UUID | None


class Section(Struct, frozen=True):
    """The extra questions of one form on one record, and what was answered."""

    form: str
    """The form's key."""
    origin: str
    """The plugin that asks; empty for the region itself."""
    asked: Form | None
    """The form as it is asked today; None when its plugin is off or it was retired."""
    given: GivenAnswers | None

    @property
    def shown_form(self) -> Form:
        """Returns the version by which the section is shown: the one that was answered, else today's."""
        form = self.given.form if self.given else self.asked
        assert form is not None
        return form

    @property
    def version(self) -> int:
        """Returns the version of the answers; 0 when there are none."""
        return self.given.version if self.given else 0

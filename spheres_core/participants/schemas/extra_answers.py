"""Structs of extra questions on records of her file, and of what was answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.extra_questions.schemas import GivenAnswers

FormKey = Annotated[str, Meta(pattern=r"^on_[a-z0-9_]{1,40}(\.[a-z0-9_]{1,40})?$")]


class ExtraSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Answers to one form of extra questions, sent with the record that they belong to."""

    answers: dict[str, Any] = {}
    """By the question's name, as the form's schema says."""
    her_words: dict[str, Any] | None = None
    """Answers to questions for her own words, where they are sent apart, as they are read. Left out and null are the
    same: they stand among `answers` then, or there are none."""
    form_version: str | None = None
    """The version of the form as it was read: refused with 409 when another is asked by now."""
    language: str | None = None


Extra = Annotated[dict[FormKey, ExtraSent], Meta(max_length=40)]
"""Extra answers by form. Of a new record each form that is not named is left unanswered; of one that is changed, what
was answered to it stays."""


class ExtraGiven(Struct, frozen=True):
    """Answers to one form of extra questions, with what the reader may read."""

    answers: dict[str, Any]
    her_words: dict[str, Any] | None
    """Answers in her own words; null when the reader may not read them."""
    form_version: str
    """The version of the form that was answered, by which they are read."""
    language: str


class ExtraFound(Struct, frozen=True):
    """A row of answers."""

    id: UUID
    about: UUID
    information: str
    form: str
    form_version: str
    language: str
    version: int
    answers: bytes | None
    author: UUID | None
    written_at: dt.datetime


class ExtraVersion(Struct, frozen=True):
    """The answers to all forms as they stood in one version of a record."""

    version: int
    extra: dict[str, ExtraGiven]
    by: UUID | None
    at: dt.datetime


class ExtraChecked(Struct, frozen=True):
    """Answers that hold, and what hooks are told of them."""

    given: tuple[GivenAnswers, ...] = ()
    """One for each form that was answered, her words among the values."""
    meanings: Mapping[str, Any] = {}
    """Answers with a meaning, in codes and numbers; never a word."""

    @property
    def has_answers(self) -> bool:
        """Returns whether anything was answered."""
        return any(each.values for each in self.given)

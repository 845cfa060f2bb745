"""Structs of drafts: words about a participant that somebody has not sent yet."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

Field = Annotated[str, Meta(min_length=1, max_length=400)]
"""A field's name; of an extra question with its form before it, `on_need.night_bus/stop`."""
Typed = Annotated[str, Meta(max_length=20_000)]
Several = Annotated[list[Typed], Meta(max_length=60)]
"""The values of a field that may be sent more than once: the boxes that are ticked."""


class FileDraftPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """A form as it stands now. All of its fields, also those that are hidden at the moment."""

    form: Annotated[str, Meta(min_length=1, max_length=60)]
    values: Annotated[Mapping[Field, Typed | Several], Meta(max_length=400)]
    number: Annotated[int, Meta(ge=1, le=2**53)]
    """Counts upwards within a copy, such as milliseconds: an older save that arrives late changes nothing."""
    about: UUID | None = None
    """The record that is being changed; null for a new one."""
    base: Annotated[int, Meta(ge=0)] = 0
    """The version of that record that you saw."""


class FileDraftSaved(Struct, frozen=True):
    """A draft that was saved."""

    copy: UUID
    saved_at: dt.datetime
    not_kept: list[str]
    """Fields that you may not write about her now; and any that the form does not have."""


class FileDraft(Struct, frozen=True):
    """A draft of yours: you began to write it and did not send it."""

    copy: UUID
    form: str
    title: str
    """The form's, in your language."""
    about: UUID | None
    base: int
    values: dict[str, str | list[str]]
    """Fields of the classes that you may read now."""
    saved_at: dt.datetime


class FileDraftDiscarded(Struct, frozen=True):
    """A draft that was thrown away."""

    state: Literal["discarded"] = "discarded"


class FileDrafts(Struct, frozen=True):
    """Your drafts about one participant, the last saved first."""

    drafts: list[FileDraft]
    closed: int = 0
    """Drafts of which you may not read everything now. They stay kept until their deadline, and stand here if what
    closed them ends before."""


class FileDraftListed(Struct, frozen=True):
    """A draft of yours as it stands in a list, without words."""

    copy: UUID
    participant: str
    """Her code."""
    form: str
    about: UUID | None
    saved_at: dt.datetime


class StoredFileDraft(Struct, frozen=True):
    """A draft's row of one class of information."""

    id: UUID
    copy_id: UUID
    form: str
    about: UUID | None
    base: int
    number: int
    body: bytes
    saved_at: dt.datetime

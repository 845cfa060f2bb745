"""Structs of the API with which scripts write forms: what is asked, drafts, publishing."""

import datetime as dt
from typing import Annotated

from msgspec import Meta, Struct

from spheres_core.foundation.languages.localization import Text

Cell = Annotated[str, Meta(max_length=20_000)]
Key = Annotated[str, Meta(max_length=40)]
Version = Annotated[str, Meta(max_length=40)]


class FormVersionListed(Struct, frozen=True):
    """A version of a form that was asked here once."""

    version: str
    origin: str
    """The plugin that brought it; empty when the region wrote it."""
    published_at: dt.datetime


class DraftListed(Struct, frozen=True):
    """A form that is being written."""

    revision: int
    base_version: str
    """The version that it was begun from or published as last; empty when it began empty or from a file."""
    changed_at: dt.datetime


class EditableForm(Struct, frozen=True):
    """A form that is asked here, was asked, or is being written."""

    key: str
    version: str
    """The version that is asked today; empty when none is."""
    origin: str
    """The plugin that brought it; empty when the region wrote it, or when none is asked."""
    retired: bool
    """The region asks it of nobody, whatever its packs bring."""
    versions: list[FormVersionListed]
    draft: DraftListed | None


class EditableForms(Struct, frozen=True):
    """Every form that can be edited here."""

    forms: list[EditableForm]


class RowOfDraft(Struct, frozen=True):
    """One row of a draft, as in an XLSForm."""

    cells: dict[Cell, Cell]
    """By column: `type`, `name`, `label::fr`, `relevant`, …"""
    id: Cell = ""
    """Stays when the row moves. Rows that are new have none."""


class FindingOfDraft(Struct, frozen=True):
    """One thing to mend."""

    message: Text
    severity: str
    """`error` or `warning`; a form with an error cannot be published."""
    row: str
    """The id of the row; empty when it is about the form as a whole."""
    column: str


class DraftShown(Struct, frozen=True):
    """A draft with what stands against it."""

    key: str
    revision: int
    base_version: str
    changed_at: dt.datetime
    languages: list[str]
    settings: dict[str, str]
    survey: list[RowOfDraft]
    choices: list[RowOfDraft]
    version: str
    """The version that it would be published as; empty while an error stands against it."""
    findings: list[FindingOfDraft]


class DraftBegun(Struct, frozen=True, forbid_unknown_fields=True):
    """Which form to begin writing, and from what."""

    key: Key
    start: str = "version"
    """`version` (a published one) or `empty`."""
    version: Version = ""
    """The version to begin from; today's when left out."""


class DraftPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """All of a draft, in the place of what it holds."""

    revision: int
    """The revision that was read; refused with 409 when a colleague has changed the draft meanwhile."""
    languages: list[Key]
    survey: list[RowOfDraft]
    choices: list[RowOfDraft] = []
    settings: dict[Cell, Cell] = {}


class DraftToPublish(Struct, frozen=True, forbid_unknown_fields=True):
    """Which state of the draft is meant."""

    revision: int


class VersionToAsk(Struct, frozen=True, forbid_unknown_fields=True):
    """Which published version is asked from now on."""

    version: Version


class FormInForce(Struct, frozen=True):
    """The version of a form that is asked from now on."""

    key: str
    version: str
    """Empty when the form is asked of nobody."""

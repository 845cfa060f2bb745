"""Structs of the API about a region's own packs."""

import datetime as dt
from typing import Literal
from uuid import UUID

from msgspec import Struct

from spheres_core.foundation.languages.localization import Text

PackState = Literal["draft", "in_force", "before"]


class PackVersion(Struct, frozen=True):
    """A version of a pack of the region's own. `before`: it was in force once."""

    id: UUID
    plugin: str
    title: Text
    version: str
    state: PackState
    uploaded_at: dt.datetime
    published_at: dt.datetime | None


class PackVersions(Struct, frozen=True):
    """Versions, the newest first within their pack."""

    packs: list[PackVersion]


class PackFinding(Struct, frozen=True):
    """A remark about an uploaded pack, and its place: a cell of a sheet, or a line or key of a file."""

    file: str
    sheet: str | None
    row: int | None
    column: str | None
    line: int | None
    key: str | None
    severity: str
    message: Text


class PackUploaded(Struct, frozen=True):
    """The version that was made, which is not in force yet, and what a person should look at."""

    id: UUID
    findings: list[PackFinding]


class PackChange(Struct, frozen=True):
    """One difference from what is in force."""

    part: str
    what: str
    kind: Text
    before: str
    after: str


class PackShown(Struct, frozen=True):
    """A version, what stands against putting it in force, and how it differs from what is."""

    pack: PackVersion
    problems: list[Text]
    changes: list[PackChange]
    more: int
    """Differences that are not listed."""
    back_to: str | None
    """The version that taking it back leads to; null for what is installed here, or for none."""


class PackNamed(Struct, frozen=True, forbid_unknown_fields=True):
    """A pack by its plugin's id."""

    plugin: str


class PackSwitched(Struct, frozen=True):
    """The state of a pack after the act."""

    state: Literal["in_force", "taken_back", "discarded"]

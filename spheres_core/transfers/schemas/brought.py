"""Structs of what came along from another region."""

import datetime as dt
from uuid import UUID

from msgspec import Struct

from spheres_core.transfers.schemas.messages import CarriedEntry, EntryKind


class BroughtContent(Struct, frozen=True):
    """The sealed part of an entry that came along."""

    region: str
    entry: CarriedEntry


class BroughtFound(Struct, frozen=True):
    """A row of what came along."""

    id: UUID
    information: str
    kind: EntryKind
    onward: bool
    content: bytes
    brought_on: dt.date
    dated_on: dt.date


class BroughtEntry(Struct, frozen=True):
    """One thing that came along from another region."""

    id: UUID
    region: str
    information: str
    kind: EntryKind
    on: dt.date
    brought_on: dt.date
    what: str
    words: str
    language: str
    hers: bool
    by: str
    """Who wrote it there; empty where names did not come along."""
    onward: bool
    """Whether she agreed that it is passed on from here."""

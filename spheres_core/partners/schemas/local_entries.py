"""Structs of a region's own edits of its directory, as its file carries them to another home."""

import datetime as dt
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct, field

Way = Literal["changed", "given_back", "took_new", "kept_ours", "wrote_own"]
"""How a field came to be as it is here."""


class CarriedConflict(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A field that awaits a decision; None where a side says nothing."""

    version: str
    since: dt.date
    before: Any = None
    theirs: Any = None


class CarriedField(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A field that was changed here, with the reason. None where it holds, or held, nothing."""

    why: str
    at: dt.datetime
    value: Any = None
    was: Any = None
    way: Way = "changed"
    conflict: CarriedConflict | None = None


class CarriedEntry(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An entry of the directory that another home would not have, or not like this, from the plugins alone."""

    table: str
    key: str
    origin: str
    brought: str
    """The entry as its source said it last, as JSON: enough to have it where the source does not bring it."""
    id: UUID | None = None
    """Its id, for an entry that no plugin of the region brings; other systems know it by that."""
    withdrawn_on: dt.date | None = None
    fields: dict[str, CarriedField] = field(default_factory=dict)

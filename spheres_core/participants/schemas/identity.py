"""Structs of the identity vault."""

import datetime as dt
from typing import Annotated, Final
from uuid import UUID

from msgspec import Meta, Struct

LEAST_REASON: Final = 20
"""Characters of a reason for opening an identity."""
Name = Annotated[str, Meta(max_length=200)]
LanguageTag = Annotated[str, Meta(pattern=r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3})?$", max_length=35)]
Reason = Annotated[
    str,
    Meta(max_length=1000, description=f"Why, in at least {LEAST_REASON} characters; coordinators read it."),
]


class Identity(Struct, frozen=True, forbid_unknown_fields=True):
    """Who a participant is. All of it is sealed with the vault's own key."""

    legal_name: Name = ""
    chosen_name: Name = ""
    pronouns: Annotated[str, Meta(max_length=60)] = ""
    birthday: dt.date | None = None
    languages: Annotated[tuple[LanguageTag, ...], Meta(max_length=12)] = ()
    """Tags of the languages that she speaks, the one she likes best first."""
    interpreter: LanguageTag = ""
    """The language for which she wants an interpreter; empty for none."""


class StoredIdentity(Struct, frozen=True):
    """A version of an identity as it is kept."""

    id: UUID
    version: int
    content: bytes
    written_at: dt.datetime
    written_by: UUID | None


class IdentityElsewhere(Struct, frozen=True):
    """A file that she has in another region."""

    region: str
    """The region's name in addresses."""
    code: str
    """Her code there."""


class IdentityRead(Struct, frozen=True):
    """An identity that was opened."""

    participant: str
    """Her code."""
    version: int
    """Counts how often it was written; 0 when nothing is kept."""
    identity: Identity
    written_at: dt.datetime | None
    written_by: UUID | None
    elsewhere: list[IdentityElsewhere] = []
    """Her files in other regions, from which she came or to which she went."""


class IdentityOpened(Struct, frozen=True, forbid_unknown_fields=True):
    """Why an identity is opened."""

    reason: Reason


class IdentityPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """An identity to write. `version` is that of the identity as it was read, 0 when there was none."""

    identity: Identity
    version: int
    reason: Reason


class StoredOpening(Struct, frozen=True):
    """An opening of an identity as it is kept."""

    id: UUID
    code_of: UUID
    code: bytes
    opened_at: dt.datetime
    opened_by: UUID | None
    purpose: str
    act: str
    reason: bytes


class IdentityOpening(Struct, frozen=True):
    """That an identity was opened: by whom, when and why."""

    id: UUID
    participant: str
    """Her code."""
    opened_at: dt.datetime
    opened_by: UUID | None
    """A member of staff."""
    purpose: str
    act: str
    """read, or write: it was opened to be changed."""
    reason: str

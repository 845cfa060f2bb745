"""Structs of participants as they are found, and of their files as the API shows them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from msgspec import Struct

from spheres_core.consents.queries.access import Access
from spheres_core.consents.schemas import Purpose


class ParticipantListed(Struct, frozen=True):
    """A participant in a list."""

    id: UUID
    code: str


class ParticipantAccess(Struct, frozen=True):
    """A participant whom the caller may know of, for one purpose. Made by `queries.access.find_for_caller`."""

    id: UUID
    code: str
    purpose: str
    reader: Mapping[str, Any]
    """The parameters of `consents.queries.readable.permitted`."""
    decided: Access
    """The rows that let the caller know of her, and all others that decide about her."""


class SaidBefore(Struct, frozen=True):
    """Holds what was said of her before she took part: the forms of her file offer it, and nobody types it again."""

    name: str = ""
    """How she is called."""
    phone: str = ""
    email: str = ""
    language: str = ""
    """The tag of one of the region's languages, as she prefers; empty where nobody said it."""
    age: int | None = None
    """Completed years today, as far as they are known."""
    community: str = ""
    needs: tuple[str, ...] = ()
    """Codes."""


class ParticipantsShown(Struct, frozen=True):
    """A page of participants whom the caller may know of, newest first."""

    items: list[ParticipantListed]
    purposes: Mapping[UUID, list[Purpose]]
    """By id, the purposes for which the caller has to do with her."""
    next: str | None
    """The cursor of the page after this one; None on the last page."""


class ParticipantLine(Struct, frozen=True):
    """A participant in a list of the API."""

    participant: str
    """Her code."""
    purposes: list[Purpose]
    """The purposes for which the caller has to do with her."""


class ParticipantPage(Struct, frozen=True):
    """A page of participants, newest first."""

    items: list[ParticipantLine]
    next: str | None
    """The cursor of the page after this one; null on the last page."""


class ParticipantFile(Struct, frozen=True):
    """A participant's file, with what the caller may read now."""

    participant: str
    """Her code."""
    purpose: str
    """The purpose for which it was read."""
    classes: dict[str, dict[str, Any]]
    """By class of information that the caller may read, its sections by name; a section in which nothing is kept is
    null. Her identity stands in no section: it is opened by an act of its own."""
    withheld: list[str]
    """The other classes, whether or not something is kept of them."""

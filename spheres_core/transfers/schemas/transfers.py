"""Structs of a transfer in the region that offers it."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.consents.api_schemas import Age
from spheres_core.consents.schemas import Giver
from spheres_core.followups.schemas.participations import Agreement
from spheres_core.followups.schemas.words import Words
from spheres_core.participants.schemas.identity import LanguageTag
from spheres_core.transfers.schemas.messages import CarriedEntry, RefusalReason

TransferState = Literal["offered", "accepted", "refused", "withdrawn", "expired"]
Slug = Annotated[str, Meta(max_length=40)]
Digest = Annotated[str, Meta(max_length=64)]


class TransferAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """A transfer as you speak about it with her: where to, what goes along, and her agreement."""

    region: Slug
    """The other region's name in addresses."""
    agreement: Agreement
    """Her own agreement to go on there. Nobody else's stands for it."""
    age: Age
    """Her completed years on the day of her agreement."""
    classes: Annotated[list[Annotated[str, Meta(max_length=100)]], Meta(max_length=20)] = []
    """Classes of information that go along; none but that she takes part when empty."""
    giver: Giver = "herself"
    """Who agreed to what goes along."""
    holder: Annotated[str, Meta(max_length=100)] = ""
    """Key of the organization that holds what goes along; empty for the program."""
    benefit: Words = ""
    """Why it is clearly for her benefit, with the giver `benefit`. Sealed."""
    onward: bool = False
    """Whether the other region may pass it on."""
    names: bool = False
    """Whether the names of those who wrote go along."""
    language: LanguageTag = ""
    """The tag of the language in which she wants to be spoken to there."""


class TransferPosted(TransferAsked, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A transfer to offer, as it was previewed."""

    seen: Digest
    """`digest` of the preview; when something has changed since, it is refused with 409 and a new preview."""


class TransferPreview(Struct, frozen=True):
    """Exactly what would go along."""

    region: str
    classes: list[str]
    onward: bool
    names: bool
    entries: list[CarriedEntry]
    digest: str


class Transfer(Struct, frozen=True):
    """A transfer to another region, and what became of it."""

    id: UUID
    region: str
    state: TransferState
    version: int
    classes: list[str]
    onward: bool
    names: bool
    reason: RefusalReason | None
    offered_at: dt.datetime
    ends_at: dt.datetime
    """Until then the other region may answer."""
    ended_at: dt.datetime | None
    to_tell: bool
    """Whether she is still to be told how it ended."""


class Region(Struct, frozen=True):
    """Another region of this server to which files go."""

    slug: str
    name: str
    language: str
    """The tag of the language of the name."""


class Transfers(Struct, frozen=True):
    """Her transfers, the newest first, and where to she can go on."""

    transfers: list[Transfer]
    regions: list[Region]
    classes: list[str]
    """Classes that can go along, as far as the caller may read them."""


class TransferSeen(Struct, frozen=True, forbid_unknown_fields=True):
    """The version of a transfer that was seen; another one is refused with 409."""

    version: int


class TransferFound(Struct, frozen=True):
    """A transfer's row."""

    id: UUID
    participant_id: UUID
    participation_id: UUID
    region: str
    classes: list[str]
    onward: bool
    names: bool
    consent_id: UUID
    state: TransferState
    reason: RefusalReason | None
    from_state: Literal["active", "paused"]
    version: int
    content: bytes | None
    teller: UUID | None
    told_at: dt.datetime | None
    ends_at: dt.datetime
    offered_at: dt.datetime
    offered_by: UUID | None
    ended_at: dt.datetime | None
    dated_on: dt.date

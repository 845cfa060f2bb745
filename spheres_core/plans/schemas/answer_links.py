"""Structs of links by which somebody without an account answers one service request."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.plans.schemas.requests import RequestAnswered

LinkState = Literal["open", "expired", "revoked", "over"]
"""`over`: the request has ended."""


Secret = Annotated[str, Meta(max_length=200)]
"""The letters after the `#` of a link."""


class LinkOpened(Struct, frozen=True, forbid_unknown_fields=True):
    """A link that somebody has."""

    secret: Secret


class AnsweredByLink(Struct, frozen=True, forbid_unknown_fields=True):
    """The next step of the request that a link leads to."""

    secret: Secret
    answer: RequestAnswered


class AnswerLink(Struct, frozen=True):
    """A link that was made. Its secret is not kept."""

    id: UUID
    made_at: dt.datetime
    expires_at: dt.datetime
    state: LinkState
    made_by: UUID | None


class AnswerLinks(Struct, frozen=True):
    """Links of one request, the last first."""

    links: list[AnswerLink]


class AnswerLinkMade(Struct, frozen=True):
    """A link that was just made."""

    id: UUID
    expires_at: dt.datetime
    link: str
    """To hand over; shown this once."""


class AnswerLinkFound(Struct, frozen=True):
    """A link's row."""

    id: UUID
    participant_id: UUID
    request_id: UUID
    organization: str
    made_at: dt.datetime
    expires_at: dt.datetime
    revoked_at: dt.datetime | None
    author: UUID | None

"""Roles, and what is known of staff, as frozen structs."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.facts import Message, msg

ROLES: dict[str, Message] = {
    "coordinator": msg("Coordinator"),
    "pivot_worker": msg("Pivot worker"),
    "committee_member": msg("Committee member"),
    "clinical_support": msg("Clinical support"),
    "liaison": msg("Liaison"),
    "administrator": msg("Administrator"),
    "privacy_officer": msg("Privacy officer"),
    "evaluator": msg("Evaluator"),
    "content_editor": msg("Content editor"),
}
"""What a person may be here. Rooms and plugins say which of them carry which permission."""


class Settings(Struct, frozen=True):
    """`[settings.staff]` of a tenant's file."""

    invitation_days: Annotated[int, Meta(ge=1, le=30)] = 7
    """Days for which an invitation is open."""


class Member(Struct, frozen=True):
    """One person on the staff, as an administrator sees her."""

    id: UUID
    name: str
    email: str
    roles: tuple[str, ...]
    organization: str | None
    """Key of the partner organization she works for; None for the programme itself."""
    active: bool
    chooses_referral_mail: bool
    language: str | None
    """The tag she chose; None: no wish."""
    created_at: dt.datetime
    last_sign_in_at: dt.datetime | None


class Session(Struct, frozen=True):
    """One browser in which a person is signed in. Which browser is not kept."""

    started_at: dt.datetime
    last_seen_at: dt.datetime
    current: bool
    key: str
    """What it is ended by; says nothing of its secret."""
    device: str | None = None


class Token(Struct, frozen=True):
    """A token as it can be shown: never its text."""

    id: UUID
    label: str
    roles: tuple[str, ...]
    created_at: dt.datetime
    expires_at: dt.datetime
    revoked_at: dt.datetime | None


class Invitation(Struct, frozen=True):
    """An invitation as an administrator sees it: never its link."""

    id: UUID
    email: str
    name: str
    roles: tuple[str, ...]
    language: str
    created_at: dt.datetime
    expires_at: dt.datetime
    state: str
    """open, expired, accepted or revoked."""


class Invited(Struct, frozen=True):
    """What came of inviting somebody."""

    id: UUID
    expires_at: dt.datetime
    link: str | None
    """To hand over; shown this once. None: it leaves by mail."""


class Held(Struct, frozen=True):
    """What hangs on one person's account."""

    sessions: int
    tokens: int
    """Tokens of hers that other systems use."""
    invitations: int
    """Open invitations that she made."""
    alone_in: tuple[str, ...]
    """Her roles that nobody else who can sign in has."""


class InvitationPosted(Struct, frozen=True):
    """Whom to invite."""

    email: Annotated[str, Meta(max_length=254)]
    name: Annotated[str, Meta(max_length=200)]
    roles: Annotated[tuple[Annotated[str, Meta(max_length=64)], ...], Meta(max_length=20)]
    language: Annotated[str, Meta(max_length=35)] = ""
    """One of the tenant's languages; the first when empty."""
    hand_over: bool = False
    """Answer with the link, although mail could carry it."""


class RenewalPosted(Struct, frozen=True):
    """How an invitation goes out again."""

    hand_over: bool = False


class RolesPosted(Struct, frozen=True):
    """The roles that a person has from now on."""

    roles: Annotated[tuple[Annotated[str, Meta(max_length=64)], ...], Meta(max_length=20)]


class SignIn(Struct, frozen=True):
    """What the sign-in form sends."""

    email: str = ""
    password: str = ""
    next: str = ""

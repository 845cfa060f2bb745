"""Roles, and what is known of staff, as frozen structs."""

import datetime as dt
from uuid import UUID

from msgspec import Struct

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
    created_at: dt.datetime
    last_sign_in_at: dt.datetime | None


class Session(Struct, frozen=True):
    """One browser in which a person is signed in. Which browser is not kept."""

    started_at: dt.datetime
    last_seen_at: dt.datetime
    current: bool
    device: str | None = None


class Token(Struct, frozen=True):
    """A token as it can be shown: never its text."""

    id: UUID
    label: str
    roles: tuple[str, ...]
    created_at: dt.datetime
    expires_at: dt.datetime
    revoked_at: dt.datetime | None


class SignIn(Struct, frozen=True):
    """What the sign-in form sends."""

    email: str = ""
    password: str = ""
    next: str = ""

"""Roles, and the structs of members, sessions, tokens and invitations."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.facts import Message, msg
from spheres_core.notifications.schemas import Channel, Pace, QuietHours

ROLES: dict[str, Message] = {
    "coordinator": msg("Coordinator"),
    "pivot_worker": msg("Pivot worker"),
    "committee_member": msg("Committee member"),
    "clinical_support": msg("Clinical support"),
    "liaison": msg("Liaison"),
    "on_call_partner": msg("On call partner"),
    "administrator": msg("Administrator"),
    "privacy_officer": msg("Privacy officer"),
    "evaluator": msg("Evaluator"),
    "content_editor": msg("Content editor"),
}
"""The core's roles. Rooms and plugins say which of them carry which permission; plugins add roles of their own."""

ROLE_PURPOSES: dict[str, Message] = {
    "coordinator": msg("Looks at referrals and takes them to their next step."),
    "pivot_worker": msg("Follows the young people who take part."),
    "committee_member": msg("Takes part in the Clinical Committee."),
    "clinical_support": msg("Takes the requests that are addressed to a partner."),
    "liaison": msg("Keeps one partner's services and hours up to date."),
    "on_call_partner": msg("Opens an emergency plan at any hour, with a reason, where she has agreed to it."),
    "administrator": msg("Looks after accounts, plugins and settings; sees no referral."),
    "privacy_officer": msg("Reads who saw and changed what."),
    "evaluator": msg("Sees numbers, never names."),
    "content_editor": msg("Writes and translates pages and terms."),
}
"""Sentences that say what each role is for, beside its box."""


InvitationState = Literal["open", "expired", "accepted", "revoked"]
TokenState = Literal["valid", "expired", "revoked"]


class Member(Struct, frozen=True):
    """One person on the staff, as an administrator sees her."""

    id: UUID
    name: str
    email: str
    roles: tuple[str, ...]
    organization: str | None
    """Key of the partner organization she works for; None for the program itself."""
    active: bool
    chooses_referral_mail: bool
    message_pace: Pace
    quiet_hours: QuietHours | None
    """By the region's clock; None: messages come at any hour."""
    message_channel: Channel
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
    """Names the session when it is to be ended; says nothing of its secret."""
    device: str | None = None


class Token(Struct, frozen=True):
    """A token as it can be shown: never its text."""

    id: UUID
    label: str
    roles: tuple[str, ...]
    """For one that acts as a member of staff, the roles that she has now."""
    made_by: UUID | None
    """Member of staff with whose account it ends; None: made by command on the server."""
    maker: str | None
    """Name of that member."""
    acts_as_maker: bool
    """Whether it acts as that member, with her roles and standings of the moment."""
    created_at: dt.datetime
    expires_at: dt.datetime
    last_used_at: dt.datetime | None
    """Exact to a minute; None: never used."""
    revoked_at: dt.datetime | None
    state: TokenState


class Invitation(Struct, frozen=True):
    """An invitation as an administrator sees it: never its link."""

    id: UUID
    email: str
    name: str
    roles: tuple[str, ...]
    language: str
    created_at: dt.datetime
    expires_at: dt.datetime
    state: InvitationState
    organization: str | None = None
    """Key of the partner organization that the person works for."""


class InvitationIssued(Struct, frozen=True):
    """An invitation that was made or renewed."""

    id: UUID
    expires_at: dt.datetime
    link: str | None
    """To hand over; shown this once. None: it leaves by mail."""


class RecoveryIssued(Struct, frozen=True):
    """A link for recovering access that was made."""

    expires_at: dt.datetime
    sessions_ended: int
    link: str | None
    """To hand over; shown this once. None: it leaves by mail."""


class AccountUsage(Struct, frozen=True):
    """Counts of what ends when an account is closed."""

    sessions: int
    tokens: int
    """Valid tokens that this person made."""
    invitations: int
    """Open invitations that this person made."""
    alone_in: tuple[str, ...]
    """Roles of this person that nobody else who can sign in has."""


class MemberRead(Struct, frozen=True):
    """One account with its usage."""

    member: Member
    held: AccountUsage


class StaffList(Struct, frozen=True):
    """Everybody on the staff, by name."""

    staff: list[Member]


class InvitationList(Struct, frozen=True):
    """Invitations of the last weeks, newest first."""

    invitations: list[Invitation]


class TokenList(Struct, frozen=True):
    """Tokens that are valid, and those that ended in the last weeks; newest first."""

    tokens: list[Token]


class TokenRevoked(Struct, frozen=True):
    """A token that was revoked."""

    state: Literal["revoked"] = "revoked"


class AccountOpened(Struct, frozen=True):
    """An account that was opened again."""

    active: Literal[True] = True


class InvitationRevoked(Struct, frozen=True):
    """An invitation that was revoked."""

    state: Literal["revoked"] = "revoked"


class InvitationPosted(Struct, frozen=True):
    """An invitation as it is asked for."""

    email: Annotated[str, Meta(max_length=254)]
    name: Annotated[str, Meta(max_length=200)]
    roles: Annotated[tuple[Annotated[str, Meta(max_length=64)], ...], Meta(max_length=20)]
    language: Annotated[str, Meta(max_length=35)] = ""
    """One of the tenant's languages; the first when empty."""
    hand_over: bool = False
    """Answer with the link, although mail could carry it."""
    organization: Annotated[str, Meta(max_length=100)] = ""
    """Key of the partner organization that the person works for; empty for the program itself."""


class RenewalPosted(Struct, frozen=True):
    """Options for sending an invitation again."""

    hand_over: bool = False


class RolesPosted(Struct, frozen=True):
    """Roles that a person has from now on, and the organization that she works for."""

    roles: Annotated[tuple[Annotated[str, Meta(max_length=64)], ...], Meta(max_length=20)]
    organization: Annotated[str, Meta(max_length=100)] | None = None
    """Its key; empty for the program itself, null to leave it as it is."""


class SignInPosted(Struct, frozen=True):
    """Fields of the sign-in form."""

    email: str = ""
    password: str = ""
    next: str = ""
    kept: str = ""
    """A form that was not sent yet, sealed."""

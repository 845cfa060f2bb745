"""Staff, the ways in which they and other systems are known, and failed attempts. Names and addresses are sealed."""

import datetime as dt
from uuid import UUID

from sqlalchemy import Boolean, Index, Integer, LargeBinary, SmallInteger, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from spheres_core.foundation.database.schema import Base, own_tenant, tenant_key, within_tenant


class StaffRow(Base):
    """A person who works here."""

    __tablename__ = "staff"
    __table_args__ = (own_tenant(), UniqueConstraint("tenant_id", "email_index"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed."""
    email_index: Mapped[bytes] = mapped_column(LargeBinary)
    """Blind index of the normalized address: how a person is found when she signs in."""
    name: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed."""
    password_hash: Mapped[bytes] = mapped_column(LargeBinary)
    """Argon2id, and sealed on top: whoever has the database but not the key file has nothing to guess against."""
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    organization: Mapped[str | None] = mapped_column(Text)
    """Key of a partner organization. No reference: the directory may change without changing who works here."""
    active: Mapped[bool] = mapped_column(Boolean)
    chooses_referral_mail: Mapped[bool] = mapped_column(Boolean)
    """Wants an e-mail when something new arrives: a referral, an inquiry."""
    message_pace: Mapped[str] = mapped_column(Text)
    """at_once or daily."""
    quiet_from: Mapped[int | None] = mapped_column(SmallInteger)
    """The hour of the region's clock from which no message comes; None, as `quiet_until`: messages come at any hour."""
    quiet_until: Mapped[int | None] = mapped_column(SmallInteger)
    message_channel: Mapped[str] = mapped_column(Text)
    """mail, or text: by text message where a number is confirmed and the region has a gateway, else by mail."""
    language: Mapped[str | None] = mapped_column(Text)
    """The tag that the person chose for pages after signing in and for messages; None: no wish."""
    created_at: Mapped[dt.datetime]
    last_sign_in_at: Mapped[dt.datetime | None]


class WaitingMessage(Base):
    """A message for somebody who wants it later. It has no words: that something waits is all it will say."""

    __tablename__ = "waiting_messages"
    __table_args__ = (
        own_tenant(),
        within_tenant("staff_id", "staff"),
        Index(None, "tenant_id", "staff_id"),
        Index(None, "tenant_id", "due_at"),
    )
    tenant_id: Mapped[UUID] = tenant_key()
    staff_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    """The trail entry it is sent because of. No reference: the trail is deleted by its own rules."""
    due_at: Mapped[dt.datetime]


class StaffNumber(Base):
    """The telephone to which somebody wants her messages. It gets none before she typed back the code sent there."""

    __tablename__ = "staff_numbers"
    __table_args__ = (own_tenant(), within_tenant("staff_id", "staff"))
    tenant_id: Mapped[UUID] = tenant_key()
    staff_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed."""
    code: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: the code that was sent and has not been typed back; None once the number is confirmed."""
    code_ends_at: Mapped[dt.datetime | None]
    confirmed_at: Mapped[dt.datetime | None]


class StaffSession(Base):
    """A browser in which somebody is signed in. The secret in its cookie is not here, only the hash of it."""

    __tablename__ = "staff_sessions"
    __table_args__ = (own_tenant(), within_tenant("staff_id", "staff"), Index(None, "tenant_id", "staff_id"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    """SHA-256 of the cookie's 256 random bits; no slow hash is needed for that much chance."""
    staff_id: Mapped[UUID]
    created_at: Mapped[dt.datetime]
    last_seen_at: Mapped[dt.datetime]
    narrowed_to: Mapped[UUID | None]
    """The participant whom it shows, and nothing else any more. No reference: participants are above staff."""


class KnownBrowser(Base):
    """A browser from which a person has signed in. It opens nothing; see `queries.known_browsers`."""

    __tablename__ = "known_browsers"
    __table_args__ = (own_tenant(), within_tenant("staff_id", "staff"), Index(None, "tenant_id", "staff_id"))
    tenant_id: Mapped[UUID] = tenant_key()
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    """Keyed hash of the cookie's secret together with the account, so that it is good for no other."""
    staff_id: Mapped[UUID]
    expires_at: Mapped[dt.datetime]


class SignInAttempts(Base):
    """Failed attempts under one key: of who guesses, at one account (also one that is not there), from one address."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (own_tenant(),)
    tenant_id: Mapped[UUID] = tenant_key()
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    """Blind index; neither address can be read from it."""
    failures: Mapped[int] = mapped_column(Integer)
    last_failed_at: Mapped[dt.datetime]


class ApiToken(Base):
    """A secret for another system. Only its hash is kept."""

    __tablename__ = "api_tokens"
    __table_args__ = (own_tenant(), UniqueConstraint("tenant_id", "hash"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    label: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed: it may name a person."""
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    made_by: Mapped[UUID | None]
    """Member of staff who answers for it, and with whose account it ends; None: made by command on the server."""
    acts_as_maker: Mapped[bool] = mapped_column(Boolean)
    """Whether it acts as that person, with her roles and standings of the moment; it has no roles of its own then."""
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    last_used_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]


class AccountRecovery(Base):
    """A link for one account: whoever brings its secret chooses the account's new password."""

    __tablename__ = "account_recoveries"
    __table_args__ = (own_tenant(), within_tenant("staff_id", "staff"), UniqueConstraint("tenant_id", "hash"))
    tenant_id: Mapped[UUID] = tenant_key()
    staff_id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256 of 256 random bits that stand only in the link, and nowhere here."""
    made_by: Mapped[UUID | None]
    """Member of staff who made it; None: made by command on the server."""
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]


class StaffInvitation(Base):
    """An invitation for one person: whoever brings its secret chooses a password and is on the staff."""

    __tablename__ = "staff_invitations"
    __table_args__ = (own_tenant(), UniqueConstraint("tenant_id", "hash"))
    tenant_id: Mapped[UUID] = tenant_key()
    id: Mapped[UUID] = mapped_column(primary_key=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256 of 256 random bits that stand only in the link, and nowhere here."""
    email: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed."""
    email_index: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed."""
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    organization: Mapped[str | None] = mapped_column(Text)
    """Key of the partner organization that the person works for; None for the program itself."""
    language: Mapped[str] = mapped_column(Text)
    """Tag of the invited person's language."""
    made_by: Mapped[UUID | None]
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    accepted_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]

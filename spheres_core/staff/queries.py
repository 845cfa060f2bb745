"""Questions about staff. What comes back is opened from its seal, so ask only for somebody who may know."""

import datetime as dt
import unicodedata
from collections.abc import Iterable
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Text, Uuid, any_, bindparam, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.notifications.schemas import Recipient
from spheres_core.staff.models import ApiToken, StaffInvitation, StaffRow, StaffSession
from spheres_core.staff.schemas import Member, Session, Token

IDLE = dt.timedelta(minutes=30)
"""A session ends when it has not been used for so long."""
LONGEST = dt.timedelta(hours=12)
"""A session ends then, however much it is used."""

staff = table(StaffRow)
sessions = table(StaffSession)
tokens = table(ApiToken)
invitations = table(StaffInvitation)

_MAIL = {"referral.received": staff.c.chooses_referral_mail, "inquiry.received": staff.c.chooses_referral_mail}
"""What a person can choose to be told by e-mail, by the trail's verb."""


class _Person(Struct, frozen=True):
    id: UUID
    name: bytes
    email: bytes
    roles: list[str]
    organization: str | None
    active: bool
    chooses_referral_mail: bool
    language: str | None
    created_at: dt.datetime
    last_sign_in_at: dt.datetime | None


class _Token(Struct, frozen=True):
    id: UUID
    label: bytes
    roles: list[str]
    created_at: dt.datetime
    expires_at: dt.datetime
    revoked_at: dt.datetime | None


_ids = bindparam("ids", type_=ARRAY(Uuid()))
_person = [staff.c[name] for name in _Person.__struct_fields__]
EVERYONE = prepare(select(*_person).where(scoped(staff)), into=_Person)
ONE = prepare(select(*_person).where(scoped(staff), staff.c.id == bindparam("id")), into=_Person)
CHOSE = {
    verb: prepare(
        select(staff.c.id, staff.c.email, staff.c.language)
        .where(scoped(staff), staff.c.active, chose)
        .where(bindparam("role", type_=Text()) == any_(staff.c.roles))
    )
    for verb, chose in _MAIL.items()
}
NAMES = prepare(
    select(staff.c.id, literal("staff"), literal("name"), staff.c.name)
    .where(scoped(staff), staff.c.id == any_(_ids))
    .union_all(
        select(tokens.c.id, literal("api_tokens"), literal("label"), tokens.c.label).where(
            scoped(tokens), tokens.c.id == any_(_ids)
        )
    )
)
SESSIONS = prepare(
    select(sessions.c.id, sessions.c.created_at, sessions.c.last_seen_at)
    .where(scoped(sessions), sessions.c.staff_id == bindparam("staff_id"))
    .where(sessions.c.created_at > bindparam("oldest"), sessions.c.last_seen_at > bindparam("idle_since"))
    .order_by(sessions.c.last_seen_at.desc())
)
TOKENS = prepare(
    select(*(tokens.c[name] for name in _Token.__struct_fields__))
    .where(scoped(tokens))
    .order_by(tokens.c.created_at.desc()),
    into=_Token,
)


async def members(ctx: Context) -> list[Member]:
    """Everybody on the staff, by name."""
    found = [_opened(ctx, person) for person in await ctx.db.all(EVERYONE)]
    return sorted(found, key=lambda member: ctx.locale.sort_key(member.name))


async def member(ctx: Context, id: UUID) -> Member | None:
    """One person on the staff."""
    person = await ctx.db.one_or_none(ONE, id=id)
    return None if person is None else _opened(ctx, person)


async def who_chose(ctx: Context, verb: str, *, role: str) -> list[Recipient]:
    """Active staff with this role who chose to be told of this verb. KeyError: a verb that nobody can choose."""
    rows = await ctx.db.all(CHOSE[verb], role=role)
    found = [
        Recipient(id, ctx.keys.open("staff", id, "email", sealed).decode(), language) for id, sealed, language in rows
    ]
    return sorted(found, key=lambda each: each.address)


async def names_of(ctx: Context, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of staff and labels of tokens, for whoever may see who acted. Ids that are neither are left out."""
    wanted = list(set(ids))
    rows = await ctx.db.all(NAMES, ids=wanted) if wanted else []
    return {id: ctx.keys.open(table_, id, column, sealed).decode() for id, table_, column, sealed in rows}


async def sessions_of(ctx: Context, staff_id: UUID, *, current: bytes) -> list[Session]:
    """Where a person is signed in, last used first. `current` is the id of the session that asks."""
    rows = await ctx.db.all(SESSIONS, staff_id=staff_id, oldest=ctx.now - LONGEST, idle_since=ctx.now - IDLE)
    return [
        Session(created_at, last_seen_at, id == current, session_key(ctx, id)) for id, created_at, last_seen_at in rows
    ]


def session_key(ctx: Context, id: bytes) -> str:
    """A name for a session that its owner may be shown."""
    return ctx.keys.blind("session", id.hex()).hex()


async def all_tokens(ctx: Context) -> list[Token]:
    """Every token, newest first, those that are no longer good too."""
    return [
        Token(
            each.id,
            ctx.keys.open("api_tokens", each.id, "label", each.label).decode(),
            tuple(each.roles),
            each.created_at,
            each.expires_at,
            each.revoked_at,
        )
        for each in await ctx.db.all(TOKENS)
    ]


def normalized(email: str) -> str:
    """An address as it is compared: one way of writing it, whatever its capitals and accents."""
    clean = email.encode("utf-8", "replace").decode()
    return unicodedata.normalize("NFC", clean.strip()).casefold()


def _opened(ctx: Context, person: _Person) -> Member:
    return Member(
        id=person.id,
        name=ctx.keys.open("staff", person.id, "name", person.name).decode(),
        email=ctx.keys.open("staff", person.id, "email", person.email).decode(),
        roles=tuple(person.roles),
        organization=person.organization,
        active=person.active,
        chooses_referral_mail=person.chooses_referral_mail,
        language=person.language,
        created_at=person.created_at,
        last_sign_in_at=person.last_sign_in_at,
    )

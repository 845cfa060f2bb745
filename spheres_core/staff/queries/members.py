"""Queries about the people on the staff. Names and addresses are unsealed, so only for readers who may know them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Boolean, Text, Uuid, and_, any_, bindparam, case, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.audit import operations as audit
from spheres_core.facts import msg
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict, NotFound
from spheres_core.foundation.plugins.registrations import EVERY_ROLE
from spheres_core.foundation.tenancy.context import Context
from spheres_core.notifications.schemas import Channel, Pace, QuietHours, Recipient
from spheres_core.staff.account_details import normalized_email
from spheres_core.staff.authorization import acting_member_id, require_manager
from spheres_core.staff.models import ApiToken, StaffNumber, StaffRow
from spheres_core.staff.queries import invitations, sessions, tokens
from spheres_core.staff.schemas import AccountUsage, Member, MemberRead, Session

staff = table(StaffRow)
_tokens = table(ApiToken)
_numbers = table(StaffNumber)

_MAIL = {"referral.received": staff.c.chooses_referral_mail, "inquiry.received": staff.c.chooses_referral_mail}
"""Columns that say who wants an e-mail, by the trail's verb."""


class MemberUnknown(NotFound):
    """No such person is on this tenant's staff."""


class AccountClosed(Conflict):
    """The account was closed on purpose."""

    code = "account_closed"
    message = msg("This account is closed. Open it again first.")


class Credentials(Struct, frozen=True):
    """The password hash of an account, out of its seal, and whether the account is open."""

    id: UUID
    password_hash: str
    active: bool


class ActiveMember(Struct, frozen=True):
    """Somebody whose account is open, without her name."""

    id: UUID
    roles: list[str]
    organization: str | None


class _Row(Struct, frozen=True):
    id: UUID
    name: bytes
    email: bytes
    roles: list[str]
    organization: str | None
    active: bool
    chooses_referral_mail: bool
    message_pace: Pace
    quiet_from: int | None
    quiet_until: int | None
    message_channel: Channel
    language: str | None
    created_at: dt.datetime
    last_sign_in_at: dt.datetime | None


class _RecipientRow(Struct, frozen=True):
    id: UUID
    email: bytes
    language: str | None
    message_pace: Pace
    quiet_from: int | None
    quiet_until: int | None
    message_channel: Channel
    """text only where her number is confirmed."""


_ids = bindparam("ids", type_=ARRAY(Uuid()))
_columns = [staff.c[name] for name in _Row.__struct_fields__]
ALL = prepare(select(*_columns).where(scoped(staff)), into=_Row)
ONE = prepare(select(*_columns).where(scoped(staff), staff.c.id == bindparam("id")), into=_Row)
BY_EMAIL = prepare(
    select(staff.c.id, staff.c.password_hash, staff.c.active).where(
        scoped(staff), staff.c.email_index == bindparam("email_index")
    )
)
PASSWORD_HASH = prepare(select(staff.c.password_hash).where(scoped(staff), staff.c.id == bindparam("id")))
OTHERS_ROLES = prepare(
    select(func.unnest(staff.c.roles)).where(scoped(staff), staff.c.active, staff.c.id != bindparam("which")).distinct()
)
_numbered = exists().where(scoped(_numbers), _numbers.c.staff_id == staff.c.id, _numbers.c.confirmed_at.is_not(None))
_recipient = select(
    *[staff.c[name] for name in _RecipientRow.__struct_fields__[:-1]],
    case((and_(staff.c.message_channel == "text", _numbered), "text"), else_="mail"),
)
WANT_MAIL = {
    verb: prepare(
        _recipient.where(scoped(staff), staff.c.active, wants).where(
            bindparam("role", type_=Text()) == any_(staff.c.roles)
        ),
        into=_RecipientRow,
    )
    for verb, wants in _MAIL.items()
}
HOLDERS_WHO_WANT_MAIL = prepare(
    _recipient.where(scoped(staff), staff.c.active, staff.c.chooses_referral_mail)
    .where(or_(bindparam("every", type_=Boolean()), staff.c.roles.op("&&")(bindparam("roles", type_=ARRAY(Text())))))
    .where(or_(bindparam("of_organization", type_=Text()) == "", staff.c.organization == bindparam("of_organization"))),
    into=_RecipientRow,
)
THOSE_WHO_WANT_MAIL = prepare(
    _recipient.where(scoped(staff), staff.c.active, staff.c.chooses_referral_mail).where(
        staff.c.id == any_(bindparam("ids", type_=ARRAY(Uuid())))
    ),
    into=_RecipientRow,
)
_holds = or_(bindparam("every", type_=Boolean()), staff.c.roles.op("&&")(bindparam("roles", type_=ARRAY(Text()))))
HOLDERS = prepare(select(staff.c.id).where(scoped(staff), staff.c.active, _holds).order_by(staff.c.id))
ACTIVE_FOR_SHARE = prepare(
    select(staff.c.id, staff.c.roles, staff.c.organization)
    .where(scoped(staff), staff.c.id == bindparam("id"), staff.c.active)
    .with_for_update(read=True),
    into=ActiveMember,
)
"""Locked, so that whoever closes the account at the same moment finds what was given to it."""
NAMES = prepare(
    select(staff.c.id, literal("staff"), literal("name"), staff.c.name)
    .where(scoped(staff), staff.c.id == any_(_ids))
    .union_all(
        select(_tokens.c.id, literal("api_tokens"), literal("label"), _tokens.c.label).where(
            scoped(_tokens), _tokens.c.id == any_(_ids)
        )
    )
)


async def list_members(ctx: Context) -> list[Member]:
    """Returns everybody on the staff, sorted by name."""
    found = [_unsealed(ctx, row) for row in await ctx.db.all(ALL)]
    return sorted(found, key=lambda member: ctx.locale.sort_key(member.name))


async def find_member(ctx: Context, id: UUID) -> Member | None:
    """Returns one person on the staff, or None."""
    row = await ctx.db.one_or_none(ONE, id=id)
    return None if row is None else _unsealed(ctx, row)


async def get_member(ctx: Context, id: UUID) -> Member:
    """Returns one person on the staff. Raises `MemberUnknown`."""
    found = await find_member(ctx, id)
    if found is None:
        raise MemberUnknown
    return found


async def show_staff(ctx: Context) -> list[Member]:
    """Returns everybody on the staff to a manager, and writes to the trail that they were shown."""
    require_manager(ctx)
    found = await list_members(ctx)
    await audit.record(ctx, "staff.listed", shown=[member.id for member in found])
    return found


async def show_member(ctx: Context, id: UUID) -> MemberRead:
    """Returns one account and its usage to a manager, and writes that to the trail. Raises `MemberUnknown`."""
    require_manager(ctx)
    found = await get_member(ctx, id)
    await audit.record(ctx, "staff.shown", subject=("staff", id))
    return MemberRead(found, await usage_of(ctx, found))


async def show_own_account(ctx: Context, cookie: str) -> tuple[Member, list[Session]]:
    """Returns the account of the person who asks, and the sessions in which she is signed in."""
    id = acting_member_id(ctx)
    return await get_member(ctx, id), await sessions.sessions_of(ctx, id, cookie=cookie)


async def usage_of(ctx: Context, member: Member) -> AccountUsage:
    """Counts what ends when this account is closed, and names the roles that nobody else would have."""
    others = {role for (role,) in await ctx.db.all(OTHERS_ROLES, which=member.id)}
    return AccountUsage(
        sessions=await sessions.count_sessions(ctx, member.id),
        tokens=await tokens.count_tokens(ctx, made_by=member.id),
        invitations=await invitations.count_open_invitations(ctx, made_by=member.id),
        alone_in=tuple(role for role in member.roles if role not in others) if member.active else (),
    )


async def find_credentials(ctx: Context, email: str) -> Credentials | None:
    """Returns what a person who signs in with this address is checked against, or None."""
    row = await ctx.db.one_or_none(BY_EMAIL, email_index=email_index(ctx, email))
    if row is None:
        return None
    id, sealed, active = row
    return Credentials(id, _unsealed_hash(ctx, id, sealed), active)


async def password_hash_of(ctx: Context, id: UUID) -> str:
    """Returns the stored password hash of an account that exists."""
    return _unsealed_hash(ctx, id, await ctx.db.scalar(PASSWORD_HASH, id=id))


async def member_with_address(ctx: Context, email: str) -> UUID | None:
    """Returns who on the staff has this address; None when nobody has."""
    row = await ctx.db.one_or_none(BY_EMAIL, email_index=email_index(ctx, email))
    return None if row is None else row[0]


async def has_account(ctx: Context, email: str) -> bool:
    """Tells whether somebody on the staff has this address, with an open account or a closed one."""
    return await ctx.db.one_or_none(BY_EMAIL, email_index=email_index(ctx, email)) is not None


async def who_wants_mail(ctx: Context, verb: str, *, role: str) -> list[Recipient]:
    """Returns active staff with this role who want an e-mail about this verb of the trail.

    Raises KeyError for a verb that nobody can choose.
    """
    return _recipients(ctx, await ctx.db.all(WANT_MAIL[verb], role=role))


async def holders_who_want_mail(ctx: Context, permission: str, *, organization: str = "") -> list[Recipient]:
    """Returns active staff who have this permission and chose to get mail when something waits.

    `organization`: only those who work for it.
    """
    known = ctx.plugins.permissions.get(permission)
    if known is None:
        return []
    every = EVERY_ROLE in known.roles
    found = await ctx.db.all(HOLDERS_WHO_WANT_MAIL, every=every, roles=list(known.roles), of_organization=organization)
    return _recipients(ctx, found)


async def those_who_want_mail(ctx: Context, ids: Sequence[UUID]) -> list[Recipient]:
    """Returns which of these are active and chose to get mail when something waits."""
    return _recipients(ctx, await ctx.db.all(THOSE_WHO_WANT_MAIL, ids=list(ids))) if ids else []


async def holders(ctx: Context, permission: str) -> list[UUID]:
    """Returns the ids of active staff who have this permission."""
    known = ctx.plugins.permissions.get(permission)
    if known is None:
        return []
    every = EVERY_ROLE in known.roles
    return [id for (id,) in await ctx.db.all(HOLDERS, every=every, roles=list(known.roles))]


async def hold_active(ctx: Context, id: UUID) -> ActiveMember | None:
    """Returns somebody whose account stays open until the transaction ends; None when it is not open."""
    return await ctx.db.one_or_none(ACTIVE_FOR_SHARE, id=id)


def _recipients(ctx: Context, rows: Sequence[_RecipientRow]) -> list[Recipient]:
    found = [
        Recipient(
            row.id,
            ctx.keys.open("staff", row.id, "email", row.email).decode(),
            row.language,
            pace=row.message_pace,
            quiet=quiet_hours(row.quiet_from, row.quiet_until),
            channel=row.message_channel,
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: each.address)


def quiet_hours(begins: int | None, ends: int | None) -> QuietHours | None:
    """Returns the hours that somebody keeps free of messages; None without."""
    return None if begins is None or ends is None else QuietHours(begins, ends)


async def names_of(ctx: Context, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Returns names of staff and labels of tokens, for readers who may see who acted. Leaves out ids of neither."""
    wanted = list(set(ids))
    rows = await ctx.db.all(NAMES, ids=wanted) if wanted else []
    return {id: ctx.keys.open(table_, id, column, sealed).decode() for id, table_, column, sealed in rows}


def email_index(ctx: Context, email: str) -> bytes:
    """Returns the blind index by which an address is found."""
    return ctx.keys.blind("staff e-mail", normalized_email(email))


def _unsealed_hash(ctx: Context, id: UUID, sealed: bytes) -> str:
    return ctx.keys.open("staff", id, "password_hash", sealed).decode()


def _unsealed(ctx: Context, row: _Row) -> Member:
    return Member(
        id=row.id,
        name=ctx.keys.open("staff", row.id, "name", row.name).decode(),
        email=ctx.keys.open("staff", row.id, "email", row.email).decode(),
        roles=tuple(row.roles),
        organization=row.organization,
        active=row.active,
        chooses_referral_mail=row.chooses_referral_mail,
        message_pace=row.message_pace,
        quiet_hours=quiet_hours(row.quiet_from, row.quiet_until),
        message_channel=row.message_channel,
        language=row.language,
        created_at=row.created_at,
        last_sign_in_at=row.last_sign_in_at,
    )

"""Makes accounts and sets their passwords."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import bindparam, insert, update

from spheres_core.audit import operations as audit
from spheres_core.facts import msg
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff import password_hashing
from spheres_core.staff.account_details import check_details, names_to_avoid
from spheres_core.staff.authorization import require_manager
from spheres_core.staff.passwords import check_password
from spheres_core.staff.queries.members import email_index, has_account, staff


class EmailTaken(Conflict):
    """Somebody on this tenant's staff has this address."""

    code = "email_taken"
    message = msg("Somebody on the staff has this e-mail already.")


ADD = prepare(insert(staff))
SET_PASSWORD = prepare(
    update(staff).where(scoped(staff), staff.c.id == bindparam("which")).values(password_hash=bindparam("sealed"))
)


async def create_account(
    ctx: Context,
    email: str,
    *,
    name: str,
    roles: Iterable[str],
    password: str,
    organization: str | None = None,
    chooses_referral_mail: bool = False,
) -> UUID:
    """Makes an account and returns its id.

    Raises `EmailTaken`, `TooBusy`, or `DetailsInvalid` or `PasswordWeak` with the places.
    """
    require_manager(ctx)
    given = tuple(dict.fromkeys(roles))
    check_details(ctx, email, name, given)
    check_password(password, names=names_to_avoid(ctx, email, name))
    async with password_hashing.hashing_slot(ctx.tenant.id):
        if await has_account(ctx, email):
            raise EmailTaken
        password_hash = await password_hashing.hash_password(password)
    return await add_account(
        ctx, email, name=name, roles=given, password_hash=password_hash, organization=organization,
        chooses_referral_mail=chooses_referral_mail,
    )  # fmt: skip


async def add_account(
    ctx: Context,
    email: str,
    *,
    name: str,
    roles: Sequence[str],
    password_hash: str,
    organization: str | None = None,
    chooses_referral_mail: bool = False,
    language: str | None = None,
) -> UUID:
    """Writes a new account whose details and password have been checked, and returns its id."""
    id = uuid7()
    await ctx.db.run(
        ADD,
        id=id,
        email=ctx.keys.seal("staff", id, "email", email.strip()),
        email_index=email_index(ctx, email),
        name=ctx.keys.seal("staff", id, "name", name.strip()),
        password_hash=ctx.keys.seal("staff", id, "password_hash", password_hash),
        roles=list(roles),
        organization=organization,
        active=True,
        chooses_referral_mail=chooses_referral_mail,
        message_pace="at_once",
        message_channel="mail",
        language=language,
        created_at=ctx.now,
    )
    await audit.record(ctx, "staff.created", subject=("staff", id), details={"roles": list(roles)})
    return id


async def store_password(ctx: Context, staff_id: UUID, password: str) -> None:
    """Hashes and writes a password that has been checked. Call it inside `hashing_slot`."""
    made = await password_hashing.hash_password(password)
    await ctx.db.run(SET_PASSWORD, which=staff_id, sealed=ctx.keys.seal("staff", staff_id, "password_hash", made))

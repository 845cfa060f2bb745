"""Signs staff in with an e-mail and a password."""

from spheres_core.audit import operations as audit
from spheres_core.facts import msg
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff import password_hashing
from spheres_core.staff.operations import accounts, login_throttle
from spheres_core.staff.operations.sessions import begin_session
from spheres_core.staff.queries.known_browsers import find_known_browser, genuine_secret
from spheres_core.staff.queries.members import Credentials, find_credentials


class SignInFailed(Invalid):
    """No such account, not its password, or a closed account: the answer is the same."""

    code = "sign_in_failed"
    message = msg("The e-mail or the password is not right.")


def is_genuine(ctx: Context, email: str, browser: str) -> bool:
    """Tells whether the cookie of a browser was made here for this account."""
    return bool(genuine_secret(ctx, email, browser))


async def sign_in(
    ctx: Context, email: str, password: str, *, source: str = "", earlier: str = "", browser: str = ""
) -> str:
    """Begins a session and returns its secret, for the cookie.

    `source`: the caller's address; `earlier`: the session's cookie that the browser had until now; `browser`: the
    cookie by which it may be known for this account.
    Raises `SignInFailed`, `SignInPaused` or `TooBusy`. A failure is kept although the answer is a refusal.
    """
    async with password_hashing.hashing_slot(ctx.tenant.id, reserved=is_genuine(ctx, email, browser)):
        known = await find_known_browser(ctx, email, browser)
        keys = login_throttle.keys_for_sign_in(ctx, email, source, browser=known)
        await login_throttle.refuse_while_paused(ctx, keys)
        found = await find_credentials(ctx, email)
        right = await password_hashing.verify_password(found.password_hash if found else None, password)
        if found is None or not right or not found.active:
            await _record_failure(ctx, keys, found, right=right)
            raise SignInFailed
        if password_hashing.needs_rehash(found.password_hash):
            await accounts.store_password(ctx, found.id, password)
    await login_throttle.clear_failures(ctx, keys)
    return await begin_session(ctx, found.id, earlier=earlier)


async def _record_failure(
    ctx: Context, keys: login_throttle.ThrottleKeys, found: Credentials | None, *, right: bool
) -> None:
    await login_throttle.count_failure(ctx, keys)
    reason = "unknown" if found is None else "switched_off" if right else "password"
    subject = ("staff", found.id) if found else None
    await audit.record(ctx, "staff.sign_in_failed", subject=subject, details={"reason": reason})
    ctx.db.commit_on_refusal = True

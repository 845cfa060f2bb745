"""Queries about known browsers: those from which somebody signed in, by a cookie that is good for her account only.

The cookie opens nothing. It says that failures elsewhere are not hers, so that she need not wait for them; wrong
passwords from the known browser itself are counted for it alone. Only a keyed hash of its secret, together with the
account, is kept. Its name and its signature follow from the address that was typed, whether or not it has an account.
"""

import hmac

from sqlalchemy import bindparam, select

from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.access_secrets import SECRET_LENGTH
from spheres_core.staff.account_details import normalized_email
from spheres_core.staff.models import KnownBrowser

browsers = table(KnownBrowser)
FIND = prepare(
    select(browsers.c.key).where(
        scoped(browsers), browsers.c.key == bindparam("key"), browsers.c.expires_at > bindparam("now")
    )
)


def cookie_suffix(ctx: Context, email: str) -> str:
    """Returns the end of the cookie's name for this address: people who share a browser have one each."""
    return ctx.keys.blind("known browser name", normalized_email(email)).hex()[:16]


def signed_secret(ctx: Context, email: str, secret: str) -> str:
    """Returns the value of the cookie: the secret and a signature, which only this tenant's key makes."""
    signature = ctx.keys.blind("known browser signature", f"{normalized_email(email)}\0{secret}")
    return f"{secret}.{signature.hex()}"


def genuine_secret(ctx: Context, email: str, cookie: str) -> str:
    """Returns the secret in a cookie that was signed here for this address; empty for any other. Asks no database."""
    secret = cookie[:SECRET_LENGTH]
    is_signed = cookie.isascii() and hmac.compare_digest(signed_secret(ctx, email, secret), cookie)
    return secret if is_signed else ""


def browser_key(ctx: Context, email: str, secret: str) -> bytes:
    """Returns the keyed hash under which a browser is kept for one account."""
    return ctx.keys.blind("known browser", f"{normalized_email(email)}\0{secret}")


async def find_known_browser(ctx: Context, email: str, cookie: str) -> bytes | None:
    """Returns the key of the browser that this cookie makes known for this address, or None."""
    secret = genuine_secret(ctx, email, cookie)
    if not secret:
        return None
    found: bytes | None = await ctx.db.scalar(FIND, key=browser_key(ctx, email, secret), now=ctx.now)
    return found

"""Remembers the browsers from which somebody has signed in, and forgets them."""

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from msgspec import Struct
from sqlalchemy import DateTime, bindparam, delete, insert, or_, select

from spheres_core.audit import operations as audit
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotAllowed
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.access_secrets import new_secret
from spheres_core.staff.operations.authentication import authenticate
from spheres_core.staff.queries.known_browsers import (
    browser_key,
    browsers,
    cookie_suffix,
    find_known_browser,
    signed_secret,
)
from spheres_core.staff.queries.members import get_member

KNOWN_FOR = dt.timedelta(days=90)
"""How long after the last sign-in a browser is known."""
MOST_KNOWN = 10
"""Browsers of one account; the one that was not used for the longest time is forgotten first."""

_moment = DateTime(timezone=True)
ADD = prepare(insert(browsers))
FORGET = prepare(delete(browsers).where(scoped(browsers), browsers.c.key == bindparam("key")))
FORGET_ALL = prepare(delete(browsers).where(scoped(browsers), browsers.c.staff_id == bindparam("staff_id")))
_newest = (
    select(browsers.c.key)
    .where(scoped(browsers), browsers.c.staff_id == bindparam("staff_id"))
    .order_by(browsers.c.expires_at.desc())
    .limit(MOST_KNOWN - 1)
)
FORGET_OLD = prepare(
    delete(browsers)
    .where(scoped(browsers), browsers.c.staff_id == bindparam("staff_id"))
    .where(or_(browsers.c.expires_at <= bindparam("now", type_=_moment), browsers.c.key.not_in(_newest)))
)


class BrowserCookie(Struct, frozen=True):
    """The cookie by which a browser is known for one account from now on."""

    suffix: str
    """End of its name."""
    value: str
    lasts: dt.timedelta = KNOWN_FOR


async def remember_browser(ctx: Context, session: str, *, sent_cookie: Callable[[str], str]) -> BrowserCookie:
    """Makes the browser in which a session has just begun known for its account, under a new secret.

    `sent_cookie`: returns the cookie that the browser sent under a suffix, or an empty string. A browser that was not
    known before stands in the trail. Raises `NotAllowed` when there is no such session.
    """
    actor = await authenticate(ctx, "", session)
    if actor is None or actor.id is None:
        raise NotAllowed
    email = (await get_member(ctx, actor.id)).email
    suffix, secret = cookie_suffix(ctx, email), new_secret()
    before = await find_known_browser(ctx, email, sent_cookie(suffix))
    if before is not None:
        await ctx.db.run(FORGET, key=before)
    await ctx.db.run(FORGET_OLD, staff_id=actor.id, now=ctx.now)
    key = browser_key(ctx, email, secret)
    await ctx.db.run(ADD, key=key, staff_id=actor.id, expires_at=ctx.now + KNOWN_FOR)
    if before is None:
        await audit.record(ctx, "staff.browser_remembered", subject=("staff", actor.id))
    return BrowserCookie(suffix, signed_secret(ctx, email, secret))


async def forget_browsers_of(ctx: Context, staff_id: UUID) -> None:
    """Makes no browser known for an account any more, as when it closes or its person signs out everywhere."""
    await ctx.db.run(FORGET_ALL, staff_id=staff_id)

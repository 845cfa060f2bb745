"""Limits for what anybody may post: by address, by region and in the whole system, within an hour of the first one.

They are counted in PostgreSQL before anything else is done, in a transaction of their own, so that they are exact
however many processes there are, and whatever becomes of the post. Of an address only a hash under the deployment's key
is counted, which changes every day.
"""

import datetime as dt
import ipaddress
import re
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from msgspec import Struct

from spheres_core.facts import msg
from spheres_core.foundation.database.transactions import Db
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.errors import Refusal

_COUNT: Final = "SELECT count_public_post($1, $2, $3)"
_SETTING: Final = re.compile(r"([a-z_]+)=(\d{1,9})/(\d{1,9})/(\d{1,9})")


class PostLimit(Struct, frozen=True):
    """Posts of one kind within an hour."""

    address: int
    region: int
    system: int


OTHER: Final = "other"
LIMITS: Final[Mapping[str, PostLimit]] = {
    "referrals": PostLimit(30, 300, 3_000),
    "attachments": PostLimit(30, 300, 3_000),
    "receipts": PostLimit(60, 1_000, 10_000),
    "inquiries": PostLimit(10, 100, 1_000),
    "advice": PostLimit(30, 300, 3_000),
    "entourage": PostLimit(10, 100, 1_000),
    "searches": PostLimit(600, 6_000, 60_000),
    "sign_in": PostLimit(120, 6_000, 30_000),
    "links": PostLimit(60, 600, 6_000),
    OTHER: PostLimit(60, 600, 6_000),
}
"""By kind; a whole office may share one address. `links` open invitations and recoveries, `other` is for plugins."""


class PostLimitsInvalid(ValueError):
    """`SPHERES_POST_LIMITS` names a kind that there is not, or is not written as it should be."""


class PostsPaused(Refusal):
    """One more than is taken within an hour; `extra["seconds"]` says how long to wait."""

    status = 429
    code = "posts_paused"
    message = msg("Too many requests came within an hour. Please try again later.")

    def __init__(self, seconds: int, *, kept: bool = False) -> None:
        """`kept`: the form is shown again with all that was typed."""
        minutes = -(-seconds // 60)
        said = msg("Too many requests came within an hour. Please try again in {minutes} min.", minutes=minutes)
        if kept:
            said = msg(
                "Too many requests came within an hour. What you typed is still here: please send it again in {minutes}"
                " min.",
                minutes=minutes,
            )
        super().__init__(said, extra={"seconds": seconds})


def read_limits(text: str) -> dict[str, PostLimit]:
    """Returns the usual limits with those that `referrals=30/300/3000 …` says. Raises `PostLimitsInvalid`."""
    limits = dict(LIMITS)
    for part in text.split():
        found = _SETTING.fullmatch(part)
        if found is None or found[1] not in LIMITS:
            raise PostLimitsInvalid(part)
        limits[found[1]] = PostLimit(int(found[2]), int(found[3]), int(found[4]))
    return limits


async def count_post(
    db: Db,
    keyring: Keyring,
    tenant_id: UUID,
    limit: PostLimit,
    kind: str,
    source: str,
    now: dt.datetime,
) -> None:
    """Counts one post, before its transaction `db` begins.

    Raises `PostsPaused`; who is over his own limit uses up nothing of anybody else's.
    """
    keys = [
        keyring.blind("public posts", kind, "address", str(now.date()), network(source)),
        keyring.blind("public posts", kind, "region", str(tenant_id)),
        keyring.blind("public posts", kind, "system"),
    ]
    seconds = await db.ask_before(_COUNT, keys, [limit.address, limit.region, limit.system], now)
    if seconds:
        raise PostsPaused(seconds)


def network(source: str) -> str:
    """Returns the address, or the /64 that an IPv6 address is in, which one household has; empty when it is unknown."""
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return ""
    if address.version == 6:
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)

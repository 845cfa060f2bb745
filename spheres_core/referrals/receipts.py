"""Receipts: a code to read aloud, and the little that it tells."""

import datetime as dt
import secrets

from spheres_core.referrals.schemas import ReceiptStateCode
from spheres_core.referrals.states import INITIAL

ALPHABET = "ABCDEFGHJKMNPQRTUVWXY346789"
"""No 0 and O, 1, I and L, 2 and Z, 5 and S: what is read aloud or copied by hand stays itself."""
LENGTH = 12
"""27 to the 12th: 57 bits."""


def new_receipt() -> str:
    """Returns a new receipt such as `KM4T-7R3X-9QPD`."""
    number, code = secrets.randbelow(len(ALPHABET) ** LENGTH), ""
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        code += ALPHABET[place]
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def normalize_receipt(typed: str) -> str:
    """Returns a receipt as it is hashed: without spaces and hyphens, in capitals."""
    return "".join(c for c in typed.upper() if c.isalnum())


def state_shown(
    state: str,
    ended_at: dt.datetime | None,
    withdrawal_asked_at: dt.datetime | None,
    now: dt.datetime,
    closes_after: dt.timedelta,
) -> ReceiptStateCode:
    """Returns the state that a receipt shows. Every ending looks the same, and no sooner than `closes_after` later.

    A withdrawal that was asked for closes the receipt like one that was done: else its staying open would tell the
    referrer that contact had been made.
    """
    since = [moment for moment in (ended_at, withdrawal_asked_at) if moment is not None]
    if since and now >= min(since) + closes_after:
        return "closed"
    return "received" if state == INITIAL and not since else "being_looked_at"

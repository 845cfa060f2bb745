"""Receipts: a code to read aloud, and the little that it tells."""

import datetime as dt
import secrets

from spheres_core.referrals.schemas import ReceiptStateCode
from spheres_core.referrals.states import INITIAL

ALPHABET = "ACDEFHJKNPRTWXY34678"
"""No two that look alike in capitals or small letters (0 O Q, 1 I L, 2 Z, 5 S, 6 b G, 8 B, 9 g q, u v, m rn): what is
read aloud or copied by hand stays itself. Codes given before with other letters are still found."""
LENGTH = 12
"""20 to the 12th: 51 bits, looked up under a keyed hash."""


def new_receipt() -> str:
    """Returns a new receipt such as `KH4T-7R3X-8WPD`."""
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

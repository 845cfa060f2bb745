"""Receipts: the little that one tells."""

import datetime as dt

from spheres_core.referrals.schemas import ReceiptStateCode
from spheres_core.referrals.states import INITIAL


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

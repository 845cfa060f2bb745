"""The token that a form carries: when it was opened, and a random number, signed so that nobody else can make one.

Eighteen bytes: seconds since 1970 (4), random (6), signature (8). A machine that posts at once, or what it saw
yesterday, is asked to take a moment; a person who pressed the button twice has sent one inquiry.
"""

import base64
import datetime as dt
import hmac
import secrets

from spheres_core.facts import msg
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context

SOONEST = dt.timedelta(seconds=3)
LATEST = dt.timedelta(hours=24)
_NUMBER = 10


class TooQuick(Invalid):
    """Sent sooner than anybody types."""

    code = "too_quick"
    message = msg("That was very quick. Please look it over and send it again.")


class FormExpired(Invalid):
    """The form was opened too long ago, or not here."""

    code = "form_old"
    message = msg("The page was open for a long time. Please send it again; what you typed is still here.")


def new_form_token(ctx: Context) -> str:
    """Returns a token for a form that is opened now."""
    number = int(ctx.now.timestamp()).to_bytes(4, "big") + secrets.token_bytes(_NUMBER - 4)
    return base64.urlsafe_b64encode(number + _signature(ctx, number)).decode()


def read_form_token(ctx: Context, token: str) -> bytes:
    """Returns the bytes of a token. Raises `TooQuick`, `FormExpired`."""
    try:
        raw = base64.b64decode(token.encode(), altchars=b"-_", validate=True)
    except ValueError:
        raise FormExpired from None
    if len(raw) != _NUMBER + 8 or not hmac.compare_digest(raw[_NUMBER:], _signature(ctx, raw[:_NUMBER])):
        raise FormExpired
    age = ctx.now - dt.datetime.fromtimestamp(int.from_bytes(raw[:4], "big"), dt.UTC)
    if age > LATEST:
        raise FormExpired
    if age < SOONEST:
        raise TooQuick
    return raw


def _signature(ctx: Context, number: bytes) -> bytes:
    return ctx.keys.blind("inquiry slip", number.hex())[:8]

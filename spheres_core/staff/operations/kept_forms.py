"""Keeps what somebody typed when her session ended before she sent it, sealed, in her own browser.

The page that asks her to sign in again carries the fields of her form as one sealed value. Nothing of it is stored
here: no row to erase, none that a stranger could fill. Whoever sits down at the screen reads no word of it, and only
the account for which the form was made opens it, within some hours. It is then shown to her, and sent when she says so.

For which account a form was made follows from its own form secret, whose second half is a keyed mark of the account: it
is there although the session is gone. A page of another site knows no such mark, so it can have nothing shown to her.
"""

import base64
import datetime as dt
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from spheres_core.foundation.encryption import SealBroken
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.access_secrets import account_mark_in
from spheres_core.staff.queries.sessions import LONGEST, account_mark

KEPT_FOR: Final = LONGEST
"""As long as a session lasts at most: a working day."""
MOST_BYTES: Final = 1024 * 1024
"""Of all fields together. The longest honest form is a fiftieth of it."""
FORM_SECRET: Final = "_csrf"  # noqa: S105 (the name of a field)
NOT_KEPT: Final = "_not_kept"
"""Field of a form that holds a password: it has to be typed again."""
_PLACE: Final = "kept_forms"


class KeptForm(Struct, frozen=True):
    """A form that was not sent yet."""

    to: str
    """Path to which it was posted."""
    until: dt.datetime
    fields: list[tuple[str, str]]


def keep_form(ctx: Context, fields: Sequence[tuple[str, str]], *, to: str) -> str:
    """Returns the fields sealed for the account that the form was made for; empty for a form that cannot be kept."""
    secret = next((value for name, value in fields if name == FORM_SECRET), "")
    mark = account_mark_in(secret) if all(name != NOT_KEPT for name, _ in fields) else None
    kept = [(name, value) for name, value in fields if name != FORM_SECRET]
    encoded = msgspec.json.encode(KeptForm(to, ctx.now + KEPT_FOR, kept))
    if mark is None or len(encoded) > MOST_BYTES:
        return ""
    return base64.urlsafe_b64encode(ctx.keys.seal(_PLACE, mark, "fields", encoded)).decode()


def open_form(ctx: Context, sealed: str, staff_id: UUID) -> KeptForm | None:
    """Returns the form that was kept for this account; None for another's, one that is too old, or what is no form."""
    try:
        raw = base64.b64decode(sealed.encode("ascii"), altchars=b"-_", validate=True)
        found = msgspec.json.decode(ctx.keys.open(_PLACE, account_mark(ctx, staff_id), "fields", raw), type=KeptForm)
    except (ValueError, SealBroken):
        return None
    return found if found.until > ctx.now else None

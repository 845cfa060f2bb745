"""Moments as people and clients write them, in ISO 8601."""

import datetime as dt
import re

_MOMENT = re.compile(r"(?:19|2[01])\d\d-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+ -]\d\d:\d\d)?")


def parse_moment(text: str, *, zone: dt.tzinfo) -> dt.datetime | None:
    """Returns a moment in ISO 8601; the clock of `zone` where it names none. None when it is not one."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        found = dt.datetime.fromisoformat(f"{text[:16]}{text[16:].replace(' ', '+')}")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)

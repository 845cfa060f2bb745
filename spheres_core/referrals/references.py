"""Short references: the end of a referral's id, by which colleagues speak of it. They open nothing."""

import re
from typing import Final
from uuid import UUID

_TYPED: Final = re.compile(r"\s*([0-9a-f]{3})[\s-]?([0-9a-f]{3})\s*", re.I)


def reference_of(id: UUID) -> str:
    """Returns the reference of a referral: `3F0-9A2`."""
    return f"{id.hex[-6:-3]}-{id.hex[-3:]}".upper()


def read_reference(typed: str) -> str:
    """Returns the last six letters and digits of the id that a typed reference means; empty when it is none."""
    found = _TYPED.fullmatch(typed)
    return (found[1] + found[2]).lower() if found else ""

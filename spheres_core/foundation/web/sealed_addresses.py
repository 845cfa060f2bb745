"""Seals an address that stands in another one, so that whoever sees the browser does not read whose file it is."""

import base64
from typing import Final
from uuid import UUID

from spheres_core.foundation.encryption import SealBroken, TenantKeys

NOWHERE: Final = UUID(int=0)
"""It stands in no row."""
LONGEST: Final = 1000


def seal_address(keys: TenantKeys, address: str) -> str:
    """Returns the address as letters and digits that only this tenant can read."""
    return base64.urlsafe_b64encode(keys.seal("addresses", NOWHERE, "next", address)).decode().rstrip("=")


def open_address(keys: TenantKeys, sealed: str) -> str:
    """Returns the address; empty for what this tenant did not seal."""
    if not sealed or len(sealed) > LONGEST:
        return ""
    try:
        found = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
        return keys.open("addresses", NOWHERE, "next", found).decode()
    except (ValueError, SealBroken):
        return ""

"""Confirmations after an act: its code stands in the address, and the fragment there takes the focus to the words."""

from typing import Final

PLACE: Final = "done"
"""The parameter with the act's code, and the id of the element that says it."""


def done_address(address: str, act: str) -> str:
    """Returns an address that says that an act was done, and takes the focus to it."""
    mark = "&" if "?" in address and not address.endswith("?") else "" if address.endswith("?") else "?"
    return f"{address}{mark}{PLACE}={act}#{PLACE}"

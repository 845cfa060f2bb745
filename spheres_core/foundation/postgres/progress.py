"""Progress of a start or a migration, line by line, for the person at the keyboard."""

from collections.abc import Callable

Report = Callable[[str], None]
"""Receives one line of progress, in English."""


def silent(_line: str) -> None:
    """Reports nothing."""

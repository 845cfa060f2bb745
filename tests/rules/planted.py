"""What is said of an invariant: its tests, and a removal that they must notice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]


class Planted(NamedTuple):
    """A removal: in this file, these words in place of those."""

    path: str
    old: str
    new: str


class Granted(NamedTuple):
    """A removal in the database, where a right that the application lacks is what holds: the statement gives it."""

    statement: str


class Invariant(NamedTuple):
    """One invariant, with the tests that prove it and a removal, or the room that it comes with."""

    says: str
    tests: Sequence[str] = ()
    """`file::test`, below `tests/`."""
    planted: Planted | Granted | None = None
    """What a prohibition loses is that something is not there: there the removal adds it."""
    comes_with: str = ""
    """The room that is not there yet. Tests beside it prove the part that the rooms of today can break."""

"""Decides which numbers of a committee's figures are published.

Each figure has one division, and no sum of it is published: what is hidden is none or fewer than the smallest, whatever
else is known. Complementary suppression below sums that are shown holds against subtraction only: who also knows by
which rule numbers are hidden works out small ones, since which of the others are hidden depends on them.
"""

from collections.abc import Collection, Mapping

Cell = tuple[str, ...]
"""Codes by which is counted."""


def publishable(found: Mapping[Cell, Collection[object]], smallest: int) -> dict[Cell, int]:
    """Returns the numbers that may be shown: of how many persons, where these are as many as the smallest number."""
    counts = {cell: len(set(persons)) for cell, persons in sorted(found.items())}
    return {cell: count for cell, count in counts.items() if count >= smallest}

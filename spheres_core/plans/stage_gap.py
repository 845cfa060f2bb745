"""Measures how far two views of her place in a cycle lie apart. Stages have an order and no direction."""

from collections.abc import Sequence


def gap(stages: Sequence[str], one: str | None, other: str | None) -> int | None:
    """Returns how many stages lie between two, 0 where they agree; None when one is missing or not in the model."""
    if one is None or other is None:
        return None
    if one == other:
        return 0
    if one not in stages or other not in stages:
        return None
    return abs(stages.index(one) - stages.index(other))

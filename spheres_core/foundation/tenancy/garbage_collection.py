"""Keeps the cyclic garbage collector away from what lives as long as the process.

A plugin set is some 100,000 objects that every full collection would walk through while requests wait: measured with
eight connections, that made the slowest hundredth of the answers four times as slow. So what is there when a set has
been built is frozen, and young objects are collected less often. A set that is let go is freed when the next is built.
"""

import gc
from typing import Final

YOUNG: Final = 10_000
"""Objects made, less those freed, after which the youngest are collected; Python's own figure is 700."""


def collect_seldom() -> None:
    """Lets a process that is ours grow: importing the core alone makes the collector run 500 times, a fifth of it."""
    if gc.get_threshold()[0] < YOUNG:
        gc.set_threshold(YOUNG, 20, 20)


def freeze_long_lived() -> None:
    """Frees what is unreachable, then leaves all that remains out of later collections."""
    collect_seldom()
    gc.unfreeze()
    gc.collect()
    gc.freeze()

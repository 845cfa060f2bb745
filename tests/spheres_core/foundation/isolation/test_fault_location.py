"""Where a thread stands is told without giving it the chance to go on."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType

import pytest

from spheres_core.foundation.isolation.fault_location import stack_of
from tests.wait import LIMIT

DEPTH = 60


class Ring:
    """Garbage that only the collector finds, and that notes when it has been found."""

    def __init__(self, found: list[str]) -> None:
        self.found, self.itself = found, self

    def __del__(self) -> None:
        self.found.append("collected")


def unguarded(ident: int) -> list[FrameType]:
    frames, frame = [], sys._current_frames().get(ident)
    while frame is not None:
        frames.append(frame)
        frame = frame.f_back
    return frames


@pytest.fixture
def deep_thread() -> Iterator[int]:
    """A thread that waits below `DEPTH` calls."""
    waits, leave = threading.Event(), threading.Event()

    def descend(more: int) -> None:
        if more:
            descend(more - 1)
        else:
            waits.set()
            leave.wait(LIMIT)

    thread = threading.Thread(target=descend, args=(DEPTH,))
    thread.start()
    assert waits.wait(LIMIT)
    yield thread.ident or 0
    leave.set()
    thread.join()


@pytest.mark.parametrize(("walk", "collected"), [(stack_of, False), (unguarded, True)], ids=["ours", "control"])
def test_nothing_is_collected_while_the_stack_of_another_thread_is_gone_through(
    deep_thread: int, walk: Callable[[int], list[FrameType]], collected: bool
) -> None:
    seen: list[str] = []
    before = gc.get_threshold()
    Ring(seen)
    try:
        gc.set_threshold(1)
        frames = walk(deep_thread)
        during = bool(seen)
    finally:
        gc.set_threshold(*before)
    assert during is (collected and sys.version_info < (3, 12))
    assert sum(frame.f_code.co_name == "descend" for frame in frames) == DEPTH + 1
    assert gc.isenabled()
    gc.collect()
    assert seen, "the garbage would have been found"

"""Runs foreign code under a deadline: in a thread of its own, or as a task of the event loop.

A thread cannot be ended: one that hangs is left behind. A task is cancelled. Whatever the code raises, SystemExit too,
goes to the caller and never to the event loop.
"""

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

from spheres_core.foundation.isolation import fault_location
from spheres_core.foundation.isolation.fault_location import FaultLocation

T = TypeVar("T")

GRACE = 1.0
"""Seconds that a cancelled task has to let go."""


class ForeignCodeFailed(Exception):
    """Says how foreign code failed and where, without the text of its error, which may hold words of a case."""

    def __init__(self, fault: FaultLocation) -> None:
        self.fault = fault
        super().__init__(str(fault))


def run_in_thread(work: Callable[[], T], seconds: float) -> T:
    """Runs it in a thread, waits for it, and raises what it raises; TimeoutError when it is not done in time."""
    made: list[T] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            made.append(work())
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run, name="spheres-loading", daemon=True)
    thread.start()
    thread.join(seconds)
    if raised:
        raise raised[0]
    if not made:
        raise TimeoutError(f"not done after {seconds:g} s")
    return made[0]


async def wait_for_thread(work: Callable[[], None], seconds: float, *, name: str) -> threading.Thread:
    """Starts a thread that does `work`, which must not raise, and returns it when it is done or the time is over.

    The event loop goes on meanwhile.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def settle() -> None:
        if not done.done():
            done.set_result(None)

    def run() -> None:
        work()
        with contextlib.suppress(RuntimeError):  # the event loop was closed meanwhile
            loop.call_soon_threadsafe(settle)

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(done, seconds)
    return thread


async def run_in_task(work: Awaitable[T], seconds: float, *, plugin: str = "", grace: float = GRACE) -> T:
    """Returns what it gives in time. Raises `ForeignCodeFailed` for whatever else it does, SystemExit too.

    `plugin`: whose line of code is named; the innermost of all without.
    """
    task = asyncio.create_task(_caught(work, plugin))
    try:
        await asyncio.wait({task}, timeout=seconds)
        if not task.done():
            raise ForeignCodeFailed(FaultLocation(f"not done after {seconds:g} s"))
        given, fault = task.result()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=grace)
    if fault is not None:
        raise ForeignCodeFailed(fault)
    return given[0]


async def _caught(work: Awaitable[T], plugin: str) -> tuple[list[T], FaultLocation | None]:
    """Lets nothing leave the task as an exception: SystemExit in a task ends the event loop that runs it."""
    try:
        return [await work], None
    except BaseException as error:
        return [], fault_location.locate_error(error, plugin)

"""Runs foreign code under a deadline: in a thread, or as a task of the event loop.

A thread cannot be ended: one that hangs is left behind and another takes its place. A task is cancelled. Whatever the
code raises, SystemExit too, goes to the caller and never to the event loop.
"""

import asyncio
import contextlib
import contextvars
import queue
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from spheres_core.foundation.isolation import fault_location
from spheres_core.foundation.isolation.fault_location import FaultLocation

T = TypeVar("T")

GRACE = 1.0
"""Seconds that a cancelled task has to let go."""
IDLE_KEPT: Final = 8
"""Threads that wait for the next question in one process; more are made while that many are at work."""


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


class _WorkThread:
    """A thread that does one piece of work after the other; None ends it once the one before is done."""

    __slots__ = ("inbox", "thread")

    def __init__(self) -> None:
        self.inbox: queue.SimpleQueue[tuple[str, Callable[[], None], Callable[[], None]] | None] = queue.SimpleQueue()
        self.thread = threading.Thread(target=self._run, name="spheres-idle", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        thread = threading.current_thread()
        while (given := self.inbox.get()) is not None:
            thread.name, work, done = given
            try:
                contextvars.Context().run(work)  # no variable of the work before is left
            finally:
                thread.name = "spheres-idle"
                done()
            del given, work, done  # an idle thread holds nothing of a request


_idle: deque[_WorkThread] = deque()


def _take_thread() -> _WorkThread:
    while _idle:
        try:
            found = _idle.pop()
        except IndexError:  # another event loop was quicker
            break
        if found.thread.is_alive():  # those of before a fork are not
            return found
    return _WorkThread()


async def wait_for_thread(work: Callable[[], None], seconds: float, *, name: str) -> threading.Thread:
    """Does `work`, which must not raise, in a thread, and returns that when it is done or the time is over.

    The event loop goes on meanwhile. A thread whose work is done is kept warm for the next; one that is not waited for
    any longer ends with its work.
    """
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[bool] = loop.create_future()

    def settle(in_time: bool) -> None:
        if not ended.done():
            ended.set_result(in_time)

    def done() -> None:
        with contextlib.suppress(RuntimeError):  # the event loop was closed meanwhile
            loop.call_soon_threadsafe(settle, True)

    worker = _take_thread()
    worker.inbox.put((name, work, done))
    limit = loop.call_later(seconds, settle, False)
    in_time = False
    try:
        in_time = await ended
    finally:
        limit.cancel()
        if in_time and len(_idle) < IDLE_KEPT:
            _idle.append(worker)
        else:
            worker.inbox.put(None)
    return worker.thread


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

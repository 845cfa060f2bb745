"""Waiting for something to happen elsewhere: in another process, another thread or the database.

Nothing here says how quick a machine must be. A test waits for the event itself; the limit only ends a run in which the
event will never come.
"""

from __future__ import annotations

import asyncio
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

import httpx

LIMIT: Final = 300.0
"""Seconds after which nobody waits any longer."""
EVERY: Final = 0.02
"""Seconds between two looks."""


def wait_until(
    happened: Callable[[], object],
    *,
    process: subprocess.Popen[Any] | None = None,
    why: Callable[[], str] = lambda: "it did not happen",
    every: float = EVERY,
    meanwhile: Callable[[float], object] = time.sleep,
) -> None:
    """Returns when `happened()` is true. AssertionError with `why()` after `LIMIT`, or when that process has ended.

    `meanwhile` passes the seconds between two looks: a test whose process has an event loop lets that go on.
    """
    end = time.monotonic() + LIMIT
    while not happened():
        assert process is None or process.poll() is None, why()
        assert time.monotonic() < end, why()
        meanwhile(every)


def wait_for_end(process: subprocess.Popen[Any], *, why: Callable[[], str]) -> int:
    """Returns the exit code of a process that was asked to end. AssertionError with `why()` after `LIMIT`.

    A process that was started with PYTHONFAULTHANDLER=1 then says on its error output where each of its threads stands.
    """
    try:
        return process.wait(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)
        process.wait()
        raise AssertionError(why()) from None


async def wait_until_async(happened: Callable[[], object], *, every: float = EVERY) -> None:
    """The same within an event loop that goes on meanwhile. `happened` may be a coroutine function."""
    async with asyncio.timeout(LIMIT):
        while True:
            answer = happened()
            if await answer if isinstance(answer, Awaitable) else answer:
                return
            await asyncio.sleep(every)


def wait_for_answer(
    url: str, *, process: subprocess.Popen[Any] | None = None, why: Callable[[], str] = lambda: "nothing answers"
) -> httpx.Response:
    """The first answer below 500 from this address. AssertionError as with `wait_until`."""
    answers: list[httpx.Response] = []
    with httpx.Client(timeout=LIMIT, verify=False) as client:  # a list of authorities to trust takes long to read

        def answered() -> bool:
            try:
                answers.append(client.get(url))
            except httpx.TransportError:
                return False
            return answers[-1].status_code < 500

        wait_until(answered, process=process, why=why, every=0.1)
    return answers[-1]

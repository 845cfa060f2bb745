"""Hashing of passwords with Argon2id, and a limit on how many hashes are made at once.

One costs 64 MiB and a tenth of a second on purpose, so only a few are made at a time and only a few may wait: sign-ins
never push other requests aside.
"""

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator
from weakref import WeakKeyDictionary

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from spheres_core.facts import msg
from spheres_core.foundation.errors import NotAllowed
from spheres_core.staff.passwords import LONGEST, normalized

MAX_RUNNING = 2
MAX_WAITING = 20
"""Hashes in one process: being made, and waiting for a slot."""
RESERVED = 1
"""Slots for known browsers only: however many guess at once, she need not stand behind them."""

_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)


class TooBusy(NotAllowed):
    """More people are signing in at this moment than can be checked."""

    status = 429
    code = "too_busy"
    message = msg("Many people are signing in right now. Please try again in a moment.")


class _Slots:
    def __init__(self, number: int) -> None:
        self.free = asyncio.Semaphore(number)
        self.waiting = 0


_slots: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[bool, _Slots]] = WeakKeyDictionary()
"""Of each event loop: those for everybody (False) and the reserved ones (True)."""


@contextlib.asynccontextmanager
async def hashing_slot(*, reserved: bool = False) -> AsyncIterator[None]:
    """Waits for the right to hash. Enter it before the first statement, so that who waits holds no connection.

    `reserved`: the request comes from a known browser. Raises `TooBusy` when too many wait already.
    """
    of_loop = _slots.setdefault(asyncio.get_running_loop(), {False: _Slots(MAX_RUNNING), True: _Slots(RESERVED)})
    slots = of_loop[reserved]
    if slots.waiting >= MAX_WAITING:
        raise TooBusy
    slots.waiting += 1
    try:
        await slots.free.acquire()
    finally:
        slots.waiting -= 1
    try:
        yield
    finally:
        slots.free.release()


async def hash_password(password: str) -> str:
    """Returns the Argon2id hash of a password, with its parameters and salt. Call it inside `hashing_slot`."""
    return await asyncio.to_thread(_HASHER.hash, _bytes(password))


async def verify_password(stored: str | None, password: str) -> bool:
    """Tells whether this is the password. Call it inside `hashing_slot`.

    Without a stored hash the same work is done in vain, so that the time it takes tells nobody which accounts exist.
    """
    return await asyncio.to_thread(_verify, stored or _dummy_hash(), _bytes(password))


def _verify(stored: str, password: bytes) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Tells whether a hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def _bytes(password: str) -> bytes:
    return normalized(password[: LONGEST + 1]).encode("utf-8", "surrogatepass")


def _dummy_hash() -> str:
    """Returns a hash with today's parameters that no password has."""
    parameters = f"m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    return f"$argon2id$v=19${parameters}${_unpadded(bytes(_HASHER.salt_len))}${_unpadded(bytes(_HASHER.hash_len))}"


def _unpadded(raw: bytes) -> str:
    return base64.b64encode(raw).decode().rstrip("=")

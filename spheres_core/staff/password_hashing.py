"""Hashing of passwords with Argon2id, and a limit on how many hashes are made at once.

One costs 64 MiB and a tenth of a second on purpose, so only a few are made at a time and only a few of each region may
wait: sign-ins never push other requests aside, nor those of one region the sign-ins of another.
"""

import asyncio
import base64
import contextlib
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from uuid import UUID
from weakref import WeakKeyDictionary

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from spheres_core.facts import msg
from spheres_core.foundation.errors import NotAllowed
from spheres_core.staff.passwords import LONGEST, normalized

MAX_RUNNING = 2
"""Hashes that one process makes at the same time."""
MAX_WAITING = 20
"""Sign-ins of one region that wait in one process."""
RESERVED = 1
"""Slots for known browsers only: however many guess at once, she need not stand behind them."""

_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)


class TooBusy(NotAllowed):
    """More people are signing in at this moment than can be checked."""

    status = 429
    code = "too_busy"
    message = msg("Many people are signing in right now. Please try again in a moment.")


class HashingQueue:
    """Those who wait for the right to hash. Regions take turns, so that a rush in one makes no other wait behind it."""

    def __init__(self, most: int = MAX_RUNNING) -> None:
        self.running = 0
        self._most = most
        self._waiting: OrderedDict[UUID, deque[asyncio.Future[None]]] = OrderedDict()
        """By region; the first is the next whose turn it is."""

    async def enter(self, region: UUID) -> None:
        """Waits for its turn. Raises `TooBusy` when too many of this region wait already."""
        if self.running < self._most:
            self.running += 1
            return
        line = self._waiting.setdefault(region, deque())
        if len(line) >= MAX_WAITING:
            raise TooBusy
        turn = asyncio.get_running_loop().create_future()
        line.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave()  # its turn had come already
            raise

    def leave(self) -> None:
        """Gives the right on: to the next region's first who still waits."""
        while self._waiting:
            region, line = self._waiting.popitem(last=False)
            turn = line.popleft()
            if line:
                self._waiting[region] = line  # at the end: every other region comes before it
            if not turn.done():
                turn.set_result(None)
                return
        self.running -= 1


_queues: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[bool, HashingQueue]] = WeakKeyDictionary()
"""Of each event loop: that for everybody (False) and that of known browsers (True)."""


@contextlib.asynccontextmanager
async def hashing_slot(region: UUID, *, reserved: bool = False) -> AsyncIterator[None]:
    """Waits for the right to hash. Enter it before the first statement, so that who waits holds no connection.

    `reserved`: the request comes from a known browser. Raises `TooBusy` when too many of this region wait already.
    """
    new = {False: HashingQueue(), True: HashingQueue(RESERVED)}
    queue = _queues.setdefault(asyncio.get_running_loop(), new)[reserved]
    await queue.enter(region)
    try:
        yield
    finally:
        queue.leave()


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

"""Passwords: which are good enough, how they are kept, and how many are checked at once.

Length is what counts; nobody is asked for a digit or a sign. Checking one costs 64 MiB and a tenth of a second on
purpose, so only a few are checked at a time and only a few may wait: sign-ins never push other requests aside.
"""

import asyncio
import base64
import contextlib
import re
import unicodedata
from collections.abc import AsyncIterator, Iterable
from functools import cache
from pathlib import Path
from weakref import WeakKeyDictionary

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from spheres_core.facts import Message, Problem, msg
from spheres_core.foundation.errors import Invalid, NotAllowed

SHORTEST = 12
LONGEST = 256
"""Characters. Longer ones are refused rather than cut."""
OWN_PART = 8
"""Characters that must remain when a person's and the programme's names are taken out of a password."""
AT_ONCE = 2
MOST_WAITING = 20
"""Checks of passwords in one process: running, and waiting for their turn."""

_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
_LOOK_ALIKES = str.maketrans("013457@$!€", "oieastasie")


class PasswordWeak(Invalid):
    """A password that is too short, too common, or made of names."""

    code = "password_weak"


class TooBusy(NotAllowed):
    """More people are signing in at this moment than can be checked."""

    status = 429
    code = "too_busy"
    message = msg("Many people are signing in right now. Please try again in a moment.")


def check(password: str, *, names: Iterable[str]) -> None:
    """Raise `PasswordWeak` when it is easy to guess. `names`: the person's, the address, the programme's."""
    told = _problem(normalized(password), names)
    if told is not None:
        raise PasswordWeak(told, errors=[Problem(told, path="password", code="password_weak")])


def _problem(password: str, names: Iterable[str]) -> Message | None:
    if len(password) < SHORTEST:
        return msg("A password has at least {least} characters.", least=SHORTEST)
    if len(password) > LONGEST:
        return msg("A password has at most {most} characters.", most=LONGEST)
    if _is_common(password):
        return msg("Many people use this password. Please choose one that nobody would guess.")
    if len(_without(password, names)) < OWN_PART:
        return msg("Please choose a password that is not made of your name, your e-mail or the programme's name.")
    return None


def _is_common(password: str) -> bool:
    plain = _plain(password)
    if len(set(plain)) < 5 or plain in (plain + plain)[1:-1]:
        return True
    core = plain.strip("0123456789!?.*$#-_@ ")
    letters = re.sub(r"[^a-z]", "", core.translate(_LOOK_ALIKES))
    digits = re.sub(r"[^0-9]", "", plain)
    return not _common().isdisjoint({plain, core, letters, digits})


def _without(password: str, names: Iterable[str]) -> str:
    left = _plain(password)
    words = {word for name in names for word in re.split(r"[^a-z0-9]+", _plain(name)) if len(word) >= 3}
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    return re.sub(r"[^a-z0-9]+", "", left) if left.isascii() else left


@cache
def _common() -> frozenset[str]:
    lines = (Path(__file__).parent / "common_passwords.txt").read_text().splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def normalized(password: str) -> str:
    """The same characters whatever keyboard they were typed on: accents may come whole or in two parts."""
    return unicodedata.normalize("NFC", password)


@contextlib.asynccontextmanager
async def turn() -> AsyncIterator[None]:
    """Wait for the right to hash; take it before the first statement, so that who waits holds no connection.

    Raises `TooBusy` when too many wait already.
    """
    turns = _turns.setdefault(asyncio.get_running_loop(), _Turns())
    if turns.waiting >= MOST_WAITING:
        raise TooBusy
    turns.waiting += 1
    try:
        await turns.free.acquire()
    finally:
        turns.waiting -= 1
    try:
        yield
    finally:
        turns.free.release()


class _Turns:
    def __init__(self) -> None:
        self.free = asyncio.Semaphore(AT_ONCE)
        self.waiting = 0


_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, _Turns] = WeakKeyDictionary()


async def hashed(password: str) -> str:
    """Argon2id of a password, with its settings and salt. Take a turn first."""
    return await asyncio.to_thread(_HASHER.hash, _bytes(password))


async def fits(stored: str | None, password: str) -> bool:
    """Is this the password? Without a stored one the same work is done for nothing. Take a turn first."""
    return await asyncio.to_thread(_fits, stored or _nobodys(), _bytes(password))


def _fits(stored: str, password: bytes) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Was it made with other settings than today's?"""
    return _HASHER.check_needs_rehash(stored)


def _bytes(password: str) -> bytes:
    return normalized(password[: LONGEST + 1]).encode("utf-8", "surrogatepass")


def _nobodys() -> str:
    """A hash in today's settings that no password has."""
    settings = f"m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    return f"$argon2id$v=19${settings}${_unpadded(bytes(_HASHER.salt_len))}${_unpadded(bytes(_HASHER.hash_len))}"


def _unpadded(raw: bytes) -> str:
    return base64.b64encode(raw).decode().rstrip("=")

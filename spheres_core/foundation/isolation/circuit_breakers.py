"""Taking a part of a plugin out of the way of one tenant for a while, when it fails again and again.

A part is a hook, or one route. Five failures in a row, or more than one in five of the last fifty calls, open its
breaker for 30 seconds; then one call is let through, and when that fails too, for twice as long, up to ten minutes. One
that works closes it. A hang opens it at once, and it stays open for as long as the hung call still runs.

Each process counts for itself: with several, each finds out on its own. What it found is written down for
administrators (`foundation.isolation.incidents`), where all processes meet.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from msgspec import Struct, field

IN_A_ROW: Final = 5
OF_THE_LAST: Final = 50
SHARE: Final = 0.2
FIRST_REST: Final = 30.0
"""Seconds for which a breaker stays open at first; doubled each time that the call let through fails too."""
LONGEST_REST: Final = 600.0

Key = tuple[str, str, str]
"""The tenant's id, the plugin's, and the part: a hook's name, or a route's method and path."""


class CircuitBreaker(Struct):
    """One part of one plugin for one tenant."""

    row: int = 0
    last: deque[bool] = field(default_factory=lambda: deque(maxlen=OF_THE_LAST))
    """Whether each of the last calls failed."""
    opened: int = 0
    """How often it opened since it last worked."""
    until: float = 0.0
    probing: bool = False
    thread: threading.Thread | None = None
    """One that hangs."""


class CircuitBreakers:
    """All of a process. Every method may be called from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[Key, CircuitBreaker] = {}

    def allows(self, key: Key) -> bool:
        """Returns whether it may be called now. Whoever is told so must record how it went, or `release` it."""
        found = self._known.get(key)
        if found is None:
            return True
        with self._lock:
            if found.thread is not None and found.thread.is_alive():
                return False
            if not found.opened:
                return True
            if found.probing or self._clock() < found.until:
                return False
            found.probing = True
            return True

    def release(self, key: Key) -> None:
        """Takes back what `allows` said: it was not called after all, or how it went does not count."""
        found = self._known.get(key)
        if found is not None:
            found.probing = False

    def record_success(self, key: Key) -> None:
        """Records that it answered as it should, which closes its breaker."""
        found = self._known.get(key)
        if found is None:
            return
        with self._lock:
            found.row = 0
            found.last.append(False)
            if found.opened:
                found.opened, found.probing, found.thread = 0, False, None
                found.last.clear()
            if not any(found.last):
                self._known.pop(key, None)

    def record_failure(
        self, key: Key, *, thread: threading.Thread | None = None, rest: float | None = None
    ) -> float | None:
        """Records a failure. Returns the seconds for which the part is out of the way now, None when it is not.

        `thread`: the failure is a hang there. `rest`: open at once, for these seconds whatever went before.
        """
        with self._lock:
            found = self._known.setdefault(key, CircuitBreaker())
            found.row += 1
            found.last.append(True)
            often = len(found.last) == OF_THE_LAST and sum(found.last) > SHARE * OF_THE_LAST
            if not (thread or rest is not None or found.probing or found.row >= IN_A_ROW or often):
                return None
            if rest is None:
                rest = min(FIRST_REST * 2.0 ** min(found.opened, 10), LONGEST_REST)
            found.opened += 1
            found.probing, found.thread = False, thread
            found.until = self._clock() + rest
            return rest

    def open_parts(self, tenant: str) -> list[tuple[str, str]]:
        """Returns the parts that are out of this tenant's way now: (plugin, part)."""
        if not self._known:
            return []
        with self._lock:
            return sorted((key[1], key[2]) for key, each in self._known.items() if key[0] == tenant and each.opened)

    def clear(self) -> None:
        """Forgets everything (for tests)."""
        with self._lock:
            self._known.clear()


CIRCUIT_BREAKERS: Final = CircuitBreakers()
"""This process's."""

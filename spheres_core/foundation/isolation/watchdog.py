"""Names the plugin, and its line, that keeps the event loop from going on or does not let go of the interpreter.

Neither can be cut in one process, so both are written down (`incidents`). The loop says twenty times a second that
it is alive; a thread beside it looks whether it still does, and when it does not, at whose code each thread stands. For
which tenant and part that was is found in the frame that called into the plugin: it has a variable `answerable`, a
breaker's key. A call that holds the interpreter (a long regular expression) keeps this thread waiting too: it is named
as soon as it lets go, by where its thread stands then, or by the calls that have just ended.
"""

import asyncio
import sys
import threading
import time
from collections import deque
from types import FrameType
from typing import Any, Final

import structlog
from msgspec import Struct

from spheres_core.foundation.isolation import incidents
from spheres_core.foundation.isolation.circuit_breakers import Key
from spheres_core.foundation.isolation.fault_location import FaultLocation, owner_of, place_of, place_of_function

EVERY: Final = 0.05
"""Seconds between two signs of life, and between two looks."""
TOO_LONG: Final = 0.2
"""Seconds without one after which somebody is to blame."""
AGAIN: Final = 0.02
"""Seconds between two looks at the same stall: who is seen in both is it."""
BLOCKS: Final = "blocks the event loop"
HOLDS: Final = "holds the interpreter"

log = structlog.get_logger("spheres.watchdog")


class Culprit(Struct, frozen=True):
    """Whose code a thread stands in."""

    plugin: str
    place: str
    answerable: Key | None


class _Call(Struct, frozen=True):
    answerable: Key
    place: str
    began: float
    ended: float


class _Watched:
    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.thread = threading.get_ident()
        self.alive = time.monotonic()
        self.named = False
        self.handle = loop.call_later(EVERY, self._beat)

    def _beat(self) -> None:
        self.alive = time.monotonic()
        self.named = False
        self.handle = self.loop.call_later(EVERY, self._beat)


class Watchdog:
    """One thread for all event loops of a process; it ends with the last of them."""

    def __init__(self) -> None:
        self._watched: dict[asyncio.AbstractEventLoop, _Watched] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._wake = threading.Event()
        self._ended: deque[_Call] = deque(maxlen=64)

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to watch the running loop of this thread."""
        with self._lock:
            self._watched[loop] = _Watched(loop)
            if self._thread is None:
                self._wake = threading.Event()
                self._thread = threading.Thread(target=self._run, name="spheres-watchdog", daemon=True)
                self._thread.start()

    def unwatch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Watch it no longer."""
        with self._lock:
            found = self._watched.pop(loop, None)
            if found is not None:
                found.handle.cancel()
            if not self._watched and self._thread is not None:
                self._wake.set()
                self._thread = None

    def ended(self, answerable: Key, function: Any, began: float) -> None:
        """A call that took long has come back; it may be what held the interpreter."""
        now = time.monotonic()
        if now - began > TOO_LONG:
            self._ended.append(_Call(answerable, place_of_function(function), began, now))

    def _run(self) -> None:
        wake = self._wake
        while not wake.is_set():
            slept, worked = time.monotonic(), time.process_time()
            wake.wait(EVERY)
            now = time.monotonic()
            busy = time.process_time() - worked
            if now - slept - EVERY > TOO_LONG and busy > TOO_LONG:  # not merely a busy machine
                self._held(slept, now)
            for each in list(self._watched.values()):
                if not each.named and now - each.alive - EVERY > TOO_LONG:
                    self._blocked(each, now)

    def _blocked(self, watched: _Watched, now: float) -> None:
        first = culprit_of(sys._current_frames().get(watched.thread))
        if first is None:
            return
        time.sleep(AGAIN)
        second = culprit_of(sys._current_frames().get(watched.thread))
        if second is None or second.plugin != first.plugin or watched.alive > now:
            return
        watched.named = True
        self._name(second, BLOCKS, now - watched.alive)

    def _held(self, since: float, now: float) -> None:
        """Somebody computed while this thread was not let go on: who stands there now, or has just come back."""
        frames = sys._current_frames()
        found = [each for each in map(culprit_of, frames.values()) if each is not None]
        for call in list(self._ended):
            if not found and min(call.ended, now) - max(call.began, since) > TOO_LONG:
                found = [Culprit(call.answerable[1], call.place, call.answerable)]
        if found:
            for each in self._watched.values():
                each.named = True
            self._name(found[0], HOLDS, now - since)

    def _name(self, culprit: Culprit, what: str, seconds: float) -> None:
        log.error("plugin.blocks", plugin=culprit.plugin, what=what, at=culprit.place, seconds=round(seconds, 2))
        if culprit.answerable is not None:
            tenant, plugin, part = culprit.answerable
            incidents.record(tenant, plugin, part, FaultLocation(what, culprit.place))


def culprit_of(frame: FrameType | None) -> Culprit | None:
    """The plugin in whose code a thread stands, however deep; None when it stands in nobody's."""
    while frame is not None and not owner_of(frame):
        frame = frame.f_back
    if frame is None:
        return None
    plugin, place = owner_of(frame), place_of(frame)
    while frame is not None:
        answerable = frame.f_locals.get("answerable") if _is_ours(frame) else None
        if answerable is not None and answerable[1] == plugin:
            return Culprit(plugin, place, answerable)
        frame = frame.f_back
    return Culprit(plugin, place, None)


def _is_ours(frame: FrameType) -> bool:
    return "answerable" in frame.f_code.co_varnames and str(frame.f_globals.get("__name__")).startswith("spheres_core.")


WATCHDOG: Final = Watchdog()
"""This process's."""

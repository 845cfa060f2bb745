"""Names the plugin, and its line, that keeps the event loop from going on or does not let go of the interpreter.

Neither can be cut in one process, so both are written down (`incidents`). The loop says twenty times a second that
it is alive; a thread beside it looks whether it still does, and when it does not, at whose code each thread stands. For
which tenant and part that was is found in the register of the calls under way: whoever calls into a plugin does it
`with WATCHDOG.registered(key)`, with an empty tenant while a plugin is loaded. A call that holds the interpreter (a
long regular expression) keeps this thread waiting too: it is named as soon as it lets go, by where its thread stands
then, or by the calls that have just ended.

A machine that is busy makes everybody late. So nobody is named by the wall's clock alone: a thread has computed that
long itself, or it waits for something other than its turn on the processor.
"""

import asyncio
import math
import threading
import time
import weakref
from collections import deque
from pathlib import Path
from typing import Any, Final

import structlog
from msgspec import Struct

from spheres_core.foundation.isolation import incidents
from spheres_core.foundation.isolation.circuit_breakers import Key
from spheres_core.foundation.isolation.fault_location import (
    FaultLocation,
    owner_of,
    place_of,
    place_of_function,
    running_threads,
    stack_of,
)

EVERY: Final = 0.05
"""Seconds between two signs of life, and between two looks."""
TOO_LONG: Final = 0.2
"""Seconds without one after which the cause is looked for."""
AGAIN: Final = 0.05
"""Seconds between two looks at the same stall: who is seen in both is named."""
MOVES: Final = 0.1
"""Share of its time that a thread computes when it goes on, however many others want the processor."""
BLOCKS: Final = "blocks the event loop"
HOLDS: Final = "holds the interpreter"

log = structlog.get_logger("spheres.watchdog")


class PluginCode(Struct, frozen=True):
    """The plugin in whose code a thread stands, the line, and the call that led there where one is registered."""

    plugin: str
    place: str
    key: Key | None
    began: float = 0.0
    """When that call began; 0 when none is registered."""
    computed: float = 0.0
    """Processor time of its thread then."""


class _Call(Struct, frozen=True):
    key: Key
    function: Any
    began: float
    computed: float
    """Processor time of the thread when the call began."""
    thread: int
    task: weakref.ref[asyncio.Task[Any]] | None
    """The task that calls, weakly, so that one that is never finished is still collected."""

    def is_running_on(self, thread: int) -> bool:
        """Returns whether it is this call that the thread runs now: of an event loop's calls, only one is."""
        if self.thread != thread:
            return False
        if self.task is None:
            return True
        task = self.task()
        return task is not None and asyncio.current_task(task.get_loop()) is task


class _EndedCall(Struct, frozen=True):
    key: Key
    place: str
    began: float
    ended: float
    computed: float
    """Seconds of processor time that it took."""


class _Registration:
    """`with` it, a call into a plugin's code stands in the register."""

    __slots__ = ("_call", "_watchdog")

    def __init__(self, watchdog: "Watchdog", call: _Call) -> None:
        self._watchdog = watchdog
        self._call = call

    def __enter__(self) -> None:
        self._watchdog._calls[id(self._call)] = self._call

    def __exit__(self, *_: object) -> None:
        call = self._call
        del self._watchdog._calls[id(call)]
        now = time.monotonic()
        if call.task is None and now - call.began > TOO_LONG:
            computed = time.thread_time() - call.computed
            place = place_of_function(call.function)
            self._watchdog._ended.append(_EndedCall(call.key, place, call.began, now, computed))


class _Watched:
    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.thread = threading.get_ident()
        self.native: int | None = threading.get_native_id()
        self.alive = time.monotonic()
        self.computed = time.thread_time()
        self.named_since = 0.0
        """The sign of life after which somebody was named: a stall is told once, and the next one again."""
        self.handle = loop.call_later(EVERY, self._beat)

    def _beat(self) -> None:
        self.alive = time.monotonic()
        self.computed = time.thread_time()
        self.handle = self.loop.call_later(EVERY, self._beat)


class Watchdog:
    """One thread for all event loops of a process; it ends with the last of them."""

    def __init__(self) -> None:
        self._watched: dict[asyncio.AbstractEventLoop, _Watched] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._wake = threading.Event()
        self._calls: dict[int, _Call] = {}
        """The calls under way. Written by every thread, one key at a time; read through a copy."""
        self._ended: deque[_EndedCall] = deque(maxlen=64)

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begins to watch the running loop of this thread."""
        with self._lock:
            self._watched[loop] = _Watched(loop)
            if self._thread is None:
                self._wake = threading.Event()
                self._thread = threading.Thread(target=self._run, name="spheres-watchdog", daemon=True)
                self._thread.start()

    def unwatch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Stops watching it."""
        with self._lock:
            found = self._watched.pop(loop, None)
            if found is not None:
                found.handle.cancel()
            if not self._watched and self._thread is not None:
                self._wake.set()
                self._thread = None

    def registered(self, key: Key, function: Any = None, *, in_task: bool = True) -> _Registration:
        """Registers a call into a plugin's code for a `with` block. May be used in any thread and any task.

        `function` is what a call outside an event loop is named by when it has ended before anybody could look.
        `in_task`: False where no event loop can run, which need not be found out then.
        """
        task = _current_task() if in_task else None
        call = _Call(key, function, time.monotonic(), time.thread_time(), threading.get_ident(), task)
        return _Registration(self, call)

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
                if each.named_since != each.alive and now - each.alive - EVERY > TOO_LONG:
                    self._blocked(each, now)

    def _blocked(self, watched: _Watched, now: float) -> None:
        first = self._plugin_code(watched.thread)
        if first is None:
            return
        before = _processor_time(watched.native)
        time.sleep(AGAIN)
        second = self._plugin_code(watched.thread)
        if second is None or second.plugin != first.plugin or watched.alive > now:
            return
        after = _processor_time(watched.native)
        if before is not None and after is not None and after - watched.computed <= TOO_LONG:
            waits = after - before < AGAIN * MOVES and not _wants_processor(watched.native)
            if not waits:  # it goes on, as slowly as a busy machine lets it
                return
        watched.named_since = watched.alive
        self._name(second, BLOCKS, now - watched.alive)

    def _held(self, since: float, now: float) -> None:
        """Somebody computed while this thread was not let go on: who stands there now, or has just come back.

        Whoever has only begun meanwhile, or did not compute that long, is not to blame: it may have been anybody.
        """
        found = [
            each
            for thread in running_threads()
            if (each := self._plugin_code(thread)) is not None
            and now - max(each.began, since) > TOO_LONG
            and self._computed_since(thread, each) > TOO_LONG
        ]
        for call in list(self._ended):
            if not found and min(call.ended, now) - max(call.began, since) > TOO_LONG and call.computed > TOO_LONG:
                found = [PluginCode(call.key[1], call.place, call.key)]
        if found:
            for watched in self._watched.values():
                alive = watched.alive
                if now - alive > TOO_LONG:  # it is the same stall; a loop that goes on already may be blocked anew
                    watched.named_since = alive
            self._name(found[0], HOLDS, now - since)

    def _computed_since(self, thread: int, code: PluginCode) -> float:
        """Returns the processor time of a thread since its call began, or its event loop was last alive."""
        now = _processor_time(_native_id(thread))
        if now is None:
            return math.inf
        began = [each.computed for each in self._watched.values() if each.thread == thread]
        return now - max([*began, code.computed])

    def _plugin_code(self, thread: int) -> PluginCode | None:
        """Returns the plugin in whose code a thread stands, however deep; None when it stands in nobody's."""
        frame = next((each for each in stack_of(thread) if owner_of(each)), None)
        if frame is None:
            return None
        plugin = owner_of(frame)
        calls = [each for each in list(self._calls.values()) if each.key[1] == plugin and each.is_running_on(thread)]
        if not calls:
            return PluginCode(plugin, place_of(frame), None)
        return PluginCode(plugin, place_of(frame), calls[-1].key, calls[-1].began, calls[-1].computed)

    def _name(self, found: PluginCode, what: str, seconds: float) -> None:
        log.error("plugin.blocks", plugin=found.plugin, what=what, at=found.place, seconds=round(seconds, 2))
        tenant, plugin, part = found.key or ("", "", "")
        if tenant:
            incidents.record(tenant, plugin, part, FaultLocation(what, found.place))


def _processor_time(native: int | None) -> float | None:
    """Returns the seconds that a thread of this process has computed; None where the system does not tell."""
    try:
        return int(Path(f"/proc/self/task/{native}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9
    except (OSError, ValueError, IndexError):
        return None


def _wants_processor(native: int | None) -> bool:
    """Returns whether a thread only waits for its turn on the processor; False where the system does not tell."""
    try:
        stat = Path(f"/proc/self/task/{native}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] == "R"


def _native_id(thread: int) -> int | None:
    return next((each.native_id for each in threading.enumerate() if each.ident == thread), None)


def _current_task() -> weakref.ref[asyncio.Task[Any]] | None:
    try:
        task = asyncio.current_task()
    except RuntimeError:  # no event loop runs in this thread
        return None
    return weakref.ref(task) if task is not None else None


WATCHDOG: Final = Watchdog()
"""This process's."""

"""Records what a plugin's code does while it is imported, in a process of its own that may be thrown away.

The process has imported the core, listens through an audit hook, and then imports the plugin as a plugin set does.
Only what happens under a line of the plugin's own files is reported. A plugin that means harm can hide from this: it is
for mistakes, not for attacks.
"""

from __future__ import annotations

import _thread
import gc
import json
import multiprocessing
import os
import sys
import threading
import time
import types
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext, ForkServerContext
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from spheres_core.conformance import import_probe_preload
from spheres_core.foundation.isolation import plugin_import
from spheres_core.foundation.isolation.fault_location import PACKAGE

TIMEOUT: Final = 60.0
"""Seconds after which the process is ended."""
AUDIT_EVENTS: Final[dict[str, str]] = {
    **dict.fromkeys(("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"), "network"),
    **dict.fromkeys(("os.fork", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.kill"), "process"),
    **dict.fromkeys(("os.putenv", "os.unsetenv"), "environment"),
    **dict.fromkeys(("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.chmod", "os.link", "os.symlink"), "file"),
    **dict.fromkeys(("os.truncate", "shutil.rmtree"), "file"),
    "thread": "thread",
}
"""Events of Python's audit hooks that an import must not cause, and what each is called in a finding."""


class ImportAction(Struct, frozen=True):
    """One action of an import: network, thread, process, environment, file, or core (a name of ours replaced)."""

    kind: str
    file: str
    line: int
    detail: str = ""


class ImportProbe(Struct, frozen=True):
    """Result of importing a plugin."""

    actions: tuple[ImportAction, ...] = ()
    milliseconds: float = 0.0
    """The time that importing it took, without the core."""
    error: str = ""


def probe(root: Path, plugin_id: str) -> ImportProbe:
    """Imports the plugin in a process of its own. What it prints, and how it ends, changes nothing here."""
    context = _context(plugin_id)
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_report_import, args=(root, plugin_id, sending), daemon=True)
    with receiving:
        process.start()
        sending.close()
        process.join(TIMEOUT)
        if process.is_alive():
            process.kill()
            process.join()
            return ImportProbe(error="TimeoutError")
        try:
            return msgspec.json.decode(receiving.recv_bytes(), type=ImportProbe)
        except EOFError:
            return ImportProbe(error="SystemExit")


def _context(plugin_id: str) -> ForkContext | ForkServerContext:
    """Returns how the process comes about. It has the core already: importing that costs two seconds each time.

    It is forked from this one as long as this one has no other thread and nothing of the plugin; else from a server
    that has imported the core and nothing else, and ends with this process.
    """
    if threading.active_count() == 1 and f"{PACKAGE}.{plugin_id}" not in sys.modules:
        return multiprocessing.get_context("fork")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([import_probe_preload.__name__])
    return context


class _ActionRecorder:
    """Records the audit events that happen under the plugin's own lines."""

    def __init__(self, root: Path) -> None:
        self.root = f"{root}{os.sep}"
        self.actions: list[dict[str, Any]] = []
        self.on = False

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.on:
            return
        kind = AUDIT_EVENTS.get(event)
        if event == "open":
            kind = "file" if self._writes(arguments) else None
        place = self._place() if kind else None
        if kind and place:
            detail = str(arguments[0]) if arguments and isinstance(arguments[0], str | bytes) else event
            self.actions.append({"kind": kind, "file": place[0], "line": place[1], "detail": detail[:200]})

    @staticmethod
    def _writes(arguments: tuple[Any, ...]) -> bool:
        flags = arguments[2] if len(arguments) > 2 else 0
        return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))

    def _place(self) -> tuple[str, int] | None:
        frame: types.FrameType | None = sys._getframe()
        while frame is not None:
            if frame.f_code.co_filename.startswith(self.root):
                return frame.f_code.co_filename.removeprefix(self.root), frame.f_lineno
            frame = frame.f_back
        return None


def _names() -> dict[str, int]:
    """Returns the id of each object that a name of the core, or a much replaced one of Python's, stands for."""
    found: dict[str, int] = {}
    for module in list(sys.modules.values()):
        name = getattr(module, "__name__", "")
        if name.partition(".")[0] in ("spheres_core", "builtins", "socket", "time", "datetime", "os"):
            found |= {f"{name}.{key}": id(value) for key, value in vars(module).items() if not key.startswith("__")}
            for key, value in list(vars(module).items()):
                if isinstance(value, type) and value.__module__ == name:
                    found |= {f"{name}.{key}.{each}": id(inner) for each, inner in vars(value).items()}
    return found


def _record_thread_starts(recorder: _ActionRecorder) -> None:
    """Reports each thread that starts: Python 3.11 has no audit event for it."""
    start = _thread.start_new_thread

    def starting(*given: Any) -> Any:
        recorder("thread", ())
        return start(*given)

    for module, name in ((_thread, "start_new_thread"), (_thread, "start_new"), (threading, "_start_new_thread")):
        setattr(module, name, starting)


def _report_import(root: Path, plugin_id: str, sending: Connection) -> None:
    """Imports the plugin, reports what that did, and ends this process."""
    gc.disable()
    sys.dont_write_bytecode = True
    with open(os.devnull, "r+b", buffering=0) as nothing:
        for standard in (0, 1, 2):
            os.dup2(nothing.fileno(), standard)
    recorder, before, error = _ActionRecorder(root), _names(), ""
    sys.addaudithook(recorder)
    _record_thread_starts(recorder)
    recorder.on = True
    started = time.perf_counter()
    try:
        for name in ("hooks", "models"):
            plugin_import.load(root, plugin_id, name)
    except plugin_import.CannotImport as failed:
        error = failed.message.msgid.format(**failed.message.params)
    took = (time.perf_counter() - started) * 1000
    recorder.on = False
    after = _names()
    replaced = sorted(name for name, known in before.items() if after.get(name) != known)
    actions = [*recorder.actions, *({"kind": "core", "file": "", "line": 0, "detail": name} for name in replaced)]
    report = {"actions": actions, "milliseconds": took, "error": error}
    sending.send_bytes(json.dumps(report).encode()[:60_000])
    os._exit(0)

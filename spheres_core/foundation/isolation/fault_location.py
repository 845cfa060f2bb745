"""Whose line it was: the kind of a failure and its place in a plugin's code. Never the text of an error.

A frame belongs to a plugin when its module does (`spheres_plugins.<id>.…`), whatever file it claims to be from.
"""

import gc
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any, Final

from msgspec import Struct

PACKAGE: Final = "spheres_plugins"
"""The one name under which plugins are imported, wherever they lie; two would register their tables twice."""

LONGEST: Final = 200
"""Characters of a place."""
_OWN: Final = re.compile(rf"{PACKAGE}\.([a-z][a-z0-9_]*)(\.|$)")


class FaultLocation(Struct, frozen=True):
    """The kind of a fault, such as `ValueError` or `hang`, and its place, such as `hooks.py:12`; empty when unknown."""

    kind: str
    place: str = ""

    def __str__(self) -> str:
        """Returns `ValueError at hooks.py:12`, or the kind alone."""
        return (f"{self.kind} at {self.place}" if self.place else self.kind)[:LONGEST]


def locate_error(error: BaseException, plugin: str = "") -> FaultLocation:
    """Returns the innermost line of the plugin in an error's traceback; of all lines when none is the plugin's."""
    lines = list(_lines(error))
    own = [line for line in lines if owner_of(line[0]) == plugin] if plugin else []
    kind = re.sub(r"\W", "?", type(error).__name__)[:100]
    place = _place(*(own or lines)[-1]) if lines else ""
    return FaultLocation(kind, place)


def locate_thread(ident: int | None, plugin: str = "") -> FaultLocation:
    """Returns the place where a thread that does not come back stands now."""
    stack = stack_of(ident or 0)
    frame = next((each for each in stack if not plugin or owner_of(each) == plugin), None)
    return FaultLocation("hang", _place(frame, frame.f_lineno if frame else 0))


def stack_of(ident: int) -> list[FrameType]:
    """Returns the frames in which a thread stands, the innermost first; none when it has ended.

    The collector is held off meanwhile. In CPython 3.11 asking for a frame may start it, a finalizer may let the other
    thread go on, and the frame that comes back has been freed: the process ends in a segmentation fault.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        found, frame = [], sys._current_frames().get(ident)
        while frame is not None:
            found.append(frame)
            frame = frame.f_back
        return found
    finally:
        if collecting:
            gc.enable()


def running_threads() -> list[int]:
    """Returns the threads that run Python code, whoever started them. The collector is held off here too."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        return list(sys._current_frames())
    finally:
        if collecting:
            gc.enable()


def owner_of(frame: FrameType) -> str:
    """Returns the plugin whose code a frame runs; empty when it is nobody's."""
    found = _OWN.match(str(frame.f_globals.get("__name__", "")))
    return found[1] if found else ""


def place_of(frame: FrameType) -> str:
    """Returns `hooks.py:12`, as seen from the plugin's folder."""
    return _place(frame, frame.f_lineno)


def place_of_function(function: Any) -> str:
    """Returns the place where a function begins."""
    code = getattr(function, "__code__", None)
    return f"{Path(code.co_filename).name}:{code.co_firstlineno}" if code else ""


def _lines(error: BaseException) -> Iterator[tuple[FrameType, int]]:
    trace: Any = error.__traceback__
    while trace is not None:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next


def _place(frame: FrameType | None, number: int) -> str:
    if frame is None:
        return ""
    path, owner = Path(frame.f_code.co_filename), owner_of(frame)
    parts = path.parts
    inside = parts[parts.index(owner) + 1 :] if owner in parts else parts[-1:]
    return re.sub(r"[^\w./-]", "?", "/".join(inside) or path.name)[-LONGEST:] + f":{number}"

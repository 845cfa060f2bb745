"""Breaking one hook of one plugin on purpose, to see what becomes of everybody else."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any, Final, Literal

import msgspec

from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.hook_versions import ASYNC_KINDS

Mode = Literal["raise", "hang", "garbage", "exit"]
HANG: Final = 60.0
"""Seconds; far longer than the deadline of a question. A hang ends before, when nobody breaks the hook any more."""


def _fail(mode: Mode, over: threading.Event) -> Any:
    if mode == "raise":
        raise ValueError("broken on purpose")
    if mode == "exit":
        raise SystemExit("broken on purpose")
    if mode == "hang":
        over.wait(HANG)
        return None
    return object()


def broken(mode: Mode, hook: str, over: threading.Event) -> Callable[..., Any]:
    """Returns an implementation of a hook that fails in this way; async for hooks that are awaited."""

    def plain() -> Any:
        return _fail(mode, over)

    async def told() -> Any:
        return _fail(mode, over)

    async def gathering() -> Any:  # in the event loop of a request, which a hang must leave alone
        return await asyncio.to_thread(_fail, mode, over) if mode == "hang" else _fail(mode, over)

    if hook.startswith("gather_"):
        return gathering
    return told if hook.startswith(ASYNC_KINDS) else plain


@contextlib.contextmanager
def breaking(made: PluginSet, plugin_id: str, hook: str, mode: Mode) -> Iterator[None]:
    """Lets a plugin's answer to a hook fail while the block runs. ValueError when it does not answer that hook.

    Every tenant that shares the plugin set is touched; nothing is written anywhere.
    """
    before = made.implementations.get(hook, ())
    if plugin_id not in {each.owner for each in before}:
        raise ValueError(f"{plugin_id} does not answer {hook}")
    over = threading.Event()
    function = broken(mode, hook, over)
    made.implementations[hook] = tuple(
        msgspec.structs.replace(each, function=function, arguments=()) if each.owner == plugin_id else each
        for each in before
    )
    try:
        yield
    finally:
        over.set()
        made.implementations[hook] = before

"""Running a plugin's code while a set is built: its import, and what it registers. Whatever it does, it ends here."""

import importlib.util
import sys
import threading
import types
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from spheres_core.facts import Message, msg
from spheres_core.foundation.isolation.deadlines import run_in_thread
from spheres_core.foundation.isolation.fault_location import PACKAGE
from spheres_core.foundation.isolation.watchdog import WATCHDOG

T = TypeVar("T")

LOADING = 20.0
"""Seconds that a plugin has for each module and each of its `register_` hooks."""

_one_at_a_time: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
"""By plugin: two sets built at once never see a module that is half imported."""


class CannotImport(Exception):
    """A module of a plugin that cannot be used; `message` says why in words for an administrator."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.msgid)


def load(root: Path, plugin_id: str, name: str) -> types.ModuleType | None:
    """Imports one module of a code plugin as `spheres_plugins.<id>.<name>`; None when it has no such file.

    Raises `CannotImport` whatever the module does while it is imported.
    """
    with _one_at_a_time[plugin_id]:
        return _load(root, plugin_id, name)


def _load(root: Path, plugin_id: str, name: str) -> types.ModuleType | None:
    if PACKAGE not in sys.modules:
        namespace = types.ModuleType(PACKAGE)
        namespace.__path__ = []
        sys.modules[PACKAGE] = namespace
    package = f"{PACKAGE}.{plugin_id}"
    if package not in sys.modules:
        _import(plugin_id, package, root / "__init__.py", package=True)
    path = root / f"{name}.py"
    if not path.is_file():
        return None
    full = f"{package}.{name}"
    return sys.modules[full] if full in sys.modules else _import(plugin_id, full, path)


def _import(plugin_id: str, name: str, path: Path, *, package: bool = False) -> types.ModuleType:
    locations = [str(path.parent)] if package else None
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=locations)
    if spec is None or spec.loader is None or not path.is_file():
        raise CannotImport(msg("The file {file} is missing.", file=path.name))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    loader = spec.loader
    try:
        run_while_loading(lambda: loader.exec_module(module), plugin_id, f"import {path.name}")
    except (Exception, SystemExit) as error:
        sys.modules.pop(name, None)
        reason = reason_of(error)
        raise CannotImport(msg("{file} cannot be imported: {reason}", file=path.name, reason=reason)) from error
    return module


def run_while_loading(work: Callable[[], T], plugin_id: str, part: str) -> T:
    """Returns what code of a plugin gives that runs while it is loaded, and raises what it raises; or TimeoutError.

    A plugin is loaded for all tenants at once, so nothing of it is an incident of one: the log names who blocks.
    """

    def run() -> T:
        with WATCHDOG.registered(("", plugin_id, part), work):
            return work()

    return run_in_thread(run, LOADING)


def reason_of(error: BaseException) -> str:
    """Returns an error of a plugin's code in one line, for an administrator."""
    return f"{type(error).__name__}: {error}"[:300]

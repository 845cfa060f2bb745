"""Plugins that tests write: a whole one by default, to be broken in one place."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from spheres_core.testing import write_plugin

HEAD: Final = """
from spheres_core.plugin import Message, NavigationItem, Opinion, Permission, Problem, TrailVerb, hookimpl
from spheres_core.plugin import public, requires
from litestar import get, post
"""


def plant(
    folder: Path,
    id: str,
    hooks: str = "",
    *,
    declares: tuple[str, ...] = (),
    files: Mapping[str, str] | None = None,
    manifest: Mapping[str, Any] | None = None,
    **provides: Any,
) -> Path:
    """Write a plugin: its `hooks.py` (imports come along), the hooks it declares, other files, what it provides.

    `manifest` adds keys of plugin.toml beside `provides`.
    """
    permissions = {each: {"fr": "Oui", "en": "Yes"} for each in provides.pop("permissions", [])}
    provided = {"hooks": list(declares), "routes": False, "tables": [], "permissions": permissions, **provides}
    written = {"hooks.py": HEAD + textwrap.dedent(hooks), **(files or {})}
    return write_plugin(folder, id, written, tier="code", provides=provided, **(manifest or {}))

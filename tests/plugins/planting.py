"""Plugins that tests write: a whole one by default, to be broken in one place."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

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
    manifest: str | None = None,
    **provides: Any,
) -> Path:
    """Write a plugin: its `hooks.py` (imports come along), the hooks it declares, other files, what it provides."""
    root = folder / id
    root.mkdir(parents=True)
    lists = {"hooks": list(declares), "routes": False, "tables": [], **provides}
    permissions = lists.pop("permissions", [])
    lines = [f"{name} = {json.dumps(value)}" for name, value in lists.items()]
    lines += ["[provides.permissions]", *(f'"{name}" = {{fr = "Oui", en = "Yes"}}' for name in permissions)]
    plain = textwrap.dedent(f"""
        manifest = 1
        id = "{id}"
        version = "1.0"
        tier = "code"
        languages = ["fr-CA", "en-CA"]
        title = {{fr = "Essai", en = "Trial"}}
        description = {{fr = "Essai", en = "Trial"}}
        licence = "MIT"
        owner = "tests"
        [compatible]
        spheres = ">=0.1"
        [provides]
    """)
    (root / "plugin.toml").write_text(manifest if manifest is not None else plain + "\n".join(lines) + "\n")
    (root / "__init__.py").write_text("")
    (root / "hooks.py").write_text(HEAD + textwrap.dedent(hooks))
    for name, text in (files or {}).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(text))
    return root

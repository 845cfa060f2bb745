"""Plugins that a test writes: a folder with a whole plugin.toml, to be changed in one place."""

import textwrap
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from spheres_core.foundation.content import toml

NO_FILES: Final[Mapping[str, str]] = MappingProxyType({})
TRIAL: Final = {"fr": "Essai", "en": "Trial"}


def write_plugin(folder: Path, id: str, files: Mapping[str, str] = NO_FILES, **manifest: Any) -> Path:
    """Writes `folder/id` and returns it: a `plugin.toml`, and files by their path in the folder.

    It is a pack, or a plugin with code when `tier="code"`. `manifest` adds or replaces keys of plugin.toml, as in
    `provides={"content": ["forms"]}`. Written once more, it replaces what is there.
    """
    root = folder / id
    plain = {
        "manifest": 1,
        "id": id,
        "version": "1.0",
        "tier": "pack",
        "languages": ["fr-CA", "en-CA"],
        "title": TRIAL,
        "description": TRIAL,
        "licence": "MIT",
        "owner": "tests",
        "compatible": {"spheres": ">=0.1"},
    }
    init = {"__init__.py": ""} if manifest.get("tier") == "code" else {}
    for name, text in {"plugin.toml": toml.document({**plain, **manifest}), **init, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return root

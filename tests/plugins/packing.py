"""Packs that tests write: a manifest and content files, nothing else."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path

from spheres_core.testing import write_plugin

INUKTITUT_RULE = "nplurals=3; plural=(n == 1 ? 0 : n == 2 ? 1 : 2)"


def pack(
    folder: Path, id: str, files: Mapping[str, str], *, locales: tuple[str, ...] = (), requires: tuple[str, ...] = ()
) -> Path:
    """Write a pack. `locales` are the tags that its manifest declares."""
    content = sorted({name.partition("/")[0] for name in files} - {"locales"})
    needs = dict.fromkeys(requires, ">=0")
    return write_plugin(folder, id, files, requires=needs, provides={"content": content, "locales": list(locales)})


def locales_toml(*entries: str) -> str:
    """A `locales.toml` of these entries, each the lines below `[[locales]]`."""
    return "format = 1\n" + "".join(f"\n[[locales]]\n{textwrap.dedent(each).strip()}\n" for each in entries)


def po(texts: Mapping[str, str | tuple[str, ...]], plural: str = "nplurals=2; plural=(n != 1)") -> str:
    """A PO file. A text with several forms has its English singular as key and `…s` for many."""
    blocks = [f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: {plural};\\n"']
    for key, said in texts.items():
        if isinstance(said, str):
            blocks.append(f"msgid {json.dumps(key)}\nmsgstr {json.dumps(said, ensure_ascii=False)}")
        else:
            forms = [f"msgstr[{n}] {json.dumps(form, ensure_ascii=False)}" for n, form in enumerate(said)]
            blocks.append("\n".join([f"msgid {json.dumps(key)}", f"msgid_plural {json.dumps(key + 's')}", *forms]))
    return "\n\n".join(blocks) + "\n"

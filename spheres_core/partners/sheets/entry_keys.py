"""Makes keys for entries whose row gives none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from spheres_core.facts import msg
from spheres_core.foundation.content.sheet_columns import SheetRow, normalized
from spheres_core.foundation.content.struct_reader import KEY
from spheres_core.partners.sheets.sheet_source import SheetSource

_LONGEST_KEY: Final = 41


def key_from(*texts: str) -> str:
    """Returns a key made of names; empty when they have no Latin letters."""
    made = "_".join(re.sub(r"[^a-z0-9]+", "_", normalized(text)).strip("_") for text in texts)
    made = re.sub(r"_+", "_", made).strip("_")
    made = f"n_{made}" if made[:1].isdigit() else made
    made = made[:_LONGEST_KEY].rstrip("_")
    return made if KEY.fullmatch(made) else ""


def check_key(source: SheetSource, entry: dict[str, Any], place: str, line: SheetRow, name: str) -> None:
    if not entry["key"]:
        sentence = msg("No key can be made of this name: write one in the column “key”, in small letters.")
        source.reject(f"{place}.key", sentence, line.place(name))


def numbered_key(key: str, among: Iterable[Mapping[str, Any]]) -> str:
    """Returns the key, with a number when it is taken."""
    taken = {each["key"] for each in among}
    return next(each for n in range(1, 10_000) if (each := key if n == 1 else f"{key}_{n}") not in taken)

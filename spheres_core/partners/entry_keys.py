"""Makes keys for entries from their names."""

import re
from collections.abc import Container

from spheres_core.foundation.content.sheet_columns import normalized
from spheres_core.foundation.content.struct_reader import KEY

_LONGEST_KEY = 41


def key_from(*texts: str) -> str:
    """Returns a key made of names; empty when they have no Latin letters."""
    made = "_".join(re.sub(r"[^a-z0-9]+", "_", normalized(text)).strip("_") for text in texts)
    made = re.sub(r"_+", "_", made).strip("_")
    made = f"n_{made}" if made[:1].isdigit() else made
    made = made[:_LONGEST_KEY].rstrip("_")
    return made if KEY.fullmatch(made) else ""


def free_key(key: str, taken: Container[str]) -> str:
    """Returns the key, with a number when it is taken."""
    return next(each for n in range(1, 10_000) if (each := key if n == 1 else f"{key}_{n}") not in taken)

"""Finds the code that the documentation shows, so that tests run it as it stands there."""

import re
from pathlib import Path
from typing import Final

DOCS: Final = Path(__file__).parents[1] / "docs"


def documented_code(page: str, heading: str, language: str = "python") -> str:
    """Returns all code of a language under a heading of `docs/<page>`, up to the next heading of any level."""
    text = (DOCS / page).read_text(encoding="utf-8")
    _, found, rest = text.partition(f"\n{heading}\n")
    assert found, f"docs/{page} has no heading {heading}"
    section = re.split(r"\n#{1,4} ", rest, maxsplit=1)[0]
    blocks = re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)
    assert blocks, f"docs/{page} shows no {language} under {heading}"
    return "\n\n".join(blocks)

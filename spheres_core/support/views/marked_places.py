"""Shows a place of a text at which somebody could be recognized, with the words around it."""

from collections.abc import Mapping
from typing import Any, Final

from markupsafe import Markup, escape

AROUND: Final = 40
"""Characters shown on each side of what was found."""


def marked(text: str, place: Mapping[str, Any]) -> Markup:
    """Returns the place marked, with the words around it. `place`: its `start` and `end`."""
    start, end = place["start"], place["end"]
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return Markup("{}<mark>{}</mark>{}").format(
        ("…" if start > AROUND else "") + before,
        escape(text[start:end]),
        after + ("…" if text[end + AROUND :] else ""),
    )

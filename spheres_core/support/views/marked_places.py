"""Shows the places of typed texts at which somebody could be recognized, each with the words around it."""

from collections.abc import Mapping
from typing import Any, Final

from markupsafe import Markup

from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.support.schemas.advice import KINDS

AROUND: Final = 40
"""Characters shown on each side of what was found."""


def marked(ctx: Context, texts: Mapping[str, str], refusal: Refusal | None) -> list[dict[str, Any]]:
    """Returns each place that a refusal found in typed texts, with the words around it and what it seems to be."""
    shown = []
    for place in refusal.extra.get("places", ()) if refusal else ():
        text, start, end = texts.get(place["question"], ""), place["start"], place["end"]
        before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
        words = Markup("{}{}<mark>{}</mark>{}{}").format(
            "…" if start > AROUND else "", before, text[start:end], after, "…" if text[end + AROUND :] else ""
        )
        kind = KINDS.get(place.get("kind", ""))
        shown.append({"words": words, "kind": ctx.locale.say(kind) if kind else ""})
    return shown

"""Structs of the portrait of her strengths, which she may keep.

Each field says by its type which class of information it is of and whose words it holds. A test reads these types: no
risk, no note of a worker, nothing of where she stands and nothing that a worker sees alone can be in them.
"""

from typing import Annotated, Final

from msgspec import Meta, Struct

from spheres_core.plans.schemas.together import of

SHOWN: Final = frozenset({"needs_and_plan", "activities", "own_words"})
"""Classes of information that a portrait may hold something of."""
LONGEST_NAME: Final = 80


class PortraitAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """How she wishes her portrait."""

    name: Annotated[str, Meta(max_length=LONGEST_NAME)] = ""
    """As she wants to be called on it; it is kept nowhere. Empty: no name."""
    language: Annotated[str, Meta(max_length=20)] = ""
    """The tag of one of the region's languages; empty for the reader's."""


class Portrait(Struct, frozen=True):
    """Parts of a portrait. One that the worker may not read is empty, as one in which there is nothing."""

    strengths: list[Annotated[str, of("needs_and_plan", "agreed")]]
    """As she said them, alone or with her worker; those that she found on outings are among them."""
    tried: list[Annotated[str, of("activities", "region")]]
    """Codes of activities to which she came."""
    words: list[Annotated[str, of("own_words", "hers")]]
    """How activities felt, in her words."""
    reached: list[Annotated[str, of("needs_and_plan", "hers")]]
    """Goals in her words that she has reached."""


class PortraitPart(Struct, frozen=True):
    """One part of the printed page."""

    heading: str
    lines: list[str]
    quoted: bool = False


class PortraitPrinted(Struct, frozen=True):
    """Texts that the template prints."""

    title: str
    name: str
    parts: list[PortraitPart]
    empty: str

"""Bounds of what is written in words."""

from typing import Annotated, Final

from msgspec import Meta

LONGEST_WORDS: Final = 20_000
"""Characters of one note, and of her words in one place."""
Words = Annotated[str, Meta(max_length=LONGEST_WORDS)]

"""Kinds of words and codes that needs, strengths, goals and stages share."""

from typing import Annotated, Final, Literal

from msgspec import Meta

LONGEST_WORDS: Final = 20_000
"""Characters of one text."""
Words = Annotated[str, Meta(max_length=LONGEST_WORDS)]
SomeWords = Annotated[str, Meta(min_length=1, max_length=LONGEST_WORDS, pattern=r"\S")]
Code = Annotated[str, Meta(pattern="^[a-z0-9_:-]{1,60}$")]
"""A code of the region's catalogue."""
SeenBy = Literal["herself", "worker", "both"]
"""Who sees it so."""
TextPart = Literal["what", "met_by", "could_be_met_by", "her_words", "note", "answer", "exception"]

"""Names the permissions of this room."""

from typing import Final

ANSWER: Final = "support.answer"
"""The permission to read what professionals ask and to answer them."""

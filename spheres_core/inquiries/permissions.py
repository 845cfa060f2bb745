"""Names the permissions of this room."""

from typing import Final

ANSWER: Final = "inquiries.answer"
"""The permission to read inquiries and to note what became of them."""

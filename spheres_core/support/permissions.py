"""Names the permissions of this room."""

from typing import Final

ANSWER: Final = "support.answer"
"""The permission to read what professionals ask and to answer them."""
WRITE_TOOLS: Final = "support.tools"
"""The permission to write, publish and withdraw tools of the library, and to decide about proposed entries."""
ACCOMPANY: Final = "support.accompany"
"""The permission to read what close ones ask and to be there for them."""

"""Names the permissions of this room."""

from typing import Final

ANSWER: Final = "support.answer"
"""The permission to read what professionals ask and to answer them."""
WRITE_TOOLS: Final = "support.tools"
"""The permission to write, publish and withdraw tools of the library, and to decide about proposed entries."""
ACCOMPANY: Final = "support.accompany"
"""The permission to read what close ones ask and to be there for them."""
TAKE_PART: Final = "support.take_part"
"""The permission to ask for clinical support for oneself or one's team, and to take part."""
GIVE_SESSIONS: Final = "support.give_sessions"
"""The permission to give clinical support to members of staff."""
COUNT_SESSIONS: Final = "support.count_sessions"
"""The permission to see how many sessions took place, without who asked or took part."""

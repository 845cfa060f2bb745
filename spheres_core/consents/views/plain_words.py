"""Says in words that a young person of eleven reads easily who may see what, why and until when.

A test measures them: short words, short sentences, in each language (`tests/spheres_core/consents/reading_ease.py`).
"""

from collections.abc import Mapping
from typing import Final

from spheres_core.consents.schemas import ConsentKind, Giver
from spheres_core.facts import Message, msg

TEAM_NAME: Final = msg("The team that helps you")
WHAT: Final[Mapping[str, Message]] = {
    "participation": msg("That you come here"),
    "identity": msg("Your name and your birthday"),
    "safe_contact": msg("How to reach you safely"),
    "needs_and_plan": msg("What you need, what you are good at, and your goals"),
    "encounters": msg("Notes about the times we meet"),
    "own_words": msg("What you say, in your own words"),
    "stages": msg("Where you see yourself on your way"),
    "emergency_plan": msg("Your plan for hard moments"),
    "activities": msg("Activities that you go to"),
    "service_requests": msg("The help that you ask for"),
    "committee": msg("What a few partners thought of together"),
    "measures": msg("Your answers to lists of questions"),
    "legal": msg("Steps with the court"),
    "meeting_name": msg("The name that they call you at their meeting"),
}
"""Classes of information, said to her."""
MAY: Final[Mapping[str, Message]] = {
    "read": msg("can read it"),
    "discuss": msg("can talk about it"),
    "forward": msg("can pass it on"),
    "write": msg("can add to it"),
}
WHY: Final[Mapping[str, Message]] = {
    "follow_up": msg("So that we can be there for you."),
    "coordination": msg("So that the right person is there for you."),
    "committee": msg("So that a few people can think with us. They get a name only if you say so."),
    "service": msg("So that they can help you."),
    "emergency": msg("So that somebody can help you fast."),
    "oversight": msg("So that somebody can check that we keep your things private."),
    "transfer": msg("So that you can go on in another region."),
}
"""Purposes, said to her."""
KINDS: Final[Mapping[ConsentKind, Message]] = {
    "participation": msg("You said yes to coming here"),
    "information": msg("You said who may know what"),
    "care": msg("You said yes to care"),
    "research": msg("You said yes to research"),
    "publication": msg("You said yes to telling your story in public"),
}
GIVERS: Final[Mapping[Giver, Message]] = {
    "herself": msg("You said it yourself."),
    "parent": msg("A parent said it for you."),
    "tutor": msg("A tutor said it for you."),
    "benefit": msg("One of us thought that it is good for you, and wrote down why."),
}
STATES: Final[Mapping[str, Message]] = {
    "waits": msg("It waits for a parent or tutor. Until then nobody sees anything by it."),
    "holds": msg("In force"),
    "ended": msg("Over"),
    "withdrawn": msg("Taken back"),
}

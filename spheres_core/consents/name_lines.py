"""Says which lines of a consent may be about the name by which she is called at a meeting.

Her worker writes the name with her, so the team that follows her may read it. Whoever else hears it is one organization
that sits in the committee, each by a line of its own; the police each time anew, so its line has an end.
"""

import datetime as dt
from typing import Final

from spheres_core.consents.schemas import FOREVER, MEETING_NAME, TEAM
from spheres_core.facts import Message, msg

KEPT: Final = (TEAM, "follow_up", "read")
"""Recipient, purpose and act of the line by which her worker writes the name with her."""
HEARD: Final = ("committee", "discuss")
"""Purpose and act of a line by which an organization hears it."""
ONE_ORGANIZATION: Final = msg(
    "How she may be called at a meeting is opened to one organization at a time. Choose one that sits in the committee."
)
FOR_A_MEETING: Final = msg(
    "How she may be called at a meeting is there to be talked about in a committee, and for nothing else."
)
FOR_ONE_MEETING: Final = msg(
    "For the police this holds for one meeting only. Choose the day of that meeting as the last day."
)


def may_be_about(information: str, recipient: str, purpose: str, act: str) -> bool:
    """Returns whether a line may be about this class of information; any may, but for the name."""
    return place_of_problem(information, recipient, purpose, act) is None


def place_of_problem(information: str, recipient: str, purpose: str, act: str) -> tuple[str, Message] | None:
    """Returns the field at which a line is refused, and why; None where it may be given."""
    if information != MEETING_NAME or (recipient, purpose, act) == KEPT:
        return None
    for name, value, wanted in (("purpose", purpose, HEARD[0]), ("act", act, HEARD[1])):
        if value != wanted:
            return name, FOR_A_MEETING
    return ("recipient", ONE_ORGANIZATION) if recipient.startswith("*") else None


def lacks_end(information: str, ends: dt.datetime) -> bool:
    """Returns whether a line for the police is to have an end, and has none."""
    return information == MEETING_NAME and ends >= FOREVER

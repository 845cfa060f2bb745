"""The sections of an emergency plan. A region's packs reword them, leave them out and add others."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from spheres_core.facts import Message, Words, msg

PEOPLE: Final = "people"
PLACES: Final = "places"
NUMBERS: Final = "numbers"


class PlanSection(Struct, frozen=True):
    """A section in which words are written."""

    title: Message | Words
    hers: Message | None = None
    """The title as she reads it herself."""
    hint: Message | None = None


SECTIONS: Final[Mapping[str, PlanSection]] = {
    "safety": PlanSection(msg("What safety means to her"), msg("What being safe means to me")),
    "signs": PlanSection(
        msg("Signs that it is getting risky"),
        msg("How I notice that it is getting risky"),
        msg("Around her, in her body, in messages, in what somebody says."),
    ),
    "helps": PlanSection(msg("What helps her"), msg("What helps me")),
    PEOPLE: PlanSection(msg("People she trusts"), msg("People I trust")),
    PLACES: PlanSection(msg("Places where she can go"), msg("Where I can go")),
    NUMBERS: PlanSection(msg("Numbers"), msg("Numbers")),
    "code_word": PlanSection(
        msg("Code word and safe contact"),
        msg("My code word, and how to reach me safely"),
        msg("A word by which she says that she needs help, and what is done then."),
    ),
    "phone": PlanSection(
        msg("Telephone and location"),
        msg("My phone and my location"),
        msg("Location, shared accounts, notifications on a locked screen."),
    ),
    "bring": PlanSection(msg("What she takes along"), msg("What I take along")),
    "not_wanted": PlanSection(msg("What she does not want to be done"), msg("What I do not want you to do")),
    "after": PlanSection(msg("Afterwards: who checks in with her"), msg("Afterwards: who checks in with me")),
}
"""By code, in the order in which they are talked about."""

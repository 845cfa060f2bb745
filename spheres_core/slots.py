"""The slots: places on pages of the core where plugins may show a panel, and how much room each one has.

A slot is filled by the `show_` hook of its name. A page that shows none of it is the same, byte for byte, as if nobody
could show anything there.
"""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct


class Slot(Struct, frozen=True):
    """One place on a page of the core."""

    page: str
    """Where it is, in words for authors."""
    permission: str
    """The right that a reader needs to see the page: a permission, `signed in`, or nothing where anybody reads it."""
    about_person: bool = False
    """A panel there is about one young person, so the trail keeps who was shown whose panels."""
    facts: int = 4
    rows: int = 6
    columns: int = 4
    links: int = 2
    characters: int = 4_000
    """Of the HTML that a template's fragment makes."""


SLOTS: Final[Mapping[str, Slot]] = {
    "show_home": Slot("the public home page, below the ways to reach someone", "", facts=2, rows=0, columns=0),
    "show_services": Slot("the public page of partners and their services, above the list", "", facts=4, rows=6),
    "show_referral": Slot(
        "one referral, beside its answers", "referrals.read", about_person=True, facts=6, rows=6, links=3
    ),
    "show_my_day": Slot("the worker's day", "signed in", facts=4, rows=8, links=3),
    "show_participant": Slot(
        "one participant's file", "participants.read", about_person=True, facts=8, rows=10, links=3
    ),
    "show_plan": Slot(
        "a participant's needs and plan, below them", "participants.read", about_person=True, facts=6, rows=8, links=3
    ),
    "show_emergency_plan": Slot(
        "an emergency plan, in a participant's file and for somebody on call",
        "signed in",
        about_person=True,
        facts=6,
        rows=8,
        links=2,
    ),
    "show_together": Slot(
        "the screen that a young person and her worker look at together, below it",
        "participants.read",
        about_person=True,
        facts=4,
        rows=4,
        columns=2,
        links=0,
        characters=2_000,
    ),
    "show_encounter_form": Slot(
        "the form of a participant's encounter, below it",
        "participants.read",
        about_person=True,
        facts=4,
        rows=4,
        links=2,
    ),
    "show_activity": Slot("one outing or meeting of a group, below it", "activities.plan", facts=6, rows=6, links=3),
    "show_meeting": Slot(
        "a meeting of a committee, below the brief and below what is written down in it",
        "committee.meet",
        facts=6,
        rows=6,
        links=3,
    ),
    "show_administration": Slot("the region's administration", "site.administer", facts=6, rows=8, links=3),
}
"""Every slot by its hook."""

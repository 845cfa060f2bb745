"""Structs of the card that she may carry: the parts of her emergency plan that she wants on it.

Each field says by its type which class of information it is of and whose words it holds. A test reads these types:
nothing but her plan as she said it and the directory can be in them.
"""

import datetime as dt
from typing import Annotated, Final, Literal

from msgspec import Struct

from spheres_core.plans.schemas.together import of

SHOWN: Final = frozenset({"emergency_plan"})
"""Classes of information that a card may hold something of."""
CardSize = Literal["page", "card"]
"""A page of letter paper, or a small card (A7)."""
Hers = Annotated[str, of("emergency_plan", "hers")]
OfRegion = Annotated[str, of("emergency_plan", "region")]


class CardPerson(Struct, frozen=True):
    """Somebody she trusts, as she calls them."""

    name: Hers
    ways: Hers
    times: Hers


class CardContact(Struct, frozen=True):
    """A place where she can go, or a number of her community's, as the directory has it now."""

    name: OfRegion
    """Empty where it names the program."""
    phones: list[OfRegion]
    hours: list[OfRegion]


class CardSection(Struct, frozen=True):
    """One section that she wants on it."""

    title: OfRegion
    lines: list[Hers]
    people: list[CardPerson]
    contacts: list[CardContact]


class Card(Struct, frozen=True):
    """Her card."""

    sections: list[CardSection]
    language: Annotated[str, of("emergency_plan", "hers")]
    """The tag of the language that she reads."""
    as_of: Annotated[dt.date, of("emergency_plan", "number")]
    """The day on which places and numbers were read."""


class PrintedEntry(Struct, frozen=True):
    """A person, a place or a number as the template prints it."""

    head: str
    lines: list[str]


class PrintedSection(Struct, frozen=True):
    """One section of the printed card."""

    title: str
    entries: list[PrintedEntry]
    lines: list[str]


class PrintedCard(Struct, frozen=True):
    """Texts that the template prints."""

    title: str
    size: CardSize
    sections: list[PrintedSection]
    as_of: str
    """Empty where no place and no number stands on it."""

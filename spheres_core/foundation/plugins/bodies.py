"""Registrations for bodies in which partners meet: the bodies, and parts of a member's brief."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from spheres_core.facts import Message, Words


class Body(Struct, frozen=True):
    """A body in which partners meet: what it is called, and whether it discusses anybody."""

    key: str
    """`clinical`; a plugin's begin with its id and a colon."""
    title: Message | Words
    discusses_participants: bool = True
    """Whether participants stand on its agendas, by their codes and as far as each has agreed; else nobody does."""


class BriefLine(Struct, frozen=True):
    """One fact in a committee member's brief, in the reader's language or as somebody wrote it."""

    text: str
    label: str = ""
    """Says what the text is; it stands before it."""


class BriefSection(Struct, frozen=True):
    """A part of a committee member's brief that a room keeps: facts of a class of information."""

    name: str
    information: str
    """A class of information: whoever may not discuss it finds none."""
    title: Message
    read: Callable[..., Any]
    """`read(ctx, reader, participants)`, async, returns by id the `BriefLine`s of each, in as many statements for all
    of them as for one. `reader` is that of `consents.queries.reader.read_for`; conditions say `act="discuss"`."""
    order: int = 100

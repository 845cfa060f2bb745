"""Structs of presence: who has a form of a participant's file open at this moment."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct


class OpenForm(Struct, frozen=True, forbid_unknown_fields=True):
    """A form of her file that changes something."""

    section: Annotated[str, Meta(min_length=1, max_length=60)]
    """The section of her file in which it stands, such as `goals`."""
    about: UUID | None = None
    """The record that it changes; null where the section has one, such as `safe_contact`."""


class Colleague(Struct, frozen=True):
    """Somebody else who has the form open."""

    name: str
    since: dt.datetime


class Presence(Struct, frozen=True):
    """Who else has a form open, whoever came first first. Nobody is kept from writing by that."""

    section: str
    about: UUID | None
    colleagues: list[Colleague]
    """Only those who may read that class of information of her at this moment."""


class StoredOpenForm(Struct, frozen=True):
    """A row of somebody who has the form open."""

    writer: UUID
    opened_at: dt.datetime

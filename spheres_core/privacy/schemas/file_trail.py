"""Entries of the trail about one participant, for who watches over private information."""

import datetime as dt
from uuid import UUID

from msgspec import Struct

from spheres_core.consents.schemas import StandingKind


class FileTrailEntry(Struct, frozen=True):
    """One entry of the trail about a participant. It has no word of her file."""

    id: UUID
    at: dt.datetime
    verb: str
    title: str
    """Says what happened, in the language of who asks."""
    actor: str
    """anonymous, staff, token, link (of somebody without an account) or system."""
    who: str
    """The name of a member of staff or the label of a token; empty where there is none, or none any more."""
    information: list[str]
    """The classes of information that were read."""
    standings: list[StandingKind]
    """By which kinds of standing it was allowed; empty where the entry names none."""

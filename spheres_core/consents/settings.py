"""Settings of a tenant about consents."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from msgspec import Meta, Struct, field

from spheres_core.consents.schemas import GIVERS, may_be_decided
from spheres_core.facts import Message, msg


class Settings(Struct, frozen=True):
    """`[settings.consents]` of a tenant's file."""

    regime: Annotated[str, Meta(max_length=40)] = ""
    """Act that the program's own records live under, such as P-39.1. Empty: only what every act agrees on holds."""
    givers: Mapping[str, str] = field(default_factory=dict)
    """Who gives a consent where the legal profile is still to be confirmed, as a person here has decided.

    By cell, such as `"information/R-22.1/14-17" = "herself"`; `herself_and_parent_or_tutor` where a parent or tutor
    must agree too. A cell that was read in the law stays as it is, and nobody's agreement to take part takes the place
    of her own.
    """
    plugin_organizations: Mapping[str, str] = field(default_factory=dict)
    """For which organization a plugin acts: `night_bus = "night_house"`, or `"*team"` for the program's own team.

    It is told of what is done with a participant as far as that organization may read it; one that is not named here is
    told of nothing that is done with any.
    """
    limits_text: Annotated[str, Meta(min_length=1, max_length=40)] = "1"
    """Version of the text in which the limits of confidentiality are explained here."""

    def conflicts(self) -> Iterator[tuple[str, Message]]:
        """Yields what cannot be decided here, and why."""
        for cell, giver in self.givers.items():
            if giver not in GIVERS:
                yield "givers", msg("{cell}: nobody is called {giver}.", cell=cell, giver=giver)
            elif not may_be_decided(cell, giver):
                yield "givers", msg("{cell}: only she herself agrees to take part.", cell=cell)

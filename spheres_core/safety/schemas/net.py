"""Structs of her safety net: who and what is there for her at this moment."""

import datetime as dt

from msgspec import Struct

from spheres_core.safety.schemas.plans import PlanNumber, PlanPlace, TrustedPerson


class SafetyNet(Struct, frozen=True):
    """Who and what is there for her, as the plan to which she agreed and the directory say now.

    A part that the reader may not read is empty, as one in which there is nothing.
    """

    at: dt.datetime
    """The moment for which it says what is open."""
    people: list[TrustedPerson]
    """Those she trusts, as she calls them, and how and when they can safely be reached."""
    places: list[PlanPlace]
    """Where she can go; what is open now first."""
    services: list[PlanPlace]
    """Services of partners that said yes to her; what is open now first."""
    numbers: list[PlanNumber]
    """Those of her community; whoever answers now first."""

"""The program's kinds of accompaniments, and which class of information each is of. A region's lists add to them."""

from collections.abc import Mapping
from typing import Final, Literal

from spheres_core.facts import Message, msg

AccompanimentClass = Literal["encounters", "legal"]
ACCOMPANIMENTS: Final[Mapping[str, Message]] = {
    "clinic": msg("Clinic or hospital"),
    "housing": msg("A place to live"),
    "papers": msg("Papers and cards"),
}
LEGAL_STEPS: Final[Mapping[str, Message]] = {"court": msg("The court")}
PROGRAM: Final[Mapping[AccompanimentClass, Mapping[str, Message]]] = {
    "encounters": ACCOMPANIMENTS,
    "legal": LEGAL_STEPS,
}
"""By class of information. Steps of the law are a class of their own: who may read of encounters does not see them."""
LISTS: Final[Mapping[AccompanimentClass, str]] = {"encounters": "accompaniments", "legal": "legal_steps"}
"""The lists of a region's catalogue that add kinds, by class."""

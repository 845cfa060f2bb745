"""The program's kinds of accompaniments, and which class of information each is of. A region's lists add to them."""

from collections.abc import Collection, Mapping
from typing import Final, Literal

from spheres_core.facts import Message, msg
from spheres_core.followups.schemas.accompaniments import Side

AccompanimentClass = Literal["encounters", "legal"]
PEER_MEETING: Final = "peer_meeting"
POLICE: Final = "police"
ACCOMPANIMENTS: Final[Mapping[str, Message]] = {
    "clinic": msg("Clinic or hospital"),
    "housing": msg("A place to live"),
    "papers": msg("Papers and cards"),
    PEER_MEETING: msg("A meeting with a peer"),
}
LEGAL_STEPS: Final[Mapping[str, Message]] = {"court": msg("The court"), POLICE: msg("The police, because she asks")}
PROGRAM: Final[Mapping[AccompanimentClass, Mapping[str, Message]]] = {
    "encounters": ACCOMPANIMENTS,
    "legal": LEGAL_STEPS,
}
"""By class of information. Steps of the law are a class of their own: who may read of encounters does not see them."""
BOTH_AGREE: Final[Mapping[str, frozenset[Side]]] = {
    PEER_MEETING: frozenset({"herself", "other_side"}),
    POLICE: frozenset({"herself"}),
}
"""By kind, who must have agreed: a peer is met when both sides said yes, the police only when she asks for it."""
LISTS: Final[Mapping[AccompanimentClass, str]] = {"encounters": "accompaniments", "legal": "legal_steps"}
"""The lists of a region's catalogue that add kinds, by class."""


def all_agree(kind: str, agreed: Collection[str]) -> bool:
    """Tells whether everybody who must agree to this has. Until then nothing is kept of anybody else."""
    return BOTH_AGREE.get(kind, frozenset()) <= {*agreed}

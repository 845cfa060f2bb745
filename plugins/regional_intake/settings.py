"""Settings that a region may change: `[settings.regional_intake]` of its tenant's file."""

from msgspec import Struct


class Settings(Struct, frozen=True):
    """Communities are the answers of the region's own form to the question that means `community`."""

    other_law_communities: tuple[str, ...] = ("ontario",)
    """Communities where the law of another province may apply."""
    travel_communities: tuple[str, ...] = ()
    """Communities from which travel is a question to settle before a first meeting."""

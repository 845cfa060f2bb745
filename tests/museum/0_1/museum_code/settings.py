"""Settings that a region may change: `[settings.museum_code]` of its tenant's file. Every setting has a default."""

from msgspec import Struct


class Settings(Struct, frozen=True):
    far_communities: tuple[str, ...] = ()

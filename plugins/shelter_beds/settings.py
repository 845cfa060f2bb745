"""Settings of a region; the registry is made up, and off."""

from typing import Annotated

from msgspec import Meta, Struct

from spheres_core.plugin import Secret


class Settings(Struct, frozen=True):
    tell_registry: Annotated[bool, Meta(title="Tell the registry each evening how many beds are free")] = False
    registry_key: Annotated[Secret, Meta(title="Key of the registry")] = Secret()

"""What the region's administrator sets."""

from typing import Annotated

from msgspec import Meta, Struct

SENDER = Meta(title="Number that messages come from", pattern=r"^(\+?[0-9]{3,15})?$")


class Settings(Struct, frozen=True):
    """`[settings.sms_file]` of a region's file. A number and never a name: a name may tell a bystander who writes."""

    sender: Annotated[str, SENDER] = ""

"""Settings of a tenant about forms."""

from typing import Annotated, Final

from msgspec import Meta, Struct

MEGABYTE: Final = 1_000_000


class Settings(Struct, frozen=True):
    """`[settings.forms]` of a tenant's file."""

    attachments: bool = False
    """Whether questions that are answered with a file are asked at all."""
    attachment_megabytes: Annotated[int, Meta(ge=1, le=10)] = 8
    """The largest file, in millions of bytes."""
    attachments_each: Annotated[int, Meta(ge=1, le=10)] = 5
    """Files of one set of answers."""

    @property
    def largest_attachment(self) -> int:
        """Returns the bytes of the largest file."""
        return self.attachment_megabytes * MEGABYTE

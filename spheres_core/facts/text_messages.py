"""Facts about text messages that hooks are handed to send."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct


class TextMessage(Struct, frozen=True):
    """A message to a telephone: that something waits, or a code. `id` is the same when it is handed over again."""

    id: UUID
    to: str
    """The number, as `+15145550100`."""
    text: str

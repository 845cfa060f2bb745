"""Limits an idempotency key of this room to what was sent with it."""

from typing import Any
from uuid import UUID

from msgspec import Struct


class Sent(Struct, frozen=True):
    """Limits an idempotency key to one caller, one thing, and one body."""

    actor: UUID | None
    act: str
    about: UUID
    body: Any

"""Shared by controllers of this room: whose file a path names, and idempotency keys."""

from typing import Annotated, Any
from uuid import UUID

from litestar.params import HeaderParameter, PathParameter
from msgspec import Struct

Code = Annotated[str, PathParameter(description="The participant's code.")]
IdempotencyKey = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key", required=False, description="The same key and body again: the same answer."
    ),
]


class Sent(Struct, frozen=True):
    """Limits an idempotency key to one caller, one thing, and one body."""

    actor: UUID | None
    act: str
    about: UUID
    body: Any

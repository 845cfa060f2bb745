"""Describes the header with which a caller sends the same act again without its being done twice."""

from typing import Annotated

from litestar.params import HeaderParameter

IdempotencyKey = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key", required=False, description="The same key and body again: the same answer."
    ),
]

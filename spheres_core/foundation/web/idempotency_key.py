"""The header with which a caller sends the same act again without its being done twice."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar
from uuid import UUID

from litestar.params import HeaderParameter
from msgspec import Struct

from spheres_core.foundation.tenancy.idempotency import Sent, run_once
from spheres_core.foundation.web.request_scope import RequestScope

T = TypeVar("T", bound=Struct)

IdempotencyKey = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key", required=False, description="The same key and body again: the same answer."
    ),
]


class Once:
    """Does what a request asks for once per `Idempotency-Key`: whoever sends the same again gets the same answer."""

    def __init__(self, request_scope: RequestScope, key: str) -> None:
        self._request_scope = request_scope
        self._key = key

    async def run(self, act: str, about: UUID, body: Any, kind: type[T], do: Callable[[], Awaitable[T]]) -> T:
        """Returns the answer of `do`, or the one that was kept.

        `act` names the kind of act, `about` is the id of what it changes, `body` what was sent.
        Raises `KeyReused` when the key came with something else, `KeyTooLong`, and what `do` raises.
        """
        scope = self._request_scope
        return await run_once(scope.context(), self._key, Sent(act, about, body), kind, do, source=scope.source)

"""Hands `ctx`, `request_scope` and `once` to handlers by a plain call.

As dependencies of Litestar each is looked up, validated and cleaned up, and two of one handler become two tasks of the
event loop: together more processor time than many a handler's own work.
"""

import inspect
from collections.abc import Callable, Mapping
from copy import copy
from functools import wraps
from typing import Any, Final

from litestar import Request
from litestar.handlers import HTTPRouteHandler

from spheres_core.foundation.web.idempotency_key import IdempotencyKey, Once
from spheres_core.foundation.web.request_scope import RequestScope, request_scope_of

GIVEN: Final[Mapping[str, Callable[[RequestScope], Any]]] = {
    "ctx": RequestScope.context,
    "request_scope": lambda request_scope: request_scope,
}
"""By the name of an argument, what a handler gets."""
ONCE: Final = "once"
"""An argument by which a handler takes the header `Idempotency-Key`."""
KEY: Final = "idempotency_key"


def with_given_arguments(handler: HTTPRouteHandler) -> HTTPRouteHandler:
    """Returns a copy of a handler that Litestar calls with the request alone, besides what comes from the caller.

    One that is no coroutine, or has a dependency of its own by such a name, stays as it is.
    """
    function, own = handler.fn, handler.dependencies or {}
    signature = inspect.signature(function)
    given = {name: give for name, give in GIVEN.items() if name in signature.parameters and name not in own}
    takes_key = ONCE in signature.parameters
    if not (given or takes_key) or not inspect.iscoroutinefunction(function):
        return handler
    takes_request = "request" in signature.parameters

    @wraps(function)
    async def call(request: Request[Any, Any, Any], **others: Any) -> Any:
        request_scope = request_scope_of(request)
        for name, give in given.items():
            others[name] = give(request_scope)
        if takes_key:
            others[ONCE] = Once(request_scope, others.pop(KEY))
        if takes_request:
            others["request"] = request
        return await function(**others)

    hints = {name: hint for name, hint in function.__annotations__.items() if name not in given and name != ONCE}
    kept = [each for each in signature.parameters.values() if each.name not in given and each.name != ONCE]
    if not takes_request:
        hints["request"] = Request[Any, Any, Any]
        kept.insert(0, inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD))
    if takes_key:
        hints[KEY] = IdempotencyKey
        kept.append(inspect.Parameter(KEY, inspect.Parameter.KEYWORD_ONLY, default="", annotation=IdempotencyKey))
    call.__annotations__ = hints
    call.__signature__ = signature.replace(parameters=kept)  # type: ignore[attr-defined]
    return copy(handler)(call)

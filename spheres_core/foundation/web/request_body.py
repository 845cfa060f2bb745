"""Reads a request's body before anything else happens, so that nobody who sends slowly holds a connection."""

import asyncio
from typing import Any, Final

from litestar.types import HTTPScope, Receive

from spheres_core.facts import msg
from spheres_core.foundation.errors import Refusal

LARGEST: Final = 2 * 1024 * 1024
"""Bytes that a request may carry. The longest honest referral is a hundredth of it."""
LARGEST_UPLOAD: Final = 24 * 1024 * 1024
"""Bytes that a request with files may carry, in a region that takes some."""
UPLOADS_AT_ONCE: Final = 4
"""Requests of more than `LARGEST` that a process holds in memory at a time; others wait, within `READ_WITHIN`."""
_WITH_FILES: Final = (b"multipart/form-data", b"application/octet-stream")
READ_WITHIN: Final = 30.0
"""Seconds in which the whole body must have arrived."""


class TooLarge(Refusal):
    status = 413
    code = "too_large"
    message = msg("What was sent is too large.")


class TooSlow(Refusal):
    """The body did not arrive in time."""

    status = 408
    code = "too_slow"
    message = msg("What was sent did not arrive in time. Please try again.")


class ClientGone(Exception):
    """The caller closed the connection before the whole body had arrived; nobody waits for an answer."""


def is_upload(scope: HTTPScope) -> bool:
    """Returns whether a request announces more than `LARGEST`, and says that it holds files."""
    headers = dict(scope["headers"])
    announced = headers.get(b"content-length", b"")
    more = announced.isdigit() and len(announced) <= 20 and LARGEST < int(announced) <= LARGEST_UPLOAD
    return more and headers.get(b"content-type", b"").startswith(_WITH_FILES)


async def read_body(scope: HTTPScope, receive: Receive, *, largest: int = LARGEST) -> Receive:
    """Returns a `receive` that gives the whole body at once. Raises `TooLarge`, `TooSlow`, `ClientGone`.

    A request without a body is not waited for. `largest`: bytes that it may have.
    """
    headers = {name: value for name, value in scope["headers"] if name in (b"content-length", b"transfer-encoding")}
    if scope["method"] in ("GET", "HEAD", "OPTIONS") and not headers:
        return receive
    announced = headers.get(b"content-length", b"0")
    if announced.isdigit() and len(announced) <= 20 and int(announced) > largest:
        raise TooLarge
    try:
        async with asyncio.timeout(READ_WITHIN):
            body = await _read(receive, largest)
    except TimeoutError:
        raise TooSlow from None
    return _replay(body, receive)


async def _read(receive: Receive, largest: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientGone
        part = message.get("body", b"")
        size += len(part)
        if size > largest:
            raise TooLarge
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    read = False

    async def give() -> Any:
        nonlocal read
        if read:
            return await receive()
        read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return give

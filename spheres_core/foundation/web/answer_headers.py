"""Headers that every answer carries, and answers to HEAD: those of GET without their body."""

from typing import Final

from litestar.types import HTTPScope, Message, Send

SECURITY_HEADERS: Final[tuple[tuple[bytes, bytes], ...]] = (
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; "
        b"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), interest-cohort=()"),
)


class Answer:
    """Sends the messages of one answer with their headers. `scope` is that of the request as it came."""

    def __init__(self, scope: HTTPScope, send: Send) -> None:
        self.started = False
        self._send = send
        self._https = scope["scheme"] == "https"
        self._head = scope["method"] == "HEAD"
        self._ended = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            message = {**message, "headers": self._headers(list(message["headers"]))}
        elif self._head and message["type"] == "http.response.body":
            if self._ended:
                return
            self._ended = True
            message = {"type": "http.response.body", "body": b"", "more_body": False}
        await self._send(message)

    def _headers(self, given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        headers = [*given, *SECURITY_HEADERS]
        if not any(name.lower() == b"cache-control" for name, _ in given):
            headers.append((b"cache-control", b"no-store"))
        if self._https:
            headers.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))
        return headers


def as_get(scope: HTTPScope) -> HTTPScope:
    """Returns the scope of a GET for one of HEAD, so that HEAD works wherever GET does; any other as it is."""
    return {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope

"""The floor as granian serves it: `granian --interface asgi benchmarks.floor.app:app`."""

from litestar import Litestar
from litestar.enums import ScopeType
from litestar.types import Message, Receive, Scope, Send

from benchmarks.floor import briefs, files, referrals
from benchmarks.floor.transactions import start
from spheres_core.foundation.web.answer_headers import SECURITY_HEADERS

HEADERS = [*SECURITY_HEADERS, (b"cache-control", b"no-store")]

bare = Litestar(
    [*referrals.HANDLERS, *files.HANDLERS, *briefs.HANDLERS],
    on_startup=[start],
    openapi_config=None,
    logging_config=None,
    request_max_body_size=2 * 1024 * 1024,
)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *HEADERS]
        await send(message)

    await bare(scope, receive, send_with_headers if scope["type"] == ScopeType.HTTP else send)

"""Leads a request to its tenant, and to the Litestar app of that tenant's plugin set.

Behind the dispatcher nothing can name another tenant: the request carries its own, its transaction is that tenant's,
and the app it reaches holds only that tenant's plugins. What is not there and what may not be known of get the same
answer.
"""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

import asyncpg
from litestar import Request
from litestar.response import Response
from litestar.types import HTTPScope, Receive, Send

from spheres_core.app import tenantless
from spheres_core.app.background import BackgroundTasks
from spheres_core.app.preview import PREVIEW, preview_scope
from spheres_core.forms.settings import Settings as FormSettings
from spheres_core.foundation.errors import NotFound, Refusal
from spheres_core.foundation.tenancy.runtime import LoadedTenant, Runtime
from spheres_core.foundation.tenancy.tenants import HOST, SLUG
from spheres_core.foundation.web import problems
from spheres_core.foundation.web.answer_headers import Answer, as_get
from spheres_core.foundation.web.health import Health
from spheres_core.foundation.web.request_body import (
    LARGEST,
    LARGEST_UPLOAD,
    UPLOADS_AT_ONCE,
    ClientGone,
    is_upload,
    read_body,
)
from spheres_core.foundation.web.request_scope import (
    Authenticator,
    RefusalRecorder,
    RequestScope,
    serve_in_request_scope,
)


class Dispatcher:
    """The ASGI application. Owns the runtime's pool and what runs beside the requests."""

    def __init__(
        self,
        runtime: Runtime,
        authenticate: Authenticator,
        record_refusal: RefusalRecorder,
        restart_database: Callable[[], None] | None = None,
    ) -> None:
        """`restart_database`: starts the database again if it has died; None for one that others look after."""
        self.runtime = runtime
        self._authenticate = authenticate
        self._record_refusal = record_refusal
        self.health = Health(runtime)
        self._tenantless_app = tenantless.make_app(self.health)
        self._background = BackgroundTasks(runtime, restart_database)
        self._uploads = asyncio.Semaphore(UPLOADS_AT_ONCE)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer_safely(as_get(scope), receive, Answer(scope, send))
        else:
            await send({"type": "websocket.close", "code": 1000, "reason": ""})

    async def start(self) -> None:
        """Opens the pool and begins to listen for changed tenants."""
        await self.runtime.database.open()
        self._background.start()

    async def stop(self) -> None:
        """Stops listening and closes the pool."""
        await self._background.stop()
        await self.runtime.database.close()

    async def _live(self, receive: Any, send: Any) -> None:
        message = await receive()
        assert message["type"] == "lifespan.startup"
        try:
            await self.start()
        except Exception as error:
            await send({"type": "lifespan.startup.failed", "message": type(error).__name__})
            raise
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer_safely(self, scope: HTTPScope, receive: Receive, answer: Answer) -> None:
        """Answers, whatever goes wrong: nothing is raised to the server, whose log would hold the words of an error."""
        try:
            await self._answer(scope, receive, answer.send)
        except ClientGone:
            return
        except Exception as error:
            refusal = problems.refusal_for(error)
            if not answer.started:
                await _send(tenantless.answer_refusal(Request(scope), refusal), scope, receive, answer.send)

    async def _answer(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        if "\0" in scope["path"]:  # neither a file nor a row can have such a name, and both say so in odd ways
            raise NotFound
        try:
            loaded, prefix = await self._tenant_of(scope)
        except asyncpg.PostgresError:  # of whatever kind: this is asked before anything of a caller's is looked at
            raise problems.Unavailable from None
        if loaded is None:
            await self._tenantless_app(scope, await read_body(scope, receive), send)
            return
        scope["root_path"] = prefix
        request_scope = RequestScope(self.runtime, loaded, scope, prefix, self._authenticate, self._record_refusal)
        scope["spheres"] = request_scope  # type: ignore[typeddict-unknown-key]
        settings = loaded.settings.get("forms")
        if is_upload(scope) and isinstance(settings, FormSettings) and settings.attachments:
            async with self._uploads:  # each ends, because reading its body and every statement has a deadline
                await self._serve(request_scope, receive, send, LARGEST_UPLOAD)
        else:
            await self._serve(request_scope, receive, send, LARGEST)

    async def _serve(self, request_scope: RequestScope, receive: Receive, send: Send, largest: int) -> None:
        """Reads the body, which may have `largest` bytes, and lets the tenant's app answer."""
        scope = request_scope.scope
        try:
            receive = await read_body(scope, receive, largest=largest)
        except Refusal as refusal:
            await _send(problems.answer_error(Request(scope), refusal), scope, receive, send)
            return
        if found := PREVIEW.fullmatch(scope["path"].removeprefix(request_scope.prefix)):
            pack, place = UUID(found[1]), found[2]
            request_scope = await preview_scope(request_scope, pack, place, record_refusal=self._record_refusal)
        await serve_in_request_scope(request_scope.loaded.plugins.app, request_scope, scope, receive, send)

    async def _tenant_of(self, scope: HTTPScope) -> tuple[LoadedTenant | None, str]:
        path = scope["path"]
        if match := tenantless.TENANT_PATH.fullmatch(path):
            slug = match[1]
            loaded = await self.runtime.load(slug) if SLUG.fullmatch(slug) else None
            return loaded, f"/t/{slug}"
        if path == "/health" or path.startswith("/static/"):
            return None, ""
        host = next((v.decode("latin-1") for k, v in scope["headers"] if k == b"host"), "")
        return await self.runtime.load_by_host(host.lower()) if HOST.fullmatch(host.lower()) else None, ""


async def _send(response: Response[Any], scope: HTTPScope, receive: Receive, send: Send) -> None:
    await response.to_asgi_response(app=None, request=Request(scope))(scope, receive, send)

"""Holds what belongs to one request: its transaction, who is calling, and the commit before the answer leaves.

The commit happens when the answer's first byte would leave, and before it does: an answer that says "received" is never
sent for something that was not stored. A refusal rolls back, and is itself recorded in a transaction of its own.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import structlog
from litestar.connection import ASGIConnection
from litestar.types import HTTPScope, Message, Receive, Scope, Send

from spheres_core.foundation.database.transactions import Db
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.languages.localization import choose
from spheres_core.foundation.tenancy.context import ANONYMOUS, Actor, Context
from spheres_core.foundation.tenancy.post_limits import PostsPaused
from spheres_core.foundation.tenancy.runtime import LoadedTenant, Runtime

Authenticator = Callable[[Context, str, str], Awaitable[Actor | None]]
"""(ctx, bearer token, session cookie) -> who it is, or None. Given by `app`; lives in `staff`."""

RefusalRecorder = Callable[[Context, str, int, dict[str, str]], Awaitable[None]]
"""(ctx, route, status, ids in the path): writes a refusal into the trail. Given by `app`; lives in `audit`."""

log = structlog.get_logger("spheres.request_scope")


class RequestScope:
    """One request's own things. In the scope as `spheres`; gone with the answer."""

    __slots__ = (
        "_actor",
        "_authenticate",
        "_ctx",
        "_record_refusal",
        "db",
        "failure",
        "loaded",
        "paused",
        "prefix",
        "preview_of",
        "runtime",
        "scope",
        "stale",
    )  # fmt: skip

    def __init__(
        self,
        runtime: Runtime,
        loaded: LoadedTenant,
        scope: HTTPScope,
        prefix: str,
        authenticate: Authenticator,
        record_refusal: RefusalRecorder,
    ) -> None:
        self.runtime = runtime
        self.loaded = loaded
        self.scope = scope
        self.prefix = prefix
        """`/t/<tenant>`, or nothing when the host is the tenant's own."""
        self.db: Db = runtime.database.begin(loaded.tenant.id)
        self.failure: BaseException | None = None
        """The exception that a handler failed with, when the caller is not at fault."""
        self.stale = False
        """The tenant itself was changed: this process must not wait to be told."""
        self.preview_of = ""
        """The address that a preview leads back to; whatever it does is undone. Empty: this is the real thing."""
        self.paused: PostsPaused | None = None
        """The post was one too many, and its page is to say so over what was typed."""
        self._actor: Actor | None = None
        self._ctx: Context | None = None
        self._authenticate = authenticate
        self._record_refusal = record_refusal

    @property
    def cookie_name(self) -> str:
        """Each tenant's session has a cookie of its own."""
        return f"spheres_{self.loaded.tenant.slug.replace('-', '_')}"

    @property
    def cookie_path(self) -> str:
        return self.prefix or "/"

    async def identify(self, connection: ASGIConnection[Any, Any, Any, Any]) -> Actor:
        """Finds out who is calling; anonymous when nothing valid was shown, or only a narrowed session."""
        if self._actor is None:
            found = await self._find_actor(connection)
            self._be(ANONYMOUS if found.narrowed_to is not None else found)
        return self._actor or ANONYMOUS

    async def identify_narrowed(self, connection: ASGIConnection[Any, Any, Any, Any]) -> Actor:
        """Finds out whose narrowed session is calling; anonymous when there is none, whoever else is signed in.

        No other way lets a narrowed session in: a page that does not ask for one meets nobody.
        """
        if self._actor is None:
            found = await self._find_actor(connection)
            self._be(ANONYMOUS if found.narrowed_to is None else found)
        return self._actor or ANONYMOUS

    async def _find_actor(self, connection: ASGIConnection[Any, Any, Any, Any]) -> Actor:
        scheme, _, bearer = self.header(b"authorization").partition(" ")
        token = bearer.strip() if scheme.lower() == "bearer" else ""
        cookie = "" if token else connection.cookies.get(self.cookie_name, "")
        found = await self._authenticate(self._context_for(ANONYMOUS), token, cookie) if token or cookie else None
        return found or ANONYMOUS

    def _be(self, actor: Actor) -> None:
        self._actor = actor
        if self._ctx is not None:
            self._ctx.actor = actor

    def _context_for(self, actor: Actor) -> Context:
        """Makes the request's context once; one without its language when the address names none of the tenant's."""
        if self._ctx is not None:
            return self._ctx
        try:
            language = self.language()
        except NotFound:
            return self.runtime.make_context(self.loaded, self.db, actor=actor)
        self._ctx = self.runtime.make_context(self.loaded, self.db, actor=actor, language=language)
        return self._ctx

    async def count_post(self, kind: str) -> None:
        """Counts a post of this kind from this address. Raises `PostsPaused` when it is one too many."""
        await self.runtime.count_post(self.loaded, self.db, kind, self.source)

    def refuse_paused(self) -> None:
        """Raises `PostsPaused` for a post that was one too many, where its page is to say so."""
        if self.paused is not None:
            raise self.paused

    @property
    def source(self) -> str:
        """Returns the network address that the request comes from; empty when it is unknown."""
        client = self.scope.get("client")
        return client[0] if client else ""

    def place(self) -> str:
        """Returns the path after the language: `refer`, or an empty string on the home page."""
        path: str = self.scope["path"].removeprefix(self.prefix)
        return path.strip("/").partition("/")[2]

    def language(self) -> str:
        """Returns the tenant's language that the address names, or that the reader prefers. Raises `NotFound`."""
        named = self.scope.get("path_params", {}).get("language")
        if named is not None and named not in self.loaded.shorts:
            raise NotFound
        return self.likely_language()

    def likely_language(self) -> str:
        """Returns the same for an address that leads nowhere: what it seems to name, else what the reader prefers."""
        first = self.scope["path"].removeprefix(self.prefix).strip("/").partition("/")[0]
        if first in self.loaded.shorts:
            return self.loaded.shorts[first]
        return choose(self.header(b"accept-language"), self.loaded.tenant.languages)

    def header(self, name: bytes) -> str:
        """Returns a header of the request by its name in small letters; empty when it was not sent."""
        for key, value in self.scope["headers"]:
            if key == name:
                return value.decode("latin-1")
        return ""

    def context(self) -> Context:
        """Returns the request's context; one per request."""
        if self._ctx is None:
            self._ctx = self.runtime.make_context(
                self.loaded, self.db, actor=self._actor or ANONYMOUS, language=self.language()
            )
        return self._ctx

    async def finish(self, status: int) -> None:
        """Commits or rolls back, before the answer leaves."""
        if self.preview_of:
            await self.db.roll_back()
            return
        if status < 400 or self.db.commit_on_refusal:
            await self.db.commit()
            if self.stale:
                self.runtime.unload(self.loaded.tenant.slug)
        else:
            await self.db.roll_back()
        if status in (403, 404, 409) and self._actor is not None and self._actor.kind != "anonymous":
            await self._refused(status)

    async def _refused(self, status: int) -> None:
        ids = {k: str(v) for k, v in self.scope.get("path_params", {}).items() if _is_id(v)}
        route = str(self.scope.get("path_template") or "")
        async with self.runtime.context(self.loaded, actor=self._actor or ANONYMOUS) as ctx:
            await self._record_refusal(ctx, route, status, ids)


def request_scope_of(connection: ASGIConnection[Any, Any, Any, Any]) -> RequestScope:
    """Returns the scope of a request that came through the dispatcher."""
    request_scope: RequestScope = connection.scope["spheres"]  # type: ignore[typeddict-item]
    return request_scope


async def serve_in_request_scope(
    app: Any, request_scope: RequestScope, scope: Scope, receive: Receive, send: Send
) -> None:
    """Lets a set's app answer, with the transaction ended before the first byte leaves. It is in the scope already."""
    finished = False

    async def send_after_commit(message: Message) -> None:
        nonlocal finished
        if message["type"] == "http.response.start" and not finished:
            await request_scope.finish(message["status"])
            finished = True
        await send(message)

    try:
        await app(scope, receive, send_after_commit)
    finally:
        await request_scope.db.roll_back()


def _is_id(value: Any) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True

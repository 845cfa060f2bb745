"""Leads a request to its tenant, and to the Litestar app of that tenant's plugin set. The rooms are listed here.

Behind the dispatcher nothing can name another tenant: the request carries its own, its transaction is that tenant's,
and the app it reaches holds only that tenant's plugins. What is not there and what may not be known of get the same
answer.
"""

import asyncio
import contextlib
import importlib
import importlib.util
import re
from collections.abc import AsyncIterator, Callable, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import asyncpg
import structlog
from litestar import Litestar, Request, get
from litestar.config.app import AppConfig
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from litestar.response import Response
from litestar.types import HTTPScope, Receive, Send

from spheres_core.forms.settings import Settings as FormSettings
from spheres_core.foundation import deployment
from spheres_core.foundation.content.packs import PackReader
from spheres_core.foundation.database.components import CORE as CORE_COMPONENT
from spheres_core.foundation.database.components import JOBS, Component
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.errors import NotFound, Refusal
from spheres_core.foundation.isolation import incidents
from spheres_core.foundation.isolation.watchdog import WATCHDOG
from spheres_core.foundation.languages import localization
from spheres_core.foundation.plugins.discovery import Machine, discover
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.tenancy import content_adoption, own_packs
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.foundation.tenancy.garbage_collection import freeze_long_lived
from spheres_core.foundation.tenancy.post_limits import read_limits
from spheres_core.foundation.tenancy.runtime import LoadedTenant, Runtime
from spheres_core.foundation.tenancy.tenants import CHANNEL, HOST, SLUG
from spheres_core.foundation.web import application, problems, rendering
from spheres_core.foundation.web.answer_headers import Answer, as_get
from spheres_core.foundation.web.guards import public
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
from spheres_core.foundation.web.static_files import StaticFiles
from spheres_core.site.permissions import PUBLISH

CORE = Path(__file__).parent
ROOMS = ("audit", "notifications", "staff", "forms", "partners", "referrals", "inquiries", "site")
"""From the lowest to the highest; each may use those before it (the contracts in pyproject.toml say exactly)."""

POLL = 2.0
"""Seconds after which a changed tenant is noticed although no notification came."""

_PREVIEW = re.compile(r"/preview/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(/.*)")
_TENANT_PATH = re.compile(r"/t/([^/]+)(/.*)?")
log = structlog.get_logger("spheres.dispatcher")


def rooms() -> dict[str, ModuleType]:
    """Returns each room's `hooks` module, by the room's name."""
    return {name: importlib.import_module(f"spheres_core.{name}.hooks") for name in ROOMS}


def pack_readers() -> list[PackReader]:
    """Returns the rooms' readers of a plugin's content files."""
    registered = (getattr(room, "register_pack_readers", None) for room in rooms().values())
    return [reader for register in registered if register for reader in register()]


@cache
def static_files() -> StaticFiles:
    """Returns the rooms' static files, read once."""
    return StaticFiles({name: CORE / name / "static" for name in ROOMS if (CORE / name / "static").is_dir()})


def template_folders() -> list[Path]:
    """Lists the folders of templates: layout, macros and error pages first, then each room's pages."""
    rooms = [CORE / name / "templates" for name in reversed(ROOMS) if (CORE / name / "templates").is_dir()]
    return [CORE / "foundation" / "web" / "templates", *rooms]


def catalog_folder() -> Path:
    """Returns the folder of the core's catalogs: beside the package in a checkout, inside it in a wheel."""
    return localization.core_catalog_folder()


def plugin_folders() -> list[Path]:
    """Folders searched for plugins: `SPHERES_PLUGINS` (several with the system's path separator), else `plugins/`."""
    return deployment.plugin_folders() or [Path("plugins")]


def machine() -> Machine:
    """Returns the plugins on this machine."""
    return discover(plugin_folders(), trusted=deployment.trusted_keys())


def components(found: Machine) -> list[Component]:
    """Returns all that have tables: the core, the job queue, and each code plugin with a `migrations` folder."""
    for name in ("foundation", *ROOMS):
        if importlib.util.find_spec(f"spheres_core.{name}.models") is not None:
            importlib.import_module(f"spheres_core.{name}.models")
    return [CORE_COMPONENT, JOBS, *(_component(found, id_) for id_ in _migrated(found))]


def _migrated(found: Machine) -> list[str]:
    """Returns the plugins with a `migrations` folder. Those that need each other in a circle are in no set anyhow."""
    having = {id_: each for id_, each in found.plugins.items() if (each.root / "migrations").is_dir()}
    while True:
        try:
            [*TopologicalSorter({id_: [*each.manifest.requires] for id_, each in having.items()}).static_order()]
        except CycleError as cycle:
            having = {id_: each for id_, each in having.items() if id_ not in cycle.args[1]}
        else:
            return [*having]


def _component(found: Machine, id_: str) -> Component:
    each, having = found.plugins[id_], _migrated(found)
    needs = [other for other in each.manifest.requires if other in having]
    return Component(id_, scripts=each.root / "migrations", requires=("core", *needs), numbered=True)


def build_app(made: PluginSet) -> Litestar:
    """Returns the Litestar app of a plugin set. Raises `PluginBroken` for a plugin whose routes cannot be served."""
    return application.build_app(made, template_folders=template_folders(), static=static_files())


def make_runtime(
    database: Database, keyring: Keyring, found: Machine | None = None, *, adopts: bool = True, serves: bool = False
) -> Runtime:
    """Makes a runtime with the core's rooms, whose plugin sets have their apps. `adopts`: see `Runtime`.

    `serves`: this process answers requests, so that its garbage collector is kept away from what lives long.
    """
    made = Runtime(
        database, keyring, found or machine(), rooms(), catalog_folder(), build_app, adopts=adopts,
        after_build=freeze_long_lived if serves else None,
    )  # fmt: skip
    made.post_limits = read_limits(deployment.post_limits())
    return made


class Dispatcher:
    """The ASGI application. Owns the runtime's pool and the one connection that listens for changed tenants."""

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
        self._restart_database = restart_database
        self.health = Health(runtime)
        self._tenantless_app = _tenantless_app(self)
        self._tasks: list[asyncio.Task[None]] = []
        self._uploads = asyncio.Semaphore(UPLOADS_AT_ONCE)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer_safely(as_get(scope), receive, Answer(scope, send))
        else:
            await send({"type": "websocket.close", "code": 1000, "reason": ""})

    async def _answer_safely(self, scope: HTTPScope, receive: Receive, answer: Answer) -> None:
        """Answers, whatever goes wrong: nothing is raised to the server, whose log would hold the words of an error."""
        try:
            await self._answer(scope, receive, answer.send)
        except ClientGone:
            return
        except Exception as error:
            refusal = problems.refusal_for(error)
            if not answer.started:
                await _send(answer_without_tenant(Request(scope), refusal), scope, receive, answer.send)

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
        if found := _PREVIEW.fullmatch(scope["path"].removeprefix(request_scope.prefix)):
            request_scope = await self._preview(request_scope, UUID(found[1]), found[2])
        await serve_in_request_scope(request_scope.loaded.plugins.app, request_scope, scope, receive, send)

    async def _preview(self, request_scope: RequestScope, pack: UUID, place: str) -> RequestScope:
        """Returns the scope of the same request in the region as it would be with a version of a pack.

        Only who may put it in force gets one, and meets it as anybody would: not signed in, able to look and to send
        nothing. All that is done is undone.
        """
        scope, loaded, runtime = request_scope.scope, request_scope.loaded, self.runtime
        try:
            actor = await request_scope.identify(Request(scope))
            if scope["method"] != "GET" or not loaded.plugins.permits(actor.roles, PUBLISH):
                raise NotFound
            stored = await request_scope.db.one_or_none(own_packs.ONE, which=pack)
            if stored is None:
                raise NotFound
            draft = await runtime.preview(request_scope.db, loaded, stored.key)
        finally:
            await request_scope.db.roll_back()
        prefix = f"{request_scope.prefix}/preview/{pack}"
        previewed = RequestScope(runtime, draft, scope, prefix, _nobody, self._record_refusal)
        previewed.preview_of = (
            f"{request_scope.prefix}/{place.strip('/').partition('/')[0]}/administration/packs/{pack}"
        )
        scope["root_path"] = prefix
        scope["spheres"] = previewed  # type: ignore[typeddict-unknown-key]
        ctx = runtime.make_context(draft, previewed.db)
        await content_adoption.adopt(ctx, stored.plugin_id)
        return previewed

    async def _tenant_of(self, scope: HTTPScope) -> tuple[LoadedTenant | None, str]:
        path = scope["path"]
        if match := _TENANT_PATH.fullmatch(path):
            slug = match[1]
            loaded = await self.runtime.load(slug) if SLUG.fullmatch(slug) else None
            return loaded, f"/t/{slug}"
        if path == "/health" or path.startswith("/static/"):
            return None, ""
        host = next((v.decode("latin-1") for k, v in scope["headers"] if k == b"host"), "")
        return await self.runtime.load_by_host(host.lower()) if HOST.fullmatch(host.lower()) else None, ""

    async def start(self) -> None:
        """Opens the pool and begins to listen for changed tenants."""
        await self.runtime.database.open()
        WATCHDOG.watch(asyncio.get_running_loop())
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._poll())]

    async def stop(self) -> None:
        """Stops listening and closes the pool."""
        WATCHDOG.unwatch(asyncio.get_running_loop())
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await incidents.write(self.runtime.database)
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

    async def _listen(self) -> None:
        while True:
            with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                async with self._listening() as connection:
                    await self.runtime.refresh()
                    while not connection.is_closed():  # noqa: ASYNC110 (the driver has no event for it)
                        await asyncio.sleep(POLL)
            await asyncio.sleep(POLL)

    @contextlib.asynccontextmanager
    async def _listening(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await self.runtime.database.connect_alone()
        try:
            await connection.add_listener(CHANNEL, lambda _c, _p, _ch, slug: self.runtime.unload(slug))
            yield connection
        finally:
            await connection.close(timeout=5)

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(POLL)
            await incidents.write(self.runtime.database)
            try:
                await self.runtime.refresh()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await self._restart()

    async def _restart(self) -> None:
        """Starts a database of ours that has died. Processes take turns; whoever comes second finds it running."""
        if self._restart_database is None:
            return
        try:
            await asyncio.to_thread(self._restart_database)
        except Exception as error:  # the next turn tries again
            log.error("dispatcher.cannot_restart_database", error=type(error).__name__)


async def _nobody(ctx: Context, bearer: str, cookie: str) -> Actor | None:
    return None


async def _send(response: Response[Any], scope: HTTPScope, receive: Receive, send: Send) -> None:
    await response.to_asgi_response(app=None, request=Request(scope))(scope, receive, send)


def _tenantless_app(dispatcher: Dispatcher) -> Litestar:
    @get("/health", guards=[public], include_in_schema=False)
    async def health() -> Response[dict[str, str]]:
        if await dispatcher.health.is_well():
            return Response({"status": "ok"})
        return Response({"status": "unavailable"}, status_code=503)

    @get("/", guards=[public], include_in_schema=False)
    async def root(request: Request[Any, Any, Any]) -> Response[bytes]:
        return root_page(request)

    @get("/static/{path:path}", guards=[public], include_in_schema=False, name="static")
    async def static(request: Request[Any, Any, Any], path: FromPath[Path]) -> Response[bytes]:
        wanted, accepted = request.query_params.get("v", ""), request.headers.get("accept-encoding", "")
        found = static_files().answer(path.as_posix().removeprefix("/"), wanted, accepted)
        if found is None:
            raise NotFound
        return found

    return Litestar.from_config(
        AppConfig(
            route_handlers=[health, root, static],
            exception_handlers={Exception: _answer_tenantless_error, HTTPException: _answer_tenantless_error},
            openapi_config=None,
            logging_config=None,
        )
    )


def _bare_locale(request: Request[Any, Any, Any]) -> localization.Locale:
    offered = tuple(localization.REGISTRY)
    named = re.match(r"(?:/t/[^/]+)?/(fr|en)(?:/|$)", request.scope["path"])
    wanted = named[1] if named else request.headers.get("accept-language", "")
    return _bare_locales()[localization.choose(wanted, offered)]


@cache
def _bare_locales() -> Mapping[str, localization.Locale]:
    offered = tuple(localization.REGISTRY)
    bare = PluginSet((), {})
    bare.catalog_folder = catalog_folder()
    return {tag: bare.locale(tag, offered) for tag in offered}


@cache
def _bare_environment() -> Any:
    return rendering.make_environment(template_folders(), static_files())


def answer_without_tenant(request: Request[Any, Any, Any], refusal: Refusal) -> Response[bytes]:
    """Returns a refusal where no tenant is known; to the byte what a tenant answers for something that is not there."""
    locale = _bare_locale(request)
    if problems.is_api(request.scope["path"]):
        return problems.answer_problem(refusal, locale)
    tenant = _TENANT_PATH.match(request.scope["path"])  # the way home of an absent tenant looks like that of any other
    home = f"/t/{tenant[1]}/{locale.short}/" if tenant else "/"
    return problems.bare_error(refusal, locale, _bare_environment(), home=home)


def _answer_tenantless_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    refusal = problems.refusal_for(error)
    return answer_without_tenant(request, NotFound() if refusal.status == 405 else refusal)


def root_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Answers the address that belongs to no tenant; the page names none."""
    locale = _bare_locale(request)
    html = (
        _bare_environment()
        .get_template("root.html")
        .render(
            locale=locale,
            lang=locale.tag,
            dir=locale.dir,
            title="SPHÈRES",
            text=locale.say("Each region has its own address. Ask the organization that follows you for it."),
            tenants=[],
        )
    )
    headers = {"content-language": locale.tag, "vary": "Accept-Language"}
    return Response(html.encode(), media_type=rendering.HTML, headers=headers)

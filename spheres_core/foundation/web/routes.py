"""The routes of a plugin set: the rooms' under `/api` and the language, a plugin's under its own `x/<plugin>` only.

The rooms' are made once and serve every set: with all that Litestar keeps of each handler, they are what weighs most.
Each has a guard of ours. A plugin's route that exits, or never answers, fails by itself: the process and the other
tenants' connections stay.
"""

import asyncio
import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import lru_cache, partial
from typing import Any, Final, Protocol, Self

from litestar import Litestar, Router
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.routes import BaseRoute, HTTPRoute
from litestar.types import ASGIApp, Receive, Scope, Send
from litestar.types import Message as Sent
from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.isolation import fault_location, incidents
from spheres_core.foundation.isolation.circuit_breakers import CIRCUIT_BREAKERS, Key
from spheres_core.foundation.isolation.fault_location import FaultLocation
from spheres_core.foundation.isolation.plugin_import import reason_of
from spheres_core.foundation.isolation.watchdog import WATCHDOG
from spheres_core.foundation.plugins.discovery import PluginBroken
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.web import guards as web_guards
from spheres_core.foundation.web.handler_arguments import with_given_arguments
from spheres_core.foundation.web.request_scope import RequestScope

DEADLINE = 30.0
"""Seconds in which a plugin's route must have answered."""

ROOMS_UNDER: Final = {"register_controllers": "/api", "register_pages": "/{language:str}"}
"""By hook, the path under which the rooms' routes lie."""

AppBuilder = Callable[[Sequence[Router]], Litestar]
"""Makes the app of a set of these routers of its plugins, with the core's routes."""

_CORE_LOCK: Final = threading.Lock()
"""Sets are built in threads, and handlers are told their owner while an app is made of them."""


class AppMaker(Hashable, Protocol):
    """Makes an app of handlers and routers. `described`: it answers with its OpenAPI document."""

    def __call__(self, handlers: Sequence[Any], *, described: bool = False) -> Litestar: ...


class PluginRouteFailed(Exception):
    """A plugin's route ended its process or did not answer in time."""


CORE_ONLY = frozenset({b"set-cookie", b"clear-site-data"})
"""Headers of an answer that a plugin's routes do not send: whoever sets a session's cookie chooses who is signed in."""


class CoreRouter(Router):
    """Holds the core's routes under one path, made for one app: Litestar takes it as it is.

    It would copy all handlers of a router, which is a seventh of the time in which a process builds its first set.
    """

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self


class PluginRouteUnavailable(Refusal):
    """A plugin's route that failed too often for this tenant, and is left alone for a while."""

    status = 503
    code = "part_rests"
    message = msg("This part of the site is resting after it failed. Please try again in a few minutes.")


class InvalidCoreRoute(Exception):
    """A route of the core that may not be served as it is."""


class Route(Struct, frozen=True):
    """One address that a plugin answers, and who may come."""

    method: str
    path: str
    """After the tenant's own prefix."""
    permission: str
    """Empty: anybody, or anybody who is signed in."""
    public: bool


def of_plugin(made: PluginSet, plugin_id: str) -> tuple[Route, ...]:
    """Returns the routes of a plugin of this set; none for a set that was built without its app."""
    if made.app is None:
        return ()
    found = []
    for owner, path, handler in _handlers(made, made.app):
        if owner == plugin_id and isinstance(handler, HTTPRouteHandler) and handler.http_methods != {"OPTIONS"}:
            guards = handler.resolve_guards()
            permission = next(filter(None, map(web_guards.permission_of, guards)), "")
            public = web_guards.is_public(guards)
            found += [Route(str(method), path, permission, public) for method in sorted(handler.http_methods)]
    return tuple(sorted(found, key=lambda route: (route.path, route.method)))


def assemble(made: PluginSet, make: AppMaker, handlers: Sequence[HTTPRouteHandler]) -> Litestar:
    """Returns the set's app; `handlers` are the core's that belong to no room.

    Raises `PluginBroken` for a plugin whose routes cannot be served or stand open.
    """
    with _CORE_LOCK:
        core = _core_routes(make, tuple(handlers), *(tuple(_of_rooms(made, hook)) for hook in ROOMS_UNDER))
    build = partial(_build, make, core)
    try:
        app = build([router for owner in made.plugins for router in _of_plugin(made, owner)])
    except PluginBroken:
        raise
    except (Exception, SystemExit) as error:
        _raise_unserved(made, build)
        raise error
    for owner, path, handler in _handlers(made, app):
        problem = _problem(made, owner, path, handler)
        if problem is not None:
            if owner is None:
                raise InvalidCoreRoute(f"{path}: {problem.msgid}")
            raise PluginBroken(owner, problem)
        if owner is not None:
            _prepare(handler)
    return app


def _build(make: AppMaker, core: Sequence[BaseRoute], routers: Sequence[Router]) -> Litestar:
    """Makes an app in which the core's routes stand, of whose handlers Litestar has made all that it needs before."""
    app = make([], described=True)
    app.routes.extend(core)  # type: ignore[arg-type]
    for plugin in app.plugins.receive_route:
        for route in core:
            plugin.receive_route(route)
    app.asgi_router.construct_routing_trie()
    for router in routers:
        app.register(router)
    return app


@lru_cache(maxsize=2)
def _core_routes(
    make: AppMaker, handlers: tuple[Any, ...], controllers: tuple[Any, ...], pages: tuple[Any, ...]
) -> tuple[BaseRoute, ...]:
    """Returns the core's routes, the same for all sets of a process, since all have the same rooms."""
    routers = [
        CoreRouter(
            path,
            route_handlers=[with_given_arguments(each) for each in given],
            include_in_schema=hook == "register_controllers",
        )
        for (hook, path), given in zip(ROOMS_UNDER.items(), (controllers, pages), strict=True)
    ]
    routes = tuple(make([*map(with_given_arguments, handlers), *routers]).routes)
    for route in routes:
        for handler in _handlers_of(route):
            _prepare(handler)
    return routes


def _prepare(handler: BaseRouteHandler) -> None:
    """Has the OpenAPI document say who may come, and the guards asked in our way."""
    if isinstance(handler, HTTPRouteHandler):
        handler.security = web_guards.security_of(handler.resolve_guards())
        if type(handler) is not HTTPRouteHandler:  # one of the decorators: the bare class takes no attributes
            handler.authorize_connection = partial(web_guards.ask_guards, handler)  # type: ignore[method-assign]


def _of_rooms(made: PluginSet, hook: str) -> list[Any]:
    handlers = [h for owner, given in made.registered[hook] if owner in made.rooms for h in given]
    if problem := _problem_with_list(hook, handlers):
        raise InvalidCoreRoute(problem.msgid)
    return handlers


def _of_plugin(made: PluginSet, owner: str) -> Iterator[Router]:
    for hook, path in (("register_controllers", "/api/x/"), ("register_pages", "/{language:str}/x/")):
        handlers = [h for each, given in made.registered[hook] if each == owner for h in given]
        if problem := _problem_with_list(hook, handlers):
            raise PluginBroken(owner, problem)
        if handlers:
            try:
                yield Router(
                    path + owner,
                    route_handlers=[with_given_arguments(each) for each in handlers],
                    middleware=[_contain(owner)],
                    include_in_schema=hook == "register_controllers",
                )
            except (Exception, SystemExit) as error:
                raise _unserved(owner, error) from error


def _problem_with_list(hook: str, handlers: Sequence[Any]) -> Message | None:
    seen: set[tuple[str, str]] = set()
    for handler in handlers:
        if not isinstance(handler, HTTPRouteHandler):
            return msg("{hook} gives functions marked get, post, put, patch or delete.", hook=hook)
        for place in ((path, str(method)) for path in handler.paths for method in handler.http_methods):
            if place in seen:
                return msg("{hook}: two routes are {method} {path}.", hook=hook, method=place[1], path=place[0])
            seen.add(place)
    return None


def _raise_unserved(made: PluginSet, build: AppBuilder) -> None:
    """Finds the plugin without which the app would stand, by building it with each one alone."""
    for owner in made.plugins:
        routers = list(_of_plugin(made, owner))
        try:
            if routers:
                build(routers)
        except (Exception, SystemExit) as error:
            raise _unserved(owner, error) from error


def _unserved(owner: str, error: BaseException) -> PluginBroken:
    return PluginBroken(owner, msg("Its routes cannot be served: {reason}", reason=reason_of(error)))


def _handlers(made: PluginSet, app: Litestar) -> Iterator[tuple[str | None, str, BaseRouteHandler]]:
    for route in app.routes:
        head, _, rest = route.path.partition("/x/")
        owner = rest.partition("/")[0] if head in ("/api", "/{language:str}") else None
        for handler in _handlers_of(route):
            yield owner if owner in made.plugins else None, route.path, handler


def _handlers_of(route: Any) -> Sequence[BaseRouteHandler]:
    return route.route_handlers if isinstance(route, HTTPRoute) else (route.route_handler,)


def _problem(made: PluginSet, owner: str | None, path: str, handler: BaseRouteHandler) -> Message | None:
    if not isinstance(handler, HTTPRouteHandler):
        return None
    if handler.http_methods == {"OPTIONS"}:
        return None
    guards = handler.resolve_guards()
    if not any(web_guards.is_guard(guard) for guard in guards):
        return msg("{path} has no guard.", path=path)
    for permission in filter(None, map(web_guards.permission_of, guards)):
        if permission not in made.permissions:
            return msg("{path}: nobody registered the permission {name}.", path=path, name=permission)
    if handler.cache:
        return msg("{path}: an answer may not be kept for other callers.", path=path)
    if owner is not None and handler.name and not handler.name.startswith(f"{owner}_"):
        start = f"{owner}_"
        return msg("{path}: the name {name} does not begin with {start}.", path=path, name=handler.name, start=start)
    return None


def _contain(owner: str) -> Callable[[ASGIApp], ASGIApp]:
    """Makes the middleware around every route of one plugin: its deadline, its breakers, the owner of its failures."""

    def around(app: ASGIApp) -> ASGIApp:
        async def contained(scope: Scope, receive: Receive, send: Send) -> None:
            request_scope: RequestScope = scope["spheres"]  # type: ignore[typeddict-item]
            part = f"{scope.get('method', '')} {scope.get('path_template', '')}"
            key = (str(request_scope.loaded.tenant.id), owner, part)
            if not CIRCUIT_BREAKERS.allows(key):
                raise PluginRouteUnavailable(extra={"plugin": owner})
            refused = False

            async def sending(message: Sent) -> None:
                nonlocal refused
                if message["type"] == "http.response.start":
                    refused = refused or message["status"] >= 400
                    kept = [pair for pair in message["headers"] if pair[0].lower() not in CORE_ONLY]
                    message = {**message, "headers": kept}
                await send(message)

            try:
                async with asyncio.timeout(DEADLINE):
                    with WATCHDOG.registered(key):
                        await app(scope, receive, sending)
            except (SystemExit, KeyboardInterrupt, TimeoutError) as error:
                _note(key, error)
                raise PluginRouteFailed(type(error).__name__) from error
            except asyncio.CancelledError:
                CIRCUIT_BREAKERS.release(key)
                raise
            if request_scope.failure is not None:
                _note(key, request_scope.failure)
            elif refused:
                CIRCUIT_BREAKERS.release(key)
            else:
                CIRCUIT_BREAKERS.record_success(key)

        return contained

    return around


def _note(key: Key, error: BaseException) -> None:
    found = FaultLocation("hang") if isinstance(error, TimeoutError) else fault_location.locate_error(error, key[1])
    incidents.record(*key, found, rest=CIRCUIT_BREAKERS.record_failure(key))

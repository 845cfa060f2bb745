"""Starts web servers, and looks at what they are told by the environment. Their processes: `web_process`."""

from __future__ import annotations

import ipaddress
import resource
import socket
from collections.abc import Awaitable, Callable
from typing import Any, Final

from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server as EmbeddedServer
from granian.server.mp import MPServer as MultiprocessServer
from granian.utils.proxies import wrap_asgi_with_proxy_headers

from spheres_core.cli.output import CommandError
from spheres_core.facts import msg
from spheres_core.foundation import deployment, logs
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.postgres.server_record import Urls
from spheres_core.foundation.tenancy.post_limits import PostLimitsInvalid, read_limits

Application = Callable[[Any, Any, Any], Awaitable[None]]
"""An ASGI application."""

CONNECTIONS: Final = 8192
"""Connections that the server holds open, in all its processes: most of them do nothing at any moment."""
HTTP1: Final = HTTP1Settings(header_read_timeout=10_000)
"""A connection that sends no whole request head for ten seconds is closed."""


def restarting(urls: Urls) -> Callable[[], None] | None:
    """Returns what starts the embedded PostgreSQL again if it has died; None for an operator's own."""
    home = deployment.home()
    return (lambda: Cluster(home).start()) if urls.embedded else None


def allow_connections() -> None:
    """Raises the number of files that this process may open to what the connections need, as far as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS if hard == resource.RLIM_INFINITY else min(2 * CONNECTIONS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def trusted_proxies() -> list[str]:
    """Returns the proxies of `SPHERES_TRUSTED_PROXIES`: addresses and networks. Raises `CommandError`.

    Everybody (`*`) is refused: then any caller could say who he is, and with it step around the pause after wrong
    passphrases.
    """
    named = deployment.trusted_proxies()
    for each in named:
        try:
            ipaddress.ip_network(each)
        except ValueError:
            raise CommandError(
                msg("SPHERES_TRUSTED_PROXIES names addresses or networks such as 127.0.0.1, not “{value}”.", value=each)
            ) from None
    return named


def check_post_limits() -> None:
    """Raises `CommandError` when `SPHERES_POST_LIMITS` is not written as it should be."""
    try:
        read_limits(deployment.post_limits())
    except PostLimitsInvalid as error:
        example = "referrals=30/300/3000 receipts=60/1000/10000"
        raise CommandError(
            msg("SPHERES_POST_LIMITS is written so: {example}; not “{value}”.", example=example, value=str(error))
        ) from None


def with_proxy_headers(dispatcher: Application, proxies: list[str]) -> Application:
    """Wraps the dispatcher so that these proxies, and nobody else, may name the caller's address and scheme."""
    return wrap_asgi_with_proxy_headers(dispatcher, proxies) if proxies else dispatcher


def without_server_name(dispatcher: Application) -> Application:
    """Wraps the dispatcher so that no answer names the web server. It writes its name where an answer says nothing."""

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        async def send_unnamed(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"server", b"")]}
            await send(message)

        await dispatcher(scope, receive, send if scope["type"] == "lifespan" else send_unnamed)

    return serve


def multiprocess_server(host: str, port: int, workers: int) -> MultiprocessServer:
    """Returns a Granian server with processes of its own."""
    return MultiprocessServer(
        "spheres_core.cli.server.web_process:make_dispatcher",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        backlog=1024,
        backpressure=max(1, CONNECTIONS // workers),
        http1_settings=HTTP1,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_access=False,
        log_dictconfig=logs.for_granian(),
    )


def embedded_server(dispatcher: Application, port: int, host: str = "127.0.0.1") -> EmbeddedServer:
    """Returns a Granian server in this process's loop, for the demo."""
    allow_connections()
    return EmbeddedServer(
        without_server_name(dispatcher),
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        backlog=1024,
        backpressure=CONNECTIONS,
        http1_settings=HTTP1,
        websockets=False,
        log_access=False,
        log_enabled=False,
        log_dictconfig=logs.for_granian(),
    )


def check_port(host: str, port: int) -> None:
    """Raises `CommandError` for a port that is in use or not permitted."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                msg(
                    "Port {port} of {host} cannot be used: {reason}. Choose another with PORT or --port.",
                    port=port,
                    host=host,
                    reason=error.strerror or "",
                )
            ) from None

"""Makes what answers requests in a process of the web server."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from spheres_core import app
from spheres_core.app import assembly
from spheres_core.app.dispatcher import Dispatcher
from spheres_core.audit import operations as audit
from spheres_core.cli.environment import key_path, require_migrated
from spheres_core.cli.server import web_server
from spheres_core.foundation import logs
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.postgres.cluster import connection_urls
from spheres_core.foundation.tenancy.runtime import Runtime
from spheres_core.staff.operations import authentication

log = structlog.get_logger("spheres.server")


def make_dispatcher() -> web_server.Application:
    """Makes the dispatcher of a process of `spheres serve`. It reads addresses and keys itself: none is handed over."""
    logs.configure()
    web_server.allow_connections()
    try:
        urls = connection_urls()
        machine = require_migrated(urls, app.machine())
        runtime = assembly.make_runtime(Database(urls.app, most=20), Keyring.load(key_path()), machine, serves=True)
        dispatcher = build_dispatcher(runtime, web_server.restarting(urls))
        return web_server.without_server_name(web_server.with_proxy_headers(dispatcher, web_server.trusted_proxies()))
    except Exception as error:  # the process of its own would print it with all its words
        log.error("server.cannot_start", error=type(error).__name__)
        raise SystemExit(1) from None


def build_dispatcher(runtime: Runtime, restart_database: Callable[[], None] | None = None) -> Dispatcher:
    """Returns the dispatcher of a runtime. `restart_database`: see `web_server.restarting`."""
    return Dispatcher(runtime, authentication.authenticate, audit.record_refusal, restart_database)

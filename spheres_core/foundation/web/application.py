"""Builds the Litestar app of a plugin set, and gives its handlers the context of a request."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, Router, get
from litestar.config.app import AppConfig
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.response import Response

from spheres_core import __version__
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import plugin_files, plugin_templates, rendering, routes
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import nobody, public
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.problems import answer_error
from spheres_core.foundation.web.request_body import LARGEST
from spheres_core.foundation.web.request_scope import RequestScope, request_scope_of
from spheres_core.foundation.web.static_files import StaticFiles


def provide_ctx(request: Request[Any, Any, Any]) -> Context:
    """Returns the request's context, for handlers that take `ctx`."""
    return request_scope_of(request).context()


def provide_request_scope(request: Request[Any, Any, Any]) -> RequestScope:
    """Returns the request's scope, for pages."""
    return request_scope_of(request)


@get("/", guards=[public], include_in_schema=False)
async def redirect_to_language(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    """Leads from the tenant's address without a language to the home page in the reader's."""
    where = f"{request_scope.prefix}/{rendering.short_of(ctx, request_scope)}/"
    headers = {"location": where, "vary": "Accept-Language", "cache-control": "no-store"}
    return Response(b"", status_code=303, headers=headers)


def build_app(made: PluginSet, template_folders: Sequence[Path], static: StaticFiles) -> Litestar:
    """Returns the Litestar app of a plugin set: its rooms' and plugins' handlers. Owns no lifespan and no pool."""
    code = {id_: each.root / "templates" for id_, each in made.plugins.items() if each.manifest.tier == "code"}
    made.environment = rendering.make_environment(template_folders, static, code)
    made.files = plugin_files.files_of(made)
    made.addresses = rendering.addresses(made)
    plugin_templates.prepare_templates(made.environment, code)
    return routes.assemble(made, _litestar, [redirect_to_language, plugin_files.plugin_file])


def _litestar(handlers: Sequence[Any], *, described: bool = False) -> Litestar:
    return Litestar.from_config(
        AppConfig(
            route_handlers=[*handlers],
            dependencies={
                "ctx": Provide(provide_ctx, sync_to_thread=False),
                "request_scope": Provide(provide_request_scope, sync_to_thread=False),
                "sent": Provide(read_post),
            },
            exception_handlers={Exception: answer_error, HTTPException: answer_error},
            logging_config=None,
            request_max_body_size=LARGEST,
            openapi_config=_openapi_config() if described else None,
            signature_types=[Context, Post, RequestScope],
        )
    )


def _openapi_config() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="SPHÈRES",
        version=__version__,
        render_plugins=[JsonRenderPlugin()],
        use_handler_docstrings=True,
        openapi_router=Router("/api/_", guards=[nobody], route_handlers=[], include_in_schema=False),
        components=Components(security_schemes={"token": SecurityScheme(type="http", scheme="bearer")}),
    )

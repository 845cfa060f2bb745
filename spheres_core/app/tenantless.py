"""Answers what belongs to no tenant: health, static files, the first page, and refusals where no tenant is known."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, get
from litestar.config.app import AppConfig
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from litestar.response import Response

from spheres_core.app.page_files import static_files, template_folders
from spheres_core.app.rooms import catalog_folder
from spheres_core.foundation.errors import NotFound, Refusal
from spheres_core.foundation.languages import localization
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.web import problems, rendering
from spheres_core.foundation.web.guards import public
from spheres_core.foundation.web.health import Health

TENANT_PATH = re.compile(r"/t/([^/]+)(/.*)?")


def make_app(process: Health) -> Litestar:
    """Returns the app of the addresses that belong to no tenant. `process`: whether it is well."""

    @get("/health", guards=[public], include_in_schema=False)
    async def health() -> Response[dict[str, str]]:
        if await process.is_well():
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
            exception_handlers={Exception: _answer_error, HTTPException: _answer_error},
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


def answer_refusal(request: Request[Any, Any, Any], refusal: Refusal) -> Response[bytes]:
    """Returns a refusal where no tenant is known; to the byte what a tenant answers for something that is not there."""
    locale = _bare_locale(request)
    if problems.is_api(request.scope["path"]):
        return problems.answer_problem(refusal, locale)
    tenant = TENANT_PATH.match(request.scope["path"])  # the way home of an absent tenant looks like that of any other
    home = f"/t/{tenant[1]}/{locale.short}/" if tenant else "/"
    return problems.bare_error(refusal, locale, _bare_environment(), home=home)


def _answer_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    refusal = problems.refusal_for(error)
    return answer_refusal(request, NotFound() if refusal.status == 405 else refusal)


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

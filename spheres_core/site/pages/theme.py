"""The files of a region's theme: its colours and its logo, each at an address with the hash of its content."""

from typing import Annotated

from litestar import get
from litestar.params import QueryParameter
from litestar.response import Response

from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import public
from spheres_core.foundation.web.static_files import KEPT
from spheres_core.site.theme_file import theme_of

Version = Annotated[str, QueryParameter(name="v", required=False)]


@get("/theme.css", guards=[public], name="theme_style")
async def theme_style(ctx: Context, version: Version = "") -> Response[bytes]:
    theme = theme_of(ctx.plugins)
    if theme is None:
        raise NotFound
    return _kept(theme.style, "text/css", current=version == theme.version)


@get("/theme-logo", guards=[public], name="theme_logo")
async def theme_logo(ctx: Context, version: Version = "") -> Response[bytes]:
    theme = theme_of(ctx.plugins)
    if theme is None or theme.logo is None:
        raise NotFound
    return _kept(theme.logo.body, theme.logo.media_type, current=version == theme.version)


HANDLERS = (theme_style, theme_logo)


def _kept(body: bytes, media_type: str, *, current: bool) -> Response[bytes]:
    return Response(body, media_type=media_type, headers={"cache-control": KEPT if current else "no-store"})

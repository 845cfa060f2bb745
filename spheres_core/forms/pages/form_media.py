"""The pictures and recordings of the forms that a tenant asks: public, as its forms are."""

import re
from typing import Annotated, Final

from litestar import get
from litestar.params import HeaderParameter, PathParameter
from litestar.response import Response

from spheres_core.forms import queries
from spheres_core.forms.queries import FormMedium
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import public
from spheres_core.foundation.web.static_files import KEPT

_RANGE: Final = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")


@get("/form-media/{digest:str}", guards=[public], name="form_medium")
async def form_medium(
    ctx: Context,
    digest: Annotated[str, PathParameter(description="The hash of the file's content.")],
    wanted: Annotated[str, HeaderParameter(name="range", required=False)] = "",
) -> Response[bytes]:
    """Returns a file, or the part of it that a player asks for."""
    return _part(await queries.medium(ctx, digest), wanted)


HANDLERS = (form_medium,)


def _part(medium: FormMedium, wanted: str) -> Response[bytes]:
    headers = {"cache-control": KEPT, "accept-ranges": "bytes"}
    size = len(medium.content)
    asked = _RANGE.fullmatch(wanted)
    if asked is None or int(asked[1]) >= size:
        return Response(medium.content, media_type=medium.media_type, headers=headers)
    first, last = int(asked[1]), min(int(asked[2] or size), size - 1)
    headers["content-range"] = f"bytes {first}-{last}/{size}"
    return Response(medium.content[first : last + 1], status_code=206, media_type=medium.media_type, headers=headers)

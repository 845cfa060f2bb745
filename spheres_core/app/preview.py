"""Shows a region as it would be with a version of a pack that is not in force yet."""

import re
from typing import Final
from uuid import UUID

from litestar import Request

from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy import content_adoption, own_packs
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.foundation.web.request_scope import RefusalRecorder, RequestScope
from spheres_core.site.permissions import PUBLISH

PREVIEW: Final = re.compile(r"/preview/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(/.*)")
"""The rest of an address in a region: a version of a pack, and the address to be shown with it."""


async def preview_scope(
    request_scope: RequestScope, pack: UUID, place: str, *, record_refusal: RefusalRecorder
) -> RequestScope:
    """Returns the scope of the same request in the region as it would be with a version of a pack.

    Only who may put it in force gets one, and meets it as anybody would: not signed in, able to look and to send
    nothing. All that is done is undone.
    """
    scope, loaded, runtime = request_scope.scope, request_scope.loaded, request_scope.runtime
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
    previewed = RequestScope(runtime, draft, scope, prefix, _nobody, record_refusal)
    previewed.preview_of = f"{request_scope.prefix}/{place.strip('/').partition('/')[0]}/administration/packs/{pack}"
    scope["root_path"] = prefix
    scope["spheres"] = previewed  # type: ignore[typeddict-unknown-key]
    ctx = runtime.make_context(draft, previewed.db)
    await content_adoption.adopt(ctx, stored.plugin_id)
    return previewed


async def _nobody(ctx: Context, bearer: str, cookie: str) -> Actor | None:
    return None

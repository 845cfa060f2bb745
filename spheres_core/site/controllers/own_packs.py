"""The region's own packs, as JSON: upload, look at, put in force, take back."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from spheres_core.facts import Problem, msg
from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.referrals.views.attachments import FileSent
from spheres_core.site.api_schemas.own_packs import PackNamed, PackShown, PackSwitched, PackUploaded, PackVersions
from spheres_core.site.operations import own_packs
from spheres_core.site.permissions import PUBLISH
from spheres_core.site.queries.own_packs import listed, one_pack
from spheres_core.site.uploaded_packs import Upload
from spheres_core.site.views.own_packs import pack_findings, pack_versions, shown_pack

_OPTIONS: dict[str, Any] = {"guards": [requires(PUBLISH)], "tags": ["packs"]}
Id = Annotated[str, QueryParameter(name="id", description="The id of a pack that is made of sheets.")]
FileName = Annotated[str, QueryParameter(name="name", description="The file's name, for the findings.")]


class PackInvalid(Invalid):
    """An uploaded pack cannot be used; `errors` and `findings` name each place."""

    code = "pack_invalid"
    message = msg("This pack cannot be used as it is.")


@get("/admin/packs", name="api_packs", summary="Versions of the region's own packs", **_OPTIONS)
async def list_packs(ctx: Context, request_scope: RequestScope) -> PackVersions:
    """Lists the versions that were uploaded, the newest first within their pack."""
    found = await listed(ctx, await request_scope.runtime.read_own_packs(ctx.db))
    return PackVersions(pack_versions(ctx, found))


@post("/admin/packs", name="api_upload_pack", summary="Upload a pack", operation_class=FileSent, **_OPTIONS)
async def upload_pack(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], pack: Id = "", file: FileName = ""
) -> PackUploaded:
    """Keeps a .zip of sheets or of a pack's files as a version that is not in force yet. The body is the file itself.
    Refused with a finding for each place: file, sheet, row and column, or line and key."""
    made, warnings = await _upload(ctx, request_scope, await request.body(), pack, file)
    return PackUploaded(made.id, pack_findings(ctx, warnings))


@get("/admin/packs/{id:uuid}", name="api_pack", summary="What a version would change", **_OPTIONS)
async def show_pack(ctx: Context, request_scope: RequestScope, id: FromPath[UUID]) -> PackShown:
    """Compares a version with what is in force, and says what stands against it. Nothing is changed."""
    return await shown_pack(ctx, request_scope.runtime, await one_pack(ctx, id))


@post("/admin/packs/{id:uuid}/publish", name="api_publish_pack", status_code=200, summary="Put a version in force",
      **_OPTIONS)  # fmt: skip
async def publish_pack(ctx: Context, request_scope: RequestScope, id: FromPath[UUID]) -> PackSwitched:
    """Refused with everything that stands against it."""
    try:
        await own_packs.publish_pack(ctx, id, runtime=request_scope.runtime)
    except ContentInvalid as invalid:
        raise _refusal(ctx, invalid) from None
    request_scope.stale = True
    return PackSwitched("in_force")


@post("/admin/packs/{id:uuid}/discard", name="api_discard_pack", status_code=200, summary="Erase a draft", **_OPTIONS)
async def discard_pack(ctx: Context, id: FromPath[UUID]) -> PackSwitched:
    """Refused for a version that was in force once: the others are what one goes back to."""
    await own_packs.discard_pack(ctx, id)
    return PackSwitched("discarded")


@post("/admin/packs/take-back", name="api_take_back_pack", status_code=200,
      summary="Go back to the version before", **_OPTIONS)  # fmt: skip
async def take_back_pack(ctx: Context, request_scope: RequestScope, data: JSONBody[PackNamed]) -> PackSwitched:
    """Puts the earlier upload in force, else what is installed here, else switches the pack off."""
    await own_packs.take_back_pack(ctx, data.plugin, runtime=request_scope.runtime)
    request_scope.stale = True
    return PackSwitched("taken_back")


HANDLERS: list[Any] = [list_packs, upload_pack, show_pack, publish_pack, discard_pack, take_back_pack]


async def _upload(ctx: Context, request_scope: RequestScope, data: bytes, pack: str, file: str) -> Any:
    languages = tuple(ctx.tenant.languages)
    upload = Upload(file[-80:] or "pack.zip", data, pack[:40].strip(), languages, ctx.tenant.time_zone, ctx.now)
    try:
        return await own_packs.upload_pack(ctx, upload, runtime=request_scope.runtime)
    except ContentInvalid as invalid:
        raise _refusal(ctx, invalid) from None


def _refusal(ctx: Context, invalid: ContentInvalid) -> PackInvalid:
    errors = [Problem(each.message, path=each.place()) for each in invalid.findings]
    found = msgspec.to_builtins(pack_findings(ctx, invalid.findings), enc_hook=str)
    return PackInvalid(errors=errors, extra={"findings": found})

"""Writing forms as JSON: drafts, publishing, and which version is asked."""

from typing import Annotated, Any

from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody, PathParameter

from spheres_core.forms import queries
from spheres_core.forms.api_schemas import (
    DraftBegun,
    DraftPosted,
    DraftShown,
    DraftToPublish,
    EditableForms,
    FormInForce,
    VersionToAsk,
)
from spheres_core.forms.operations import drafts, publication
from spheres_core.forms.permissions import EDIT
from spheres_core.forms.views.drafts import draft_shown, editable_forms, posted_draft
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.request_scope import RequestScope

_OPTIONS: dict[str, Any] = {"guards": [requires(EDIT)], "tags": ["forms"]}
Key = Annotated[str, PathParameter(description="The form's key, such as `referral`.")]


@get("/admin/forms", name="api_editable_forms", summary="The forms that can be edited here", **_OPTIONS)
async def list_editable(ctx: Context) -> EditableForms:
    """Returns each with the version that is asked, earlier ones, and its draft."""
    return await editable_forms(ctx)


@post("/admin/forms/drafts", name="api_begin_draft", summary="Begin to write a form", **_OPTIONS)
async def begin_draft(ctx: Context, data: JSONBody[DraftBegun]) -> DraftShown:
    """Begins with a published version, or with nothing. Refused with 409 when the form is being written already."""
    if data.start == "empty":
        return draft_shown(ctx, await drafts.begin_empty(ctx, data.key))
    return draft_shown(ctx, await drafts.begin_from_version(ctx, data.key, data.version))


@get("/admin/forms/{key:str}/draft", name="api_draft", summary="A form that is being written", **_OPTIONS)
async def show_draft(ctx: Context, key: Key) -> DraftShown:
    """Returns its rows as in an XLSForm, and what stands against it by row and column."""
    return draft_shown(ctx, await queries.stored_draft(ctx, key))


@put("/admin/forms/{key:str}/draft", name="api_replace_draft", summary="Write a form anew", **_OPTIONS)
async def replace_draft(ctx: Context, key: Key, data: JSONBody[DraftPosted]) -> DraftShown:
    """Puts these rows in the place of what the draft holds. Refused with 409 when a colleague was faster."""
    changed = await drafts.replace_draft(ctx, key, posted_draft(data), revision=data.revision)
    return draft_shown(ctx, changed)


@delete("/admin/forms/{key:str}/draft", name="api_discard_draft", summary="Discard a draft", status_code=200,
        **_OPTIONS)  # fmt: skip
async def discard_draft(ctx: Context, key: FromPath[str]) -> EditableForms:
    """Erases it; every published version stays."""
    await drafts.discard(ctx, key)
    return await editable_forms(ctx)


@post("/admin/forms/{key:str}/publication", name="api_publish_draft", summary="Publish a draft", **_OPTIONS)
async def publish_draft(
    ctx: Context, request_scope: RequestScope, key: Key, data: JSONBody[DraftToPublish]
) -> FormInForce:
    """Asks it from now on. Refused with 422 while an error stands against it; `errors` name row and column."""
    form = await drafts.publish_draft(ctx, key, revision=data.revision)
    request_scope.stale = True
    return FormInForce(key, form.version)


@put("/admin/forms/{key:str}/in-force", name="api_ask_version", summary="Ask an earlier version again", **_OPTIONS)
async def ask_version(ctx: Context, request_scope: RequestScope, key: Key, data: JSONBody[VersionToAsk]) -> FormInForce:
    """Asks this version from now on, whatever the packs bring."""
    await publication.put_in_force(ctx, key, data.version)
    request_scope.stale = True
    return FormInForce(key, data.version)


@delete("/admin/forms/{key:str}/in-force", name="api_follow_packs", summary="Ask what the region's packs bring",
        status_code=200, **_OPTIONS)  # fmt: skip
async def follow_packs(ctx: Context, request_scope: RequestScope, key: FromPath[str]) -> FormInForce:
    """Takes back which version the region chose, or that it retired the form."""
    await publication.follow_packs(ctx, key)
    request_scope.stale = True
    return FormInForce(key, queries.version_of_packs(ctx, key))


@post("/admin/forms/{key:str}/retirement", name="api_retire_form", summary="Retire a form", status_code=200,
      **_OPTIONS)  # fmt: skip
async def retire_form(ctx: Context, request_scope: RequestScope, key: FromPath[str]) -> FormInForce:
    """Asks it of nobody any more. Answers that were given stay readable."""
    await publication.retire(ctx, key)
    request_scope.stale = True
    return FormInForce(key, "")


HANDLERS: list[Any] = [
    list_editable,
    begin_draft,
    show_draft,
    replace_draft,
    discard_draft,
    publish_draft,
    ask_version,
    follow_packs,
    retire_form,
]

"""Drafts on pages of her file: keeping a form for later without JavaScript, going on with one, throwing one away."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

from litestar import Request, post
from litestar.params import FromPath
from litestar.response import Response

from spheres_core.foundation.plugins.registrations import DraftForm
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.operations import drafts as operations
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import ParticipantUnknown, find_for_caller
from spheres_core.participants.queries.drafts import forms_of
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.views import drafts as views
from spheres_core.participants.views.file_frame import OVERVIEW


async def keep_if_asked(
    ctx: Context,
    request_scope: RequestScope,
    access: ParticipantAccess,
    sent: Post,
    form: DraftForm,
    *,
    about: UUID | None = None,
) -> Response[bytes] | None:
    """Keeps a posted form for later if its button says so, and leads to her file; else returns None.

    Raises `DraftNotKept` if any of what was typed may not be kept. The page then shows the form as it was sent.
    """
    if not sent[views.KEEP]:
        return None
    posted = views.posted_of(ctx, sent, form, about=about)
    try:
        kept = await operations.save_draft(ctx, access.code, views.number_of(sent, views.COPY) or uuid4(), posted)
    except ParticipantUnknown:
        raise views.DraftNotKept from None
    if missing := [name for name in kept.not_kept if posted.values[name]]:
        raise views.not_kept(missing)
    await _finish(ctx, access, sent, views.EARLIER)
    address = rendering.place_of(ctx, request_scope, OVERVIEW, participant=access.code)
    return rendering.go_to(done_address(address, "kept_for_later"))


async def finish(ctx: Context, access: ParticipantAccess, sent: Post) -> None:
    """Deletes the drafts of a form whose words were just written, in the same transaction."""
    await _finish(ctx, access, sent, views.COPY)
    await _finish(ctx, access, sent, views.EARLIER)


async def _finish(ctx: Context, access: ParticipantAccess, sent: Post, name: str) -> None:
    if (copy := views.number_of(sent, name)) is not None:
        await operations.finish_draft(ctx, access, copy)


@post("/staff/participants/{participant:str}/drafts/{id:uuid}/discard", guards=[requires(READ)],
      name="discard_draft", status_code=303)  # fmt: skip
async def discard_draft(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    id: FromPath[UUID],
    request: Request[Any, Any, Any],
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    with suppress(operations.DraftUnknown):  # thrown away twice, it is gone as she wants
        await operations.discard_draft(ctx, access, id)
    return rendering.go_to(done_address(_form_of(ctx, request_scope, access, sent), "draft_discarded"))


HANDLERS = (discard_draft,)


def _form_of(ctx: Context, request_scope: RequestScope, access: ParticipantAccess, sent: Post) -> str:
    """Returns the address of the form that a draft was begun in; of her file for a form without a page."""
    form, about = forms_of(ctx).get(sent["form"]), views.number_of(sent, "about")
    if form and (form.record_page if about else form.page):
        return views.address_of(ctx, request_scope, form, access.code, about=about)
    return rendering.place_of(ctx, request_scope, OVERVIEW, participant=access.code)

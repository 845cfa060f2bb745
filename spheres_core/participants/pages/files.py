"""The list of participants, and her file: the overview, and the frame in which each section's page stands."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

from litestar import get
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Response

from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.panels import show_slot
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.participants.queries.panels import panel_facts, record_panels
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.presence import OpenForm
from spheres_core.participants.views import file, participant_list
from spheres_core.participants.views.confirmations import say_done
from spheres_core.participants.views.drafts import Drafting
from spheres_core.participants.views.file_frame import OVERVIEW, frame_of
from spheres_core.participants.views.presence import presence_shown

ForPurpose = Annotated[str | None, QueryParameter(name="purpose", required=False)]


@get("/staff/participants", guards=[requires(READ)], name="participants")
async def participants(ctx: Context, request_scope: RequestScope, cursor: FromQuery[str] = "") -> Response[bytes]:
    shown = await participant_list.list_page(ctx, cursor=cursor)
    return await rendering.page(ctx, request_scope, "participants/list.html", **shown)


@get("/staff/participants/{participant:str}", guards=[requires(READ)], name=OVERVIEW)
async def overview(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    for_purpose: ForPurpose = None,
    done: FromQuery[str] = "",
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant, for_purpose)
    shown = await file.overview_of(ctx, access)
    panels = await show_slot(ctx, request_scope, "show_participant", partial(panel_facts, access=access))
    await record_panels(ctx, access, [each.plugin for each in panels if not each.failed])
    return await rendering.page(
        ctx, request_scope, "participants/overview.html", panels=panels, done=say_done(ctx, done), **shown
    )


async def section_page(
    ctx: Context,
    request_scope: RequestScope,
    access: ParticipantAccess,
    template: str,
    *,
    page: str,
    read: tuple[str, ...] = (),
    status: int = 200,
    done: Text | None = None,
    drafting: Drafting | Sequence[Drafting] = (),
    open_form: OpenForm | None = None,
    **values: Any,
) -> Response[bytes]:
    """Answers with a page of her file. Its template extends `participants/file.html`, which needs a `title`.

    `page`: the handler's name. `read`: the classes of information that it shows, for the trail; the handler has asked
    for them with `require_class`. `done`: the sentence that confirms an act, if one was just done.
    `drafting`: what the forms on it need to keep what is typed (`views.drafts.drafting_of`).
    `open_form`: the form on it that changes something with versions, which colleagues may have open too.
    """
    forms = [drafting] if isinstance(drafting, Drafting) else [*drafting]
    shown = await frame_of(ctx, access, page=page, read=read)
    presence = await presence_shown(ctx, request_scope, access, open_form) if open_form else None
    return await rendering.page(
        ctx, request_scope, template, status=status, file=shown, done=done, drafting=forms, presence=presence, **values
    )


HANDLERS = (participants, overview)

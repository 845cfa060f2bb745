"""The page on which she and her worker write how she wants to be called at meetings."""

from __future__ import annotations

from typing import Any, Final

from spheres_core.committee.queries import meeting_names, seats
from spheres_core.committee.schemas.meeting_names import MeetingName
from spheres_core.consents.schemas import CLASSES, MEETING_NAME
from spheres_core.facts import msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.partners.queries.partners import organization_names
from spheres_core.plans.views.form_fields import FormField, filled, refused

TITLE: Final = CLASSES[MEETING_NAME]


async def read_section(ctx: Context, access: ParticipantAccess) -> MeetingName:
    """Returns how she wants to be called, for the API's file."""
    return await meeting_names.read_name(ctx, access)


async def name_page(
    ctx: Context, access: ParticipantAccess, *, sent: Post | None = None, refusal: Refusal | None = None
) -> dict[str, Any]:
    """Returns what `committee/name.html` shows."""
    say, found = ctx.locale.say, await meeting_names.read_name(ctx, access)
    names, police = await organization_names(ctx), await seats.police_of(ctx)
    hint = say(msg("Any name that she likes: a first name, another one, a made-up one. No surname is needed."))
    fields = [FormField("line", "called", say(msg("The name to use")), found.called, hint=hint)]
    shown = refused(ctx, sent, refusal, fields)
    if shown["theirs"] is not None:
        shown["theirs"] = found.called or say(msg("No name"))
    return shown | {
        "title": say(TITLE),
        "fields": filled(fields, sent) if sent is not None else fields,
        "version": found.version,
        "written_on": found.on,
        "has_name": bool(found.called),
        "heard_by": [
            {
                "name": ctx.locale.pick(names[each.organization]) if each.organization in names else each.organization,
                "until": None if each.until is None else ctx.locale.date(each.until.astimezone(ctx.zone).date()),
                "police": each.organization in police,
            }
            for each in found.heard_by
        ],
    }

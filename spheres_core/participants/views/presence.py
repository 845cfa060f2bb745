"""Which colleagues have the form of a page of her file open too."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from spheres_core.foundation.languages.localization import clock_text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.operations.presence import say_opened
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.presence import OpenForm


class ColleagueShown(Struct, frozen=True):
    """A colleague who has the form open too."""

    name: str
    since: dt.datetime
    time: str
    """The time of day."""


class PresenceShown(Struct, frozen=True):
    """Colleagues as a page shows them, with what its script needs to ask again."""

    form: OpenForm
    api: str
    colleagues: list[ColleagueShown]


async def presence_shown(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, form: OpenForm
) -> PresenceShown:
    """Says that the actor opened a form, and returns what its page shows of colleagues who have it open."""
    presence = await say_opened(ctx, access, form)
    return PresenceShown(
        form,
        f"{request_scope.prefix}/api/participants/{access.code}/presence",
        [
            ColleagueShown(each.name, each.since, clock_text(each.since.astimezone(ctx.zone).time(), ctx.locale.short))
            for each in presence.colleagues
        ],
    )

"""Values of the page on which the limits of confidentiality are read together and noted as explained."""

from __future__ import annotations

from typing import Any, Final

from spheres_core.consents.queries import answers
from spheres_core.consents.settings import Settings
from spheres_core.facts import msg
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.operations import consents
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.partners.queries.pack_content import legal_profile

TITLE: Final = msg("What we cannot keep to ourselves")
OUR_TEXT: Final = "1"
"""The version of the text that this page holds. A region that names another has one of its own."""


async def limits_page(ctx: Context, access: ParticipantAccess, *, done: bool) -> dict[str, Any]:
    """Returns the values of `participants/limits.html`."""
    profile, version = legal_profile(ctx), ctx.settings("consents", Settings).limits_text
    told = await answers.list_explanations(ctx, access.decided, access.reader)
    return {
        "title": ctx.locale.say(TITLE),
        "version": version,
        "own_text": version != OUR_TEXT,
        "duty": None if profile is None else ctx.locale.pick(profile.reporting.duty),
        "duty_verified": profile is not None and profile.reporting.status == "verified",
        "told_on": [each.dated_on for each in reversed(told.items)],
        "may_record": consents.may_record(ctx, access),
        "done": ctx.locale.say("It is written down that you explained this today.") if done else None,
    }

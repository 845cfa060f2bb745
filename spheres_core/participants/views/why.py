"""Values of the page for workers that says why somebody can, or cannot, see a class of information about her."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from spheres_core.consents.api_schemas import Why
from spheres_core.consents.queries import answers
from spheres_core.consents.schemas import ACTS, CLASSES, Act
from spheres_core.consents.views.plain_words import MAY
from spheres_core.facts import Message, msg
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import whose_decision
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.views.exclusions import near_colleagues
from spheres_core.staff.queries.members import names_of

TITLE: Final = msg("Why can somebody see this?")
STANDINGS: Final[Mapping[str, Message]] = {
    "assignment": msg("Follows her, as pivot worker or backup"),
    "coordination": msg("Coordinates, and may know that she takes part"),
    "committee": msg("A meeting of the committee has it on its agenda"),
    "service_request": msg("A service was asked for her"),
    "emergency_access": msg("Has emergency access, for a short time"),
    "investigation": msg("Looks into something as privacy officer, with a reason"),
    "transfer": msg("She goes on in another region"),
}
REASONS: Final[Mapping[str, Message]] = {
    "no_standing": msg("No: this person does not have to do with her in a way that reaches this."),
    "no_consent": msg("No: she has not agreed to it, or has taken it back."),
    "excluded": msg("No: this person is kept away from her."),
    "not_open": msg("No: nothing opens this to you now."),
}


async def why_page(
    ctx: Context, access: ParticipantAccess, *, information: str, act: str, staff: UUID | None
) -> dict[str, Any]:
    """Returns the values of `participants/why.html`; with an answer once a class is asked for."""
    asked: Act = next((each for each in ACTS if each == act), "read")
    near = await near_colleagues(ctx, access)
    answer = None
    if information:
        id, organization = await whose_decision(ctx, staff)
        why = await answers.answer_why(ctx, access.decided, information, asked, staff=id, organization=organization)
        answer = await _answer(ctx, why, id)
    return {
        "title": ctx.locale.say(TITLE),
        "classes": ctx.locale.options(CLASSES),
        "acts": [(code, ctx.locale.say(MAY[code])) for code in ACTS],
        "colleagues": [("", ctx.locale.say("You")), *sorted(near.items(), key=lambda each: each[1])],
        "information": information,
        "act": asked,
        "staff": staff or "",
        "answer": answer,
    }


async def _answer(ctx: Context, why: Why, staff: UUID) -> dict[str, Any]:
    whose = "" if staff == ctx.actor.id else (await names_of(ctx, [staff])).get(staff, "")
    told: dict[str, Any] = {"allowed": why.allowed, "whose": whose, "reason": None, "standing": None, "line": why.line}
    if why.reason is not None:
        told["reason"] = ctx.locale.say(REASONS[why.reason])
    if why.standing is not None:
        title = STANDINGS.get(why.standing.kind)
        told["standing"] = {
            "title": ctx.locale.say(title) if title else why.standing.kind,
            "since": why.standing.starts,
            "until": why.standing.ends,
        }
    return told

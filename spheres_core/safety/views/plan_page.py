"""The page of her emergency plan: the one that holds, the draft that waits, and what can be done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from spheres_core.consents.schemas import TEAM
from spheres_core.consents.views import who_sees_what as consent_words
from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.partners.queries.partners import organization_names
from spheres_core.plans.queries.together import is_shared
from spheres_core.plans.views.form_fields import FormInvalid, read_form, refused
from spheres_core.safety.plan_sections import NUMBERS, PEOPLE, PLACES
from spheres_core.safety.queries.net import net_of
from spheres_core.safety.queries.sections import sections_here, title_of
from spheres_core.safety.schemas.plans import (
    CLASS,
    EmergencyPlan,
    EmergencyPlans,
    NotNowPosted,
    PlanAgreed,
    PlanNumber,
    PlanPlace,
    TrustedPerson,
)
from spheres_core.safety.views.net import shown_net

TITLE: Final = msg("Emergency plan")
DONE: Final[Mapping[str, Message]] = {
    "plan_written": msg("The draft is written. It is her plan once she agrees to it."),
    "plan_agreed": msg("She agrees: this is her plan from now on."),
    "plan_not_now": msg("It is noted that she does not want a plan now."),
}
LATER: Final = dt.timedelta(days=30)


class PartShown(Struct, frozen=True):
    """A section of a plan on a page."""

    code: str
    title: Text | str
    lines: list[str]
    people: list[TrustedPerson] = []
    places: list[PlanPlace] = []
    numbers: list[PlanNumber] = []


class PlanShown(Struct, frozen=True):
    """A plan on a page."""

    version: int
    is_draft: bool
    agreed_on: dt.date | None
    review_by: dt.date | None
    late: bool
    parts: list[PartShown]
    carried: list[Text | str]
    """Titles of the sections that she wants on her card and in which something stands."""


async def plan_page(
    ctx: Context, access: ParticipantAccess, found: EmergencyPlans, *, sent: Post | None = None,
    refusal: Refusal | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Returns what `safety/plan.html` shows."""
    names = await organization_names(ctx)
    opens = [each for each in access.decided.entries if _opens_in_emergency(ctx, each)]
    return {
        "title": ctx.locale.say(TITLE),
        "agreed": shown_plan(ctx, found.agreed) if found.agreed else None,
        "net": shown_net(ctx, await net_of(ctx, access, found.agreed)),
        "draft": shown_plan(ctx, found.draft) if found.draft else None,
        "not_now": found.not_now,
        "may_write": reaches(ctx, access, CLASS, act="write"),
        "today": ctx.today.isoformat(),
        "ask_again_on": (ctx.today + LATER).isoformat(),
        "opens": sorted({str(consent_words.name(ctx, names, each.recipient)) for each in opens}),
        "is_team": access.decided.recipient == TEAM,
        "may_print": is_shared(access),
    } | refused(ctx, sent, refusal)


def shown_plan(ctx: Context, plan: EmergencyPlan) -> PlanShown:
    """Returns a plan as a page shows it: each section in which something stands, in order."""
    said = {each.code: each for each in plan.sections}
    known = sections_here(ctx, also_retired=True)
    parts = []
    for code in [*known, *(each for each in said if each not in known)]:
        part = PartShown(
            code,
            title_of(ctx, known[code]) if code in known else code,
            [line for line in said[code].words.splitlines() if line.strip()] if code in said else [],
            plan.people if code == PEOPLE else [],
            plan.places if code == PLACES else [],
            plan.numbers if code == NUMBERS else [],
        )
        if part.lines or part.people or part.places or part.numbers:
            parts.append(part)
    late = plan.state == "agreed" and plan.review_by is not None and plan.review_by <= ctx.today
    carried = [each.title for each in parts if each.code in plan.carried]
    return PlanShown(plan.version, plan.state == "draft", plan.agreed_on, plan.review_by, late, parts, carried)


def read_agreement(sent: Post) -> PlanAgreed:
    """Returns that she agrees, as it was sent. Raises `FormInvalid` at its field."""
    values = {"version": sent.version(), "on": sent.day("on", required=False)}
    if sent.problems:
        raise FormInvalid
    return read_form(PlanAgreed, values)


def read_not_now(sent: Post) -> NotNowPosted:
    """Returns that she does not want a plan now, as it was sent. Raises `FormInvalid` at its field."""
    again = sent.day("ask_again_on")
    if sent.problems or again is None:
        raise FormInvalid
    return NotNowPosted(again)


def say_done(ctx: Context, act: str) -> Text | None:
    """Returns the confirmation of an act; None for any other code."""
    return ctx.locale.say(DONE[act]) if act in DONE else None


def _opens_in_emergency(ctx: Context, entry: Any) -> bool:
    return bool(entry.information == CLASS and entry.purpose == "emergency" and entry.starts <= ctx.now < entry.ends)

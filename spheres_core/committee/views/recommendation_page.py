"""One recommendation on a page of her file, with the forms that say that she was told and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from spheres_core.committee.queries import recommendations
from spheres_core.committee.queries.agenda import CLASS
from spheres_core.committee.queries.recommendations import Numbered
from spheres_core.committee.views.draft_forms import RESULT_FORM, TOLD_FORM
from spheres_core.committee.views.her_page import RESULTS, shown_recommendation
from spheres_core.consents.schemas import TEAM
from spheres_core.facts import msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.views.drafts import Drafting
from spheres_core.partners.queries.partners import organization_names
from spheres_core.plans.views.form_fields import FormField, filled, refused


async def recommendation_page(
    ctx: Context, access: ParticipantAccess, found: Numbered, *, drafting: Sequence[Drafting],
    sent: Post | None, refusal: Refusal | None,
) -> dict[str, Any]:  # fmt: skip
    """Returns what `committee/recommendation.html` shows. `refusal`: why what was `sent` was not kept."""
    hers = (await recommendations.hers_with_words(ctx, access, [found]))[0]
    say, begun = ctx.locale.say, {each.form.name: each.sent for each in drafting}
    told = [
        FormField("line", "on", say(msg("Day on which she was told")), hint=say(msg("Such as 2026-03-31"))),
        FormField("area", "told", say(msg("How you said it, in her words")), hers.told),
        FormField("area", "her_words", say(msg("What she said to it, in her words")), hers.her_words or ""),
    ]
    result = [
        FormField("pick", "state", say(msg("What came of it")), options=ctx.locale.options(RESULTS)),
        FormField("area", "result", say(msg("In words"))),
    ]
    shown = refused(ctx, sent, refusal, [*told, *result])
    if shown["theirs"] is not None:
        shown["theirs"] = [{"label": label, "value": words} for label, words in
                           shown_recommendation(ctx, hers, {})["facts"]]  # fmt: skip
    return shown | {
        "title": say(msg("What a committee recommended")),
        "recommendation": shown_recommendation(ctx, hers, await organization_names(ctx)),
        "may_write": reaches(ctx, access, CLASS, act="write") and access.decided.recipient == TEAM,
        "told_fields": filled(told, begun.get(TOLD_FORM.name)),
        "result_fields": filled(result, begun.get(RESULT_FORM.name)),
        "posted": None,
        "problems": sent.problems if sent is not None else {},
        "told_begun": begun.get(TOLD_FORM.name) is not None,
        "result_begun": begun.get(RESULT_FORM.name) is not None,
    }

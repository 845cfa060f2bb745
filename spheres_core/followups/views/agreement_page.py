"""Her agreement to take part, on the page that a referral leads to: nothing that was asked before is asked again."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Final, get_args
from uuid import UUID

import msgspec

from spheres_core.consents.queries.applied_authority import authority_for
from spheres_core.consents.schemas import How
from spheres_core.facts import Message, Words, msg
from spheres_core.followups.queries.participations import ANY_AGE, ages_of
from spheres_core.followups.schemas.participations import ParticipationPosted
from spheres_core.followups.schemas.words import LONGEST_WORDS
from spheres_core.followups.views.wording import options
from spheres_core.followups.views.workers import workers
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.participants.views.consent_form import GIVERS, HOW
from spheres_core.referrals.references import reference_of
from spheres_core.referrals.schemas import ReferralRow

NOBODY: Final = "nobody"
"""Is sent for a pivot worker who will be named later."""
PARENTS: Final = {code: GIVERS[code] for code in ("parent", "tutor")}
FIELDS: Final[Mapping[str, str]] = {
    "agreement.on": "on", "agreement.also": "also_giver", "staff": "pivot", "participant": "participant",
}  # fmt: skip
"""By path of a refusal, the field at which it is said."""


async def agreement_page(
    ctx: Context, referral: ReferralRow, *, sent: Post | None = None, refusal: Refusal | None = None
) -> dict[str, Any]:
    """Returns what `followups/agreement.html` shows. `refusal`: why what was `sent` began nothing."""
    born = ages_of(referral, ctx.today) or ANY_AGE
    applied = await authority_for(ctx, "participation", born, ctx.today)
    return {
        "title": ctx.locale.say(msg("She agrees to take part")),
        "referral": referral.id,
        "reference": reference_of(referral.id),
        "today": ctx.today.isoformat(),
        "hows": options(ctx, HOW),
        "workers": await workers(ctx),
        "nobody": NOBODY,
        "asks_parent": bool(applied.authority.also),
        "parents": options(ctx, PARENTS, msg("Choose")),
        "parent_hows": options(ctx, HOW, msg("Choose")),
        "longest": LONGEST_WORDS,
        "once": secrets.token_urlsafe(24),
        "posted": sent,
        "problems": _problems(sent, refusal),
    }


def participation_posted(sent: Post) -> ParticipationPosted | None:
    """Returns what was sent; None where something is missing, which becomes a problem of its field."""
    also = None
    if any(sent[name].strip() for name in ("also_giver", "also_how")):
        also = {
            "giver": sent.choice("also_giver", PARENTS),
            "given_on": sent.day("also_on"),
            "how": sent.choice("also_how", get_args(How)),
        }
    words = sent["words"].strip()
    if len(words) > LONGEST_WORDS:
        sent.problems["words"] = msg("Write at most {most} characters.", most=LONGEST_WORDS)
    agreement = {"on": sent.day("on"), "how": sent.choice("how", get_args(How)), "words": words, "also": also}
    posted = {"agreement": agreement, "pivot": _pivot(sent), "participant": sent["participant"].strip()[:40]}
    return None if sent.problems else msgspec.convert(posted, ParticipationPosted)


def _pivot(sent: Post) -> UUID | None:
    if sent["pivot"] == NOBODY:
        return None
    try:
        return UUID(sent["pivot"])
    except ValueError:
        sent.problems["pivot"] = msg("Choose who follows her, or that nobody does yet.")
        return None


def _problems(sent: Post | None, refusal: Refusal | None) -> dict[str, Message | Words]:
    found = {} if sent is None else dict(sent.problems)
    if refusal is not None and not found:
        path = refusal.errors[0].path if refusal.errors else ""
        found[FIELDS.get(path, "page")] = refusal.message
    return found

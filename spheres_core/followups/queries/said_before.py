"""Finds what her referral said of her, to offer it in the forms of her file."""

from __future__ import annotations

from typing import Any

from spheres_core.audit import operations as audit
from spheres_core.followups.queries.participations import REFERRALS, ages_of
from spheres_core.forms import queries as forms
from spheres_core.forms.meanings import meanings
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.schemas.files import ParticipantAccess, SaidBefore
from spheres_core.referrals.queries import referral as referral_queries


async def said_in_referral(ctx: Context, access: ParticipantAccess) -> SaidBefore:
    """Returns what the last of her referrals that is still there said, and writes to the trail that it was read."""
    for (id,) in await ctx.db.all(REFERRALS, her=access.id):
        found = await ctx.db.one_or_none(referral_queries.ONE, id=id)
        if found is None:
            continue  # erased since
        said = meanings(
            await forms.version(ctx, found.form, found.form_version), referral_queries.open_answers(ctx, found)
        )
        await audit.record(ctx, "said_before.read", subject=("participant", access.id), shown=[id])
        ages = ages_of(found, ctx.today)
        return SaidBefore(
            name=_text(said, "participant_name"),
            phone=_text(said, "participant_phone"),
            email=_text(said, "participant_email"),
            language=_tag(ctx, found.preferred_language or ""),
            age=ages.least if ages is not None and ages.least == ages.most else None,
            community=found.community or "",
            needs=tuple(found.needs),
        )
    return SaidBefore()


def _text(said: dict[str, Any], meaning: str) -> str:
    return str(said.get(meaning) or "").strip()


def _tag(ctx: Context, language: str) -> str:
    """Returns the region's tag for a language that was named without its country, or with another one."""
    named = language.partition("-")[0]
    return next((tag for tag in ctx.tenant.languages if named and tag.partition("-")[0] == named), "")

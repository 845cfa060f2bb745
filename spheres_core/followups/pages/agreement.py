"""The page on which she agrees to take part: from her referral to her own file."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Response

from spheres_core.followups.operations import participations
from spheres_core.followups.permissions import ASSIGN
from spheres_core.followups.queries.participations import agreed_referral
from spheres_core.followups.schemas.participations import ParticipationBegun
from spheres_core.followups.views.agreement_page import agreement_page, participation_posted
from spheres_core.followups.views.destinations import TIMELINE
from spheres_core.foundation.errors import Invalid, Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.idempotency_key import Once
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.referrals.queries import referral as referral_queries
from spheres_core.referrals.schemas import ReferralRow

PAGE = "her_agreement"


@get("/referrals/{id:uuid}/participation", guards=[requires(ASSIGN)], name=PAGE)
async def her_agreement(ctx: Context, request_scope: RequestScope, id: FromPath[UUID]) -> Response[bytes]:
    return await _show(ctx, request_scope, await agreed_referral(ctx, id))


@post("/referrals/{id:uuid}/participation", guards=[requires(ASSIGN)], name="begin_participation", status_code=303)
async def begin_participation(
    ctx: Context, request_scope: RequestScope, request: Request[Any, Any, Any], id: FromPath[UUID]
) -> Response[bytes]:
    sent = await read_post(request)
    try:
        begun = await _begin(ctx, request_scope, id, sent)
    except (Invalid, participations.StillTakingPart) as refusal:
        return await _show(ctx, request_scope, await referral_queries.row(ctx, id), sent=sent, refusal=refusal)
    place = rendering.place_of(ctx, request_scope, TIMELINE, participant=begun.participant)
    return rendering.go_to(done_address(place, "begun" if begun.state == "active" else "proposed"))


HANDLERS = (her_agreement, begin_participation)


async def _begin(ctx: Context, request_scope: RequestScope, referral: UUID, sent: Post) -> ParticipationBegun:
    """Begins it once, however often the button is pressed. Raises `AgreementMissing` where a field has a problem."""
    posted = participation_posted(sent)
    if posted is None:
        await agreed_referral(ctx, referral)
        raise participations.AgreementMissing
    once = Once(request_scope, sent["_once"])
    act = participations.begin_participation
    return await once.run("participation", referral, posted, ParticipationBegun, lambda: act(ctx, referral, posted))


async def _show(
    ctx: Context,
    request_scope: RequestScope,
    referral: ReferralRow,
    *,
    sent: Post | None = None,
    refusal: Refusal | None = None,
) -> Response[bytes]:
    shown = await agreement_page(ctx, referral, sent=sent, refusal=refusal)
    status = 200 if refusal is None else refusal.status
    return await rendering.page(ctx, request_scope, "followups/agreement.html", status=status, **shown)

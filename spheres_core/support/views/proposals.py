"""Values of the pages of entries that are proposed for the library, and that a second person decides about."""

from typing import Any, Final
from uuid import UUID

from spheres_core.facts import msg
from spheres_core.foundation.content.markdown_text import harmless_html
from spheres_core.foundation.errors import Invalid, Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import page_of
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.rendering import place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.partners.queries.catalogue import listed
from spheres_core.staff.queries.members import names_of
from spheres_core.support.operations import proposals as operations
from spheres_core.support.operations.proposals import NotAnswered, may_propose
from spheres_core.support.operations.word_checks import IdentifiersFound
from spheres_core.support.queries import advice
from spheres_core.support.queries import proposals as queries
from spheres_core.support.queries.library import read_codes
from spheres_core.support.schemas.library import MOST_CODES, ProposalApproved, ProposalPosted, ProposalRead
from spheres_core.support.views.library import choices, tongues
from spheres_core.support.views.marked_places import marked
from spheres_core.support.views.tool_form import LONGEST

CODE: Final = r"[a-z][a-z0-9_]{0,40}"


async def propose_view(
    ctx: Context, request: UUID, *, sent: Post | None = None, refusal: Refusal | None = None
) -> dict[str, Any]:
    """Returns the values of `support/propose.html`: an empty form, or what was typed and what was found in it.

    Nothing of the request stands in it. Raises `AdviceUnknown`, `NotAnswered`.
    """
    found = await advice.find_advice(ctx, request)
    if not may_propose(ctx, found):
        raise NotAnswered
    sent_problems = {each.path.partition("_")[0]: each.message for each in refusal.errors} if refusal else {}
    if sent is not None and not isinstance(refusal, IdentifiersFound):
        sent.problems |= sent_problems
    places = refusal.extra["places"] if isinstance(refusal, IdentifiersFound) and sent is not None else []
    return {
        "title": ctx.locale.say(msg("Propose an entry for the library")),
        "id": request,
        "posted": sent,
        "problems": sent.problems if sent else {},
        "error": ctx.locale.say(refusal.message) if refusal and not places else None,
        "found": marked(ctx, {name: sent[name] for name in LONGEST}, refusal) if places and sent else [],
        "tongues": [*tongues(ctx).items()],
        "language": found.language,
        "themes": choices(ctx, "tool_themes"),
        "audiences": choices(ctx, "tool_audiences"),
        "longest": LONGEST,
    }


def proposal_sent(ctx: Context, sent: Post) -> ProposalPosted:
    """Returns an entry as it was typed. Raises `Invalid` with `sent.problems` filled."""
    language = sent.choice("language", tongues(ctx))
    texts = {name: sent[name].strip() for name in LONGEST}
    for name, most in LONGEST.items():
        if not texts[name]:
            sent.problems[name] = msg("Please answer this.")
        elif len(texts[name]) > most:
            sent.problems[name] = msg("It is longer than {most} characters.", most=most)
    if sent.problems:
        raise Invalid
    return ProposalPosted(
        language=language, **texts, themes=sent.every("themes")[:MOST_CODES],
        audiences=sent.every("audiences")[:MOST_CODES], confirmed=sent["confirmed"] == "yes",
    )  # fmt: skip


async def list_view(ctx: Context, request_scope: RequestScope, cursor: str) -> dict[str, Any]:
    """Returns the values of `support/proposals.html`: one page of entries that wait."""
    shown = await page_of(
        ctx, "tool_proposals", cursor, lambda before, limit: queries.list_proposals(ctx, before=before, limit=limit)
    )
    here = place_of(ctx, request_scope, "tool_proposals")
    return {
        "title": ctx.locale.say(msg("Proposed entries")),
        "items": [await _line(ctx, each) for each in shown.items],
        "next_url": f"{here}?cursor={shown.next}" if shown.next else None,
        "previous_url": here if cursor else None,
    }


async def one_view(
    ctx: Context, id: UUID, *, sent: Post | None = None, refusal: Refusal | None = None
) -> dict[str, Any]:
    """Returns the values of `support/proposal.html`. Raises `ProposalUnknown`."""
    found = await queries.read_proposal(ctx, id)
    if sent is not None and refusal is not None:
        sent.problems |= {each.path: each.message for each in refusal.errors}
    return {
        "title": ctx.locale.pick({found.language: found.title}),
        "entry": await _line(ctx, found),
        "body": harmless_html(found.text),
        "may_decide": found.may_decide,
        "posted": sent,
        "problems": sent.problems if sent else {},
        "error": ctx.locale.say(refusal.message) if refusal else None,
    }


async def decide(ctx: Context, id: UUID, sent: Post) -> str:
    """Approves an entry as a draft or at once, or declines it. Returns the act. Raises what the operations do."""
    if sent["act"] == "decline":
        await operations.decline(ctx, id)
        return "decline"
    review_on = sent.day("review_on", required=False)
    if sent.problems:
        raise Invalid
    await operations.approve(ctx, id, ProposalApproved(sent["code"].strip(), sent["act"] == "publish", review_on))
    return "approve"


async def _line(ctx: Context, found: ProposalRead) -> dict[str, Any]:
    names = await names_of(ctx, [found.proposed_by])
    return {
        "id": found.id,
        "title": found.title,
        "summary": found.summary,
        "language": found.language,
        "tongue": tongues(ctx).get(found.language, ""),
        "at": found.proposed_at,
        "who": names.get(found.proposed_by, ""),
        "confirmed": found.confirmed,
        "themes": read_codes(ctx, listed(ctx, "tool_themes"), found.themes),
        "audiences": read_codes(ctx, listed(ctx, "tool_audiences"), found.audiences),
    }

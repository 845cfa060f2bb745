"""Turns answers of the desk into entries of the library: who answered writes one anew, a second person decides.

Nothing of who asked is kept, and nothing is kept that leads from an entry to a request.
"""

from uuid import UUID

import msgspec
from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.facts import msg
from spheres_core.forms.operations.answer_checks import language_of
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict, NotAllowed
from spheres_core.foundation.tenancy.context import Context
from spheres_core.support.operations import library
from spheres_core.support.operations.word_checks import check_words
from spheres_core.support.queries import advice, proposals
from spheres_core.support.queries.proposals import SUBJECT, ProposalRow
from spheres_core.support.schemas.advice import ANSWERED, REFERRAL_DRAFTED, AdviceLine
from spheres_core.support.schemas.library import Decided, ProposalApproved, ProposalMade, ProposalPosted, ToolWritten

ADD = prepare(insert(proposals.proposals))
FORGET = prepare(
    proposals.proposals.delete().where(scoped(proposals.proposals), proposals.proposals.c.id == bindparam("which"))
)
TYPED = ("title", "summary", "text")


class NotAnswered(Conflict):
    """Nobody has answered this request yet, or somebody else takes care of it."""

    code = "not_yours_to_propose"
    message = msg("Whoever answered a request proposes an entry from it.")


class SamePerson(NotAllowed):
    """Who proposed an entry never decides about it, and neither does a system."""

    code = "same_person"
    message = msg("A second person decides: not who proposed it.")


async def propose(ctx: Context, request: UUID, posted: ProposalPosted) -> ProposalMade:
    """Keeps an entry for a second person. It holds what was typed for it and nothing of the request.

    Raises `AdviceUnknown`, `NotAnswered`, `ToolInvalid`, `CodeUnknown`, `LanguageUnknown`,
    `IdentifiersFound`, `ParticipantCodeFound`.
    """
    if not may_propose(ctx, await advice.find_advice(ctx, request)):
        raise NotAnswered
    language = language_of(ctx, posted.language)
    await library.checked(ctx, _as_written(posted, language))
    words = {name: getattr(posted, name) for name in TYPED}
    found = await check_words(ctx, words, confirmed=posted.confirmed)
    id = uuid7()
    kept = msgspec.structs.replace(posted, language=language, confirmed=found)
    sealed = ctx.keys.seal("tool_proposals", id, "words", msgspec.json.encode(kept))
    adding = ADD.of(id=id, words=sealed, proposed_by=ctx.actor.id, proposed_at=ctx.now)
    await audit.record(ctx, "tool.proposed", subject=(SUBJECT, id), doing=[adding])
    return ProposalMade(id)


def may_propose(ctx: Context, request: AdviceLine) -> bool:
    """Tells whether who acts takes care of this request and has answered it; a system never has."""
    mine = ctx.actor.kind == "staff" and request.assignee_id == ctx.actor.id
    return mine and request.state in (ANSWERED, REFERRAL_DRAFTED)


async def approve(ctx: Context, id: UUID, sent: ProposalApproved) -> Decided:
    """Makes an entry a tool, a draft or one in force, and forgets the proposal.

    Raises `ProposalUnknown`, `SamePerson`, `CodeTaken`, `ToolInvalid`, `CodeUnknown`.
    """
    row = await _for_decision(ctx, id)
    words = proposals.words_of(ctx, row)
    written = msgspec.structs.replace(_as_written(words, words.language), review_on=sent.review_on)
    await library.add_tool(ctx, sent.code, await library.checked(ctx, written))
    if sent.publish:
        await library.publish_tool(ctx, sent.code, 1)
    await _forget(ctx, id, "tool_proposal.approved")
    return Decided(sent.code)


async def decline(ctx: Context, id: UUID) -> Decided:
    """Forgets a proposal. Raises `ProposalUnknown`, `SamePerson`."""
    await _for_decision(ctx, id)
    await _forget(ctx, id, "tool_proposal.declined")
    return Decided("")


async def _for_decision(ctx: Context, id: UUID) -> ProposalRow:
    row = await proposals.find_proposal(ctx, id)
    if ctx.actor.kind != "staff" or row.proposed_by == ctx.actor.id:
        raise SamePerson
    return row


async def _forget(ctx: Context, id: UUID, verb: str) -> None:
    await audit.record(ctx, verb, subject=(SUBJECT, id), doing=[FORGET.of(which=id)])


def _as_written(posted: ProposalPosted, language: str) -> ToolWritten:
    return ToolWritten(
        title={language: posted.title}, summary={language: posted.summary}, text={language: posted.text},
        themes=posted.themes, audiences=posted.audiences,
    )  # fmt: skip

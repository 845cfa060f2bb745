"""Queries for one referral, the only way to it. That it was shown is written into the trail."""

from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import asdict
from sqlalchemy import bindparam, func, literal_column, select

from spheres_core.audit import operations as audit
from spheres_core.extra_questions import queries as extra_questions
from spheres_core.facts import Message, ReferralFacts, Words
from spheres_core.forms import queries as forms
from spheres_core.forms.schemas import Form
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.queries import directory_rows, partners
from spheres_core.referrals import coded_answers, duplicates
from spheres_core.referrals.models import Referral, ReferralMark, ReferralMove
from spheres_core.referrals.queries import attachments as attachment_queries
from spheres_core.referrals.queries import questions as question_queries
from spheres_core.referrals.references import reference_of
from spheres_core.referrals.schemas import (
    LikelyDuplicate,
    OpinionRead,
    PartnerSuggestion,
    ProposedContact,
    ReferralRead,
    ReferralRow,
    StoredOpinion,
    StoredTransition,
    Transition,
)
from spheres_core.referrals.states import steps

referrals = table(Referral)
moves = table(ReferralMove)
marks = table(ReferralMark)
_others = marks.alias("others")
_same = referrals.alias("same")


ONE = prepare(
    select(*(referrals.c[name] for name in ReferralRow.__struct_fields__)).where(
        scoped(referrals), referrals.c.id == bindparam("id")
    ),
    into=ReferralRow,
)
HISTORY = prepare(
    select(*(moves.c[name] for name in StoredTransition.__struct_fields__ if name != "duplicate_of"), _same.c.id)
    .select_from(
        moves.outerjoin(_same, (_same.c.tenant_id == moves.c.tenant_id) & (_same.c.id == moves.c.duplicate_of))
    )
    .where(scoped(moves), moves.c.referral_id == bindparam("id"))
    .order_by(moves.c.id),
    into=StoredTransition,
)
ALIKE = prepare(
    select(referrals.c.id, referrals.c.state, referrals.c.received_on, func.array_agg(_others.c.kind.distinct()))
    .select_from(
        marks.join(
            _others,
            (marks.c.tenant_id == _others.c.tenant_id)
            & (marks.c.kind == _others.c.kind)
            & (marks.c.mark == _others.c.mark)
            & (marks.c.referral_id != _others.c.referral_id),
        ).join(
            referrals,
            (referrals.c.tenant_id == _others.c.tenant_id) & (referrals.c.id == _others.c.referral_id),
        )
    )
    .where(
        scoped(marks),
        scoped(referrals),
        marks.c.referral_id == bindparam("id"),
        marks.c.kind.in_([literal_column(f"'{kind}'") for kind in duplicates.ALIKE]),
    )
    .group_by(referrals.c.id, referrals.c.state, referrals.c.received_on)
    .order_by(referrals.c.id.desc()),
    into=LikelyDuplicate,
)


_ANSWERS = msgspec.json.Decoder(dict[str, Any])
_AS_STORED = tuple(
    name
    for name in ReferralRead.__struct_fields__
    if name in ReferralRow.__struct_fields__ and name not in ("answers", "opinions")
)
"""Columns that are shown as they are stored."""


class ReferralUnknown(NotFound):
    """No such referral here."""


async def row(ctx: Context, id: UUID) -> ReferralRow:
    """Returns a referral's row, for operations of this room. Raises `ReferralUnknown`."""
    found = await ctx.db.one_or_none(ONE, id=id)
    if found is None:
        raise ReferralUnknown
    return found


async def referral(ctx: Context, id: UUID, *, plain: bool = False) -> ReferralRead:
    """Returns one referral with its answers, history and next steps. The reading is written in the trail.

    `plain`: for readers who need not know in which language each text is.
    """
    rows, history, asked, files, alike, directory = await audit.record_reading(
        ctx,
        "referral.read",
        ONE.of(id=id),
        HISTORY.of(id=id),
        question_queries.OF_ONE.of(id=id),
        attachment_queries.OF_ONE.of(id=id),
        ALIKE.of(id=id),
        directory_rows.FACTS_ON.of(on=ctx.today),
        subject=("referral", id),
    )
    if not rows:
        raise ReferralUnknown  # the refusal takes the entry back
    found: ReferralRow = rows[0]
    return ReferralRead(
        answers=open_answers(ctx, found),
        steps=steps(found.state, contacted=found.first_contact_at is not None),
        history=[_opened(ctx, move) for move in history],
        questions=[question_queries.opened(ctx, each) for each in asked],
        attachments=[attachment_queries.opened(ctx, each) for each in files],
        reference=reference_of(found.id),
        likely_duplicates=alike,
        **await _ask_now(ctx, found, partners.facts_from_stored(directory[0], on=ctx.today), plain=plain),
        opinions=[opinion_in_words(ctx, opinion, plain=plain) for opinion in found.opinions],
        **{name: getattr(found, name) for name in _AS_STORED},
    )


async def asked_form(ctx: Context, found: ReferralRead) -> Form:
    """Returns the form version that the answers were given to."""
    return await forms.version(ctx, found.form, found.form_version)


def open_answers(ctx: Context, found: ReferralRow) -> dict[str, Any]:
    """Returns the answers, unsealed."""
    return _ANSWERS.decode(ctx.keys.open("referrals", found.id, "answers", found.answers))


def facts_of(found: ReferralRow) -> ReferralFacts:
    """Returns a stored referral as hooks see it that are told of it, export or erase."""
    return coded_answers.facts_of(ReferralFacts, asdict(found))


async def facts_for_questions(ctx: Context, found: ReferralRow) -> ReferralFacts:
    """Returns a stored referral as hooks see it that are asked about it, with the meanings of extra answers on it."""
    meant = await extra_questions.meanings_on(ctx, "referral", found.id)
    return coded_answers.facts_of(ReferralFacts, asdict(found), meanings=meant.get(found.id, {}))


async def _ask_now(ctx: Context, found: ReferralRow, known: partners.DirectoryFacts, *, plain: bool) -> dict[str, Any]:
    """Asks the plugins who could make the first contact, how, and who did not answer.

    Without those that the region does not propose for a conflict of interest: no plugin is asked about them, and none
    can bring them back.
    """
    proposed = partners.without_conflicts(ctx, known, area=found.community)
    organizations = await partners.with_meanings(ctx, proposed, on=ctx.today)
    facts = await facts_for_questions(ctx, found)
    routing = await ctx.ask("suggest_routing", referral=facts, organizations=organizations)
    ways = await ctx.ask("propose_first_contact", referral=facts)
    names = {each.key: each.name for each in organizations}
    best = sorted((answer for _, answer in routing.answers), key=lambda each: (-each.weight, each.organization))

    def say(words: Message | Words) -> str:
        text = ctx.locale.say(words)
        return str(text) if plain else text

    return {
        "suggested_partners": [
            PartnerSuggestion(each.organization, say(names[each.organization]), say(each.reason))
            for each in best
            if each.organization in names
        ],
        "proposed_contacts": [
            ProposedContact(owner, each.code, say(each.title), say(each.reason)) for owner, each in ways.answers
        ],
        "unanswered": list(dict.fromkeys((*routing.missing, *ways.missing))),
    }  # fmt: skip


def _opened(ctx: Context, move: StoredTransition) -> Transition:
    reason = ctx.keys.open("referral_moves", move.id, "reason", move.reason).decode() if move.reason else None
    return Transition(
        move.from_state, move.to_state, move.at, move.actor_kind, move.actor_id, reason, move.duplicate_of
    )


def opinion_in_words(ctx: Context, opinion: StoredOpinion, *, plain: bool = False) -> OpinionRead:
    """Returns an opinion with its reason in the reader's language; `plain`: without saying which that is."""
    reason = opinion["reason"]
    text = ctx.locale.say(Message(**reason) if "msgid" in reason else reason)
    return OpinionRead(opinion["by"], opinion["outcome"], opinion["code"], str(text) if plain else text)

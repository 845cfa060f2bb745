"""Operations of a referrer: send a referral, look up its receipt, withdraw it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import LargeBinary, Text, Uuid, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from spheres_core.audit import operations as audit
from spheres_core.facts import Message, Opinion, Problem, SentReferral, msg
from spheres_core.forms import answers as answering
from spheres_core.forms import meanings as meaning
from spheres_core.forms import queries as forms
from spheres_core.forms.expressions import clock_at
from spheres_core.forms.operations.answer_checks import AnswersInvalid, check_answers, language_of
from spheres_core.forms.schemas import Form
from spheres_core.foundation.content.readable_codes import new_readable_code, normalize_readable_code
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import BoundStatement, prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.isolation import hook_calls
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals import coded_answers, duplicates, eligibility, receipts
from spheres_core.referrals.models import Referral, ReferralMark
from spheres_core.referrals.operations import attachments
from spheres_core.referrals.operations.transitions import write_transition
from spheres_core.referrals.queries import questions as question_queries
from spheres_core.referrals.schemas import AgeGuidance, Followed, ReceiptState, Received, ReferralPosted
from spheres_core.referrals.settings import Settings
from spheres_core.referrals.states import ENDED, INITIAL, WITHDRAWN

referrals = table(Referral)
marks = table(ReferralMark)

INSERT = prepare(insert(referrals))
MARK = prepare(
    insert(marks).from_select(
        ["tenant_id", "referral_id", "kind", "mark"],
        select(
            bindparam("tenant_id", type_=Uuid()),
            bindparam("referral", type_=Uuid()),
            func.unnest(bindparam("kinds", type_=ARRAY(Text()))),
            func.unnest(bindparam("values", type_=ARRAY(LargeBinary()))),
        ),
    )
)
BY_RECEIPT = prepare(
    select(*(referrals.c[name] for name in Followed.__struct_fields__)).where(
        scoped(referrals), referrals.c.receipt_mark == bindparam("mark")
    ),
    into=Followed,
)
BY_RECEIPT_LOCKED = prepare(
    select(*(referrals.c[name] for name in Followed.__struct_fields__))
    .where(scoped(referrals), referrals.c.receipt_mark == bindparam("mark"))
    .with_for_update(),
    into=Followed,
)
ASK_WITHDRAWAL = prepare(
    referrals.update()
    .where(scoped(referrals), referrals.c.id == bindparam("which"))
    .values(withdrawal_asked_at=func.coalesce(referrals.c.withdrawal_asked_at, bindparam("now")))
)


class ReceiptUnknown(NotFound):
    """No referral has this receipt, here."""

    code = "receipt_unknown"
    message = msg("No referral has this tracking code.")


async def receive_referral(ctx: Context, posted: ReferralPosted, *, form: Form | None = None) -> Received:
    """Stores a referral and gives its receipt. Nothing is stored when anything is wrong with it.

    `form`: the current version of `posted.form`, from a caller who has it at hand; it is looked up otherwise.
    Raises `AnswersInvalid`, `LanguageUnknown`, `FormOutdated`, and `FormUnknown` of the forms room.
    """
    language = language_of(ctx, posted.language)
    form = form or await forms.current(ctx, posted.form)
    checked = check_answers(ctx, form, posted.answers, language=language, version=posted.version)
    id = uuid7()
    values, claiming, wrong = await attachments.claim_attachments(ctx, form, id, checked.values)
    if wrong:
        raise AnswersInvalid(errors=wrong, language=language)
    meanings = meanings_of(form, checked.values)
    columns = _columns(ctx, id, form, language, meanings)
    facts = coded_answers.facts_of(
        SentReferral, columns, meanings={name: value for name, value in meanings.items() if ":" in name}
    )
    checked_by = await _check(ctx, facts, language)
    asked = await ctx.ask("assess_eligibility", referral=facts)
    receipt = new_readable_code()
    missing = tuple(dict.fromkeys((*asked.missing, *checked_by.missing)))
    columns["summary"] = ctx.keys.seal(
        "referrals", id, "summary", msgspec.json.encode(coded_answers.summary_of(meanings))
    )
    storing = _storing(ctx, columns, values, (*asked.answers, *checked_by.answers), missing, receipt)
    await audit.record(
        ctx, "referral.received", subject=("referral", id), details={"form": form.key},
        doing=[storing, _marking(ctx, id, meanings), *claiming],
    )  # fmt: skip
    guidance = age_guidance(ctx, columns, language)
    return Received(receipt, "received", tuple(checked.ignored), guidance)


GUIDANCE: Mapping[str, Message] = {
    "age_below": msg(
        "The program is for people aged {least} to {most}. If a child is in danger, call one of the emergency numbers"
        " now. You may still send this: someone reads it and gets back to you."
    ),
    "age_above": msg(
        "The program is for people aged {least} to {most}. Other services help at this age. You may still send this:"
        " someone reads it and gets back to you."
    ),
}
"""The advice for each side of the region's ages; nothing is refused for it."""


def age_guidance(ctx: Context, columns: Mapping[str, Any], language: str) -> AgeGuidance | None:
    """Returns what to say at once of an age outside the region's. `columns`: a referral's, by name."""
    settings = ctx.settings("referrals", Settings)
    low, high = columns["age"], columns["age"]
    if low is None:
        low, high = columns["age_least"], columns["age_most"]
    code = eligibility.outside_ages(low, high, settings) if low is not None and high is not None else None
    if code is None:
        return None
    locale = ctx.locales.locale(language)
    text = locale.say(GUIDANCE[code], least=settings.minimum_age, most=settings.maximum_age)
    return AgeGuidance(code, str(text), low)


async def guidance_before_sending(ctx: Context, form: Form, answers: Mapping[str, Any]) -> AgeGuidance | None:
    """Returns the same for answers that are not sent yet; None when something else stands against them."""
    checked = answering.check(
        form, answers, language=ctx.locale.tag, today=ctx.today, clock=clock_at(ctx.now.astimezone(ctx.zone))
    )
    if checked.problems:
        return None
    columns = coded_answers.columns_of(
        meanings_of(form, checked.values), received_on=ctx.today, settings=ctx.settings("referrals", Settings)
    )
    return age_guidance(ctx, columns, ctx.locale.tag)


def meanings_of(form: Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns checked answers by meaning. Whoever asks for herself knows of it, and asks to be contacted."""
    by_herself = {"knows": "yes", "agrees_to_contact": "yes"} if form.key == meaning.SELF_REFERRAL else {}
    return by_herself | meaning.meanings(form, values)


def _columns(ctx: Context, id: UUID, form: Form, language: str, meanings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": id,
        "state": INITIAL,
        "received_at": ctx.now,
        "form": form.key,
        "form_version": form.version,
        "language": language,
        **coded_answers.columns_of(meanings, received_on=ctx.today, settings=ctx.settings("referrals", Settings)),
    }


async def _check(ctx: Context, facts: SentReferral, language: str) -> hook_calls.HookAnswers:
    """Refuses what a safeguard stands against or could not look at; other plugins' problems go to staff as opinions."""
    asked = await ctx.ask("check_referral", referral=facts)
    guards = ctx.plugins.safeguards("check_referral")
    problems = [problem for owner, problem in asked.answers if owner in guards]
    problems += [
        Problem(msg("A safety check of this region could not be made. Please try again later."), code="safeguard")
        for owner in guards
        if owner in asked.missing or owner in ctx.plugins.left_out
    ]
    if problems:
        raise AnswersInvalid(errors=problems, language=language)
    warnings = [(owner, Opinion("a_person_decides", each.message, each.code)) for owner, each in asked.answers]
    return hook_calls.HookAnswers(tuple(warnings), asked.missing)


def _storing(
    ctx: Context,
    columns: Mapping[str, Any],
    values: Mapping[str, Any],
    opinions: tuple[tuple[str, Opinion], ...],
    missing: tuple[str, ...],
    receipt: str,
) -> BoundStatement[Any]:
    return INSERT.of(
        **columns,
        opinions=[
            {"by": owner, "outcome": each.outcome, "code": each.code, "reason": msgspec.to_builtins(each.reason)}
            for owner, each in opinions
        ],
        missing_opinions=list(missing),
        answer_arrived=False,
        answers=ctx.keys.seal("referrals", columns["id"], "answers", msgspec.json.encode(values)),
        receipt_mark=receipt_mark(ctx, receipt),
    )


def _marking(ctx: Context, id: UUID, meanings: Mapping[str, Any]) -> BoundStatement[Any]:
    found = duplicates.marks(ctx.keys, meanings)
    return MARK.of(referral=id, kinds=[kind for kind, _ in found], values=[mark for _, mark in found])


def receipt_mark(ctx: Context, receipt: str) -> bytes:
    """Returns the keyed hash under which a receipt is found; without the key file it cannot be guessed from a dump."""
    return ctx.keys.blind("receipt", normalize_readable_code(receipt))


async def look_up_receipt(ctx: Context, receipt: str) -> ReceiptState:
    """Returns what a receipt tells. Raises `ReceiptUnknown`."""
    found = await find_by_receipt(ctx, receipt)
    await audit.record(ctx, "receipt.looked_up", subject=("referral", found.id))
    return await _state_shown(ctx, found)


async def receipt_state(ctx: Context, receipt: str) -> ReceiptState:
    """Returns what a receipt tells after an act with it, which is in the trail already. Raises `ReceiptUnknown`."""
    return await _state_shown(ctx, await find_by_receipt(ctx, receipt))


async def find_by_receipt(ctx: Context, receipt: str, *, lock: bool = False) -> Followed:
    """Returns the referral of a receipt; `lock`: for a change. Raises `ReceiptUnknown`."""
    found = await ctx.db.one_or_none(BY_RECEIPT_LOCKED if lock else BY_RECEIPT, mark=receipt_mark(ctx, receipt))
    if found is None:
        raise ReceiptUnknown
    return found


async def withdraw_by_receipt(ctx: Context, receipt: str) -> ReceiptState:
    """Withdraws a referral for its referrer. Done while no contact was made; later it is noted for the coordinator.

    The answer is the same either way, now and later: it must not tell whether she was reached. Raises `ReceiptUnknown`.
    """
    found = await find_by_receipt(ctx, receipt, lock=True)
    if found.state not in ENDED:
        await ctx.db.run(ASK_WITHDRAWAL, which=found.id, now=ctx.now)
        if found.first_contact_at is None:
            await write_transition(ctx, found.id, found.state, WITHDRAWN)
        else:
            await audit.record(ctx, "referral.withdrawal_asked", subject=("referral", found.id))
        found = msgspec.structs.replace(
            found, state=WITHDRAWN, withdrawal_asked_at=found.withdrawal_asked_at or ctx.now
        )
    return await _state_shown(ctx, found)


async def _state_shown(ctx: Context, found: Followed) -> ReceiptState:
    delay = dt.timedelta(days=ctx.settings("referrals", Settings).receipt_closes_after_days)
    shown = receipts.state_shown(found.state, found.ended_at, found.withdrawal_asked_at, ctx.now, delay)
    return ReceiptState(
        shown,
        self_referral=found.form == meaning.SELF_REFERRAL,
        questions=await question_queries.open_questions(ctx, found),
    )

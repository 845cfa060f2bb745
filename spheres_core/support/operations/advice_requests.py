"""Operations of who asks: send a request, say how equipped one feels now, begin a referral from it, close it."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.facts import msg
from spheres_core.forms import meanings as meaning
from spheres_core.forms import queries as forms
from spheres_core.forms.operations.answer_checks import check_answers, language_of
from spheres_core.forms.schemas import Form
from spheres_core.foundation.content.readable_codes import new_readable_code
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict
from spheres_core.foundation.tenancy.context import Context
from spheres_core.support import reuse
from spheres_core.support.models import AdviceRequest
from spheres_core.support.operations.closed_requests import CLOSE
from spheres_core.support.operations.word_checks import find_places, require_confirmed
from spheres_core.support.queries import advice as queries
from spheres_core.support.queries.advice_form import advice_form
from spheres_core.support.schemas.advice import (
    CLOSED,
    RECEIVED,
    REFERRAL_DRAFTED,
    AdvicePosted,
    AdviceRead,
    AdviceReceived,
    AdviceWords,
    ReferralDrafted,
)

requests = table(AdviceRequest)
OF_WHO_ASKS = "referrer_"
"""Meanings that begin so are about who asks: there a name or a number identifies no young person."""
INSERT = prepare(insert(requests))
EQUIP = prepare(
    requests.update()
    .where(scoped(requests), requests.c.id == bindparam("which"))
    .values(equipped_after=bindparam("equipped"), version=requests.c.version + 1)
)
DRAFT_REFERRAL = prepare(
    requests.update()
    .where(scoped(requests), requests.c.id == bindparam("which"))
    .values(state=REFERRAL_DRAFTED, moved_at=bindparam("now"), version=requests.c.version + 1)
)


class AdviceClosed(Conflict):
    """The request is closed, and what was typed is gone."""

    code = "advice_closed"
    message = msg("This request is closed: what was typed has been deleted.")


async def send_advice(ctx: Context, posted: AdvicePosted, *, form: Form | None = None) -> AdviceReceived:
    """Stores a request and gives its tracking code. Nothing is stored when anything is wrong with it.

    Raises `AnswersInvalid`, `LanguageUnknown`, `FormOutdated`, `IdentifiersFound`.
    """
    language = language_of(ctx, posted.language)
    form = form or await advice_form(ctx)
    checked = check_answers(ctx, form, posted.answers, language=language, version=posted.version)
    places = await find_places(ctx, _about_others(form, checked.values))
    require_confirmed(places, confirmed=posted.confirmed, language=language)
    id, receipt = uuid7(), new_readable_code()
    words = msgspec.json.encode(AdviceWords(form, checked.values))
    storing = INSERT.of(
        id=id,
        state=RECEIVED,
        language=language,
        received_at=ctx.now,
        moved_at=ctx.now,
        assignee_id=None,
        answered_at=None,
        answered_how=None,
        equipped_before=meaning.meanings(form, checked.values).get("equipped"),
        equipped_after=None,
        confirmed=bool(places),
        answers=ctx.keys.seal("advice_requests", id, "answers", words),
        reply=None,
        tools=[],
        receipt_mark=queries.receipt_mark(ctx, receipt),
        version=1,
    )
    await audit.record(ctx, "advice.received", subject=("advice", id), doing=[storing])
    return AdviceReceived(receipt)


def _about_others(form: Form, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yields the typed answers with their paths, but for those about who asks, in the form's order."""
    own = {each.path for each in form.walk() if each.meaning.startswith(OF_WHO_ASKS)}
    typed = {each.path for each in form.walk() if each.kind == "text"}
    for path, text in texts_in(values):
        if (plain := reuse.without_numbers(path)) in typed and plain not in own:
            yield path, text


def texts_in(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Yields each text of a set of answers with its path, as problems name it."""
    for name, value in values.items():
        path = f"{above}{name}"
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, dict):
            yield from texts_in(value, f"{path}.")
        elif isinstance(value, list):
            for number, entry in enumerate(value):
                if isinstance(entry, dict):
                    yield from texts_in(entry, f"{path}[{number}].")


async def say_equipped(ctx: Context, receipt: str, equipped: int) -> AdviceRead:
    """Notes how equipped who asked feels after the answer. Raises `AdviceReceiptUnknown`, `AdviceClosed`."""
    found = await _open_request(ctx, receipt)
    await ctx.db.run(EQUIP, which=found.id, equipped=equipped)
    await audit.record(ctx, "advice.rated", subject=("advice", found.id))
    return await queries.shown_to_requester(ctx, await queries.find_advice(ctx, found.id))


async def close_by_receipt(ctx: Context, receipt: str) -> AdviceRead:
    """Closes a request for who asked, and deletes its words. Raises `AdviceReceiptUnknown`, `AdviceClosed`."""
    found = await _open_request(ctx, receipt)
    await _close(ctx, found.id)
    return await queries.shown_to_requester(ctx, await queries.find_advice(ctx, found.id))


async def draft_referral(ctx: Context, receipt: str) -> ReferralDrafted:
    """Returns what the region's referral form may begin with, and notes that a referral was begun.

    Nothing of it is sent: who asked completes the form, with the young person, and sends it. Raises
    `AdviceReceiptUnknown`, `AdviceClosed`, and `FormUnknown` of the forms room where the region takes no referrals.
    """
    found = await _open_request(ctx, receipt)
    referral = await forms.current(ctx, meaning.REFERRAL)
    words = queries.words_of(ctx, found)
    if words is None:
        raise AdviceClosed
    if found.state != REFERRAL_DRAFTED:
        await ctx.db.run(DRAFT_REFERRAL, which=found.id, now=ctx.now)
    await audit.record(ctx, "advice.referral_drafted", subject=("advice", found.id))
    return ReferralDrafted(reuse.reusable_answers(referral, meaning.meanings(words.form, words.values)))


async def _open_request(ctx: Context, receipt: str) -> queries.AdviceRow:
    found = await queries.find_by_receipt(ctx, receipt, lock=True)
    if found.state == CLOSED:
        raise AdviceClosed
    return found


async def _close(ctx: Context, id: UUID) -> None:
    await audit.record(ctx, "advice.closed", subject=("advice", id), doing=[CLOSE.of(which=id, now=ctx.now)])

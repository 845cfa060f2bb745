"""Handing files over, on pages: what waits for an answer, and what would go along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args
from uuid import UUID

from msgspec import Struct

from spheres_core.facts import Problem, msg
from spheres_core.followups.operations.assignments import WorkerInvalid
from spheres_core.followups.operations.hand_overs import NothingToHandOver
from spheres_core.followups.permissions import FOLLOW
from spheres_core.followups.queries import hand_overs as queries
from spheres_core.followups.schemas.hand_overs import Carried, HandOver, HandOverPosted, HerAnswer
from spheres_core.followups.states import STATES
from spheres_core.followups.views.accompaniment_pages import label_of
from spheres_core.followups.views.confirmations import say_done
from spheres_core.followups.views.wording import HER_ANSWERS, KINDS, PARTS, names_of, options
from spheres_core.followups.views.workers import workers
from spheres_core.followups.vulnerable_dates import KINDS as DATE_KINDS
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post


class OfferOnPage(Struct, frozen=True):
    """A file that is offered, with what goes along."""

    id: UUID
    code: str
    part: Text
    other: str
    """The name of the worker at the other side."""
    word: str
    her_answer: Text | None
    told: bool
    carried: list[Text]


async def hand_overs_page(ctx: Context, *, done: str = "", refusal: Refusal | None = None) -> dict[str, Any]:
    """Returns what `followups/hand_overs.html` shows. `refusal`: why an answer was not taken."""
    found = (await queries.list_hand_overs(ctx)).hand_overs
    names = await names_of(ctx, [id for each in found for id in (each.from_staff, each.to_staff)])
    mine = [each for each in found if each.to_staff == ctx.actor.id]
    given = [each for each in found if each.to_staff != ctx.actor.id]
    return {
        "title": ctx.locale.say(msg("Handing over")),
        "done": say_done(ctx, done),
        "problem": ctx.locale.say(refusal.message) if refusal else None,
        "to_me": [_on_page(ctx, each, names.get(each.from_staff, "") if each.from_staff else "") for each in mine],
        "from_me": [_on_page(ctx, each, names.get(each.to_staff, "")) for each in given],
        "answers": options(ctx, HER_ANSWERS),
        "may_offer": ctx.may(FOLLOW),
    }


async def offer_page(
    ctx: Context, *, chosen: str = "", sent: Post | None = None, refusal: Refusal | None = None
) -> dict[str, Any]:
    """Returns what `followups/offer_files.html` shows. `chosen`: the only file that is ticked; all when empty."""
    preview = await queries.preview(ctx, "pivot")
    names = await names_of(ctx, [each.offered_to for each in preview.files])
    ticked = set(sent.every("participants")) if sent is not None else {chosen} if chosen else None
    return {
        "title": ctx.locale.say(msg("Hand files over")),
        "files": [
            {
                "code": each.participant,
                "state": ctx.locale.say(STATES[each.state]),
                "carried": carried_lines(ctx, each.carried),
                "offered_to": names.get(each.offered_to, "") if each.offered_to else "",
                "ticked": each.offered_to is None and (ticked is None or each.participant in ticked),
            }
            for each in preview.files
        ],
        "workers": [(id, name) for id, name in await workers(ctx) if id != str(ctx.actor.id)],
        "answers": options(ctx, {k: v for k, v in HER_ANSWERS.items() if k != "refuses"}, msg("She will be told")),
        "posted": sent,
        "problems": _problems(refusal),
    }


def offer_posted(sent: Post) -> HandOverPosted:
    """Returns an offer as it was sent. Raises `WorkerInvalid` with the problem at its field."""
    answer: HerAnswer | None = sent["her_answer"] if sent["her_answer"] in get_args(HerAnswer) else None  # type: ignore[assignment]
    try:
        to = UUID(sent["to"])
    except ValueError:
        raise WorkerInvalid(errors=[Problem(msg("Choose who may take them over."), path="to")]) from None
    if not sent.every("participants"):
        raise NothingToHandOver(errors=[Problem(NothingToHandOver.message, path="participants")])
    return HandOverPosted(to, sent.every("participants"), word=sent["word"].strip(), her_answer=answer)


def carried_lines(ctx: Context, carried: Carried) -> list[Text]:
    """Returns what goes along with a file, one line for each."""
    say = ctx.locale.say
    promised = [
        say(
            msg(
                "Promised: {kind}, {moment}", kind=say(KINDS[each.kind]), moment=ctx.locale.time(each.at, zone=ctx.zone)
            )
        )
        for each in carried.promised
    ]
    dates = [
        say(msg("{date}: {day}", date=say(DATE_KINDS[each.kind]), day=ctx.locale.date(each.on)))
        for each in carried.dates
    ]
    begun = [say(msg("Begun and not sent: {n}", n=carried.drafts))] if carried.drafts else []
    going_along = [
        say(
            msg(
                "Promised: {kind}, {moment}",
                kind=label_of(ctx, each.kind),
                moment=ctx.locale.time(each.at, zone=ctx.zone),
            )
        )
        for each in carried.accompaniments
    ]
    return [*promised, *going_along, *dates, *begun]


def _on_page(ctx: Context, each: HandOver, other: str) -> OfferOnPage:
    told = ctx.locale.say(HER_ANSWERS[each.her_answer]) if each.her_answer else None
    return OfferOnPage(
        each.id, each.participant, ctx.locale.say(PARTS[each.part]), other, each.word, told,
        each.her_answer is not None, carried_lines(ctx, each.carried),
    )  # fmt: skip


def _problems(refusal: Refusal | None) -> Mapping[str, Any]:
    if refusal is None:
        return {}
    found = {each.path: each.message for each in refusal.errors if each.path in ("to", "participants")}
    return found or {"page": refusal.message}

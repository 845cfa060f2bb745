"""Invitations on pages of her file: the list with the form to ask her along, and one as it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from spheres_core.activities.queries import invitations as queries
from spheres_core.activities.queries import kept_apart
from spheres_core.activities.queries import outings as outing_queries
from spheres_core.activities.queries.outings import CLASS
from spheres_core.activities.queries.proposals import HOOK, Proposals, proposed_activities
from spheres_core.activities.schemas.invitations import (
    OutingInvitation,
    OutingInvitationChanged,
    OutingInvitationPosted,
)
from spheres_core.activities.views.wording import ANSWERS, WAYS, answer_tag, name_of
from spheres_core.consents.schemas import TEAM
from spheres_core.facts import msg
from spheres_core.foundation.errors import ChangedMeanwhile, Refusal
from spheres_core.foundation.languages.localization import Text, clock_text
from spheres_core.foundation.plugins.registrations import DayLine, SummaryLine
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page
from spheres_core.foundation.web.posts import Post
from spheres_core.participants.permissions import RECORD_CONSENTS
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.partners.queries.catalogue import listed
from spheres_core.plans.queries.needs import list_needs
from spheres_core.plans.queries.together import is_shared
from spheres_core.plans.views.form_fields import (
    SEEN_BY,
    FormField,
    filled,
    label_of,
    read_form,
    refused,
    unanswered,
)

MOST_OFFERED: Final = 30
"""Outings to come among which the form lets one choose."""
ON_OVERVIEW: Final = 3
PLAN_CLASS: Final = "needs_and_plan"


class InvitationShown(Struct, frozen=True):
    """Something that she was asked to."""

    id: UUID
    name: Text | str
    at: dt.datetime
    place: str
    answer: dict[str, str]
    expects: str
    felt: str


async def read_for_file(ctx: Context, access: ParticipantAccess) -> Page[OutingInvitation]:
    """Returns the last of what she was asked to."""
    return await queries.list_invitations(ctx, access)


async def summarize(ctx: Context, access: ParticipantAccess) -> list[SummaryLine]:
    """Returns what she was last asked to, for the overview of her file, without words."""
    page = await queries.list_invitations(ctx, access)
    return [
        SummaryLine(
            ctx.locale.say(
                msg(
                    "{activity}: {answer}", activity=name_of(ctx, each.activity),
                    answer=answer_tag(ctx, each.answer, each.attendance)["label"],
                )
            ),
            ctx.locale.time(each.at, zone=ctx.zone), page="participant_activities",
        )
        for each in page.items[:ON_OVERVIEW]
    ]  # fmt: skip


async def day_lines(ctx: Context, rows: Sequence[Any]) -> Sequence[DayLine]:
    """Returns outings of those whom the actor follows: of the next days, and those to ask her about."""
    return [
        DayLine(
            each.participant,
            str(
                ctx.locale.say(
                    msg("{activity}, {moment}", activity=name_of(ctx, each.activity),
                        moment=clock_text(each.at.astimezone(ctx.zone).time(), ctx.locale.short))
                    if each.at > ctx.now
                    else msg("{activity}: how was it?", activity=name_of(ctx, each.activity))
                )
            ),
            "participant_activity", {"id": each.id}, on=each.at.astimezone(ctx.zone).date(),
        )
        for each in queries.waiting(ctx, rows)
    ]  # fmt: skip


async def list_page(
    ctx: Context, access: ParticipantAccess, *, cursor: str = "", sent: Post | None = None,
    refusal: Refusal | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Returns what `activities/hers.html` shows. `refusal`: why what was `sent` was not kept."""
    page = await queries.list_invitations(ctx, access, cursor=cursor)
    writes = reaches(ctx, access, CLASS, act="write")
    fields = await _invitation_fields(ctx, access) if writes else []
    proposed = await proposed_activities(ctx, access) if writes and not cursor else Proposals()
    keeps = ctx.may(RECORD_CONSENTS) and access.decided.recipient == TEAM
    keeps = keeps and reaches(ctx, access, "participation", act="write")
    pairs = (await kept_apart.list_kept_apart(ctx, access)).items if keeps else []
    other = FormField("line", "participant", ctx.locale.say(msg("The other one’s code")))
    return {
        "title": ctx.locale.say(msg("Activities")),
        "invitations": [_shown(ctx, each) for each in page.items],
        "next_url": f"?cursor={page.next}" if page.next else "",
        "back_url": "?" if cursor else "",
        "may_write": writes,
        "may_share": is_shared(access),
        "fields": fields,
        "proposed": [
            (name_of(ctx, each.activity), [ctx.locale.say(reason) for reason in each.reasons])
            for each in proposed.items
        ],
        "unanswered": unanswered(ctx, proposed.missing, HOOK),
        "keeps_her_words": reaches(ctx, access, "own_words", act="write"),
        "keeps_apart": keeps,
        "other": other,
        "pairs": [{"id": e.id, "code": e.participant, "shared": bool(e.shared)} for e in pairs],
    } | refused(ctx, sent, refusal, [*fields, other])


async def one_page(
    ctx: Context, access: ParticipantAccess, id: UUID, *, began_at: int | None = None, answering: Post | None = None,
    finding: Post | None = None, refusal: Refusal | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Returns what `activities/hers_one.html` shows. `refusal`: why what was sent in one of its forms was not kept."""
    found = await queries.read_invitation(ctx, access, id)
    day = found.at.astimezone(ctx.zone).date()
    writes = reaches(ctx, access, CLASS, act="write", on=day)
    of_answer = filled(await _answer_fields(ctx, access, found), answering) if writes else []
    plans = writes and found.strength is None and reaches(ctx, access, PLAN_CLASS, act="write")
    of_found = filled(_found_fields(ctx), finding) if plans else []
    sent = answering or finding
    changed = isinstance(refusal, ChangedMeanwhile) or began_at not in (None, found.version)
    shown = refused(ctx, sent, refusal, [*of_answer, *of_found])
    need = await _need_named(ctx, access, found.need)
    return shown | {
        "title": name_of(ctx, found.activity),
        "id": id,
        "version": found.version,
        "each": _shown(ctx, found),
        "facts": [
            {"label": ctx.locale.say(label), "value": value}
            for label, value in (
                (msg("When"), ctx.locale.time(found.at, zone=ctx.zone)),
                (msg("Where one meets"), found.place),
                (msg("How she was asked"), ctx.locale.say(WAYS[found.how])),
                (msg("For which need"), need),
            )
            if value
        ],
        "posted": None,
        "theirs": _sides(ctx, found) if changed else None,
        "of_answer": of_answer,
        "of_found": of_found,
        "found_already": found.strength is not None,
        "keeps_her_words": reaches(ctx, access, "own_words", act="write", on=day),
    }


def invitation_posted(sent: Post) -> OutingInvitationPosted:
    """Returns what the form says. Raises `FormInvalid`."""
    values = {name: sent[name] or None for name in ("outing", "how", "answer", "need", "expects")}
    return read_form(OutingInvitationPosted, values)


def invitation_changed(sent: Post) -> OutingInvitationChanged:
    """Returns what the form says. Raises `FormInvalid`."""
    values = {name: sent[name].replace("\r\n", "\n") or None for name in ("answer", "need", "expects", "felt")}
    return read_form(OutingInvitationChanged, values | {"version": sent.version()})


async def _invitation_fields(ctx: Context, access: ParticipantAccess) -> list[FormField]:
    say = ctx.locale.say
    offered = [
        (
            str(each.id),
            say(msg("{activity}, {moment}", activity=name_of(ctx, each.activity),
                    moment=ctx.locale.time(each.at, zone=ctx.zone))),
        )
        for each in await outing_queries.outings_to_come(ctx, most=MOST_OFFERED)
    ]  # fmt: skip
    return [
        FormField("choose", "outing", say(msg("Activity")), options=[("", say(msg("Choose one"))), *offered]),
        FormField("pick", "how", say(msg("How she was asked")), options=ctx.locale.options(WAYS)),
        FormField("pick", "answer", say(msg("What she says")), options=ctx.locale.options(ANSWERS)),
        *await _need_field(ctx, access, None),
        *_words_fields(ctx, access, "", None, felt=False),
    ]


async def _answer_fields(ctx: Context, access: ParticipantAccess, found: OutingInvitation) -> list[FormField]:
    say = ctx.locale.say
    return [
        FormField("pick", "answer", say(msg("Her answer")), found.answer, options=ctx.locale.options(ANSWERS)),
        *await _need_field(ctx, access, found.need),
        *_words_fields(ctx, access, found.expects or "", found.felt, felt=found.at <= ctx.now),
    ]


def _words_fields(
    ctx: Context, access: ParticipantAccess, expects: str, felt_words: str | None, *, felt: bool
) -> list[FormField]:
    if not reaches(ctx, access, "own_words", act="write"):
        return []
    say = ctx.locale.say
    hint = say(msg("As she said it. She may leave it open."))
    fields = [FormField("area", "expects", say(msg("How she expects it, in her words")), expects, hint)]
    if felt:
        fields.append(FormField("area", "felt", say(msg("How it felt, in her words")), felt_words or "", hint))
    return fields


def _found_fields(ctx: Context) -> list[FormField]:
    say = ctx.locale.say
    return [
        FormField("area", "what", say(msg("A strength or an interest that she found there")), "",
                  say(msg("It stands among her strengths, and is not written twice."))),
        FormField("pick", "identified_by", say(msg("Who sees it")), options=ctx.locale.options(SEEN_BY)),
    ]  # fmt: skip


async def _need_field(ctx: Context, access: ParticipantAccess, kept: UUID | None) -> list[FormField]:
    """Returns the field for the need of her plan that it answers; none where the plan is not open to the reader."""
    if not reaches(ctx, access, PLAN_CLASS):
        return []
    known = listed(ctx, "needs")
    needs = [each for each in (await list_needs(ctx, access)).items if each.state == "open" or each.id == kept]
    if not needs:
        return []
    options = [(str(each.id), label_of(ctx, known, each.need)) for each in needs]
    unsaid = ("", ctx.locale.say(msg("For none in particular")))
    label = ctx.locale.say(msg("For which need of hers"))
    return [FormField("choose", "need", label, str(kept or ""), options=[unsaid, *options])]  # type: ignore[list-item]


async def _need_named(ctx: Context, access: ParticipantAccess, need: UUID | None) -> Text | str:
    if need is None:
        return ""
    found = [each.need for each in (await list_needs(ctx, access)).items if each.id == need]
    return label_of(ctx, listed(ctx, "needs"), found[0]) if found else ""


def _shown(ctx: Context, each: OutingInvitation) -> InvitationShown:
    answer = answer_tag(ctx, each.answer, each.attendance)
    if each.state == "called_off":
        answer = {"tone": "ended", "label": ctx.locale.say(msg("It was called off"))}
    return InvitationShown(
        each.id, name_of(ctx, each.activity), each.at, each.place, answer, each.expects or "", each.felt or ""
    )


def _sides(ctx: Context, found: OutingInvitation) -> list[dict[str, Any]]:
    said = (
        (msg("What she says"), ctx.locale.say(ANSWERS[found.answer])),
        (msg("How she expects it, in her words"), found.expects),
        (msg("How it felt, in her words"), found.felt),
    )
    return [{"label": ctx.locale.say(label), "value": value} for label, value in said if value]

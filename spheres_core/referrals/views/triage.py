"""View of one referral for a coordinator, with needs and strengths before all else."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from spheres_core.extra_questions import views as extra_questions
from spheres_core.facts import Message, msg
from spheres_core.forms.meanings import SELF_REFERRAL
from spheres_core.forms.schemas import Form
from spheres_core.forms.views.readable_answers import ReadableRow, readable_rows
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy import unavailable_parts
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals.operations import assignment
from spheres_core.referrals.queries import record_kinds
from spheres_core.referrals.queries import referral as referral_queries
from spheres_core.referrals.references import reference_of
from spheres_core.referrals.schemas import LONGEST_QUESTION, ReferralRead
from spheres_core.referrals.states import ASKED, DUPLICATE, INITIAL, LOOKED_AT, NEEDS_REASON, STATES, step_title
from spheres_core.referrals.views import contact_links
from spheres_core.referrals.views.attachments import said_files
from spheres_core.referrals.views.confirmations import say_done
from spheres_core.referrals.views.wording import (
    AGREES,
    ALIKE,
    KNOWS,
    say_age,
    say_choice,
    say_code,
    say_opinion,
    say_owner,
    say_state,
)
from spheres_core.staff.queries import members as member_queries

NOTHING_SENT: Final[Mapping[str, str]] = {"reason": "", "question": ""}
SAFE_CONTACT_MEANINGS = (
    "participant_name",
    "safe_contact_how",
    "participant_phone",
    "participant_email",
    "safe_contact",
    "safe_contact_when",
)
"""Meanings that say how the young person can be reached, in the order in which a worker asks."""
KEEP_AWAY = ("keep_away", "keep_away_who")
"""Meanings that say who should stay out of it: they stand before all else."""
ACTORS: dict[str, Message] = {
    "anonymous": msg("Referrer"),
    "token": msg("Another system"),
    "system": msg("The system"),
}
STRENGTH = "strength"
"""Meanings of a region's own that end so are shown beside the needs."""


async def referral_page(
    ctx: Context, id: UUID, *, done: str = "", refusal: Refusal | None = None, sent: Mapping[str, str] = NOTHING_SENT
) -> dict[str, Any]:
    """Returns what `referrals/referral.html` shows. `refusal`: why an act was not done, with what was `sent`."""
    found = await referral_queries.referral(ctx, id)
    form = await referral_queries.asked_form(ctx, found)
    said = said_files(ctx.locale, found.attachments)
    rows = readable_rows(form, found.answers, ctx.locale.tag, said)
    links = contact_links.links_of(form, found, rows)
    team = await member_queries.list_members(ctx)
    names = {each.id: each.name for each in team}
    return {
        "title": ctx.locale.say("Referral {reference}", reference=found.reference),
        "done": say_done(ctx, done),
        "problems": _problems(ctx, refusal),
        "sent": sent,
        "referral": {
            "id": found.id,
            "own": found.form == SELF_REFERRAL,
            "received_at": found.received_at,
            "state": say_state(ctx, found.state),
            "form_label": ctx.locale.pick(form.title),
            "form_version": found.form_version,
            "language": ctx.locale.language_name(found.language),
            "assignee": names.get(found.assignee_id, "") if found.assignee_id else "",
            "answered": found.answer_arrived,
        },
        "assignees": [
            {"id": each.id, "name": each.name, "current": each.id == found.assignee_id}
            for each in assignment.who_may(ctx, team)
        ],
        "me": ctx.actor.id if ctx.actor.id != found.assignee_id else None,
        "needs": [say_choice(ctx, form, "need", need) for need in found.needs],
        "strengths": [text for row in rows if row.meaning.endswith(STRENGTH) for text in _said(ctx, found, row)],
        "keep_away": [_answer(ctx, found, row, links) for row in rows if row.meaning in KEEP_AWAY],
        "at_a_glance": _at_a_glance(ctx, form, found),
        "safe_contact": [
            _answer(ctx, found, row, links)
            for meaning in SAFE_CONTACT_MEANINGS
            for row in rows
            if row.meaning == meaning
        ],
        "cautions": _cautions(ctx, found),
        "sections": _sections(ctx, found, rows, links),
        "files": [
            {"id": each.id, "label": _label_of(ctx, form, each.question), "name": said[str(each.id)]}
            for each in found.attachments
        ],
        "questions": [
            {
                "asked_at": each.asked_at,
                "who": names.get(each.asked_by, "") if each.asked_by else "",
                "question": each.question,
                "answered_at": each.answered_at,
                "answer": each.answer,
            }
            for each in found.questions
        ],
        "may_ask": found.state in (INITIAL, LOOKED_AT, ASKED) and found.form != SELF_REFERRAL,
        "longest_question": LONGEST_QUESTION,
        "opinions": [say_opinion(ctx, each) for each in found.opinions],
        "missing_opinions": _failed(ctx, found.missing_opinions, "assess_eligibility", "check_referral"),
        "suggestions": found.suggested_partners,
        "ways": [
            {"title": each.title, "reason": each.reason, "by": say_owner(ctx, each.by)}
            for each in found.proposed_contacts
        ],
        "unanswered": _failed(ctx, found.unanswered, "suggest_routing", "propose_first_contact"),
        "duplicates": [
            {
                "id": each.id,
                "reference": reference_of(each.id),
                "received_on": each.received_on,
                "state": say_state(ctx, each.state),
                "matched": [ctx.locale.say(ALIKE[kind]) for kind in each.alike if kind in ALIKE],
            }
            for each in found.likely_duplicates
        ],
        "extra": await extra_questions.cards(ctx, record_kinds.REFERRAL, record_kinds.record_of(id)),
        "may_be_duplicate": DUPLICATE in found.steps,
        "history": _history(ctx, found, names),
        "steps": _steps(ctx, found),
        "acts": [
            {"title": ctx.locale.say(each.title), "page": each.page}
            for each in ctx.plugins.record_acts
            if each.kind == record_kinds.REFERRAL and found.state in each.states and ctx.may(each.permission)
        ],
    }


def _label_of(ctx: Context, form: Form, path: str) -> Text:
    question = form.question(path)
    return ctx.locale.pick(question.labels if question and question.labels else {"": path})


def _problems(ctx: Context, refusal: Refusal | None) -> dict[str, Text]:
    """Returns what stands against an act by the field it is about; `page` when it is about none."""
    if refusal is None:
        return {}
    path = refusal.errors[0].path if refusal.errors else ""
    place = path if path in ("reason", "question", "assignee") else "page"
    return {place: ctx.locale.say(refusal.message)}


def _steps(ctx: Context, found: ReferralRead) -> dict[str, list[dict[str, Any]]]:
    """Returns the steps that a button takes, and those that need a reason. A question is asked in its own form, and a
    duplicate is chosen from those that are proposed."""
    left_out = {ASKED} if found.form != SELF_REFERRAL else set()
    left_out |= {DUPLICATE} if found.likely_duplicates else set()
    steps = [
        {"code": to, "label": ctx.locale.say(step_title(found.state, to)), "reasoned": to in NEEDS_REASON}
        for to in found.steps
        if to not in left_out
    ]
    return {
        "plain": [each for each in steps if not each["reasoned"]],
        "reasoned": [each for each in steps if each["reasoned"]],
    }


def _failed(ctx: Context, owners: Iterable[str], *hooks: str) -> list[dict[str, Any]]:
    """Returns each owner that did not answer, with what its manifest says is missing then."""
    return [
        {"name": say_owner(ctx, each), "stops": unavailable_parts.failure_texts(ctx, each, *hooks)} for each in owners
    ]


def _at_a_glance(ctx: Context, form: Form, found: ReferralRead) -> list[dict[str, Any]]:
    told = (
        (msg("Age"), say_age(ctx, found.age, found.age_least, found.age_most)),
        (msg("Language"), say_choice(ctx, form, "language", found.preferred_language)),
        (msg("Where"), say_choice(ctx, form, "community", found.community)),
        (msg("Knows"), say_code(ctx, KNOWS, found.knows)),
        (msg("Agreement"), say_code(ctx, AGREES, found.agrees_to_contact)),
    )
    return [{"label": ctx.locale.say(label), "value": value} for label, value in told]


def _cautions(ctx: Context, found: ReferralRead) -> list[Text]:
    told: list[Text] = []
    if found.agrees_to_contact != "yes" and found.first_contact_at is None:
        told.append(ctx.locale.say("No agreement to be contacted so far: speak with the referrer first."))
    if found.withdrawal_asked_at is not None:
        told.append(
            ctx.locale.say("The young person took the request back, or asked to stop after contact had been made.")
            if found.form == SELF_REFERRAL
            else ctx.locale.say("The referrer asked to withdraw it after contact had been made, or withdrew it.")
        )
    return told


def _sections(
    ctx: Context, found: ReferralRead, rows: Iterable[ReadableRow], links: Mapping[str, str]
) -> list[dict[str, Any]]:
    sections: list[dict[str, Any]] = [{"title": None, "answers": []}]
    for row in rows:
        if row.heading:
            sections.append({"title": ctx.locale.pick(row.label), "answers": []})
        else:
            sections[-1]["answers"].append(_answer(ctx, found, row, links))
    return [each for each in sections if each["answers"]]


def _answer(ctx: Context, found: ReferralRead, row: ReadableRow, links: Mapping[str, str]) -> dict[str, Any]:
    value = ctx.locale.joined(_said(ctx, found, row), ", ") or None
    return {"label": ctx.locale.pick(row.label), "value": value, "href": links.get(row.path)}


def _said(ctx: Context, found: ReferralRead, row: ReadableRow) -> list[Text]:
    """Returns an answer in words. Free text is in the language the form was answered in; choices speak the reader's."""
    written = ctx.plugins.languages[found.language]
    return [Text(each, written) if isinstance(each, str) else ctx.locale.say(each) for each in row.shown]


def _history(ctx: Context, found: ReferralRead, names: Mapping[UUID, str]) -> list[dict[str, Any]]:
    """Returns the moves of a referral, newest first, its receipt last."""
    steps = [
        {
            "at": move.at,
            "who": _who(ctx, found, move.actor_kind, names.get(move.actor_id, "") if move.actor_id else ""),
            "text": ctx.locale.say(STATES[move.to_state].title),
            "reason": move.reason,
            "same": {"id": move.duplicate_of, "reference": reference_of(move.duplicate_of)}
            if move.duplicate_of
            else None,
        }
        for move in found.history
    ]
    received = ctx.locale.say("The referral was received")
    first = {"at": found.received_at, "who": _who(ctx, found, "anonymous", ""), "text": received, "reason": None}
    return [*reversed(steps), first | {"same": None}]


def _who(ctx: Context, found: ReferralRead, actor_kind: str, name: str) -> Text | str:
    if actor_kind == "staff":
        return name
    if actor_kind == "anonymous" and found.form == SELF_REFERRAL:
        return ctx.locale.say("The young person")
    return ctx.locale.say(ACTORS.get(actor_kind, ACTORS["system"]))

"""Views of the coordinator's pages: the list, and one referral with needs and strengths before all else."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from spheres_core.facts import Message, msg
from spheres_core.forms import queries as forms
from spheres_core.forms.meanings import REFERRAL, SELF_REFERRAL
from spheres_core.forms.schemas import Form
from spheres_core.forms.views.readable_answers import ReadableRow, readable_rows
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy import unavailable_parts
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import page_of
from spheres_core.referrals import queries
from spheres_core.referrals.schemas import ReferralLine, ReferralRead
from spheres_core.referrals.states import INITIAL, NEEDS_REASON, STATES, STEP_TITLES
from spheres_core.referrals.views.wording import (
    AGREES,
    ALIKE,
    KNOWS,
    OUTCOMES,
    choices_of,
    most_cautious,
    say_age,
    say_choice,
    say_code,
    say_opinion,
    say_owner,
    say_state,
)
from spheres_core.staff.queries import members as member_queries

SAFE_CONTACT_MEANINGS = (
    "participant_name",
    "safe_contact_how",
    "participant_phone",
    "participant_email",
    "safe_contact",
    "safe_contact_when",
)
"""Meanings that say how the young person can be reached, in the order in which a worker asks."""
ACTORS: dict[str, Message] = {
    "anonymous": msg("Referrer"),
    "token": msg("Another system"),
    "system": msg("The system"),
}
STRENGTH = "strength"
"""Meanings of a region's own that end so are shown beside the needs."""


async def inbox_page(ctx: Context, wanted: dict[str, str], cursor: str) -> dict[str, Any]:
    """Returns what `referrals/inbox.html` shows. `wanted` has the filters `state`, `need`, `spoken`; empty for all."""
    form = await _listed_form(ctx)
    found = await page_of(
        ctx, "referrals", cursor,
        lambda before, limit: queries.list_referrals(
            ctx, before=before, limit=limit, state=wanted["state"], need=wanted["need"], language=wanted["spoken"]
        ),
    )  # fmt: skip
    asked = {name: value for name, value in wanted.items() if value}
    return {
        "title": ctx.locale.say("Referrals"),
        "total": None,
        "filters": _filters(ctx, form, wanted),
        "filtered": bool(asked),
        "rows": [_line(ctx, form, line) for line in found.items],
        "resting": unavailable_parts.unavailable_plugins(ctx),
        "pages": {
            "previous_url": f"?{urlencode(asked)}" if cursor else None,
            "next_url": f"?{urlencode({**asked, 'cursor': found.next})}" if found.next else None,
        },
    }


async def _listed_form(ctx: Context) -> Form:
    """Returns the form whose choices name languages and needs in the list: the referral form, else the person's own."""
    asked = forms.forms_of(ctx.plugins)
    return await forms.current(ctx, SELF_REFERRAL if REFERRAL not in asked and SELF_REFERRAL in asked else REFERRAL)


def _filters(ctx: Context, form: Form, wanted: dict[str, str]) -> list[dict[str, Any]]:
    say, pick = ctx.locale.say, ctx.locale.pick
    needs = [(each.code, pick(each.labels)) for each in choices_of(form, "need")]
    languages = [(each.code, pick(each.labels)) for each in choices_of(form, "language")]
    return [
        _filter("state", say("State"), say("All"), [(code, say(each.title)) for code, each in STATES.items()], wanted),
        _filter("need", say("Need"), say("All needs"), needs, wanted),
        _filter("spoken", say("Language"), say("All languages"), languages, wanted),
    ]


def _filter(
    name: str, label: Text, every: Text, options: Iterable[tuple[str, Text]], wanted: dict[str, str]
) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "options": [
            {"code": code, "label": text, "selected": code == wanted[name], "count": None}
            for code, text in [("", every), *options]
        ],
    }


def _line(ctx: Context, form: Form, line: ReferralLine) -> dict[str, Any]:
    outcome = most_cautious(line.opinions)
    return {
        "id": line.id,
        "own": line.form == SELF_REFERRAL,
        "received_at": line.received_at,
        "state": say_state(ctx, line.state),
        "age": say_age(ctx, line.age, line.age_least, line.age_most),
        "language": say_choice(ctx, form, "language", line.preferred_language),
        "community": say_choice(ctx, form, "community", line.community),
        "needs": [say_choice(ctx, form, "need", need) for need in line.needs],
        "contact": say_code(ctx, AGREES, line.agrees_to_contact),
        "opinion": {"label": ctx.locale.say(OUTCOMES[outcome])} if outcome else None,
        "withdrawal": line.withdrawal_asked_at is not None,
        "seen": line.state != INITIAL,
    }


async def referral_page(ctx: Context, id: UUID, refused: tuple[Refusal, str, str] | None = None) -> dict[str, Any]:
    """Gives what `referrals/referral.html` shows. `refused`: why a step was not taken, the step, the reason typed."""
    found = await queries.referral(ctx, id)
    form = await queries.asked_form(ctx, found)
    rows = readable_rows(form, found.answers, ctx.locale.tag)
    reference = reference_of(found.id)
    return {
        "title": ctx.locale.say("Referral {reference}", reference=reference),
        "referral": {
            "id": found.id,
            "own": found.form == SELF_REFERRAL,
            "received_at": found.received_at,
            "state": say_state(ctx, found.state),
            "form_label": ctx.locale.pick(form.title),
            "form_version": found.form_version,
            "language": ctx.locale.language_name(found.language),
        },
        "needs": [say_choice(ctx, form, "need", need) for need in found.needs],
        "strengths": [text for row in rows if row.meaning.endswith(STRENGTH) for text in _said(ctx, found, row)],
        "at_a_glance": _at_a_glance(ctx, form, found),
        "safe_contact": [
            _answer(ctx, found, row) for meaning in SAFE_CONTACT_MEANINGS for row in rows if row.meaning == meaning
        ],
        "cautions": _cautions(ctx, found),
        "sections": _sections(ctx, found, rows),
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
        "history": await _history(ctx, found),
        "steps": [
            {"code": to, "label": ctx.locale.say(STEP_TITLES[to]), "text": None, "reason_required": to in NEEDS_REASON}
            for to in found.steps
        ],
        "step_error": _step_error(ctx, *refused) if refused else None,
    }


def _failed(ctx: Context, owners: Iterable[str], *hooks: str) -> list[dict[str, Any]]:
    """Returns each owner that did not answer, with what its manifest says is missing then."""
    return [
        {"name": say_owner(ctx, each), "stops": unavailable_parts.failure_texts(ctx, each, *hooks)} for each in owners
    ]


def reference_of(id: UUID) -> str:
    """Returns a short name by which colleagues speak of a referral; it identifies nothing else."""
    return f"{id.hex[-6:-3]}-{id.hex[-3:]}".upper()


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


def _sections(ctx: Context, found: ReferralRead, rows: Iterable[ReadableRow]) -> list[dict[str, Any]]:
    sections: list[dict[str, Any]] = [{"title": None, "answers": []}]
    for row in rows:
        if row.heading:
            sections.append({"title": ctx.locale.pick(row.label), "answers": []})
        else:
            sections[-1]["answers"].append(_answer(ctx, found, row))
    return [each for each in sections if each["answers"]]


def _answer(ctx: Context, found: ReferralRead, row: ReadableRow) -> dict[str, Any]:
    said = _said(ctx, found, row)
    value = said[0] if len(said) == 1 else Text(", ".join(said), ctx.plugins.languages[said[0].lang]) if said else None
    return {"label": ctx.locale.pick(row.label), "value": value}


def _said(ctx: Context, found: ReferralRead, row: ReadableRow) -> list[Text]:
    """Returns an answer in words. Free text is in the language the form was answered in; choices speak the reader's."""
    written = ctx.plugins.languages[found.language]
    return [Text(each, written) if isinstance(each, str) else ctx.locale.say(each) for each in row.shown]


async def _history(ctx: Context, found: ReferralRead) -> list[dict[str, Any]]:
    """Returns the moves of a referral, newest first, its receipt last."""
    names = {each.id: each.name for each in await member_queries.list_members(ctx)} if found.history else {}
    steps = [
        {
            "at": move.at,
            "who": _who(ctx, found, move.actor_kind, names.get(move.actor_id, "") if move.actor_id else ""),
            "text": ctx.locale.say(STATES[move.to_state].title),
            "reason": move.reason,
        }
        for move in found.history
    ]
    received = ctx.locale.say("The referral was received")
    first = {"at": found.received_at, "who": _who(ctx, found, "anonymous", ""), "text": received, "reason": None}
    return [*reversed(steps), first]


def _who(ctx: Context, found: ReferralRead, actor_kind: str, name: str) -> Text | str:
    if actor_kind == "staff":
        return name
    if actor_kind == "anonymous" and found.form == SELF_REFERRAL:
        return ctx.locale.say("The young person")
    return ctx.locale.say(ACTORS.get(actor_kind, ACTORS["system"]))


def _step_error(ctx: Context, refusal: Refusal, to: str, reason: str) -> dict[str, Any]:
    return {"text": ctx.locale.say(refusal.message), "to": to, "reason": reason}

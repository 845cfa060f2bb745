"""Reporting decisions on a page of her file, and the form on which one is written down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec

from spheres_core.facts import Message, Words, msg
from spheres_core.followups.operations.reporting_decisions import ReportingDecisionInvalid
from spheres_core.followups.queries.reporting_decisions import INFORMATION, list_decisions
from spheres_core.followups.schemas.reporting_decisions import (
    DecisionCode,
    RecipientCode,
    ReportingDecision,
    ReportingDecisionPosted,
    Told,
    Way,
)
from spheres_core.followups.schemas.words import LONGEST_WORDS
from spheres_core.followups.views.wording import names_of, options
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.plugins.registrations import DraftForm
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.partners.queries.pack_content import legal_profile

TITLE: Final = msg("Reporting decisions")
DECISIONS: Final[Mapping[DecisionCode, Message]] = {
    "reported": msg("I reported it"),
    "not_reported": msg("I did not report it"),
    "already_known": msg("They know of it already"),
    "consulted": msg("I asked them for advice without naming her"),
}
SAID: Final[Mapping[DecisionCode, Message]] = {
    "reported": msg("A person reported"),
    "not_reported": msg("A person decided not to report"),
    "already_known": msg("They knew of it already"),
    "consulted": msg("A person asked for advice without naming her"),
}
RECIPIENTS: Final[Mapping[RecipientCode, Message]] = {
    "youth_protection": msg("Youth protection"),
    "police": msg("The police"),
    "parent_or_tutor": msg("A parent or tutor"),
    "other": msg("Somebody else"),
}
WAYS: Final[Mapping[Way, Message]] = {
    "phone": msg("By telephone"),
    "letter": msg("By letter"),
    "in_person": msg("In person"),
}
TOLD: Final[Mapping[Told, Message]] = {
    "before": msg("She was told before"),
    "after": msg("She was told afterwards"),
    "not_told": msg("She was not told"),
}
_CHOSEN: Final[Mapping[str, Mapping[Any, Message]]] = {"decision": DECISIONS, "recipient": RECIPIENTS, "told": TOLD}
_FIELDS: Final = (*_CHOSEN, "way", "decided_on", "reason", "her_words", "corrects")
DECISION_FORM: Final = DraftForm(
    "reporting_decision",
    msg("Reporting decision"),
    {name: "own_words" if name == "her_words" else INFORMATION for name in _FIELDS},
    page="reporting_decisions",
)


async def decisions_page(
    ctx: Context,
    access: ParticipantAccess,
    *,
    cursor: str = "",
    sent: Post | None = None,
    refusal: Refusal | None = None,
) -> dict[str, Any]:
    """Returns what `followups/reporting_decisions.html` shows. `refusal`: why what was `sent` was not kept."""
    page = await list_decisions(ctx, access, cursor=cursor)
    names = await names_of(ctx, [each.decided_by for each in page.items])
    profile, say = legal_profile(ctx), ctx.locale.say
    blank = {**dict.fromkeys(_FIELDS, ""), "decided_on": ctx.today.isoformat()}
    earlier = [(str(each.id), _named(ctx, each)) for each in page.items]
    return {
        "title": say(TITLE),
        "duty": None if profile is None else ctx.locale.pick(profile.reporting.duty),
        "duty_verified": profile is not None and profile.reporting.status == "verified",
        "decisions": [_shown(ctx, each, names) for each in page.items],
        "next_url": f"?cursor={page.next}" if page.next else "",
        "back_url": "?" if cursor else "",
        "may_write": reaches(ctx, access, INFORMATION, act="write"),
        "keeps_her_words": reaches(ctx, access, "own_words", act="write"),
        "choices": {
            "decision": options(ctx, DECISIONS),
            "recipient": options(ctx, RECIPIENTS),
            "way": [("", say(msg("I spoke and wrote to nobody"))), *options(ctx, WAYS)],
            "told": options(ctx, TOLD),
            "corrects": [("", say(msg("No, it stands by itself"))), *earlier] if earlier else [],
        },
        "fields": blank if sent is None else {name: sent[name] for name in _FIELDS},
        "problems": _problems_of(refusal, sent),
    }


def decision_posted(sent: Post) -> ReportingDecisionPosted:
    """Returns a decision as it was sent. Raises `ReportingDecisionInvalid` with the problems at their fields."""
    for name, choices in _CHOSEN.items():
        sent.choice(name, choices)
    sent.day("decided_on")
    if not sent["reason"].strip():
        sent.problems["reason"] = msg("Write down the reason.")
    for name in ("reason", "her_words"):
        if len(sent[name]) > LONGEST_WORDS:
            sent.problems[name] = msg("Write at most {most} characters.", most=LONGEST_WORDS)
    if sent.problems:
        raise ReportingDecisionInvalid
    values: dict[str, Any] = {name: sent[name].replace("\r\n", "\n").strip() for name in _FIELDS}
    try:
        return msgspec.convert(
            values | {name: values[name] or None for name in ("way", "corrects")}, ReportingDecisionPosted
        )
    except msgspec.ValidationError:
        raise ReportingDecisionInvalid from None


def _problems_of(refusal: Refusal | None, sent: Post | None) -> dict[str, Message | Words]:
    if refusal is None:
        return {}
    found: dict[str, Message | Words] = {**sent.problems} if sent is not None else {}
    found |= {each.path if each.path in _FIELDS else "page": each.message for each in refusal.errors}
    return found or {"page": refusal.message}


def _named(ctx: Context, each: ReportingDecision) -> Any:
    say = ctx.locale.say
    return say(
        msg("{decision} ({recipient}), on {day}", decision=say(SAID[each.decision]), recipient=say(
            RECIPIENTS[each.recipient]), day=ctx.locale.date(each.decided_on))
    )  # fmt: skip


def _shown(ctx: Context, each: ReportingDecision, names: Mapping[UUID, str]) -> dict[str, Any]:
    say = ctx.locale.say
    return {
        "id": each.id,
        "decision": say(SAID[each.decision]),
        "about": [say(RECIPIENTS[each.recipient]), *([say(WAYS[each.way])] if each.way else []), say(TOLD[each.told])],
        "decided_on": each.decided_on,
        "reason": each.reason,
        "her_words": each.her_words or "",
        "corrects": each.corrects,
        "by": names.get(each.decided_by, "") if each.decided_by else "",
    }

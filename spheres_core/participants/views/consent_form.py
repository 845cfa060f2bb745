"""The form in which a worker records what she agreed to: all that a consent can say, and nothing chosen before."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any, Final, Literal
from uuid import UUID

from spheres_core.consents.api_schemas import AgreedTooPosted, ConsentPosted, LinePosted, SecondAgreementPosted
from spheres_core.consents.queries.ledger import ConsentUnknown, consent_of
from spheres_core.consents.schemas import (
    CLASSES,
    FIRST_DAY,
    FOREVER,
    LAST_DAY,
    TEAM,
    Act,
    ConsentKind,
    Giver,
    How,
    Purpose,
)
from spheres_core.consents.views.plain_words import MAY, TEAM_NAME, WHY
from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.views.consents import query_of
from spheres_core.partners.queries.partners import organization_names

KINDS: Final[Mapping[ConsentKind, Message]] = {
    "participation": msg("To take part"),
    "information": msg("To share information"),
    "care": msg("To care"),
    "research": msg("To research"),
    "publication": msg("To publish what she tells"),
}
GIVERS: Final[Mapping[Giver, Message]] = {
    "herself": msg("She herself"),
    "parent": msg("A parent"),
    "tutor": msg("A tutor"),
    "benefit": msg("Nobody: you decide that it is clearly for her benefit"),
}
HOW: Final[Mapping[How, Message]] = {"spoken": msg("Spoken"), "written": msg("In writing")}
PURPOSES: Final[tuple[Purpose, ...]] = ("follow_up", "coordination", "committee", "service", "emergency", "transfer")
"""Those that a consent is asked for; oversight needs none."""
OFFERED_ACTS: Final[tuple[Act, ...]] = ("read", "discuss", "forward")
DAYS_AHEAD: Final = (30, 90, 365)
PRESET: Final[Mapping[ConsentKind, tuple[LinePosted, ...]]] = {
    "participation": (
        LinePosted(TEAM, "participation", "follow_up"), LinePosted(TEAM, "participation", "coordination"),
    ),
}  # fmt: skip
"""Lines that a kind of consent always has: that she takes part is known to the team."""
PLACES: Final = {
    "consent_not_theirs_to_give": "giver",
    "benefit_not_documented": "benefit",
    "consent_line_unknown": "recipient",
}
"""The field at which a refusal is shown."""


async def consent_form(
    ctx: Context, access: ParticipantAccess, kind: str, *, sent: Post | None = None, refusal: Refusal | None = None
) -> dict[str, Any]:
    """Returns the values of `participants/consent_form.html`; without a kind it asks for that first."""
    names = await organization_names(ctx)
    organizations = sorted(((key, ctx.locale.pick(each)) for key, each in names.items()), key=lambda each: each[1])
    if sent is not None and refusal is not None and refusal.code in PLACES:
        sent.problems[PLACES[refusal.code]] = refusal.message
    at_fields = {each.path.rpartition(".")[2]: each.message for each in refusal.errors} if refusal else {}
    if sent is not None:
        sent.problems |= at_fields
    ends = [ctx.today + dt.timedelta(days=days) for days in DAYS_AHEAD]
    return {
        "title": ctx.locale.say("Record a consent"),
        "kinds": ctx.locale.options(KINDS),
        "kind": kind if kind in KINDS else "",
        "kind_title": ctx.locale.say(KINDS[kind]) if kind in KINDS else "",  # type: ignore[index]
        "recipients": [(TEAM, ctx.locale.say(TEAM_NAME)), *organizations],
        "organizations": organizations,
        "classes": ctx.locale.options(CLASSES),
        "acts": [(code, ctx.locale.say(MAY[code])) for code in OFFERED_ACTS],
        "purposes": [(code, ctx.locale.say(WHY[code])) for code in PURPOSES],
        "givers": ctx.locale.options(GIVERS),
        "hows": ctx.locale.options(HOW),
        "ends": [(each.isoformat(), ctx.locale.say("Until the end of {day}", day=each)) for each in ends],
        "today": ctx.today.isoformat(),
        "once": (sent["_once"] if sent else "") or secrets.token_urlsafe(24),
        "posted": sent,
        "error": ctx.locale.say(refusal.message) if refusal and refusal.code not in PLACES and not at_fields else None,
        "query": query_of(access),
    }


def read_consent(ctx: Context, sent: Post, kind: ConsentKind) -> ConsentPosted:
    """Returns what was sent; what is missing or unreadable becomes a problem of its field."""
    given_on = sent.day("given_on", required=False) or ctx.today
    giver, how = sent.choice("giver", GIVERS), sent.choice("how", HOW)
    lines = PRESET.get(kind, ())
    if kind == "information":
        lines = _lines(sent)
    also: Literal["parent", "tutor", ""] = "parent" if sent["also"] == "parent" else ""
    also = "tutor" if sent["also"] == "tutor" else also
    return ConsentPosted(
        kind=kind, given_on=given_on, how=how, giver=giver, age=_age(sent), lines=list(lines),
        holder=sent["holder"][:100], words=sent["words"][:4000], benefit=sent["benefit"][:4000], until=_until(sent),
        also=AgreedTooPosted(also, given_on, how) if also else None,
    )  # fmt: skip


async def agree_form(ctx: Context, access: ParticipantAccess, consent: UUID, **shown: Any) -> dict[str, Any]:
    """Returns the values of `participants/agree_form.html`. Raises `ConsentUnknown` for one that does not wait."""
    found = await consent_of(ctx, access.id, consent)
    if found is None or found.starts < FOREVER or found.ends <= ctx.now:
        raise ConsentUnknown
    return {
        "title": ctx.locale.say("A parent or tutor said yes too"),
        "consent": consent,
        "givers": [(code, ctx.locale.say(GIVERS[code])) for code in ("parent", "tutor")],
        "hows": ctx.locale.options(HOW),
        "today": ctx.today.isoformat(),
        "query": query_of(access),
        "posted": None,
        "error": None,
        **shown,
    }


def read_agreement(ctx: Context, sent: Post) -> SecondAgreementPosted:
    """Returns what was sent; what is missing or unreadable becomes a problem of its field."""
    giver = sent.choice("giver", ("parent", "tutor"))
    return SecondAgreementPosted(
        giver, sent.day("given_on", required=False) or ctx.today, sent.choice("how", HOW), _age(sent)
    )


def _lines(sent: Post) -> tuple[LinePosted, ...]:
    recipient, purpose = sent["recipient"][:100], sent.choice("purpose", PURPOSES)
    classes = [each for each in sent.every("information") if each in CLASSES]
    acts = [each for each in OFFERED_ACTS if each in sent.every("act")]
    for name, value in (("recipient", recipient), ("information", classes), ("act", acts)):
        if not value:
            sent.problems[name] = msg("Choose at least one.")
    first, last = sent.day("first_day", required=False) or FIRST_DAY, sent.day("last_day", required=False) or LAST_DAY
    return tuple(
        LinePosted(
            recipient, information, purpose, act, first_day=first, last_day=last, onward=act == "forward",
        )
        for information in classes
        for act in acts
    )  # fmt: skip


def _until(sent: Post) -> dt.date | None:
    if not sent["until"]:
        sent.problems["until"] = msg("Choose until when. “No end” is a choice too.")
    if sent["until"] == "other":
        day = sent.day("until_day", required=False)
        if day is None:
            sent.problems.setdefault("until_day", msg("Write the day."))
        return day
    return None if sent["until"] == "none" else sent.day("until", required=False)


def _age(sent: Post) -> int:
    age = sent.whole("age", most=130)
    if age is None:
        sent.problems.setdefault("age", msg("Write her age in years."))
    return age or 0

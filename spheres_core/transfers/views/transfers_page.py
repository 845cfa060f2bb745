"""The pages of her file about going on in another region: what was offered, what came along, and the form."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

import msgspec

from spheres_core.consents.schemas import CLASSES, Giver, How
from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.plugins.registrations import DayLine
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.views.consent_form import GIVERS, HOW
from spheres_core.partners.queries.partners import organization_names
from spheres_core.transfers.queries.brought import list_brought
from spheres_core.transfers.queries.transfers import list_to_tell, list_transfers
from spheres_core.transfers.schemas.brought import BroughtEntry
from spheres_core.transfers.schemas.messages import CarriedEntry
from spheres_core.transfers.schemas.transfers import Transfer, TransferAsked, TransferPreview
from spheres_core.transfers.views.wording import REASONS, STATES, TONES, class_titles

PAGE: Final = "transfers"
FIELDS: Final[Mapping[str, str]] = {
    "region": "region", "classes": "classes", "agreement.on": "given_on", "agreement.also": "also",
}  # fmt: skip
"""By path of a refusal, the field at which it is said."""
CODES: Final[Mapping[str, str]] = {
    "consent_not_theirs_to_give": "giver", "benefit_not_documented": "benefit", "parent_agreement_missing": "also",
}  # fmt: skip
"""By code of a refusal, the field at which it is said."""


async def transfers_page(
    ctx: Context, access: ParticipantAccess, *, cursor: str = "", refusal: Refusal | None = None
) -> dict[str, Any]:
    """Returns what `transfers/transfers.html` shows. `refusal`: why an act about a transfer was not done."""
    found = await list_transfers(ctx, access)
    brought = await list_brought(ctx, access, cursor=cursor)
    names = {each.slug: each.name for each in found.regions}
    waits = any(each.state == "offered" for each in found.transfers)
    may_write = reaches(ctx, access, "participation", act="write")
    return {
        "title": ctx.locale.say(msg("Another region")),
        "transfers": [_shown(ctx, each, names) for each in found.transfers],
        "brought": _by_class(ctx, brought.items),
        "next_cursor": brought.next,
        "may_write": may_write,
        "may_offer": bool(names) and not waits and may_write,
        "trouble": ctx.locale.say(refusal.message) if refusal else None,
    }


async def transfer_form(
    ctx: Context,
    access: ParticipantAccess,
    *,
    sent: Post | None = None,
    preview: TransferPreview | None = None,
    refusal: Refusal | None = None,
) -> dict[str, Any]:
    """Returns what `transfers/offer.html` shows. `preview`: exactly what would go along, once it was asked for."""
    found, names = await list_transfers(ctx, access), await organization_names(ctx)
    problems = dict(sent.problems) if sent else {}
    place = None
    if refusal is not None and not problems:
        path = refusal.errors[0].path if refusal.errors else ""
        place = FIELDS.get(path) or CODES.get(refusal.code)
        if place:
            problems[place] = refusal.message
    trouble: Message | None = refusal.message if refusal and not problems else None
    if problems:
        trouble = msg("Some answers need another look.")
    return {
        "title": ctx.locale.say(msg("Go on in another region")),
        "regions": [(each.slug, each.name) for each in found.regions],
        "classes": [(each, ctx.locale.say(CLASSES[each])) for each in found.classes],
        "givers": ctx.locale.options(GIVERS),
        "hows": ctx.locale.options(HOW),
        "organizations": sorted(
            ((key, ctx.locale.pick(each)) for key, each in names.items()), key=lambda each: each[1]
        ),
        "languages": [(tag, ctx.locale.language_name(tag)) for tag in ctx.tenant.languages],
        "today": ctx.today.isoformat(),
        "once": secrets.token_urlsafe(24),
        "posted": sent,
        "problems": problems,
        "trouble": ctx.locale.say(trouble) if trouble else None,
        "preview": None if preview is None else _by_class(ctx, preview.entries),
        "seen": preview.digest if preview else "",
    }


def asked_of(sent: Post) -> TransferAsked | None:
    """Returns what was sent; None where something is missing, which becomes a problem of its field."""
    on, how = sent.day("given_on"), sent.choice("how", get_args(How))
    giver = sent.choice("giver", get_args(Giver))
    age = sent.whole("age", most=130)
    if age is None:
        sent.problems.setdefault("age", msg("Write her age in years."))
    also = sent["also"] if sent["also"] in ("parent", "tutor") else ""
    if sent.problems:
        return None
    agreement = {
        "on": on, "how": how, "words": sent["words"].strip()[:4000],
        "also": {"giver": also, "given_on": on, "how": how} if also else None,
    }  # fmt: skip
    values = {
        "region": sent["region"][:40], "agreement": agreement, "age": age, "classes": sent.every("classes")[:20],
        "giver": giver, "holder": sent["holder"][:100], "benefit": sent["benefit"][:4000],
        "onward": sent["onward"] == "yes", "names": sent["names"] == "yes", "language": sent["language"],
    }  # fmt: skip
    return msgspec.convert(values, TransferAsked)


async def lines_to_tell(ctx: Context, rows: Sequence[Any]) -> list[DayLine]:
    """Returns whom the actor is still to tell how a transfer ended."""
    return [
        DayLine(code, str(ctx.locale.say(STATES[each.state])), PAGE, on=each.ended_at and _date(ctx, each.ended_at))
        for code, each in list_to_tell(ctx, rows)
    ]


def _shown(ctx: Context, each: Transfer, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": each.id,
        "version": each.version,
        "region": names.get(each.region, each.region),
        "state": {"tone": TONES.get(each.state, "ended"), "label": ctx.locale.say(STATES[each.state])},
        "classes": class_titles(ctx, each.classes),
        "reason": ctx.locale.say(REASONS[each.reason]) if each.reason else None,
        "onward": each.onward,
        "offered_at": each.offered_at,
        "ends_at": each.ends_at,
        "waits": each.state == "offered",
        "to_tell": each.to_tell,
    }


def _by_class(ctx: Context, entries: Sequence[CarriedEntry | BroughtEntry]) -> list[dict[str, Any]]:
    found: dict[str, list[CarriedEntry | BroughtEntry]] = {}
    for each in entries:
        found.setdefault(each.information, []).append(each)
    return [{"title": ctx.locale.say(CLASSES[name]), "entries": each} for name, each in found.items()]


def _date(ctx: Context, at: dt.datetime) -> dt.date:
    return at.astimezone(ctx.zone).date()

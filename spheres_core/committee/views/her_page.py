"""Pages of her file about committees: items of agendas, and recommendations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from spheres_core.committee.operations import agenda as operations
from spheres_core.committee.operations.item_access import SHAREABLE
from spheres_core.committee.queries import her_items, meetings, recommendations, seats
from spheres_core.committee.queries.agenda import CLASS
from spheres_core.committee.recommendation_states import STATES
from spheres_core.committee.schemas.agenda import Asked, Item
from spheres_core.committee.schemas.recommendations import HerRecommendation
from spheres_core.consents.schemas import CLASSES, MEETING_NAME, TEAM
from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.plugins.registrations import SummaryLine
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.partners.queries.partners import organization_names
from spheres_core.plans.views.form_fields import FormField, filled, refused

TITLE: Final = msg("Committee")
ASKED: Final[Mapping[Asked, Message]] = {
    "said": msg("She said what she wants said"),
    "nothing_to_say": msg("She has nothing to say to them"),
    "not_reached": msg("She was not reached yet"),
}
RESULTS: Final[Mapping[str, Message]] = {code: STATES[code] for code in ("done", "not_done", "dropped")}


async def summarize(ctx: Context, access: ParticipantAccess) -> list[SummaryLine]:
    """Returns what waits between her and committees, for the overview of her file, without words."""
    say, found = ctx.locale.say, (await recommendations.list_hers(ctx, access)).items
    untold = [each for each in found if each.told_on is None and each.state != "dropped"]
    asked = [each for each in (await her_items.list_items(ctx, access)).items if each.state == "on"]
    lines = [
        SummaryLine(str(say(msg("Tell her what was recommended, in her words"))), waits=True, page="her_committee")
        for _ in untold[:1]
    ]
    return [
        *lines,
        *(
            SummaryLine(str(say(msg("On the agenda"))), str(ctx.locale.date(each.at.astimezone(ctx.zone).date())))
            for each in asked[:2]
        ),
    ]


async def her_page(ctx: Context, access: ParticipantAccess) -> dict[str, Any]:
    """Returns what `committee/her.html` shows."""
    to_come = {each.id for each in await meetings.to_come(ctx)}
    names = await organization_names(ctx)
    may_write = reaches(ctx, access, CLASS, act="write") and access.decided.recipient == TEAM
    return {
        "title": ctx.locale.say(TITLE),
        "may_write": may_write,
        "may_name": may_write and reaches(ctx, access, MEETING_NAME, act="write"),
        "items": [
            _item(ctx, each, open_still=each.meeting in to_come and each.state == "on")
            for each in (await her_items.list_items(ctx, access)).items
        ],
        "recommendations": [
            shown_recommendation(ctx, each, names) for each in (await recommendations.list_hers(ctx, access)).items
        ],
    }


def shown_recommendation(ctx: Context, each: HerRecommendation, names: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a recommendation as its page shows it."""
    say = ctx.locale.say
    by = {
        kind: [_name(ctx, member.organization, names) for member in each.members if getattr(member, kind)]
        for kind in ("contributed", "dissented", "present")
    }
    facts: list[tuple[Message, Any]] = [
        (msg("Taken care of by:"), each.owner_name),
        (msg("Until:"), ctx.locale.date(each.due_on)),
        (msg("Contributed:"), ctx.locale.joined(dict.fromkeys(by["contributed"]), ", ")),
        (msg("Of another mind:"), ctx.locale.joined(dict.fromkeys(by["dissented"]), ", ")),
        (msg("What speaks against it:"), each.dissent),
        (msg("What came of it:"), each.result),
        (msg("How it was said to her:"), each.told),
        (msg("What she said:"), each.her_words or ""),
    ]
    return {
        "id": each.id,
        "what": each.what,
        "on": each.on,
        "state": say(STATES[each.state]),
        "tone": "waiting" if each.overdue else "done" if each.state == "done" else "ended",
        "overdue": each.overdue,
        "told_on": each.told_on,
        "open": each.state == "open",
        "facts": [(say(label), words) for label, words in facts if words],
        "version": each.version,
    }


async def item_form(
    ctx: Context,
    access: ParticipantAccess,
    *,
    item: Item | None = None,
    meeting: UUID | None = None,
    sent: Post | None = None,
    refusal: Refusal | None = None,
) -> dict[str, Any]:
    """Returns what `committee/item.html` shows: the form of an item, and what would be shared with whom.

    `item`: the one that is written anew. `meeting`: the one that was chosen for a new one.
    """
    say, to_come = ctx.locale.say, [each for each in await meetings.to_come(ctx) if meetings.discusses(ctx, each.body)]
    chosen = item.meeting if item else meeting or (to_come[0].id if to_come else None)
    shares = sent.every("shares") if sent else item.shares if item else []
    names = await organization_names(ctx)
    police = await seats.police_of(ctx)
    fields = _fields(ctx, item)
    if item is None:
        options = [
            (str(each.id), say(msg("{body}, {day}", body=_body(ctx, each.body), day=ctx.locale.date(
                meetings.day_of(ctx, each))))) for each in to_come
        ]  # fmt: skip
        fields.insert(0, FormField("choose", "meeting", say(msg("For which meeting")), str(chosen or ""),
                                   options=options))  # fmt: skip
    named = [
        (key, ctx.locale.pick(names[key]))
        for key in sorted(police)
        if key in names and any(each.recipient == key for each in access.decided.entries)
    ]
    if named:
        hint = say(msg("Only for this meeting, and only where she said yes to it. Nothing goes there by itself."))
        fields.append(FormField("ticks", "police", say(msg("Police that takes part too")),
                                item.police if item else (), hint=hint, options=named))  # fmt: skip
    preview = await operations.preview(ctx, access, chosen, list(shares)) if chosen else None
    return {
        "title": say(msg("Put on the agenda of a committee") if item is None else msg("On the agenda of a committee")),
        "no_meeting": chosen is None,
        "fields": filled(fields, sent) if sent is not None else fields,
        "version": item.version if item else None,
        "item": item.id if item else None,
        "chosen": chosen,
        "shared": [
            (_name(ctx, each.organization, names), [say(CLASSES[of]) for of in each.classes if of in CLASSES])
            for each in (preview.organizations if preview else [])
        ],
    } | refused(ctx, sent, refusal, fields)


def _fields(ctx: Context, item: Item | None) -> list[FormField]:
    say = ctx.locale.say
    shareable = [(each, say(CLASSES[each])) for each in CLASSES if each in ("needs_and_plan", "stages")]
    shareable += [(each, say(CLASSES[each])) for each in CLASSES if each in SHAREABLE and each not in dict(shareable)]
    drawn = {section.information for section in ctx.plugins.brief_sections}
    return [
        FormField("pick", "asked", say(msg("Did you ask what she wants said?")), item.asked if item else "",
                  options=ctx.locale.options(ASKED)),
        FormField("area", "wants_said", say(msg("What she wants said, in her words")),
                  (item.wants_said or "") if item else "",
                  hint=say(msg("It stands on the first line of each brief that may hold it."))),
        FormField("line", "told_on", say(msg("Day on which you told her what will be shared with whom")),
                  item.told_on.isoformat() if item and item.told_on else "", hint=say(msg("Such as 2026-03-31"))),
        FormField("area", "question", say(msg("What the team asks the committee")), item.question if item else "",
                  hint=say(msg("No name, no place, nothing by which she could be known."))),
        FormField("ticks", "shares", say(msg("What the briefs may draw on besides")), item.shares if item else (),
                  options=[each for each in shareable if each[0] in drawn],
                  hint=say(msg("Each only for those organizations that she lets discuss it. Of an emergency plan, only "
                               "that there is one and when it is looked at again."))),
    ]  # fmt: skip


def _item(ctx: Context, each: Item, *, open_still: bool) -> dict[str, Any]:
    return {
        "id": each.id,
        "on": each.at.astimezone(ctx.zone).date(),
        "number": each.number,
        "question": each.question,
        "wants_said": each.wants_said,
        "asked": ctx.locale.say(ASKED[each.asked]),
        "to_ask": each.asked == "not_reached" and open_still,
        "open": open_still,
        "taken_off": each.state == "taken_off",
    }


def _body(ctx: Context, key: str) -> Text | str:
    known = ctx.plugins.bodies.get(key)
    if known is None:
        return key
    return ctx.locale.say(known.title) if isinstance(known.title, Message) else ctx.locale.pick(known.title)


def _name(ctx: Context, key: str, names: Mapping[str, Any]) -> Text | str:
    if not key:
        return ctx.locale.say(msg("The program’s team"))
    return ctx.locale.pick(names[key]) if key in names else key

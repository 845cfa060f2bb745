"""The pages on which her safe contact is read and written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import NotFound, Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.participants import safe_contact as rule
from spheres_core.participants.contact_texts import FIRST, VOICEMAIL, proofread_texts
from spheres_core.participants.operations.safe_contact import SafeContactChanged
from spheres_core.participants.queries import safe_contact as queries
from spheres_core.participants.queries.said_before import said_before
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.safe_contact import (
    CHANNELS,
    WEEKDAYS,
    WRITTEN,
    Channel,
    ChannelContact,
    FirstTextAnswerRead,
    Relation,
    SafeContact,
)
from spheres_core.participants.views import safe_contact_form
from spheres_core.participants.views.safe_contact import ANSWERS, Way, ways_of

RELATIONS: Final[Mapping[Relation, Message]] = {
    "parent": msg("Parent"),
    "partner": msg("Partner in life"),
    "sibling": msg("Brother or sister"),
    "friend": msg("Friend"),
    "foster_home": msg("Foster home or residence"),
    "worker": msg("Another worker"),
    "exploiter": msg("Somebody who exploits her"),
    "client": msg("Client"),
    "other": msg("Somebody else"),
}
VALUES: Final[Mapping[Channel, Message]] = {
    "phone": msg("Number"),
    "text": msg("Number"),
    "email": msg("Address"),
    "social": msg("Network and name there"),
    "in_person": msg("Where she can be met"),
}
SAID: Final[Mapping[Channel, str]] = {"phone": "phone", "text": "phone", "email": "email"}
"""Channels whose number or address may have been said before."""


class ChannelUnknown(NotFound):
    """There is no such channel."""


class ChannelCard(Struct, frozen=True):
    """A channel that she named, on the page."""

    way: Way
    value: str
    value_label: Text
    code_word: str
    duress_word: str
    first: list[Text]
    """Texts that may be sent before she has answered, in her language."""
    after: list[Text]
    """Texts that may be sent after she has answered with her word; none where she has no word."""


def channel_named(name: str) -> Channel:
    """Returns a channel by its name in the address. Raises `ChannelUnknown`."""
    if name not in CHANNELS:
        raise ChannelUnknown
    return cast(Channel, name)


async def safe_contact_page(ctx: Context, access: ParticipantAccess, *, may_write: bool) -> dict[str, Any]:
    """Returns what `participants/safe_contact.html` shows."""
    record = _record(await queries.latest(ctx, access))
    return {
        "title": ctx.locale.say(msg("Safe contact")),
        "cards": _cards(ctx, record),
        "missing": [(code, ctx.locale.say(each)) for code, each in CHANNELS.items() if not _named(record, code)],
        "around": [
            {"label": ctx.locale.say(RELATIONS[each.relation]), "value": each.instruction} for each in record.around_her
        ],
        "language": ctx.locale.language_name(record.language) if record.language else None,
        "may_write": may_write,
    }


async def channel_page(
    ctx: Context,
    access: ParticipantAccess,
    channel: Channel,
    *,
    sent: Post | None = None,
    refusal: Refusal | None = None,
    began_at: int | None = None,
) -> dict[str, Any]:
    """Returns what `participants/safe_contact_channel.html` shows. `refusal`: why what was `sent` was not kept.

    `began_at`: the version of her record when what was `sent` was begun, where that was not now.
    """
    kept = await queries.latest(ctx, access)
    record = _record(kept)
    contact = _named(record, channel)
    if contact is None:
        before = await said_before(ctx, access)
        contact = ChannelContact(channel, getattr(before, SAID[channel]) if channel in SAID else "")
    is_new = _named(record, channel) is None
    if sent is not None and refusal is not None:
        sent.problems |= safe_contact_form.problems_by_field(refusal)
    moment = contact.next_moment.astimezone(ctx.zone) if contact.next_moment else None
    return {
        "title": ctx.locale.say(CHANNELS[channel]),
        "channel": channel,
        "contact": contact,
        "is_new": is_new,
        "offers_said": is_new and bool(contact.value) and sent is None,
        "is_written": channel in WRITTEN,
        "value_label": ctx.locale.say(VALUES[channel]),
        "answers": ctx.locale.options(ANSWERS),
        "days": [(day, ctx.locale.weekday(number)) for number, day in enumerate(WEEKDAYS)],
        "hours": safe_contact_form.hours_rows(sent, contact),
        "next_day": f"{moment:%Y-%m-%d}" if moment else "",
        "next_time": f"{moment:%H:%M}" if moment else "",
        "version": kept.row.version if kept else 0,
        "posted": sent,
        "changed": _changed(ctx, kept, refusal, began_at),
    }


async def around_page(
    ctx: Context,
    access: ParticipantAccess,
    *,
    sent: Post | None = None,
    refusal: Refusal | None = None,
    began_at: int | None = None,
) -> dict[str, Any]:
    """Returns what `participants/safe_contact_around.html` shows, as `channel_page` does."""
    kept = await queries.latest(ctx, access)
    record = _record(kept)
    return {
        "title": ctx.locale.say(msg("People around her, and her language")),
        "rows": safe_contact_form.around_rows(sent, record),
        "relations": [("", ctx.locale.say(msg("Nobody"))), *((c, ctx.locale.say(t)) for c, t in RELATIONS.items())],
        "tongues": [
            ("", ctx.locale.say(msg("Not said"))),
            *((tag, ctx.locale.language_name(tag)) for tag in ctx.tenant.languages),
        ],
        "language": record.language or (await said_before(ctx, access)).language,
        "version": kept.row.version if kept else 0,
        "posted": sent,
        "changed": _changed(ctx, kept, refusal, began_at),
    }


def answer_page(ctx: Context, found: FirstTextAnswerRead) -> dict[str, Any]:
    """Returns what `participants/first_text_answer.html` shows, for this one view."""
    language = ctx.plugins.languages[found.language]
    return {
        "title": ctx.locale.say(msg("After the first text")),
        "is_her_word": found.reply == "right",
        "is_closed": found.reply == "duress",
        "texts": [Text(each.title, language) for each in found.texts],
    }


def _record(kept: queries.KeptSafeContact | None) -> SafeContact:
    return kept.record if kept else SafeContact()


def _named(record: SafeContact, channel: Channel) -> ChannelContact | None:
    return rule.find_channel(record, channel)


def _changed(
    ctx: Context, kept: queries.KeptSafeContact | None, refusal: Refusal | None, began_at: int | None
) -> list[ChannelCard] | None:
    """Returns what a colleague has written meanwhile; None where nobody has."""
    is_outdated = began_at not in (None, kept.row.version if kept else 0)
    return _cards(ctx, _record(kept)) if isinstance(refusal, SafeContactChanged) or is_outdated else None


def _cards(ctx: Context, record: SafeContact) -> list[ChannelCard]:
    texts = proofread_texts(ctx.locales.locale(tag) for tag in ctx.tenant.languages)
    said = record.language or ctx.tenant.languages[0]
    language = ctx.plugins.languages[said]
    in_her_language = {code: Text(by_tag[said], language) for code, by_tag in texts.items() if said in by_tag}
    cards = []
    for way, contact in zip(ways_of(ctx, record), record.channels, strict=True):
        sent = {} if way.channel not in WRITTEN or contact.she_contacts_us else in_her_language
        first = [text for code, text in sent.items() if code in FIRST]
        after = [text for code, text in sent.items() if code not in FIRST | VOICEMAIL and contact.code_word.strip()]
        label = ctx.locale.say(VALUES[way.channel])
        cards.append(ChannelCard(way, contact.value, label, contact.code_word, contact.duress_word, first, after))
    return cards

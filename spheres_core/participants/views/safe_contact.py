"""Safe contact as it stands inside each act of contacting her: one line, and only the outcomes that she allows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final, cast

from msgspec import Struct

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.access import grounds_of
from spheres_core.facts import Message, msg
from spheres_core.foundation.languages.localization import Locale, Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants import safe_contact as rule
from spheres_core.participants.queries import safe_contact as queries
from spheres_core.participants.queries.access import find_for_caller, require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.safe_contact import (
    CHANNELS,
    WEEKDAYS,
    Answers,
    Channel,
    ChannelContact,
    ContactAllowed,
    ContactLine,
    Outcome,
    Reason,
    SafeContact,
    SafeContactRead,
    SafeHours,
    Texts,
    TitledCode,
)

OUTCOMES: Final[Mapping[Outcome, Message]] = {
    "reached": msg("Reached her"),
    "no_answer": msg("No answer"),
    "voicemail_left": msg("Left a message on voicemail"),
    "message_left": msg("Left a message with whoever answered"),
    "somebody_else": msg("Somebody else answered; nothing was said"),
    "wrong_person": msg("A wrong person"),
    "sent": msg("Sent"),
    "bounced": msg("It came back"),
    "she_reached_us": msg("She came to us"),
}
ANSWERS: Final[Mapping[Answers, Message]] = {
    "only_her": msg("Speak to nobody but her."),
    "somebody_safe": msg("Somebody whom she trusts may answer."),
    "anybody": msg("Anybody may answer."),
}


async def read_section(ctx: Context, access: ParticipantAccess) -> SafeContactRead:
    """Returns her safe contact for a caller who may read it, with what it means at this moment."""
    kept = await queries.latest(ctx, access)
    if kept is None:
        return SafeContactRead(access.code, 0, SafeContact(), [], None, None)
    lines = contact_lines(ctx, kept.record)
    return SafeContactRead(
        access.code, kept.row.version, kept.record, lines, kept.row.recorded_at, kept.row.recorded_by
    )


async def safe_contact_of(ctx: Context, code: str, purpose: str | None = None) -> SafeContactRead:
    """Returns the same by her code, and writes to the trail that it was read. Raises `ParticipantUnknown`."""
    access = await find_for_caller(ctx, code, purpose)
    allowed = require_class(ctx, access, "safe_contact")
    details = {"purpose": access.purpose, **grounds_of(allowed)}
    await audit.record(ctx, "safe_contact.read", subject=("participant", access.id), details=details)
    return await read_section(ctx, access)


def contact_lines(ctx: Context, record: SafeContact) -> list[ContactLine]:
    """Returns a line for each channel that she named, in her order."""
    texts = queries.texts_of(ctx)
    return [contact_line(ctx, record, each, texts) for each in record.channels]


def contact_line(ctx: Context, record: SafeContact, contact: ChannelContact, texts: Texts) -> ContactLine:
    """Returns what stands inside the act of contacting her by this channel at this moment."""
    asked, confirmed_for = queries.asked_of(ctx, record, contact.channel, ctx.now), queries.confirmed_for(ctx)
    sendable = rule.sendable_texts(record, asked, confirmed_for=confirmed_for, texts=texts)
    decided = rule.may_reach(record, asked, confirmed_for=confirmed_for, texts=texts)
    refusal = None
    if not isinstance(decided, ContactAllowed):
        refusal = TitledCode(decided.reason, str(ctx.locale.say(rule.REASONS[decided.reason])))
    return ContactLine(
        channel=contact.channel,
        title=str(ctx.locale.say(CHANNELS[contact.channel])),
        value=contact.value,
        allowed=refusal is None,
        refusal=refusal,
        line=" ".join(_sentences(ctx, contact)),
        confirmed_on=contact.confirmed_on,
        code_word=contact.code_word,
        outcomes=[TitledCode(each, str(ctx.locale.say(OUTCOMES[each]))) for each in decided.outcomes],
        texts=[TitledCode(code, texts[code][asked.language]) for code in sendable],
    )


class Way(Struct, frozen=True):
    """A channel as it stands on pages of her file, in texts that know their language."""

    channel: Channel
    title: Text
    allowed: bool
    refusal: Reason | None
    """Why she may not be contacted by it at this moment."""
    sentences: list[Text]
    next_moment: dt.datetime | None
    """When she said that she would come back by herself."""


def ways_of(ctx: Context, record: SafeContact) -> list[Way]:
    """Returns a way for each channel that she named, in her order."""
    ways = []
    for contact, line in zip(record.channels, contact_lines(ctx, record), strict=True):
        refusal = cast(Reason, line.refusal.code) if line.refusal else None
        sentences = _sentences(ctx, contact)
        if refusal in ("stale", "outside_hours", "no_channel"):  # the others are among the sentences
            sentences.insert(0, ctx.locale.say(rule.REASONS[refusal]))
        title = ctx.locale.say(CHANNELS[contact.channel])
        moment = contact.next_moment if contact.she_contacts_us else None
        ways.append(Way(contact.channel, title, line.allowed, refusal, sentences, moment))
    return ways


def _sentences(ctx: Context, contact: ChannelContact) -> list[Text]:
    locale = ctx.locale
    said: list[Text] = []
    if contact.she_contacts_us:
        said.append(locale.say(rule.REASONS["she_contacts_us"]))
    else:
        said.append(locale.say(ANSWERS[contact.answers]))
        if contact.channel == "phone":
            spoken = msg("Voicemail is fine.") if contact.voicemail else msg("Leave nothing on voicemail.")
            said.append(locale.say(spoken))
        said += [_hours(locale, each) for each in contact.hours] or [locale.say("She has named no hour.")]
    if contact.unsafe_since is not None:
        said.append(locale.say(rule.REASONS["unsafe"]))
    if contact.confirmed_on is None:
        said.append(locale.say(rule.REASONS["never_confirmed"]))
    else:
        said.append(locale.say("She last confirmed it on {day}.", day=contact.confirmed_on))
    return said


def _hours(locale: Locale, hours: SafeHours) -> Text:
    days = _days(locale, hours)
    if (hours.opens, hours.closes) == ("00:00", "24:00"):
        spoken = locale.say("day and night")
    else:
        first, last = (dt.time.fromisoformat(clock.replace("24:", "00:")) for clock in (hours.opens, hours.closes))
        spoken = locale.say("{first} to {last}", first=first, last=last)
    return locale.say("Safe hours: {days}, {hours}.", days=days, hours=spoken)


def _days(locale: Locale, hours: SafeHours) -> Text:
    """Returns the days in words: all of them, a run of three or more as its first and last, or one by one."""
    numbers = sorted(WEEKDAYS.index(day) for day in hours.days)
    if len(numbers) == len(WEEKDAYS):
        return locale.say("every day")
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        first, last = locale.weekday(numbers[0]), locale.weekday(numbers[-1])
        return locale.say("{first} to {last}", first=first, last=last)
    return locale.listed([locale.weekday(number) for number in numbers])

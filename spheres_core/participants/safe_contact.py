"""The rule by which every contact with a participant is decided. What her safe contact does not say is not allowed."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Iterator
from typing import Final

from msgspec import structs

from spheres_core.facts import Message, Problem, msg
from spheres_core.foundation.content.text_comparison import fold_letters
from spheres_core.participants.contact_texts import FIRST, VOICEMAIL
from spheres_core.participants.schemas.safe_contact import (
    WEEKDAYS,
    WRITTEN,
    Channel,
    ChannelContact,
    ContactAllowed,
    ContactAsked,
    ContactRefused,
    Outcome,
    Reason,
    Reply,
    SafeContact,
    SafeHours,
    Texts,
)

REASONS: Final[dict[Reason, Message]] = {
    "no_record": msg("It is not written down how she can safely be reached."),
    "no_channel": msg("She has not said that this is safe."),
    "she_contacts_us": msg("She comes back to us by herself."),
    "unsafe": msg("This is not safe any more, until she says so again."),
    "never_confirmed": msg("She has not confirmed that this is safe."),
    "stale": msg("It is long ago that she confirmed this. Ask her when you see her."),
    "outside_hours": msg("Not at this hour."),
    "no_text": msg("Choose one of the proofread texts."),
    "unknown_text": msg("This text is not one of the proofread ones."),
    "not_in_this_language": msg("This text is not there in her language."),
    "first_text_unanswered": msg("Not before she has answered the first text with her word."),
    "no_voicemail": msg("She does not want a message on voicemail."),
}


def may_contact(
    record: SafeContact | None, asked: ContactAsked, *, confirmed_for: dt.timedelta, texts: Texts
) -> ContactAllowed | ContactRefused:
    """Decides whether a contact may be made, and what can be noted of it.

    `confirmed_for`: how long a confirmation holds. `texts`: the proofread ones, as `contact_texts` gives them.
    """
    contact = find_channel(record, asked.channel)
    reason = next(_reasons_against(record, contact, asked, confirmed_for, texts), None)
    if reason is not None or contact is None:
        return ContactRefused(reason or "no_channel")
    return ContactAllowed(outcomes(contact))


def sendable_texts(
    record: SafeContact | None, asked: ContactAsked, *, confirmed_for: dt.timedelta, texts: Texts
) -> tuple[str, ...]:
    """Returns the proofread texts that may go out by this channel at this moment; none where nothing may."""
    return tuple(_sendable(record, asked, confirmed_for, texts))


def _sendable(
    record: SafeContact | None, asked: ContactAsked, confirmed_for: dt.timedelta, texts: Texts
) -> Iterator[str]:
    for text in texts:
        with_text = structs.replace(asked, text=text)
        if isinstance(may_contact(record, with_text, confirmed_for=confirmed_for, texts=texts), ContactAllowed):
            yield text


def may_reach(
    record: SafeContact | None, asked: ContactAsked, *, confirmed_for: dt.timedelta, texts: Texts
) -> ContactAllowed | ContactRefused:
    """Decides whether she may be reached at all by a channel: where only texts go out, by one of them."""
    text = next(_sendable(record, asked, confirmed_for, texts), "") if asked.channel in WRITTEN else ""
    asked = structs.replace(asked, text=text)
    return may_contact(record, asked, confirmed_for=confirmed_for, texts=texts)


def _reasons_against(
    record: SafeContact | None,
    contact: ChannelContact | None,
    asked: ContactAsked,
    confirmed_for: dt.timedelta,
    texts: Texts,
) -> Iterator[Reason]:
    if record is None:
        yield "no_record"
        return
    if contact is None or not contact.value.strip():
        yield "no_channel"
        return
    if contact.she_contacts_us:
        yield "she_contacts_us"
    if contact.unsafe_since is not None:
        yield "unsafe"
    today = asked.at.date()
    if contact.confirmed_on is None or contact.confirmed_on > today:
        yield "never_confirmed"
    elif today - contact.confirmed_on > confirmed_for:
        yield "stale"
    if not any(_is_within(hours, asked.at) for hours in contact.hours):
        yield "outside_hours"
    yield from _reasons_against_text(contact, asked, texts)


def _reasons_against_text(contact: ChannelContact, asked: ContactAsked, texts: Texts) -> Iterator[Reason]:
    """Yields what stands against the words: more than a first text is written only after she answered with her word."""
    if not asked.text:
        if contact.channel in WRITTEN:
            yield "no_text"
        return
    if asked.text not in texts or (contact.channel in WRITTEN) == (asked.text in VOICEMAIL):
        yield "unknown_text"
        return
    if contact.channel == "in_person":
        yield "unknown_text"
    if not texts[asked.text].get(asked.language):
        yield "not_in_this_language"
    if contact.channel == "phone" and not contact.voicemail:
        yield "no_voicemail"
    is_first = asked.text in FIRST
    if contact.channel in WRITTEN and not is_first and not (contact.code_word.strip() and asked.reply == "right"):
        yield "first_text_unanswered"


def _is_within(hours: SafeHours, at: dt.datetime) -> bool:
    return WEEKDAYS[at.weekday()] in hours.days and hours.opens <= at.strftime("%H:%M") < hours.closes


def find_channel(record: SafeContact | None, channel: Channel) -> ChannelContact | None:
    """Returns what the record says of a channel; None when it says nothing."""
    return next((each for each in record.channels if each.channel == channel), None) if record else None


def outcomes(contact: ChannelContact) -> tuple[Outcome, ...]:
    """Returns what can be noted of a contact by this channel. What she excluded is not among it."""
    if contact.she_contacts_us:
        return ("she_reached_us",)
    if contact.channel in WRITTEN:
        return ("sent", "bounced", "wrong_person", "she_reached_us")
    found: list[Outcome] = ["reached", "no_answer", "somebody_else", "wrong_person"]
    if contact.channel == "phone" and contact.voicemail:
        found.append("voicemail_left")
    if contact.answers != "only_her" and contact.message_with_others:
        found.append("message_left")
    return (*found, "she_reached_us")


def reply_of(contact: ChannelContact, said: str) -> Reply:
    """Tells what she answered to a first text. Whatever it is, the next that is visible to others is the same."""
    if contact.duress_word.strip() and _is_same_word(said, contact.duress_word):
        return "duress"
    if contact.code_word.strip() and _is_same_word(said, contact.code_word):
        return "right"
    return "wrong" if said.strip() else "none"


def _is_same_word(one: str, other: str) -> bool:
    return hmac.compare_digest(*(" ".join(fold_letters(each).split()).encode() for each in (one, other)))


def confirmed(record: SafeContact, channel: Channel, on: dt.date, *, safe: bool) -> SafeContact:
    """Returns the record with a channel that was confirmed, or that turned out not to be safe."""
    change = {"confirmed_on": on, "unsafe_since": None} if safe else {"unsafe_since": on}
    changed = (structs.replace(each, **change) if each.channel == channel else each for each in record.channels)
    return structs.replace(record, channels=tuple(changed))


def problems_with(record: SafeContact, today: dt.date) -> Iterator[Problem]:
    """Yields what stands against keeping a record: what it says twice, or what could never be meant."""
    seen: set[Channel] = set()
    for number, each in enumerate(record.channels):
        place = f"safe_contact.channels.{number}"
        if each.channel in seen:
            yield Problem(msg("Each channel stands here once."), path=f"{place}.channel")
        seen.add(each.channel)
        if each.confirmed_on is not None and each.confirmed_on > today:
            yield Problem(msg("This day has not come yet."), path=f"{place}.confirmed_on")
        if each.code_word.strip() and _is_same_word(each.code_word, each.duress_word):
            yield Problem(msg("The two words must be different."), path=f"{place}.duress_word")
        for at, hours in enumerate(each.hours):
            if hours.closes <= hours.opens:
                yield Problem(msg("The end comes after the beginning."), path=f"{place}.hours.{at}.closes")

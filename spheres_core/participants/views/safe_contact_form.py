"""Reads the forms in which her safe contact is written: one channel at a time, and the people around her."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Final, cast, get_args
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.web.posts import Post
from spheres_core.participants.schemas.safe_contact import (
    WEEKDAYS,
    Answers,
    Channel,
    ChannelContact,
    Relation,
    SafeContact,
    SafeHours,
    ThirdParty,
)

LONGEST: Final[Mapping[str, int]] = {"value": 300, "code_word": 60, "duress_word": 60}
MOST_HOURS: Final = 20
MOST_AROUND: Final = 20
LONGEST_INSTRUCTION: Final = 500
HOW_TO_WRITE_A_TIME: Final = msg("Write the hour as 09:00 or 24:00.")
_TIME: Final = re.compile(r"(\d{1,2})\s*[:h]?\s*(\d{2})?")


class HoursRow(Struct, frozen=True):
    """A row of hours in the form."""

    days: tuple[str, ...] = ()
    opens: str = ""
    closes: str = ""


class AroundRow(Struct, frozen=True):
    """A row about somebody around her in the form."""

    relation: str = ""
    instruction: str = ""


def hours_rows(sent: Post | None, contact: ChannelContact) -> list[HoursRow]:
    """Returns the rows of hours to show: what was sent or what is kept, with a blank one after it."""
    if sent is not None:
        return [*_hours_sent(sent)] or [HoursRow()]
    rows = [HoursRow(each.days, each.opens, each.closes) for each in contact.hours]
    return [*rows, HoursRow()][:MOST_HOURS]


def around_rows(sent: Post | None, record: SafeContact) -> list[AroundRow]:
    """Returns the rows about people around her to show: what was sent or what is kept, with two blank ones after it."""
    if sent is not None:
        return [*_around_sent(sent)] or [AroundRow()]
    rows = [AroundRow(each.relation, each.instruction) for each in record.around_her]
    return [*rows, AroundRow(), AroundRow()][:MOST_AROUND]


def channel_of(
    sent: Post, channel: Channel, before: ChannelContact | None, *, today: dt.date, zone: ZoneInfo
) -> ChannelContact:
    """Returns the channel as it was sent; what is wrong with it goes into `sent.problems`.

    What she once confirmed stays confirmed only where nothing else changed.
    """
    for name, most in LONGEST.items():
        if len(sent[name]) > most:
            sent.problems[name] = msg("Write at most {most} characters.", most=most)
    written = ChannelContact(
        channel=channel,
        value=sent["value"].strip(),
        answers=cast(Answers, sent["answers"]) if sent["answers"] in get_args(Answers) else "only_her",
        message_with_others=bool(sent["message_with_others"]),
        hours=tuple(_hours(sent)),
        voicemail=bool(sent["voicemail"]),
        code_word=sent["code_word"].strip(),
        duress_word=sent["duress_word"].strip(),
        she_contacts_us=bool(sent["she_contacts_us"]),
        next_moment=_moment(sent, zone),
    )
    if sent["confirmed"]:
        return structs.replace(written, confirmed_on=today)
    if before is None:
        return written
    same = structs.replace(before, confirmed_on=None, unsafe_since=None) == written
    return structs.replace(
        written, confirmed_on=before.confirmed_on if same else None, unsafe_since=before.unsafe_since
    )


def with_channel(record: SafeContact, contact: ChannelContact) -> SafeContact:
    """Returns the record with a channel in its place, or after the others."""
    if contact.channel not in {each.channel for each in record.channels}:
        return structs.replace(record, channels=(*record.channels, contact))
    channels = (contact if each.channel == contact.channel else each for each in record.channels)
    return structs.replace(record, channels=tuple(channels))


def without_channel(record: SafeContact, channel: Channel) -> SafeContact:
    """Returns the record without a channel: nothing goes out by it then."""
    return structs.replace(record, channels=tuple(each for each in record.channels if each.channel != channel))


def around_of(sent: Post, record: SafeContact, *, languages: tuple[str, ...]) -> SafeContact:
    """Returns the record with the people around her and her language as they were sent."""
    around = []
    for number, row in enumerate(_around_sent(sent)):
        if row.relation not in get_args(Relation) and not row.instruction:
            continue
        if row.relation not in get_args(Relation):
            sent.problems[f"around.{number}.relation"] = msg("Choose who it is.")
        elif not row.instruction:
            sent.problems[f"around.{number}.instruction"] = msg("Say what to do for her safety.")
        elif len(row.instruction) > LONGEST_INSTRUCTION:
            problem = msg("Write at most {most} characters.", most=LONGEST_INSTRUCTION)
            sent.problems[f"around.{number}.instruction"] = problem
        else:
            around.append(ThirdParty(cast(Relation, row.relation), row.instruction))
    language = sent["language"] if sent["language"] in languages else ""
    return structs.replace(record, around_her=tuple(around), language=language)


def problems_by_field(refusal: Refusal) -> dict[str, Message]:
    """Returns what stands against a record by the field of the form that it is about."""
    found = {re.sub(r"^safe_contact\.channels\.\d+\.", "", each.path): each.message for each in refusal.errors}
    return {name: said for name, said in found.items() if isinstance(said, Message)}


def _hours_sent(sent: Post) -> Iterator[HoursRow]:
    for number in range(MOST_HOURS):
        start = f"hours.{number}"
        if not any(name.startswith(f"{start}.") for name, _ in sent.pairs):
            return
        yield HoursRow(tuple(sent.every(f"{start}.days")), sent[f"{start}.opens"], sent[f"{start}.closes"])


def _around_sent(sent: Post) -> Iterator[AroundRow]:
    for number in range(MOST_AROUND):
        start = f"around.{number}"
        if not any(name.startswith(f"{start}.") for name, _ in sent.pairs):
            return
        yield AroundRow(sent[f"{start}.relation"], sent[f"{start}.instruction"].strip())


def _hours(sent: Post) -> Iterator[SafeHours]:
    for number, row in enumerate(_hours_sent(sent)):
        days = tuple(day for day in WEEKDAYS if day in row.days)
        if not days and not row.opens.strip() and not row.closes.strip():
            continue
        if not days:
            sent.problems[f"hours.{number}.days"] = msg("Choose the days.")
        clocks = {name: _clock(getattr(row, name)) for name in ("opens", "closes")}
        for name, clock in clocks.items():
            if clock is None:
                sent.problems[f"hours.{number}.{name}"] = HOW_TO_WRITE_A_TIME
        opens, closes = clocks["opens"], clocks["closes"]
        if days and opens is not None and closes is not None:
            if closes <= opens:
                sent.problems[f"hours.{number}.closes"] = msg("The end comes after the beginning.")
            yield SafeHours(days, opens, closes)


def _clock(text: str) -> str | None:
    """Returns a time of day as it is kept; None for none that there is."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return f"{hour:02}:{minute:02}" if (hour < 24 and minute < 60) or (hour, minute) == (24, 0) else None


def _moment(sent: Post, zone: ZoneInfo) -> dt.datetime | None:
    """Returns the moment at which she comes back, of a day and an hour that were typed."""
    day = sent.day("next_day", required=False)
    if day is None:
        return None
    clock = _clock(sent["next_time"]) if sent["next_time"].strip() else "12:00"
    if clock is None or clock == "24:00":
        sent.problems["next_time"] = HOW_TO_WRITE_A_TIME
        return None
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), zone).astimezone(dt.UTC)

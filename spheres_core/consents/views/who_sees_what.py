"""The page that a participant reads with her worker: who may see what, why, until when; and what has left.

It names no member of staff: she is told of them by people.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from spheres_core.consents.queries.ledger import StoredConsent, StoredEntry
from spheres_core.consents.queries.who_sees_what import WhoSeesWhat
from spheres_core.consents.schemas import FIRST_DAY, FOREVER, LAST_DAY, NO_ORGANIZATION, TEAM, Disclosure
from spheres_core.consents.views.plain_words import GIVERS, KINDS, MAY, STATES, TEAM_NAME, WHAT, WHY
from spheres_core.facts import Words, msg
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context


class SharedLine(Struct, frozen=True):
    """One thing that one recipient may do."""

    id: UUID
    what: str
    may: str
    why: str
    until: str
    days: str | None
    """Which days it may be about, where not all."""
    closes_her_file: bool
    """Whether nobody may open her file any more once it is stopped."""


class Recipient(Struct, frozen=True):
    """Somebody to whom something is open, with each line of it."""

    name: Text
    lines: list[SharedLine]


class LeftLine(Struct, frozen=True):
    """Something that has left for another organization."""

    day: dt.date
    what: str
    to: Text


class Conversation(Struct, frozen=True):
    """One conversation in which something was agreed to."""

    id: UUID
    title: str
    day: dt.date
    who: Text
    state: str
    state_title: str
    needs_parent: bool
    """Whether it waits for a parent or tutor."""
    by_parent: bool
    """Whether a parent or tutor agreed, and may take it back."""
    ends_day: dt.date | None


class WhoSeesWhatShown(Struct, frozen=True):
    """Everything that the page says."""

    recipients: list[Recipient]
    checking: list[str]
    """Sentences about who looks without her consent, and until when."""
    kept_away: list[Text]
    left: list[LeftLine]
    explained_on: dt.date | None
    conversations: list[Conversation]


def who_sees_what_shown(ctx: Context, found: WhoSeesWhat) -> WhoSeesWhatShown:
    """Returns what the page says, in the reader's language."""
    recipients: dict[str, list[SharedLine]] = {}
    for each in found.lines:
        if each.starts <= ctx.now:
            recipients.setdefault(each.recipient, []).append(_line(ctx, each))
    in_order = sorted(recipients, key=lambda key: (key != TEAM, ctx.locale.sort_key(name(ctx, found.names, key))))
    return WhoSeesWhatShown(
        recipients=[Recipient(name(ctx, found.names, key), recipients[key]) for key in in_order],
        checking=[_checking(ctx, each.ends) for each in found.without_consent],
        kept_away=_kept_away(ctx, found),
        left=left_lines(ctx, found.left, found.names),
        explained_on=found.explained[-1].dated_on if found.explained else None,
        conversations=[_conversation(ctx, each) for each in found.conversations],
    )


def left_lines(ctx: Context, left: Sequence[Disclosure], names: Mapping[str, Words]) -> list[LeftLine]:
    """Returns what has left, the newest first."""
    return [
        LeftLine(each.dated_on, what(ctx, each.information), name(ctx, names, each.recipient))
        for each in reversed(left)
    ]


def _line(ctx: Context, row: StoredEntry) -> SharedLine:
    return SharedLine(
        id=row.id, what=what(ctx, row.information), may=ctx.locale.say(MAY[row.act]),
        why=ctx.locale.say(WHY[row.purpose]), until=until(ctx, row.ends), days=_days(ctx, row),
        closes_her_file=closes_her_file(row.recipient, row.information, row.act),
    )  # fmt: skip


def closes_her_file(recipient: str, information: str, act: str) -> bool:
    """Returns whether nobody may open her file any more once such a line is stopped."""
    return (recipient, information, act) == (TEAM, "participation", "read")


def what(ctx: Context, information: str) -> str:
    """Returns what a class is called to her; a plugin's own has its name only."""
    return ctx.locale.say(WHAT[information]) if information in WHAT else information.partition(":")[2]


def until(ctx: Context, ends: dt.datetime) -> str:
    """Returns until when something is open, said to her."""
    if ends >= FOREVER:
        return ctx.locale.say("It has no end date.")
    last = (ends - dt.timedelta(microseconds=1)).astimezone(ctx.zone).date()
    return ctx.locale.say("Until the end of {day}.", day=last)


def _days(ctx: Context, row: StoredEntry) -> str | None:
    first, last = row.first_day > FIRST_DAY, row.last_day < LAST_DAY
    if first and last:
        return ctx.locale.say("Only about the days from {first} to {last}.", first=row.first_day, last=row.last_day)
    if first:
        return ctx.locale.say("Only about the time since {first}.", first=row.first_day)
    return ctx.locale.say("Only about the time up to {last}.", last=row.last_day) if last else None


def name(ctx: Context, names: Mapping[str, Words], key: str) -> Text:
    """Returns what a recipient is called to her."""
    if key == TEAM:
        return ctx.locale.say(TEAM_NAME)
    return ctx.locale.pick(names[key]) if key in names else Text(key, ctx.locale.language)


def _checking(ctx: Context, ends: dt.datetime) -> str:
    return ctx.locale.say(
        "Somebody checks that we keep your things private. That person wrote down why, and stops on {day}.",
        day=ends.astimezone(ctx.zone).date(),
    )


def _kept_away(ctx: Context, found: WhoSeesWhat) -> list[Text]:
    organizations = [each.organization for each in found.exclusions if each.organization != NO_ORGANIZATION]
    people = len({each.staff_id for each in found.exclusions if each.organization == NO_ORGANIZATION})
    names = [name(ctx, found.names, key) for key in dict.fromkeys(organizations)]
    if people:
        names.append(ctx.locale.say_number("One person", "{n} persons", people))
    return names


def _conversation(ctx: Context, row: StoredConsent) -> Conversation:
    state = "withdrawn" if row.withdrawn_at else "ended" if row.ends <= ctx.now else "holds"
    waits = state == "holds" and row.starts >= FOREVER
    who = [ctx.locale.say(GIVERS[row.giver])]
    if row.also_giver:
        who.append(ctx.locale.say(msg("A parent or tutor said yes too.")))
    return Conversation(
        id=row.id, title=ctx.locale.say(KINDS[row.kind]), day=row.given_on, who=ctx.locale.joined(who, " "),
        state="waits" if waits else state, state_title=ctx.locale.say(STATES["waits" if waits else state]),
        needs_parent=waits,
        by_parent=state == "holds" and (row.giver in ("parent", "tutor") or row.also_giver is not None),
        ends_day=None if row.ends >= FOREVER else row.ends.astimezone(ctx.zone).date(),
    )  # fmt: skip

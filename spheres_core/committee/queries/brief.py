"""Finds what one member may discuss in a meeting, in as many statements for thirty items as for one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from spheres_core.audit import operations as audit
from spheres_core.committee.briefs import Found, SectionFound, agenda_of, brief_of
from spheres_core.committee.queries import agenda, meetings
from spheres_core.committee.queries.agenda import ACT, CLASS
from spheres_core.committee.queries.meeting_names import names_to_discuss
from spheres_core.committee.queries.overdue import OVERDUE, overdue_before
from spheres_core.committee.queries.texts import texts_about
from spheres_core.committee.schemas.agenda import Agenda, Brief, ItemFound
from spheres_core.committee.schemas.meetings import MeetingFound
from spheres_core.consents.operations.disclosures import Left, record_shown
from spheres_core.consents.queries.reach import ReachedOf, classes_to_discuss
from spheres_core.consents.schemas import MEETING_NAME, TEAM
from spheres_core.foundation.tenancy.context import Context

Reached = Mapping[UUID, Mapping[str, ReachedOf]]


async def read_agenda(ctx: Context, meeting: UUID) -> Agenda:
    """Returns the items of a meeting that the actor may discuss, and writes to the trail which were shown, and why.

    Raises `MeetingUnknown`.
    """
    found = await meetings.find_meeting(ctx, meeting)
    reader = await agenda.reader_of(ctx)
    items = await agenda.items_to_discuss(ctx, reader, meeting)
    reached = await classes_to_discuss(ctx, reader, _hers(items))
    codes = await agenda.codes_to_discuss(ctx, reader, items)
    overdue = await overdue_before(ctx, reader, found, _hers(items))
    await _note(ctx, "meeting.agenda_read", found, items, reached, classes={CLASS, "participation"})
    counts = {each: len(lines) for each, lines in overdue.items()}
    return agenda_of(Found(meetings.shown(ctx, found), items, codes, counts))


async def read_brief(ctx: Context, meeting: UUID) -> Brief:
    """Returns everything that the actor may discuss in a meeting, and writes to the trail what was shown, and why.

    Raises `MeetingUnknown`.
    """
    found = await meetings.find_meeting(ctx, meeting)
    reader = await agenda.reader_of(ctx)
    items = await agenda.items_to_discuss(ctx, reader, meeting)
    reached = await classes_to_discuss(ctx, reader, _hers(items))
    codes = await agenda.codes_to_discuss(ctx, reader, items)
    called = await names_to_discuss(ctx, reader, _hers(items))
    said = await texts_about(ctx, reader, [each.id for each in items], act="discuss")
    overdue = await overdue_before(ctx, reader, found, _hers(items))
    sections = [
        SectionFound("recommendations", str(ctx.locale.say(OVERDUE)), CLASS, overdue),
        *(await _sections(ctx, reader, items, reached)),
    ]
    await _note(ctx, "meeting.brief_read", found, items, reached, classes=None, called=called)
    return brief_of(
        Found(
            meetings.shown(ctx, found), items, codes, {each: len(lines) for each, lines in overdue.items()},
            {each.id: said.of(each.id, "question") for each in items},
            {
                each.id: said.of(each.id, "wants_said")
                for each in items
                if "own_words" in reached.get(each.participant_id, {})
            },
            sections, called,
        )
    )  # fmt: skip


async def _sections(
    ctx: Context, reader: Mapping[str, Any], items: Sequence[ItemFound], reached: Reached
) -> list[SectionFound]:
    """Returns what each room adds, of those participants whose item may draw on it."""
    found = []
    for section in ctx.plugins.brief_sections:
        about = [
            each.participant_id
            for each in items
            if section.information in each.shares and section.information in reached.get(each.participant_id, {})
        ]
        lines = await section.read(ctx, reader, about) if about else {}
        found.append(SectionFound(section.name, str(ctx.locale.say(section.title)), section.information, lines))
    return found


async def _note(
    ctx: Context, verb: str, meeting: MeetingFound, items: Sequence[ItemFound], reached: Reached,
    *, classes: set[str] | None, called: Collection[UUID] = (),
) -> None:  # fmt: skip
    """Writes to the trail what was shown under which lines, and what so leaves for the actor's organization.

    `classes`: those that were shown; None for all that each item may draw on. `called`: participants whose name for
    meetings was shown, too.
    """
    left, used = [], []
    for each in items:
        wanted = classes or {CLASS, "participation", "own_words", *each.shares}
        if each.participant_id in called:
            wanted = wanted | {MEETING_NAME}
        for information, by in reached.get(each.participant_id, {}).items():
            if information in wanted and by.entry is not None:
                used.append(by)
                left.append(Left(each.participant_id, each.id, information, by.entry))
    details: dict[str, Any] = {"meeting": str(meeting.id)}
    let_by = (sorted({by.standing for by in used}), sorted({by.entry for by in used if by.entry}))
    if called:
        details["called"] = [str(each.id) for each in items if each.participant_id in called]
    shown = [each.id for each in items]
    await audit.record(ctx, verb, subject=("meeting", meeting.id), shown=shown, details=details, let_by=let_by)
    await record_shown(ctx, ctx.actor.organization or TEAM, "committee", left, kind=ACT)


def _hers(items: Sequence[ItemFound]) -> list[UUID]:
    return [each.participant_id for each in items]

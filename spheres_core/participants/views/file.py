"""A participant's file: the sections that rooms register, with what the caller may read."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from spheres_core.facts import msg
from spheres_core.foundation.plugins.registrations import FileSection, SectionAct, SummaryLine, on_pages_only
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries import access as access_queries
from spheres_core.participants.schemas.files import ParticipantAccess, ParticipantFile
from spheres_core.participants.views.file_frame import (
    OVERVIEW,
    classes_known,
    frame_of,
    record_reading,
    sections_shown,
)


class Recorded(Struct, frozen=True):
    """That she takes part here."""

    participant: str
    """Her code."""


class SectionShown(Struct, frozen=True):
    """A section on the overview."""

    name: str
    title: str
    page: str
    lines: list[SummaryLine]
    empty: str
    """Stands there when there is no line."""
    begins: list[tuple[str, SectionAct]] = []
    """Acts that the reader may begin from here."""


async def read_recorded(ctx: Context, access: ParticipantAccess) -> Recorded:
    """Returns the section that this room itself keeps."""
    return Recorded(access.code)


async def file_of(ctx: Context, code: str, purpose: str | None = None) -> ParticipantFile:
    """Returns her file for the caller, and writes to the trail which classes were shown by which standings.

    Raises `ParticipantUnknown`.
    """
    access = await access_queries.find_for_caller(ctx, code, purpose)
    reached = await access_queries.classes_of(ctx, access)
    known = classes_known(ctx, reached)
    classes: dict[str, dict[str, Any]] = {name: {} for name in known if name in reached}
    for section in ctx.plugins.file_sections:
        if section.read is not on_pages_only and section.information in classes:
            classes[section.information][section.name] = await section.read(ctx, access)
    await record_reading(ctx, access, reached, list(classes))
    return ParticipantFile(access.code, access.purpose, classes, [name for name in known if name not in classes])


async def overview_of(ctx: Context, access: ParticipantAccess) -> dict[str, Any]:
    """Returns what `participants/overview.html` shows: what waits, then each section that the caller may read."""
    reached = await access_queries.classes_of(ctx, access)
    sections, waiting = [], []
    for each in sections_shown(ctx):
        if each.shown is None or each.shown.summarize is None or each.information not in reached:
            continue
        lines = list(await each.shown.summarize(ctx, access))
        title, empty = ctx.locale.say(each.shown.title), ctx.locale.say(each.shown.empty)
        rest = [line for line in lines if not line.waits]
        section = SectionShown(each.name, title, each.shown.page, rest, empty, _begins(ctx, access, each))
        waiting += [(section, line) for line in lines if line.waits]
        if rest or not lines:
            sections.append(section)
    read = tuple(dict.fromkeys(each.information for each in sections_shown(ctx)))
    return {
        "title": ctx.locale.say(msg("Her file")),
        "file": await frame_of(ctx, access, page=OVERVIEW, read=read),
        "waiting": waiting,
        "sections": sections,
    }


def _begins(ctx: Context, access: ParticipantAccess, section: FileSection) -> list[tuple[str, SectionAct]]:
    if section.shown is None or access.purpose not in access_queries.DAILY:
        return []
    writes = access_queries.reaches(ctx, access, section.information, act="write")
    return [
        (ctx.locale.say(each.title), each)
        for each in section.shown.begins
        if writes and (not each.permission or ctx.may(each.permission))
    ]

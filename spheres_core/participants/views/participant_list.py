"""The list of participants with whom the caller has to do: their codes, and what rooms say of each in a column."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from msgspec import Struct

from spheres_core.consents.queries.reader import read_for
from spheres_core.consents.schemas import Purpose
from spheres_core.facts import msg
from spheres_core.foundation.plugins.registrations import ListColumn
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.permissions import DUPLICATES, OPENINGS
from spheres_core.participants.queries.access import list_for_caller
from spheres_core.participants.schemas.files import ParticipantLine, ParticipantPage, ParticipantsShown


class ListedRow(Struct, frozen=True):
    """One participant in the list on a page."""

    code: str
    cells: list[str]
    """One for each column; empty where nothing is known, or nothing may be."""


def participant_page(shown: ParticipantsShown) -> ParticipantPage:
    """Returns the page of the list as the API answers it."""
    lines = [ParticipantLine(each.code, shown.purposes[each.id]) for each in shown.items]
    return ParticipantPage(lines, shown.next)


async def list_page(ctx: Context, *, cursor: str = "") -> dict[str, Any]:
    """Returns what `participants/list.html` shows."""
    shown = await list_for_caller(ctx, cursor=cursor)
    columns = sorted(
        (each.column for each in ctx.plugins.file_sections if each.column is not None), key=lambda column: column.order
    )
    cells = await _cells(ctx, columns, shown)
    return {
        "title": ctx.locale.say(msg("Participants")),
        "columns": [ctx.locale.say(each.title) for each in columns],
        "rows": [ListedRow(each.code, [found.get(each.id, "") for found in cells]) for each in shown.items],
        "next_cursor": shown.next,
        "is_first": not cursor,
        "may_see_openings": ctx.may(OPENINGS),
        "may_decide_duplicates": ctx.may(DUPLICATES),
    }


async def _cells(ctx: Context, columns: list[ListColumn], shown: ParticipantsShown) -> list[dict[UUID, str]]:
    """Returns by column and participant what is said, as the first purpose for which the caller may know it lets it."""
    by_purpose: dict[Purpose, list[UUID]] = defaultdict(list)
    for each in shown.items:
        for purpose in shown.purposes[each.id]:
            by_purpose[purpose].append(each.id)
    cells: list[dict[UUID, str]] = [{} for _ in columns]
    for purpose, ids in by_purpose.items():
        reader = await read_for(ctx, purpose)
        for column, found in zip(columns, cells, strict=True):
            for id, said in (await column.read(ctx, reader, ids)).items():
                found.setdefault(id, said)
    return cells

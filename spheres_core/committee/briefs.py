"""Makes agendas and briefs of what was found for their reader, and of nothing else."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from spheres_core.committee.schemas.agenda import Agenda, AgendaItem, Brief, BriefItem, BriefPart, ItemFound
from spheres_core.committee.schemas.meetings import Meeting
from spheres_core.foundation.plugins.bodies import BriefLine


class SectionFound(Struct, frozen=True):
    """Facts that a section of briefs found of each participant."""

    name: str
    title: str
    information: str
    lines: Mapping[UUID, Sequence[BriefLine]]


class Found(Struct, frozen=True):
    """Everything that was found for one reader of a meeting."""

    meeting: Meeting
    items: Sequence[ItemFound]
    codes: Mapping[UUID, str]
    """By participant."""
    overdue: Mapping[UUID, int]
    """By participant, recommendations of earlier meetings whose day has passed."""
    questions: Mapping[UUID, str] = {}
    """By item."""
    wants_said: Mapping[UUID, str] = {}
    """By item; only of those of which her own words may be discussed."""
    sections: Sequence[SectionFound] = ()
    called: Mapping[UUID, str] = {}
    """By participant, the name that she chose; only of those who let the reader's organization hear it."""


def agenda_of(found: Found) -> Agenda:
    """Returns the agenda that a reader sees; what is overdue stands first."""
    return Agenda(
        found.meeting,
        [
            AgendaItem(
                each.number, found.codes.get(each.participant_id), each.carried,
                found.overdue.get(each.participant_id, 0),
            )
            for each in in_order(found)
        ],
    )  # fmt: skip


def brief_of(found: Found) -> Brief:
    """Returns the brief that a reader sees, in the order of the agenda."""
    return Brief(found.meeting, [_brief_item(found, each) for each in in_order(found)])


def in_order(found: Found) -> list[ItemFound]:
    """Returns items as they are discussed: those with something overdue first, then by their numbers."""
    return sorted(found.items, key=lambda each: (not found.overdue.get(each.participant_id), each.number))


def _brief_item(found: Found, item: ItemFound) -> BriefItem:
    of = item.participant_id
    parts = [
        BriefPart(each.name, each.title, list(each.lines[of]))
        for each in found.sections
        if each.lines.get(of) and (each.information == "committee" or each.information in item.shares)
    ]
    return BriefItem(
        found.wants_said.get(item.id), item.number, found.codes.get(of), found.questions.get(item.id, ""), item.carried,
        parts, found.called.get(of),
    )  # fmt: skip

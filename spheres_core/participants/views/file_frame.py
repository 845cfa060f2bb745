"""The frame of every page of a participant's file: her code, how she can safely be reached, the sections."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from spheres_core.audit import operations as audit
from spheres_core.consents.queries import grounds
from spheres_core.consents.queries.reach import Reached
from spheres_core.consents.schemas import CLASSES, TEAM
from spheres_core.foundation.plugins.registrations import FileSection
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries import safe_contact as safe_contacts
from spheres_core.participants.queries.access import DAILY, classes_of, reaches
from spheres_core.participants.queries.duplicates import same_as
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.safe_contact import SafeContact
from spheres_core.participants.views.safe_contact import Way, ways_of

OVERVIEW: Final = "participant_file"
"""The page on which each section says what is most important in it."""


class SectionLink(Struct, frozen=True):
    """A section's page in the frame."""

    title: str
    page: str
    current: bool


class FileFrame(Struct, frozen=True):
    """The frame around a page of her file."""

    code: str
    ways: list[Way] | None
    """How she can be reached by each channel; None for a reader whom it is withheld from."""
    contact_version: int
    """The version of her safe contact; 0 when nothing is written down."""
    may_confirm: bool
    """Whether the reader may note that a channel is still safe."""
    same_as: list[tuple[str, bool]]
    """Her other files, as somebody decided, by their codes; and whether her file goes on there."""
    sections: list[SectionLink]
    """Pages that the reader may open, in order."""
    withheld: list[str]
    """The names of the other classes of information, whether or not something is kept of them."""
    page: str
    """The name of the page that stands in it."""
    query: str
    """The purpose, as it goes on in addresses; empty for one of every day."""


async def frame_of(ctx: Context, access: ParticipantAccess, *, page: str, read: tuple[str, ...] = ()) -> FileFrame:
    """Returns the frame of a named page, and writes to the trail which classes were read and what let them be.

    `read`: classes of information that the page shows besides.
    """
    reached = await classes_of(ctx, access)
    kept = await safe_contacts.latest(ctx, access) if "safe_contact" in reached else None
    record = kept.record if kept else SafeContact()
    shown = [name for name in dict.fromkeys(("participation", "safe_contact", *read)) if name in reached]
    await record_reading(ctx, access, reached, shown)
    return FileFrame(
        code=access.code,
        ways=ways_of(ctx, record) if "safe_contact" in reached else None,
        contact_version=kept.row.version if kept else 0,
        may_confirm=reaches(ctx, access, "safe_contact", act="write"),
        same_as=await same_as(ctx, access),
        sections=[
            SectionLink(ctx.locale.say(each.shown.title), each.shown.page, each.shown.page == page)
            for each in sections_shown(ctx)
            if each.shown is not None
            and each.shown.page
            and each.information in reached
            and (not each.shown.permission or ctx.may(each.shown.permission))
            and (not each.shown.team_only or access.decided.recipient == TEAM)
        ],
        withheld=[class_title(ctx, name) for name in classes_known(ctx, reached) if name not in reached],
        page=page,
        query="" if access.purpose in DAILY else f"?purpose={access.purpose}",
    )


def sections_shown(ctx: Context) -> list[FileSection]:
    """Returns the sections that stand on pages, in order."""
    on_pages = [each for each in ctx.plugins.file_sections if each.shown is not None]
    return sorted(on_pages, key=lambda each: each.shown.order if each.shown else 0)


def classes_known(ctx: Context, reached: dict[str, list[Reached]]) -> list[str]:
    """Returns every class of information that there is here: the core's, then those of sections and of plugins."""
    return list(dict.fromkeys([*CLASSES, *(each.information for each in ctx.plugins.file_sections), *reached]))


def class_title(ctx: Context, name: str) -> str:
    """Returns what a class of information is called; a plugin's own has its name only."""
    return ctx.locale.say(CLASSES[name]) if name in CLASSES else name


async def record_reading(
    ctx: Context, access: ParticipantAccess, reached: dict[str, list[Reached]], classes: list[str]
) -> None:
    """Writes to the trail that classes of a file were read, with the standing and the entry that let each be."""
    details = {"purpose": access.purpose, "classes": classes}
    let_by = grounds.let_by([reached[name][0] for name in classes])
    await audit.record(ctx, "participant.file_read", subject=("participant", access.id), details=details, let_by=let_by)

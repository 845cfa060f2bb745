"""Hooks that ask rooms and plugins what they bring, once for a plugin set."""

from typing import TYPE_CHECKING, Any

from spheres_core.hook_versions import hookspec

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from msgspec import Struct

    from spheres_core.foundation.content.packs import PackReader
    from spheres_core.foundation.plugins.bodies import Body, BriefSection
    from spheres_core.foundation.plugins.registrations import (
        Command,
        DaySection,
        Duty,
        FileSection,
        NavigationItem,
        Notifier,
        Permission,
        RecordAct,
        RecordKind,
        Report,
        Role,
        TimelineActs,
        TrailEffect,
        TrailVerb,
    )
    from spheres_core.foundation.plugins.schedules import Schedule
    from spheres_core.foundation.tenancy.context import Context


@hookspec(since="0.1")
def register_settings() -> "type[Struct]":  # type: ignore[empty-body]
    """Returns the frozen struct of this room's or plugin's settings; every field has a default.

    A tenant sets them under `[settings.<room or plugin id>]`; unknown keys are refused with file, line and key.
    """


@hookspec(since="0.1")
def register_roles() -> "Sequence[Role]":  # type: ignore[empty-body]
    """Returns the roles that exist here. A plugin's begin with its id and a dot, and are declared in `plugin.toml`.

    An administrator gives them to members of staff as she gives the core's. A role carries what permissions say of it,
    and only a plugin's own permissions can name its roles.
    """


@hookspec(since="0.1")
def register_permissions() -> "Sequence[Permission]":  # type: ignore[empty-body]
    """Returns the permissions that exist here, and the roles that have them. A plugin's begin with its id and a dot.

    They are declared in `plugin.toml`, so that an administrator sees them before the plugin is on.
    """


@hookspec(since="0.1")
def register_pack_readers() -> "Sequence[PackReader]":  # type: ignore[empty-body]
    """Returns the readers of the content files that this room reads from a pack. Rooms of the core only."""


@hookspec(since="0.1")
def register_record_kinds() -> "Sequence[RecordKind]":  # type: ignore[empty-body]
    """Returns the kinds of records of this room on which extra questions are asked. Rooms of the core only."""


@hookspec(since="0.1")
def register_record_acts() -> "Sequence[RecordAct]":  # type: ignore[empty-body]
    """Returns acts of this room that the page of another room's record leads to. Rooms of the core only."""


@hookspec(since="0.1")
def register_duties() -> "Sequence[Duty]":  # type: ignore[empty-body]
    """Returns what a member of staff hands over before her account may close. Rooms of the core only."""


@hookspec(since="0.1")
def register_file_sections() -> "Sequence[FileSection]":  # type: ignore[empty-body]
    """Returns the sections of a participant's file that this room keeps. Rooms of the core only."""


@hookspec(since="0.1")
def register_day_sections() -> "Sequence[DaySection]":  # type: ignore[empty-body]
    """Returns what waits for a worker and this room keeps: parts of her day. Rooms of the core only."""


@hookspec(since="0.1")
def register_bodies() -> "Sequence[Body]":  # type: ignore[empty-body]
    """Returns bodies in which partners meet here, besides the Clinical and the Steering Committee. They get seats,
    meetings and agendas as those do, and nothing of a participant that the ledger does not let each member discuss."""


@hookspec(since="0.1")
def register_brief_sections() -> "Sequence[BriefSection]":  # type: ignore[empty-body]
    """Returns what this room adds to a committee member's brief. Rooms of the core only."""


@hookspec(since="0.1")
def register_timeline_acts() -> "Sequence[TimelineActs]":  # type: ignore[empty-body]
    """Returns the acts that this room adds to the timeline of a participant's file. Rooms of the core only."""


@hookspec(since="0.1")
def register_trail_effects() -> "Sequence[TrailEffect]":  # type: ignore[empty-body]
    """Returns what this room does in the transaction in which one below it records a verb. Rooms of the core only."""


@hookspec(since="0.1")
def register_controllers() -> "Sequence[Any]":  # type: ignore[empty-body]
    """Returns Litestar handlers for JSON. A room's stand under `/api`, a plugin's under `/api/x/<plugin>`.

    Functions marked `get`, `post`, `put`, `patch` or `delete`, each with one of the guards `public`, `signed_in` or
    `requires("<permission>")`. A plugin's named handlers have names that begin with its id and an underscore. No answer
    is cached. A plugin's route that has not answered after 30 seconds has failed.
    """


@hookspec(since="0.1")
def register_pages() -> "Sequence[Any]":  # type: ignore[empty-body]
    """Returns Litestar handlers for pages, under `/<language>`; a plugin's under `/<language>/x/<plugin>`.

    The same holds for them as for controllers.
    """


@hookspec(since="0.1")
def register_navigation() -> "Sequence[NavigationItem]":  # type: ignore[empty-body]
    """Returns the entries of the navigation, and who sees them. A plugin's paths begin with `x/<plugin>`."""


@hookspec(since="0.1")
def register_frame() -> "Callable[[Context], Awaitable[Mapping[str, Any]]]":  # type: ignore[empty-body]
    """Returns a function that gives every page its frame: the way out, the way to reach someone. The site room only."""


@hookspec(since="0.1")
def register_trail_verbs() -> "Sequence[TrailVerb]":  # type: ignore[empty-body]
    """Returns, for each kind of trail entry, what the outbox does: the hook to call with which facts, whom to tell.

    A plugin names its own entries only, `<plugin>.<past participle>`, and gives each a title, and where it
    wants a permission whose holders are notified, and `on_own_entry`.
    """


@hookspec(since="0.1")
def register_schedules() -> "Sequence[Schedule]":  # type: ignore[empty-body]
    """Returns what this plugin does by itself, and at which full hours of the region's day; `on_schedule` does it."""


@hookspec(since="0.1")
def register_commands() -> "Sequence[Command]":  # type: ignore[empty-body]
    """Returns what an operator can do with this plugin: `spheres x <id> <name> --tenant <slug>`.

    Names and titles stand in `plugin.toml` too, so that help shows them without running anything of the plugin.
    """


@hookspec(since="0.1")
def register_reports() -> "Sequence[Report]":  # type: ignore[empty-body]
    """Returns questions over this plugin's own tables, which the core asks: by group, counted and added up.

    They read dates, numbers, codes and organizations, never a free text. Names and titles stand in `plugin.toml` too.
    """


@hookspec(since="0.1")
def register_notifier() -> "Notifier":  # type: ignore[empty-body]
    """Returns how people are told of plugins' entries. The staff room only."""

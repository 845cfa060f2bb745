"""Registers the transfers room with the core."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from spheres_core import hookimpl
from spheres_core.consents.events import about
from spheres_core.facts import msg
from spheres_core.foundation.plugins.registrations import (
    DaySection,
    FileSection,
    NavigationItem,
    Permission,
    SectionPage,
    TrailEffect,
    TrailVerb,
    on_pages_only,
)
from spheres_core.transfers import controllers, events
from spheres_core.transfers.models import TransferRow
from spheres_core.transfers.operations import endings
from spheres_core.transfers.pages import received, transfers
from spheres_core.transfers.permissions import ANSWER
from spheres_core.transfers.queries.transfers import asks_to_tell
from spheres_core.transfers.settings import Settings
from spheres_core.transfers.views import received_page, transfers_page


@hookimpl(trylast=True)
def register_settings() -> type[Struct]:
    return Settings


@hookimpl(trylast=True)
def register_permissions() -> Sequence[Permission]:
    return [
        Permission(ANSWER, msg("Answer when somebody of another region would like to go on here"), ("coordinator",))
    ]


@hookimpl(trylast=True)
def register_pages() -> Sequence[Any]:
    return [*transfers.HANDLERS, *received.HANDLERS]


@hookimpl(trylast=True)
def register_navigation() -> Sequence[NavigationItem]:
    title, there = msg("From other regions"), received_page.exchanges
    return [NavigationItem("staff/transfers", title, "staff", ANSWER, order=13, there=there)]


@hookimpl(trylast=True)
def register_day_sections() -> Sequence[DaySection]:
    return [
        DaySection("transfers", msg("Tell her how it ended"), transfers_page.lines_to_tell, order=5, asks=asks_to_tell)
    ]


@hookimpl(trylast=True)
def register_file_sections() -> Sequence[FileSection]:
    shown = SectionPage(msg("Another region"), 95, page=transfers_page.PAGE)
    return [FileSection("transfers", "participation", read=on_pages_only, shown=shown)]


@hookimpl(trylast=True)
def register_trail_effects() -> Sequence[TrailEffect]:
    return [TrailEffect("consent.withdrawn", endings.end_with_agreement)]


@hookimpl(trylast=True)
def register_controllers() -> Sequence[Any]:
    return controllers.HANDLERS


@hookimpl(trylast=True)
def register_trail_verbs() -> Sequence[TrailVerb]:
    change = about("participation", "transfer", TransferRow, ends=True)
    return [
        TrailVerb("transfers.read", msg("A participant's transfers were read")),
        TrailVerb("transfer.previewed", msg("It was looked at what would go to another region")),
        TrailVerb(
            "transfer.offered",
            msg("A file was offered to another region"),
            cross=events.send_offer,
            hook="on_participation_changed",
            load_for=change,
        ),
        TrailVerb(
            "transfer.withdrawn",
            msg("An offer to another region was taken back"),
            cross=events.send_outcome,
            hook="on_participation_changed",
            load_for=change,
        ),
        TrailVerb(
            "transfer.expired",
            msg("Another region did not answer in time"),
            cross=events.send_outcome,
            hook="on_participation_changed",
            load_for=change,
        ),
        TrailVerb(
            "transfer.accepted",
            msg("A file closed: it goes on in another region"),
            cross=events.send_outcome,
            hook="on_participation_changed",
            load_for=change,
        ),
        TrailVerb(
            "transfer.refused",
            msg("Another region cannot take a file over"),
            hook="on_participation_changed",
            load_for=change,
        ),
        TrailVerb("transfer.answered_late", msg("Another region answered too late"), cross=events.send_outcome),
        TrailVerb(
            "transfer.told",
            msg("A participant was told how a transfer ended"),
            hook="on_participation_changed",
            load_for=change,
        ),
        TrailVerb("received_transfers.listed", msg("It was looked at who would like to go on here")),
        TrailVerb("received_transfer.arrived", msg("Another region offered a file"), tell=events.notify_answering),
        TrailVerb("received_transfer.accepted", msg("A file of another region was accepted"), cross=events.send_answer),
        TrailVerb("received_transfer.refused", msg("A file of another region was refused"), cross=events.send_answer),
        TrailVerb("received_transfer.begun", msg("A file of another region begins here")),
        TrailVerb("received_transfer.withdrawn", msg("Another region took its offer back")),
        TrailVerb("received_transfer.expired", msg("An offer of another region was not answered in time")),
        TrailVerb("brought.read", msg("It was read what came along from another region")),
    ]

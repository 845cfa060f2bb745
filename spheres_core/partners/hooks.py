"""What the directory answers the core."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from spheres_core import hookimpl
from spheres_core.facts import msg
from spheres_core.foundation.packs import PackReader
from spheres_core.foundation.registry import NavigationItem, Permission, TrailVerb
from spheres_core.partners import directory, directory_controllers, directory_pages, legal, lists, pages
from spheres_core.partners.controllers import match_services, show_emergency_contacts, show_partners
from spheres_core.partners.hsds import controllers as hsds
from spheres_core.partners.hsds import pages as hsds_pages
from spheres_core.partners.keeping import DECIDE, EDIT
from spheres_core.partners.operations import adopt
from spheres_core.partners.showing import PartnersSettings


@hookimpl(trylast=True)
def register_settings() -> type[Struct]:
    return PartnersSettings


@hookimpl(trylast=True)
def register_permissions() -> Sequence[Permission]:
    return [
        Permission(hsds.ADMINISTER, msg("Take other directories in"), roles=("administrator",)),
        Permission(EDIT, msg("Change the region's directory"), roles=("coordinator", "administrator")),
        Permission(DECIDE, msg("Decide what holds where a plugin and this region both changed an entry"),
                   roles=("administrator",)),
    ]  # fmt: skip


@hookimpl(trylast=True)
def register_trail_verbs() -> Sequence[TrailVerb]:
    return [
        TrailVerb("directory.imported", msg("Another directory was taken in")),
        TrailVerb("directory.changed", msg("An entry of the directory was changed here")),
        TrailVerb("directory.decided", msg("A conflict between a plugin and this region was decided")),
    ]


@hookimpl(trylast=True)
def register_pack_readers() -> Sequence[PackReader]:
    return [
        PackReader(directory.TOPIC, directory.PATTERN, directory.read_directory, adopt),
        PackReader(legal.TOPIC, legal.PATTERN, legal.read_legal),
        PackReader("catalogue", "catalogue.toml", lists.read_catalogue),
        PackReader("terms", "terms.toml", lists.read_terms),
    ]


@hookimpl(trylast=True)
def register_controllers() -> Sequence[Any]:
    return [
        show_partners,
        show_emergency_contacts,
        match_services,
        hsds.list_services,
        hsds.show_service,
        hsds.list_organizations,
        hsds.show_organization,
        hsds.import_partners,
        *directory_controllers.HANDLERS,
    ]


@hookimpl(trylast=True)
def register_pages() -> Sequence[Any]:
    hsds_handlers = [hsds_pages.ask_for_a_directory, hsds_pages.take_a_directory]
    return [pages.find_services, pages.answer_services, *hsds_handlers, *directory_pages.HANDLERS]


@hookimpl(trylast=True)
def register_navigation() -> Sequence[NavigationItem]:
    return [NavigationItem("directory", msg("Directory"), "staff", EDIT, order=400)]

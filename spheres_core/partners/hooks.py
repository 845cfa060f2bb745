"""The directory's default answers to hooks."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from spheres_core import hookimpl
from spheres_core.facts import msg
from spheres_core.foundation.content.packs import PackReader
from spheres_core.foundation.plugins.registrations import NavigationItem, Permission, RecordKind, TrailVerb
from spheres_core.partners import code_lists, directory_file, legal_profiles
from spheres_core.partners import permissions as partners_permissions
from spheres_core.partners.controllers import directory as directory_controllers
from spheres_core.partners.controllers.partners import match_services, show_emergency_contacts, show_partners
from spheres_core.partners.hsds import controllers as hsds
from spheres_core.partners.hsds import pages as hsds_pages
from spheres_core.partners.operations import record_kinds
from spheres_core.partners.operations.adopt_directory import adopt
from spheres_core.partners.pages import directory as directory_pages
from spheres_core.partners.pages import directory_additions, services
from spheres_core.partners.permissions import DECIDE, EDIT, EDIT_OWN
from spheres_core.partners.settings import PartnersSettings


@hookimpl(trylast=True)
def register_settings() -> type[Struct]:
    return PartnersSettings


@hookimpl(trylast=True)
def register_permissions() -> Sequence[Permission]:
    return [
        Permission(partners_permissions.ADMINISTER, msg("Take other directories in"), roles=("administrator",)),
        Permission(EDIT, msg("Change the region's directory"), roles=("coordinator", "administrator")),
        Permission(EDIT_OWN, msg("Keep the entries of one's own organization up to date"),
                   roles=("liaison", "coordinator", "administrator")),
        Permission(DECIDE, msg("Decide what holds where a plugin and this region both changed an entry"),
                   roles=("administrator",)),
    ]  # fmt: skip


@hookimpl(trylast=True)
def register_trail_verbs() -> Sequence[TrailVerb]:
    return [
        TrailVerb("directory.adopted", msg("What a plugin brings came into the directory")),
        TrailVerb("directory.imported", msg("Another directory was taken in"), hook="on_directory_changed"),
        TrailVerb("directory.changed", msg("An entry of the directory was changed here"), hook="on_directory_changed"),
        TrailVerb("directory.added", msg("An entry of the directory was written by hand"), hook="on_directory_changed"),
        TrailVerb(
            record_kinds.ANSWERED,
            msg("Extra questions on an entry of the directory were answered"),
            hook="on_directory_changed",
        ),
        TrailVerb("directory.verified", msg("An entry of the directory was checked"), hook="on_directory_changed"),
        TrailVerb("directory.ended", msg("An entry of the directory was given its end"), hook="on_directory_changed"),
        TrailVerb("directory.removed", msg("Entries of the directory were removed"), hook="on_directory_changed"),
        TrailVerb("directory.put_back", msg("An entry of the directory was put back"), hook="on_directory_changed"),
        TrailVerb(
            "directory.decided",
            msg("A conflict between a plugin and this region was decided"),
            hook="on_directory_changed",
        ),
    ]


@hookimpl(trylast=True)
def register_pack_readers() -> Sequence[PackReader]:
    return [
        PackReader(directory_file.TOPIC, directory_file.PATTERN, directory_file.read_directory, adopt),
        PackReader(legal_profiles.TOPIC, legal_profiles.PATTERN, legal_profiles.read_legal),
        PackReader(code_lists.CATALOGUE, code_lists.CATALOGUE_FILE, code_lists.read_catalogue,
                   describe=code_lists.describe_catalogue, fit=code_lists.fit_catalogue),
        PackReader("terms", "terms.toml", code_lists.read_terms),
    ]  # fmt: skip


@hookimpl(trylast=True)
def register_record_kinds() -> Sequence[RecordKind]:
    return record_kinds.RECORD_KINDS


@hookimpl(trylast=True)
def register_controllers() -> Sequence[Any]:
    return [
        show_partners,
        show_emergency_contacts,
        match_services,
        hsds.describe_api,
        hsds.list_services,
        hsds.show_service,
        hsds.list_organizations,
        hsds.show_organization,
        hsds.import_partners,
        *directory_controllers.HANDLERS,
    ]


@hookimpl(trylast=True)
def register_pages() -> Sequence[Any]:
    hsds_handlers = [hsds_pages.show_import, hsds_pages.import_directory]
    return [services.find_services, services.answer_services, *hsds_handlers, *directory_pages.HANDLERS,
            *directory_additions.HANDLERS]  # fmt: skip


@hookimpl(trylast=True)
def register_navigation() -> Sequence[NavigationItem]:
    return [NavigationItem("directory", msg("Directory"), "staff", EDIT_OWN, order=400)]

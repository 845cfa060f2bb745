"""Registers the site with the core."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from spheres_core import hookimpl
from spheres_core.facts import msg
from spheres_core.foundation.content.packs import PackReader
from spheres_core.foundation.languages import locale_files
from spheres_core.foundation.plugins import setting_defaults
from spheres_core.foundation.plugins.plugin_set import SETTINGS
from spheres_core.foundation.plugins.registrations import NavigationItem, Permission, TrailVerb
from spheres_core.foundation.tenancy.context import Context
from spheres_core.site import content_pages, navigation_file, theme_file
from spheres_core.site.controllers import own_packs as pack_controllers
from spheres_core.site.controllers import plugin_settings as setting_controllers
from spheres_core.site.controllers import plugins as plugin_controllers
from spheres_core.site.controllers import readiness as readiness_controllers
from spheres_core.site.controllers import reports as report_controllers
from spheres_core.site.controllers import terms as term_controllers
from spheres_core.site.pages import (
    administration,
    evaluation,
    leave,
    own_packs,
    own_pages,
    plugin_settings,
    public,
    theme,
)
from spheres_core.site.pages import plugins as plugin_pages
from spheres_core.site.pages import readiness as readiness_pages
from spheres_core.site.pages import reports as report_pages
from spheres_core.site.pages import terms as term_pages
from spheres_core.site.permissions import ADMINISTER, EVALUATE, EXPORT, PUBLISH, RENAME, SWITCH, WRITE
from spheres_core.site.queries.own_pages import load_menu, load_own
from spheres_core.site.queries.reports import has_reports
from spheres_core.site.settings import Settings
from spheres_core.site.views.frame import frame_view


@hookimpl(trylast=True)
def register_settings() -> type[Struct]:
    return Settings


@hookimpl(trylast=True)
def register_permissions() -> Sequence[Permission]:
    return [
        Permission(ADMINISTER, msg("See the administration page"), roles=("administrator",)),
        Permission(SWITCH, msg("Switch plugins on and off"), roles=("administrator",)),
        Permission(EXPORT, msg("Take a copy of what a plugin holds"), roles=("administrator",)),
        Permission(WRITE, msg("Write pages of the site"), roles=("administrator", "content_editor")),
        Permission(PUBLISH, msg("Upload packs and put them in force"), roles=("administrator",)),
        Permission(RENAME, msg("Rename terms of the program"), roles=("administrator",)),
        Permission(EVALUATE, msg("Open the page of evaluation"), roles=("evaluator",)),
    ]


@hookimpl(trylast=True)
def register_trail_verbs() -> Sequence[TrailVerb]:
    return [
        TrailVerb("settings.changed", msg("Settings of a plugin were changed"), hook="on_region_changed"),
        TrailVerb("plugin.switched_on", msg("A plugin was switched on"), hook="on_region_changed"),
        TrailVerb("plugin.switched_off", msg("A plugin was switched off"), hook="on_region_changed"),
        TrailVerb("plugin.downgraded", msg("A plugin's tables were taken back to those of an earlier version")),
        TrailVerb("plugin.exported", msg("A copy of what a plugin holds was taken")),
        TrailVerb("page.saved", msg("A page of the site was written")),
        TrailVerb("page.published", msg("A page of the site was put in force"), hook="on_region_changed"),
        TrailVerb(
            "page.taken_back", msg("A page of the site was taken back to an earlier version"), hook="on_region_changed"
        ),
        TrailVerb("pack.uploaded", msg("A pack was uploaded")),
        TrailVerb("pack.discarded", msg("An uploaded pack was discarded")),
        TrailVerb("pack.published", msg("An uploaded pack was put in force"), hook="on_region_changed"),
        TrailVerb("pack.taken_back", msg("A pack was taken back to the version before"), hook="on_region_changed"),
        TrailVerb("term.renamed", msg("A term of the program was renamed"), hook="on_region_changed"),
        TrailVerb("term.restored", msg("A term of the program got its own name back"), hook="on_region_changed"),
        TrailVerb(
            "coverage.noted",
            msg("How this region covers an element otherwise was written down"),
            hook="on_region_changed",
        ),
        TrailVerb(
            "coverage.note_taken_back",
            msg("A note on covering an element otherwise was taken back"),
            hook="on_region_changed",
        ),
        TrailVerb("report.taken", msg("A report of a plugin was read or taken as a file")),
        TrailVerb("plugin.purged", msg("What a plugin kept was written out and erased")),
    ]


@hookimpl(trylast=True)
def register_pack_readers() -> Sequence[PackReader]:
    return [
        PackReader(content_pages.TOPIC, content_pages.PATTERN, content_pages.read_pages, load_own=load_own),
        PackReader("locales", locale_files.FILE, locale_files.read_locales, describe=locale_files.describe_locales),
        PackReader(SETTINGS, setting_defaults.FILE, setting_defaults.read_settings,
                   describe=setting_defaults.describe_settings, fit=setting_defaults.fit_settings),
        PackReader(theme_file.TOPIC, theme_file.FILE, theme_file.read_theme, describe=theme_file.describe_theme,
                   beside=theme_file.LOGOS),
        PackReader(navigation_file.TOPIC, navigation_file.FILE, navigation_file.read_navigation,
                   describe=navigation_file.describe_navigation, fit=navigation_file.fit_navigation,
                   load_own=load_menu),
    ]  # fmt: skip


@hookimpl(trylast=True)
def register_controllers() -> Sequence[Any]:
    return [
        *plugin_controllers.HANDLERS,
        *setting_controllers.HANDLERS,
        *pack_controllers.HANDLERS,
        *readiness_controllers.HANDLERS,
        *report_controllers.HANDLERS,
        *term_controllers.HANDLERS,
    ]


@hookimpl(trylast=True)
def register_pages() -> Sequence[Any]:
    return [
        *public.HANDLERS,
        *leave.HANDLERS,
        *theme.HANDLERS,
        *own_packs.HANDLERS,
        *own_pages.HANDLERS,
        *administration.HANDLERS,
        *plugin_pages.HANDLERS,
        *plugin_settings.HANDLERS,
        *readiness_pages.HANDLERS,
        *report_pages.HANDLERS,
        *evaluation.HANDLERS,
        *term_pages.HANDLERS,
    ]


@hookimpl(trylast=True)
def register_navigation() -> Sequence[NavigationItem]:
    return [
        NavigationItem("", msg("Home"), order=0),
        NavigationItem("youth", msg("For youth"), order=10, there=_has_page("youth")),
        NavigationItem("family", msg("For family and friends"), order=15, there=_has_page("family")),
        NavigationItem("professionals", msg("For professionals"), order=20, there=_has_page("professionals")),
        NavigationItem("partners", msg("Our partners"), order=30),
        NavigationItem("staff/evaluation", msg("Evaluation"), "staff", EVALUATE, order=12),
        NavigationItem("reports", msg("Reports"), "staff", order=400, there=has_reports),
        NavigationItem("administration/pages", msg("Pages of the site"), "staff", WRITE, order=450),
        NavigationItem("administration", msg("Administration"), "staff", ADMINISTER, order=500),
    ]


def _has_page(slug: str) -> Callable[[Context], bool]:
    return lambda ctx: content_pages.page_in(ctx, slug) is not None


@hookimpl(trylast=True)
def register_frame() -> Callable[[Context], Awaitable[Mapping[str, Any]]]:
    return frame_view

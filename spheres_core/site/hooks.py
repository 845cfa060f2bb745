"""What the site answers the core."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from spheres_core import hookimpl
from spheres_core.facts import msg
from spheres_core.foundation.context import Context
from spheres_core.foundation.packs import PackReader
from spheres_core.foundation.registry import NavigationItem, Permission
from spheres_core.site import content, pages
from spheres_core.site.administration import ADMINISTER
from spheres_core.site.controllers import show_openapi
from spheres_core.site.settings import Settings


@hookimpl(trylast=True)
def register_settings() -> type[Struct]:
    return Settings


@hookimpl(trylast=True)
def register_permissions() -> Sequence[Permission]:
    return [Permission(ADMINISTER, msg("See the administration page"), roles=("administrator",))]


@hookimpl(trylast=True)
def register_pack_readers() -> Sequence[PackReader]:
    return [PackReader(content.TOPIC, content.PATTERN, content.read_pages)]


@hookimpl(trylast=True)
def register_controllers() -> Sequence[Any]:
    return [show_openapi]


@hookimpl(trylast=True)
def register_pages() -> Sequence[Any]:
    return [pages.home, pages.partners, pages.content_page, pages.administration]


@hookimpl(trylast=True)
def register_navigation() -> Sequence[NavigationItem]:
    return [
        NavigationItem("", msg("Home"), order=0),
        NavigationItem("youth", msg("For youth"), order=10),
        NavigationItem("professionals", msg("For professionals"), order=20),
        NavigationItem("partners", msg("Our partners"), order=30),
        NavigationItem("administration", msg("Administration"), "staff", ADMINISTER, order=500),
    ]


@hookimpl(trylast=True)
def register_frame() -> Callable[[Context], Awaitable[Mapping[str, Any]]]:
    return pages.frame

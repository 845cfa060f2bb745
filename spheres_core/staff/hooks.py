"""What the staff room answers the core."""

from collections.abc import Sequence
from typing import Any

from spheres_core import hookimpl
from spheres_core.facts import msg
from spheres_core.foundation.registry import NavigationItem, Permission
from spheres_core.staff import pages
from spheres_core.staff.operations import MANAGE, OWN_ACCOUNT
from spheres_core.staff.schemas import ROLES


@hookimpl(trylast=True)
def register_permissions() -> Sequence[Permission]:
    return [
        Permission(MANAGE, msg("Manage staff and tokens"), roles=("administrator",)),
        Permission(OWN_ACCOUNT, msg("See one's own account"), roles=tuple(ROLES)),
    ]


@hookimpl(trylast=True)
def register_pages() -> Sequence[Any]:
    return [pages.sign_in, pages.send_sign_in, pages.sign_out, pages.sign_out_everywhere, pages.account]


@hookimpl(trylast=True)
def register_navigation() -> Sequence[NavigationItem]:
    return [NavigationItem("account", msg("Your account"), "staff", OWN_ACCOUNT, order=900)]

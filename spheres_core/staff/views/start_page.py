"""The pages of the navigation that roles open: where somebody begins after signing in."""

from collections.abc import Set

from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.permissions import OWN_ACCOUNT


def pages_of_roles(ctx: Context, roles: Set[str]) -> list[str]:
    """Returns the paths that these roles open in this region, in the order of the navigation; without the own account,
    which everybody has."""
    return [
        item.path
        for item in ctx.navigation()
        if item.audience == "staff"
        and item.permission != OWN_ACCOUNT
        and (not item.permission or ctx.plugins.permits(roles, item.permission))
        and (item.there is None or item.there(ctx))
    ]

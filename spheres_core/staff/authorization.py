"""Guards that operations and queries of this room share."""

from uuid import UUID

from spheres_core.foundation.errors import NotAllowed
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.permissions import MANAGE


def require_manager(ctx: Context) -> None:
    """Raises `NotAllowed` unless the actor manages staff here, or is the machine itself."""
    if ctx.actor.kind != "system" and not ctx.may(MANAGE):
        raise NotAllowed


def acting_member_id(ctx: Context) -> UUID:
    """Returns the id of the member of staff who asks. Raises `NotAllowed` for a token, also for one of hers."""
    if ctx.actor.kind != "staff" or ctx.actor.by_token or ctx.actor.id is None:
        raise NotAllowed
    return ctx.actor.id

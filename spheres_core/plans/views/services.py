"""Services of the directory as they are proposed for somebody, in the reader's language."""

from __future__ import annotations

from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.plans.queries.requests import CLASS, require_team
from spheres_core.plans.queries.services import weighed_services
from spheres_core.plans.schemas.requests import OfferedService, OfferedServices, Reason


async def offered_services(
    ctx: Context, file: ParticipantAccess, *, age: int | None, language: str, area: str
) -> OfferedServices:
    """Returns every service with its reasons, for whoever may ask for one. Raises `HelpRequestInvalid`."""
    require_team(ctx, file)
    require_class(ctx, file, CLASS, act="write")
    weighed = await weighed_services(ctx, age=age, language=language, area=area)
    return OfferedServices(
        [
            OfferedService(
                each.service.key, each.organization, each.verdict,
                [Reason(reason.aspect, reason.stands, str(ctx.locale.say(reason.text))) for reason in each.reasons],
                each.service.bypasses_waiting_list,
            )
            for each in weighed.matches
        ],
        list(weighed.missing),
    )  # fmt: skip

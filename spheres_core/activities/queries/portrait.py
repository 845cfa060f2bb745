"""Finds what the portrait of her strengths holds: hers, and what both say; nothing that a worker sees alone."""

from __future__ import annotations

from spheres_core.activities.queries.invitations import list_invitations
from spheres_core.activities.queries.outings import CLASS
from spheres_core.activities.schemas.portrait import Portrait
from spheres_core.audit import operations as audit
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.plans.queries import goals, needs
from spheres_core.plans.queries.needs import CLASS as PLAN_CLASS
from spheres_core.plans.queries.together import require_shared


async def read_portrait(ctx: Context, file: ParticipantAccess) -> Portrait:
    """Returns what it holds, and writes to the trail that it was made, with what was read for it.

    For whoever follows her. Raises `ParticipantUnknown`.
    """
    require_shared(file)
    planned, went = reaches(ctx, file, PLAN_CLASS), reaches(ctx, file, CLASS)
    strengths = (await needs.list_strengths(ctx, file)).items if planned else []
    wanted = (await goals.list_goals(ctx, file)).items if planned else []
    asked = (await list_invitations(ctx, file)).items if went else []
    came = [each for each in asked if each.attendance == "came"]
    await audit.record(ctx, "portrait.made", subject=("participant", file.id))
    return Portrait(
        strengths=[each.what for each in strengths if each.identified_by != "worker" and each.what],
        tried=list(dict.fromkeys(each.activity for each in came)),
        words=[each.felt for each in came if each.felt],
        reached=[each.words for each in wanted if each.state == "reached" and each.hers and each.words],
    )

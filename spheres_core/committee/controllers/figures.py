"""Figures for the Steering Committee as JSON."""

from typing import Any

from litestar import get

from spheres_core.committee.operations.figures import read_figures as read
from spheres_core.committee.permissions import MEET
from spheres_core.committee.schemas.figures import CommitteeFigures
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires


@get("/committee-figures", guards=[requires(MEET)], name="api_committee_figures", tags=["committee"],
     summary="Gaps in services, who comes on agendas, and workshops, as numbers that are not small")  # fmt: skip
async def read_figures(ctx: Context) -> CommitteeFigures:
    """For members of the Steering Committee and whoever prepares meetings: 403 for others. Of periods that have ended,
    each published once; of workshops no file and no list of single ones. What is not listed is none, or fewer than
    `smallest`; no sum is published."""
    return await read(ctx)


HANDLERS: list[Any] = [read_figures]

"""The plugin's API, under `/api/x/regional_intake`."""

from litestar import get
from litestar.params import FromQuery

from spheres_core.plugin import Context, Page, page_of, requires

from . import queries
from .schemas import TravelQuestion

READ = "regional_intake.read"


@get("/travel-questions", guards=[requires(READ)], name="regional_intake_travel_questions",
     summary="Referrals for which travel must be thought of", tags=["regional_intake"])  # fmt: skip
async def list_travel_questions(ctx: Context, cursor: FromQuery[str] = "") -> Page[TravelQuestion]:
    """Returns a page of referrals in codes only. Which were shown becomes an entry in the trail."""
    return await page_of(
        ctx, "regional_intake", cursor, lambda before, limit: queries.travel_questions(ctx, before=before, limit=limit)
    )

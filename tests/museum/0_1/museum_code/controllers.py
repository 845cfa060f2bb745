"""The plugin's API, under `/api/x/museum_code`."""

from litestar import get

from spheres_core.plugin import Context, requires

from .counting import count_by_community


@get("/far", guards=[requires("museum_code.read")], name="museum_code_far", security=[{"token": []}], tags=["museum_code"])
async def count_far_referrals(ctx: Context) -> dict[str, int]:
    return await count_by_community(ctx)

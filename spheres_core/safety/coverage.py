"""Decides whether an emergency plan is to be talked about. Nothing depends on it but a line in somebody's day."""

import datetime as dt
from typing import Literal

Asked = Literal["missing", "ask_again", "review"]


def asked_for(
    *,
    active_on: dt.date,
    today: dt.date,
    days: int,
    agreed: bool,
    review_by: dt.date | None,
    ask_again_on: dt.date | None,
) -> Asked | None:
    """Returns why her plan is to be talked about; None where it is not.

    `active_on`: since when she takes part. `days`: the region's. `agreed`: whether there is a plan to which she has
    agreed, `review_by` the day on which it is looked at again. `ask_again_on`: given where she said "not now".
    """
    if agreed:
        return "review" if review_by is not None and review_by <= today else None
    if ask_again_on is not None:
        return "ask_again" if ask_again_on <= today else None
    return "missing" if today >= active_on + dt.timedelta(days=days) else None

"""Settings of a tenant about emergency plans."""

from typing import Annotated

from msgspec import Meta, Struct


class Settings(Struct, frozen=True):
    """`[settings.safety]` of a tenant's file."""

    plan_days: Annotated[int, Meta(ge=1, le=366)] = 30
    """Days within which whoever takes part has an emergency plan, or has said that she does not want one now."""
    plan_review_days: Annotated[int, Meta(ge=7, le=366)] = 90
    """Days after which a plan is looked at again, where no day is given."""
    access_hours: Annotated[int, Meta(ge=1, le=24)] = 8
    """Hours for which an emergency access lasts. It ends by itself."""
    access_review_days: Annotated[int, Meta(ge=1, le=30)] = 7
    """Days within which somebody looks at an emergency access afterwards."""

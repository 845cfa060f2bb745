"""Filters of the inbox that a member of staff keeps for herself. Nobody else sees them."""

from uuid import UUID

from msgspec.structs import asdict
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals.models import ReferralFilter
from spheres_core.referrals.schemas import InboxFilters, SavedFilter
from spheres_core.staff.authorization import acting_member_id

LONGEST_NAME = 60
MOST_FILTERS = 20
"""Filters that one person keeps."""

kept = table(ReferralFilter)
OWN = prepare(
    select(kept.c.id, kept.c.name, kept.c.filters)
    .where(scoped(kept), kept.c.staff_id == bindparam("staff"))
    .order_by(kept.c.id)
)
SAVE = prepare(insert(kept))
DELETE = prepare(
    kept.delete().where(scoped(kept), kept.c.id == bindparam("which"), kept.c.staff_id == bindparam("staff"))
)


class FilterNameMissing(Invalid):
    """A filter is kept under a name, and not under a long one."""

    code = "filter_name_missing"
    message = msg("Please give it a name of at most {most} characters.", most=LONGEST_NAME)


class TooManyFilters(Invalid):
    """One person keeps so many filters and no more."""

    code = "too_many_filters"
    message = msg("You keep {most} filters already. Delete one first.", most=MOST_FILTERS)


async def saved_filters(ctx: Context) -> list[SavedFilter]:
    """Returns the filters of who asks, sorted by name; none for another system."""
    if ctx.actor.kind != "staff":
        return []
    rows = await ctx.db.all(OWN, staff=acting_member_id(ctx))
    found = [
        SavedFilter(id, ctx.keys.open("referral_filters", id, "name", sealed).decode(), InboxFilters(**filters))
        for id, sealed, filters in rows
    ]
    return sorted(found, key=lambda each: ctx.locale.sort_key(each.name))


async def save_filter(ctx: Context, name: str, filters: InboxFilters) -> None:
    """Keeps filters under a name. Raises `FilterNameMissing` and `TooManyFilters`."""
    words = name.strip()
    if not words or len(words) > LONGEST_NAME:
        raise FilterNameMissing(errors=[Problem(FilterNameMissing.message, path="name")])
    if len(await saved_filters(ctx)) >= MOST_FILTERS:
        raise TooManyFilters(errors=[Problem(TooManyFilters.message, path="name")])
    id = uuid7()
    await audit.record(
        ctx,
        "referral_filter.saved",
        subject=("referral_filter", id),
        doing=[
            SAVE.of(
                id=id,
                staff_id=acting_member_id(ctx),
                name=ctx.keys.seal("referral_filters", id, "name", words),
                filters={field: value for field, value in asdict(filters).items() if value},
            )
        ],
    )


async def delete_filter(ctx: Context, id: UUID) -> None:
    """Deletes a filter of one's own; another's stays."""
    await audit.record(
        ctx,
        "referral_filter.deleted",
        subject=("referral_filter", id),
        doing=[DELETE.of(which=id, staff=acting_member_id(ctx))],
    )

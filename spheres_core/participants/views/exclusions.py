"""Values of the page for workers that says who is kept away from her. It is not read with her: it names colleagues."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from spheres_core.consents.api_schemas import ExclusionPosted, ExclusionRead
from spheres_core.consents.queries import answers
from spheres_core.consents.schemas import CLASSES, NO_PERSON, ExclusionKind
from spheres_core.facts import Message, Words, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.participants.operations import consents
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.partners.queries.partners import organization_names
from spheres_core.staff.queries.members import member_with_address, names_of

TITLE: Final = msg("Who is kept away from her")
KINDS: Final[Mapping[ExclusionKind, Message]] = {
    "her_wish": msg("She does not want this person or organization"),
    "refusal": msg("She said no to sharing this"),
    "conflict_of_interest": msg("A conflict of interest"),
}
DONE: Final = {"added": msg("From now on they are kept away."), "ended": msg("They are no longer kept away.")}


class ExclusionShown(Struct, frozen=True):
    """Somebody who is kept away now."""

    id: UUID
    whom: Text | str
    kind: Text
    information: Text | str
    since: dt.datetime


async def exclusions_page(
    ctx: Context, access: ParticipantAccess, *, sent: Post | None = None, refusal: Refusal | None = None, done: str = ""
) -> dict[str, Any]:
    """Returns the values of `participants/exclusions.html`, with what was sent and what is wrong with it."""
    listed = (await answers.list_exclusions(ctx, access.decided, "")).items
    live = [each for each in listed if each.ends is None or each.ends > ctx.now]
    organizations = await organization_names(ctx)
    near = await near_colleagues(ctx, access)
    names = near | await names_of(ctx, [each.staff for each in live if each.staff is not None])
    offered = sorted(organizations, key=lambda key: ctx.locale.sort_key(ctx.locale.pick(organizations[key])))
    return {
        "title": ctx.locale.say(TITLE),
        "kept_away": [_shown(ctx, each, names, organizations) for each in live],
        "kinds": ctx.locale.options(KINDS),
        "colleagues": sorted(near.items(), key=lambda each: ctx.locale.sort_key(each[1])),
        "organizations": [(key, ctx.locale.pick(organizations[key])) for key in offered],
        "classes": ctx.locale.options(CLASSES),
        "may_record": consents.may_record(ctx, access),
        "posted": sent,
        "error": ctx.locale.say(refusal.message) if refusal else None,
        "done": ctx.locale.say(DONE[done]) if done in DONE else None,
    }


async def near_colleagues(ctx: Context, access: ParticipantAccess) -> dict[UUID, str]:
    """Returns the names of those who have to do with her now, without the reader: whoever follows her may know them."""
    live = (each.staff for each in access.decided.standings if each.starts <= ctx.now < each.ends)
    return await names_of(ctx, set(live) - {NO_PERSON, ctx.actor.id})


async def read_exclusion(ctx: Context, sent: Post) -> ExclusionPosted:
    """Returns what was sent; a colleague who does not have to do with her is named by her work address."""
    kind: ExclusionKind = next((each for each in KINDS if each == sent["kind"]), "her_wish")
    if sent["kind"] not in KINDS:
        sent.problems["kind"] = msg("Choose why.")
    staff = _id(sent["staff"])
    if sent["address"].strip():
        staff = await member_with_address(ctx, sent["address"])
        if staff is None:
            sent.problems["address"] = msg("Nobody on the staff has this address.")
    return ExclusionPosted(
        kind=kind, staff=staff, organization=sent["organization"][:100], information=sent["information"][:100],
        reason=sent["reason"][:4000].strip(),
    )  # fmt: skip


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _shown(
    ctx: Context, row: ExclusionRead, names: Mapping[UUID, str], organizations: Mapping[str, Words]
) -> ExclusionShown:
    whom: Text | str = ctx.locale.say("Somebody who is no longer on the staff")
    if row.staff is not None:
        whom = names.get(row.staff, whom)
    elif row.organization in organizations:
        whom = ctx.locale.pick(organizations[row.organization])
    said: Text | str = ctx.locale.say("everything about her")
    if row.information:
        said = ctx.locale.say(CLASSES[row.information]) if row.information in CLASSES else row.information
    return ExclusionShown(row.id, whom, ctx.locale.say(KINDS[row.kind]), said, row.starts)

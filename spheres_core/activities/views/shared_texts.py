"""Says her activities on the screen that she and her worker look at together: hers, and nothing of anybody else."""

from __future__ import annotations

from uuid import UUID

from spheres_core.activities.queries.invitations import list_invitations
from spheres_core.activities.schemas.invitations import OutingInvitation
from spheres_core.activities.views.wording import name_of
from spheres_core.facts import Message, msg
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.plugins.registrations import SharedText
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.plans.queries.needs import CLASS as PLAN_CLASS
from spheres_core.plans.queries.needs import list_strengths


async def shared_texts(ctx: Context, access: ParticipantAccess) -> list[SharedText]:
    """Returns the activities to come that she was asked to, the next first, and those to which she came.

    To what she said no, and to what she did not come, it says nothing.
    """
    asked = (await list_invitations(ctx, access)).items
    planned = reaches(ctx, access, PLAN_CLASS)
    strengths = (await list_strengths(ctx, access)).items if planned and any(each.strength for each in asked) else []
    found = {each.id: each.what for each in strengths if each.identified_by != "worker"}
    coming = [each for each in asked if each.at > ctx.now and each.state == "planned" and each.answer != "no"]
    was = [each for each in asked if each.attendance == "came"]
    return [
        SharedText(_title(ctx, each), tuple(_lines(ctx, each, found)))
        for each in (*sorted(coming, key=lambda each: each.at), *sorted(was, key=lambda each: each.at, reverse=True))
    ]


def _title(ctx: Context, each: OutingInvitation) -> str:
    moment = ctx.locale.time(each.at, zone=ctx.zone)
    return str(ctx.locale.say(msg("{activity}, {moment}", activity=name_of(ctx, each.activity), moment=moment)))


def _lines(ctx: Context, each: OutingInvitation, found: dict[UUID, str]) -> list[str]:
    what = found.get(each.strength, "") if each.strength else ""
    said: list[tuple[Message, Text | str | None]] = [
        (msg("Where one meets: {where}", where=each.place), each.place if each.at > ctx.now else ""),
        (msg("Before, you said: {words}", words=each.expects or ""), each.expects),
        (msg("Afterwards, you said: {words}", words=each.felt or ""), each.felt),
        (msg("You found: {what}", what=what), what),
    ]
    return [str(ctx.locale.say(words)) for words, there in said if there]

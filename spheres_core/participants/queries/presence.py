"""Finds who else has a form of a participant's file open, as far as both may read that class of information now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from msgspec import structs
from sqlalchemy import DateTime, Text, Uuid, bindparam, select

from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.queries.why import Decisive, rows_of
from spheres_core.consents.rule import may
from spheres_core.consents.schemas import Allowed, Question
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.models import OpenFormRow
from spheres_core.participants.queries.access import DAILY, require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.presence import Colleague, OpenForm, Presence, StoredOpenForm
from spheres_core.staff.queries.members import find_member
from spheres_core.staff.schemas import Member

open_forms = table(OpenFormRow)
OTHERS: Final = prepare(
    select(open_forms.c.writer, open_forms.c.opened_at)
    .where(scoped(open_forms), open_forms.c.participant_id == bindparam("participant", type_=Uuid()))
    .where(open_forms.c.section == bindparam("section", type_=Text()))
    .where(open_forms.c.about.is_not_distinct_from(bindparam("about", type_=Uuid())))
    .where(open_forms.c.writer != bindparam("writer", type_=Uuid()))
    .where(open_forms.c.until > bindparam("now", type_=DateTime(timezone=True)))
    .where(permitted(open_forms.c.participant_id, open_forms.c.information, open_forms.c.dated_on))
    .order_by(open_forms.c.opened_at, open_forms.c.id),
    into=StoredOpenForm,
)


class SectionUnknown(NotFound):
    """Her file has no such section."""


def information_of(ctx: Context, section: str) -> str:
    """Returns the class of information of a section of her file that the actor may open. Raises `SectionUnknown`."""
    for each in ctx.plugins.file_sections:
        permission = each.shown.permission if each.shown else ""
        if each.name == section and (not permission or ctx.may(permission)):
            return each.information
    raise SectionUnknown


async def presence_for(ctx: Context, access: ParticipantAccess, form: OpenForm) -> Presence:
    """Returns who else has a form open. Raises `SectionUnknown`, and `ParticipantUnknown` as `require_class`."""
    require_class(ctx, access, information_of(ctx, form.section))
    return await presence_of(ctx, access.id, access.reader, form)


async def presence_of(ctx: Context, participant: UUID, reader: Mapping[str, Any], form: OpenForm) -> Presence:
    """Returns who else has a form open, for a reader for whom the transaction reads.

    Whether each of them may read that class is decided now: whoever was kept away meanwhile is not named.
    """
    information = information_of(ctx, form.section)
    rows = await ctx.db.all(
        OTHERS, participant=participant, section=form.section, about=form.about, writer=ctx.actor.id, now=ctx.now,
        **reader,
    )  # fmt: skip
    colleagues = []
    decisive = await rows_of(ctx, participant) if rows else None
    for row in rows:
        member = await find_member(ctx, row.writer)
        if decisive and member and member.active and _may_read(ctx, participant, member, information, decisive):
            colleagues.append(Colleague(member.name, row.opened_at))
    return Presence(form.section, form.about, colleagues)


def _may_read(ctx: Context, participant: UUID, member: Member, information: str, decisive: Decisive) -> bool:
    asked = Question(
        ctx.tenant.id, participant, member.id, member.organization or "", "read", information, DAILY[0], ctx.today
    )
    questions = [structs.replace(asked, purpose=purpose) for purpose in DAILY]
    return any(isinstance(may(question, *decisive, ctx.now), Allowed) for question in questions)

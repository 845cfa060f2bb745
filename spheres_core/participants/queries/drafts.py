"""Finds drafts: each for whoever wrote it, as far as she may still read of that class of information."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import Uuid, bindparam, select

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.plugins.registrations import DraftForm
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.models import DraftRow
from spheres_core.participants.schemas.drafts import FileDraft, FileDrafts, StoredFileDraft
from spheres_core.participants.schemas.files import ParticipantAccess

drafts = table(DraftRow)
OWN: Final = prepare(
    select(*(drafts.c[name] for name in StoredFileDraft.__struct_fields__))
    .where(scoped(drafts), drafts.c.participant_id == bindparam("participant", type_=Uuid()))
    .where(drafts.c.writer == bindparam("writer", type_=Uuid()))
    .where(permitted(drafts.c.participant_id, drafts.c.information, drafts.c.dated_on))
    .order_by(drafts.c.saved_at.desc(), drafts.c.id),
    into=StoredFileDraft,
)


def forms_of(ctx: Context) -> dict[str, DraftForm]:
    """Returns by name the forms whose words are kept here."""
    return {form.name: form for section in ctx.plugins.file_sections for form in section.drafts}


async def own_drafts(ctx: Context, access: ParticipantAccess) -> FileDrafts:
    """Returns the actor's drafts about a participant, the last saved first, and writes to the trail who read them.

    Of a form that is no longer there nothing is shown. What she may not read now stays kept, until its deadline.
    """
    forms = forms_of(ctx)
    rows = await ctx.db.all(OWN, participant=access.id, writer=ctx.actor.id, **access.reader)
    parts: dict[UUID, list[StoredFileDraft]] = {}
    for row in rows:
        if row.form in forms:
            parts.setdefault(row.copy_id, []).append(row)
    if parts:
        subject = ("participant", access.id)
        await audit.record(ctx, "drafts.read", subject=subject, shown=[row.id for row in rows])
    return FileDrafts([_put_together(ctx, forms, found) for found in parts.values()])


def _put_together(ctx: Context, forms: dict[str, DraftForm], found: list[StoredFileDraft]) -> FileDraft:
    first = found[0]
    values: dict[str, str] = {}
    for row in found:
        values |= msgspec.json.decode(ctx.keys.open("drafts", row.id, "body", row.body), type=dict[str, str])
    title = str(ctx.locale.say(forms[first.form].title))
    return FileDraft(first.copy_id, first.form, title, first.about, first.base, values, first.saved_at)

"""Finds drafts: each for whoever wrote it, as far as she may still read of that class of information."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec
from msgspec import structs
from sqlalchemy import Uuid, and_, bindparam, func, select

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.queries.reader import as_system, read_for
from spheres_core.forms.her_words import her_words_in
from spheres_core.forms.posted_answers import field_names
from spheres_core.forms.queries import forms_on
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.plugins.registrations import DraftForm
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.models import DraftRow, ParticipantRow
from spheres_core.participants.queries.access import purposes_for
from spheres_core.participants.queries.extra_answers import OWN_WORDS, WITHIN
from spheres_core.participants.schemas.drafts import FileDraft, FileDraftListed, FileDrafts, StoredFileDraft
from spheres_core.participants.schemas.files import ParticipantAccess

drafts = table(DraftRow)
participants = table(ParticipantRow)
MOST: Final = 200
"""Rows that a list looks at: a draft has one of each class of information."""
LISTED: Final = prepare(
    select(
        drafts.c.id, drafts.c.copy_id, drafts.c.form, drafts.c.about, drafts.c.saved_at, participants.c.id,
        participants.c.code,
    )
    .join_from(
        drafts,
        participants,
        and_(participants.c.tenant_id == drafts.c.tenant_id, participants.c.id == drafts.c.participant_id),
    )
    .where(scoped(drafts), drafts.c.writer == bindparam("writer", type_=Uuid()))
    .where(permitted(drafts.c.participant_id, drafts.c.information, drafts.c.dated_on))
    .order_by(drafts.c.saved_at.desc(), drafts.c.id)
    .limit(MOST)
)  # fmt: skip
KEPT: Final = prepare(
    select(drafts.c.copy_id, drafts.c.form, func.count())
    .where(scoped(drafts), drafts.c.participant_id == bindparam("participant", type_=Uuid()))
    .where(drafts.c.writer == bindparam("writer", type_=Uuid()))
    .group_by(drafts.c.copy_id, drafts.c.form)
)
VALUES: Final = dict[str, str | list[str]]
OWN: Final = prepare(
    select(*(drafts.c[name] for name in StoredFileDraft.__struct_fields__))
    .where(scoped(drafts), drafts.c.participant_id == bindparam("participant", type_=Uuid()))
    .where(drafts.c.writer == bindparam("writer", type_=Uuid()))
    .where(permitted(drafts.c.participant_id, drafts.c.information, drafts.c.dated_on))
    .order_by(drafts.c.saved_at.desc(), drafts.c.id),
    into=StoredFileDraft,
)


def forms_of(ctx: Context) -> dict[str, DraftForm]:
    """Returns by name the forms whose words are kept here, with the fields of what is asked in them besides."""
    return {form.name: with_extra(ctx, form) for section in ctx.plugins.file_sections for form in section.drafts}


def with_extra(ctx: Context, form: DraftForm) -> DraftForm:
    """Returns a form with the fields of the extra questions that stand in it today, each with its class."""
    asked = forms_on(ctx, form.record_kind) if form.record_kind else {}
    if not asked:
        return form
    information = ctx.plugins.record_kinds[form.record_kind].information
    extra = {}
    for key, (each, _) in asked.items():
        hers = her_words_in(each)
        for name, path in field_names(each).items():
            extra[f"{key}{WITHIN}{name}"] = OWN_WORDS if path in hers else information
    return structs.replace(form, fields={**form.fields, **extra})


async def own_drafts(ctx: Context, access: ParticipantAccess) -> FileDrafts:
    """Returns the actor's drafts about a participant, the last saved first, and writes to the trail who read them.

    Of a form that is no longer there nothing is shown. What she may not read now stays kept, until its deadline, and is
    counted. Whoever reaches the participant no more does not come here, and is told nothing.
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
    async with as_system(ctx):
        kept = await ctx.db.all(KEPT, participant=access.id, writer=ctx.actor.id)
    closed = sum(number > len(parts.get(copy, [])) for copy, form, number in kept if form in forms)
    return FileDrafts([_put_together(ctx, forms, found) for found in parts.values()], closed)


async def list_own(ctx: Context) -> list[FileDraftListed]:
    """Returns the actor's drafts about anybody, the last saved first, and writes to the trail which were shown.

    One of which she may read nothing now is not there; it stays kept until its deadline.
    """
    forms = forms_of(ctx)
    found: dict[UUID, FileDraftListed] = {}
    shown = []
    for purpose in await purposes_for(ctx, None):
        reader = await read_for(ctx, purpose)
        for id, copy, form, about, saved_at, her, code in await ctx.db.all(LISTED, writer=ctx.actor.id, **reader):
            if form in forms and copy not in found:
                opened = ctx.keys.open("participants", her, "code", code).decode()
                found[copy] = FileDraftListed(copy, opened, form, about, saved_at)
                shown.append(id)
    if found:
        await audit.record(ctx, "drafts.listed", shown=shown)
    return sorted(found.values(), key=lambda each: each.saved_at, reverse=True)


def _put_together(ctx: Context, forms: dict[str, DraftForm], found: list[StoredFileDraft]) -> FileDraft:
    first = found[0]
    values: dict[str, str | list[str]] = {}
    for row in found:
        values |= msgspec.json.decode(ctx.keys.open("drafts", row.id, "body", row.body), type=VALUES)
    title = str(ctx.locale.say(forms[first.form].title))
    return FileDraft(first.copy_id, first.form, title, first.about, first.base, values, first.saved_at)

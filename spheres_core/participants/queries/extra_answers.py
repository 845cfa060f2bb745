"""Finds what was answered to extra questions on records of her file, each part for whoever may read its class."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from spheres_core.consents.queries.readable import permitted
from spheres_core.forms import queries as forms
from spheres_core.forms.her_words import together
from spheres_core.forms.meanings import coded_meanings
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.models import ExtraAnswersRow
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.schemas.extra_answers import ExtraFound, ExtraGiven, ExtraVersion
from spheres_core.participants.schemas.files import ParticipantAccess

OWN_WORDS: Final = "own_words"
WITHIN: Final = "/"
"""Between a form's key and the name of a field of it, where it stands in the form of a record."""
answers = table(ExtraAnswersRow)
_DECODE: Final = msgspec.json.Decoder(dict[str, Any])
_hers = (
    select(*(answers.c[name] for name in ExtraFound.__struct_fields__))
    .where(scoped(answers), answers.c.participant_id == bindparam("participant", type_=Uuid()))
    .where(answers.c.about == any_(bindparam("ids", type_=ARRAY(Uuid()))))
    .where(permitted(answers.c.participant_id, answers.c.information, answers.c.dated_on))
)
LATEST: Final = prepare(
    _hers.ext(distinct_on(answers.c.about, answers.c.form, answers.c.information)).order_by(
        answers.c.about, answers.c.form, answers.c.information, answers.c.id.desc()
    ),
    into=ExtraFound,
)
ALL: Final = prepare(_hers.order_by(answers.c.version, answers.c.id), into=ExtraFound)


async def extra_about(
    ctx: Context, file: ParticipantAccess, ids: Collection[UUID]
) -> Mapping[UUID, dict[str, ExtraGiven]]:
    """Returns by record what was last answered to each form, in one statement for all."""
    return await extra_for(ctx, file.reader, file.id, ids, hers=reaches(ctx, file, OWN_WORDS))


async def extra_for(
    ctx: Context, reader: Mapping[str, Any], participant: UUID, ids: Collection[UUID], *, hers: bool = False
) -> Mapping[UUID, dict[str, ExtraGiven]]:
    """Returns the same to a reader who need not know of the participant. `hers`: whether her words are among them."""
    rows = await ctx.db.all(LATEST, participant=participant, ids=list(ids), **reader) if ids else []
    by_record: dict[UUID, list[ExtraFound]] = {}
    for row in rows:
        by_record.setdefault(row.about, []).append(row)
    return {about: _given(ctx, found, hers) for about, found in by_record.items()}


async def extra_versions(ctx: Context, file: ParticipantAccess, about: UUID) -> list[ExtraVersion]:
    """Returns the answers on one record as they stood in each version that changed them, the oldest first."""
    hers = reaches(ctx, file, OWN_WORDS)
    latest: dict[tuple[str, bool], ExtraFound] = {}
    found: dict[int, ExtraVersion] = {}
    for row in await ctx.db.all(ALL, participant=file.id, ids=[about], **file.reader):
        latest[row.form, row.information == OWN_WORDS] = row
        given = _given(ctx, latest.values(), hers)
        found[row.version] = ExtraVersion(row.version, given, row.author, row.written_at)
    return list(found.values())


async def meanings_of(ctx: Context, extra: Mapping[str, ExtraGiven], kind: str) -> dict[str, Any]:
    """Returns what answers on a record mean, of forms that are asked today: codes and numbers, never a word."""
    found: dict[str, Any] = {}
    for key, given in extra.items():
        if key in forms.forms_on(ctx, kind):
            found |= coded_meanings(await forms.version(ctx, key, given.form_version), given.answers)
    return found


async def not_by_id(ctx: Context, id: UUID) -> Any:
    """Finds no record: one of her file is reached through her file only. Raises `NotFound`."""
    raise NotFound


def all_answers(given: ExtraGiven) -> dict[str, Any]:
    """Returns both parts as one set of answers, as the form asks them."""
    return together(given.answers, given.her_words or {})


def _given(ctx: Context, rows: Iterable[ExtraFound], hers: bool) -> dict[str, ExtraGiven]:
    """Returns answers by form. The version is that of the part that was written last."""
    found: dict[str, ExtraGiven] = {}
    for row in sorted(rows, key=lambda each: (each.form, each.id)):
        values = _opened(ctx, row)
        before = found.get(row.form, ExtraGiven({}, {} if hers else None, "", ""))
        part = {"her_words": values} if row.information == OWN_WORDS else {"answers": values}
        found[row.form] = msgspec.structs.replace(before, form_version=row.form_version, language=row.language, **part)
    return {form: each for form, each in found.items() if each.answers or each.her_words}


def _opened(ctx: Context, row: ExtraFound) -> dict[str, Any]:
    if row.answers is None:
        return {}
    return _DECODE.decode(ctx.keys.open("participant_extra_answers", row.id, "answers", row.answers))

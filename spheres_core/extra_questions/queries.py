"""Reads what is asked on a record and what was answered. Whether the actor may know of the record is asked first."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import ARRAY, Text, any_, bindparam, select

from spheres_core.audit import operations as audit
from spheres_core.extra_questions.models import RECORDS, ExtraAnswers
from spheres_core.extra_questions.schemas import GivenAnswers, RecordAnswers, Section, StoredAnswers
from spheres_core.facts import msg
from spheres_core.forms import meanings as meaning
from spheres_core.forms import queries as forms
from spheres_core.forms.queries import FormUnknown
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import Statement, prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.plugins.registrations import FoundRecord, RecordKind
from spheres_core.foundation.tenancy.context import Context

extra_answers = table(ExtraAnswers)
_DECODE: Final = msgspec.json.Decoder(dict[str, Any])


def _of_record(kind: str) -> Any:
    columns = (extra_answers.c[name] for name in StoredAnswers.__struct_fields__)
    return select(*columns).where(scoped(extra_answers), extra_answers.c[f"{kind}_id"] == bindparam("record"))


OF_RECORD: Final[Mapping[str, Statement[StoredAnswers]]] = {
    kind: prepare(_of_record(kind).order_by(extra_answers.c.form), into=StoredAnswers) for kind in RECORDS
}

_forms = bindparam("forms", type_=ARRAY(Text()))


def _to_forms(kind: str) -> Any:
    """Returns the question for all answers to these forms, on records of this kind."""
    record = extra_answers.c[f"{kind}_id"]
    columns = (extra_answers.c[name] for name in StoredAnswers.__struct_fields__)
    return select(*columns, record).where(
        scoped(extra_answers), record.is_not(None), extra_answers.c.form == any_(_forms)
    )


TO_FORMS: Final[Mapping[str, Statement[RecordAnswers]]] = {
    kind: prepare(_to_forms(kind).order_by(extra_answers.c.form), into=RecordAnswers) for kind in RECORDS
}
OF_ONE: Final[Mapping[str, Statement[RecordAnswers]]] = {
    kind: prepare(
        _to_forms(kind).where(extra_answers.c[f"{kind}_id"] == bindparam("record")).order_by(extra_answers.c.form),
        into=RecordAnswers,
    )
    for kind in RECORDS
}


class RecordUnknown(NotFound):
    """There is no such record, or none that the actor may know of."""

    code = "record_unknown"
    message = msg("There is no such record.")


async def find_record(ctx: Context, kind: str, id: UUID) -> tuple[RecordKind, FoundRecord]:
    """Returns a record that the actor may read, with its kind. Raises `RecordUnknown`."""
    known = ctx.plugins.record_kinds.get(kind)
    if known is None or known.information or not ctx.may(known.reads):
        raise RecordUnknown
    try:
        return known, await known.find(ctx, id)
    except NotFound:
        raise RecordUnknown from None


async def sections(ctx: Context, kind: RecordKind, record: FoundRecord) -> list[Section]:
    """Returns what is asked on a record, and what was answered to forms that are not asked any more, by form.

    `record` was found for this actor. Answers about a person are written in the trail as read.
    """
    asked = forms.forms_on(ctx, kind.name)
    stored = {each.form: each for each in await ctx.db.all(OF_RECORD[kind.name], record=record.id)}
    if stored and kind.shown:
        await audit.record(ctx, kind.shown, subject=(record.subject, record.id), details={"forms": sorted(stored)})
    found = []
    for key in sorted({*asked, *stored}):
        form, origin = asked.get(key, (None, key.partition(".")[2]))
        found.append(Section(key, origin, form, await opened(ctx, stored[key]) if key in stored else None))
    return found


async def section(ctx: Context, kind: RecordKind, record: FoundRecord, form: str) -> Section:
    """Returns one of a record's sections. Raises `FormUnknown`."""
    for each in await sections(ctx, kind, record):
        if each.form == form:
            return each
    raise FormUnknown


async def opened(ctx: Context, stored: StoredAnswers) -> GivenAnswers:
    """Returns answers, unsealed."""
    values = _DECODE.decode(ctx.keys.open("extra_answers", stored.id, "answers", stored.answers))
    form = await forms.version(ctx, stored.form, stored.form_version)
    return GivenAnswers(values, form, stored.language, stored.version, stored.changed_at, stored.changed_by)


async def meanings_on(ctx: Context, kind: str, record: UUID | None = None) -> dict[UUID, dict[str, Any]]:
    """Returns what answers on records of a kind mean, by record: `{id: {"night_bus:stop_near": "yes"}}`. For hooks.

    `record`: of one alone. Only forms that are asked today count; where none of them has a meaning, nothing is read.
    """
    asked = [key for key, (form, _) in forms.forms_on(ctx, kind).items() if meaning.has_meanings(form)]
    if not asked:
        return {}
    one = {"record": record} if record else {}
    found: dict[UUID, dict[str, Any]] = {}
    for stored in await ctx.db.all((OF_ONE if record else TO_FORMS)[kind], forms=asked, **one):
        given = await opened(ctx, stored)
        found.setdefault(stored.record, {}).update(meaning.meanings(given.form, given.values))
    return found

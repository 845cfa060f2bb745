"""Exports the answers of many referrals as one file for spreadsheet programs.

Sealed answers are opened for it, so it is an act of its own: for those who hold `referrals.export` and may read
referrals, with a purpose, and with the id of each referral in the trail.
"""

import asyncio
import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Final, Literal, get_args
from uuid import UUID

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import ARRAY, Date, Integer, Text, Uuid, any_, bindparam, func, or_, select

from spheres_core.audit import operations as audit
from spheres_core.extra_questions.queries import extra_answers
from spheres_core.facts import Message, Problem, msg
from spheres_core.forms import queries as forms
from spheres_core.forms.attached_forms import record_kind_of
from spheres_core.forms.attachments.answered_files import with_files
from spheres_core.forms.exports.answer_files import AnswerFile
from spheres_core.forms.exports.answer_tables import Cell, Multiples, Say, TableOptions, answer_tables
from spheres_core.forms.meanings import REFERRAL
from spheres_core.forms.operations.answer_checks import language_of
from spheres_core.forms.schemas import ATTACHMENTS, Form
from spheres_core.foundation.content.table_files import FileKind, WrittenFile
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import Statement, prepare, scoped
from spheres_core.foundation.errors import Conflict, Invalid, NotAllowed
from spheres_core.foundation.languages.localization import Locale
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import LATEST
from spheres_core.referrals.models import Referral
from spheres_core.referrals.permissions import EXPORT, READ
from spheres_core.referrals.queries.attachments import attachment_names
from spheres_core.referrals.references import reference_of
from spheres_core.referrals.schemas import StateCode
from spheres_core.referrals.states import OPEN, STATES

Purpose = Literal["follow_up", "evaluation", "quality", "transfer", "request"]
MOST: Final[dict[str, int]] = {"xlsx": 5_000, "csv": 20_000}
"""Referrals of one file: it is made in memory, and a workbook takes more of it."""
PAGE: Final = 200
"""Referrals that are read and opened at a time, and named in one entry of the trail."""
COLUMNS: Final = (
    ("_id", msg("Id")),
    ("_reference", msg("Referral")),
    ("_received_on", msg("Received on")),
    ("_state", msg("State")),
    ("_language", msg("Language")),
    ("_form_version", msg("Version of the form")),
)
"""Codes and titles of the columns before the answers."""

referrals = table(Referral)


class ExportPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """The referrals to export, and the look of the file."""

    purpose: Purpose
    """The use that is made of the file; it stays in the trail."""
    form: Annotated[str, Meta(max_length=100)] = REFERRAL
    """The form that was answered: of referrals, or of extra questions on them, such as `on_referral.night_bus`."""
    state: StateCode | Literal["open", "all"] = "all"
    since: dt.date | None = None
    """Received on this day or later."""
    until: dt.date | None = None
    """Received on this day or earlier."""
    file: FileKind = "xlsx"
    say: Say = "labels"
    multiples: Multiples = "joined"
    language: Annotated[str, Meta(max_length=35)] | None = None
    """The language of labels: `fr` or `fr-CA`; without it, the reader's."""


class ExportedAnswers(Struct, frozen=True):
    """The file, its name, and the number of referrals in it."""

    file: WrittenFile
    name: str
    referrals: int


class ExportTooLarge(Conflict):
    """More referrals match than one file holds."""

    code = "export_too_large"


class ChangedMeanwhile(Conflict):
    """The form was published anew while the file was made."""

    code = "changed_meanwhile"
    message = msg("The form has changed while the file was made. Please try again.")


class DatesReversed(Invalid):
    """The last day comes before the first."""

    code = "dates_reversed"
    message = msg("The last day comes before the first.")


class _Row(Struct, frozen=True):
    id: UUID
    received_on: dt.date
    state: str
    language: str
    form_version: str
    answers: bytes
    sealed_with: UUID
    """The id of the row that the answers are sealed in."""


class _Version(Struct, frozen=True):
    version: str
    referrals: int


_states = bindparam("states", type_=ARRAY(Text()))
_since, _until = bindparam("since", type_=Date()), bindparam("until", type_=Date())
_asked = bindparam("form", type_=Text())
_chosen = (
    scoped(referrals),
    or_(_states.is_(None), referrals.c.state == any_(_states)),
    or_(_since.is_(None), referrals.c.received_on >= _since),
    or_(_until.is_(None), referrals.c.received_on <= _until),
)


class _Source(Struct, frozen=True):
    """Where answers stand: the referrals' own, or those to extra questions on them."""

    sealed_in: str
    versions: Statement[_Version]
    rows: Statement[_Row]


def _source(name: str, answered: Any, found: Any) -> _Source:
    versions = (
        select(answered.c.form_version, func.count()).select_from(found).where(*_chosen, answered.c.form == _asked)
    )
    rows = select(
        referrals.c.id, referrals.c.received_on, referrals.c.state, answered.c.language, answered.c.form_version,
        answered.c.answers, answered.c.id,
    ).select_from(found)  # fmt: skip
    return _Source(
        name,
        prepare(
            versions.group_by(answered.c.form_version).order_by(func.max(answered.c.id.cast(Text())).desc()),
            into=_Version,
        ),
        prepare(
            rows.where(*_chosen, answered.c.form == _asked, referrals.c.id < bindparam("before", type_=Uuid()))
            .order_by(referrals.c.id.desc())
            .limit(bindparam("limit", type_=Integer())),
            into=_Row,
        ),
    )


OF_REFERRALS: Final = _source("referrals", referrals, referrals)
ON_REFERRALS: Final = _source(
    "extra_answers",
    extra_answers,
    referrals.join(
        extra_answers,
        (extra_answers.c.tenant_id == referrals.c.tenant_id) & (extra_answers.c.referral_id == referrals.c.id),
    ),
)
_ANSWERS = msgspec.json.Decoder(dict[str, Any])


async def export_answers(ctx: Context, asked: ExportPosted) -> ExportedAnswers:
    """Returns the answers of all referrals that match as one file, newest first; who was in it stays in the trail.

    Raises `NotAllowed` for who may export but not read, `DatesReversed`, `ExportTooLarge`, `ChangedMeanwhile`,
    `LanguageUnknown`, and `FormUnknown` for a form that was never asked here.
    """
    require_export(ctx)
    if asked.since and asked.until and asked.until < asked.since:
        raise DatesReversed(errors=[Problem(DatesReversed.message, "until")])
    locale = ctx.locales.locale(language_of(ctx, asked.language))
    values = _values(asked)
    source = ON_REFERRALS if record_kind_of(asked.form) else OF_REFERRALS
    found = await ctx.db.all(source.versions, **values)
    _refuse_too_many(asked, sum(each.referrals for each in found))
    versions = await _versions(ctx, asked.form, [each.version for each in found])
    options = TableOptions(asked.say, asked.multiples)
    tables = answer_tables(list(versions.values()), options)
    file = AnswerFile(asked.file, tables, options, locale, COLUMNS)
    number = await _fill(ctx, file, source, versions, asked, locale)
    name = f"{ctx.tenant.slug}-{asked.form}-{ctx.today.isoformat()}"
    written = await asyncio.to_thread(file.finish)
    return ExportedAnswers(written, name + written.suffix, number)


def require_export(ctx: Context) -> None:
    """Raises `NotAllowed` unless the actor may export what she may also read, or is the machine itself."""
    if ctx.actor.kind != "system" and not (ctx.may(EXPORT) and ctx.may(READ)):
        raise NotAllowed


def purposes() -> tuple[str, ...]:
    """Returns the codes of what an export can be for."""
    return get_args(Purpose)


def _values(asked: ExportPosted) -> dict[str, Any]:
    states = {"all": None, "open": sorted(OPEN)}.get(asked.state, [asked.state])
    return {"form": asked.form, "states": states, "since": asked.since, "until": asked.until}


def _refuse_too_many(asked: ExportPosted, number: int) -> None:
    if number > (most := MOST[asked.file]):
        said = msg(
            "{number} referrals match; a file of this kind holds {most}. Narrow the dates or the state, or take csv.",
            number=number, most=most,
        )  # fmt: skip
        raise ExportTooLarge(said)


async def _versions(ctx: Context, key: str, wanted: Sequence[str]) -> dict[str, Form]:
    """Returns the versions that were asked, newest first; today's when nothing matches. Raises `FormUnknown`."""
    found = {version: await forms.version(ctx, key, version) for version in wanted}
    if not found:
        today = await forms.current(ctx, key, attached=record_kind_of(key) == REFERRAL)
        found[today.version] = today
    return found


async def _fill(
    ctx: Context,
    file: AnswerFile,
    source: _Source,
    versions: dict[str, Form],
    asked: ExportPosted,
    locale: Locale,
) -> int:
    """Writes the rows page by page, each page with its entry in the trail; returns how many referrals there were."""
    details = {
        "purpose": asked.purpose, "form": asked.form, "state": asked.state, "file": asked.file, "say": asked.say,
        **{name: day.isoformat() for name, day in (("since", asked.since), ("until", asked.until)) if day},
    }  # fmt: skip
    has_files = any(each.kind in ATTACHMENTS for form in versions.values() for each in form.walk())
    before, number = LATEST, 0
    while number < MOST[asked.file]:
        rows = await ctx.db.all(source.rows, before=before, limit=PAGE, **_values(asked))
        if rows or not number:
            await audit.record(ctx, "referrals.exported", shown=[row.id for row in rows], details=details)
        names = await attachment_names(ctx, [row.id for row in rows]) if has_files else {}
        await asyncio.to_thread(partial(_write, ctx, file, source, versions, rows, names, asked.say, locale))
        number += len(rows)
        if len(rows) < PAGE:
            break
        before = rows[-1].id
    return number


def _write(
    ctx: Context,
    file: AnswerFile,
    source: _Source,
    versions: dict[str, Form],
    rows: Sequence[_Row],
    names: Mapping[str, str],
    say: Say,
    locale: Locale,
) -> None:
    """Adds the rows to the file. A file that was given is called by its own name and its id (`names`)."""
    said = {id: f"{name} ({id})" for id, name in names.items()}
    for row in rows:
        answers = _ANSWERS.decode(ctx.keys.open(source.sealed_in, row.sealed_with, "answers", row.answers))
        form = versions.get(row.form_version)
        if form is None:
            raise ChangedMeanwhile
        file.add(form, with_files(form, answers, said), str(row.id), _before(row, say, locale))


def _before(row: _Row, say: Say, locale: Locale) -> tuple[Cell, ...]:
    title: Message = STATES[row.state].title  # type: ignore[index]  # a state of ours
    state = row.state if say == "codes" else str(locale.say(title))
    reference = reference_of(row.id)
    return str(row.id), reference, row.received_on.isoformat(), state, row.language, row.form_version

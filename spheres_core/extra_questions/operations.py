"""Answering extra questions."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.extra_questions import queries
from spheres_core.extra_questions.models import RECORDS
from spheres_core.extra_questions.queries import OF_RECORD, extra_answers
from spheres_core.extra_questions.schemas import GivenAnswers
from spheres_core.facts import msg
from spheres_core.forms import queries as forms
from spheres_core.forms.operations.answer_checks import check_answers, language_of
from spheres_core.forms.queries import FormUnknown
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import Statement, prepare, scoped
from spheres_core.foundation.errors import Conflict, NotAllowed
from spheres_core.foundation.plugins.registrations import FoundRecord, RecordKind
from spheres_core.foundation.tenancy.context import Context

ADD: Final[Mapping[str, Statement[Any]]] = {
    kind: prepare(insert(extra_answers).on_conflict_do_nothing(index_elements=["tenant_id", f"{kind}_id", "form_key"]))
    for kind in RECORDS
}
CHANGE: Statement[Any] = prepare(
    extra_answers.update()
    .where(
        scoped(extra_answers),
        extra_answers.c.id == bindparam("which"),
        extra_answers.c.version == bindparam("before"),
    )
    .values(
        form_version=bindparam("by"),
        language=bindparam("tongue"),
        answers=bindparam("sealed"),
        version=extra_answers.c.version + 1,
        changed_at=bindparam("now"),
        changed_by=bindparam("who"),
    )
)


class AnswersChanged(Conflict):
    """Somebody has written these answers since the caller read them. `extra` has both sides."""

    code = "answers_changed"
    message = msg("A colleague has changed these answers meanwhile. Nothing was saved: look at both, and save again.")

    def __init__(self, theirs: GivenAnswers | None, mine: Mapping[str, Any]) -> None:
        version = theirs.version if theirs else 0
        now = {"form_version": theirs.form.version, "answers": theirs.values} if theirs else None
        super().__init__(extra={"version": version, "theirs": now, "yours": dict(mine)})
        self.theirs = theirs


class RecordClosed(Conflict):
    """The record is as it is: it was removed, or has ended."""

    code = "record_closed"
    message = msg("Nothing can be changed on this record now.")


async def answer(
    ctx: Context,
    kind_name: str,
    id: UUID,
    form_key: str,
    answers: Mapping[str, Any],
    *,
    version: int,
    form_version: str | None = None,
    language: str | None = None,
) -> tuple[str, ...]:
    """Writes the answers to one form on a record; returns the paths of those that were dropped as not asked.

    `version` is that of the answers as they were read, 0 when there were none. Raises `RecordUnknown`, `NotAllowed`,
    `RecordClosed`, `FormUnknown`, `LanguageUnknown`, `FormOutdated`, `AnswersInvalid`, `AnswersChanged`.
    """
    kind, record = await queries.find_record(ctx, kind_name, id)
    if not ctx.may(kind.changes):
        raise NotAllowed
    if record.closed:
        raise RecordClosed
    form, _ = forms.forms_on(ctx, kind.name).get(form_key, (None, ""))
    if form is None:
        raise FormUnknown
    tongue = language_of(ctx, language)
    checked = check_answers(ctx, form, answers, language=tongue, version=form_version)
    rows = {each.form: each for each in await ctx.db.all(OF_RECORD[kind.name], record=id)}
    before = rows.get(form_key)
    row_id = before.id if before else uuid7()
    sealed = ctx.keys.seal("extra_answers", row_id, "answers", msgspec.json.encode(checked.values))
    written = 0
    if before is None and version == 0:
        written = await ctx.db.run(
            ADD[kind.name], id=row_id, form=form_key, form_version=form.version, language=tongue, answers=sealed,
            version=1, changed_at=ctx.now, changed_by=ctx.actor.id, **{f"{kind.name}_id": id},
        )  # fmt: skip
    elif before is not None and before.version == version:
        written = await ctx.db.run(
            CHANGE, which=row_id, before=version, by=form.version, tongue=tongue, sealed=sealed, now=ctx.now,
            who=ctx.actor.id,
        )  # fmt: skip
    if not written:
        raise AnswersChanged(await _read_theirs(ctx, kind, record, form_key), answers)
    details = {"form": form_key, "form_version": form.version, "version": version + 1}
    await audit.record(ctx, kind.answered, subject=(record.subject, id), details=details)
    return checked.ignored


async def _read_theirs(ctx: Context, kind: RecordKind, record: FoundRecord, form_key: str) -> GivenAnswers | None:
    """Returns what stands there now. That it was read stays in the trail although nothing is written."""
    ctx.db.commit_on_refusal = True
    return (await queries.section(ctx, kind, record, form_key)).given

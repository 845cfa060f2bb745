"""Checks and writes answers to extra questions on a record of her file, with the record and in its transaction.

What is answered in her words is a row of its own, of the class `own_words`, and is asked only of who may write them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.dialects.postgresql import insert

from spheres_core.extra_questions.schemas import GivenAnswers
from spheres_core.facts import Problem, msg
from spheres_core.forms import queries as forms
from spheres_core.forms.her_words import apart, her_words_in, together, without_her_words
from spheres_core.forms.meanings import coded_meanings
from spheres_core.forms.operations.answer_checks import AnswersInvalid, check_answers, language_of
from spheres_core.forms.schemas import Form
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.queries.extra_answers import OWN_WORDS, answers, meanings_of
from spheres_core.participants.schemas.extra_answers import Extra, ExtraChecked, ExtraGiven, ExtraSent
from spheres_core.participants.schemas.files import ParticipantAccess

ADD = prepare(insert(answers))
NOTHING: Mapping[str, ExtraGiven] = {}


class ExtraAnswersInvalid(Invalid):
    """Some answers to extra questions need another look; each problem says where it stands below `extra`."""

    code = "extra_answers_invalid"
    message = msg("Some answers need another look.")


async def check_extra(
    ctx: Context, file: ParticipantAccess, kind: str, sent: Extra, *, on: dt.date,
    before: Mapping[str, ExtraGiven] | None = None,
) -> ExtraChecked:  # fmt: skip
    """Returns the answers that are written with a record of a kind.

    `on`: the day that the record is about; `before`: what stands there, None for a new record. Raises
    `ExtraAnswersInvalid`, `FormOutdated`, `LanguageUnknown`.
    """
    asked = {key: form for key, (form, _) in forms.forms_on(ctx, kind).items()}
    problems = [
        Problem(msg("There is no form with this name."), path=f"extra.{key}") for key in sent if key not in asked
    ]
    given: list[GivenAnswers] = []
    for key, form in asked.items():
        if key not in sent and before is not None:
            continue
        try:
            given.append(_checked(ctx, file, form, sent.get(key, ExtraSent()), on=on, is_new=before is None))
        except AnswersInvalid as refusal:
            problems += [
                msgspec.structs.replace(each, path=f"extra.{key}.answers.{each.path}") for each in refusal.errors
            ]
    if problems:
        raise ExtraAnswersInvalid(errors=problems)
    stays = {key: each for key, each in (before or NOTHING).items() if key not in sent}
    meant = await meanings_of(ctx, stays, kind)
    for each in given:
        meant |= coded_meanings(each.form, apart(each.form, each.values)[0])
    return ExtraChecked(tuple(given), meant)


async def write_extra(
    ctx: Context, participant: UUID, about: UUID, information: str, checked: ExtraChecked, *, on: dt.date,
    version: int = 1, before: Mapping[str, ExtraGiven] = NOTHING, hers: bool = True,
) -> None:  # fmt: skip
    """Writes the answers that are not as they were, each part with its class of information.

    `hers`: whether her words may be written; what stands of them stays otherwise.
    """
    for given in checked.given:
        was = before.get(given.form.key, ExtraGiven({}, {}, "", ""))
        ours, in_her_words = apart(given.form, given.values)
        parts = [(information, ours, was.answers)]
        if hers:
            parts.append((OWN_WORDS, in_her_words, was.her_words or {}))
        for of_class, values, stood in parts:
            if values == stood:
                continue
            id = uuid7()
            sealed = ctx.keys.seal("participant_extra_answers", id, "answers", msgspec.json.encode(values))
            await ctx.db.run(
                ADD, id=id, participant_id=participant, about=about, information=of_class, form=given.form.key,
                form_version=given.form.version, language=given.language, version=version,
                answers=sealed if values else None, author=ctx.actor.id, written_at=ctx.now, dated_on=on,
            )  # fmt: skip


def may_write_hers(ctx: Context, file: ParticipantAccess, *, on: dt.date, is_new: bool) -> bool:
    """Returns whether the caller writes her words on a record: who changes one has to be able to read them too."""
    writes = reaches(ctx, file, OWN_WORDS, act="write", on=on)
    return writes and (is_new or reaches(ctx, file, OWN_WORDS, on=on))


def _checked(
    ctx: Context, file: ParticipantAccess, form: Form, sent: ExtraSent, *, on: dt.date, is_new: bool
) -> GivenAnswers:
    values = together(sent.answers, sent.her_words or {})
    if not may_write_hers(ctx, file, on=on, is_new=is_new):
        if apart(form, values)[1]:
            said = msg("She has not agreed that her own words are kept. Please leave them out, or ask her.")
            raise AnswersInvalid(errors=[Problem(said, path=each) for each in sorted(her_words_in(form))
                                         if _is_at(values, each)])  # fmt: skip
        form = without_her_words(form)
    tongue = language_of(ctx, sent.language)
    checked = check_answers(ctx, form, values, language=tongue, version=sent.form_version)
    return GivenAnswers(checked.values, form, tongue, 0, ctx.now, ctx.actor.id)


def _is_at(values: Mapping[str, Any], path: str) -> bool:
    found: Any = values
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found is not None

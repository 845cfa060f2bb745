"""Extra questions as pages and the API show them, in the reader's language."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from spheres_core.extra_questions import queries
from spheres_core.extra_questions.api_schemas import ExtraSection, ExtraSectionRead, ExtraSections
from spheres_core.extra_questions.schemas import GivenAnswers, Section
from spheres_core.facts import Problem
from spheres_core.forms.choice_order import draws_an_order
from spheres_core.forms.expressions import clock_at
from spheres_core.forms.queries import FormUnknown
from spheres_core.forms.views.fields import fields, problem_list, rules_attribute
from spheres_core.forms.views.form_list import origin_title
from spheres_core.forms.views.readable_answers import readable_rows
from spheres_core.forms.views.summary import shown
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.plugins.registrations import FoundRecord
from spheres_core.foundation.tenancy.context import Context


async def cards(ctx: Context, kind_name: str, record: FoundRecord) -> list[dict[str, Any]]:
    """Returns what `extra_questions/cards.html` shows on a record's page. `record` was found for this actor."""
    kind = ctx.plugins.record_kinds[kind_name]
    may = ctx.may(kind.changes) and not record.closed
    return [
        {
            "kind": kind_name,
            "id": record.id,
            "form": each.form,
            "title": ctx.locale.pick(each.shown_form.title),
            "by": asked_by(ctx, each),
            "off": each.asked is None,
            "answered": each.given is not None,
            "sections": answers_in_words(ctx, each.given) if each.given else [],
            "at": each.given.changed_at if each.given else None,
            "may_answer": may and each.asked is not None,
        }
        for each in await queries.sections(ctx, kind, record)
    ]


async def answer_page(
    ctx: Context,
    kind_name: str,
    id: UUID,
    form_key: str,
    *,
    sent: Mapping[str, Any] | None = None,
    refusal: Refusal | None = None,
    version: int | None = None,
    theirs: GivenAnswers | None = None,
    drawn: str = "",
) -> dict[str, Any]:
    """Returns what `extra_questions/answer.html` shows: the questions with what was answered, or with what was `sent`.

    `refusal`: why it was not kept; `theirs`: what a colleague wrote meanwhile; `version`: of the answers that were
    read; `drawn`: what decided the order of choices before. Raises `RecordUnknown` and `FormUnknown`.
    """
    kind, record = await queries.find_record(ctx, kind_name, id)
    if refusal is not None:
        ctx.db.commit_on_refusal = True  # that the answers are shown again stays in the trail
    found = await queries.section(ctx, kind, record, form_key)
    if found.asked is None or not ctx.may(kind.changes):
        raise FormUnknown
    answers = sent if sent is not None else found.given.values if found.given else None
    problems: Sequence[Problem] = ()
    if refusal is not None:
        problems = refusal.errors or (Problem(refusal.message),)
    clock = clock_at(ctx.now.astimezone(ctx.zone))
    form = found.asked
    drawn = (drawn or secrets.token_urlsafe(9)) if draws_an_order(form) else ""
    return {
        "title": ctx.locale.pick(form.title),
        "by": asked_by(ctx, found),
        "record": ctx.locale.say(record.title),
        "page": record.page,
        "place": dict(record.place),
        "kind": kind.name,
        "id": id,
        "form": form.key,
        "form_version": form.version,
        "version": found.version if version is None else version,
        "fields": fields(form, answers, problems, locale=ctx.locale, today=ctx.today, clock=clock, drawn=drawn),
        "order": drawn,
        "to_mend": problem_list(problems, ctx.locale),
        "rules_json": rules_attribute(form, ctx.locale, clock),
        "today": ctx.today,
        "theirs": answers_in_words(ctx, theirs) if theirs else None,
        "newer": found.given is not None and found.given.form.version != form.version,
    }


async def api_sections(ctx: Context, kind_name: str, id: UUID) -> ExtraSections:
    """Returns all extra questions on a record. Raises `RecordUnknown`."""
    kind, record = await queries.find_record(ctx, kind_name, id)
    found = await queries.sections(ctx, kind, record)
    return ExtraSections(kind.name, id, [_api_section(ctx, each) for each in found])


async def api_section(ctx: Context, kind_name: str, id: UUID, form_key: str) -> ExtraSectionRead:
    """Returns one form on a record with its questions. Raises `RecordUnknown` and `FormUnknown`."""
    kind, record = await queries.find_record(ctx, kind_name, id)
    found = await queries.section(ctx, kind, record, form_key)
    questions = shown(found.asked, ctx.locale, today=ctx.today) if found.asked else None
    return ExtraSectionRead(_api_section(ctx, found), questions)


def asked_by(ctx: Context, section: Section) -> Text:
    """Returns who asks, as a heading."""
    if not section.origin:
        return ctx.locale.say("Extra questions of this region")
    return ctx.locale.say("Extra questions of {plugin}", plugin=origin_title(ctx, section.origin))


def answers_in_words(ctx: Context, given: GivenAnswers) -> list[dict[str, Any]]:
    """Returns answers with the questions that they answer, under the headings of the form that asked."""
    written = ctx.plugins.languages[given.language]
    found: list[dict[str, Any]] = [{"title": None, "answers": []}]
    for row in readable_rows(given.form, given.values, ctx.locale.tag):
        label = ctx.locale.pick(row.label)
        if row.heading:
            found.append({"title": label, "answers": []})
            continue
        said = [Text(each, written) if isinstance(each, str) else ctx.locale.say(each) for each in row.shown]
        value = said[0] if len(said) == 1 else Text(", ".join(said), ctx.plugins.languages[said[0].lang])
        found[-1]["answers"].append({"label": label, "value": value})
    return [each for each in found if each["answers"]]


def _api_section(ctx: Context, found: Section) -> ExtraSection:
    given = found.given
    return ExtraSection(
        form=found.form,
        title=str(ctx.locale.pick(found.shown_form.title)),
        plugin=found.origin or None,
        asked=found.asked is not None,
        asked_version=found.asked.version if found.asked else None,
        version=found.version,
        form_version=given.form.version if given else None,
        language=given.language if given else None,
        answers=given.values if given else None,
        changed_at=given.changed_at if given else None,
        changed_by=given.changed_by if given else None,
    )

"""Extra questions within the form of a record of her file, and what was answered to them, in the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from spheres_core.extra_questions.schemas import GivenAnswers, Section
from spheres_core.extra_questions.views import answers_in_words, asked_by
from spheres_core.facts import Problem
from spheres_core.forms import queries as forms
from spheres_core.forms.expressions import clock_at
from spheres_core.forms.her_words import without_her_words
from spheres_core.forms.posted_answers import from_pairs
from spheres_core.forms.schemas import Form
from spheres_core.forms.views.fields import fields
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.form_fields import Field
from spheres_core.foundation.web.posts import Post
from spheres_core.participants.operations.extra_answers import may_write_hers
from spheres_core.participants.queries.extra_answers import WITHIN, all_answers
from spheres_core.participants.schemas.extra_answers import ExtraGiven, ExtraSent
from spheres_core.participants.schemas.files import ParticipantAccess

VERSION: Final = "_version"
NOTHING: Mapping[str, ExtraGiven] = {}


class ExtraAsked(Struct, frozen=True):
    """The questions of one form, within the form of a record."""

    id: str
    title: Text
    by: Text
    version_name: str
    """The name of the field that says by which version of the form they are asked."""
    version: str
    fields: tuple[Field, ...]
    above: list[Text]
    """Problems that belong to none of the fields."""


class ExtraShown(Struct, frozen=True):
    """Answers to one form."""

    title: Text
    by: Text
    off: bool
    """Whether it is asked no more."""
    sections: list[dict[str, Any]]
    in_her_words: list[dict[str, Any]]


def extra_sent(ctx: Context, kind: str, sent: Post) -> dict[str, ExtraSent]:
    """Returns what a page posted of the extra questions on a kind of record, by form."""
    found = {}
    for key, (form, _) in forms.forms_on(ctx, kind).items():
        if pairs := _pairs_of(sent, key):
            version = dict(pairs).get(VERSION)
            found[key] = ExtraSent(from_pairs(form, pairs), form_version=version or None)
    return found


def extra_asked(
    ctx: Context, access: ParticipantAccess, kind: str, *, on: dt.date, kept: Mapping[str, ExtraGiven] | None = None,
    sent: Post | None = None, refusal: Refusal | None = None,
) -> list[ExtraAsked]:  # fmt: skip
    """Returns the questions on a kind of record with what was `sent`, else what is `kept`; None for a new record.

    Questions for her own words are there only for who may write them.
    """
    hers = may_write_hers(ctx, access, on=on, is_new=kept is None)
    clock = clock_at(ctx.now.astimezone(ctx.zone))
    found = []
    for key, (whole, origin) in forms.forms_on(ctx, kind).items():
        form = whole if hers else without_her_words(whole)
        pairs = _pairs_of(sent, key) if sent is not None else []
        given = (kept or NOTHING).get(key)
        values = from_pairs(form, pairs) if pairs else all_answers(given) if given else None
        problems = _problems_of(refusal, key)
        shown = fields(
            form,
            values,
            problems,
            locale=ctx.locale,
            today=ctx.today,
            clock=clock,
            drawn=form.version,
        )
        if shown:
            found.append(
                ExtraAsked(
                    _id(key), ctx.locale.pick(form.title), asked_by(ctx, Section(key, origin, form, None)),
                    f"{key}{WITHIN}{VERSION}", form.version, tuple(_within(key, each) for each in shown),
                    [ctx.locale.say(each.message) for each in problems if not _stands(each, shown)],
                )
            )  # fmt: skip
    return found


async def extra_in_words(ctx: Context, kind: str, extra: Mapping[str, ExtraGiven]) -> list[ExtraShown]:
    """Returns what was answered with its questions, by the version that asked; her words apart."""
    asked = forms.forms_on(ctx, kind)
    found = []
    for key, given in sorted(extra.items()):
        form = await forms.version(ctx, key, given.form_version)
        origin = asked[key][1] if key in asked else key.partition(".")[2]
        found.append(
            ExtraShown(
                ctx.locale.pick(form.title), asked_by(ctx, Section(key, origin, form, None)), key not in asked,
                _in_words(ctx, form, given, given.answers), _in_words(ctx, form, given, given.her_words or {}),
            )
        )  # fmt: skip
    return found


def _in_words(ctx: Context, form: Form, given: ExtraGiven, values: dict[str, Any]) -> list[dict[str, Any]]:
    return answers_in_words(ctx, GivenAnswers(values, form, given.language, 0, ctx.now, None))


def _pairs_of(sent: Post, key: str) -> list[tuple[str, str]]:
    """Returns the fields of one form, by their names in it."""
    before = f"{key}{WITHIN}"
    return [(name.removeprefix(before), value) for name, value in sent.pairs if name.startswith(before)]


def _problems_of(refusal: Refusal | None, key: str) -> Sequence[Problem]:
    before = f"extra.{key}.answers."
    errors = refusal.errors if refusal is not None else ()
    return [
        msgspec.structs.replace(each, path=each.path.removeprefix(before))
        for each in errors
        if each.path.startswith(before)
    ]


def _stands(problem: Problem, shown: Sequence[Field]) -> bool:
    """Returns whether a problem stands at one of these fields."""
    return any((each.problem and each.name == problem.path.partition("[")[0]) or _stands(problem, each.fields)
               for each in shown)  # fmt: skip


def _id(key: str) -> str:
    return f"extra-{key.replace('.', '-')}"


def _within(key: str, field: Field) -> Field:
    """Returns a field under the name that it has in the form of a record."""
    before, start = f"{key}{WITHIN}", f"{_id(key)}-"
    return msgspec.structs.replace(
        field,
        name=before + field.name,
        id=start + field.id,
        parts=tuple(msgspec.structs.replace(each, name=before + each.name, id=start + each.id) for each in field.parts),
        fields=tuple(_within(key, each) for each in field.fields),
    )

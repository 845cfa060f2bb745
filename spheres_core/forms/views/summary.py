"""Describes a form version as JSON for clients, in one language."""

import datetime as dt
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct, field

from spheres_core.facts import Words
from spheres_core.forms.default_answers import TODAY, default_answer
from spheres_core.forms.examples import example
from spheres_core.forms.json_schema import json_schema
from spheres_core.forms.schemas import Form, Question
from spheres_core.foundation.languages.localization import Locale


class FormSummary(Struct, frozen=True):
    """One form in a list of forms."""

    key: str
    version: str
    title: str
    language: str
    """The tag of the language that the title is in."""
    languages: list[str]
    """Tags of the languages that the form's texts are in."""


class FormList(Struct, frozen=True):
    """The forms that are asked today."""

    forms: list[FormSummary]


class QuestionShown(Struct, frozen=True, omit_defaults=True):
    """One question in one language. Rules are trees (docs/api.md); the server decides by them."""

    name: str
    path: str
    """From the form's root, with dots: where an error about its answer points."""
    kind: str
    label: str = ""
    hint: str = ""
    guidance: str = ""
    """More help than the hint."""
    default: Any = None
    """The answer that it begins with; `today()` in a date stands for the day."""
    read_only: bool = False
    """Nobody changes the answer that it begins with; another one is dropped and named in `ignored`."""
    relevant: Any = None
    required: Any = None
    constraint: Any = None
    constraint_message: str = ""
    calculation: Any = None
    choice_filter: Any = None
    meaning: str = ""
    """The answer's meaning in the program's vocabulary; empty when the answer is only kept and shown."""
    appearance: str = ""
    choices: list[dict[str, Any]] = field(default_factory=list)
    """Each with `name` and `label`, and the columns of its list that a choice filter reads."""
    questions: list["QuestionShown"] = field(default_factory=list)
    """Of a group or a repeat."""


class FormShown(FormSummary, frozen=True):
    """A form with its questions, its JSON Schema, and answers that are valid today."""

    questions: list[QuestionShown]
    schema: dict[str, Any]
    example: dict[str, Any]


def summary(form: Form, locale: Locale) -> FormSummary:
    """Returns what a list of forms says of one."""
    title = locale.pick(form.title)
    return FormSummary(form.key, form.version, str(title), title.lang, list(form.languages))


def shown(form: Form, locale: Locale, *, today: dt.date) -> FormShown:
    """Returns a form with its questions, its JSON Schema, and answers that are valid today."""
    return FormShown(
        **msgspec.structs.asdict(summary(form, locale)),
        questions=[_question(form, question, locale) for question in form.questions],
        schema=json_schema(form, locale.tag),
        example=_example(form, today),
    )


@lru_cache(maxsize=256)
def _example(form: Form, today: dt.date) -> dict[str, Any]:
    """Finds an example once a day; it is only written out, never changed."""
    return example(form, today=today)


def _question(form: Form, question: Question, locale: Locale) -> QuestionShown:
    return QuestionShown(
        name=question.name,
        path=question.path,
        kind=question.kind,
        label=_said(question.labels, locale),
        hint=_said(question.hints, locale),
        guidance=_said(question.guidance, locale),
        default=question.default if question.default == TODAY else default_answer(question, ""),
        read_only=question.read_only,
        relevant=question.relevant or None,
        required=question.required or None,
        constraint=question.constraint or None,
        constraint_message=_said(question.constraint_messages, locale),
        calculation=question.calculation or None,
        choice_filter=question.choice_filter or None,
        meaning=question.meaning,
        appearance=question.appearance,
        choices=[
            {"name": choice.name, "label": _said(choice.labels, locale), **dict(choice.columns)}
            for choice in form.choices.get(question.choices, ())
            if not choice.retired
        ],
        questions=[_question(form, child, locale) for child in question.children],
    )


def _said(words: Words, locale: Locale) -> str:
    return str(locale.pick(words)) if words else ""

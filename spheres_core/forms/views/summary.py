"""A form version as JSON for clients, in one language."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

from spheres_core.facts import Words
from spheres_core.forms.examples import example
from spheres_core.forms.json_schema import json_schema
from spheres_core.forms.schemas import Form, Question
from spheres_core.foundation.languages.localization import Locale


def summary(form: Form, locale: Locale) -> dict[str, Any]:
    """What a list of forms says of one."""
    title = locale.pick(form.title)
    return {
        "key": form.key,
        "version": form.version,
        "title": str(title),
        "language": title.lang,
        "languages": list(form.languages),
    }


def shown(form: Form, locale: Locale, *, today: dt.date) -> dict[str, Any]:
    """A form with its questions, its JSON Schema, and answers that are valid today."""
    return {
        **summary(form, locale),
        "questions": [_question(form, question, locale) for question in form.questions],
        "schema": json_schema(form, locale.tag),
        "example": _example(form, today),
    }


@lru_cache(maxsize=256)
def _example(form: Form, today: dt.date) -> dict[str, Any]:
    """Found once a day; it is only written out, never changed."""
    return example(form, today=today)


def _question(form: Form, question: Question, locale: Locale) -> dict[str, Any]:
    """One question. Rules are the trees that `forms.expressions` describes; the server decides by them."""
    said: dict[str, Any] = {
        "name": question.name,
        "path": question.path,
        "kind": question.kind,
        "label": _said(question.labels, locale),
        "hint": _said(question.hints, locale),
        "relevant": question.relevant,
        "required": question.required,
        "constraint": question.constraint,
        "constraint_message": _said(question.constraint_messages, locale),
        "calculation": question.calculation,
        "choice_filter": question.choice_filter,
        "meaning": question.meaning,
        "appearance": question.appearance,
        "choices": [
            {"name": choice.name, "label": _said(choice.labels, locale), **dict(choice.columns)}
            for choice in form.choices.get(question.choices, ())
            if not choice.retired
        ],
        "questions": [_question(form, child, locale) for child in question.children],
    }
    return {name: value for name, value in said.items() if value not in (None, "", [], {})}


def _said(words: Words, locale: Locale) -> str:
    return str(locale.pick(words)) if words else ""

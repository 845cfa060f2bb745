"""A form of 500 questions and 300 rules is a page that a telephone loads."""

from __future__ import annotations

from typing import Final

from benchmarks.forms import QUESTIONS, RULES, form_file, page
from spheres_core.forms.references import rules_of
from spheres_core.forms.xlsform.reader import inspect

FRAME: Final = 20_000
"""Bytes of what stands around a form on its page: the header, the aside, the footer."""


def test_the_page_of_a_large_form_is_smaller_than_300_kilobytes() -> None:
    form = inspect(form_file(), key="large", suffix=".xlsx").form

    assert form is not None
    asked = [question for question in form.walk() if question.kind != "group"]
    rules = [tree for question in asked for column, tree in rules_of(question) if column != "required"]
    assert (len(asked), len(rules)) == (QUESTIONS, RULES)
    assert len(page(form)) < 300_000 - FRAME

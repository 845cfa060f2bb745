"""Answers to the extra questions that a region asks in the forms of her file."""

from __future__ import annotations

from typing import Any

from spheres_core.cli.demo_data import plan_words as words
from spheres_core.cli.demo_data.acts import DemoFile
from spheres_core.forms.her_words import her_words_in
from spheres_core.forms.queries import forms_on
from spheres_core.forms.schemas import Form
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.operations.extra_answers import may_write_hers
from spheres_core.participants.schemas.extra_answers import ExtraSent
from spheres_core.participants.schemas.files import ParticipantAccess


def extra_answers(
    ctx: Context, access: ParticipantAccess, file: DemoFile, kind: str, number: int
) -> dict[str, ExtraSent]:
    """Returns an answer to each question of one choice on a new record, and to those for her words where she lets it.

    `number` says which of the choices, and which words.
    """
    hers = may_write_hers(ctx, access, on=ctx.today, is_new=True)
    asked = forms_on(ctx, kind)
    return {key: ExtraSent(_answers(form, file, number, hers=hers)) for key, (form, _) in asked.items()}


def _answers(form: Form, file: DemoFile, number: int, *, hers: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    in_her_words = her_words_in(form)
    for each in form.questions:
        if each.kind == "select_one":
            offered = [choice.name for choice in form.choices[each.choices] if not choice.retired]
            found[each.name] = offered[number % len(offered)]
        elif each.path in in_her_words and hers:
            found[each.name] = file.say(words.SIGNS, number)
    return found

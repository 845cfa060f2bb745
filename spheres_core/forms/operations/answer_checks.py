"""Answering a form: what is refused before anything is kept."""

from typing import Any

from spheres_core.facts import Problem, msg
from spheres_core.forms.answers import check
from spheres_core.forms.expressions import clock_at
from spheres_core.forms.schemas import CheckedAnswers, Form
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.languages import localization
from spheres_core.foundation.tenancy.context import Context


class AnswersInvalid(Invalid):
    """Some answers need another look; each problem names its question."""

    code = "answers_invalid"


class LanguageUnknown(Invalid):
    """The form is not answered in one of the tenant's languages."""

    code = "language_unknown"
    message = msg("This region does not have that language.")


class FormOutdated(Conflict):
    """The form has changed since it was opened."""

    code = "form_outdated"
    message = msg("The form has changed since you opened it. Please look it over and send it again.")


def language_of(ctx: Context, asked: str | None) -> str:
    """Returns the tenant's tag for `fr` or `fr-CA`; the reader's when none is asked. Raises `LanguageUnknown`."""
    if asked is None:
        return ctx.locale.tag
    if tag := localization.match(asked, ctx.tenant.languages):
        return tag
    raise LanguageUnknown(errors=[Problem(LanguageUnknown.message, path="language")])


def check_answers(ctx: Context, form: Form, answers: Any, *, language: str, version: str | None) -> CheckedAnswers:
    """Returns the answers that hold. `version`: that of the form as it was opened, when the sender says it.

    Raises `FormOutdated` and `AnswersInvalid`.
    """
    if version is not None and version != form.version:
        raise FormOutdated(extra={"version": form.version}, language=language)
    clock = clock_at(ctx.now.astimezone(ctx.zone))
    checked = check(form, answers, language=language, today=ctx.today, clock=clock)
    if checked.problems:
        raise AnswersInvalid(errors=checked.problems, language=language)
    return checked

"""View of the page that exports answers: its choices, what was chosen, and the file as it is sent."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
from litestar.response import Response

from spheres_core.facts import Message, Problem, msg
from spheres_core.forms import queries as forms
from spheres_core.forms.meanings import REFERRAL
from spheres_core.foundation.errors import Invalid, Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals.operations.answer_export import MOST, ExportedAnswers, ExportPosted
from spheres_core.referrals.queries.record_kinds import RECORD_KIND
from spheres_core.referrals.states import STATES

PURPOSES: Final[Mapping[str, Message]] = {
    "follow_up": msg("Follow-up work of the team"),
    "evaluation": msg("Evaluation and accountability"),
    "quality": msg("Checking the data"),
    "transfer": msg("Moving to another system"),
    "request": msg("A request that the law provides for"),
}
FILES: Final[Mapping[str, Message]] = {"xlsx": msg("Spreadsheet (xlsx)"), "csv": msg("Text table (csv)")}
SAYS: Final[Mapping[str, Message]] = {
    "labels": msg("Questions and choices in words"),
    "codes": msg("Names and codes, for another program"),
}
MULTIPLES: Final[Mapping[str, Message]] = {
    "joined": msg("Together in one cell"),
    "columns": msg("A column for each choice, with 1 or 0"),
}
_FIELDS: Final = ("purpose", "form", "state", "since", "until", "file", "say", "multiples", "language")
_MISSING: Final[Mapping[str, Message]] = {
    "purpose": msg("Say what the file is for."),
    "since": msg("Enter the date with its year, month and day, such as 2026-11-21."),
    "until": msg("Enter the date with its year, month and day, such as 2026-11-21."),
}
_CHOOSE: Final = msg("Choose one of the answers offered.")


class ChoiceInvalid(Invalid):
    """Something on the page was not chosen, or is none of its choices."""

    code = "choice_invalid"
    message = msg("Some choices need another look.")


def posted_export(sent: Mapping[str, str]) -> ExportPosted:
    """Returns what was chosen on the page. Raises `ChoiceInvalid`, with a problem for each field."""
    chosen = {name: sent[name].strip() for name in _FIELDS if sent.get(name, "").strip()}
    problems = [Problem(_MISSING["purpose"], "purpose")] if "purpose" not in chosen else []
    for name, value in chosen.items():
        try:
            msgspec.convert({"purpose": "quality", name: value}, ExportPosted)
        except msgspec.ValidationError:
            problems.append(Problem(_MISSING.get(name, _CHOOSE), name))
    if problems:
        raise ChoiceInvalid(errors=problems)
    return msgspec.convert(chosen, ExportPosted)


def export_page(ctx: Context, sent: Mapping[str, str] | None = None, refusal: Refusal | None = None) -> dict[str, Any]:
    """Returns what `referrals/export.html` shows; `refusal`: why no file was made of what was `sent`."""
    say = ctx.locale.say
    chosen = {name: (sent or {}).get(name, "") for name in _FIELDS}
    states = {"all": say("Every state"), "open": say("Open")} | {code: say(each.title) for code, each in STATES.items()}
    asked = {form.key: ctx.locale.pick(form.title) for form in forms.current_forms(ctx)}
    asked |= {key: ctx.locale.pick(form.title) for key, (form, _) in forms.forms_on(ctx, RECORD_KIND.name).items()}
    spoken = [ctx.plugins.languages[tag] for tag in ctx.tenant.languages]
    tongues = {each.tag: Text(each.autonym, each) for each in spoken}
    told = {each.path: say(each.message) for each in (refusal.errors if refusal else ()) if each.path in _FIELDS}
    return {
        "title": say("Export answers"),
        "purposes": _options(_said(ctx, PURPOSES), chosen["purpose"]),
        "forms": _options(asked.items(), chosen["form"] or REFERRAL),
        "states": _options(states.items(), chosen["state"] or "all"),
        "files": _options(_said(ctx, FILES), chosen["file"] or "xlsx"),
        "says": _options(_said(ctx, SAYS), chosen["say"] or "labels"),
        "multiples": _options(_said(ctx, MULTIPLES), chosen["multiples"] or "joined"),
        "tongues": _options(tongues.items(), chosen["language"] or ctx.locale.tag),
        "since": chosen["since"][:10],
        "until": chosen["until"][:10],
        "most": {kind: ctx.locale.number(most) for kind, most in MOST.items()},
        "problems": told | ({"page": say(refusal.message)} if refusal and not told else {}),
    }


def file_answer(exported: ExportedAnswers) -> Response[bytes]:
    """Answers with the file as a download that nothing keeps."""
    headers = {"content-disposition": f'attachment; filename="{exported.name}"', "cache-control": "no-store"}
    return Response(exported.file.content, media_type=exported.file.media_type, headers=headers)


def _said(ctx: Context, titles: Mapping[str, Message]) -> list[tuple[str, Text]]:
    return ctx.locale.options(titles)


def _options(titles: Iterable[tuple[str, Text | str]], chosen: str) -> list[dict[str, Any]]:
    return [{"code": code, "label": title, "selected": code == chosen} for code, title in titles]

"""Values of the preview: a draft as the people who answer it will see it."""

from typing import Any, Final

from msgspec.structs import replace

from spheres_core.forms import queries
from spheres_core.forms.expressions.dates import clock_at
from spheres_core.forms.form_media import FilesBeside
from spheres_core.forms.operations.drafts import checked
from spheres_core.forms.queries import StoredDraft
from spheres_core.forms.schemas import Form
from spheres_core.forms.views.fields import fields, rules_attribute
from spheres_core.forms.xlsform.draft_findings import CheckedDraft, check_draft
from spheres_core.forms.xlsform.drafts import CHOICES, SURVEY, Draft, DraftRow, key_of
from spheres_core.forms.xlsform.sheets import RULES
from spheres_core.foundation.tenancy.context import Context

WIDTHS: Final = ("page", "phone")
NO_ROLE: Final = "preview"
"""A form that the program knows lacks meanings while it is being written; its preview does not mind."""
_ROUNDS: Final = 4


def preview_view(ctx: Context, stored: StoredDraft, *, width: str, script: bool) -> dict[str, Any]:
    """Returns the values of `forms/preview.html`, in the page's language. A draft with errors is shown without them."""
    found = checked(ctx, stored)
    form = found.form or _showable(stored.draft, found, queries.files_of(ctx.plugins))
    locale, clock = ctx.locale, clock_at(ctx.now.astimezone(ctx.zone))
    return {
        "title": ctx.locale.say("Preview"),
        "key": stored.key,
        "width": width if width in WIDTHS else "page",
        "script": script,
        "in_part": found.form is None,
        "form_title": locale.pick(form.title) if form else None,
        "fields": fields(form, locale=locale, today=ctx.today, clock=clock) if form else (),
        "rules_json": rules_attribute(form, locale, clock) if form and script else "",
        "today": ctx.today,
    }


def _showable(draft: Draft, found: CheckedDraft, files: FilesBeside) -> Form | None:
    """Returns the form without what stands against it, texts taken from another language where one is missing; None
    when nothing can be shown."""
    shown = draft
    for _ in range(_ROUNDS):
        shown = _without_errors(shown, found)
        found = check_draft(shown, key=NO_ROLE, files=files)
        if found.form is not None:
            return found.form
    return None


def _without_errors(draft: Draft, found: CheckedDraft) -> Draft:
    wrong = {(each.row, each.column) for each in found.errors}
    rows = {
        sheet: tuple(_mended(row, wrong, draft.languages) for row in draft.rows(sheet)) for sheet in (SURVEY, CHOICES)
    }
    return replace(draft, survey=rows[SURVEY], choices=rows[CHOICES])


def _mended(row: DraftRow, wrong: set[tuple[str, str]], languages: tuple[str, ...]) -> DraftRow:
    cells = dict(row.cells)
    for column in [each for id, each in wrong if id == row.id]:
        head, _, language = column.partition("::")
        if head in (*RULES, "meaning", "default", "appearance", "limit"):
            cells.pop(head, None)
        elif language:
            others = (cells.get(key_of(head, each), "") for each in languages)
            cells[column] = next(filter(None, others), cells.get("name", "…"))
    return DraftRow(row.id, cells)

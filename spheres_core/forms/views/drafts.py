"""Describes the forms that can be edited, and a draft with its findings, as JSON for clients."""

from collections import defaultdict

from spheres_core.forms import queries
from spheres_core.forms.api_schemas import (
    DraftListed,
    DraftPosted,
    DraftShown,
    EditableForm,
    EditableForms,
    FindingOfDraft,
    FormVersionListed,
    RowOfDraft,
)
from spheres_core.forms.operations.drafts import checked
from spheres_core.forms.queries import StoredDraft
from spheres_core.forms.xlsform.drafts import Draft, DraftRow
from spheres_core.foundation.tenancy.context import Context


async def editable_forms(ctx: Context) -> EditableForms:
    """Returns every form that is asked here, was asked, or is being written, by key."""
    asked, own = queries.forms_asked(ctx), queries.own_forms(ctx)
    versions: dict[str, list[FormVersionListed]] = defaultdict(list)
    for each in await queries.published(ctx):
        versions[each.key].append(FormVersionListed(each.version, each.origin, each.published_at))
    drafts = {head.key: head for head in await queries.list_drafts(ctx)}
    found = []
    for key in sorted({*asked, *versions, *drafts}):
        form, origin = asked.get(key, (None, ""))
        head = drafts.get(key)
        found.append(
            EditableForm(
                key=key,
                version=form.version if form else "",
                origin=origin,
                retired=key in own and own[key] is None,
                versions=versions[key],
                draft=DraftListed(head.revision, head.base_version, head.changed_at) if head else None,
            )
        )
    return EditableForms(found)


def draft_shown(ctx: Context, stored: StoredDraft) -> DraftShown:
    """Returns a draft with what stands against it, in the reader's language."""
    found = checked(ctx, stored)
    head, draft = stored.head, stored.draft
    return DraftShown(
        key=head.key,
        revision=head.revision,
        base_version=head.base_version,
        changed_at=head.changed_at,
        languages=list(draft.languages),
        settings=dict(draft.settings),
        survey=[RowOfDraft(dict(row.cells), row.id) for row in draft.survey],
        choices=[RowOfDraft(dict(row.cells), row.id) for row in draft.choices],
        version=found.form.version if found.form else "",
        findings=[
            FindingOfDraft(ctx.locale.say(each.message), each.severity, each.row, each.column)
            for each in found.findings
        ],
    )


def posted_draft(posted: DraftPosted) -> Draft:
    """Returns the draft that a client has sent."""
    survey, choices = (
        tuple(DraftRow(row.id, {name: text for name, text in row.cells.items() if text}) for row in rows)
        for rows in (posted.survey, posted.choices)
    )
    return Draft(tuple(posted.languages), survey, choices, posted.settings)

"""Values of the page that lists the questions of a draft, with its findings and what can be done with it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from spheres_core.forms import queries
from spheres_core.forms.operations.drafts import checked
from spheres_core.forms.queries import StoredDraft
from spheres_core.forms.views import editor_words as words
from spheres_core.forms.xlsform import draft_changes
from spheres_core.forms.xlsform.draft_findings import CheckedDraft
from spheres_core.forms.xlsform.drafts import Draft, DraftRow, key_of
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context


class Said(Struct, frozen=True):
    """A text of a row in one language."""

    language: words.Language
    text: str


class FindingShown(Struct, frozen=True):
    """A finding as the editor shows it."""

    message: Text
    severity: str
    place: Text
    """The column, or nothing."""


class QuestionLine(Struct, frozen=True):
    """One question, or one group with its questions, in the list."""

    id: str
    number: int
    """Counted through the form; 0 for groups."""
    label: Text
    said: tuple[Said, ...]
    kind: Text
    name: str
    required: bool
    rules: tuple[words.RuleSaid, ...]
    choices: tuple[Text, ...]
    collected: Text | None
    """The datum that the answer tells the program."""
    kept: Text | None
    """How the answer is kept; None where nothing is answered."""
    findings: tuple[FindingShown, ...]
    inside: tuple["QuestionLine", ...] = ()
    is_group: bool = False
    last_inside: str = ""
    """The id after which a question is added at the end of a group."""


def draft_view(ctx: Context, stored: StoredDraft, refusal: Refusal | None = None) -> dict[str, Any]:
    """Returns the values of `forms/draft.html`."""
    found = checked(ctx, stored)
    draft = stored.draft
    title = {tag: draft.settings.get(key_of("form_title", tag), "") for tag in draft.languages}
    in_force = queries.forms_asked(ctx).get(stored.key, (None, ""))[0]
    shown = ctx.locale.pick(title) if any(title.values()) else Text(stored.key, ctx.locale.language)
    return {
        "title": ctx.locale.say("Editing the form “{form}”", form=shown),
        "key": stored.key,
        "revision": stored.head.revision,
        "changed_at": stored.head.changed_at,
        "languages": words.languages_of(ctx, draft),
        "titles": [Said(each, title[each.tag]) for each in words.languages_of(ctx, draft)],
        "further": _further_languages(ctx, draft),
        "lines": question_lines(ctx, draft, found),
        "general": [_shown(ctx, draft, each.message, each.severity, "") for each in found.findings if not each.row],
        "errors": len(found.errors),
        "can_publish": found.form is not None,
        "is_in_force": found.form is not None and in_force is not None and found.form.version == in_force.version,
        "in_force": in_force.version if in_force else "",
        "trouble": ctx.locale.say(refusal.message) if refusal else None,
    }


def _further_languages(ctx: Context, draft: Draft) -> list[words.Language]:
    spoken = {tag.partition("-")[0] for tag in draft.languages}
    return [
        words.Language(tag.partition("-")[0], ctx.plugins.languages[tag].autonym)
        for tag in ctx.tenant.languages
        if tag.partition("-")[0] not in spoken
    ]


def question_lines(ctx: Context, draft: Draft, found: CheckedDraft) -> tuple[QuestionLine, ...]:
    """Returns the questions of a draft as they stand in groups."""
    return _Lines(ctx, draft, found).lines()


def findings_of(ctx: Context, draft: Draft, found: CheckedDraft) -> Mapping[str, Sequence[FindingShown]]:
    """Returns the findings by the id of the question that they are about; those of a choice stand at its question."""
    asked = {draft_changes.list_of(row.cells): row.id for row in reversed(draft.survey)}
    home = {row.id: asked.get(row.cells.get("list_name", ""), "") for row in draft.choices}
    by_row = defaultdict(list)
    for each in found.findings:
        if each.row:
            shown = _shown(ctx, draft, each.message, each.severity, each.column)
            by_row[home.get(each.row) or each.row].append(shown)
    return by_row


def _shown(ctx: Context, draft: Draft, message: Any, severity: str, column: str) -> FindingShown:
    place = words.column_title(ctx, draft, column) if column else Text("", ctx.locale.language)
    return FindingShown(ctx.locale.say(message), severity, place)


class _Lines:
    def __init__(self, ctx: Context, draft: Draft, found: CheckedDraft) -> None:
        self.ctx = ctx
        self.draft = draft
        self.findings = findings_of(ctx, draft, found)
        self.languages = words.languages_of(ctx, draft)
        self.number = 0
        self.place = 0

    def lines(self) -> tuple[QuestionLine, ...]:
        """Returns the rows from here on up to the end of the group, or of the form."""
        made = []
        while self.place < len(self.draft.survey):
            row = self.draft.survey[self.place]
            self.place += 1
            kind = draft_changes.kind_of(row)
            if kind == "end":
                break
            made.append(self.group(row) if kind in draft_changes.AROUND_OTHERS else self.line(row))
        return tuple(made)

    def group(self, row: DraftRow) -> QuestionLine:
        before = self.place
        inside = self.lines()
        last = self.draft.survey[max(before - 1, self.place - 2)].id
        return self.line(row, inside=inside, is_group=True, last=last)

    def line(
        self, row: DraftRow, inside: tuple[QuestionLine, ...] = (), *, is_group: bool = False, last: str = ""
    ) -> QuestionLine:
        ctx, cells = self.ctx, row.cells
        kind = draft_changes.kind_of(row)
        is_answered = not is_group and kind not in words.NOT_ANSWERED
        self.number += not is_group
        meaning = cells.get("meaning", "")
        return QuestionLine(
            id=row.id,
            number=0 if is_group else self.number,
            label=words.label_of(ctx, self.draft, cells),
            said=tuple(Said(each, cells.get(key_of("label", each.tag), "")) for each in self.languages),
            kind=words.kind_title(ctx, cells),
            name=cells.get("name", ""),
            required=cells.get("required", "").lower() in ("yes", "true", "true()"),
            rules=tuple(
                text for rule in words.RULES if (text := words.rule_text(ctx, self.draft, rule, cells)) is not None
            ),
            choices=tuple(
                words.label_of(ctx, self.draft, each.cells)
                for each in self.draft.choices
                if each.cells.get("list_name") == (draft_changes.list_of(cells) or None)
            ),
            collected=words.collected_text(ctx, meaning) if meaning else None,
            kept=words.kept_text(ctx, meaning) if is_answered else None,
            findings=tuple(self.findings.get(row.id, ())),
            inside=inside,
            is_group=is_group,
            last_inside=last,
        )

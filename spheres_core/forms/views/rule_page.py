"""Values of the page on which one rule of a question is built of conditions, or written, and tried on answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, Final

from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.forms import queries
from spheres_core.forms.expressions import ExpressionInvalid, references_of, uses_self
from spheres_core.forms.expressions.dates import clock_at
from spheres_core.forms.operations import drafts
from spheres_core.forms.operations.drafts import QuestionUnknown, checked
from spheres_core.forms.queries import StoredDraft
from spheres_core.forms.rule_trials import try_rule
from spheres_core.forms.rule_words import COMPARISONS, OWN, Condition, Conditions, conditions_of, written_rule
from spheres_core.forms.views import editor_words as words
from spheres_core.forms.views.draft_page import findings_of
from spheres_core.forms.xlsform.draft_changes import AROUND_OTHERS, fields_of, index_of, kind_of, list_of
from spheres_core.forms.xlsform.drafts import Cells, Draft
from spheres_core.forms.xlsform.rule_cells import required_rule
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post

BLANK_CONDITIONS: Final = 3
"""Empty conditions at the end of a rule, and in a group that is not there yet."""
BLANK_IN_GROUP: Final = 2
"""Empty conditions at the end of a group."""
_LEADS: Final[Mapping[str, Message]] = {
    "relevant": msg("The question is shown when"),
    "required": msg("The question must be answered when"),
    "constraint": msg("An answer is accepted when"),
}
_RESULTS: Final[Mapping[str, tuple[Message, Message]]] = {
    "relevant": (msg("With these answers, the question is shown."), msg("With these answers, the question is hidden.")),
    "required": (
        msg("With these answers, the question must be answered."),
        msg("With these answers, the question may stay empty."),
    ),
    "constraint": (
        msg("With these answers, the answer is accepted."),
        msg("With these answers, the answer is not accepted."),
    ),
}
_NUMBERS: Final = frozenset({"integer", "decimal", "range"})


class ConditionRow(Struct, frozen=True):
    """One condition with its fields."""

    number: int
    """Counted through the rule."""
    condition: Condition


class RulePart(Struct, frozen=True):
    """A condition of a rule, or a group of conditions."""

    rows: tuple[ConditionRow, ...]
    group: str = ""
    """The number under which a group is posted; empty for a condition on its own."""
    join: str = ""
    is_new: bool = False
    """True for the empty group at the end."""


def rule_view(
    ctx: Context, stored: StoredDraft, id: str, rule: str, *, tried: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Any]:
    """Returns the values of `forms/rule.html`. `tried`: example answers by the name of their question.

    Raises `QuestionUnknown`, and `NotFound` for a rule that there is not.
    """
    draft = stored.draft
    cells = _cells(draft, id)
    if rule not in words.RULES:
        raise NotFound
    cell = cells.get(rule, "")
    plain = Conditions("and", ()) if rule == "required" and not _is_rule(cell) else conditions_of(cell)
    said = findings_of(ctx, draft, checked(ctx, stored)).get(id, ())
    column = words.column_title(ctx, draft, rule)
    return {
        "title": ctx.locale.say(words.RULES[rule]),
        "key": stored.key,
        "id": id,
        "rule": rule,
        "label": words.label_of(ctx, draft, cells),
        "cell": cell,
        "sentence": words.rule_text(ctx, draft, rule, cells),
        "in_words": rule in words.IN_WORDS,
        "lead": ctx.locale.say(_LEADS[rule]) if rule in _LEADS else None,
        "too_rich": plain is None,
        "join": plain.join if plain else "and",
        "conditions": rule_parts(plain),
        "questions": _questions(ctx, draft, id, with_own=rule == "constraint"),
        "comparisons": ctx.locale.options(COMPARISONS),
        "values": _values(ctx, draft),
        "findings": [each for each in said if each.place == column],
        "asked": _asked(ctx, draft, cell, cells, tried or {}),
        "result": None if tried is None else _result(ctx, draft, rule, cell, cells, tried),
    }


async def receive_rule(ctx: Context, key: str, post: Post) -> None:
    """Writes a rule of a question as it was posted. Raises `DraftUnknown`, `QuestionUnknown`, `NotFound`."""
    stored = await queries.stored_draft(ctx, key, lock=True)
    base = fields_of(stored.draft, post["id"])
    if base is None:
        raise QuestionUnknown
    if post["which"] not in words.RULES:
        raise NotFound
    cell = post["cell"].strip() if post["_do"] == "written" else read_conditions(stored.draft, post["id"], post)
    await drafts.save_question(ctx, key, post["id"], {**base, post["which"]: cell}, base=base)


def read_conditions(draft: Draft, id: str, post: Post) -> str:
    """Returns the rule cell of the conditions that were posted. Raises `QuestionUnknown`."""
    own = _cells(draft, id)
    kinds = {row.cells.get("name", ""): kind_of(row) for row in draft.survey}
    place = index_of(draft.survey, id)
    assert place is not None
    kinds[OWN] = kind_of(draft.survey[place])
    names = {*kinds, OWN} - {own.get("name", "")}
    asked, compared, values = (post.every(column) for column in ("question", "comparison", "value"))
    groups = post.every("group") or [""] * len(asked)
    together: dict[str, list[Condition]] = {}
    for place, (group, *each) in enumerate(zip(groups, asked, compared, values, strict=False)):
        if each[0] in names and each[1] in COMPARISONS:
            together.setdefault(group or f"alone {place}", []).append(Condition(*each))
    found = [Conditions(post[f"join.{group}"], tuple(inside)) for group, inside in together.items()]
    return written_rule(found, join=post["join"], kinds=kinds)


def _cells(draft: Draft, id: str) -> Cells:
    place = index_of(draft.survey, id)
    if place is None:
        raise QuestionUnknown
    return draft.survey[place].cells


def _is_rule(cell: str) -> bool:
    try:
        return required_rule(cell) not in (None, ["true"])
    except ExpressionInvalid:
        return True


def rule_parts(plain: Conditions | None) -> list[RulePart]:
    """Returns the conditions and groups of a rule in order, then empty conditions, then an empty group."""
    there = plain or Conditions("and", ())
    blank = Condition("", "is")
    other = "or" if there.join == "and" else "and"
    number = count(1)
    parts: list[RulePart] = []
    for each in [*there.conditions, *[blank] * BLANK_CONDITIONS, Conditions(other, (blank,) * BLANK_CONDITIONS)]:
        if isinstance(each, Condition):
            parts.append(RulePart((ConditionRow(next(number), each),)))
            continue
        is_new = len(parts) == len(there.conditions) + BLANK_CONDITIONS
        inside = [*each.conditions, *([] if is_new else [blank] * BLANK_IN_GROUP)]
        rows = tuple(ConditionRow(next(number), one) for one in inside if isinstance(one, Condition))
        parts.append(RulePart(rows, str(len(parts) + 1), each.join, is_new=is_new))
    return parts


def _questions(ctx: Context, draft: Draft, id: str, *, with_own: bool) -> list[tuple[str, Text]]:
    silent = {*AROUND_OTHERS, "end", "note", ""}
    found = [
        (row.cells.get("name", ""), words.label_of(ctx, draft, row.cells))
        for row in draft.survey
        if row.id != id and kind_of(row) not in silent and row.cells.get("name")
    ]
    return [(OWN, ctx.locale.say("the answer")), *found] if with_own else found


def _values(ctx: Context, draft: Draft) -> list[tuple[str, Text]]:
    """Returns the codes of all choices, offered where a value is typed."""
    return list(
        {
            row.cells.get("name", ""): words.label_of(ctx, draft, row.cells)
            for row in draft.choices
            if row.cells.get("name")
        }.items()
    )


def _asked(
    ctx: Context, draft: Draft, cell: str, own: Cells, tried: Mapping[str, Sequence[str]]
) -> list[dict[str, Any]]:
    """Returns the questions whose answers a rule looks at, to try it on some."""
    try:
        tree = required_rule(cell)
    except ExpressionInvalid:
        return []
    if tree is None:
        return []
    names = [*sorted(references_of(tree)), *([OWN] if uses_self(tree) else [])]
    by_name = {row.cells.get("name", ""): row.cells for row in draft.survey} | {OWN: own}
    shown = []
    for name in names:
        cells = by_name.get(name.rpartition(".")[2] or name, {})
        choices = [
            (row.cells.get("name", ""), words.label_of(ctx, draft, row.cells))
            for row in draft.choices
            if row.cells.get("list_name") == (list_of(cells) or None)
        ]
        shown.append(
            {
                "name": name,
                "label": words.label_of(ctx, draft, cells) if name != OWN else ctx.locale.say("the answer"),
                "choices": choices,
                "several": cells.get("type", "").startswith("select_multiple"),
                "values": list(tried.get(name, ())),
                "is_date": cells.get("type", "") == "date",
            }
        )
    return shown


def _result(
    ctx: Context, draft: Draft, rule: str, cell: str, own: Cells, tried: Mapping[str, Sequence[str]]
) -> str | None:
    """Returns what the rule says of these answers, or why it cannot be tried."""
    by_name = {row.cells.get("name", ""): row.cells for row in draft.survey} | {OWN: own}
    values = {name: _answer(by_name.get(name.rpartition(".")[2] or name, {}), sent) for name, sent in tried.items()}
    answers = {name: value for name, value in values.items() if name != OWN}
    found = try_rule(cell, answers, values.get(OWN), clock_at(ctx.now.astimezone(ctx.zone)))
    if found.refused is not None:
        return str(ctx.locale.say(found.refused))
    if rule in _RESULTS:
        return str(ctx.locale.say(_RESULTS[rule][0 if found.boolean else 1]))
    return str(ctx.locale.say("With these answers: {value}", value=found.string or ""))


def _answer(cells: Cells, sent: Sequence[str]) -> Any:
    given = [each.strip() for each in sent if each.strip()]
    if not given:
        return None
    kind = cells.get("type", "").partition(" ")[0]
    if kind == "select_multiple":
        return given
    if kind in _NUMBERS:
        try:
            return float(given[0])
        except ValueError:
            return None
    return given[0]

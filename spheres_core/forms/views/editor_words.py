"""Words of the editor: types of questions, rules, and what is kept of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.forms.data_collected import CLEAR, CODES, COMPARED, KEPT, collected
from spheres_core.forms.rule_words import SENTENCES, WITHOUT_VALUE, Condition, Conditions, conditions_of
from spheres_core.forms.xlsform.draft_changes import list_of
from spheres_core.forms.xlsform.drafts import Cells, Draft, key_of
from spheres_core.forms.xlsform.question_types import parse_type
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context

LOOKS: Final[Mapping[str, tuple[str, str]]] = {
    "long_text": ("text", "multiline"),
    "phone": ("text", "phone"),
    "email": ("text", "email"),
}
"""Types of the editor that are a type of XLSForm with an appearance."""
TYPES: Final[Mapping[str, Message]] = {
    "text": msg("Short text"),
    "long_text": msg("Long text"),
    "email": msg("E-mail address"),
    "phone": msg("Telephone number"),
    "integer": msg("Whole number"),
    "decimal": msg("Number with decimals"),
    "range": msg("Number on a scale"),
    "date": msg("Date"),
    "time": msg("Time"),
    "dateTime": msg("Date and time"),
    "select_one": msg("One choice"),
    "select_multiple": msg("Several choices"),
    "rank": msg("Choices in order"),
    "acknowledge": msg("A box to tick"),
    "geopoint": msg("A place, in words"),
    "image": msg("A picture"),
    "audio": msg("A sound recording"),
    "video": msg("A video"),
    "file": msg("A file"),
    "note": msg("A text to read"),
    "calculate": msg("A computed value"),
    "begin_group": msg("A group of questions"),
    "begin_repeat": msg("Questions that repeat"),
}
BROUGHT: Final[Mapping[str, Message]] = {
    "select_one_from_file": msg("One choice, from a file"),
    "select_multiple_from_file": msg("Several choices, from a file"),
    "hidden": msg("A value that is not shown"),
    "device": msg("What a device would fill in: not collected here"),
}
"""Types that only a form brought from elsewhere has: shown and kept, never offered."""
_CODES: Final = {"datetime": "dateTime", "group": "begin_group", "repeat": "begin_repeat"}
"""The editor's names of kinds that the reader calls otherwise."""
NOT_ANSWERED: Final = ("note", "calculate", "hidden", "device", "begin_group", "begin_repeat")
WITH_CHOICES: Final = frozenset({"select_one", "select_multiple", "rank"})
RULES: Final[Mapping[str, Message]] = {
    "relevant": msg("When is it shown?"),
    "required": msg("When must it be answered?"),
    "constraint": msg("Which answers are accepted?"),
    "calculation": msg("How is it computed?"),
    "choice_filter": msg("Which choices are offered?"),
}
IN_WORDS: Final = ("relevant", "required", "constraint")
"""Rules that can be built of conditions."""
RULE_SAID: Final[Mapping[str, Message]] = {
    "relevant": msg("Shown when {rule}"),
    "required": msg("Must be answered when {rule}"),
    "constraint": msg("Accepted when {rule}"),
}
RULE_WRITTEN: Final[Mapping[str, Message]] = {
    "relevant": msg("Shown when this holds:"),
    "required": msg("Must be answered when this holds:"),
    "constraint": msg("Accepted when this holds:"),
    "calculation": msg("Computed as:"),
    "choice_filter": msg("Choices are offered when this holds:"),
}
COLUMNS: Final[Mapping[str, Message]] = {
    "label": msg("Question"),
    "hint": msg("Hint"),
    "guidance_hint": msg("More help"),
    "required_message": msg("What is said when it is not answered"),
    "constraint_message": msg("What is said of an answer that is not accepted"),
    "type": msg("Type"),
    "name": msg("Short name"),
    "list_name": msg("List of choices"),
    "meaning": msg("What it tells the program"),
    "appearance": msg("Appearance"),
    "default": msg("Answer that it begins with"),
    "read_only": msg("Cannot be changed"),
    "limit": msg("At most"),
    "retired": msg("Not offered any more"),
    "form_title": msg("Title"),
    **RULES,
}
"""Names of the columns of a form, as the editor calls them."""


class Language(Struct, frozen=True):
    """One language of a draft."""

    tag: str
    name: str
    """In the language itself."""


def languages_of(ctx: Context, draft: Draft) -> list[Language]:
    """Returns the languages that a draft is written in."""
    known = ctx.plugins.languages
    found = []
    for tag in draft.languages:
        language = next((each for each in known.values() if tag in (each.tag, each.short)), None)
        found.append(Language(tag, language.autonym if language else tag))
    return found


def kind_code(cells: Cells) -> str:
    """Returns the editor's name of a question's type; what it does not know as written."""
    written = cells.get("type", "")
    found = parse_type(written)
    if found is None or found.kind == "loop":
        return written
    if found.file:
        return f"{found.kind}_from_file"
    looks = [*cells.get("appearance", "").split(), found.look]
    said = (code for code, (kind, look) in LOOKS.items() if kind == found.kind and look in looks)
    return next(said, _CODES.get(found.kind, found.kind))


def kind_title(ctx: Context, cells: Cells) -> Text:
    """Returns the type of a question in words; one that the editor has no words for as written."""
    return title_of_kind(ctx, kind_code(cells))


def title_of_kind(ctx: Context, code: str) -> Text:
    """Returns an editor's name of a type in words; one that it has no words for as it is written in XLSForm."""
    known = TYPES.get(code) or BROUGHT.get(code)
    return ctx.locale.say(known) if known else Text(code, ctx.locale.language)


def label_of(ctx: Context, draft: Draft, cells: Cells) -> Text:
    """Returns what a row says, in the reader's language where it can; its name when it says nothing."""
    words = {tag: cells.get(key_of("label", tag), "") for tag in draft.languages}
    text = ctx.locale.pick(words) if any(words.values()) else None
    return text or Text(cells.get("name", ""), ctx.locale.language)


def column_title(ctx: Context, draft: Draft, column: str) -> Text:
    """Returns the name of a column of a draft: `Hint (English)`."""
    head, _, tag = column.partition("::")
    title = ctx.locale.say(COLUMNS[head]) if head in COLUMNS else Text(head, ctx.locale.language)
    name = next((each.name for each in languages_of(ctx, draft) if each.tag == tag), tag)
    return Text(f"{title} ({name})", ctx.locale.language) if tag else title


class RuleSaid(Struct, frozen=True):
    """A rule in words."""

    text: Text
    code: str = ""
    """Its expression, where the words do not say all of it."""


def rule_text(ctx: Context, draft: Draft, rule: str, cells: Cells) -> RuleSaid | None:
    """Returns a rule of a question as a sentence, or with its expression where it cannot be said in words."""
    cell = cells.get(rule, "")
    if not cell or (rule == "required" and cell.lower() in ("yes", "true", "no", "false", "true()", "false()")):
        return None
    found = conditions_of(cell) if rule in IN_WORDS else None
    if found is None or not found.conditions:
        return RuleSaid(ctx.locale.say(RULE_WRITTEN[rule]), cell)
    return RuleSaid(ctx.locale.say(RULE_SAID[rule], rule=_together(ctx, draft, found, cells)))


def _together(ctx: Context, draft: Draft, found: Conditions, own: Cells) -> str:
    said = [
        f"({_together(ctx, draft, each, own)})"
        if isinstance(each, Conditions)
        else str(condition_text(ctx, draft, each, own))
        for each in found.conditions
    ]
    return f" {ctx.locale.say('and') if found.join == 'and' else ctx.locale.say('or')} ".join(said)


def condition_text(ctx: Context, draft: Draft, condition: Condition, own: Cells) -> Text:
    """Returns one condition as part of a sentence."""
    asked = own if condition.question == "." else _named(draft, condition.question)
    question = condition.question
    if asked is not None:
        question = str(ctx.locale.say("the answer") if condition.question == "." else _quoted(ctx, draft, asked))
    value = "" if condition.comparison in WITHOUT_VALUE else value_text(ctx, draft, asked or {}, condition.value)
    return ctx.locale.say(SENTENCES[condition.comparison], question=question, value=value)


def value_text(ctx: Context, draft: Draft, asked: Cells, value: str) -> str:
    """Returns a value of a rule as people read it: the label of a choice, `today` in words."""
    if value == "today":
        return str(ctx.locale.say("today"))
    for row in draft.choices:
        if row.cells.get("list_name") == list_of(asked) and row.cells.get("name") == value:
            return str(_quoted(ctx, draft, row.cells))
    return value


def _quoted(ctx: Context, draft: Draft, cells: Cells) -> Text:
    return ctx.locale.say("“{text}”", text=str(label_of(ctx, draft, cells)))


def _named(draft: Draft, name: str) -> Cells | None:
    return next((row.cells for row in draft.survey if row.cells.get("name") == name), None)


def collected_text(ctx: Context, meaning: str) -> Text:
    """Returns what an answer tells the program, by the meaning of its question."""
    return ctx.locale.say(collected(meaning))


def code_text(ctx: Context, code: str) -> Text:
    """Returns what a choice is counted as, in words."""
    return ctx.locale.say(CODES[code])


def kept_text(ctx: Context, meaning: str) -> Text:
    """Returns how an answer is kept."""
    return ctx.locale.say(KEPT["clear" if meaning in CLEAR else "compared" if meaning in COMPARED else "sealed"])

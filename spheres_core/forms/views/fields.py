"""Prepares a form for its page: the questions, values, errors and hints to show. Templates only print."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any, Final

import msgspec
from markupsafe import Markup

from spheres_core.facts import Message, Problem, Words
from spheres_core.forms.answer_placement import place_answers
from spheres_core.forms.answers import offered_choices
from spheres_core.forms.attachments.file_kinds import ACCEPT, WANTED
from spheres_core.forms.choice_order import in_order
from spheres_core.forms.compiled_form import AnswerScope, CompiledForm, CompiledQuestion
from spheres_core.forms.default_answers import default_answer
from spheres_core.forms.expressions import Clock
from spheres_core.forms.expressions.dates import at_midnight
from spheres_core.forms.expressions.rule_tree import nodes
from spheres_core.forms.expressions.values import truth
from spheres_core.forms.first_answers import first_answers, first_answers_of
from spheres_core.forms.references import named_choices, rules_of
from spheres_core.forms.schemas import ATTACHMENTS, Form, is_never_asked
from spheres_core.forms.views.inputs import (
    bounds_of,
    field_id,
    input_of,
    inputmode_of,
    media_shown,
    numbers_to_choose,
    parts_of,
    shown_value,
)
from spheres_core.forms.wording import NO_ANSWER_YET, value_text, with_values
from spheres_core.forms.xlsform.question_looks import layout_of
from spheres_core.foundation.languages.localization import Locale, Text
from spheres_core.foundation.web.form_fields import Field, Option, RepeatEntry

NO_FILES: Final[Mapping[str, str]] = {}
NEW: Final = "NEW"
"""Stands for the number of an entry in the blank one that the browser copies."""
_AUTOCOMPLETE: Final = {
    "referrer_name": "name",
    "referrer_email": "email",
    "referrer_phone": "tel",
    "referrer_organization": "organization",
}
"""Only the referrer's own; nothing about the young person is to be kept by a browser."""


def fields(
    form: Form,
    values: Mapping[str, Any] | None = None,
    problems: Sequence[Problem] = (),
    *,
    locale: Locale,
    today: dt.date,
    clock: Clock | None = None,
    files: Mapping[str, str] = NO_FILES,
    drawn: str = "",
) -> tuple[Field, ...]:
    """Returns the questions of a form with what was sent and what stands against it, in the locale's language.

    `values` may be anything that was posted, right or wrong; None shows the form as it begins. `files`: the names of
    files that were sent before, by their handles. `drawn` decides the order of choices that have none of their own; see
    `choice_order.in_order`.
    """
    sent = first_answers_of(form, clock or today.isoformat(), locale.tag) if values is None else dict(values)
    compiled_form, root = place_answers(form, sent, clock or today.isoformat(), language=locale.tag)
    return _FieldBuilder(compiled_form, locale, problems, files, drawn).fields("", root, sent)


class _FieldBuilder:
    def __init__(
        self,
        compiled_form: CompiledForm,
        locale: Locale,
        problems: Sequence[Problem],
        files: Mapping[str, str],
        drawn: str = "",
    ) -> None:
        self.files = files
        self.drawn = drawn
        self.plan = compiled_form
        self.locale = locale
        self.problems: dict[str, Message | Words] = {}
        for problem in problems:
            self.problems.setdefault(problem.path, problem.message)
            self.problems.setdefault(_without_place(problem.path), problem.message)

    def fields(self, parent: str, scope: AnswerScope, sent: Any) -> tuple[Field, ...]:
        values = sent if isinstance(sent, Mapping) else {}
        asked = (item for item in self.plan.children[parent] if not is_never_asked(item.question))
        return tuple(self.field(item, scope, values.get(item.question.name)) for item in asked)

    def field(self, item: CompiledQuestion, scope: AnswerScope, sent: Any) -> Field:
        question, name = item.question, item.shown(scope)
        problem = self.problems.get(name)
        words = with_values(question.hints, self.plan, scope, self.locale.tag)
        live = self.locale.pick(question.labels)
        label = self.locale.pick(with_values(question.labels, self.plan, scope, self.locale.tag))
        return Field(
            name=name,
            id=field_id(name),
            path=item.path,
            kind=item.kind,
            input=input_of(item),
            label=label,
            media=media_shown(question.media, label, self.locale),
            hint=self.locale.pick(words) if words else None,
            guidance=self.guidance(item, scope),
            fixed=self.fixed(item, scope) if question.read_only and not question.is_computed else (),
            computed=self.computed(item, scope),
            counted=question.repeat_count is not None,
            label_live=live if "${" in live else "",
            required=item.required is not None and truth(item.required(scope)),
            requirement_varies=question.required not in (None, ["true"]),
            relevant=item.path not in scope.hidden,
            value=self.value(item, sent),
            accept=ACCEPT.get(item.kind, ""),
            kept=self.files.get(sent, "") if item.kind in ATTACHMENTS and isinstance(sent, str) else "",
            options=numbers_to_choose(item, sent, name, self.locale) or self.options(item, scope, sent),
            filtered=item.choice_filter is not None,
            parts=parts_of(item, sent, name, self.locale),
            layout=self.layout(item),
            bounds=self.locale.say(WANTED[item.kind]) if item.kind in WANTED else bounds_of(item, self.locale),
            rows=int(question.parameters.get("rows", 4)),
            problem=self.locale.say(problem) if problem else None,
            limit=question.most if item.kind in ("text", "geopoint", "repeat") else 0,
            inputmode=inputmode_of(item),
            autocomplete=_AUTOCOMPLETE.get(question.meaning, "off"),
            fields=self.fields(item.path, scope, sent) if item.kind == "group" else (),
            entries=self.entries(item, scope, sent),
            blank_entry=self.blank_entry(item, scope),
        )

    def value(self, item: CompiledQuestion, sent: Any) -> str:
        value = shown_value(sent, item)
        return value if item.kind not in ATTACHMENTS or value in self.files else ""

    def guidance(self, item: CompiledQuestion, scope: AnswerScope) -> Text | None:
        words = with_values(item.question.guidance, self.plan, scope, self.locale.tag)
        return self.locale.pick(words) if words else None

    def fixed(self, item: CompiledQuestion, scope: AnswerScope) -> tuple[tuple[str, Text], ...]:
        """Returns the answer that a question keeps."""
        answer = default_answer(item.question, scope.today)
        if item.kind == "acknowledge":
            return (("yes", self.locale.say("Yes")),)
        labels = {choice.name: self.locale.pick(choice.labels) for choice in item.options}
        parts = answer if isinstance(answer, list) else [] if answer is None else [answer]
        return tuple((str(part), labels.get(str(part)) or Text(str(part), self.locale.language)) for part in parts)

    def computed(self, item: CompiledQuestion, scope: AnswerScope) -> Text | None:
        if not item.question.is_computed or item.kind == "calculate":
            return None
        said = value_text(self.plan, item.path, scope.values.get(item.path), self.locale.tag)
        return Text(said or NO_ANSWER_YET, self.locale.language)

    def layout(self, item: CompiledQuestion) -> str:
        above = self.plan.questions.get(item.parent)
        if item.kind == "select_one" and above is not None and "table-list" in above.question.looks:
            return "likert"
        usual = "packed" if item.kind == "range" else ""
        return next((layout for word in item.question.looks if (layout := layout_of(word))), usual)

    def options(self, item: CompiledQuestion, scope: AnswerScope, sent: Any) -> tuple[Option, ...]:
        if not item.options:
            return ()
        offered = item.offered if item.choice_filter is None else offered_choices(item, scope)
        chosen = sent if isinstance(sent, list) else [sent]
        shown: dict[str, Option] = {}
        for choice in item.options:
            if choice.name in shown or choice.retired:
                continue
            shown[choice.name] = Option(
                choice.name,
                self.locale.pick(choice.labels),
                choice.name in chosen,
                choice.name in offered,
                media_shown(choice.media, self.locale.pick(choice.labels), self.locale),
            )
        return in_order(tuple(shown.values()), item, scope, self.drawn)

    def entries(self, item: CompiledQuestion, scope: AnswerScope, sent: Any) -> tuple[RepeatEntry, ...]:
        """Returns what was sent, or one blank entry to begin with."""
        if item.kind != "repeat":
            return ()
        given = sent if isinstance(sent, list) else []
        inside = scope.repeats.get(item.path) or []
        shown = tuple(
            RepeatEntry(
                entry.prefix,
                place + 1,
                self.fields(
                    item.path,
                    entry,
                    given[place] if place < len(given) else first_answers(self.plan, item.path, entry),
                ),
            )
            for place, entry in enumerate(inside)
        )
        return shown if shown or item.question.repeat_count is not None else (self.entry(item, scope, "0", 1),)

    def blank_entry(self, item: CompiledQuestion, scope: AnswerScope) -> RepeatEntry | None:
        return self.entry(item, scope, NEW, 0) if item.kind == "repeat" else None

    def entry(self, item: CompiledQuestion, scope: AnswerScope, index: str, number: int) -> RepeatEntry:
        prefix = f"{item.shown(scope)}[{index}]"
        blank = AnswerScope(scope.today, parent=scope, prefix=prefix)
        begins_with = first_answers(self.plan, item.path, blank)
        return RepeatEntry(prefix, number, self.fields(item.path, blank, begins_with))


def rules_attribute(form: Form, locale: Locale, clock: Clock) -> Markup:
    """Returns `browser_rules` as JSON that stands in an attribute between apostrophes: its many quotation marks need
    no mask there, which would make a large form's page larger by half."""
    written = msgspec.json.encode(browser_rules(form, locale, clock)).decode()
    masked = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&#39;"))
    return Markup(reduce(lambda text, mask: text.replace(*mask), masked, written))  # noqa: S704 (masked just before)


def browser_rules(form: Form, locale: Locale, clock: Clock) -> dict[str, Any]:
    """Returns what `static/form.js` needs of a form: its rules in the order in which they are to be judged."""
    compiled_form = place_answers(form, {}, clock)[0]
    spoken = {path for question in form.walk() for path in _paths_in_texts(question.labels)}
    spoken |= {path for question in form.walk() for _, tree in rules_of(question) for path in named_choices(tree)}
    spoken |= {question.path for question in form.walk() if question.is_computed and question.kind != "calculate"}
    return {
        "clock": (clock if _asks_for_the_moment(form) else at_midnight(clock))._asdict(),
        "repeats": [item.path for item in compiled_form.order if item.kind == "repeat"],
        "questions": [_browser_question(item) for item in compiled_form.order],
        "filters": [
            {
                "path": item.path,
                "entry": item.entry,
                "rule": item.question.choice_filter,
                "choices": [{**choice.columns, "name": choice.name} for choice in item.options if not choice.retired],
            }
            for item in compiled_form.order
            if item.question.choice_filter is not None
        ],
        "labels": {
            path: {choice.name: str(locale.pick(choice.labels)) for choice in compiled_form.questions[path].options}
            for path in sorted(spoken)
            if path in compiled_form.questions and compiled_form.questions[path].options
        },
    }


def _asks_for_the_moment(form: Form) -> bool:
    """Tells whether a rule reads the time of day; without one, a page stays the same for the whole day."""
    return any(
        node[:1] == ["now"] for question in form.walk() for _, tree in rules_of(question) for node in nodes(tree)
    )


def _browser_question(item: CompiledQuestion) -> dict[str, Any]:
    question = item.question
    said = {
        "path": item.path,
        "kind": item.kind,
        "entry": item.entry,
        "relevant": item.relevant_rule,
        "calculation": question.calculation,
        "repeat_count": question.repeat_count,
        "most": question.most if question.repeat_count is not None else None,
        "required": question.required if question.required != ["true"] else None,
    }
    return {name: value for name, value in said.items() if value not in (None, "")}


def problem_list(problems: Sequence[Problem], locale: Locale) -> tuple[tuple[str, Text], ...]:
    """Returns the error summary: the id of each field and what to do there, in the form's order."""
    return tuple((field_id(_without_place(problem.path)), locale.say(problem.message)) for problem in problems)


def _paths_in_texts(words: Words) -> set[str]:
    return {part.partition("}")[0] for text in words.values() for part in text.split("${")[1:]}


def _without_place(path: str) -> str:
    """Returns `needs` for `needs[2]`: a problem with one choice is shown at its question."""
    return path.rpartition("[")[0] if path.endswith("]") else path

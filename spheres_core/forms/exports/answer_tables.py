"""Sets of answers as tables: one for the form, one for each of its repeats, in the columns of every version that was
asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from msgspec import Struct

from spheres_core.facts import Message, Words, msg
from spheres_core.forms.choice_labels import pick
from spheres_core.forms.schemas import Choice, Form, Question
from spheres_core.forms.wording import ANSWER_REFERENCE, NO_ANSWER_YET
from spheres_core.foundation.languages.localization import Locale

Cell = str | int | float | None
Say = Literal["labels", "codes"]
Multiples = Literal["joined", "columns"]
JOINED_CODES: Final = " "
JOINED_LABELS: Final = "; "
_KEY: Final = ("_referral", msg("Referral"))
_ENTRY: Final = ("_entry", msg("Entry"))
_SHOWN_ONLY: Final = frozenset({"note", "group", "repeat"})


class TableOptions(Struct, frozen=True):
    """The look of the tables."""

    say: Say = "labels"
    """Labels in a language, for people; or the form's names and codes, for programs."""
    multiples: Multiples = "joined"
    """Several choices in one cell, or a column for each choice with 1 or 0."""


class AnswerColumn(Struct, frozen=True):
    """One column: a question, or one choice of it. The newest version that has it gives its words."""

    question: Question
    form: Form
    choice: Choice | None = None
    above: tuple[Words, ...] = ()
    """Labels of the groups that it stands in."""


class AnswerTable(Struct, frozen=True):
    """The columns of the form itself (`path` is empty) or of one repeat."""

    path: str
    title: Words
    columns: tuple[AnswerColumn, ...]


def answer_tables(versions: Sequence[Form], options: TableOptions) -> tuple[AnswerTable, ...]:
    """Returns the tables for answers to these versions of a form, newest first: the form's, then each repeat's."""
    titles: dict[str, Words] = {"": versions[0].title}
    columns: dict[str, dict[tuple[str, str], AnswerColumn]] = {"": {}}
    for form in versions:
        for table, column in _columns(form, form.questions, "", (), options):
            if isinstance(column, Question):
                titles.setdefault(table, column.labels or {"": column.name})
                columns.setdefault(table, {})
            else:
                columns[table].setdefault((column.question.path, column.choice.name if column.choice else ""), column)
    return tuple(AnswerTable(path, titles[path], tuple(found.values())) for path, found in columns.items())


def _columns(
    form: Form, questions: tuple[Question, ...], table: str, above: tuple[Words, ...], options: TableOptions
) -> Iterator[tuple[str, AnswerColumn | Question]]:
    """Yields the columns with the path of their table, and each repeat, with which a table begins."""
    for question in questions:
        if question.kind == "repeat":
            yield question.path, question
            yield from _columns(form, question.children, question.path, (), options)
        elif question.kind == "group":
            inside = (*above, question.labels) if question.labels else above
            yield from _columns(form, question.children, table, inside, options)
        elif question.kind in _SHOWN_ONLY:
            continue
        elif question.kind == "select_multiple" and options.multiples == "columns":
            for choice in {each.name: each for each in form.choices.get(question.choices, ())}.values():
                yield table, AnswerColumn(question, form, choice, above)
        else:
            yield table, AnswerColumn(question, form, above=above)


class TableWriter:
    """Turns sets of answers into the rows of one table."""

    def __init__(self, table: AnswerTable, options: TableOptions, locale: Locale) -> None:
        self.table = table
        self.options = options
        self.locale = locale
        self.yes, self.no = str(locale.say("Yes")), str(locale.say("No"))
        self.labels: dict[tuple[str, str], dict[str, str]] = {}
        self.steps = [column.question.path[len(table.path) :].strip(".").split(".") for column in table.columns]
        """The names that lead to each column's answer, from the form or from an entry of the repeat."""

    def header(self, before: Sequence[tuple[str, Message]] = ()) -> list[str]:
        """Returns the heads of the columns, all different; `before` are the codes and titles of the caller's own."""
        if self.table.path:
            before = (_KEY, _ENTRY)
        by_code = self.options.say == "codes"
        own = [code if by_code else str(self.locale.say(title)) for code, title in before]
        return _unique([(each, each) for each in own] + [self._head(column) for column in self.table.columns])

    def rows(self, form: Form, answers: Mapping[str, Any], key: str, before: Sequence[Cell] = ()) -> list[list[Cell]]:
        """Returns the rows of one set of answers by the version that asked: one for the form, one for each entry."""
        if not self.table.path:
            return [[*before, *self._cells(form, answers)]]
        return [[key, number, *self._cells(form, entry)] for number, entry in _entries(answers, form, self.table.path)]

    def _head(self, column: AnswerColumn) -> tuple[str, str]:
        """Returns the head of a column, and a longer one for where another column has the same."""
        path = column.question.path + (f"/{column.choice.name}" if column.choice else "")
        if self.options.say == "codes":
            return path, path
        head = self._words(column.question.labels, column.form) or column.question.name
        if column.choice:
            head += " – " + (self._words(column.choice.labels, column.form) or column.choice.name)
        groups = [text for words in column.above if (text := self._words(words, column.form))]
        return head, f"{' › '.join([*groups, head])} ({path})"

    def _cells(self, form: Form, answers: Mapping[str, Any]) -> Iterator[Cell]:
        for column, steps in zip(self.table.columns, self.steps, strict=True):
            yield self._cell(form, column, _answer(answers, steps))

    def _cell(self, form: Form, column: AnswerColumn, value: Any) -> Cell:
        if value is None or value == []:
            return None
        if column.choice is not None:
            return 1 if column.choice.name in (value if isinstance(value, list) else [value]) else 0
        if isinstance(value, bool):
            return (self.yes if value else self.no) if self.options.say == "labels" else int(value)
        if isinstance(value, int | float):
            return value
        codes = [str(each) for each in value] if isinstance(value, list) else [str(value)]
        if not column.question.choices:
            shown = 4 if column.question.asks_year else 7 if column.question.asks_month else None
            return JOINED_LABELS.join(code[:shown] for code in codes)
        if self.options.say == "codes":
            return JOINED_CODES.join(codes)
        said = self._said(form, column)
        return JOINED_LABELS.join(said.get(code, code) for code in codes)

    def _said(self, form: Form, column: AnswerColumn) -> dict[str, str]:
        """Returns the labels of a question's choices as the version said them that asked, by code."""
        place = (form.version, column.question.path)
        if place not in self.labels:
            asked = form.question(column.question.path) or column.question
            options = form.choices.get(asked.choices, ())
            self.labels[place] = {each.name: self._words(each.labels, form) or each.name for each in options}
        return self.labels[place]

    def _words(self, words: Words, form: Form) -> str:
        return ANSWER_REFERENCE.sub(NO_ANSWER_YET, pick(words, self.locale.tag, form.default_language)).strip()


def _answer(answers: Mapping[str, Any], steps: Sequence[str]) -> Any:
    node: Any = answers
    for name in steps:
        node = node.get(name) if isinstance(node, Mapping) else None
    return node


def _entries(answers: Mapping[str, Any], form: Form, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yields the entries of a repeat with their numbers from 1; those of a repeat in a repeat as `2.1`."""
    places: list[tuple[str, Any]] = [("", answers)]
    known = {question.path: question for question in form.walk() if question.kind in ("group", "repeat")}
    parts = path.split(".")
    for depth in range(1, len(parts) + 1):
        here = known.get(".".join(parts[:depth]))
        if here is None:
            return
        found = [(number, node.get(here.name)) for number, node in places if isinstance(node, Mapping)]
        if here.kind == "repeat":
            found = [
                (f"{number}.{index}" if number else str(index), entry)
                for number, entries in found
                for index, entry in enumerate(entries or (), 1)
            ]
        places = found
    yield from ((number, node) for number, node in places if isinstance(node, Mapping))


def _unique(heads: Sequence[tuple[str, str]]) -> list[str]:
    """Returns the short heads where they are the only ones, else the long ones."""
    short = [head.casefold() for head, _ in heads]
    return [long if short.count(head.casefold()) > 1 else head for head, long in heads]

"""From a form version back to the cells that an author writes: reading them gives the same version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from spheres_core.facts import Words
from spheres_core.forms.expressions import Tree
from spheres_core.forms.expressions.printer import written
from spheres_core.forms.references import TEXT_REFERENCE, QuestionNames
from spheres_core.forms.schemas import Choice, Form, Question
from spheres_core.forms.xlsform.drafts import Draft, DraftRow, key_of

UNSAID: Final = "und"
"""The language of a form that names none."""
_TEXTS: Final = {
    "labels": "label",
    "hints": "hint",
    "guidance": "guidance_hint",
    "required_messages": "required_message",
    "constraint_messages": "constraint_message",
}
_RULES: Final = ("relevant", "constraint", "calculation", "choice_filter", "repeat_count")
_WITH_CHOICES: Final = ("select_one", "select_multiple", "rank")
_AROUND_OTHERS: Final = ("group", "repeat")


def draft_of_form(form: Form) -> Draft:
    """Returns the draft that reads as this form version."""
    cells = _Cells(form)
    survey = [DraftRow(f"survey-{number}", row) for number, row in enumerate(cells.questions(form.questions), 2)]
    listed = ((name, choice) for name, choices in form.choices.items() for choice in choices)
    choices = [DraftRow(f"choices-{number}", cells.choice(*each)) for number, each in enumerate(listed, 2)]
    return Draft(cells.languages, tuple(survey), tuple(choices), cells.settings())


class _Cells:
    def __init__(self, form: Form) -> None:
        self.form = form
        self.names = QuestionNames(form)
        self.languages = () if form.languages == (UNSAID,) else form.languages

    def settings(self) -> dict[str, str]:
        form = self.form
        said = {"form_id": form.key}
        if self.languages:
            said["default_language"] = form.default_language
        if form.title != {form.default_language: form.key}:
            said |= self.words("form_title", form.title)
        if any(len({choice.name for choice in choices}) < len(choices) for choices in form.choices.values()):
            said["allow_choice_duplicates"] = "yes"
        return said

    def words(self, column: str, words: Words) -> dict[str, str]:
        """Returns the cells of a text. What a form says in a language that it does not have is left out."""
        if not self.languages:
            text = words.get(UNSAID) or next(iter(words.values()), "")
            return {column: text} if text else {}
        return {key_of(column, tag): words[tag] for tag in self.languages if words.get(tag)}

    def questions(self, questions: tuple[Question, ...]) -> Iterator[dict[str, str]]:
        for question in questions:
            yield self.question(question)
            if question.kind in _AROUND_OTHERS:
                yield from self.questions(question.children)
                yield {"type": f"end_{question.kind}"}

    def question(self, question: Question) -> dict[str, str]:
        cells = {"type": _type(question), "name": question.name}
        for field, column in _TEXTS.items():
            cells |= self.words(column, self.named(getattr(question, field), question.path))
        for column in _RULES:
            cells[column] = self.rule(getattr(question, column), question.path)
        cells["required"] = "yes" if question.required == ["true"] else self.rule(question.required, question.path)
        cells |= {
            "meaning": question.meaning,
            "appearance": question.appearance,
            "parameters": " ".join(f"{name}={value}" for name, value in question.parameters.items()),
            "default": question.default,
            "read_only": "yes" if question.read_only else "",
            **{
                key_of(column, language if self.languages else ""): named.partition("/")[2]
                for column, words in question.media.items()
                for language, named in words.items()
            },
            "limit": str(question.limit) if question.limit else "",
        }
        return {column: text for column, text in cells.items() if text}

    def rule(self, tree: Tree | None, near: str) -> str:
        return "" if tree is None else written(tree, lambda path: self.name(path, near))

    def name(self, path: str, near: str) -> str:
        """Returns how a cell at `near` calls a question: its name, or its path where the name would mean another."""
        short = path.rpartition(".")[2]
        return short if self.names.find(short, near) == path else path

    def named(self, words: Words, near: str) -> Words:
        return {
            language: TEXT_REFERENCE.sub(lambda found: f"${{{self.name(found[1], near)}}}", text)
            for language, text in words.items()
        }

    def choice(self, list_name: str, choice: Choice) -> Mapping[str, str]:
        cells = {
            "list_name": list_name,
            "name": choice.name,
            "meaning": choice.meaning,
            **self.words("label", choice.labels),
            **{
                key_of(column, language if self.languages else ""): named.partition("/")[2]
                for column, words in choice.media.items()
                for language, named in words.items()
            },
            **choice.columns,
            "retired": "yes" if choice.retired else "",
        }
        return {column: text for column, text in cells.items() if text}


def _type(question: Question) -> str:
    if question.kind in _WITH_CHOICES:
        return f"{question.kind} {question.choices}"
    if question.kind in _AROUND_OTHERS:
        return f"begin_{question.kind}"
    return "dateTime" if question.kind == "datetime" else question.kind

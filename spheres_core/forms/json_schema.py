"""JSON Schema 2020-12 of a form version, for clients of the API.

It says names, types, choices and limits. Which questions are relevant, and what constrains them, depends on other
answers; the server decides that, so only what is always asked and always required is `required` here.
"""

from __future__ import annotations

from typing import Any, Final

from spheres_core.facts import Words
from spheres_core.forms.answer_types import LARGEST_NUMBER
from spheres_core.forms.choice_labels import pick
from spheres_core.forms.default_answers import TODAY, default_answer
from spheres_core.forms.schemas import Choice, Form, Question, Steps, is_never_asked
from spheres_core.forms.wording import ANSWER_REFERENCE, NO_ANSWER_YET

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(form: Form, language: str = "") -> dict[str, Any]:
    """Returns the schema of an answers object, with titles in a language (else the form's own)."""
    schema = _Schema(form, language)
    return {
        "$schema": DIALECT,
        "$id": f"urn:spheres:form:{form.key}:{form.version}",
        "title": pick(form.title, language, form.default_language),
        **schema.answers(form.questions),
    }


_MONTH: Final = {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])(-01)?$"}
_YEAR: Final = {"type": "string", "pattern": "^[0-9]{4}(-01-01)?$"}
_CLOCK: Final = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"
_TIME: Final = {"type": "string", "pattern": f"^{_CLOCK}$"}
_DATE_TIME: Final = {"type": "string", "pattern": f"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_CLOCK}$"}
"""Times are those of where the person is, without a zone, so that JSON Schema's own formats do not hold them."""
_HANDLE: Final = {"type": "string", "pattern": "^[A-Za-z0-9_-]{36,43}$"}


class _Schema:
    def __init__(self, form: Form, language: str) -> None:
        self.form = form
        self.language = language

    def answers(self, questions: tuple[Question, ...]) -> dict[str, Any]:
        """Returns the schema of an object by question name."""
        asked = [each for each in questions if each.kind != "note" and not is_never_asked(each)]
        always = [question.name for question in asked if self.always_required(question)]
        return {
            "type": "object",
            "properties": {question.name: self.property(question) for question in asked},
            **({"required": always} if always else {}),
            "additionalProperties": False,
        }

    def always_required(self, question: Question) -> bool:
        """Returns whether the answer is missing from no set of answers that is valid."""
        if question.relevant is not None or question.read_only:
            return False
        if question.kind == "group":
            return any(self.always_required(child) for child in question.children)
        return question.required == ["true"]

    def property(self, question: Question) -> dict[str, Any]:
        title = self.words(question.labels)
        hint = self.words(question.hints)
        return {
            **({"title": title} if title else {}),
            **({"description": hint} if hint else {}),
            **self.kind(question),
            **({"x-meaning": question.meaning} if question.meaning else {}),
            **({"x-guidance": guidance} if (guidance := self.words(question.guidance)) else {}),
            **_default(question),
        }

    def kind(self, question: Question) -> dict[str, Any]:
        match question.kind:
            case "group":
                return self.answers(question.children)
            case "repeat":
                return {
                    "type": "array",
                    "items": self.answers(question.children),
                    "maxItems": question.most,
                }
            case "integer":
                return {"type": "integer", "minimum": -LARGEST_NUMBER, "maximum": LARGEST_NUMBER}
            case "decimal":
                return {"type": "number", "minimum": -LARGEST_NUMBER, "maximum": LARGEST_NUMBER}
            case "range":
                return _range(question.steps)
            case "date" if question.asks_year:
                return _YEAR
            case "date":
                return _MONTH if question.asks_month else {"type": "string", "format": "date"}
            case "time":
                return _TIME
            case "datetime":
                return _DATE_TIME
            case "acknowledge":
                return {"type": "boolean"}
            case "select_one":
                return self.one(question)
            case "select_multiple":
                return {"type": "array", "items": self.one(question), "uniqueItems": True}
            case "rank":
                return self.ranking(question)
            case "image" | "audio" | "video" | "file":
                return {**_HANDLE, "x-attachment": question.kind}
            case "calculate":
                return {"readOnly": True}
            case _:
                return _text(question)

    def one(self, question: Question) -> dict[str, Any]:
        offered: dict[str, Choice] = {}
        for choice in self.form.choices.get(question.choices, ()):
            if not choice.retired:
                offered.setdefault(choice.name, choice)
        return {
            "type": "string",
            "oneOf": [{"const": name, "title": self.words(choice.labels) or name} for name, choice in offered.items()],
        }

    def ranking(self, question: Question) -> dict[str, Any]:
        one = self.one(question)
        every = {} if question.choice_filter else {"minItems": len(one["oneOf"])}
        return {"type": "array", "items": one, "uniqueItems": True, **every}

    def words(self, words: Words) -> str:
        return ANSWER_REFERENCE.sub(NO_ANSWER_YET, pick(words, self.language, self.form.default_language))


def _default(question: Question) -> dict[str, Any]:
    begins_with = None if question.default == TODAY else default_answer(question, "")
    return {
        **({} if begins_with is None else {"default": begins_with}),
        **({"readOnly": True} if question.read_only or question.is_computed else {}),
    }


def _range(steps: Steps) -> dict[str, Any]:
    if not steps.whole:
        return {"type": "number", "minimum": float(steps.lowest), "maximum": float(steps.highest)}
    bounds = {"minimum": int(steps.lowest), "maximum": int(steps.highest)}
    even = {"multipleOf": int(steps.step)} if steps.step != 1 and steps.lowest % steps.step == 0 else {}
    return {"type": "integer", **bounds, **even}


def _text(question: Question) -> dict[str, Any]:
    email = "email" in question.looks
    return {"type": "string", "maxLength": question.most, **({"format": "email"} if email else {})}

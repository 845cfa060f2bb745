"""A form version as a FHIR R4 Questionnaire.

Nothing is invented for what R4 has no element for: computed questions and rules that `enableWhen` cannot say are left
out, each with a finding. Choices keep their codes in a system of the form's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from spheres_core.facts import Message, Words, msg
from spheres_core.forms.choice_labels import pick
from spheres_core.forms.default_answers import TODAY, default_answer
from spheres_core.forms.exports.fhir_conditions import ConditionWriter, limits_of
from spheres_core.forms.references import QuestionNames
from spheres_core.forms.schemas import Form, Question
from spheres_core.forms.wording import ANSWER_REFERENCE, NO_ANSWER_YET
from spheres_core.foundation.content.packs import Finding

MEDIA_TYPE: Final = "application/fhir+json"
_EXTENSIONS: Final = "http://hl7.org/fhir/StructureDefinition"
_CONTROLS: Final = "http://hl7.org/fhir/questionnaire-item-control"
_TYPES: Final[Mapping[str, str]] = {
    "text": "string", "integer": "integer", "decimal": "decimal", "date": "date", "time": "time",
    "datetime": "dateTime", "select_one": "choice", "select_multiple": "choice",
    "rank": "choice", "acknowledge": "boolean", "note": "display", "group": "group", "repeat": "group",
    "range": "decimal", "hidden": "string", "geopoint": "string",
    "image": "attachment", "audio": "attachment", "video": "attachment", "file": "attachment",
}  # fmt: skip
"""The FHIR item type of each kind of question; kinds that are not here are left out."""
_INITIAL: Final[Mapping[str, str]] = {
    "string": "valueString", "text": "valueString", "integer": "valueInteger", "decimal": "valueDecimal",
    "date": "valueDate", "boolean": "valueBoolean",
}  # fmt: skip
_LENGTHS: Final = frozenset({"string", "text"})
_COMPUTED: Final = msg("FHIR R4 has no element for what is computed; it is left out.")
_NO_COUNTERPART: Final = msg("FHIR R4 has no item for this kind of question; it is left out.")
_RELEVANT: Final = msg("FHIR's enableWhen cannot say this rule: there, the question is always asked.")
_REQUIRED: Final = msg("FHIR cannot say when an answer is required; there, it is optional.")
_CONSTRAINT: Final = msg("FHIR cannot say this constraint; there, any answer of the type is taken.")
_FILTER: Final = msg("FHIR cannot narrow the choices by another answer; there, all are offered.")
_DEFAULT: Final = msg("FHIR has no answer that is the day itself; there, the question begins empty.")
_DEFAULT_LEFT_OUT: Final = msg("FHIR cannot begin this kind of question with an answer; there, it begins empty.")
_RANK: Final = msg("FHIR knows no order of choices; there, several are chosen.")
_ANSWER_IN_TEXT: Final = msg("FHIR cannot put an answer into a text; “…” stands there.")


def questionnaire(form: Form) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """Returns the resource as plain JSON values, and a finding for each thing that FHIR cannot say of the form."""
    writer = _Questionnaire(form)
    made = {
        "resourceType": "Questionnaire",
        "id": f"{form.key}-{form.version}".replace("_", "-"),
        "language": form.default_language,
        "url": f"urn:spheres:form:{form.key}",
        "version": form.version,
        "name": "".join(part.capitalize() for part in form.key.split("_")),
        **writer.words("title", form.title, form.key),
        "status": "active",
        "item": list(writer.items(form.questions)),
    }
    return {name: value for name, value in made.items() if value}, tuple(writer.findings)


class _Questionnaire:
    def __init__(self, form: Form) -> None:
        self.form = form
        self.names = QuestionNames(form)
        self.questions = {question.path: question for question in form.walk()}
        self.conditions = ConditionWriter(self.questions, self.coding, self.readable)
        self.findings: list[Finding] = []

    def note(self, path: str, message: Message) -> None:
        self.findings.append(Finding(self.form.key, message, key=path, severity="warning"))

    def items(self, questions: tuple[Question, ...]) -> Iterator[dict[str, Any]]:
        for question in questions:
            if question.kind not in _TYPES:
                self.note(question.path, _COMPUTED if question.kind == "calculate" else _NO_COUNTERPART)
            elif question.kind not in ("group", "repeat"):
                yield self.item(question)
            elif children := list(self.items(question.children)):  # FHIR knows no group without items
                yield self.item(question) | {"item": [*self.help(question), *children]}

    def item(self, question: Question) -> dict[str, Any]:
        kind = self.type_of(question)
        made: dict[str, Any] = {"linkId": question.path}
        if question.meaning and kind != "display":
            made["code"] = [{"system": "urn:spheres:meaning", "code": question.meaning}]
        made |= self.words("text", question.labels, question.path)
        made |= {"type": kind, **self.relevance(question)}
        if kind == "display":
            return made
        made |= self.requirement(question)
        if question.kind in ("repeat", "select_multiple", "rank"):
            made["repeats"] = True
        if kind == "group":
            return made | _extended(_most_entries(question) if question.kind == "repeat" else [])
        if question.read_only:
            made["readOnly"] = True
        if kind in _LENGTHS and question.kind == "text":
            made["maxLength"] = question.most
        made |= self.options(question) if kind == "choice" else self.initial(question, kind)
        made |= _extended([*_look(question), *self.limits(question)])
        return made | ({"item": helping} if (helping := list(self.help(question))) else {})

    def type_of(self, question: Question) -> str:
        if question.kind == "text" and "multiline" in question.appearance.split():
            return "text"
        return _TYPES[question.kind]

    def relevance(self, question: Question) -> dict[str, Any]:
        if question.relevant is None:
            return {}
        enabled = self.conditions.enabled(question)
        if enabled is None:
            self.note(question.path, _RELEVANT)
            return {}
        behavior = {"enableBehavior": enabled.behavior} if enabled.behavior else {}
        return {"enableWhen": list(enabled.conditions), **behavior}

    def requirement(self, question: Question) -> dict[str, Any]:
        if question.required is None:
            return {}
        if question.required != ["true"]:
            self.note(question.path, _REQUIRED)
            return {}
        return {"required": True}

    def options(self, question: Question) -> dict[str, Any]:
        if question.kind == "rank":
            self.note(question.path, _RANK)
        if question.choice_filter is not None:
            self.note(question.path, _FILTER)
        begins_with = default_answer(question, "") or []
        chosen = begins_with if isinstance(begins_with, list) else [begins_with]
        offered = {choice.name: choice for choice in self.form.choices.get(question.choices, ()) if not choice.retired}
        return {
            "answerOption": [
                {
                    "valueCoding": self.coding(question, choice.name)
                    | self.words("display", choice.labels, question.path),
                    **({"initialSelected": True} if choice.name in chosen else {}),
                }
                for choice in offered.values()
            ]
        }

    def initial(self, question: Question, kind: str) -> dict[str, Any]:
        if question.default == TODAY:
            self.note(question.path, _DEFAULT)
            return {}
        value = default_answer(question, "")
        if value is not None and kind not in _INITIAL:
            self.note(question.path, _DEFAULT_LEFT_OUT)
        return {} if value is None or kind not in _INITIAL else {"initial": [{_INITIAL[kind]: value}]}

    def limits(self, question: Question) -> list[dict[str, Any]]:
        found = limits_of(question)
        if found is None:
            self.note(question.path, _CONSTRAINT)
            found = {}
        if question.kind == "range":
            found = {"least": float(question.steps.lowest), "most": float(question.steps.highest)} | found
        value = _INITIAL.get(self.type_of(question), "")
        names = {"least": "minValue", "most": "maxValue"}
        return [{"url": f"{_EXTENSIONS}/{names[side]}", value: limit} for side, limit in found.items()]

    def help(self, question: Question) -> Iterator[dict[str, Any]]:
        """Yields the hint and the guidance: texts beside the question, as FHIR has them."""
        for name, words in (("hint", question.hints), ("guidance", question.guidance)):
            if text := self.words("text", words, question.path):
                yield {"linkId": f"{question.path}/{name}", **text, "type": "display", **_extended([_control("help")])}

    def coding(self, question: Question, name: str) -> dict[str, Any]:
        return {"system": f"urn:spheres:form:{self.form.key}:{question.choices}", "code": name}

    def readable(self, near: str, path: str) -> bool:
        """Returns whether a rule at `near` may ask for an answer: it is an item here, once for each place of `near`."""
        asked = self.questions.get(path)
        if asked is None or _TYPES.get(asked.kind) in (None, "group", "display"):
            return False
        above = self.names.repeats_above(path)
        return above == self.names.repeats_above(near)[: len(above)]

    def words(self, name: str, words: Words, path: str) -> dict[str, Any]:
        """Returns a text in the form's language, with its translations beside it; nothing when there is no text."""
        if any(ANSWER_REFERENCE.search(text) for text in words.values()):
            self.note(path, _ANSWER_IN_TEXT)
        said = {tag: ANSWER_REFERENCE.sub(NO_ANSWER_YET, text).strip() for tag, text in words.items() if text.strip()}
        if not said:
            return {}
        default = self.form.default_language
        own = said.get(default) or pick(said, default)
        others = [_translation(tag, text) for tag, text in said.items() if tag and tag != default]
        return {name: own, **({f"_{name}": {"extension": others}} if others else {})}


def _translation(tag: str, text: str) -> dict[str, Any]:
    parts = [{"url": "lang", "valueCode": tag}, {"url": "content", "valueString": text}]
    return {"extension": parts, "url": f"{_EXTENSIONS}/translation"}


def _extended(extensions: list[dict[str, Any]]) -> dict[str, Any]:
    return {"extension": extensions} if extensions else {}


def _control(code: str) -> dict[str, Any]:
    coding = {"coding": [{"system": _CONTROLS, "code": code}]}
    return {"url": f"{_EXTENSIONS}/questionnaire-itemControl", "valueCodeableConcept": coding}


def _look(question: Question) -> Iterator[dict[str, Any]]:
    kind: str = question.kind
    if kind == "hidden":
        yield {"url": f"{_EXTENSIONS}/questionnaire-hidden", "valueBoolean": True}
    elif kind == "select_one":
        yield _control("drop-down" if "minimal" in question.appearance.split() else "radio-button")
    elif kind == "select_multiple":
        yield _control("check-box")


def _most_entries(question: Question) -> list[dict[str, Any]]:
    return [{"url": f"{_EXTENSIONS}/questionnaire-maxOccurs", "valueInteger": question.most}]

"""Checking answers: the server's word on what was sent, question by question.

Whatever is sent, the result is a list of problems with paths, never an exception.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from spheres_core.facts import Message, Problem, Words, msg
from spheres_core.forms.answer_types import LARGEST_NUMBER, TYPES
from spheres_core.forms.compiled_form import Place, Plan, Step, plan_of, settle
from spheres_core.forms.schemas import Checked, Form
from spheres_core.forms.wording import with_values

MOST_VALUES: Final = 5_000
"""Answers in one set, entries and choices counted."""
MOST_CHARACTERS: Final = 200_000
"""Characters of all texts together."""
MOST_PROBLEMS: Final = 100

_NAMELESS: Final = msg("This form has no question with this name.")


def check(form: Form, answers: object, *, language: str = "", today: dt.date) -> Checked:
    """What of `answers` holds, by the form version that asked. `today` is the day in the tenant's zone.

    Problems carry the form's own words (by language) or a message of the core; `language` is the one in which values
    are spoken inside the form's words.
    """
    plan = plan_of(form)
    taking = _Taking(plan, today.isoformat())
    if isinstance(answers, dict):
        taking.take(answers, "", taking.root)
    elif answers is not None:
        taking.say(_shown_path(""), msg("The answers must be an object, by question name."), "wrong_type")
        taking.refused = True
    if taking.refused:
        return Checked({}, (), tuple(taking.problems))
    settle(plan, taking.root)
    judging = _Judging(plan, taking, language or form.default_language)
    values = judging.judge("", taking.root)
    return Checked(values, tuple(judging.ignored), tuple(taking.problems[:MOST_PROBLEMS]))


def placed(form: Form, answers: dict[str, Any], today: str, *, settled: bool = True) -> tuple[Plan, Place]:
    """Answers in their places without judging them: what pages and readers look them up in."""
    plan = plan_of(form)
    taking = _Taking(plan, today)
    taking.take(answers, "", taking.root)
    if settled:
        settle(plan, taking.root)
    return plan, taking.root


class _Taking:
    """First pass: put every sent value in its place, as rules see it, and note what cannot be one."""

    def __init__(self, plan: Plan, today: str) -> None:
        self.plan = plan
        self.root = Place(today)
        self.problems: list[Problem] = []
        self.wrong: dict[str, tuple[Message, str]] = {}
        """What is wrong with a value by shown path; said only when its question is relevant."""
        self.values = 0
        self.characters = 0
        self.refused = False

    def say(self, path: str, message: Message | Words, code: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(message, path, code))

    def take(self, sent: dict[Any, Any], parent: str, place: Place) -> None:
        """Answers of a form, a group or an entry."""
        known = 0
        for step in self.plan.children[parent]:
            if step.question.name in sent:
                known += 1
                self.take_one(sent[step.question.name], step, place)
        if known < len(sent):
            names = {step.question.name for step in self.plan.children[parent]}
            above = self.plan.steps[parent].shown(place) if parent and not _is_entry(parent, place) else place.prefix
            for name in list(sent)[: MOST_VALUES + 1]:
                if name not in names:
                    self.say(_shown_path(name, above), _NAMELESS, "unknown_name")

    def take_one(self, sent: Any, step: Step, place: Place) -> None:
        if self.refused or sent is None:
            return
        if step.kind == "group":
            self.take_group(sent, step, place)
        elif step.kind == "repeat":
            self.take_entries(sent, step, place)
        elif step.kind == "note":
            self.say(step.shown(place), msg("This is shown, not asked."), "unknown_name")
        elif step.kind == "calculate":
            place.sent.add(step.path)
            place.clean[step.path] = sent
            place.values[step.path] = float(sent) if type(sent) is int else sent
        else:
            self.take_answer(sent, step, place)

    def take_answer(self, sent: Any, step: Step, place: Place) -> None:
        if sent == "" or sent == []:
            return
        place.sent.add(step.path)
        typed = TYPES[step.kind](sent, step)
        if typed.problem is not None:
            self.wrong[step.shown(place)] = (typed.problem, typed.code)
        elif typed.clean is None:
            place.sent.discard(step.path)
        else:
            place.clean[step.path] = typed.clean
            place.values[step.path] = typed.value
            self.weigh(sent)

    def take_group(self, sent: Any, step: Step, place: Place) -> None:
        if isinstance(sent, dict):
            self.take(sent, step.path, place)
        else:
            place.sent.add(step.path)
            self.wrong[step.shown(place)] = (
                msg("These answers belong together, as an object."),
                "wrong_type",
            )

    def take_entries(self, sent: Any, step: Step, place: Place) -> None:
        shown = step.shown(place)
        if not isinstance(sent, list):
            place.sent.add(step.path)
            self.wrong[shown] = (
                msg("Entries are expected here, as a list of objects."),
                "wrong_type",
            )
            return
        if len(sent) > step.question.most:
            place.sent.add(step.path)
            limit = step.question.most
            self.wrong[shown] = (
                msg("There are too many entries: at most {limit}.", limit=limit),
                "too_many",
            )
            return
        entries = place.repeats[step.path] = []
        for index, entry in enumerate(sent):
            inside = Place(place.today, parent=place, prefix=f"{shown}[{index}]")
            entries.append(inside)
            self.weigh(entry)
            if isinstance(entry, dict):
                self.take(entry, step.path, inside)
            else:
                inside.sent.add(step.path)
                self.wrong[inside.prefix] = (
                    msg("These answers belong together, as an object."),
                    "wrong_type",
                )

    def weigh(self, sent: Any) -> None:
        """Stop early when all answers together are more than anyone could have meant."""
        self.values += len(sent) if isinstance(sent, list) else 1
        if isinstance(sent, str):
            self.characters += len(sent)
        if self.values > MOST_VALUES or self.characters > MOST_CHARACTERS:
            self.refused = True
            self.problems = [Problem(msg("These answers are too long altogether."), "", "too_long")]


class _Judging:
    """Second pass, once it is known what is relevant: drop, require, constrain, and build what is kept."""

    def __init__(self, plan: Plan, taking: _Taking, language: str) -> None:
        self.plan = plan
        self.taking = taking
        self.language = language
        self.ignored: list[str] = []

    def judge(self, parent: str, place: Place) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        for step in self.plan.children[parent]:
            value = self.judge_one(step, place)
            if value is not None:
                kept[step.question.name] = value
        return kept

    def judge_one(self, step: Step, place: Place) -> Any:
        if step.path in place.hidden:
            self.drop(step, place)
            return None
        shown_wrong = self.taking.wrong and self.taking.wrong.get(step.shown(place))
        if shown_wrong:
            self.taking.say(step.shown(place), *shown_wrong)
            return None
        if step.kind == "group":
            return self.judge(step.path, place) or None
        if step.kind == "repeat":
            return self.judge_entries(step, place)
        if step.kind == "note":
            return None
        if step.kind == "calculate":
            return self.computed(step, place)
        return self.answered(step, place)

    def judge_entries(self, step: Step, place: Place) -> list[dict[str, Any]] | None:
        kept = []
        for entry in place.repeats.get(step.path, ()):
            wrong = self.taking.wrong.get(entry.prefix)
            if wrong:
                self.taking.say(entry.prefix, *wrong)
                continue
            kept.append(self.judge(step.path, entry))
        return kept or None

    def drop(self, step: Step, place: Place) -> None:
        """Name what was answered although it is not asked."""
        if step.path in place.sent:
            self.ignored.append(step.shown(place))
        elif step.kind == "group":
            for child in self.plan.children[step.path]:
                self.drop(child, place)
        elif step.kind == "repeat":
            for entry in place.repeats.get(step.path, ()):
                for child in self.plan.children[step.path]:
                    self.drop(child, entry)

    def computed(self, step: Step, place: Place) -> Any:
        value = _kept(place.values.get(step.path))
        if step.path in place.sent and place.clean[step.path] != value:
            self.ignored.append(step.shown(place))
        return value

    def answered(self, step: Step, place: Place) -> Any:
        value = place.clean.get(step.path)
        if value is None:
            if step.required is not None and _holds(step.required(place)):
                self.say(step, place, step.question.required_messages, _unanswered(step), "required")
            return None
        if step.options and not self.offered(step, place, value):
            return None
        if step.constraint is not None:
            place.own = place.values[step.path]
            if not _holds(step.constraint(place)):
                message = msg("This answer does not fit.")
                self.say(step, place, step.question.constraint_messages, message, "constraint")
        return value

    def offered(self, step: Step, place: Place, value: Any) -> bool:
        """Whether what was chosen was there to choose, after filters."""
        offered = step.offered if step.choice_filter is None else filtered(step, place)
        if step.kind == "select_one":
            if value in offered:
                return True
            self.taking.say(step.shown(place), msg("Choose one of the answers offered."), "not_offered")
            return False
        right = True
        for index, code in enumerate(value):
            path = f"{step.shown(place)}[{index}]"
            if not isinstance(code, str) or code not in offered:
                self.taking.say(path, msg("This is not one of the answers offered."), "not_offered")
                right = False
            elif code in value[:index]:
                self.taking.say(path, msg("This answer stands here twice."), "twice")
                right = False
        return right

    def say(self, step: Step, place: Place, words: Words, message: Message, code: str) -> None:
        """The form's own words when it has some, else the core's."""
        said = with_values(words, self.plan, place, self.language) if words else message
        self.taking.say(step.shown(place), said, code)


def filtered(step: Step, place: Place) -> frozenset[str]:
    """The choices that are offered at this place, retired ones left out."""
    assert step.choice_filter is not None
    kept = set()
    place.own = place.values.get(step.path)
    for choice in step.options:
        place.columns = {**choice.columns, "name": choice.name}
        if not choice.retired and _holds(step.choice_filter(place)):
            kept.add(choice.name)
    place.columns = {}
    return frozenset(kept)


def _holds(value: Any) -> bool:
    return value != 0.0 if isinstance(value, float) else bool(value)


def _kept(value: Any) -> Any:
    """A computed value as it is kept: whole numbers without a point, blanks not at all."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= LARGEST_NUMBER:
        return int(value)
    return None if value in ("", []) else value


def _unanswered(step: Step) -> Message:
    if step.kind == "acknowledge":
        return msg("Please confirm this to go on.")
    return msg("Please answer this question.")


def _is_entry(parent: str, place: Place) -> bool:
    """Whether `parent` is the repeat that this place is an entry of."""
    return bool(place.prefix) and place.parent is not None and parent in place.parent.repeats  # type: ignore[attr-defined]


def _shown_path(name: object, above: str = "") -> str:
    """A path that can be said back, whatever was sent as a name."""
    said = str(name)[:80].encode("utf-8", "replace").decode().replace("\0", "?")
    return f"{above}.{said}" if above else said

"""Which question a rule means when it says `${name}`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final

import msgspec

from spheres_core.facts import Message, Words, msg
from spheres_core.forms.expressions import Tree, references_of, rewrite
from spheres_core.forms.expressions.functions import OF_REPEATS
from spheres_core.forms.expressions.rule_tree import nodes
from spheres_core.forms.schemas import Form, Question

RULE_FIELDS: Final = (
    "relevant",
    "required",
    "constraint",
    "calculation",
    "choice_filter",
    "repeat_count",
    "default_rule",
)
TEXT_REFERENCE: Final = re.compile(r"\$\{\s*([A-Za-z_][A-Za-z0-9_.-]*)\s*\}")
_STORED: Final = ("text", "figure", "ref")
"""Rules of values that are kept as they are computed."""
WORD_FIELDS: Final = ("labels", "hints", "guidance", "required_messages", "constraint_messages")


class QuestionNames:
    """The questions of a form by name and by path."""

    def __init__(self, form: Form) -> None:
        self.by_path = {question.path: question for question in form.walk()}
        self.by_name: dict[str, list[str]] = defaultdict(list)
        for path in self.by_path:
            self.by_name[path.rpartition(".")[2]].append(path)

    def find(self, name: str, near: str) -> str | None:
        """Returns the path of the question meant at `near`: the one that shares the most groups with it."""
        if name in self.by_path and "." in name:
            return name
        candidates = self.by_name.get(name, [])
        if len(candidates) <= 1:
            return candidates[0] if candidates else None
        ranked = sorted(candidates, key=lambda path: shared(path, near), reverse=True)
        if shared(ranked[0], near) == shared(ranked[1], near):
            return None
        return ranked[0]

    def repeats_above(self, path: str) -> tuple[str, ...]:
        """Returns the repeats that a question stands in, outermost first."""
        parts = path.split(".")
        above = (".".join(parts[:depth]) for depth in range(1, len(parts)))
        return tuple(each for each in above if each in self.by_path and self.by_path[each].kind == "repeat")

    def reachable(self, target: str, near: str) -> bool:
        """Returns whether one value is meant: the target is in no repeat that `near` is not in."""
        here = self.repeats_above(near)
        return all(repeat in here for repeat in self.repeats_above(target))


def shared(path: str, other: str) -> int:
    """Returns how many groups two questions have in common."""
    count = 0
    for one, two in zip(path.split(".")[:-1], other.split("."), strict=False):
        if one != two:
            break
        count += 1
    return count


def rules_of(question: Question) -> Iterable[tuple[str, Tree]]:
    for field in RULE_FIELDS:
        tree = getattr(question, field)
        if tree is not None:
            yield field, tree


def words_of(question: Question) -> Iterable[tuple[str, Words]]:
    for field in WORD_FIELDS:
        yield field, getattr(question, field)


def references_in_texts(words: Words) -> set[str]:
    return {name for text in words.values() for name in TEXT_REFERENCE.findall(text)}


def reference_problem(names: QuestionNames, known: Mapping[str, object], name: str, near: str) -> Message | None:
    """Returns why a reference at `near` cannot be followed; `known` are names that are refused for another reason."""
    target = names.find(name, near)
    if target is None and name in known and name not in names.by_name:
        return None
    if target is None and names.by_name.get(name):
        return msg("There are several questions called “{name}”; give them different names.", name=name)
    if target is None:
        return msg("There is no question called “{name}”.", name=name)
    return None


def scope_problem(names: QuestionNames, tree: Tree, near: str) -> Message | None:
    """Returns why a rule that reads many answers where one is meant is wrong, or None."""
    elsewhere = references_of(_without_repeats(tree))
    for name in sorted(elsewhere):
        target = names.find(name, near)
        if target is None:
            continue
        if names.by_path[target].kind in ("group", "repeat"):
            return msg("“{name}” has no answer of its own.", name=name)
        if not names.reachable(target, near):
            return msg(
                "“{name}” is asked several times; outside its repeat write {rule}, or read all answers with "
                "join(), sum(), min(), max(), count() or count-non-empty().",
                name=name,
                rule=f"indexed-repeat(${{{name}}}, ${{repeat}}, 1)",
            )
    return next((found for node in nodes(tree) if (found := _place_problem(names, node, near)) is not None), None)


def named_choices(tree: Tree) -> set[str]:
    """Returns the questions whose choices a rule says in words."""
    return {node[2][1] for node in nodes(tree) if node[0] == "jr:choice-name" and node[2][0] == "ref"}


def _without_repeats(tree: Tree) -> Tree:
    """Returns a rule without the references that functions of repeats read, and without those that stand for
    choices."""
    reads_many = tree[0] in OF_REPEATS
    kept = [child for child in tree[1:] if not (reads_many and isinstance(child, list) and child[0] == "ref")]
    if tree[0] == "jr:choice-name":
        kept = kept[:1]
    return [tree[0], *(_without_repeats(child) if isinstance(child, list) else child for child in kept)]


def _place_problem(names: QuestionNames, node: Tree, near: str) -> Message | None:
    """Returns why a node that speaks of a place in the form means none."""
    match node[0]:
        case "path":
            return msg("There is no question at “{path}”. Write {reference}.", path=written_path(node),
                       reference="${name}")  # fmt: skip
        case "position":
            return msg("position() tells the entry of a repeat that the rule stands in; this is none around it.")
        case "indexed-repeat":
            target = names.find(node[1][1], near)
            around = () if target is None else names.repeats_above(target)
            for repeat in (node[at][1] for at in range(2, len(node), 2)):
                if target is not None and names.find(repeat, near) not in around:
                    return msg("“{name}” is no repeat around “{question}”.", name=repeat, question=node[1][1])
        case "jr:choice-name":
            asked = names.find(node[2][1], near) if node[2][0] == "ref" else None
            if asked is not None and not names.by_path[asked].choices:
                return msg("“{name}” has no choices to name.", name=node[2][1])
    return None


def written_path(node: Tree) -> str:
    """Returns a path as its author wrote it."""
    _, levels, name = node
    steps = name.replace(".", "/")
    return f"/…/{steps}" if levels < 0 else "../" * levels + steps or "."


def resolve_paths(form: Form) -> Form:
    """Returns the form with paths such as `../name`, and places in repeats, written as what they mean; those that mean
    nothing stay."""
    names = QuestionNames(form)

    def resolved(question: Question) -> Question:
        leaf = partial(_meant, names=names, near=question.path)
        changes: dict[str, object] = {field: rewrite(tree, leaf) for field, tree in rules_of(question)}
        children = tuple(resolved(child) for child in question.children)
        return msgspec.structs.replace(question, children=children, **changes)

    return msgspec.structs.replace(form, questions=tuple(resolved(question) for question in form.questions))


def _meant(node: Tree, *, names: QuestionNames, near: str) -> Tree:
    repeats = names.repeats_above(near)
    match node:
        case ["path", levels, name]:
            path = name if levels < 0 else ".".join([*near.split(".")[: -levels or None], *filter(None, [name])])
            return ["ref", path] if path in names.by_path else node
        case ["index"]:
            return ["entry-number", repeats[-1]] if repeats else ["figure", 1.0]
        case ["position", int(levels)]:
            around = ".".join(near.split(".")[:-levels])
            return ["entry-number", around] if around in repeats else ["figure", 1.0]
        case ["position", list(asked)]:
            named = _meant(asked, names=names, near=near) if asked[0] == "path" else asked
            path = names.find(named[1], near) if named[0] == "ref" else None
            return ["entry-number", path] if path in repeats else node
    return node


def asked_when(question: Question, names: QuestionNames) -> Tree | None:
    """Returns the rule by which a question is asked, as it can be judged before what stands inside of it.

    A group may look at a value of its own that nobody gives, as in forms of the Community Health Toolkit: what a group
    hides is blank, so that it reads here what that value is when it is shown. References are full paths.
    """
    if question.relevant is None or not question.children:
        return question.relevant
    return rewrite(question.relevant, partial(_as_if_shown, names=names, group=question.path))


def _as_if_shown(node: Tree, *, names: QuestionNames, group: str) -> Tree:
    inside = f"{group}."
    target = names.by_path.get(node[1]) if node[0] == "ref" and node[1].startswith(inside) else None
    if target is None or target.calculation is None or target.calculation[0] not in _STORED:
        return node
    if names.repeats_above(target.path) != names.repeats_above(group):
        return node
    value = target.calculation
    path = target.path
    while path != group:
        if (rule := names.by_path[path].relevant) is not None:
            value = ["if", rule, value, ["text", ""]]
        path = path.rpartition(".")[0]
    return node if any(each.startswith(inside) for each in references_of(value)) else value


def resolve_references(form: Form) -> Form:
    """Returns the form with every reference, in rules and in words, written as a full path."""
    names = QuestionNames(form)
    return msgspec.structs.replace(form, questions=tuple(_resolved(question, names) for question in form.questions))


def _resolved(question: Question, names: QuestionNames) -> Question:
    def path_of(name: str) -> str:
        return names.find(name, question.path) or name

    def spoken(match: re.Match[str]) -> str:
        return f"${{{path_of(match[1])}}}"

    leaf = partial(_with_full_path, names=names, near=question.path)
    changes: dict[str, object] = {field: rewrite(tree, leaf) for field, tree in rules_of(question)}
    for field, words in words_of(question):
        if any("${" in text for text in words.values()):
            changes[field] = {language: TEXT_REFERENCE.sub(spoken, text) for language, text in words.items()}
    children = tuple(_resolved(child, names) for child in question.children)
    return msgspec.structs.replace(question, children=children, **changes)


def _with_full_path(node: Tree, *, names: QuestionNames, near: str) -> Tree:
    if node[0] != "ref":
        return node
    return ["ref", names.find(node[1], near) or node[1]]

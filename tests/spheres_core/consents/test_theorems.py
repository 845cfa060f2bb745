"""Theorems about the rule, for ledgers of any size, proved of its source; each fails of a rule broken for it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

import pytest
import z3
from msgspec import Struct

from spheres_core.consents.rule import may
from spheres_core.consents.schemas import (
    LIMITED,
    NO_ORGANIZATION,
    NO_PERSON,
    TEAM,
    WITHOUT_CONSENT,
    Allowed,
)
from tests.spheres_core.consents.symbolic import SORTS, VALUES, Row, Rows, Rule, code, field
from tests.spheres_core.consents.worlds import TENANTS, draw_moment, draw_question, draw_world

RULE: Final = Rule()
WORLDS: Final = 60
QUESTION: Final = Row("question", z3.Const("question", SORTS["question"]))
NOW, LATER = z3.Const("now", VALUES), z3.Const("later", VALUES)


class Ledger:
    """Everything that decides, of any size."""

    def __init__(self, name: str = "") -> None:
        self.standings, self.entries, self.exclusions = (
            Rows(SORTS[kind], f"{kind}s{name}") for kind in ("standing", "entry", "exclusion")
        )

    def rows(self, kind: str) -> Rows:
        return {"standing": self.standings, "entry": self.entries, "exclusion": self.exclusions}[kind]

    def every(self, kind: str, says: Callable[[Row], Any]) -> Any:
        """Every row of a kind is so."""
        element = z3.FreshConst(SORTS[kind], kind)
        return z3.ForAll([element], z3.Implies(self.rows(kind).holds(element), says(Row(kind, element))))

    def some(self, kind: str, says: Callable[[Row], Any]) -> Any:
        """There is a row that is so."""
        element = z3.FreshConst(SORTS[kind], kind)
        return z3.Exists([element], z3.And(self.rows(kind).holds(element), says(Row(kind, element))))

    def allows(self, rule: Rule, now: Any = NOW) -> Any:
        return rule.allows(QUESTION, self.standings, self.entries, self.exclusions, now)


ONE, OTHER = Ledger(), Ledger("'")


def asked(name: str) -> Any:
    return field(QUESTION, name)


def same_but(kind: str) -> Any:
    """The other ledger has the same rows of all other kinds."""
    return z3.And(*(
        z3.ForAll([each], ONE.rows(other).holds(each) == OTHER.rows(other).holds(each))
        for other in ("standing", "entry", "exclusion") if other != kind
        for each in [z3.FreshConst(SORTS[other], other)]
    ))  # fmt: skip


def fewer(kind: str) -> Any:
    """The other ledger lacks some rows of a kind, and is the same else."""
    each = z3.FreshConst(SORTS[kind], kind)
    return z3.And(
        same_but(kind), z3.ForAll([each], z3.Implies(OTHER.rows(kind).holds(each), ONE.rows(kind).holds(each)))
    )


def shortened(kind: str) -> Any:
    """Each row of a kind in the other ledger is one of the first that ends no later, or was taken away."""
    each = z3.FreshConst(SORTS[kind], kind)
    was = z3.Function(f"{kind}.was", SORTS[kind], SORTS[kind])
    before, after = Row(kind, was(each)), Row(kind, each)
    names = {
        "standing": ("tenant", "participant", "kind", "staff", "recipient", "purpose", "starts"),
        "entry": ("tenant", "participant", "recipient", "information", "act", "purpose", "starts", "first_day",
                  "last_day", "onward"),
    }[kind]  # fmt: skip
    equal = [field(before, name) == field(after, name) for name in names]
    if kind == "standing":
        value = z3.FreshConst(VALUES, "value")
        equal += [z3.ForAll([value], field(before, name)(value) == field(after, name)(value))
                  for name in ("classes", "acts")]  # fmt: skip
    ends = field(after, "ends") <= field(before, "ends")
    kept = z3.And(ONE.rows(kind).holds(was(each)), *equal, ends)
    return z3.And(same_but(kind), z3.ForAll([each], z3.Implies(OTHER.rows(kind).holds(each), kept)))


def needs_consent(row: Row) -> Any:
    return z3.And(*(field(row, "kind") != code(kind) for kind in WITHOUT_CONSENT))


def among(value: Any, values: Any) -> Any:
    return z3.Or(*(value == code(each) for each in values))


class Theorem(Struct, frozen=True):
    """Given that, the rule answers so; and a change of the source that must make it untrue."""

    given: Any
    then: Callable[[Rule], Any]
    twin: Mapping[str, str]


def never(given: Any, **twin: str) -> Theorem:
    return Theorem(given, lambda rule: z3.Not(ONE.allows(rule)), {twin["before"]: twin["after"]})


def never_more(given: Any, **twin: str) -> Theorem:
    return Theorem(
        given, lambda rule: z3.Implies(OTHER.allows(rule), ONE.allows(rule)), {twin["before"]: twin["after"]}
    )


LIVE: Final = "return row.starts <= now and now < row.ends"
EXCLUDED: Final = (
    "    for exclusion in exclusions:\n        if excludes(question, exclusion, now):\n"
    '            return Refused("excluded", exclusion.id)\n'
)
CONSENTED: Final = ONE.every("standing", needs_consent)


def instead(kind: str, rows: str, *, which: str) -> str:
    """A loop that refuses because of a row that should permit."""
    return f'    for {kind} in {rows}:\n        if {which}:\n            return Refused("excluded", {kind}.id)\n'


THEOREMS: Final = {
    "an exclusion beats everything": never(
        ONE.some("exclusion", lambda row: RULE.call("excludes", QUESTION, row, NOW)),
        before="if excludes(question, exclusion, now)", after="if question.act != question.act",
    ),
    "an exclusion of one class leaves no other way to that class": never(
        ONE.some("exclusion", lambda row: z3.And(
            RULE.call("is_hers", QUESTION, row), RULE.call("is_live", row, NOW),
            field(row, "information") == asked("information"), field(row, "staff") == asked("staff"),
        )),
        before="row.information in (EVERY_CLASS, question.information)", after="row.information == EVERY_CLASS",
    ),
    "without a standing nothing": never(
        ONE.every("standing", lambda row: z3.Not(RULE.call("stands", QUESTION, row, NOW))),
        before="if stands(question, standing, now)", after="if is_hers(question, standing)",
    ),
    "without a live consent nothing, but for oversight": never(
        z3.And(CONSENTED, ONE.every("entry", lambda row: z3.Not(RULE.call("is_live", row, NOW)))),
        before="is_hers(question, row)\n        and is_live(row, now)\n        and row.recipient",
        after="is_hers(question, row)\n        and row.recipient",
    ),
    "an organization that no consent names sees nothing: the police by default": never(
        z3.And(
            CONSENTED,
            ONE.every("standing", lambda row: field(row, "recipient") == asked("organization")),
            ONE.every("entry", lambda row: field(row, "recipient") != asked("organization")),
        ),
        before="and row.recipient == recipient", after="and row.recipient == row.recipient",
    ),
    "a consent that a parent gave ends with the birthday it was given until": never(
        z3.And(CONSENTED, ONE.every("entry", lambda row: field(row, "ends") <= NOW)),
        before=LIVE, after="return row.starts <= now",
    ),
    "taking a consent back, its end or its shortening never add": never_more(
        shortened("entry"), before=LIVE, after="return row.starts <= now and row.ends <= now",
    ),
    "ending a standing never adds": never_more(
        shortened("standing"), before=LIVE, after="return row.starts <= now and row.ends <= now",
    ),
    "removing a line of a consent never adds": never_more(
        fewer("entry"), before=EXCLUDED, after=instead("entry", "entries", which="is_hers(question, entry)"),
    ),
    "removing a standing never adds": never_more(
        fewer("standing"), before=EXCLUDED, after=instead("standing", "standings", which="standing.kind in LIMITED"),
    ),
    "adding an exclusion never adds": Theorem(
        fewer("exclusion"), lambda rule: z3.Implies(ONE.allows(rule), OTHER.allows(rule)),
        {'return Refused("excluded", exclusion.id)': "return Allowed(exclusion.id)"},
    ),
    "an emergency access reaches the plan and safe contact only": Theorem(
        ONE.every("standing", lambda row: field(row, "kind") == code("emergency_access")),
        lambda rule: z3.Implies(ONE.allows(rule), among(asked("information"), LIMITED["emergency_access"])),
        {"and (row.kind not in LIMITED or question.information in LIMITED[row.kind])": ""},
    ),
    "opening an emergency access adds the plan and safe contact only": Theorem(
        z3.And(same_but("standing"), OTHER.every("standing", lambda row: z3.Or(
            ONE.rows("standing").holds(row.element), field(row, "kind") == code("emergency_access")))),
        lambda rule: z3.Implies(OTHER.allows(rule), z3.Or(
            ONE.allows(rule), among(asked("information"), LIMITED["emergency_access"]))),
        {"and (row.kind not in LIMITED or question.information in LIMITED[row.kind])": ""},
    ),
    "an emergency access ends": never(
        ONE.every("standing", lambda row: z3.And(
            field(row, "kind") == code("emergency_access"), field(row, "ends") <= NOW)),
        before=LIVE, after="return row.starts <= now",
    ),
    "oversight never reaches identity": never(
        z3.And(ONE.every("standing", lambda row: field(row, "kind") == code("investigation")),
               asked("information") == code("identity")),
        before="and (row.kind not in LIMITED or question.information in LIMITED[row.kind])", after="",
    ),
    "another tenant's rows decide nothing": never(
        z3.And(*(ONE.every(kind, lambda row: field(row, "tenant") != asked("tenant"))
                 for kind in ("standing", "entry"))),
        before="row.tenant == question.tenant and ", after="",
    ),
    "another participant's rows decide nothing": never(
        z3.And(*(ONE.every(kind, lambda row: field(row, "participant") != asked("participant"))
                 for kind in ("standing", "entry"))),
        before=" and row.participant == question.participant", after="",
    ),
    "a consent for one purpose is none for another": never(
        z3.And(CONSENTED, ONE.every("entry", lambda row: field(row, "purpose") != asked("purpose"))),
        before="and row.purpose == question.purpose", after="",
    ),
    "a standing for one purpose is none for another": never(
        ONE.every("standing", lambda row: field(row, "purpose") != asked("purpose")),
        before="and question.purpose == row.purpose", after="",
    ),
    "a consent to one class is none to another": never(
        z3.And(CONSENTED, ONE.every("entry", lambda row: field(row, "information") != asked("information"))),
        before="and row.information == question.information", after="",
    ),
    "who may read may neither discuss nor pass on": never(
        z3.And(CONSENTED, among(asked("act"), ("discuss", "forward")),
               ONE.every("entry", lambda row: field(row, "act") == code("read"))),
        before='(row.act == question.act or (row.act == "read" and question.act == "write"))',
        after='(row.act == question.act or row.act == "read")',
    ),
    "nothing is passed on where onward was not agreed to": never(
        z3.And(CONSENTED, asked("act") == code("forward"),
               ONE.every("entry", lambda row: z3.Not(field(row, "onward")))),
        before='and (row.onward or question.act != "forward")', after="",
    ),
    "who has no standing to write does not write": never(
        z3.And(asked("act") == code("write"),
               ONE.every("standing", lambda row: z3.Not(field(row, "acts")(code("write"))))),
        before="and question.act in row.acts", after="",
    ),
    "what is about a day outside a consent stays closed": never(
        z3.And(CONSENTED, ONE.every("entry", lambda row: z3.Or(
            asked("dated_on") < field(row, "first_day"), field(row, "last_day") < asked("dated_on")))),
        before="and question.dated_on <= row.last_day", after="",
    ),
    "a colleague's standing helps nobody else": never(
        ONE.every("standing", lambda row: z3.And(field(row, "staff") != asked("staff"),
                                                 field(row, "staff") != code(NO_PERSON))),
        before="(row.staff == question.staff and row.recipient", after="(row.recipient",
    ),
    "who changes employer does not take a standing along": never(
        ONE.every("standing", lambda row: z3.And(field(row, "recipient") != asked("organization"),
                                                 field(row, "recipient") != code(TEAM))),
        before="and row.recipient in (TEAM, question.organization)", after="",
    ),
    "who works for no organization has no organization's standing": never(
        z3.And(asked("organization") == code(NO_ORGANIZATION),
               ONE.every("standing", lambda row: field(row, "staff") == code(NO_PERSON))),
        before="question.organization != NO_ORGANIZATION and ", after="",
    ),
    "time alone opens nothing that had begun": Theorem(
        z3.And(NOW <= LATER, *(ONE.every(kind, lambda row: field(row, "starts") <= NOW)
                               for kind in ("standing", "entry")),
               ONE.every("exclusion", lambda row: field(row, "ends") > LATER)),
        lambda rule: z3.Implies(ONE.allows(rule, LATER), ONE.allows(rule, NOW)),
        {LIVE: "return row.starts <= now and row.ends <= now"},
    ),
}  # fmt: skip


def is_true(theorem: Theorem, rule: Rule) -> bool:
    solver = z3.Solver()
    solver.set("timeout", 60_000)
    solver.add(asked("staff") != code(NO_PERSON), theorem.given, z3.Not(theorem.then(rule)))
    answer = solver.check()
    assert answer != z3.unknown, solver.reason_unknown()
    return bool(answer == z3.unsat)


@pytest.mark.parametrize("name", THEOREMS)
def test_it_is_proved_of_the_rule_and_refuted_of_its_twin(name: str) -> None:
    theorem = THEOREMS[name]

    assert is_true(theorem, RULE)
    assert not is_true(theorem, Rule(theorem.twin))


def test_the_formulas_say_what_the_rule_answers() -> None:
    """The formulas are read from the rule's source; here they are held against what the source does."""
    chance = random.Random(7)
    tenant, participant = TENANTS[0], UUID(int=99)
    wanted = {True: WORLDS // 2, False: WORLDS // 2}
    while any(wanted.values()):
        world, moment = draw_world(chance, tenant, participant), draw_moment(chance)
        question = draw_question(chance, tenant, participant)
        answer = isinstance(may(question, world.standings, world.entries, world.exclusions, moment), Allowed)
        if not wanted[answer]:
            continue
        wanted[answer] -= 1
        facts = described(QUESTION, question)
        for kind, rows in (("standing", world.standings), ("entry", world.entries), ("exclusion", world.exclusions)):
            constants = [z3.FreshConst(SORTS[kind], "row") for _ in rows]
            each = z3.FreshConst(SORTS[kind], "each")
            facts += [z3.Distinct(*constants)] if len(constants) > 1 else []
            facts.append(z3.ForAll([each], ONE.rows(kind).holds(each) == z3.Or(*(each == one for one in constants))))
            for constant, row in zip(constants, rows, strict=True):
                facts += described(Row(kind, constant), row)
        solver = z3.Solver()
        solver.add(*facts, ONE.allows(RULE, number(moment)) != z3.BoolVal(answer))
        assert solver.check() == z3.unsat


def number(value: Any) -> Any:
    """Moments and days keep their order; everything else is only told apart."""
    if hasattr(value, "timestamp"):
        return z3.IntVal(value.year * 10**10 + int((value - value.replace(month=1, day=1, hour=0)).total_seconds()))
    return z3.IntVal(value.toordinal()) if hasattr(value, "toordinal") else code(value)


def described(row: Row, values: Struct) -> list[Any]:
    facts = []
    for name in values.__struct_fields__:
        value = getattr(values, name)
        if isinstance(value, frozenset):
            each = z3.FreshConst(VALUES, "value")
            facts.append(z3.ForAll([each], field(row, name)(each) == z3.Or(*(each == code(one) for one in value))))
        elif isinstance(value, bool):
            facts.append(field(row, name) == z3.BoolVal(value))
        elif name != "id":
            facts.append(field(row, name) == number(value))
    return facts

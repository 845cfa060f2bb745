"""The merge of three sides, on any sequence of versions, edits and decisions: no local work is ever lost."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from spheres_core.partners.three_way_merge import Choice, MergeState, edit_field, merge, resolve_conflict
from tests.examples import examples

DAY: Final = dt.date(2026, 11, 21)
NOW: Final = dt.datetime(2026, 11, 21, 15, tzinfo=dt.UTC)
NAMES: Final = ("name", "about", "ages")
VALUES = st.integers(0, 3)
VERSIONS = st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES))


def said(here: MergeState, now: dict[str, Any], version: str = "2") -> MergeState:
    return merge(here, now, version=version, on=DAY)


def begun(now: dict[str, Any]) -> MergeState:
    return MergeState(dict(now), dict(now))


def written(here: MergeState, name: str, value: Any) -> MergeState:
    return edit_field(here, name, value, why="we know better", at=NOW, by=None)


@given(VERSIONS, VERSIONS)
def test_what_nobody_touched_follows_its_source(first: dict[str, int], second: dict[str, int]) -> None:
    after = said(begun(first), second)

    assert (after.content, after.conflicts, after.local()) == (second, {}, [])


@given(VERSIONS, VERSIONS, st.sampled_from(NAMES), VALUES)
def test_saying_the_same_again_changes_nothing(
    first: dict[str, int], second: dict[str, int], name: str, value: int
) -> None:
    once = said(written(begun(first), name, value), second)

    assert said(once, second, "3") == once


def test_a_field_that_both_changed_waits_and_ours_holds() -> None:
    here = written(begun({"name": "Before"}), "name", "Ours")

    after = said(here, {"name": "Theirs"})

    assert after.content == {"name": "Ours"}
    assert (after.conflicts["name"].before, after.conflicts["name"].theirs) == ("Before", "Theirs")
    assert after.reasons["name"].why == "we know better"


def test_a_conflict_keeps_where_it_began_while_its_source_goes_on() -> None:
    here = said(written(begun({"name": 0}), "name", 1), {"name": 2})

    later = said(here, {"name": 3}).conflicts["name"]
    assert (later.before, later.theirs) == (0, 3)
    assert said(here, {"name": 0}).conflicts == {}, "its source took the change back"
    assert said(here, {"name": 1}).conflicts == {}, "its source says the same as we now"


def test_what_its_source_came_to_say_too_stays_ours() -> None:
    here = said(written(begun({"name": 0}), "name", 1), {"name": 1})

    later = said(here, {"name": 2})

    assert later.content == {"name": 1}
    assert later.conflicts["name"].theirs == 2


@pytest.mark.parametrize(
    ("choice", "value", "holds", "ours"),
    [("new", None, "Theirs", []), ("ours", None, "Ours", ["name"]), ("own", "Both", "Both", ["name"])],
)
def test_a_decision_ends_it_and_keeps_its_reason_and_what_was_given_up(
    choice: Choice, value: Any, holds: str, ours: list[str]
) -> None:
    here = said(written(begun({"name": "Before"}), "name", "Ours"), {"name": "Theirs"})

    after = resolve_conflict(here, "name", choice, value=value, why="agreed with them", at=NOW, by=None)

    assert (after.content["name"], after.conflicts, after.local()) == (holds, {}, ours)
    assert (after.reasons["name"].why, after.reasons["name"].was) == ("agreed with them", "Ours")
    assert said(after, {"name": "Theirs"}) == after


class Region(RuleBasedStateMachine):
    """An entry through versions, edits and decisions, beside what a person last wrote in each field."""

    @initialize(first=VERSIONS)
    def begin(self, first: dict[str, int]) -> None:
        self.here, self.source, self.wrote = begun(first), first, dict[str, Any]()

    @rule(now=VERSIONS)
    def upgrade(self, now: dict[str, int]) -> None:
        self.here, self.source = said(self.here, now), now
        assert said(self.here, now) == self.here

    @rule(name=st.sampled_from(NAMES), value=VALUES)
    def edit(self, name: str, value: int) -> None:
        self.here = written(self.here, name, value)
        self._note(name, value)

    @precondition(lambda self: self.here.conflicts)
    @rule(data=st.data(), choice=st.sampled_from(["new", "ours", "own"]), value=VALUES)
    def settle(self, data: st.DataObject, choice: Choice, value: int) -> None:
        name = data.draw(st.sampled_from(sorted(self.here.conflicts)))
        self.here = resolve_conflict(self.here, name, choice, value=value, why="settled", at=NOW, by=None)
        if choice == "new":
            self.wrote.pop(name, None)
        else:
            self.wrote[name] = self.here.content[name]

    def _note(self, name: str, value: int) -> None:
        if value == self.source[name]:
            self.wrote.pop(name, None)
        else:
            self.wrote[name] = value

    @invariant()
    def what_a_person_wrote_holds_with_its_reason(self) -> None:
        for name, value in self.wrote.items():
            assert self.here.content[name] == value
            assert self.here.reasons[name].why

    @invariant()
    def everything_else_is_what_the_source_says(self) -> None:
        for name in set(NAMES) - set(self.wrote):
            assert self.here.content[name] == self.source[name]

    @invariant()
    def a_conflict_is_about_both_and_about_nothing_else(self) -> None:
        for name, each in self.here.conflicts.items():
            assert name in self.wrote
            assert each.theirs == self.source[name] != self.here.content[name]
            assert each.theirs != each.before


Region.TestCase.settings = settings(max_examples=examples(120), stateful_step_count=25)
TestNoLocalWorkIsEverLost = Region.TestCase

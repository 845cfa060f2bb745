"""Each of the 34 invariants has its tests, and a removal that they notice; or comes with a room that is not there."""

from __future__ import annotations

import ast
from typing import Final, get_args, get_type_hints

import msgspec
import pytest

from spheres_core.facts import ServiceRequestFacts
from spheres_core.partners.service_matching import HelpRequest, MatchReason
from tests.rules.invariants import EVERY, INVARIANTS, ROOT, Planted

COMING: Final = {27: "outcomes", 28: "outcomes", 30: "outcomes"}


def test_there_are_34_and_each_is_proved_or_comes_with_a_room_that_is_not_there_yet() -> None:
    assert list(INVARIANTS) == list(range(1, 35))
    assert {number: each.comes_with for number, each in INVARIANTS.items() if each.comes_with} == COMING
    assert [room for room in COMING.values() if (ROOT / "spheres_core" / room).exists()] == []
    assert [number for number, each in INVARIANTS.items() if not each.tests and not each.comes_with] == []
    assert [number for number, each in INVARIANTS.items() if bool(each.tests) != bool(each.planted)] == []


@pytest.mark.parametrize("name", [name for name, each in EVERY.items() if each.tests])
def test_its_tests_are_there_and_what_they_must_notice_can_be_planted(name: str) -> None:
    invariant = EVERY[name]
    for place in invariant.tests:
        file, _, test = place.partition("::")
        tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
        assert test in {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}, place
    if isinstance(invariant.planted, Planted):
        source = (ROOT / invariant.planted.path).read_text(encoding="utf-8")
        assert source.count(invariant.planted.old) == 1, invariant.planted
        ast.parse(source.replace(invariant.planted.old, invariant.planted.new))


def test_what_a_service_depends_on_is_age_language_place_and_time() -> None:
    asked = {each.name for each in msgspec.structs.fields(HelpRequest)}
    aspects = set(get_args(get_type_hints(MatchReason)["aspect"]))

    assert asked == {"at", "age", "language", "area", "without"}, "nothing else decides"
    assert aspects == {"conflict", "age", "language", "area", "hours", "dates", "role", "plugin"}
    assert set(ServiceRequestFacts.__struct_fields__) == {"age", "language", "area", "need"}, "all that a plugin weighs"

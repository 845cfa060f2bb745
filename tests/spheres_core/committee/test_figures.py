"""The Steering Committee reads numbers of persons that are not small, from which no small one can be worked out."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from itertools import product
from typing import Any, Final, get_type_hints

from hypothesis import given
from hypothesis import strategies as st

from spheres_core.committee.figures import Cell, publishable
from spheres_core.committee.schemas.figures import CommitteeFigures, FigureCount, FigurePeriod
from spheres_core.foundation.content.ended_periods import ended_periods
from spheres_core.support.schemas.workshops import WorkshopCount, WorkshopPeriod
from tests.spheres_core.committee.conftest import Committee
from tests.spheres_core.followups.conftest import Person
from tests.spheres_core.plans.test_plan_pages import leads, page_of

SMALLEST: Final = 5
NEEDS: Final = ("housing", "money", "safety")
AREAS: Final = ("", "montreal", "laval")
TABLES: Final = st.dictionaries(st.tuples(st.sampled_from(NEEDS), st.sampled_from(AREAS)), st.integers(0, 12))


def persons(table: dict[Cell, int]) -> dict[Cell, list[object]]:
    """So many persons in each cell; each is named twice, and counts once."""
    return {cell: [f"{cell} {number}" for number in range(count)] * 2 for cell, count in table.items()}


@given(TABLES, st.data())
def test_no_published_table_changes_with_a_number_that_it_hides(table: dict[Cell, int], data: st.DataObject) -> None:
    """So nothing that is published, and no sum or difference of it, says which of the small numbers is behind it."""
    shown = publishable(persons(table), SMALLEST)
    assert all(count >= SMALLEST for count in shown.values())
    for cell in product(NEEDS, AREAS):
        if cell not in shown:
            other = table | {cell: data.draw(st.integers(0, SMALLEST - 1))}
            assert publishable(persons(other), SMALLEST) == shown


def test_whoever_knows_the_rule_works_out_no_small_number_either() -> None:
    tables: dict[Any, list[tuple[int, ...]]] = defaultdict(list)
    sums: dict[Any, list[tuple[int, ...]]] = defaultdict(list)
    for values in product(range(8), repeat=3):
        shown = publishable(persons({(str(at),): count for at, count in enumerate(values)}), 3)
        tables[tuple(shown.items())].append(values)
        sums[(*shown.items(), sum(values))].append(values)
    assert not [each for each in tables.values() if _pins(each)]
    assert [each for each in sums.values() if _pins(each)], "the control: with the sum of all of them some are known"


def _pins(tables: list[tuple[int, ...]]) -> bool:
    """Returns whether a small number that is not none is the same in all tables that would be shown so."""
    return any(len(set(column)) == 1 and 0 < column[0] < 3 for column in zip(*tables, strict=True))


def test_periods_are_whole_and_have_ended() -> None:
    quarters = ended_periods(dt.date(2026, 11, 23), 3, 4)
    assert [(each.first.isoformat(), each.last.isoformat()) for each in quarters] == [
        ("2026-07-01", "2026-09-30"), ("2026-04-01", "2026-06-30"), ("2026-01-01", "2026-03-31"),
        ("2025-10-01", "2025-12-31"),
    ]  # fmt: skip
    assert [each.first.year for each in ended_periods(dt.date(2026, 11, 23), 12, 2)] == [2025, 2024]


def test_no_struct_of_figures_can_hold_anybody() -> None:
    kinds = (CommitteeFigures, FigurePeriod, FigureCount, WorkshopPeriod, WorkshopCount)
    fields = {name for kind in kinds for name in get_type_hints(kind)}
    assert fields == {"gaps", "items", "workshops", "first_day", "last_day", "divided_by", "smallest", "counts", "by",
                      "persons", "held", "reached", "code", "number"}  # fmt: skip


def test_members_of_the_steering_committee_read_gaps_and_repeats_and_nobody_s_code(committee: Committee) -> None:
    hers = [committee.followed("service_requests", "committee", "own_words") for _ in range(SMALLEST)]
    before = committee.plan()
    for number, code in enumerate(hers):
        gaps = f"/participants/{code}/service-gaps"
        committee.pivot.do(gaps, {"need": "housing", "area": "montreal"})
        committee.pivot.do(gaps, {"need": "housing", "area": "laval"})
        if number:
            committee.pivot.do(gaps, {"need": "safety"})
        committee.lets(code, "marie_vincent", "committee", "own_words")
        committee.put(code, before, shares=[])
    committee.world.sql("UPDATE service_gaps SET dated_on = '2026-08-10'")
    committee.world.sql("UPDATE agenda_items SET dated_on = '2025-03-10'")
    member, clinical = committee.members["anonyme"], committee.members["marie_vincent"]
    committee.seat(member, body="steering")

    found = member.read("/committee-figures")

    assert [each["counts"] for each in found["gaps"]] == [[{"by": ["housing"], "persons": 5}], [], [], []]
    assert [each["by"] for each in found["items"][0]["counts"]] == [["", "first"]]
    assert committee.coordinator.read("/committee-figures") == found
    for other in (clinical, committee.pivot, Person(committee, "committee_member", organization="anonyme")):
        assert other.get("/committee-figures").status_code == 403
        assert "Figures for the Steering" not in page_of(other, "/committee")
    assert leads(page_of(member, "/committee"), "/committee/figures")
    page = page_of(member, "/committee/figures")
    assert "fewer than 5 persons, or nobody" in page
    assert not any(code in page for code in hers)

    late = committee.followed("service_requests")
    committee.pivot.do(f"/participants/{late}/service-gaps", {"need": "safety"})
    committee.world.sql("UPDATE service_gaps SET dated_on = '2026-08-11'")
    assert member.read("/committee-figures") == found, "what was published stays: no two of them can be compared"
    entries = "SELECT count(*) FROM trail_entries WHERE verb = 'committee_figures.published'"
    assert committee.world.sql(entries) == [(6,)], "each of the periods once"


def test_members_of_the_steering_committee_read_figures_of_workshops_and_no_single_one(committee: Committee) -> None:
    reached = {"from_12_to_14": 24, "school_staff": 2}
    for kind, times in (("young_people", SMALLEST), ("professionals", SMALLEST - 1)):
        for _ in range(times):
            held = {"kind": kind, "setting": "school", "on": "2026-08-10", "language": "fr-CA", "words": "S’aimer",
                    "audience": reached}  # fmt: skip
            committee.coordinator.do("/workshops", held)
    member, clinical = committee.members["en_marge_12_17"], committee.members["marie_vincent"]
    committee.seat(member, body="steering")

    found = member.read("/committee-figures")["workshops"]

    assert [each["first_day"] for each in found] == ["2026-07-01", "2026-04-01", "2026-01-01", "2025-10-01"]
    assert found[0]["held"] == [{"code": "young_people", "number": SMALLEST}], "four trainings are few"
    groups = {each["code"]: each["number"] for each in found[0]["reached"]}
    assert groups == {"from_12_to_14": 24 * 9, "school_staff": 18}
    of_coordinators = committee.coordinator.read("/workshops/figures")["periods"][0]
    assert {each["code"]: each["number"] for each in of_coordinators["held"]}["professionals"] == 4, "the control"
    page = page_of(member, "/committee/figures")
    assert "Workshops and trainings" in page
    assert "S’aimer" not in page
    for path in ("/workshops", "/workshops/figures", "/workshops/file"):
        assert member.get(path).status_code == 403, path
    evaluator = Person(committee, "evaluator")
    for other in (clinical, evaluator, committee.pivot):
        assert other.get("/committee-figures").status_code == 403

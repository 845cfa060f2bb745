"""A brief of many items takes as many statements as one of a single item; an agenda does too.

How long eight members take to read briefs of thirty items is measured by `benchmarks/agenda.py`.
"""

from __future__ import annotations

from typing import Any

from spheres_core.conformance.query_counter import count_statements
from tests.spheres_core.committee.conftest import ORGANIZATIONS, Committee
from tests.spheres_core.committee.many_files import add_items
from tests.spheres_core.followups.conftest import Person


def test_statements_do_not_grow_with_items(committee: Committee) -> None:
    few, many = committee.plan(), committee.plan()
    add_items(committee, few, 1)
    add_items(committee, many, 6)
    for path in ("brief", "agenda"):
        assert _statements(committee, few, path) == _statements(committee, many, path)


def test_each_of_eight_members_reads_a_brief_of_all_items(committee: Committee) -> None:
    members = [*committee.members.values()][:3]
    for organization in (*ORGANIZATIONS, *ORGANIZATIONS[:2]):
        members.append(Person(committee, "committee_member", organization=organization))
        committee.seat(members[-1])
    meeting = committee.plan()
    add_items(committee, meeting, 6)
    for _ in ("the first time", "again"):
        briefs = [committee.brief(each, meeting) for each in members]
        assert [len(each) for each in briefs] == [6] * 8
        assert all(len(item["parts"]) == 2 for brief in briefs for item in brief)


def _statements(committee: Committee, meeting: dict[str, Any], path: str) -> int:
    member = committee.members["marie_vincent"]
    counted = []
    for _ in range(3):  # what is shown the first time is recorded as having left, and a session now and then as used
        with count_statements(committee.world) as number:
            member.read(f"/meetings/{meeting['id']}/{path}")
        counted.append(number())
    return min(counted)

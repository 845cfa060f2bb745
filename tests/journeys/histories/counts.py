"""Each number that somebody is told, beside the list that it counts, as the same person reads it."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from typing import Any, Final

from tests.journeys.histories.region import Region
from tests.spheres_core.followups.conftest import Person

CELL: Final = re.compile(r'<td role="cell" data-label="[^"]*">(.*?)</td>')
Load = tuple[str, str, str]
"""A worker, the part that she has, and the state of the file; without a state for a backup."""


def differences(region: Region, person: Person) -> tuple[int, list[str]]:
    """Returns how many numbers somebody was told, and those that are not the length of their list."""
    person.sign_in()
    told, wrong = 0, []
    if person.get("/coordination").status_code == 200:
        found = person.read("/coordination")
        numbers, listed = _told(found), _listed(person)
        told += len(numbers)
        wrong += [f"{each}: {numbers[each]} told, {listed[each]} listed" for each in numbers | listed
                  if numbers[each] != listed[each]]  # fmt: skip
        shown = _on_page(region, person)
        expected = sorted((sum(each["pivot"].values()), each["backup"]) for each in found["caseloads"])
        told += 2 * len(shown)
        if sorted(each for each in shown if any(each)) != expected:
            wrong.append(f"{shown} on the page, {expected} in the API")
    if person.get("/my-day").status_code == 200:
        files = Counter((each["participant"], each["part"]) for each in person.read("/my-day")["files"])
        mine = Counter(
            (code, each["part"])
            for code, _, each in _followed(person, "follow_up")
            if each["staff"] == person.id
        )  # fmt: skip
        told += 1
        if files != mine:
            wrong.append(f"{files} in the day, {mine} in the files")
    return told, wrong


def _told(found: Any) -> Counter[Load]:
    numbers: Counter[Load] = Counter()
    for each in found["caseloads"]:
        for state, number in each["pivot"].items():
            numbers[each["staff"], "pivot", state] = number
        if each["backup"]:
            numbers[each["staff"], "backup", ""] = each["backup"]
    return numbers


def _listed(person: Person) -> Counter[Load]:
    return Counter(
        (each["staff"], each["part"], state if each["part"] == "pivot" else "")
        for _, state, each in _followed(person, "coordination")
    )


def _followed(person: Person, purpose: str) -> list[tuple[str, str, Any]]:
    """Returns who follows each participant of the list: her code, the state of her file, the assignment."""
    found, cursor = [], ""
    while True:
        page = person.read(f"/participants?purpose={purpose}&cursor={cursor}")
        for line in page["items"]:
            hers = f"/participants/{line['participant']}"
            episodes = person.read(f"{hers}/participations?purpose={purpose}")["participations"]
            states = {each["id"]: each["state"] for each in episodes}
            for each in person.read(f"{hers}/assignments?purpose={purpose}")["assignments"]:
                if each["ends"] is None:
                    found.append((line["participant"], states[each["participation"]], each))
        if not (cursor := page["next"] or ""):
            return found


def _on_page(region: Region, person: Person) -> list[tuple[int, int]]:
    """Returns the numbers of the page by worker: files, and files as backup."""
    page = region.world.get(f"/t/{region.slug}/en/staff/coordination", headers=person.headers)
    assert page.status_code == 200
    rows = [CELL.findall(row[0]) for row in re.finditer(r'<tr role="row"><td.*?</tr>', unescape(page.text))]
    return [(int(files), int(backup)) for _, files, _, backup in rows]

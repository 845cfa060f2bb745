"""A worker's day: what was promised, who may safely be reached now, what makes need rise. Each list is its count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import literal, select

from spheres_core.conformance.query_counter import count_statements
from spheres_core.facts import msg
from spheres_core.followups.queries.my_day import FILES
from spheres_core.foundation.database.statements import BoundStatement, prepare
from spheres_core.foundation.plugins.registrations import DayLine, DaySection
from spheres_core.foundation.tenancy.context import Context
from tests.spheres_core.followups.conftest import PHONE, START, Person, Team

HERS: dict[str, Any] = {"channel": "email", "value": "she@example.org", "she_contacts_us": True}


@pytest.fixture
def code(team: Team) -> str:
    begun = team.begin(pivot=team.pivot.id)
    team.agree(begun["participant"], "encounters", "safe_contact")
    return str(begun["participant"])


def test_it_says_who_may_safely_be_reached_at_this_moment(team: Team, code: str) -> None:
    morning = {"days": ["MO"], "opens": "09:00", "closes": "12:00"}
    assert team.pivot.read("/my-day")["reachable"] == [], "without a record nobody is reached"
    team.reach(code, PHONE | {"hours": [morning]}, PHONE | {"channel": "in_person", "hours": []})

    assert team.pivot.read("/my-day")["reachable"] == [{"participant": code, "channels": ["phone"]}]
    assert team.coordinator.read("/my-day")["reachable"] == []
    team.world.forward(hours=3)
    team.pivot.sign_in()
    assert team.pivot.read("/my-day")["reachable"] == []


def test_who_comes_back_by_herself_is_expected_and_not_contacted(team: Team, code: str) -> None:
    at = (START + dt.timedelta(days=2)).isoformat().replace("+00:00", "Z")
    team.reach(code, HERS | {"next_moment": at, "confirmed_on": "2026-11-20"})
    day = team.pivot.read("/my-day")
    assert day["expected"] == [{"participant": code, "channel": "email", "at": at}]
    assert day["reachable"] == []


def test_what_another_room_keeps_stands_in_the_day_of_who_has_to_do_with_it(
    team: Team, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def waiting(ctx: Context) -> list[DayLine]:
        return [DayLine(code, "Nobody has answered", "timeline")] if str(ctx.actor.id) == team.pivot.id else []

    plugins = team.world.loaded(team.slug).plugins
    monkeypatch.setattr(plugins, "day_sections", (DaySection("requests", msg("Requests"), waiting),))

    (part,) = team.pivot.read("/my-day")["more"]
    assert (part["name"], [line["participant"] for line in part["lines"]]) == ("requests", [code])
    assert Person(team, "pivot_worker").read("/my-day")["more"] == []


def test_what_sections_ask_along_is_one_statement_with_the_days_own(
    team: Team, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asks(ctx: Context, reader: Mapping[str, Any]) -> BoundStatement[Any]:
        return FILES.of(staff=ctx.actor.id, now=ctx.now, **reader)

    async def says(ctx: Context, rows: Sequence[Any]) -> list[DayLine]:
        return [DayLine(code, f"{len(rows)} files", "timeline")]

    async def asks_by_itself(ctx: Context) -> list[DayLine]:
        return [DayLine(code, str(await ctx.db.scalar(prepare(select(literal(1))))), "timeline")]

    def statements(*sections: DaySection) -> tuple[int, list[str]]:
        monkeypatch.setattr(team.world.loaded(team.slug).plugins, "day_sections", sections)
        team.pivot.read("/my-day")
        with count_statements(team.world) as number:
            more = team.pivot.read("/my-day")["more"]
            return number(), [line["text"] for part in more for line in part["lines"]]

    along = [DaySection(name, msg("Files"), says, asks=asks) for name in ("first", "second")]
    alone, said = statements()
    assert said == []
    assert statements(*along) == (alone, ["1 files"] * 2)
    assert statements(*along, DaySection("third", msg("One"), asks_by_itself)) == (alone + 1, ["1 files"] * 2 + ["1"])

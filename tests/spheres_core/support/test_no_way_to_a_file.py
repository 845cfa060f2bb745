"""No path leads from a table or a route of support to a participant: a walk over all foreign keys and all routes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import pytest
from sqlalchemy import Column, ForeignKeyConstraint, MetaData, Table, Uuid

from spheres_core.foundation.database.schema import Base
from spheres_core.support import models
from spheres_core.testing import World, definition

PARTICIPANTS: Final = "participants"
OWN: Final = frozenset(
    each.__tablename__
    for each in vars(models).values()
    if isinstance(each, type) and issubclass(each, Base) and each is not Base
)
"""The tables of the room, read from its models: a new one is walked without being listed."""
ABOUT_HER: Final = ("participant", "referral", "followup", "consent", "encounter")
NO_PARENTS: Final = frozenset({"tenants"})
"""Every row is of a tenant, and a tenant leads to none in particular."""


def leads_to(tables: Iterable[Table]) -> dict[str, set[str]]:
    """Returns, by table, the tables that its foreign keys lead to, and those whose foreign keys lead to it."""
    edges: dict[str, set[str]] = {}
    for table in tables:
        for key in table.foreign_key_constraints:
            there = key.elements[0].target_fullname.partition(".")[0]
            if there not in NO_PARENTS:
                edges.setdefault(table.name, set()).add(there)
                edges.setdefault(there, set()).add(table.name)
    return edges


def reachable(start: Iterable[str], edges: dict[str, set[str]]) -> set[str]:
    """Returns all tables that can be reached, in either direction of a foreign key."""
    found, ahead = set(start), list(start)
    while ahead:
        for each in edges.get(ahead.pop(), set()) - found:
            found.add(each)
            ahead.append(each)
    return found


def test_no_foreign_key_leads_from_support_to_a_participant() -> None:
    assert {"advice_requests", "entourage_records", "entourage_notes", "entourage_offers"} <= OWN
    assert {"support_sessions", "support_session_parts"} <= OWN
    assert {"workshops", "workshop_figures", "trainings"} <= OWN
    edges = leads_to(Base.metadata.tables.values())

    assert PARTICIPANTS in reachable({"encounters"}, edges), "the walk finds a way where there is one"
    assert PARTICIPANTS not in reachable(OWN, edges)


@pytest.mark.parametrize("table", sorted(OWN))
def test_a_planted_foreign_key_is_found(table: str) -> None:
    planted = MetaData()
    Table("participants", planted, Column("tenant_id", Uuid, primary_key=True), Column("id", Uuid, primary_key=True))
    for name, there in ((table, "rooms_between"), ("rooms_between", "participants")):
        Table(
            name,
            planted,
            Column("tenant_id", Uuid, primary_key=True),
            Column("id", Uuid, primary_key=True),
            Column("other", Uuid),
            ForeignKeyConstraint(["tenant_id", "other"], [f"{there}.tenant_id", f"{there}.id"]),
        )

    assert PARTICIPANTS in reachable(OWN, leads_to(planted.tables.values()))


def test_no_column_of_support_could_hold_whose_file_it_is_about() -> None:
    named = [
        f"{table}.{column.name}"
        for table in OWN
        for column in Base.metadata.tables[table].columns
        if any(word in column.name for word in ABOUT_HER)
    ]

    assert named == []


@pytest.fixture(scope="module")
def world(shared_world: World) -> World:
    return shared_world.renew(definition("north", "quebec", "montreal"))


def test_no_route_of_support_names_a_participant(world: World) -> None:
    plugins = world.loaded("north").plugins
    handlers: list[Any] = [
        handler
        for hook in ("register_controllers", "register_pages")
        for owner, given in plugins.registered[hook]
        for handler in given
        if owner == "support"
    ]
    paths = [path for handler in handlers for path in handler.paths]

    assert len(paths) > 10
    assert [path for path in paths if "participant" in path] == []

"""What fails again and again is taken out of the way, said to those who work there, and written down without words."""

from __future__ import annotations

import datetime as dt
import sys
import threading
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.foundation.isolation import circuit_breakers, incidents
from spheres_core.foundation.isolation.circuit_breakers import CIRCUIT_BREAKERS, CircuitBreakers
from spheres_core.foundation.isolation.fault_location import FaultLocation
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.tenancy.context import Context
from spheres_core.testing import MakeWorld, World, definition
from tests.plugins.planting import HEAD, plant
from tests.wait import wait_until

OURS: Final = Path(__file__).parents[4] / "plugins"
KEY: Final = ("tenant", "plugin", "assess_eligibility")


class Clock:
    """Seconds that a test lets pass."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def fail(all_: CircuitBreakers, times: int) -> list[float | None]:
    return [all_.record_failure(KEY) for _ in range(times) if all_.allows(KEY)]


def test_five_failures_in_a_row_open_it_and_each_rest_is_twice_the_last_up_to_ten_minutes() -> None:
    clock = Clock()
    all_ = CircuitBreakers(clock)

    assert fail(all_, 5) == [None] * 4 + [30.0]
    rests = []
    for _ in range(6):
        assert not all_.allows(KEY)
        clock.now += 601
        assert all_.allows(KEY), "one call is let through"
        assert not all_.allows(KEY), "and no second beside it"
        rests.append(all_.record_failure(KEY))
    assert rests == [60.0, 120.0, 240.0, 480.0, 600.0, 600.0]
    assert all_.open_parts("tenant") == [("plugin", "assess_eligibility")]
    assert all_.open_parts("another") == []

    clock.now += 601
    assert all_.allows(KEY)
    all_.record_success(KEY)
    assert all_.open_parts("tenant") == []
    assert fail(all_, 5) == [None] * 4 + [30.0], "after it worked it is as if nothing had been"


def test_one_failure_in_three_opens_it_although_never_five_in_a_row() -> None:
    all_ = CircuitBreakers(Clock())
    opened = False
    for number in range(60):
        opened = opened or (all_.record_failure(KEY) is not None if number % 3 == 0 else bool(all_.record_success(KEY)))

    assert opened


@given(st.lists(st.integers(5, 12), min_size=5, max_size=40))
def test_one_failure_in_six_or_rarer_never_opens_it(gaps: list[int]) -> None:
    all_ = CircuitBreakers(Clock())
    for gap in gaps:
        assert all_.record_failure(KEY) is None
        for _ in range(gap):
            all_.record_success(KEY)


def test_what_works_leaves_nothing_behind() -> None:
    all_ = CircuitBreakers(Clock())
    all_.record_failure(KEY)
    for _ in range(circuit_breakers.OF_THE_LAST):
        all_.record_success(KEY)

    assert all_._known == {}


def test_a_hang_opens_it_at_once_for_as_long_as_it_hangs() -> None:
    clock, end = Clock(), threading.Event()
    all_ = CircuitBreakers(clock)
    thread = threading.Thread(target=end.wait, daemon=True)
    thread.start()

    assert all_.record_failure(KEY, thread=thread) == 30.0
    clock.now += 10_000
    assert not all_.allows(KEY)
    end.set()
    thread.join()
    assert all_.allows(KEY)


# ---- in a process ---------------------------------------------------------------------------------------------------

MANIFEST: Final = {
    "title": {"fr": "Règle fragile", "en": "Fragile rule"},
    "failure": {
        "assess_eligibility": {"fr": "Vérifiez vous-même.", "en": "Check it yourself."},
        "routes": {"fr": "La liste manque.", "en": "The list is missing."},
    },
}
DECLARES: Final = ("assess_eligibility", "register_controllers")
HOOKS: Final = """
CALLS = []
BROKEN = [True]

@hookimpl
def assess_eligibility(referral):
    CALLS.append("assess")
    if BROKEN[0]:
        raise ValueError("Marie Tremblay")
    return Opinion("fits", {"fr": "Ça va", "en": "Fine"})

@get("/list", guards=[public])
async def fragile_list() -> dict[str, int]:
    CALLS.append("list")
    if BROKEN[0]:
        raise KeyError("Marie Tremblay")
    return {"a": 1}

@get("/other", guards=[public])
async def fragile_other() -> dict[str, int]:
    return {"b": 2}

@hookimpl
def register_controllers():
    return [fragile_list, fragile_other]
"""
RAISES: Final = '        raise ValueError("Marie Tremblay")'
LINE: Final = f"hooks.py:{(HEAD + HOOKS).splitlines().index(RAISES) + 1}"
HERE: Final = ("quebec", "outaouais", "fragile")


@pytest.fixture(scope="module")
def world(make_module_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("fragile")
    plant(folder, "fragile", HOOKS, declares=DECLARES, manifest=MANIFEST, routes=True)
    world: World = make_module_world(definition("east", *HERE), definition("west", *HERE), on=discover([folder, OURS]))
    return world


@pytest.fixture(autouse=True)
def _anew(world: World) -> None:
    """Gives each test regions of its own: what the process is just writing of the last test's finds them gone."""
    CIRCUIT_BREAKERS.clear()
    incidents.clear()
    world.renew(definition("east", *HERE), definition("west", *HERE))
    world.loaded("east")
    module().CALLS.clear()
    module().BROKEN[0] = True


def module() -> Any:
    return sys.modules["spheres_plugins.fragile.hooks"]


def noted(world: World, slug: str) -> list[dict[str, Any]]:
    world.run(incidents.write(world.runtime.database))
    headers = {**world.bearer(slug, "administrator"), "accept-language": "en"}
    answer = world.get(f"/t/{slug}/api/admin/incidents", headers=headers)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["incidents"]
    return found


def test_an_opinion_that_fails_five_times_is_not_asked_for_and_everybody_is_told(world: World) -> None:
    for _ in range(7):
        assert world.refer("east").status_code == 201

    assert module().CALLS == ["assess"] * 5
    wait_until(lambda: sum(each["count"] for each in noted(world, "east")) >= 5)  # the process writes some by itself
    found = noted(world, "east")
    assert [(each["plugin"], each["part"], each["kind"], each["place"]) for each in found] == [
        ("fragile", "assess_eligibility", "ValueError", LINE)
    ]
    assert (found[0]["count"], found[0]["resting"], found[0]["stops"]) == (5, True, ["Check it yourself."])
    assert "Marie" not in str(found)
    coordinator = {**world.bearer("east", "coordinator"), "accept-language": "en"}
    inbox = world.get("/t/east/en/referrals", headers=coordinator).text
    assert "Fragile rule does not work fully just now." in inbox
    assert "Check it yourself." in inbox
    newest = world.get("/t/east/api/referrals", headers=coordinator).json()["items"][0]["id"]
    assert "Vérifiez vous-même." in world.get(f"/t/east/fr/referrals/{newest}", headers=coordinator).text
    administrator = {**world.bearer("east", "administrator"), "accept-language": "en"}
    listed = world.get("/t/east/api/admin/plugins", headers=administrator).json()["plugins"]
    assert [(each["resting"], each["incidents"]) for each in listed if each["id"] == "fragile"] == [(True, 5)]
    assert "Partly resting" in world.get("/t/east/en/administration/plugins", headers=administrator).text
    page = world.get("/t/east/fr/administration/plugins/fragile", headers=administrator).text
    assert LINE in page
    assert "Vérifiez vous-même." in page

    assert world.refer("west").status_code == 201
    assert module().CALLS == ["assess"] * 6, "another tenant asks it all the same"
    west = world.get("/t/west/en/referrals", headers=world.bearer("west", "coordinator")).text
    assert "does not work fully" not in west


def test_it_is_asked_again_after_its_rest_and_works_as_before(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(CIRCUIT_BREAKERS, "_clock", clock)
    for _ in range(6):
        world.refer("east")
    module().BROKEN[0] = False
    module().CALLS.clear()
    world.refer("east")
    assert module().CALLS == []

    clock.now += circuit_breakers.FIRST_REST + 1
    world.refer("east")
    world.refer("east")

    assert module().CALLS == ["assess"] * 2
    assert CIRCUIT_BREAKERS.open_parts(str(world.loaded("east").tenant.id)) == []


def test_a_route_that_fails_five_times_answers_at_once_that_it_rests(world: World) -> None:
    answers = [world.get("/t/east/api/x/fragile/list") for _ in range(7)]

    assert [each.status_code for each in answers] == [500] * 5 + [503] * 2
    assert answers[-1].json()["code"] == "part_rests"
    assert module().CALLS == ["list"] * 5
    assert world.get("/t/east/api/x/fragile/other").status_code == 200
    assert world.get("/t/west/api/x/fragile/list").status_code == 500
    wait_until(lambda: sum(each["count"] for each in noted(world, "east")) >= 5)
    (found,) = noted(world, "east")
    assert (found["part"], found["kind"], found["count"]) == ("GET /api/x/fragile/list", "KeyError", 5)
    assert found["stops"] == ["The list is missing."]


def test_who_asks_wrongly_opens_no_breaker(world: World) -> None:
    for _ in range(20):
        assert world.post("/t/east/api/x/fragile/list").status_code in (404, 405)

    assert noted(world, "east") == []


def test_however_many_places_a_plugin_fails_at_little_of_it_is_kept(world: World) -> None:
    id_ = str(world.loaded("east").tenant.id)
    for number in range(3 * incidents.MOST):
        incidents.record(id_, "fragile", "assess_eligibility", FaultLocation("ValueError", f"hooks.py:{number}"))
        if number % 150 == 0:
            world.run(incidents.write(world.runtime.database))

    wait_until(lambda: sum(each["count"] for each in noted(world, "east")) >= 3 * incidents.MOST)
    assert len(noted(world, "east")) <= 2 * incidents.MOST
    assert sum(each["count"] for each in noted(world, "east")) == 3 * incidents.MOST


def test_incidents_are_seen_by_administrators_only(world: World) -> None:
    for role in ("coordinator", "pivot_worker"):
        assert world.get("/t/east/api/admin/incidents", headers=world.bearer("east", role)).status_code in (403, 404)
    assert world.get("/t/east/api/admin/incidents").status_code == 401


def test_a_tenant_that_is_gone_holds_up_no_other(world: World) -> None:
    incidents.record("0190a000-0000-7000-8000-00000000dead", "fragile", "x", FaultLocation("ValueError"))
    incidents.record("no tenant", "fragile", "x", FaultLocation("ValueError"))
    incidents.record(str(world.loaded("west").tenant.id), "fragile", "x", FaultLocation("ValueError"))

    assert [each["part"] for each in noted(world, "west")] == ["x"]


def test_old_incidents_go(world: World) -> None:
    incidents.record(str(world.loaded("east").tenant.id), "fragile", "old", FaultLocation("ValueError"))
    noted(world, "east")

    async def age(ctx: Context) -> None:
        await ctx.db.sql("UPDATE plugin_incidents SET last_at = $1", ctx.now - dt.timedelta(days=91))

    world.act("east", age)
    incidents.record(str(world.loaded("east").tenant.id), "fragile", "new", FaultLocation("ValueError"))
    assert [each["part"] for each in noted(world, "east")] == ["new"]


def test_a_plugin_that_rests_for_many_tenants_is_named_to_the_operator(world: World) -> None:
    from spheres_core.cli.server import diagnostics
    from spheres_core.foundation.database.transactions import Database

    for slug in ("east", "west"):
        incidents.record(str(world.loaded(slug).tenant.id), "fragile", "x", FaultLocation("ValueError"), rest=30.0)
    world.run(incidents.write(world.runtime.database))

    async def look(most: int) -> list[str]:
        diagnostics.MANY_TENANTS = most
        owner = await Database(world.urls.needed("owner")).open()
        try:
            return [each.state async for each in diagnostics._failing(owner)]
        finally:
            await owner.close()

    assert world.run(look(3)) == ["ok"]
    assert world.run(look(1)) == ["error"]
    diagnostics.MANY_TENANTS = 3

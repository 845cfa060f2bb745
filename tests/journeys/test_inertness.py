"""A tenant without a plugin answers, byte for byte, as if that plugin were not on the machine.

The same story is told to one tenant in two worlds: where the plugin does not exist (neither folder nor table), and
where it lies on the machine, one neighbour uses it, and another has poisoned plugins. Each route of the app's own route
table is asked with each of its methods, by nobody, by who has all roles and by one role that its guard admits, each in
turn (an answer differs by role only in what the role may do, and that is compared as such). Who has all roles also
reads it in the other language, and what is not there. Addresses that lead nowhere are asked with every method.
Status, headers and bodies must be equal, and so must the number of rows that the tenant has in each table.

Whom a guard refuses, and a method that a route lacks, are answered before anything of the route is looked at: a role is
asked one such page and one such address of the API, and a route for one method that it lacks, each time another. What
decides the rest must be equal instead: the methods and guards of each route, and the roles that carry each permission.

One list must differ, to those who may use it: the administrator's, of what could be switched on.

Masked before comparing, because it is new each time (no date is: the clock stands still):
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from litestar.routes import HTTPRoute

from spheres_core.foundation.plugins.discovery import Machine, discover
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.web.guards import is_public, permission_of
from spheres_core.staff.operations import accounts, sign_in
from spheres_core.staff.schemas import ROLES
from spheres_core.testing import Region, World, definition, migrated_database, world_maker
from tests.journeys.wire import Answer, Probe, send
from tests.plugins.planting import plant

MASKED: Final = {
    "ways back after signing in": r"(?<=[?&]next=)[A-Za-z0-9_-]{40,}|(?<=name=\"next\" value=\")[A-Za-z0-9_-]{40,}",
    "ids": r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}",
    "receipts": r"\b[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}\b",
    "once-only keys of forms": r"(?<=name=\"_once\" value=\")[A-Za-z0-9_-]{24}",
    "orders of shuffled choices": r"(?<=name=\"_order\" value=\")[A-Za-z0-9_-]+",
    "form secrets and session cookies": r"(?<=[=\"])[A-Za-z0-9_-]{43}\b",
    "short references of referrals": r'(?<=[ >"])[0-9A-F]{3}-[0-9A-F]{3}(?=[ <"])',
    "incident numbers": r"(?<=\"incident\":\")[0-9a-f]{12}",
}
NOW: Final = dt.datetime(2026, 11, 21, 15, 0, tzinfo=dt.UTC)
PLUGIN: Final = "regional_intake"
BEDS: Final = "shelter_beds"
"""Another plugin, with panels on pages that the tenant has too, a schedule, a report and a table."""
EVENING: Final = dt.datetime(2040, 11, 21, 3, 0, tzinfo=dt.UTC)
"""A late hour in Québec, long after the plugins were switched on: their schedules are due."""
OURS: Final = Path(__file__).parents[2] / "plugins"
PASSWORD: Final = "a slow train along the river"
ABSENT: Final = "01890000-0000-7000-8000-000000000000"
BY_ALL: Final = "signed in"
"""Who has every role, and asks in the other language too; the address of a page names its language."""
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
CHOOSING: Final = {
    "GET /api/admin/plugins administrator fr",
    *(f"GET /api/admin/plugins {BY_ALL} {language}" for language in ("en", "fr")),
    "GET /fr/administration/plugins administrator fr",
    *(f"GET /{page}/administration/plugins {BY_ALL} fr" for page in ("en", "fr")),
}  # fmt: skip
"""The one exception, and exactly that: whoever may switch plugins on is shown which of them lie on the machine."""
NOWHERE: Final = (
    "", "/", "/fr", "/fr/", "/xx/", "/fr/nothing", "/fr/x", f"/fr/x/{PLUGIN}", f"/fr/x/{PLUGIN}/travel-questions",
    "/api", "/api/", "/api/x", "/api/x/", f"/api/x/{PLUGIN}", f"/api/x/{PLUGIN}/travel-questions",
    f"/api/x/{PLUGIN}/travel-questions/", f"/api/x/{PLUGIN.upper()}/travel-questions", f"/api/x/../x/{PLUGIN}/",
    f"/api/x/%2e/{PLUGIN}/travel-questions", f"/fr/x/{BEDS}", f"/fr/x/{BEDS}/beds", f"/api/x/{BEDS}",
    f"/static/x/{BEDS}/beds.css", f"/fr/reports/{BEDS}.nights", "/api/x/quebec", "/api/nothing", "/static/nothing",
    "/api/_/openapi.json",
)  # fmt: skip
TABLES: Final = "SELECT table_name FROM information_schema.columns WHERE column_name = 'tenant_id'"
ACCEPT: Final = {
    language: (("accept-language", language), ("content-type", "application/json")) for language in ("fr", "en")
}
MakeInert = Callable[..., World]


@pytest.fixture(scope="module")
def make_machine_house(cluster: Cluster) -> Iterator[MakeInert]:
    """A world on a database that was migrated for exactly this machine."""
    with _making(cluster) as make:
        yield make


@contextmanager
def _making(cluster: Cluster) -> Iterator[MakeInert]:
    with ExitStack() as stack:

        def make(on: Machine, *definitions: Any) -> World:
            world: World = stack.enter_context(world_maker(cluster, on, migrated_database(cluster, on)))(*definitions)
            world.now = NOW
            return world

        yield make


def without_it(machine: Machine) -> Machine:
    """The machine as if the folders of both plugins had never been there."""
    return Machine({id_: each for id_, each in machine.plugins.items() if id_ not in (PLUGIN, BEDS)}, {})


def inert() -> Any:
    return definition("inert", "quebec", "outaouais")


@pytest.fixture(scope="module")
def bare(make_machine_house: MakeInert) -> dict[str, Any]:
    """What the tenant says and holds where the plugin does not exist."""
    world = make_machine_house(without_it(discover([OURS])), inert())
    assert world.machine.plugins.keys().isdisjoint((PLUGIN, BEDS))
    return told(world)


def told(world: World, *, only: tuple[str, ...] = ("",)) -> dict[str, Any]:
    """The story, or what of it is about `only`: each request with its answer, and how many rows the tenant then has."""
    story = {
        name: masked(send(world, probe))
        for name, probe in probes(world)
        if name.startswith("refer") or any(each in name for each in only)
    }
    world.now = EVENING
    Region(world, "inert").deliver()
    world.now = NOW
    return story | may(world) | rows(world)


def probes(world: World) -> Iterator[tuple[str, Probe]]:
    answers = world.example_answers("inert")
    body = json.dumps({"form": "referral", "language": "fr", "answers": answers}).encode()
    for number in range(3):
        yield f"refer {number}", Probe("POST", "/t/inert/api/referrals", ACCEPT["fr"], body)
    callers = who(world)
    newest = world.get("/t/inert/api/referrals", headers=dict([callers["coordinator"]])).json()["items"][0]["id"]
    there = {"id": newest, "key": "referral", "slug": "youth"}
    absent = {"id": ABSENT, "key": "nothing", "slug": "no"}
    asked: Counter[str] = Counter()
    refused: set[tuple[str, str]] = set()
    turns = itertools.cycle(METHODS)
    for path, methods in sorted(routes(world).items()):
        place = _filled(path, {"language": "fr", **there})
        shown = place.replace(newest, "<newest>")
        kind = path.partition("/")[2].partition("/")[0]
        for name in _asked_in_turn(world, methods.get("GET"), callers, kind, asked, refused):
            yield f"GET {shown} {name} fr", Probe("GET", f"/t/inert{place}", (callers[name], *ACCEPT["fr"]))
        wanting = next(each for each in turns if each not in methods)
        for method in sorted({*methods} - {"GET", "POST"} | {wanting}):
            yield f"{method} {shown}", Probe(method, f"/t/inert{place}")
        further = {place, _filled(path, {"language": "en", **there}), _filled(path, {"language": "fr", **absent})}
        for each in sorted(further):
            target, shown = f"/t/inert{each}", each.replace(newest, "<newest>")
            if each != place:
                if "GET" in methods and admits(world, methods["GET"], BY_ALL):
                    yield _asked("GET", target, shown, BY_ALL, callers[BY_ALL])
                continue
            for name, method in itertools.product(("anybody", BY_ALL), sorted(methods.keys() & {"GET", "POST"})):
                yield _asked(method, target, shown, name, callers[name])
            if each == place and place.startswith("/api/") and "GET" in methods:
                yield f"GET {shown} {BY_ALL} en", Probe("GET", target, (callers[BY_ALL], *ACCEPT["en"]))
    for place, method in itertools.product(NOWHERE, METHODS):
        yield f"{method} nowhere {place}", Probe(method, f"/t/inert{place}")
    for target in ("/", "/health", "/static/nothing", "/fr/", "/t/", f"/api/x/{PLUGIN}/travel-questions"):
        yield f"GET {target}", Probe("GET", target)


def _asked_in_turn(
    world: World, guards: Sequence[Any] | None, callers: Mapping[str, Any], kind: str, asked: Counter[str],
    refused: set[tuple[str, str]],
) -> Iterator[str]:  # fmt: skip
    """Yields who asks a route: who asked least of those whom it admits, and who was not yet refused one of its kind.

    `asked` and `refused` remember it from route to route.
    """
    single = [name for name in callers if name not in ("anybody", BY_ALL)]
    admitted = [name for name in single if guards is not None and admits(world, guards, name)]
    if admitted:
        chosen = min(admitted, key=lambda name: asked[name])
        asked[chosen] += 1
        yield chosen
    for name in single:
        if name not in admitted and (name, kind) not in refused:
            refused.add((name, kind))
            yield name


def _asked(method: str, target: str, shown: str, name: str, caller: tuple[str, str]) -> tuple[str, Probe]:
    """One request as a person makes it: reading in French, writing in English."""
    language, body = ("fr", b"") if method == "GET" else ("en", b"{}")
    return f"{method} {shown} {name} {language}", Probe(method, target, (caller, *ACCEPT[language]), body)


def admits(world: World, guards: Sequence[Any], name: str) -> bool:
    """Tells whether a route's guards let this caller in, as its plugin set says it."""
    if is_public(guards):
        return True
    if name in ("anybody", "stranger"):
        return False
    made = world.loaded("inert").plugins
    roles = list(ROLES) if name == BY_ALL else [name]
    return all(made.permits(roles, asked) for asked in filter(None, map(permission_of, guards)))


def who(world: World) -> dict[str, tuple[str, str]]:
    """Each kind of caller, by the one header that makes it."""

    async def signing_in(ctx: Any) -> str:
        await accounts.create_account(ctx, "a@example.org", name="A", roles=list(ROLES), password=PASSWORD)
        return await sign_in.sign_in(ctx, "a@example.org", PASSWORD)

    return {
        "anybody": ("x-nothing", "1"),
        "stranger": ("authorization", "Bearer sph_nobody"),
        **{role: ("authorization", world.bearer("inert", role)["Authorization"]) for role in sorted(ROLES)},
        BY_ALL: ("cookie", f"spheres_inert={world.act('inert', signing_in)}"),
    }


def routes(world: World) -> dict[str, dict[str, Sequence[Any]]]:
    """The route table of the tenant's app: by path and method, the guards that say who may come."""
    found = {}
    for route in world.loaded("inert").plugins.app.routes:
        assert isinstance(route, HTTPRoute), route
        found[route.path] = {str(method): handler.resolve_guards() for method, handler in _handlers(route)}
    return found


def _handlers(route: HTTPRoute) -> Iterator[tuple[str, Any]]:
    for method, (handler, _) in route.route_handler_map.items():
        yield method, handler


def may(world: World) -> dict[str, Any]:
    """Who may what: the guards of each route, and the roles that carry each permission."""
    made = world.loaded("inert").plugins
    found: dict[str, Any] = {f"permission {name}": sorted(each.roles) for name, each in made.permissions.items()}
    for path, methods in routes(world).items():
        found |= {f"guards of {method} {path}": guards for method, guards in methods.items()}
    return found


def _filled(path: str, fills: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+):\w+\}", lambda found: fills.get(found[1], "nothing"), path)


def masked(answer: Answer) -> tuple[int, tuple[tuple[str, str], ...], str]:
    return answer.status, tuple((name, _mask(value)) for name, value in answer.headers), _mask(answer.text)


@lru_cache(maxsize=4096)
def _mask(text: str) -> str:
    """Headers are nearly all alike, and so is what refuses."""
    for name, pattern in MASKED.items():
        text = re.sub(pattern, f"<{name}>", text)
    return text


def rows(world: World) -> dict[str, int]:
    """How many rows the tenant has in each table of the core."""
    tenant = world.loaded("inert").tenant.id
    with psycopg.connect(world.urls.needed("owner")) as db:
        jobs = db.execute("SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'tenant' = 'inert'").fetchall()
        counted = {"jobs": jobs[0][0]}
        for (name,) in db.execute(TABLES).fetchall():
            (number,) = db.execute(f"SELECT count(*) FROM {name} WHERE tenant_id = %s", [tenant]).fetchall()[0]
            if number:
                counted[f"rows in {name}"] = number
    return counted


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return [name for name in sorted({*one, *other}) if one.get(name) != other.get(name)]


HANGS: Final = """
import threading
LET_GO = threading.Event()
@hookimpl
def assess_eligibility(referral):
    LET_GO.wait(60)
"""


@pytest.fixture(scope="module")
def neighbours(make_machine_house: MakeInert, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Where one neighbour uses the plugin, and another has poisoned ones."""
    folder = tmp_path_factory.mktemp("poisoned")
    plant(folder, "exits_on_import", "raise SystemExit")
    (plant(folder, "poisoned") / "plugin.toml").write_text("id = ")
    plant(folder, "hangs", HANGS,
          declares=("assess_eligibility",))  # fmt: skip
    settings = {PLUGIN: {"travel_communities": ["gatineau"]}}
    user = definition("user", "quebec", "outaouais", PLUGIN, BEDS, settings=settings)
    ill = definition("ill", "quebec", "outaouais", PLUGIN, "exits_on_import", "poisoned", "hangs")
    return make_machine_house(discover([folder, OURS]), inert(), user, ill)


@pytest.mark.usefixtures("short_hook_deadline")
def test_a_plugin_that_others_use_changes_nothing_for_a_tenant_without_it(
    neighbours: World, bare: dict[str, Any]
) -> None:
    world = neighbours
    assert set(world.loaded("ill").plugins.left_out) == {"exits_on_import", "poisoned"}
    for slug in ("user", "ill"):
        asked = world.get(f"/t/{slug}/api/x/{PLUGIN}/travel-questions", headers=world.bearer(slug, "coordinator"))
        assert (world.refer(slug).status_code, asked.status_code) == (201, 200)

    assert world.get("/t/inert/fr/").status_code == 200  # its content is adopted now
    world.now = EVENING
    neighbour = Region(world, "user", BEDS)
    neighbour.deliver()
    assert neighbour.trail(f"{BEDS}."), "its evening has come"
    world.now = NOW
    sys.modules["spheres_plugins.hangs.hooks"].LET_GO.set()
    assert differences(bare, told(world)) == sorted(CHOOSING)


def test_the_story_notices_a_plugin_that_is_on(neighbours: World, bare: dict[str, Any]) -> None:
    """The control: had the tenant the plugin, its routes and its document would tell."""
    world = neighbours.renew(definition("inert", "quebec", "outaouais", PLUGIN), now=NOW)

    found = differences(bare, bare | told(world, only=(f"/x/{PLUGIN}", "/openapi.json")))
    assert f"GET nowhere /api/x/{PLUGIN}/travel-questions" in found
    assert f"DELETE nowhere /api/x/{PLUGIN}/travel-questions" in found
    assert "GET /api/openapi.json anybody fr" in found
    assert f"GET /api/x/{PLUGIN}/travel-questions {BY_ALL} fr" in found
    assert f"guards of GET /api/x/{PLUGIN}/travel-questions" in found


def test_the_story_is_told_over_every_route(bare: dict[str, Any]) -> None:
    answered = [answer[0] for answer in bare.values() if isinstance(answer, tuple)]
    by_role = {role for role in ROLES for name, answer in bare.items()
               if name.endswith(f" {role} fr") and isinstance(answer, tuple) and answer[0] == 200}  # fmt: skip

    assert len(answered) > 1_000
    assert by_role == set(ROLES), "each role is shown something"
    assert {200, 201, 303, 401, 403, 404, 405, 422} <= set(answered)
    assert not [name for name, answer in bare.items() if isinstance(answer, tuple) and answer[0] >= 500]


__doc__ = (__doc__ or "") + "".join(f"- {name}\n" for name in MASKED)

"""Every route of every plugin set: who may come is said exactly once, and every answer carries its protection."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from litestar import Litestar, Router, get
from litestar.routes import HTTPRoute
from msgspec import structs

from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.tenancy.post_limits import LIMITS
from spheres_core.foundation.web.answer_headers import SECURITY_HEADERS
from spheres_core.foundation.web.guards import is_guard, is_public, kind_of_posts, nobody, public, requires
from spheres_core.testing import MakeWorld, World, definition
from tests.journeys.wire import Answer, Probe, send

REGIONS: Final = (
    ("montreal", ()), ("outaouais", ()), ("nunavik", ("inuktitut",)),
    ("outaouais", ("regional_intake", "shelter_beds", "sms_file")), (None, ()),
)  # fmt: skip
"""The region's pack and what goes with it: every combination that a tenant of ours has, and the bare core."""
NOT_DESCRIBED: Final = {"/api/openapi.json": "it is the description"}
"""API routes that no description names, with the reason."""


def sets(machine: Machine) -> list[tuple[str, ...]]:
    """The distinct plugin sets that this machine's plugins give."""
    found = []
    for region, more in REGIONS:
        plugins = ("quebec", region, *more) if region else ()
        if all(each in machine.plugins for each in plugins):
            found.append(plugins)
    return found


@pytest.fixture(scope="module")
def world(make_module_world: MakeWorld, machine: Machine) -> World:
    """One tenant for each distinct set."""
    made = make_module_world(*(definition(f"tenant{n}", *plugins) for n, plugins in enumerate(sets(machine))))
    assert {each for plugins in sets(machine) for each in plugins} == set(machine.plugins), "a plugin that no set has"
    return made


def plugin_sets(world: World) -> Iterator[PluginSet]:
    """Each set with its app."""
    for number in itertools.count():
        loaded = world.run(world.runtime.load(f"tenant{number}"))
        if loaded is None:
            return
        assert not loaded.plugins.left_out
        yield loaded.plugins


def handlers(app: Litestar) -> Iterator[tuple[str, str, Any]]:
    """(method, path, handler) of everything the app answers; OPTIONS is the framework's own and tells methods only."""
    for route in app.routes:
        assert isinstance(route, HTTPRoute), f"{route.path} is not a plain route"
        for method, handler in route.route_handler_map.items():
            if method != "OPTIONS":
                yield str(method), route.path, handler[0]


def unguarded(app: Litestar) -> list[str]:
    """Routes that do not name exactly one guard of ours."""
    told = []
    for method, path, handler in handlers(app):
        guards = handler.resolve_guards()
        if len(guards) != 1 or not is_guard(guards[0]):
            told.append(f"{method} {path}: {[getattr(each, '__name__', each) for each in guards]}")
    return told


def test_each_route_says_exactly_once_who_may_come(world: World) -> None:
    seen = 0
    for each in plugin_sets(world):
        assert unguarded(each.app) == []
        seen += sum(1 for _ in handlers(each.app))
    assert seen > 60
    assert unguarded(world.dispatcher._tenantless_app) == []


def unlimited(app: Litestar) -> list[str]:
    """Public routes that take posts without a limit of their kind."""
    told = []
    for method, path, handler in handlers(app):
        guards = handler.resolve_guards()
        if method != "GET" and is_public(guards) and not all(kind_of_posts(guard) in LIMITS for guard in guards):
            told.append(f"{method} {path}")
    return told


def test_each_route_at_which_anybody_may_post_has_a_limit_of_its_kind(world: World) -> None:
    for each in plugin_sets(world):
        assert unlimited(each.app) == []


def test_no_secret_travels_in_an_address_where_servers_and_browsers_write_it_down(world: World) -> None:
    for each in plugin_sets(world):
        paths = [path for _, path, _ in handlers(each.app)]
        assert [path for path in paths if re.search(r"\{(secret|token|code|receipt):", path)] == []


def test_each_permission_that_a_route_asks_for_is_registered_and_carried_by_a_role(world: World) -> None:
    for each in plugin_sets(world):
        for method, path, handler in handlers(each.app):
            for guard in handler.resolve_guards():
                if (name := getattr(guard, "permission", None)) is not None:
                    assert name in each.permissions, f"{method} {path} asks for {name}, which nobody registered"
                    assert each.permissions[name].roles, f"no role carries {name}"


def test_each_route_of_the_api_is_described(world: World) -> None:
    for number, each in enumerate(plugin_sets(world)):
        described = world.get(f"/t/tenant{number}/api/openapi.json").json()["paths"]
        for method, path, handler in handlers(each.app):
            if not path.startswith("/api/") or path in NOT_DESCRIBED or nobody in handler.resolve_guards():
                continue
            plain = path.replace(":uuid}", "}").replace(":str}", "}")
            found = [known for known in described if known.endswith(plain)]
            assert found, f"{method} {path} is not in the description"
            assert method.lower() in described[found[0]], f"{method} {path} is not in the description"


def test_a_forgotten_guard_is_noticed() -> None:
    """The controls: no guard, one that is not ours, and two."""

    @get("/open")
    async def forgotten() -> None: ...

    async def own(connection: Any, handler: Any) -> None: ...

    @get("/own", guards=[own])
    async def homemade() -> None: ...

    @get("/two", guards=[public])
    async def doubled() -> None: ...

    @get("/good", guards=[requires("referrals.read")])
    async def good() -> None: ...

    twice = Router("/twice", guards=[public], route_handlers=[doubled])
    told = unguarded(Litestar([forgotten, homemade, twice, good], openapi_config=None, logging_config=None))

    assert sorted(each.split(":")[0] for each in told) == ["GET /open", "GET /own", "GET /twice/two"]


# ---- every answer --------------------------------------------------------------------------------------------------


def unprotected(answer: Answer) -> list[str]:
    """Headers that are missing, doubled or other than decided."""
    told = []
    names = [name for name, _ in answer.headers]
    for name, value in SECURITY_HEADERS:
        given = [v for n, v in answer.headers if n == name.decode()]
        if given != [value.decode()]:
            told.append(f"{name.decode()}: {given}")
    if names.count("cache-control") != 1:
        told.append("cache-control is not said once")
    told += [f"{name} tells what runs here" for name in ("server", "x-powered-by") if name in names]
    if answer.header("content-type").count("charset") > 1:
        told.append(f"content-type: {answer.header('content-type')}")
    return told


ODD: Final = (
    Probe("GET", "/"),
    Probe("GET", "/health"),
    Probe("GET", "/nothing"),
    Probe("GET", "/t/nowhere/fr/"),
    Probe("GET", "/t/nowhere/api/forms"),
    Probe("POST", "/health"),
    Probe("GET", "/static/site/app.css"),
    Probe("GET", "/static/site/app.css?v=1"),
    Probe("GET", "/static/site/nothing.css"),
    Probe("GET", "/static/site/../../app.py"),
    Probe("GET", "/t/tenant0/"),
    Probe("GET", "/t/tenant0"),
    Probe("DELETE", "/t/tenant0/api/forms"),
    Probe("PATCH", "/t/tenant0/fr/refer"),
    Probe("HEAD", "/t/tenant0/fr/"),
    Probe("OPTIONS", "/t/tenant0/api/referrals"),
    Probe("POST", "/t/tenant0/api/referrals", (("content-type", "application/json"),), b"{"),
    Probe("POST", "/t/tenant0/api/referrals", (("content-type", "text/plain"),), b"{}"),
    Probe("POST", "/t/tenant0/api/referrals", (("content-type", "application/json"),), b" " * 3_000_000),
    Probe("GET", "/t/tenant0/api/referrals", (("authorization", "Bearer nothing"),)),
)


@pytest.fixture(scope="module")
def answers(world: World) -> list[tuple[Probe, Answer]]:
    """What each route of each set answers, to anybody and to who may come, and what odd addresses are answered.

    Whatever is read by who may come, or is no route of a tenant, is asked for its head at once.
    """
    bearer = tuple(world.bearer("tenant0", "coordinator", "administrator").items())
    probes = list(ODD)
    asked: set[tuple[str, str]] = set()
    for number, each in reversed([*enumerate(plugin_sets(world))]):  # the bare core first, then what each set adds
        routes = {(method, path) for method, path, _ in handlers(each.app)}
        for method, path in sorted(routes if number == 0 else routes - asked):
            asked.add((method, path))
            filled = path.replace("{language:str}", "fr").replace("{id:uuid}", "0199a0de-0000-7000-8000-000000000000")
            filled = filled.replace("{key:str}", "referral").replace("{slug:str}", "youth").replace("{path:str}", "x")
            probes += [Probe(method, f"/t/tenant{number}{filled}"), Probe(method, f"/t/tenant{number}{filled}", bearer)]
    found = []
    for probe in probes:
        found.append((probe, send(world, probe)))
        if probe.method == "GET" and (probe.headers or not probe.target.startswith("/t/tenant")):
            head = structs.replace(probe, method="HEAD")
            found.append((head, send(world, head)))
    return found


def test_every_answer_is_protected_and_kept_by_nobody(answers: list[tuple[Probe, Answer]]) -> None:
    for probe, answer in answers:
        assert unprotected(answer) == [], probe
        kept = answer.header("cache-control")
        if not probe.target.startswith("/static/"):
            assert kept == "no-store", probe
    assert {answer.status for _, answer in answers} >= {200, 303, 400, 401, 403, 404, 405, 413, 415}


def test_head_answers_as_get_does_without_the_body(world: World, answers: list[tuple[Probe, Answer]]) -> None:
    both = [(full, *head) for (_, full), head in itertools.pairwise(answers) if head[0].method == "HEAD"]
    for full, asked, head in both:
        if asked not in ODD:
            assert (head.status, head.body) == (full.status, b""), asked
            assert head.header("content-type") == full.header("content-type"), asked
    assert len(both) > 40
    assert send(world, Probe("HEAD", "/t/tenant0/api/receipts")).status == 405, "where GET is not, HEAD is not"


def test_only_files_whose_address_changes_with_them_are_kept_for_long(world: World) -> None:
    page = world.get("/t/tenant0/fr/").text
    address = page[page.index("/static/site/app.css") :].partition('"')[0]
    assert world.get(address).headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "immutable" not in world.get("/static/site/app.css").headers["cache-control"]
    assert "immutable" not in world.get("/static/site/none.css?v=1").headers["cache-control"]


def test_a_mistake_of_ours_is_answered_with_its_protection_and_without_a_trace(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("the word kanari must not leave")

    monkeypatch.setattr("spheres_core.forms.controllers.asked_forms.summary", broken)
    monkeypatch.setattr("spheres_core.site.pages.public.home_view", broken)
    for target in ("/t/tenant0/api/forms", "/t/tenant0/fr/"):
        answer = send(world, Probe("GET", target))
        assert answer.status == 500
        assert unprotected(answer) == []
        assert answer.header("cache-control") == "no-store"
        assert "kanari" not in answer.text
        assert "ZeroDivisionError" not in answer.text


def test_over_https_the_browser_is_told_to_stay_there(world: World) -> None:
    secure = world.get("https://localhost/t/tenant0/fr/")
    plain = world.get("/t/tenant0/fr/")
    assert secure.headers["strict-transport-security"].startswith("max-age=31536000")
    assert "strict-transport-security" not in plain.headers

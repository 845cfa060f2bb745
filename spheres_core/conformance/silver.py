"""Silver: it survives, and so does everybody beside it. The plugin is seen at work on a real database."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import psycopg
from psycopg import sql

from spheres_core import app, hookspecs
from spheres_core.conformance import sample_rows, source_reader
from spheres_core.conformance.live_run import CheckEnvironment, LiveRun
from spheres_core.conformance.plugin_under_test import PluginUnderTest
from spheres_core.conformance.query_counter import count_statements
from spheres_core.conformance.rules import NotApplicable, rule
from spheres_core.facts import msg
from spheres_core.foundation.content.packs import Finding
from spheres_core.foundation.database import migrations
from spheres_core.foundation.database.components import Component
from spheres_core.foundation.database.schema_drift import differences
from spheres_core.foundation.database.tenant_tables import OWNER_POLICY, TENANT_POLICY
from spheres_core.foundation.isolation.circuit_breakers import CIRCUIT_BREAKERS
from spheres_core.foundation.plugins import api_lock
from spheres_core.foundation.plugins.discovery import discover, load_module
from spheres_core.site.operations import activation as site
from spheres_core.staff.schemas import ROLES
from spheres_core.testing.broken_hooks import Mode, breaking
from spheres_core.testing.plugin_folders import write_plugin

MODES: Final[tuple[Mode, ...]] = ("raise", "garbage", "exit", "hang")
HANGING: Final = "conformance_hangs"
FAILING_PLUGIN: Final = {
    "tier": "code",
    "title": {"fr": "Voisin", "en": "Neighbour"},
    "description": {"fr": "Échoue exprès.", "en": "Fails on purpose."},
}
HEAD: Final = """
import threading
from spheres_core.plugin import hookimpl
from spheres_core.testing.broken_hooks import broken
OVER = {}
"""
ALWAYS_HANGING: Final = "assess_eligibility"
"""The question at which a neighbour hangs beside every plugin; else it hangs at what the plugin is asked itself only,
since each is waited for until its deadline."""


@rule(
    "S1",
    msg("A neighbour that raises, hangs, exits or answers garbage changes nothing of what it does."),
    code_only=True,
)
def unaffected_by_failing_plugins(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    _ = plugin.usable_set
    alone = environment.shared_run
    with environment.world("with", also=_failing_plugins(environment)) as beside:
        if left_out := beside.world.loaded("with").plugins.left_out:
            raise RuntimeError(f"neighbours that should fail are not there: {sorted(left_out)}")
        over = sys.modules[f"spheres_plugins.{HANGING}.hooks"].OVER
        _let_go(over, over.keys() - {*plugin.manifest.provides.hooks, ALWAYS_HANGING})
        try:
            if (alone.refer("with").status_code, beside.refer("with").status_code) != (201, 201):
                yield plugin.manifest_finding(msg("A referral is not received beside neighbours that fail."))
                return
            if _opinions(alone, plugin.id) != _opinions(beside, plugin.id):
                yield plugin.manifest_finding(msg("Its opinions are not the same beside neighbours that fail."))
            _let_go(over, over)  # while it is told, it would hold each of them up for 12 s
            for each in (alone, beside):
                each.deliver("with")
        finally:
            for each in over.values():
                each.clear()  # the next plugin that is checked here has it beside it again
        if any(who == f"hook:{plugin.id}" for who, _ in beside.failures("with")):
            yield plugin.manifest_finding(msg("Beside neighbours that fail, it is not told what happened."))


def _let_go(over: Mapping[str, threading.Event], hooks: Iterable[str]) -> None:
    for hook in hooks:
        over[hook].set()


def _failing_plugins(environment: CheckEnvironment) -> Mapping[str, Any]:
    folder = environment.folder / "failing_plugins"
    hooks = [*hookspecs.ANSWERS, *(name for name in api_lock.hooks_of() if name.startswith("on_"))]
    for mode in MODES:
        lines = [
            f'{hook} = hookimpl(broken("{mode}", "{hook}", OVER.setdefault("{hook}", threading.Event())))'
            for hook in hooks
        ]
        files = {"hooks.py": HEAD + "\n".join(lines) + "\n"}
        write_plugin(folder, f"conformance_{mode}s", files, **FAILING_PLUGIN, provides={"hooks": hooks})
    return discover([folder]).plugins


def _opinions(run: LiveRun, by: str) -> list[tuple[Any, ...]]:
    headers = run.world.bearer("with", "coordinator")
    read = run.world.get(f"/t/with/api/referrals/{run.newest_referral('with')}", headers=headers).json()
    found = [tuple(each.get(key) for key in ("outcome", "code", "reason")) for each in read.get("opinions", ())
             if each["by"] == by]  # fmt: skip
    return [*found, *((name,) for name in read.get("missing_opinions", ()) if name == by)]


@rule(
    "S2", msg("When one of its hooks fails, the request goes on and plugin.toml says in each language what is missing.")
)
def failures_are_stated_and_contained(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    manifest, made = plugin.manifest, plugin.usable_set
    parts = [hook for hook in manifest.provides.hooks if not hook.startswith("register_")]
    parts += ["routes"] if manifest.provides.routes else []
    if not manifest.failure:
        yield plugin.manifest_finding(msg("What is missing when it fails is not said."), "failure")
    for part in dict.fromkeys([*parts, *manifest.failure]):
        words = manifest.failure.get(part, {})
        for tag in manifest.languages:
            if not (words.get(tag) or words.get(tag.partition("-")[0])):
                message = msg("What is missing when {part} fails is not said in {language}.", part=part, language=tag)
                yield plugin.manifest_finding(message, f"failure.{part}")
    asked = [hook for hook in manifest.provides.hooks if hook in hookspecs.ANSWERS]
    if not asked:
        return
    run = environment.shared_run
    there = run.world.loaded("broken").plugins
    for hook in asked:
        for mode in MODES:
            with breaking(there, plugin.id, hook, mode):
                status = run.refer("broken").status_code
            safe = hook == "check_referral" and plugin.id in made.safeguards(hook)
            if (status == 201) == safe:
                message = msg("When {hook} fails ({mode}), a referral is answered with {status}.",
                              hook=hook, mode=mode, status=status)  # fmt: skip
                yield plugin.manifest_finding(message, f"failure.{hook}")


def _components(plugin: PluginUnderTest, environment: CheckEnvironment) -> list[Component]:
    """Returns the components of the plugin's machine, its own last and with its models."""
    found = app.components(environment.machine(installed=True, also={}))
    metadata = getattr(load_module(plugin.machine.plugins[plugin.id], "models"), "metadata", None)
    own = [each for each in found if each.name == plugin.id]
    if not own:
        raise NotApplicable(msg("It has no tables."))
    mine = Component(plugin.id, own[0].version_table, own[0].scripts, metadata, own[0].requires)
    return [*(each for each in found if each.name != plugin.id), mine]


@rule("S3", msg("Its migrations go up, down and up again, on data, and end where its models are."), code_only=True)
def migrations_upgrade_and_downgrade(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    _ = plugin.usable_set
    parts = _components(plugin, environment)
    with environment.world("with") as run:
        url = run.world.urls.needed("owner")
        run.refer("with")
        sample_rows.insert_rows(plugin, url, run.world.loaded("with").tenant.id, each=3)
        before = _schema(run)
        migrations.downgrade(url, parts, plugin.id, "base")
        left = set(_schema(run)) & set(plugin.manifest.provides.tables)
        if left:
            yield plugin.finding_at("migrations", msg("Going down leaves {tables}.", tables=", ".join(sorted(left))))
            return
        migrations.migrate(url, parts)
        if _schema(run) != before:
            yield plugin.finding_at("migrations", msg("Going up, down and up does not give the same tables."))
        for each in differences(url, parts[-1]):
            yield plugin.finding_at(
                "models.py", msg("The tables are not what the models say: {reason}", reason=str(each)[:300])
            )


def _schema(run: LiveRun) -> dict[str, Any]:
    asked = (
        "SELECT table_name, array_agg(column_name || ' ' || data_type || ' ' || is_nullable ORDER BY column_name)"
        " FROM information_schema.columns WHERE table_schema = 'public' GROUP BY 1"
    )
    with run.owner() as db:
        return dict(db.execute(asked).fetchall())


@rule("S4", msg("Its tables keep tenants apart, and no address shows another tenant's rows."),
      code_only=True)  # fmt: skip
def tenants_are_isolated(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    _ = plugin.usable_set
    run = environment.shared_run
    run.refer("with")
    run.deliver("with")
    tenant = run.world.loaded("with").tenant.id
    with contextlib.suppress(NotApplicable):
        sample_rows.insert_rows(plugin, run.world.urls.needed("owner"), tenant, each=3)
    for table in plugin.manifest.provides.tables:
        yield from _row_level_security(plugin, run, table)
    hidden = {str(run.newest_referral("with")), str(tenant)}
    for route in run.own_routes:
        if route.method == "GET":
            path = f"/t/other{route.path}".replace("{language:str}", "en")
            filled = source_reader.fill_path(path, str(run.newest_referral("with")))
            shown = run.world.get(filled, headers=run.world.bearer("other", *ROLES)).text
            if any(each in shown for each in hidden):
                message = msg("{path} shows another tenant's rows.", path=route.path)
                yield plugin.manifest_finding(message, "provides.routes")


def _row_level_security(plugin: PluginUnderTest, run: LiveRun, table: str) -> Iterator[Finding]:
    with run.owner() as db:
        flags = db.execute(
            "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relname = %s", [table]
        ).fetchone()
        policies = {name for (name,) in db.execute("SELECT policyname FROM pg_policies WHERE tablename = %s", [table])}
    if flags is None:
        yield plugin.finding_at("migrations", msg("The table {table} is not made.", table=table))
        return
    if flags != (True,) or policies != {TENANT_POLICY, OWNER_POLICY}:
        yield plugin.finding_at("migrations", msg("{table} does not keep tenants apart.", table=table))
    other = run.world.loaded("other").tenant.id
    with psycopg.connect(run.world.urls.app) as db:
        for tenant in (str(other), ""):
            db.execute("SELECT set_config('app.tenant', %s, false)", [tenant])
            seen = db.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
            if seen != (0,):
                yield plugin.finding_at("migrations", msg("{table} shows rows of another tenant.", table=table))


@rule("S5", msg("Each address answers those who have its permission, and nobody else."), code_only=True)
def routes_require_their_permission(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    _ = plugin.usable_set
    run = environment.shared_run
    if not run.own_routes:
        raise NotApplicable(msg("It has no routes."))
    run.refer("with")
    callers = {"": {}, **{role: run.world.bearer("with", role) for role in ROLES}}
    for route in run.own_routes:
        allowed = run.roles_for(route.permission, "with") if route.permission else list(ROLES)
        if route.permission and not allowed:
            yield plugin.manifest_finding(msg("No role carries {name}.", name=route.permission), "provides.permissions")
        address = f"/t/with{route.path}".replace("{language:str}", "en")
        path = source_reader.fill_path(address, str(run.newest_referral("with")))
        for role, headers in callers.items():
            CIRCUIT_BREAKERS.clear()  # each caller meets the address itself, not what it did to the one before
            status = run.world.request(route.method, path, headers=headers).status_code
            may = route.public or role in allowed
            if may == (status in (401, 403) or (not role and status == 303)) or status >= 500:
                message = msg("{method} {path} answers {status} to {role}.", method=route.method, path=route.path,
                              status=status, role=role or msg("anybody"))  # fmt: skip
                yield plugin.manifest_finding(message, "provides.routes")


@rule("S6", msg("Switched off and on again, it still has everything that it kept."))
def switching_off_keeps_data(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    _ = plugin.usable_set
    run = environment.shared_run
    run.refer("with")
    run.deliver("with")
    with contextlib.suppress(NotApplicable):
        sample_rows.insert_rows(plugin, run.world.urls.needed("owner"), run.world.loaded("with").tenant.id, each=3)
    before, world = run.tables("with"), run.world
    yield from sample_rows.untried(plugin, before)
    world.act("with", lambda ctx: site.switch_off(ctx, plugin.id, runtime=world.runtime))
    world.runtime.unload("with")
    world.act("with", lambda ctx: site.switch_on(ctx, plugin.id, runtime=world.runtime))
    world.runtime.unload("with")
    if run.tables("with") != before:
        yield plugin.manifest_finding(msg("Switched off and on again, its tables are not what they were."))
    if plugin.id not in world.loaded("with").plugins.plugins:
        yield plugin.manifest_finding(msg("Switched off, it cannot be switched on again."))


@rule("S7", msg("It works with this version of the core and with the one before."))
def works_with_the_previous_core(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    raise NotApplicable(msg("There is no earlier version of the core yet."))
    yield  # a check is a generator


@rule("S8", msg("What it is told twice takes effect once."), code_only=True)
def on_hooks_are_idempotent(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    made = plugin.usable_set
    hooks = [hook for hook in made.implementations if hook.startswith("on_")
            and any(each.owner == plugin.id for each in made.listeners(hook))]  # fmt: skip
    if not hooks:
        raise NotApplicable(msg("It is told nothing."))
    run = environment.shared_run
    run.refer("with")
    run.deliver("with")
    for who, why in run.failures("with"):
        if who == f"hook:{plugin.id}":
            yield plugin.finding_at("hooks.py", msg("What it is told fails: {reason}", reason=why))
    once = run.tables("with")
    run.deliver("with", again=True)
    if run.tables("with") != once:
        yield plugin.finding_at("hooks.py", msg("Told twice, it writes twice."))


@rule("S9", msg("Its addresses ask the database as often for many rows as for one."), code_only=True)
def statements_do_not_grow_with_rows(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    _ = plugin.usable_set
    lists = [route for route in LiveRun.routes_of(plugin) if route.method == "GET"]
    if not lists:
        raise NotApplicable(msg("It has no routes."))
    run = environment.shared_run
    asked: list[dict[str, int]] = []
    for number in (2, 20):
        for _ in range(number):
            run.refer("with")
        run.deliver("with")
        with contextlib.suppress(NotApplicable):
            tenant = run.world.loaded("with").tenant.id
            sample_rows.insert_rows(plugin, run.world.urls.needed("owner"), tenant, each=number)
        headers = run.world.bearer("with", *ROLES)
        asked.append({})
        for route in lists:
            place = f"/t/with{route.path}".replace("{language:str}", "en")
            path = source_reader.fill_path(place, str(run.newest_referral("with")))
            with count_statements(run.world) as number_of:
                run.world.get(path, headers=headers)
            asked[-1][route.path] = number_of()
    for path, few in asked[0].items():
        if asked[1][path] > few:
            message = msg("{path} asks {few} times for few rows and {many} times for many.",
                          path=path, few=few, many=asked[1][path])  # fmt: skip
            yield plugin.finding_at("controllers.py", message)

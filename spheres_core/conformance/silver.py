"""Silver: it survives, and so does everybody beside it. The plugin is seen at work on a real database."""

from __future__ import annotations

import contextlib
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, Final

import psycopg
from psycopg import sql

from spheres_core import app, hookspecs
from spheres_core.conformance import sample_rows, source_reader
from spheres_core.conformance.live_run import Ground, Living
from spheres_core.conformance.plugin_under_test import Subject
from spheres_core.conformance.query_counter import counted
from spheres_core.conformance.rules import NotApplicable, rule
from spheres_core.facts import msg
from spheres_core.foundation.content.packs import Finding
from spheres_core.foundation.database import migrations
from spheres_core.foundation.database.components import Component
from spheres_core.foundation.database.schema_drift import differences
from spheres_core.foundation.database.tenant_tables import OWNER_POLICY, TENANT_POLICY
from spheres_core.foundation.isolation.circuit_breakers import CIRCUIT_BREAKERS
from spheres_core.foundation.plugins import api_lock
from spheres_core.foundation.plugins.plugin_set import discover, load_module
from spheres_core.site.operations import activation as site
from spheres_core.staff.schemas import ROLES
from spheres_core.testing.broken_hooks import Mode, breaking

MODES: Final[tuple[Mode, ...]] = ("raise", "garbage", "exit", "hang")
NEIGHBOUR: Final = """
manifest = 1
id = "{id}"
version = "1.0"
tier = "code"
languages = ["fr-CA", "en-CA"]
title = {{fr = "Voisin", en = "Neighbour"}}
description = {{fr = "Échoue exprès.", en = "Fails on purpose."}}
licence = "as SPHÈRES itself"
owner = "SPHÈRES software project"
[compatible]
spheres = ">=0.1"
[provides]
hooks = [{hooks}]
"""
HEAD: Final = """
from spheres_core.plugin import hookimpl
from spheres_core.testing.broken_hooks import broken
"""


@rule(
    "S1",
    msg("A neighbour that raises, hangs, exits or answers garbage changes nothing of what it does."),
    code_only=True,
)
def neighbours_do_not_matter(subject: Subject, ground: Ground) -> Iterator[Finding]:
    _ = subject.usable
    alone = ground.living
    with ground.world("with", also=_neighbours(ground)) as beside:
        if (alone.refer("with").status_code, beside.refer("with").status_code) != (201, 201):
            yield subject.in_manifest(msg("A referral is not received beside neighbours that fail."))
            return
        if _said(alone, subject.id) != _said(beside, subject.id):
            yield subject.in_manifest(msg("Its opinions are not the same beside neighbours that fail."))
        for each in (alone, beside):
            each.deliver("with")
        if any(who == f"hook:{subject.id}" for who, _ in beside.failures("with")):
            yield subject.in_manifest(msg("Beside neighbours that fail, it is not told what happened."))


def _neighbours(ground: Ground) -> Mapping[str, Any]:
    folder = ground.folder / "neighbours"
    hooks = [*hookspecs.ANSWERS, *(name for name in api_lock.hooks_of() if name.startswith("on_"))]
    for mode in MODES:
        id_ = f"conformance_{mode}s"
        root = folder / id_
        if not root.exists():
            root.mkdir(parents=True)
            names = ", ".join(f'"{hook}"' for hook in hooks)
            (root / "plugin.toml").write_text(NEIGHBOUR.format(id=id_, hooks=names))
            (root / "__init__.py").write_text("")
            lines = [f'{hook} = hookimpl(broken("{mode}", "{hook}"))' for hook in hooks]
            (root / "hooks.py").write_text(textwrap.dedent(HEAD) + "\n".join(lines) + "\n")
    return discover([folder]).plugins


def _said(living: Living, by: str) -> list[tuple[Any, ...]]:
    headers = living.world.bearer("with", "coordinator")
    read = living.world.get(f"/t/with/api/referrals/{living.newest('with')}", headers=headers).json()
    found = [tuple(each.get(key) for key in ("outcome", "code", "reason")) for each in read.get("opinions", ())
             if each["by"] == by]  # fmt: skip
    return [*found, *((name,) for name in read.get("missing_opinions", ()) if name == by)]


@rule(
    "S2", msg("When one of its hooks fails, the request goes on and plugin.toml says in each language what is missing.")
)
def it_fails_as_stated(subject: Subject, ground: Ground) -> Iterator[Finding]:
    manifest, made = subject.manifest, subject.usable
    parts = [hook for hook in manifest.provides.hooks if not hook.startswith("register_")]
    parts += ["routes"] if manifest.provides.routes else []
    if not manifest.failure:
        yield subject.in_manifest(msg("What is missing when it fails is not said."), "failure")
    for part in dict.fromkeys([*parts, *manifest.failure]):
        words = manifest.failure.get(part, {})
        for tag in manifest.languages:
            if not (words.get(tag) or words.get(tag.partition("-")[0])):
                message = msg("What is missing when {part} fails is not said in {language}.", part=part, language=tag)
                yield subject.in_manifest(message, f"failure.{part}")
    asked = [hook for hook in manifest.provides.hooks if hook in hookspecs.ANSWERS]
    if not asked:
        return
    living = ground.living
    there = living.world.loaded("broken").plugins
    for hook in asked:
        for mode in MODES:
            with breaking(there, subject.id, hook, mode):
                status = living.refer("broken").status_code
            safe = subject.id in made.safeguards(hook)
            if (status == 201) == safe:
                message = msg("When {hook} fails ({mode}), a referral is answered with {status}.",
                              hook=hook, mode=mode, status=status)  # fmt: skip
                yield subject.in_manifest(message, f"failure.{hook}")


def _components(subject: Subject, ground: Ground) -> list[Component]:
    """The components of the plugin's machine, its own last and with its models."""
    found = app.components(ground.machine(installed=True, also={}))
    metadata = getattr(load_module(subject.machine.plugins[subject.id], "models"), "metadata", None)
    own = [each for each in found if each.name == subject.id]
    if not own:
        raise NotApplicable(msg("It has no tables."))
    mine = Component(subject.id, own[0].version_table, own[0].scripts, metadata, own[0].requires)
    return [*(each for each in found if each.name != subject.id), mine]


@rule("S3", msg("Its migrations go up, down and up again, on data, and end where its models are."), code_only=True)
def migrations_go_both_ways(subject: Subject, ground: Ground) -> Iterator[Finding]:
    _ = subject.usable
    parts = _components(subject, ground)
    with ground.world("with") as living:
        url = living.world.urls.needed("owner")
        living.refer("with")
        sample_rows.fill(subject, url, living.world.loaded("with").tenant.id, each=3)
        before = _schema(living)
        migrations.downgrade(url, parts, subject.id, "base")
        left = set(_schema(living)) & set(subject.manifest.provides.tables)
        if left:
            yield subject.at("migrations", msg("Going down leaves {tables}.", tables=", ".join(sorted(left))))
            return
        migrations.migrate(url, parts)
        if _schema(living) != before:
            yield subject.at("migrations", msg("Going up, down and up does not give the same tables."))
        for each in differences(url, parts[-1]):
            yield subject.at(
                "models.py", msg("The tables are not what the models say: {reason}", reason=str(each)[:300])
            )


def _schema(living: Living) -> dict[str, Any]:
    asked = (
        "SELECT table_name, array_agg(column_name || ' ' || data_type || ' ' || is_nullable ORDER BY column_name)"
        " FROM information_schema.columns WHERE table_schema = 'public' GROUP BY 1"
    )
    with living.owner() as db:
        return dict(db.execute(asked).fetchall())


@rule("S4", msg("Its tables stand behind the wall between tenants, and no address shows another tenant's rows."),
      code_only=True)  # fmt: skip
def tenants_stay_apart(subject: Subject, ground: Ground) -> Iterator[Finding]:
    _ = subject.usable
    living = ground.living
    living.refer("with")
    living.deliver("with")
    tenant = living.world.loaded("with").tenant.id
    with contextlib.suppress(NotApplicable):
        sample_rows.fill(subject, living.world.urls.needed("owner"), tenant, each=3)
    for table in subject.manifest.provides.tables:
        yield from _wall(subject, living, table)
    hidden = {str(living.newest("with")), str(tenant)}
    for route in living.own_routes:
        if route.method == "GET":
            path = f"/t/other{route.path}".replace("{language:str}", "en")
            filled = source_reader.fill_path(path, str(living.newest("with")))
            shown = living.world.get(filled, headers=living.world.bearer("other", *ROLES)).text
            if any(each in shown for each in hidden):
                message = msg("{path} shows another tenant's rows.", path=route.path)
                yield subject.in_manifest(message, "provides.routes")


def _wall(subject: Subject, living: Living, table: str) -> Iterator[Finding]:
    with living.owner() as db:
        flags = db.execute(
            "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relname = %s", [table]
        ).fetchone()
        policies = {name for (name,) in db.execute("SELECT policyname FROM pg_policies WHERE tablename = %s", [table])}
    if flags is None:
        yield subject.at("migrations", msg("The table {table} is not made.", table=table))
        return
    if flags != (True,) or policies != {TENANT_POLICY, OWNER_POLICY}:
        yield subject.at("migrations", msg("{table} does not stand behind the wall between tenants.", table=table))
    other = living.world.loaded("other").tenant.id
    with psycopg.connect(living.world.urls.app) as db:
        for tenant in (str(other), ""):
            db.execute("SELECT set_config('app.tenant', %s, false)", [tenant])
            seen = db.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
            if seen != (0,):
                yield subject.at("migrations", msg("{table} shows rows of another tenant.", table=table))


@rule("S5", msg("Each address answers those who have its permission, and nobody else."), code_only=True)
def only_who_may(subject: Subject, ground: Ground) -> Iterator[Finding]:
    _ = subject.usable
    living = ground.living
    if not living.own_routes:
        raise NotApplicable(msg("It has no routes."))
    living.refer("with")
    callers = {"": {}, **{role: living.world.bearer("with", role) for role in ROLES}}
    for route in living.own_routes:
        allowed = living.roles_for(route.permission, "with") if route.permission else list(ROLES)
        if route.permission and not allowed:
            yield subject.in_manifest(msg("No role carries {name}.", name=route.permission), "provides.permissions")
        address = f"/t/with{route.path}".replace("{language:str}", "en")
        path = source_reader.fill_path(address, str(living.newest("with")))
        for role, headers in callers.items():
            CIRCUIT_BREAKERS.clear()  # each caller meets the address itself, not what it did to the one before
            status = living.world.request(route.method, path, headers=headers).status_code
            may = route.public or role in allowed
            if may == (status in (401, 403) or (not role and status == 303)) or status >= 500:
                message = msg("{method} {path} answers {status} to {role}.", method=route.method, path=route.path,
                              status=status, role=role or msg("anybody"))  # fmt: skip
                yield subject.in_manifest(message, "provides.routes")


@rule("S6", msg("Switched off and on again, it still has everything that it kept."))
def off_and_on_loses_nothing(subject: Subject, ground: Ground) -> Iterator[Finding]:
    _ = subject.usable
    living = ground.living
    living.refer("with")
    living.deliver("with")
    with contextlib.suppress(NotApplicable):
        sample_rows.fill(subject, living.world.urls.needed("owner"), living.world.loaded("with").tenant.id, each=3)
    before, world = living.tables("with"), living.world
    world.act("with", lambda ctx: site.switch_off(ctx, subject.id, runtime=world.runtime))
    world.runtime.forget("with")
    world.act("with", lambda ctx: site.switch_on(ctx, subject.id, runtime=world.runtime))
    world.runtime.forget("with")
    if living.tables("with") != before:
        yield subject.in_manifest(msg("Switched off and on again, its tables are not what they were."))
    if subject.id not in world.loaded("with").plugins.plugins:
        yield subject.in_manifest(msg("Switched off, it cannot be switched on again."))


@rule("S7", msg("It works with this version of the core and with the one before."))
def two_versions_of_the_core(subject: Subject, ground: Ground) -> Iterator[Finding]:
    raise NotApplicable(msg("There is no earlier version of the core yet."))
    yield  # a judge is a generator


@rule("S8", msg("What it is told twice takes effect once."), code_only=True)
def told_twice_done_once(subject: Subject, ground: Ground) -> Iterator[Finding]:
    made = subject.usable
    told = [hook for hook in made.implementations if hook.startswith("on_")
            and any(each.owner == subject.id for each in made.listeners(hook))]  # fmt: skip
    if not told:
        raise NotApplicable(msg("It is told nothing."))
    living = ground.living
    living.refer("with")
    living.deliver("with")
    for who, why in living.failures("with"):
        if who == f"hook:{subject.id}":
            yield subject.at("hooks.py", msg("What it is told fails: {reason}", reason=why))
    once = living.tables("with")
    living.deliver("with", again=True)
    if living.tables("with") != once:
        yield subject.at("hooks.py", msg("Told twice, it writes twice."))


@rule("S9", msg("Its addresses ask the database as often for many rows as for one."), code_only=True)
def no_question_for_each_row(subject: Subject, ground: Ground) -> Iterator[Finding]:
    _ = subject.usable
    lists = [route for route in Living.routes_of(subject) if route.method == "GET"]
    if not lists:
        raise NotApplicable(msg("It has no routes."))
    living = ground.living
    asked: list[dict[str, int]] = []
    for number in (2, 20):
        for _ in range(number):
            living.refer("with")
        living.deliver("with")
        with contextlib.suppress(NotApplicable):
            tenant = living.world.loaded("with").tenant.id
            sample_rows.fill(subject, living.world.urls.needed("owner"), tenant, each=number)
        headers = living.world.bearer("with", *ROLES)
        asked.append({})
        for route in lists:
            place = f"/t/with{route.path}".replace("{language:str}", "en")
            path = source_reader.fill_path(place, str(living.newest("with")))
            with counted(living.world) as number_of:
                living.world.get(path, headers=headers)
            asked[-1][route.path] = number_of()
    for path, few in asked[0].items():
        if asked[1][path] > few:
            message = msg("{path} asks {few} times for few rows and {many} times for many.",
                          path=path, few=few, many=asked[1][path])  # fmt: skip
            yield subject.at("controllers.py", message)

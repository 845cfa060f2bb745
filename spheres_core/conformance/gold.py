"""Gold: it serves people, in their languages, and lets them go without a trace."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from psycopg import sql
from structlog.testing import capture_logs

from spheres_core import hookspecs
from spheres_core.conformance import rendered_pages, sample_rows, source_reader
from spheres_core.conformance.live_run import CheckEnvironment, LiveRun, rows_of
from spheres_core.conformance.plugin_under_test import PluginUnderTest, build_set_without_app
from spheres_core.conformance.rules import NotApplicable, rule
from spheres_core.facts import msg
from spheres_core.foundation.content import po
from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.isolation import hook_calls
from spheres_core.foundation.lifecycle import plugin_export, plugin_purge
from spheres_core.site.operations import activation as site
from spheres_core.staff.schemas import ROLES
from spheres_core.testing import example_facts, hook_trials

MARKER: Final = "Quisaitoùqui"
"""A word that stands nowhere else, to be looked for afterwards."""
PLACEHOLDER: Final = re.compile(r"\{\w+\}")
ROUTE_LIMIT: Final = 0.5
"""Seconds that an address may take in nineteen of twenty requests."""
REQUESTS: Final = 20
MANY_ROWS: Final = 200
"""Rows in each of its tables when its addresses are timed."""
MOST_OTHERS: Final = 20
"""Other plugins with which it is put together."""


@rule(
    "G1",
    msg("What it keeps of a tenant is written out, erased to nothing, and can be put back as it was."),
    code_only=True,
)
def data_is_exported_purged_and_restored(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    _ = plugin.usable_set
    sample_rows.own_tables(plugin)
    run = environment.shared_run
    for _each in range(3):
        run.refer("purged")
    run.deliver("purged")
    world, url = run.world, run.world.urls.needed("owner")
    sample_rows.insert_rows(plugin, url, world.loaded("purged").tenant.id, each=3)
    before = run.tables("purged")
    yield from sample_rows.untried(plugin, before)
    world.act("purged", lambda ctx: site.switch_off(ctx, plugin.id, runtime=world.runtime))
    world.runtime.unload("purged")
    folder = environment.folder / f"out-{uuid4().hex[:8]}"
    world.run(_purge(run, folder))
    for table, left in run.tables("purged").items():
        if left:
            yield plugin.manifest_finding(msg("{table} is not empty after a purge.", table=table), "provides.tables")
    _restore(run, folder)
    for table, again in run.tables("purged").items():
        if again != before[table]:
            message = msg("{table} is not what it was when it is put back.", table=table)
            yield plugin.manifest_finding(message, "provides.tables")


async def _purge(run: LiveRun, folder: Path) -> None:
    world = run.world
    loaded = await world.runtime.load("purged")
    assert loaded is not None
    owner = await Database(world.urls.needed("owner"), most=1).open()
    try:
        async with owner.transaction(None) as db:
            await plugin_export.begin(db, loaded.tenant.id)
            await plugin_purge.purge(db, run.plugin.id, machine=world.machine, folder=folder)
    finally:
        await owner.close()


def _restore(run: LiveRun, folder: Path) -> None:
    with run.owner() as db:
        for table in sample_rows.own_tables(run.plugin):
            name = sql.Identifier(table.name)
            asked = sql.SQL("INSERT INTO {} SELECT * FROM jsonb_populate_record(NULL::{}, %s::jsonb)").format(
                name, name
            )
            for line in (folder / f"{table.name}.jsonl").read_text().splitlines():
                db.execute(asked, [line])


@rule("G2", msg("Of a person who is erased it keeps nothing: no row, no word, in no table and no log."), code_only=True)
def erasure_leaves_nothing(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    _ = plugin.usable_set
    run = environment.shared_run
    with capture_logs() as logged:
        world = run.world
        answers = _with_marker(run.answers("erased"))
        if world.refer("erased", answers).status_code != 201:
            answers = run.answers("erased")
            world.refer("erased", answers)
        gone = str(run.newest_referral("erased"))
        run.deliver("erased")
        for route in run.own_routes:
            if route.method == "GET":
                path = source_reader.fill_path(f"/t/erased{route.path}".replace("{language:str}", "en"), gone)
                world.get(path, headers=world.bearer("erased", *ROLES))
        for table, kept in run.tables("erased").items():
            if any(MARKER in row[0] for row in kept):
                yield plugin.manifest_finding(msg("{table} holds a person's words in the clear.", table=table), "data")
        with run.owner() as db:
            tenant = world.loaded("erased").tenant.id
            db.execute("DELETE FROM referrals WHERE tenant_id = %s", [tenant])
            for table in plugin.manifest.provides.tables:
                if any(gone in row[0] for row in rows_of(db, table, tenant)):
                    message = msg("{table} still knows a referral that was erased.", table=table)
                    yield plugin.manifest_finding(message, "provides.tables")
    if any(MARKER in str(each) for each in logged):
        yield plugin.finding_at("hooks.py", msg("A person's words are in the log."))


def _with_marker(answers: Any) -> Any:
    """Answers in which every free text carries the planted word."""
    if isinstance(answers, Mapping):
        return {name: _with_marker(each) for name, each in answers.items()}
    if isinstance(answers, list):
        return answers
    free = isinstance(answers, str) and " " in answers
    return f"{answers} {MARKER}" if free else answers


@rule("G3", msg("It speaks every language it declares, whole, and each sentence keeps its placeholders."))
def translations_are_complete(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    said = {sentence: (path, line) for path, tree in plugin.syntax_trees.items()
            for sentence, line, _ in source_reader.messages(tree)}  # fmt: skip
    said |= {sentence: (path, line) for path in sorted(plugin.root.glob("templates/**/*.html"))
             for sentence, line in source_reader.template_messages(path.read_text(errors="replace"))}  # fmt: skip
    for tag in plugin.manifest.languages if said else ():
        yield from _catalog(plugin, tag, said)
    for key, words in _every_words(plugin):
        if len({text for text in words.values() if len(text.split()) > 3}) < sum(
            len(text.split()) > 3 for text in words.values()
        ):
            yield plugin.manifest_finding(msg("Two languages say the same sentence."), key)
    if plugin.has_code and any(route.path.startswith(rendered_pages.PAGES) for route in LiveRun.routes_of(plugin)):
        run = environment.shared_run
        run.refer("with")
        for found in rendered_pages.look_at_pages(run, "with"):
            yield plugin.manifest_finding(found.message, f"provides.routes {found.path}")


def _catalog(plugin: PluginUnderTest, tag: str, said: Mapping[str, tuple[Path, int]]) -> Iterator[Finding]:
    path = plugin.root / "locales" / tag.replace("-", "_") / "LC_MESSAGES" / f"{plugin.id}.po"
    if not path.is_file():
        yield plugin.finding_at(path, msg("There is no catalog for {language}.", language=tag))
        return
    try:
        found = {each.forms[0]: each.texts[0] for each in po.read_catalog_file(path).entries if not each.fuzzy}
    except ContentInvalid:  # B1 says where it is damaged
        return
    for sentence, (source, line) in said.items():
        text = found.get(sentence, "")
        if not text:
            place = f"{source.relative_to(plugin.root).as_posix()}:{line}"
            message = msg("A sentence of {place} has no text in {language}.", place=place, language=tag)
            yield plugin.finding_at(path, message, key=sentence)
        elif sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(sentence)):
            yield plugin.finding_at(path, msg("The placeholders are not those of the sentence."), key=sentence)


def _every_words(plugin: PluginUnderTest) -> Iterator[tuple[str, Mapping[str, str]]]:
    manifest = plugin.manifest
    yield "title", manifest.title
    yield "description", manifest.description
    yield from ((f"failure.{part}", words) for part, words in manifest.failure.items())
    for kind in ("permissions", "roles", "commands", "reports"):
        yield from ((f"provides.{kind}.{name}", words) for name, words in getattr(manifest.provides, kind).items())


@rule("G4", msg("Its answers come in time when there is much to answer from."), code_only=True)
def fast_with_many_rows(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    made = plugin.usable_set
    settings = {owner: kind() for owner, kind in made.settings.items()} | plugin.config.settings_of(made)
    for hook in hookspecs.ANSWERS:
        mine = [each for each in made.listeners(hook) if each.owner == plugin.id]
        if mine:
            given = example_facts.facts_for(hook, 1, plugin.config.referral)
            own = hook_trials.own_example(made, plugin.id, 1)
            slow = _slowest(partial(hook_trials.try_hook, hook, mine, settings, given, own))
            if slow > hook_calls.DEADLINE:
                message = msg("{hook} takes {milliseconds} milliseconds.", hook=hook, milliseconds=round(slow * 1000))
                yield plugin.finding_at("hooks.py", message)
    lists = [route for route in LiveRun.routes_of(plugin) if route.method == "GET"]
    if not lists:
        return
    run = environment.shared_run
    world = run.world
    for _ in range(MANY_ROWS // 10):
        run.refer("with")
    run.deliver("with")
    with contextlib.suppress(NotApplicable):
        sample_rows.insert_rows(plugin, world.urls.needed("owner"), world.loaded("with").tenant.id, each=MANY_ROWS)
    headers = world.bearer("with", *ROLES)
    for route in lists:
        address = f"/t/with{route.path}".replace("{language:str}", "en")
        path = source_reader.fill_path(address, str(run.newest_referral("with")))
        slow = _slowest(lambda p=path: world.get(p, headers=headers))  # type: ignore[misc]
        if slow > ROUTE_LIMIT:
            message = msg("{path} takes {milliseconds} milliseconds.", path=route.path,
                          milliseconds=round(slow * 1000))  # fmt: skip
            yield plugin.manifest_finding(message, "provides.routes")


def _slowest(once: Callable[[], Any]) -> float:
    """Returns the time of the slowest but one in twenty, in seconds."""
    took = []
    for _ in range(REQUESTS):
        started = time.perf_counter()
        once()
        took.append(time.perf_counter() - started)
    return sorted(took)[-2]


@rule("G5", msg("It goes together with each other plugin of this machine."))
def works_beside_other_plugins(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    _ = plugin.usable_set
    machine = plugin.machine
    others = [id_ for id_ in sorted(machine.plugins) if id_ not in plugin.wanted][:MOST_OTHERS]
    if not others:
        raise NotApplicable(msg("There is no other plugin on this machine."))
    for other in others:
        theirs = plugin.with_requirements(other)
        conflicts = {*plugin.manifest.conflicts, *machine.plugins[other].manifest.conflicts}
        if conflicts & (theirs | plugin.wanted):
            continue
        left_out = build_set_without_app(machine, theirs | plugin.wanted).left_out
        if left_out and build_set_without_app(machine, theirs).left_out:  # it cannot be used alone either
            continue
        for id_, reason in left_out.items():
            message = msg(
                "Together with {other}, {plugin} is left out: {reason}", other=other, plugin=id_, reason=reason
            )
            yield plugin.manifest_finding(message)


@rule("G6", msg("Each of its check_ hooks has a test of its own."), code_only=True)
def check_hooks_have_tests(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    checks = [hook for hook in plugin.manifest.provides.hooks if hook.startswith("check_")]
    if not checks:
        raise NotApplicable(msg("It checks nothing."))
    tests = [path.read_text(errors="replace") for path in sorted(plugin.root.rglob("test_*.py"))]
    for hook in checks:
        if not any(hook in text for text in tests):
            yield plugin.manifest_finding(msg("No test of its own names {hook}.", hook=hook), "provides.hooks")


@rule("G7", msg("Nothing lies in its folder that would make two packages of it differ."))
def packages_are_reproducible(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    for path in sorted(plugin.root.rglob("*")):
        odd = path.suffix in (".pyc", ".mo", ".orig", ".rej", ".swp") or path.name in (".DS_Store", "Thumbs.db")
        if odd and "__pycache__" not in path.parts:
            yield plugin.finding_at(path, msg("This file was made by a tool and does not belong into a package."))

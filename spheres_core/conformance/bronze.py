"""Bronze: it loads safely. Every rule looks at the plugin alone."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from spheres_core import hookspecs
from spheres_core.conformance import published_names, source_reader
from spheres_core.conformance.import_probe import ImportProbe, probe
from spheres_core.conformance.live_run import CheckEnvironment
from spheres_core.conformance.plugin_under_test import PluginUnderTest
from spheres_core.conformance.rules import NotApplicable, rule
from spheres_core.facts import msg
from spheres_core.forms import form_files
from spheres_core.foundation.content import po
from spheres_core.foundation.content.packs import ContentInvalid, Finding, PackReader, read_content
from spheres_core.foundation.plugins import api_lock
from spheres_core.testing import example_facts, hook_trials

IMPORT_LIMIT: Final = 500.0
"""Milliseconds that importing a plugin may take, without the core."""
EXAMPLES_PER_HOOK: Final = 40
"""Example facts that each question is asked with."""


@rule("B1", msg("Its plugin.toml and its content files can be read, and all of them lie in its own folder."))
def content_is_readable(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    yield from plugin.invalid
    for path in sorted(plugin.root.rglob("*")):
        if path.is_symlink() and not path.resolve().is_relative_to(plugin.root):
            yield plugin.finding_at(path, msg("This link leads out of the plugin's folder."))
    for path in sorted(plugin.root.glob("locales/*/LC_MESSAGES/*.po")):
        try:
            po.read_catalog_file(path, path.relative_to(plugin.root).as_posix())
        except ContentInvalid as invalid:
            yield from invalid.findings
    if plugin.is_readable:
        try:
            read_content(plugin.root, plugin.id, _readers(plugin))
        except ContentInvalid as invalid:
            yield from invalid.findings
    yield from form_files.warnings(sorted(plugin.root.glob(form_files.PATTERN)))


def _readers(plugin: PluginUnderTest) -> list[PackReader]:
    return [reader for _, given in plugin.plugin_set.registered["register_pack_readers"] for reader in given]


@rule("B2", msg("What plugin.toml declares equals what the plugin does, in both directions."))
def manifest_matches_the_plugin(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    left_out = plugin.plugin_set.left_out.get(plugin.manifest.id)
    if left_out is not None:
        yield plugin.manifest_finding(left_out)
    declared = plugin.manifest.provides.content
    for name in declared:
        if not (plugin.root / name).exists():
            yield plugin.manifest_finding(msg("{file} is declared and is not there.", file=name), "provides.content")
    for reader in _readers(plugin):
        for path in sorted(plugin.root.glob(reader.pattern)):
            name = path.relative_to(plugin.root).as_posix()
            hidden = any(part.startswith((".", "~")) for part in Path(name).parts)
            covered = any(name == each or name.startswith(f"{each.rstrip('/')}/") for each in declared)
            if path.is_file() and path.stem != "README" and not (covered or hidden):
                yield plugin.finding_at(path, msg("This file is read and is not declared in provides.content."))
    asks = any(topic == "forms" for topic, given in plugin.plugin_set.content.items() for id_, _ in given
               if id_ == plugin.manifest.id)  # fmt: skip
    if asks and not plugin.manifest.data.categories:
        yield plugin.manifest_finding(msg("It brings a form and names no data that it collects."), "data.categories")


@lru_cache(maxsize=8)
def probe_import(root: Path, plugin_id: str) -> ImportProbe:
    """Returns what importing the plugin does, which is found out once."""
    found = probe(root, plugin_id)
    for _ in range(2):  # what else the machine does must not count against the plugin
        if found.error or found.milliseconds <= IMPORT_LIMIT:
            break
        found = min(found, probe(root, plugin_id), key=lambda each: each.milliseconds)
    return found


IMPORT_ACTIONS: Final = {
    "network": msg("While it is imported, it uses the network."),
    "thread": msg("While it is imported, it starts a thread."),
    "process": msg("While it is imported, it starts or ends a process."),
    "environment": msg("While it is imported, it changes the environment."),
    "file": msg("While it is imported, it writes to the disk."),
}


@rule("B3", msg("Importing it does nothing else: no network, thread, process, file, and no change to the core."),
      code_only=True)  # fmt: skip
def import_has_no_side_effects(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    probed = probe_import(plugin.root, plugin.manifest.id)
    if probed.error:
        yield plugin.finding_at("hooks.py", msg("It cannot be imported: {reason}", reason=probed.error))
    for action in dict.fromkeys(probed.actions):
        if action.kind == "core":
            yield plugin.finding_at("hooks.py", msg("While it is imported, {name} is replaced.", name=action.detail))
        else:
            yield plugin.finding_at(action.file, IMPORT_ACTIONS[action.kind], line=action.line, key=action.detail)


@rule("B4", msg("Importing it takes less than half a second."), code_only=True)
def import_is_fast(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    took = probe_import(plugin.root, plugin.manifest.id).milliseconds
    if took > IMPORT_LIMIT:
        yield plugin.finding_at(
            "hooks.py", msg("Importing it took {milliseconds} milliseconds.", milliseconds=round(took))
        )


def _answers(plugin: PluginUnderTest) -> Iterator[tuple[Path, source_reader.Function, Any]]:
    """Yields each implementation of a known hook: its file, the function as written, the hook's declaration."""
    known = api_lock.hooks_of()
    for path, tree in plugin.syntax_trees.items():
        for function in source_reader.hook_implementations(tree):
            if function.name in known:
                yield path, function, known[function.name]


@rule(
    "B5", msg("Hooks that are told something after commit are async, all others are plain functions."), code_only=True
)
def hooks_are_async_as_declared(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    for path, function, spec in _answers(plugin):
        if inspect.iscoroutinefunction(spec) != (type(function).__name__ == "AsyncFunctionDef"):
            wanted = msg("an async function") if inspect.iscoroutinefunction(spec) else msg("a plain function")
            yield plugin.finding_at(
                path, msg("{hook} should be {kind}.", hook=function.name, kind=wanted), function.lineno
            )


@rule("B6", msg("Hooks take arguments that the hook has, by plain names; none of them wraps others."), code_only=True)
def hook_arguments_exist(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    for path, function, spec in _answers(plugin):
        given = function.args
        if given.kwonlyargs or given.posonlyargs or given.vararg or given.kwarg:
            message = msg("{hook}: its arguments are plain names.", hook=function.name)
            yield plugin.finding_at(path, message, line=function.lineno)
        known = set(inspect.signature(spec).parameters)
        for each in given.args:
            if each.arg not in known:
                message = msg("{hook} has no argument {name}.", hook=function.name, name=each.arg)
                yield plugin.finding_at(path, message, line=function.lineno)
        if any("wrapper" in each for each in source_reader.decorators(function)):
            yield plugin.finding_at(
                path, msg("{hook} is a wrapper; plugins have none.", hook=function.name), function.lineno
            )


@rule(
    "B7",
    msg("What its hooks give back is of the kind that is asked for, whatever the facts are."),
    code_only=True,
)
def hook_answers_have_the_right_type(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    for path, function, _ in _answers(plugin):
        if function.returns is None:
            message = msg("{hook} does not say what it gives back.", hook=function.name)
            yield plugin.finding_at(path, message, line=function.lineno)
    made = plugin.usable_set
    settings = {owner: kind() for owner, kind in made.settings.items()}
    settings |= plugin.config.settings_of(made)
    for hook in hookspecs.ANSWERS:
        mine = [each for each in made.listeners(hook) if each.owner == plugin.manifest.id]
        for seed in range(EXAMPLES_PER_HOOK if mine else 0):
            try:
                given = example_facts.facts_for(hook, seed, plugin.config.referral if seed % 2 else {})
                own = hook_trials.own_example(made, plugin.manifest.id, seed)
            except example_facts.NoExample:
                break
            tried = hook_trials.try_hook(hook, mine, settings, given, own)
            if tried.failure:
                message = msg("{hook}: {failure}. It was asked with {facts}", hook=hook, failure=tried.failure,
                              facts=_short(given if own is None else {**given, "own": own}))  # fmt: skip
                yield plugin.finding_at(source_reader.file_of(mine[0].function, plugin.root), message)
                break


def _short(given: dict[str, Any]) -> str:
    return msgspec.json.encode(given).decode()[:300]


@rule("B8", msg("Everything it owns begins with its id: routes, tables, permissions, catalogs, templates, revisions."))
def names_begin_with_its_id(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    id_ = plugin.manifest.id
    for name in (*plugin.manifest.provides.tables, *plugin.manifest.provides.permissions):
        if not name.startswith((f"{id_}_", f"{id_}.")):
            yield plugin.manifest_finding(msg("{name} does not begin with {start}.", name=name, start=id_))
    for path in sorted(plugin.root.glob("locales/*/LC_MESSAGES/*")):
        adds_to = path.name.removesuffix(".po") in ("spheres", *plugin.machine.plugins)  # in a language these lack
        if path.is_file() and not adds_to:
            yield plugin.finding_at(path, msg("Its catalogs are called {name}.", name=f"{id_}.po"))
    for path in sorted(plugin.root.glob("templates/**/*")):
        if path.is_file() and path.relative_to(plugin.root).parts[1] != id_:
            yield plugin.finding_at(path, msg("Its templates lie in {folder}.", folder=f"templates/{id_}/"))
    for path, tree in plugin.syntax_trees.items():
        if path.parent.name == "migrations":
            for name, line in source_reader.assigned(tree, "revision"):
                if not name.startswith(f"{id_}_"):
                    yield plugin.finding_at(
                        path, msg("{name} does not begin with {start}.", name=name, start=f"{id_}_"), line
                    )
        for _, line, domain in source_reader.messages(tree):
            if domain not in (None, id_):
                yield plugin.finding_at(
                    path, msg("A sentence of its own names the catalog {name}.", name=domain), line=line
                )


@rule("B9", msg("A tenant that does not have it answers, byte for byte, as if it were not on the machine."))
def inactive_where_it_is_off(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    _ = plugin.usable_set
    run = environment.shared_run
    run.refer("with")
    here, nowhere = run.answers_of("without"), environment.answers_without_it()
    differing = [place for place in sorted({*here, *nowhere}) if here.get(place) != nowhere.get(place)]
    for place in [*differing, *(place for place, one, other in run.own_answers("without") if one != other)]:
        yield plugin.manifest_finding(msg("{place} answers otherwise when the plugin is installed.", place=place))


@rule("B10", msg("Its settings work as they are when nobody has set any."), code_only=True)
def default_settings_are_valid(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    kind = plugin.usable_set.settings.get(plugin.manifest.id)
    if kind is None:
        raise NotApplicable(msg("It has no settings."))
    made = kind()
    try:
        again = msgspec.convert(msgspec.to_builtins(made), kind)
    except (msgspec.ValidationError, TypeError) as error:
        yield plugin.finding_at(
            "settings.py", msg("The defaults are not of their own kind: {reason}", reason=str(error))
        )
        return
    if _shown(again) != _shown(made):
        yield plugin.finding_at("settings.py", msg("The defaults do not come back as they were."))


def _shown(made: Struct) -> bytes:
    return msgspec.json.encode(made, order="sorted")


@rule(
    "B11", msg("It says for whom it is (README.md), under which licence, who owns it and where a weakness is reported.")
)
def readme_licence_and_owner_are_stated(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    readme = plugin.root / "README.md"
    if not (readme.is_file() and len(readme.read_text(errors="replace").split()) >= 10):
        yield plugin.finding_at(
            "README.md", msg("A README.md of at least ten words says for whom it is and what it does.")
        )
    for name in ("licence", "owner", "security"):
        if not getattr(plugin.manifest, name).strip():
            yield plugin.manifest_finding(msg("{name} is not stated.", name=name), name)


@rule("B12", msg("Of the core it imports only what is published for plugins, and nothing of another plugin."),
      code_only=True)  # fmt: skip
def imports_only_published_names(plugin: PluginUnderTest, environment: CheckEnvironment) -> Iterator[Finding]:
    for path, tree in (*plugin.syntax_trees.items(), *plugin.test_files()):
        for message, line in published_names.unpublished_in(tree, path.relative_to(plugin.root), plugin.manifest.id):
            yield plugin.finding_at(path, message, line)

"""Bronze: it loads safely. Every rule looks at the plugin alone."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import msgspec
from msgspec import Struct

from spheres_core import hookspecs, plugin
from spheres_core.conformance import source_reader
from spheres_core.conformance.import_probe import Probed, probe
from spheres_core.conformance.live_run import Ground
from spheres_core.conformance.plugin_under_test import Subject
from spheres_core.conformance.rules import NotApplicable, rule
from spheres_core.facts import msg
from spheres_core.foundation.content.packs import ContentInvalid, Finding, PackReader, read_content
from spheres_core.foundation.isolation import hook_calls
from spheres_core.foundation.plugins import api_lock
from spheres_core.testing import example_facts

IMPORT_LIMIT: Final = 500.0
"""Milliseconds that importing a plugin may take, without the core."""
ROUNDS: Final = 40
"""Example facts that each question is asked with."""


@rule("B1", msg("Its plugin.toml and its content files can be read, and all of them lie in its own folder."))
def everything_is_read(subject: Subject, ground: Ground) -> Iterator[Finding]:
    yield from subject.invalid
    for path in sorted(subject.root.rglob("*")):
        if path.is_symlink() and not path.resolve().is_relative_to(subject.root):
            yield subject.at(path, msg("This link leads out of the plugin's folder."))
    if subject.readable:
        try:
            read_content(subject.root, subject.id, _readers(subject))
        except ContentInvalid as invalid:
            yield from invalid.findings


def _readers(subject: Subject) -> list[PackReader]:
    return [reader for _, given in subject.made.registered["register_pack_readers"] for reader in given]


@rule("B2", msg("What plugin.toml declares equals what the plugin does, in both directions."))
def declared_is_done(subject: Subject, ground: Ground) -> Iterator[Finding]:
    left_out = subject.made.left_out.get(subject.manifest.id)
    if left_out is not None:
        yield subject.in_manifest(left_out)
    declared = subject.manifest.provides.content
    for name in declared:
        if not (subject.root / name).exists():
            yield subject.in_manifest(msg("{file} is declared and is not there.", file=name), "provides.content")
    for reader in _readers(subject):
        for path in sorted(subject.root.glob(reader.pattern)):
            name = path.relative_to(subject.root).as_posix()
            hidden = any(part.startswith((".", "~")) for part in Path(name).parts)
            covered = any(name == each or name.startswith(f"{each.rstrip('/')}/") for each in declared)
            if path.is_file() and path.stem != "README" and not (covered or hidden):
                yield subject.at(path, msg("This file is read and is not declared in provides.content."))
    asks = any(topic == "forms" for topic, given in subject.made.content.items() for id_, _ in given
               if id_ == subject.manifest.id)  # fmt: skip
    if asks and not subject.manifest.data.categories:
        yield subject.in_manifest(msg("It brings a form and names no data that it collects."), "data.categories")


@lru_cache(maxsize=8)
def _probed(root: Path, plugin_id: str) -> Probed:
    found = probe(root, plugin_id)
    for _ in range(2):  # what else the machine does must not count against the plugin
        if found.error or found.milliseconds <= IMPORT_LIMIT:
            break
        found = min(found, probe(root, plugin_id), key=lambda each: each.milliseconds)
    return found


DEEDS: Final = {
    "network": msg("While it is imported, it uses the network."),
    "thread": msg("While it is imported, it starts a thread."),
    "process": msg("While it is imported, it starts or ends a process."),
    "environment": msg("While it is imported, it changes the environment."),
    "file": msg("While it is imported, it writes to the disk."),
}


@rule("B3", msg("Importing it does nothing else: no network, thread, process, file, and no change to the core."),
      code_only=True)  # fmt: skip
def import_does_nothing_else(subject: Subject, ground: Ground) -> Iterator[Finding]:
    probed = _probed(subject.root, subject.manifest.id)
    if probed.error:
        yield subject.at("hooks.py", msg("It cannot be imported: {reason}", reason=probed.error))
    for deed in dict.fromkeys(probed.deeds):
        if deed.kind == "core":
            yield subject.at("hooks.py", msg("While it is imported, {name} is replaced.", name=deed.detail))
        else:
            yield subject.at(deed.file, DEEDS[deed.kind], line=deed.line, key=deed.detail)


@rule("B4", msg("Importing it takes less than half a second."), code_only=True)
def import_is_quick(subject: Subject, ground: Ground) -> Iterator[Finding]:
    took = _probed(subject.root, subject.manifest.id).milliseconds
    if took > IMPORT_LIMIT:
        yield subject.at("hooks.py", msg("Importing it took {milliseconds} milliseconds.", milliseconds=round(took)))


def _answers(subject: Subject) -> Iterator[tuple[Path, source_reader.Function, Any]]:
    """Each implementation of a known hook: its file, the function as written, the hook's declaration."""
    known = api_lock.hooks_of()
    for path, tree in subject.trees.items():
        for function in source_reader.answers_to_hooks(tree):
            if function.name in known:
                yield path, function, known[function.name]


@rule(
    "B5", msg("Hooks that are told something after commit are async, all others are plain functions."), code_only=True
)
def async_where_it_belongs(subject: Subject, ground: Ground) -> Iterator[Finding]:
    for path, function, spec in _answers(subject):
        if inspect.iscoroutinefunction(spec) != (type(function).__name__ == "AsyncFunctionDef"):
            wanted = msg("an async function") if inspect.iscoroutinefunction(spec) else msg("a plain function")
            yield subject.at(path, msg("{hook} should be {kind}.", hook=function.name, kind=wanted), function.lineno)


@rule("B6", msg("Hooks take arguments that the hook has, by plain names; none of them wraps others."), code_only=True)
def arguments_that_there_are(subject: Subject, ground: Ground) -> Iterator[Finding]:
    for path, function, spec in _answers(subject):
        given = function.args
        if given.kwonlyargs or given.posonlyargs or given.vararg or given.kwarg:
            message = msg("{hook}: its arguments are plain names.", hook=function.name)
            yield subject.at(path, message, line=function.lineno)
        known = set(inspect.signature(spec).parameters)
        for each in given.args:
            if each.arg not in known:
                message = msg("{hook} has no argument {name}.", hook=function.name, name=each.arg)
                yield subject.at(path, message, line=function.lineno)
        if any("wrapper" in each for each in source_reader.decorators(function)):
            yield subject.at(path, msg("{hook} is a wrapper; plugins have none.", hook=function.name), function.lineno)


@rule(
    "B7",
    msg("What its hooks give back is of the kind that is asked for, whatever the facts are."),
    code_only=True,
)
def answers_of_the_right_kind(subject: Subject, ground: Ground) -> Iterator[Finding]:
    for path, function, _ in _answers(subject):
        if function.returns is None:
            message = msg("{hook} does not say what it gives back.", hook=function.name)
            yield subject.at(path, message, line=function.lineno)
    made = subject.usable
    settings = {owner: kind() for owner, kind in made.settings.items()}
    settings |= subject.trial.settings_of(made)
    for hook in hookspecs.ANSWERS:
        mine = [each for each in made.listeners(hook) if each.owner == subject.manifest.id]
        for seed in range(ROUNDS if mine else 0):
            try:
                given = example_facts.facts_for(hook, seed, subject.trial.referral if seed % 2 else {})
            except example_facts.NoExample:
                break
            question = hook_calls.Question(hook, hookspecs.ANSWERS[hook], f"check {uuid4()}", settings, given)
            if asyncio.run(hook_calls.ask(question, mine)).missing:
                message = msg("{hook} fails, is too slow or answers with something else, for example {facts}",
                              hook=hook, facts=_short(given))  # fmt: skip
                yield subject.at(source_reader.place_of(mine[0].function, subject.root), message)
                break


def _short(given: dict[str, Any]) -> str:
    return msgspec.json.encode(given).decode()[:300]


@rule("B8", msg("Everything it owns begins with its id: routes, tables, permissions, catalogs, templates, revisions."))
def everything_by_its_own_name(subject: Subject, ground: Ground) -> Iterator[Finding]:
    id_ = subject.manifest.id
    for name in (*subject.manifest.provides.tables, *subject.manifest.provides.permissions):
        if not name.startswith((f"{id_}_", f"{id_}.")):
            yield subject.in_manifest(msg("{name} does not begin with {start}.", name=name, start=id_))
    for path in sorted(subject.root.glob("locales/*/LC_MESSAGES/*")):
        if path.is_file() and path.name != f"{id_}.po":
            yield subject.at(path, msg("Its catalogs are called {name}.", name=f"{id_}.po"))
    for path in sorted(subject.root.glob("templates/**/*")):
        if path.is_file() and path.relative_to(subject.root).parts[1] != id_:
            yield subject.at(path, msg("Its templates lie in {folder}.", folder=f"templates/{id_}/"))
    for path, tree in subject.trees.items():
        if path.parent.name == "migrations":
            for name, line in source_reader.assigned(tree, "revision"):
                if not name.startswith(f"{id_}_"):
                    yield subject.at(path, msg("{name} does not begin with {start}.", name=name, start=f"{id_}_"), line)
        for _, line, domain in source_reader.sentences(tree):
            if domain not in (None, id_):
                yield subject.at(path, msg("A sentence of its own names the catalog {name}.", name=domain), line=line)


@rule("B9", msg("A tenant that does not have it answers, byte for byte, as if it were not on the machine."))
def inert_where_it_is_off(subject: Subject, ground: Ground) -> Iterator[Finding]:
    _ = subject.usable
    ground.living.refer("with")
    with ground.world("without", installed=False) as absent:
        here, nowhere = ground.living.answers_of("without"), absent.answers_of("without")
    for place in sorted({*here, *nowhere}):
        if here.get(place) != nowhere.get(place):
            yield subject.in_manifest(msg("{place} answers otherwise when the plugin is installed.", place=place))


@rule("B10", msg("Its settings work as they are when nobody has set any."), code_only=True)
def settings_that_stand_alone(subject: Subject, ground: Ground) -> Iterator[Finding]:
    kind = subject.usable.settings.get(subject.manifest.id)
    if kind is None:
        raise NotApplicable(msg("It has no settings."))
    made = kind()
    try:
        again = msgspec.convert(msgspec.to_builtins(made), kind)
    except (msgspec.ValidationError, TypeError) as error:
        yield subject.at("settings.py", msg("The defaults are not of their own kind: {reason}", reason=str(error)))
        return
    if _shown(again) != _shown(made):
        yield subject.at("settings.py", msg("The defaults do not come back as they were."))


def _shown(made: Struct) -> bytes:
    return msgspec.json.encode(made, order="sorted")


@rule(
    "B11", msg("It says for whom it is (README.md), under which licence, who owns it and where a weakness is reported.")
)
def somebody_answers_for_it(subject: Subject, ground: Ground) -> Iterator[Finding]:
    readme = subject.root / "README.md"
    if not (readme.is_file() and len(readme.read_text(errors="replace").split()) >= 10):
        yield subject.at("README.md", msg("A README.md of at least ten words says for whom it is and what it does."))
    for name in ("licence", "owner", "security"):
        if not getattr(subject.manifest, name).strip():
            yield subject.in_manifest(msg("{name} is not stated.", name=name), name)


TESTING: Final = "spheres_core.testing"
"""What a plugin's tests may import of ours besides the published names."""
PUBLISHED: Final = frozenset({plugin.__name__, *(f"{plugin.__name__}.{name}" for name in plugin.__all__)})


@rule("B12", msg("Of the core it imports only what is published for plugins, and nothing of another plugin."),
      code_only=True)  # fmt: skip
def published_names_only(subject: Subject, ground: Ground) -> Iterator[Finding]:
    for path, tree in (*subject.trees.items(), *subject.tests()):
        may_test = "tests" in path.relative_to(subject.root).parts
        for name, line in source_reader.imports(tree):
            if _is_foreign(name, subject.manifest.id) and not (may_test and f"{name}.".startswith(f"{TESTING}.")):
                message = msg("{name} is not published for plugins: see {page}.", name=name, page="docs/plugin-api.md")
                yield subject.at(path, message, line)


def _is_foreign(name: str, plugin_id: str) -> bool:
    """Says whether an imported name belongs to the core, unpublished, or to another plugin."""
    package, _, rest = name.partition(".")
    if package == "spheres_plugins":
        return rest.partition(".")[0] != plugin_id
    return package == "spheres_core" and name not in PUBLISHED

"""`spheres tenant plugin`: what a plugin would do to a tenant, on, off, a copy of what it holds, and purged."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import msgspec
import rich_click as click
from rich.markup import escape

from spheres_core import app
from spheres_core.app import assembly
from spheres_core.cli import environment, processes
from spheres_core.cli.help import command
from spheres_core.cli.options import tenant_option, yes_option
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.facts import Message, msg
from spheres_core.foundation import deployment
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.lifecycle import plugin_export, plugin_purge
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.runtime import Runtime
from spheres_core.site.operations import activation, export_document
from spheres_core.site.operations.activation import Proof
from spheres_core.site.views import plugin_overview

plugin_argument = click.argument("plugin_id", metavar="PLUGIN")

Task = Callable[[Context, Runtime], Coroutine[Any, Any, Any]]


def _ask(output: Output, slug: str, task: Task, *, adopts: bool = True) -> Any:
    urls = environment.database_urls(output)
    machine = app.machine()
    machine = environment.require_migrated(urls, machine)
    keyring = Keyring.load(environment.key_path())

    async def asking() -> Any:
        async with environment.open_runtime(
            urls, keyring, machine, make=assembly.make_runtime, adopts=adopts
        ) as runtime:
            loaded = await environment.load_tenant(runtime, slug)
            language = output.locale.tag if output.locale.tag in loaded.tenant.languages else None
            async with runtime.context(loaded, language=language) as ctx:
                return await task(ctx, runtime)

    return environment.run(asking())


@command("tenant plugin preview", examples=["spheres tenant plugin preview --tenant my-region my_plugin"])
@tenant_option
@plugin_argument
def preview(output: Output, slug: str, plugin_id: str) -> int:
    shown = _ask(output, slug, lambda ctx, runtime: plugin_overview.preview_of(ctx, plugin_id, runtime), adopts=False)
    found = msgspec.json.decode(msgspec.json.encode(shown, enc_hook=str))
    output.print_result(found)
    output.print_table(
        [plugin_id, escape(found["title"])],
        [(escape(output.say(name)), escape(value)) for name, value in _lines(output, found) if value],
    )
    return 1 if found["problems"] else 0


def _lines(output: Output, found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield _("State"), output.say(_("on") if found["action"] == "off" else _("off"))
    for problem in found["problems"]:
        yield _("Stands against it"), f"{problem['plugin']}: {problem['message']}"
    for warning in found["warnings"]:
        yield _("To know"), warning
    for each in found["form_warnings"]:
        place = " · ".join(str(each[part]) for part in ("file", "sheet", "row", "column") if each[part])
        yield _("To know"), f"{place}: {each['message']}"
    if found["left_out"]:
        yield _("Left out"), found["left_out"]
    if upgrade := found["upgrade"]:
        yield _("Another version"), f"{upgrade['before']} → {upgrade['after']} {upgrade['problem'] or ''}".strip()
        yield _("It adds:"), ", ".join(f"{each['part']} {each['name']}" for each in upgrade["gains"])
        yield _("It has no longer:"), ", ".join(f"{each['part']} {each['name']}" for each in upgrade["loses"])
    for each in found["changes"]:
        fields = f" ({', '.join(each['field_titles'])})" if each["field_titles"] else ""
        yield _("Would change"), f"{each['what_title']} {each['title']}: {each['text']}{fields}"
    for line in found["staff"]:
        yield _("For staff"), line
    for each in found["content"]:
        collects = ", ".join(data["text"] for data in each["collects"])
        kept = [f"{one['title']} – {one['kept_text']}" for one in each["questions"]]
        yield _("Brings"), f"{each['topic']}/{each['key']}: {each['title']}" + (f" ({collects})" if collects else "")
        if each["asked_on"]:
            yield _("Asked of staff on"), each["asked_on"]
        yield _("Questions"), "\n".join(kept)
    yield _("Data"), ", ".join(found["data_texts"])
    for each in found["tables"]:
        yield _("Tables"), f"{each['table']}: {'—' if each['rows'] is None else each['rows']}"
    for each in found["routes"]:
        yield _("Routes"), f"{each['method']} {each['path']} {each['permission']}".rstrip()
    for each in found["permissions"]:
        yield _("Permissions"), f"{each['name']}: {', '.join(each['roles'])}"
    for each in found["does"]:
        yield _("Does"), f"{each['text']} ({each['hook']})"
    yield _("Hooks"), ", ".join(found["hooks"])
    yield _("Into the trail"), ", ".join(each["title"] for each in found["trail_verbs"])
    for each in found["languages"]:
        yield _("Languages"), f"{each['tag']}: {each['texts'] - each['missing']}/{each['texts']}"
    for each in found["requires"]:
        yield _("Requires"), f"{each['plugin']} {each['versions']}"
    for each in found["conflicts"]:
        yield _("Conflicts with"), f"{each['plugin']} {each['versions']}"


@command("tenant plugin on", examples=["spheres tenant plugin on --tenant my-region my_plugin"])
@tenant_option
@yes_option
@plugin_argument
def on(output: Output, slug: str, yes: bool, plugin_id: str) -> None:
    changed = _ask(output, slug, lambda ctx, runtime: activation.switch_on(ctx, plugin_id, runtime=runtime))
    done, known = msg("{plugin} is on.", plugin=plugin_id), msg("{plugin} was on already.", plugin=plugin_id)
    _print_switch(output, plugin_id, "on", changed=changed, sentence=done if changed else known)


@command("tenant plugin off", examples=["spheres tenant plugin off --tenant my-region my_plugin"])
@tenant_option
@yes_option
@click.option("--remove-entries", is_flag=True, help=_("Also remove what it brought from the region's directory."))
@plugin_argument
def off(output: Output, slug: str, yes: bool, remove_entries: bool, plugin_id: str) -> None:
    async def switching(ctx: Context, runtime: Runtime) -> bool:
        return await activation.switch_off(ctx, plugin_id, runtime=runtime, remove_entries=remove_entries)

    changed = _ask(output, slug, switching)
    done, known = msg("{plugin} is off.", plugin=plugin_id), msg("{plugin} was off already.", plugin=plugin_id)
    _print_switch(output, plugin_id, "off", changed=changed, sentence=done if changed else known)


def _print_switch(output: Output, plugin_id: str, state: str, *, changed: bool, sentence: Message) -> None:
    outdated = processes.outdated_processes(deployment.home(), app.machine())
    result = {"ok": True, "plugin": plugin_id, "state": state, "changed": changed,
              "outdated": [each.message.params for each in outdated]}  # fmt: skip
    output.print_result(result, escape(output.say(sentence)))
    for each in outdated:
        output.print_notice(f"{output.say(each.message)} {output.say(each.advice)}")


@command("tenant plugin export", examples=["spheres tenant plugin export --tenant my-region my_plugin my_plugin.zip"])
@tenant_option
@plugin_argument
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path, dir_okay=False))
def export(output: Output, slug: str, plugin_id: str, out: Path) -> None:
    try:
        file = plugin_purge.new_file(out)
    except OSError as error:
        raise CommandError(msg("{path} cannot be written: {reason}", path=str(out), reason=error.strerror)) from None

    async def task(ctx: Context, runtime: Runtime) -> export_document.Export:
        return await export_document.export_plugin(ctx, plugin_id, file, runtime=runtime)

    try:
        with file:
            made = _ask(output, slug, task)
    except BaseException:
        out.unlink()
        raise
    output.print_result({"ok": True, "file": str(out), **msgspec.to_builtins(made)})
    output.print_table(
        [_("Name"), _("Rows"), _("File")], [(each.table, str(each.rows), each.file) for each in made.tables]
    )


@command("tenant plugin purge", examples=["spheres tenant plugin purge --tenant my-region my_plugin --yes"])
@tenant_option
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), default=None,
              help=_("A new folder for what is written out; else one in SPHERES_HOME."))  # fmt: skip
@yes_option
@plugin_argument
def purge(output: Output, slug: str, folder: Path | None, yes: bool, plugin_id: str) -> None:
    _confirm(output, plugin_id, yes)
    stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    place = folder or deployment.home() / "exports" / f"{slug}-{plugin_id}-{stamp}"
    proof = _purge(output, slug, plugin_id, place)
    path = plugin_purge.write_proof(place, proof)
    output.print_result({"ok": True, **msgspec.to_builtins(proof), "folder": str(place), "proof": str(path)})
    rows = [(each.table, str(each.before), str(each.after), each.file) for each in proof.tables]
    output.print_table([_("Name"), _("Rows before"), _("Rows after"), _("File")], rows)
    if not output.json:
        output.out.print(escape(output.say(msg("Written out to {folder} and erased.", folder=str(place)))))


def _purge(output: Output, slug: str, plugin_id: str, place: Path) -> Proof:
    urls = environment.database_urls(output)
    machine = app.machine()
    machine = environment.require_migrated(urls, machine)
    keyring = Keyring.load(environment.key_path())

    async def purging_it() -> Proof:
        async with (
            environment.open_runtime(urls, keyring, machine, make=assembly.make_runtime) as runtime,
            environment.open_database(urls.needed("owner")) as owner,
        ):
            loaded = await environment.load_tenant(runtime, slug)
            async with owner.transaction(None) as db:
                await plugin_export.begin(db, loaded.tenant.id)
                ctx = runtime.make_context(loaded, db)
                return await activation.purge(ctx, plugin_id, machine=machine, folder=place)

    return environment.run(purging_it())


def _confirm(output: Output, plugin_id: str, yes: bool) -> None:
    """Asks a person at the keyboard; a program confirms by --yes or by asking for JSON."""
    if yes or output.json:
        return
    if not sys.stdin.isatty():
        raise CommandError(msg("Nobody is there to ask. Add --yes when the difference is wanted."), code=2)
    question = msg("Write out and erase everything that {plugin} keeps of this tenant? [y/N]", plugin=plugin_id)
    output.err.print(escape(output.say(question)), end=" ")
    if sys.stdin.readline().strip().lower() not in ("y", "yes", "o", "oui"):
        raise click.Abort

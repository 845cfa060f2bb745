"""Runs as the process in which `spheres plugin dev` answers: one region has the plugin, another does not.

It checks the plugin, prepares database and regions, reports that it is ready, and waits until it is released.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from spheres_core import app
from spheres_core.audit import operations as audit
from spheres_core.cli import environment
from spheres_core.cli.output import CommandError, Output, as_command_error
from spheres_core.cli.server import checks
from spheres_core.cli.server import demo as demonstration
from spheres_core.facts import msg
from spheres_core.foundation import deployment, logs
from spheres_core.foundation.content import toml
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.isolation import incidents
from spheres_core.foundation.languages.locale_files import declared_by
from spheres_core.foundation.languages.localization import short_tags
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.postgres.server_record import Urls
from spheres_core.foundation.tenancy.runtime import LoadedTenant, Runtime

WITH: Final = "with"
WITHOUT: Final = "without"
"""The slugs of the two regions."""


def main() -> None:
    """Runs the process; folder, port and language are its arguments."""
    folder, port, tag = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    output = Output(tag=tag, json=False)
    signal.signal(signal.SIGTERM, _exit)
    logs.silence()
    try:
        _prepare_and_serve(output, folder, port)
    except Exception as error:
        failure = as_command_error(error, output.say)
        if failure is None:
            raise
        output.print_error(failure)
        sys.exit(1)


def _exit(_number: int, _frame: object) -> None:
    sys.exit(0)


def _prepare_and_serve(output: Output, folder: Path, port: int) -> None:
    machine = app.machine()
    checked = _check(machine, folder)
    for line in checks.result_lines(output, [checked]):
        output.err.print(line)
    if checked.state == "error":
        sys.exit(1)
    home = deployment.home()
    urls, keyring, machine = demonstration.prepare(output, home, list(_regions(machine, folder.name, home / "tenants")))
    logs.configure()
    asyncio.run(_serve(output, folder.name, urls, keyring, machine, port))


async def _serve(output: Output, id_: str, urls: Urls, keyring: Keyring, machine: Machine, port: int) -> None:
    """Loads the two regions, waits to be released, and answers requests."""
    stop = demonstration.stop_on_signals()
    async with environment.open_runtime(urls, keyring, machine, pages=True) as runtime:
        regions = [await environment.load_tenant(runtime, slug) for slug in (WITH, WITHOUT)]
        for each in regions:
            await _forget_failures(runtime, each, id_)
        if reason := regions[0].plugins.left_out.get(id_):
            raise CommandError(msg("The plugin {plugin} cannot be used: {reason}", plugin=id_, reason=reason))
        _report(ready=True)
        released = asyncio.Event()
        reader = threading.Thread(target=_read_input, args=(asyncio.get_running_loop(), released, stop), daemon=True)
        reader.start()
        await asyncio.wait(
            {asyncio.create_task(released.wait()), asyncio.create_task(stop.wait())},
            return_when=asyncio.FIRST_COMPLETED,
        )
        if not stop.is_set():
            await demonstration.serve_and_deliver(runtime, urls, port, lambda: _report(answering=True), stop)


async def _forget_failures(runtime: Runtime, region: LoadedTenant, id_: str) -> None:
    """Forgets what the version before did wrong, and tries again what was given up on: it may be mended."""
    async with runtime.context(region) as ctx:
        await ctx.db.run(incidents.DROP, which=id_)
        await audit.try_all_again(ctx)


def _read_input(loop: asyncio.AbstractEventLoop, released: asyncio.Event, stop: asyncio.Event) -> None:
    """Sets `released` at the first line, and `stop` when the input ends: then the watching process is gone."""
    event = released if sys.stdin.readline() else stop
    with contextlib.suppress(RuntimeError):  # the loop has ended before us
        loop.call_soon_threadsafe(event.set)
        while sys.stdin.readline():
            continue
        loop.call_soon_threadsafe(stop.set)


def _report(**facts: bool) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def _check(machine: Machine, folder: Path) -> checks.ContentCheck:
    id_ = folder.name
    if id_ in machine.broken:
        return checks.ContentCheck(id_, machine.broken[id_].findings)
    if id_ not in machine.plugins:
        raise CommandError(msg("The folder {folder} has no plugin.toml.", folder=str(folder)))
    return checks.check_plugin(machine, id_, machine.plugins[id_], app.pack_readers())


def _regions(machine: Machine, id_: str, folder: Path) -> Iterator[Path]:
    """Yields the files of the two regions; one that is there already stays as it is."""
    required = sorted(checks.with_requirements(machine, id_) - {id_})
    known = declared_by(machine.plugins[each].manifest for each in (id_, *required) if each in machine.plugins)
    own = [tag for tag in machine.plugins[id_].manifest.languages if tag in known]
    languages = list(dict.fromkeys([*own, "fr-CA", "en-CA"]))
    folder.mkdir(exist_ok=True)
    for slug, names, plugins in (
        (WITH, {"fr": f"Avec {id_}", "en": f"With {id_}"}, [*required, id_]),
        (WITHOUT, {"fr": f"Sans {id_}", "en": f"Without {id_}"}, required),
    ):
        path = folder / f"{slug}.toml"
        if not any(_brings(machine, each, "partners.toml") for each in plugins):
            plugins = ["example_partners", *plugins]
        if not any(_brings(machine, each, "forms/referral.*") for each in plugins):
            plugins = ["example_region", *plugins]
        name = {key: names.get(key, names["en"]) for key in short_tags(tuple(languages))}
        if not path.exists():
            path.write_text(
                toml.document({"slug": slug, "name": name, "languages": languages, "time_zone": "America/Toronto",
                         "hosts": [], "illustrative": True, "plugins": plugins})
            )  # fmt: skip
        yield path


def _brings(machine: Machine, id_: str, pattern: str) -> bool:
    return id_ in machine.plugins and any(machine.plugins[id_].root.glob(pattern))

"""Runs as the process in which `spheres plugin dev` answers: one region has the plugin, another does not.

It checks the plugin, prepares database and regions where that may be needed, reports that it is ready, and waits until
it is released.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from spheres_core import app
from spheres_core.app import assembly
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
READY: Final = "ready"
ANSWERING: Final = "answering"
PARTICIPANTS: Final = 6
"""Fictional ones in each region: enough for a plugin to have somebody to speak of, and made in a moment."""
"""Reports of the process."""


def main(folder: Path, port: int, tag: str, whole: bool, reports: Connection) -> None:
    """Runs the process. `whole`: database and regions may not be as the plugin's manifest and migrations want them."""
    os.setsid()
    sys.dont_write_bytecode = True
    output = Output(tag=tag, json=False)
    signal.signal(signal.SIGTERM, _exit)
    logs.silence()
    try:
        _prepare_and_serve(output, folder, port, whole, reports)
    except Exception as error:
        failure = as_command_error(error, output.say)
        if failure is None:
            raise
        output.print_error(failure)
        sys.exit(1)


def _exit(_number: int, _frame: object) -> None:
    sys.exit(0)


def _prepare_and_serve(output: Output, folder: Path, port: int, whole: bool, reports: Connection) -> None:
    id_, machine = folder.name, app.machine()
    if id_ in machine.broken:
        _end_when_wrong(output, checks.ContentCheck(id_, machine.broken[id_].findings))
    if id_ not in machine.plugins:
        raise CommandError(msg("The folder {folder} has no plugin.toml.", folder=str(folder)))
    home = deployment.home()
    if whole:
        checked = checks.check_plugin(machine, id_, machine.plugins[id_], app.pack_readers())
        if checked.state == "error":
            _end_when_wrong(output, checked)
        files = list(_regions(machine, id_, home / "tenants"))
        urls, keyring, machine = demonstration.prepare(output, home, files, participants=PARTICIPANTS)
    else:
        read = checks.check_content(id_, machine.plugins[id_], app.pack_readers())
        if read.findings:
            _end_when_wrong(output, read)
        urls = environment.database_urls(output)
        keyring = environment.open_keyring(urls)
    asyncio.run(_serve(output, id_, urls, keyring, machine, port, whole, reports))


def _end_when_wrong(output: Output, checked: checks.ContentCheck) -> None:
    """Prints what was found, and ends the process when the plugin cannot be used."""
    for line in checks.result_lines(output, [checked]):
        output.err.print(line)
    if checked.state == "error":
        sys.exit(1)


async def _serve(
    output: Output,
    id_: str,
    urls: Urls,
    keyring: Keyring,
    machine: Machine,
    port: int,
    whole: bool,
    reports: Connection,
) -> None:
    """Loads the region that has the plugin, waits to be released, and answers requests of both."""
    stop = demonstration.stop_on_signals()
    async with environment.open_runtime(urls, keyring, machine, make=assembly.make_runtime) as runtime:
        region = await environment.load_tenant(runtime, WITH)
        _end_when_wrong(output, checks.check_in_set(id_, machine.plugins[id_], region.plugins))
        logs.configure()
        await _forget_failures(runtime, region, id_)
        reports.send(READY)
        released = asyncio.Event()
        reader = threading.Thread(
            target=_read_reports, args=(asyncio.get_running_loop(), reports, released, stop), daemon=True
        )
        reader.start()
        await asyncio.wait(
            {asyncio.create_task(released.wait()), asyncio.create_task(stop.wait())},
            return_when=asyncio.FIRST_COMPLETED,
        )
        if not stop.is_set():
            await demonstration.serve_and_deliver(runtime, urls, port, lambda: reports.send(ANSWERING), stop)


async def _forget_failures(runtime: Runtime, region: LoadedTenant, id_: str) -> None:
    """Forgets what the version before did wrong, and tries again what was given up on: it may be mended."""
    async with runtime.context(region) as ctx:
        await ctx.db.run(incidents.DROP, which=id_)
        await audit.try_all_again(ctx)


def _read_reports(
    loop: asyncio.AbstractEventLoop, reports: Connection, released: asyncio.Event, stop: asyncio.Event
) -> None:
    """Sets `released` when the watching process says so, and `stop` when it is gone."""
    with contextlib.suppress(RuntimeError):  # the loop has ended before us
        try:
            while reports.recv():
                loop.call_soon_threadsafe(released.set)
        except (EOFError, OSError):
            loop.call_soon_threadsafe(stop.set)


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

"""`spheres plugin dev`: a plugin while it is written, in one region that has it beside one that does not.

This process watches the plugin's folder. Whenever a file changes, it starts a server process (`dev_server.py`) and
waits until that is ready; only then does the one that answered so far end. When the plugin is broken meanwhile, the
last server that worked goes on.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import rich_click as click
from rich.markup import escape
from watchfiles import DefaultFilter, watch

from spheres_core import app
from spheres_core.cli import processes
from spheres_core.cli.help import command
from spheres_core.cli.output import Output, _
from spheres_core.cli.plugin import dev_server
from spheres_core.cli.plugin.dev_process import DevCheck, DevServer
from spheres_core.cli.plugin.plugin_folder import find_plugin_folder
from spheres_core.cli.server import demo as demonstration
from spheres_core.cli.server import web_server
from spheres_core.cli.server.port import port_option
from spheres_core.facts import msg
from spheres_core.foundation import deployment
from spheres_core.foundation.plugins import manifest
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.testing import EXAMPLES

DEBOUNCE: Final = 200
"""Milliseconds for which a folder must be quiet before its changes count: editors write a file in several steps."""
POLL_INTERVAL: Final = 500
"""Milliseconds after which the processes are polled although no file has changed."""


@command(
    "plugin dev",
    examples=["spheres plugin dev plugins/my_region", "PORT=9000 spheres plugin dev plugins/night_bus"],
)
@click.argument("place", metavar="DIR")
@port_option
def dev(output: Output, place: str, port: int) -> None:
    folder = find_plugin_folder(place)
    web_server.check_port("127.0.0.1", port)
    home = (deployment.home() / "dev" / folder.name).resolve()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    deployment.use_home(home, plugins=_folders(folder), port=port)
    cluster = Cluster(home)
    with processes.register_process(home, "dev"):
        try:
            PluginWatcher(output, folder, home, port).run()
        finally:
            with output.progress(_("Stopping the database")):
                cluster.stop()


def _folders(folder: Path) -> list[str]:
    """Returns where plugins are looked for: beside this one, in the usual folders, in the region for trials."""
    return [str(each.resolve()) for each in (folder.parent, *app.plugin_folders(), EXAMPLES)]


class PluginWatcher:
    """Restarts the server when a file of the plugin changes, and checks the plugin after each restart."""

    def __init__(self, output: Output, folder: Path, home: Path, port: int) -> None:
        self.output = output
        self.folder = folder
        self.home = home
        self.port = port
        self.answering: DevServer | None = None
        self.starting: DevServer | None = None
        self.checking: DevCheck | None = None
        self.check_again = False
        self.failed: set[str] = set()
        """Rules that the last check found broken."""
        self.sign_ins_printed = False
        self.prepared = False
        """Database and regions are as the plugin wants them."""

    def run(self) -> None:
        """Watches until it is interrupted."""
        try:
            self._reload()
            watched = [self.folder, *([self.home / "tenants"] if (self.home / "tenants").is_dir() else [])]
            for changes in watch(
                *watched,
                watch_filter=_PluginFiles(),
                debounce=DEBOUNCE,
                rust_timeout=POLL_INTERVAL,
                yield_on_timeout=True,
            ):
                if changes:
                    names = sorted({Path(path).name for _kind, path in changes if Path(path).exists()})
                    self.output.print_notice(msg("Changed: {files}", files=", ".join(names) or "—"))
                    if self._needs_preparing(Path(path) for _kind, path in changes):
                        self.prepared = False
                    self._reload()
                self._poll_processes()
        finally:
            self._stop()

    def _needs_preparing(self, changed: Iterable[Path]) -> bool:
        """Returns whether a change can concern the database or the regions, not only what the plugin does in them."""
        return any(
            each.name == manifest.FILE or (each.suffix == ".py" and each.parent.name == "migrations")
            or each.is_relative_to(self.home)
            for each in changed
        )  # fmt: skip

    def _reload(self) -> None:
        began = time.monotonic()
        new = self.starting = DevServer.start(self.folder, self.port, self.output, whole=not self.prepared)
        if new.next_report() == dev_server.READY:
            self.prepared = True
            if self.answering is not None:
                self.answering.stop()
            self.answering, self.starting = new, None
            new.release()
            if new.next_report() == dev_server.ANSWERING:
                self._announce(time.monotonic() - began)
            self.check_again = True
        else:
            new.stop()
            self.output.print_notice(
                _("Waiting for the next change. The last version that worked still answers.")
                if self.answering
                else _("Waiting for the next change.")
            )

    def _announce(self, seconds: float) -> None:
        if self.sign_ins_printed:
            self.output.print_notice(msg("Answering with the change, after {seconds} s.", seconds=f"{seconds:.1f}"))
            return
        self.sign_ins_printed = True
        demonstration.print_sign_ins(self.output, self.home, self.port)
        file = self.home / "tenants" / f"{dev_server.WITH}.toml"
        self.output.print_notice(msg("Settings for the trial: {file}", file=str(file)))

    def _poll_processes(self) -> None:
        if self.answering is not None and self.answering.ended:
            self.answering = None
            self.output.print_notice(_("What answered has ended. Waiting for the next change."))
        if self.checking is not None and (found := self.checking.answer()) is not None:
            self.checking.stop()
            self._print_failed_rules(found)
            self.checking = None
        if self.check_again and self.checking is None:
            self.check_again = False
            self.checking = DevCheck.start(self.folder, self.output)

    def _print_failed_rules(self, answer: str) -> None:
        try:
            rules = json.loads(answer)["rules"]
        except (ValueError, KeyError, TypeError):
            return
        before, self.failed = self.failed, {rule["id"] for rule in rules if rule["state"] == "failed"}
        for rule in rules:
            if rule["id"] in before - self.failed:
                self.output.err.print(f"[green]✓[/green] {escape(rule['id'])} {escape(rule['rule'])}")
            if rule["state"] == "failed":
                self.output.err.print(f"[yellow]![/yellow] {escape(rule['id'])} {escape(rule['rule'])}")
                for found in rule["findings"]:
                    self.output.err.print(f"    {escape(found['place'])}: {escape(found['message'])}")

    def _stop(self) -> None:
        for process in (self.starting, self.answering, self.checking):
            if process is not None:
                process.stop()


class _PluginFiles(DefaultFilter):
    """Leaves out what Python and the tests write."""

    ignore_dirs: Sequence[str] = (*DefaultFilter.ignore_dirs, ".spheres-test", ".spheres")

"""`spheres plugin dev`: a plugin while it is written, in one region that has it beside one that does not.

Two processes. The one that a person starts watches the plugin's folder. Whenever a file changes it starts another that
looks at the plugin, brings database and regions up to date and waits; only when that one is ready does the one that
answered so far end, and a plugin that is broken meanwhile leaves the last working one where it was.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import rich_click as click
from rich.markup import escape
from watchfiles import DefaultFilter, watch

from spheres_core import app
from spheres_core.authoring.tenant_toml import written
from spheres_core.cli import environment
from spheres_core.cli.help import command
from spheres_core.cli.output import Speaker, Trouble, _, as_trouble
from spheres_core.cli.plugin.folder import plugin_folder
from spheres_core.cli.server import checks, web_server
from spheres_core.cli.server import demo as demonstration
from spheres_core.cli.server.commands import port_option
from spheres_core.facts import msg
from spheres_core.foundation import deployment, logs
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.languages.locale_files import declared_by
from spheres_core.foundation.languages.localization import short_tags
from spheres_core.foundation.plugins.plugin_set import Machine
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.postgres.server_record import Urls
from spheres_core.testing import EXAMPLES

PAUSE: Final = 200
"""Milliseconds for which a folder must be quiet before its changes count: editors write a file in several steps."""
LOOK: Final = 500
"""Milliseconds after which the processes are looked at although no file has changed."""
WITH: Final = "with"
WITHOUT: Final = "without"


@command(
    "plugin dev",
    examples=["spheres plugin dev plugins/my_region", "PORT=9000 spheres plugin dev plugins/night_bus"],
)
@click.argument("place", metavar="DIR")
@port_option
def dev(speaker: Speaker, place: str, port: int) -> None:
    folder = plugin_folder(place)
    web_server.check_port("127.0.0.1", port)
    home = (deployment.home() / "dev" / folder.name).resolve()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    deployment.use_home(home, plugins=_folders(folder), port=port)
    cluster = Cluster(home)
    with web_server.listed(home, "dev"):
        try:
            Bench(speaker, folder, home, port).work()
        finally:
            with speaker.working(_("Stopping the database")):
                cluster.stop()


def _folders(folder: Path) -> list[str]:
    """Where plugins are looked for: beside this one, then where they always are, then the region for trials."""
    return [str(each.resolve()) for each in (folder.parent, *app.plugin_folders(), EXAMPLES)]


class Bench:
    """The process that watches: one that answers, and perhaps one that judges the plugin."""

    def __init__(self, speaker: Speaker, folder: Path, home: Path, port: int) -> None:
        self.speaker = speaker
        self.folder = folder
        self.home = home
        self.port = port
        self.answering: Child | None = None
        self.starting: Child | None = None
        self.judging: subprocess.Popen[str] | None = None
        self.judge_again = False
        self.shown = False

    def work(self) -> None:
        """Until it is interrupted."""
        try:
            self._reload()
            watched = [self.folder, *([self.home / "tenants"] if (self.home / "tenants").is_dir() else [])]
            for changes in watch(
                *watched, watch_filter=_Filter(), debounce=PAUSE, rust_timeout=LOOK, yield_on_timeout=True
            ):
                if changes:
                    names = (
                        ", ".join(sorted({Path(path).name for _kind, path in changes if Path(path).exists()})) or "—"
                    )
                    self.speaker.note(msg("Changed: {files}", files=names))
                    self._reload()
                self._look()
        finally:
            self._end()

    def _reload(self) -> None:
        new = self.starting = Child.start(self.folder, self.port, self.speaker)
        if new.said().get("ready"):
            if self.answering is not None:
                self.answering.end()
            self.answering, self.starting = new, None
            new.go()
            if new.said().get("answering"):
                self._tell()
            self.judge_again = True
        else:
            new.end()
            self.speaker.note(
                _("Waiting for the next change. The last version that worked still answers.")
                if self.answering
                else _("Waiting for the next change.")
            )

    def _tell(self) -> None:
        if self.shown:
            self.speaker.note(_("Answering with the change."))
            return
        self.shown = True
        demonstration.print_sign_ins(self.speaker, self.home, self.port)
        file = self.home / "tenants" / f"{WITH}.toml"
        self.speaker.note(msg("Settings for the trial: {file}", file=str(file)))

    def _look(self) -> None:
        if self.answering is not None and self.answering.process.poll() is not None:
            self.answering = None
            self.speaker.note(_("What answered has ended. Waiting for the next change."))
        if self.judging is not None and self.judging.poll() is not None:
            self._tell_judgement(self.judging.communicate()[0])
            self.judging = None
        if self.judge_again and self.judging is None:
            self.judge_again = False
            asked = ("plugin", "check", str(self.folder), "--level", "bronze", "--json")
            self.judging = subprocess.Popen(
                [sys.executable, "-c", "from spheres_core.cli.main import main; main()", *asked,
                 "--language", self.speaker.locale.short],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                start_new_session=True,
            )  # fmt: skip

    def _tell_judgement(self, said: str) -> None:
        try:
            rules = json.loads(said)["rules"]
        except (ValueError, KeyError, TypeError):
            return
        for rule in rules:
            if rule["state"] == "failed":
                self.speaker.err.print(f"[yellow]![/yellow] {escape(rule['id'])} {escape(rule['rule'])}")
                for found in rule["findings"]:
                    self.speaker.err.print(f"    {escape(found['place'])}: {escape(found['message'])}")

    def _end(self) -> None:
        for child in (self.starting, self.answering):
            if child is not None:
                child.end()
        if self.judging is not None and self.judging.poll() is None:
            self.judging.terminate()
            self.judging.communicate(timeout=web_server.END_WITHIN)


class _Filter(DefaultFilter):
    """Changes that count: not what Python and the tests leave behind."""

    ignore_dirs: Sequence[str] = (*DefaultFilter.ignore_dirs, ".spheres-test", ".spheres")


class Child:
    """The process that answers. It says `ready`, waits to be let go, says `answering`, and ends with its input."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    @classmethod
    def start(cls, folder: Path, port: int, speaker: Speaker) -> Child:
        code = "from spheres_core.cli.plugin.dev import answer; answer()"
        return cls(
            subprocess.Popen(
                [sys.executable, "-c", code, str(folder), str(port), speaker.locale.tag],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
                env=deployment.for_child_process(PYTHONDONTWRITEBYTECODE="1"),
            )
        )  # fmt: skip

    def said(self) -> dict[str, Any]:
        """The next thing it says; nothing when it has ended."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("{"):
                told: dict[str, Any] = json.loads(line)
                return told
        return {}

    def go(self) -> None:
        """Let it answer; nobody else does any more."""
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def end(self) -> None:
        """Ask it to end, and make it when it does not."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.communicate(timeout=web_server.END_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()


# ---- the process that answers -----------------------------------------------------------------------------------


def answer() -> None:
    """Entry of the process that answers: folder, port and language are its arguments."""
    folder, port, tag = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    speaker = Speaker(tag=tag, json=False)
    signal.signal(signal.SIGTERM, _leave)
    logs.silence()
    try:
        _answer(speaker, folder, port)
    except Exception as error:
        trouble = as_trouble(error, speaker.say)
        if trouble is None:
            raise
        speaker.complain(trouble)
        sys.exit(1)


def _leave(_number: int, _frame: object) -> None:
    sys.exit(0)


def _answer(speaker: Speaker, folder: Path, port: int) -> None:
    machine = app.machine()
    seen = _looked_at(machine, folder)
    for line in checks.lines(speaker, [seen]):
        speaker.err.print(line)
    if seen.state == "error":
        sys.exit(1)
    home = deployment.home()
    urls, keyring = demonstration.prepare(speaker, home, list(_regions(machine, folder.name, home / "tenants")))
    logs.configure()
    asyncio.run(_live(speaker, folder.name, urls, keyring, port))


async def _live(speaker: Speaker, id_: str, urls: Urls, keyring: Keyring, port: int) -> None:
    """Build what the two regions need, wait to be let go, and answer."""
    stop = demonstration.stop_on_signals()
    async with environment.open_runtime(urls, keyring, pages=True) as runtime:
        regions = [await environment.load_tenant(runtime, slug) for slug in (WITH, WITHOUT)]
        if reason := regions[0].plugins.left_out.get(id_):
            raise Trouble(msg("The plugin {plugin} cannot be used: {reason}", plugin=id_, reason=reason))
        _say(ready=True)
        let_go = asyncio.Event()
        reader = threading.Thread(target=_read_on, args=(asyncio.get_running_loop(), let_go, stop), daemon=True)
        reader.start()
        await asyncio.wait(
            {asyncio.create_task(let_go.wait()), asyncio.create_task(stop.wait())},
            return_when=asyncio.FIRST_COMPLETED,
        )
        if not stop.is_set():
            await demonstration.live(runtime, urls, port, lambda: _say(answering=True), stop)


def _read_on(loop: asyncio.AbstractEventLoop, let_go: asyncio.Event, stop: asyncio.Event) -> None:
    """The first line lets us go. When our input ends, whoever started us is gone."""
    event = let_go if sys.stdin.readline() else stop
    with contextlib.suppress(RuntimeError):  # the loop has ended before us
        loop.call_soon_threadsafe(event.set)
        while sys.stdin.readline():
            continue
        loop.call_soon_threadsafe(stop.set)


def _say(**facts: bool) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def _looked_at(machine: Machine, folder: Path) -> checks.Checked:
    id_ = folder.name
    if id_ in machine.broken:
        return checks.Checked(id_, machine.broken[id_].findings)
    if id_ not in machine.plugins:
        raise Trouble(msg("The folder {folder} has no plugin.toml.", folder=str(folder)))
    return checks.look_at(machine, id_, machine.plugins[id_], app.pack_readers())


def _regions(machine: Machine, id_: str, folder: Path) -> Iterator[Path]:
    """The files of the two regions; what their author has changed in them stays."""
    required = sorted(checks.with_required(machine, id_) - {id_})
    known = declared_by(machine.plugins[each].manifest for each in (id_, *required) if each in machine.plugins)
    own = [tag for tag in machine.plugins[id_].manifest.languages if tag in known]
    languages = list(dict.fromkeys([*own, "fr-CA", "en-CA"]))
    folder.mkdir(exist_ok=True)
    for slug, said, plugins in (
        (WITH, {"fr": f"Avec {id_}", "en": f"With {id_}"}, [*required, id_]),
        (WITHOUT, {"fr": f"Sans {id_}", "en": f"Without {id_}"}, required),
    ):
        path = folder / f"{slug}.toml"
        if not any(_asks_for_referrals(machine, each) for each in plugins):
            plugins = ["example_region", *plugins]
        name = {key: said.get(key, said["en"]) for key in short_tags(tuple(languages))}
        if not path.exists():
            path.write_text(
                written({"slug": slug, "name": name, "languages": languages, "time_zone": "America/Toronto",
                         "hosts": [], "illustrative": True, "plugins": plugins})
            )  # fmt: skip
        yield path


def _asks_for_referrals(machine: Machine, id_: str) -> bool:
    return id_ in machine.plugins and any((machine.plugins[id_].root / "forms").glob("referral.*"))

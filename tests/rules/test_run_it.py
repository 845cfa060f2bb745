"""docs/run-it.md does what it says: its commands are run in their order, over the embedded database and an own one."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Final

import httpx
import psycopg
import pytest
import structlog
from psycopg import sql

from spheres_core import app
from spheres_core.cli import environment, main
from spheres_core.cli.command_table import COMMANDS
from spheres_core.cli.output import Output
from spheres_core.consents.queries.reader import read_as_system
from spheres_core.forms import examples
from spheres_core.forms import queries as forms
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.plugins.set_builder import build_set
from spheres_core.foundation.postgres import roles
from spheres_core.foundation.postgres.cluster import Cluster, connection_urls
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.operations.participants import add_participant
from tests.homes import lay_home
from tests.optional_programs import POSTGRES_15
from tests.wait import LIMIT, wait_for_answer

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "run-it.md").read_text()
BLOCKS: Final = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
OF_OTHERS: Final = ("make demo", "venv/bin/pip install")
"""Blocks that tests/spheres_core/cli (the demo) and tests/journeys/test_from_wheels_behind_a_proxy.py run."""


class Machine:
    """A folder with the regions and plugins of the repository, and what an administrator's shell knows there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("tenants", "plugins"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        self.environment = {
            "PATH": f"{Path(sys.executable).parent}:{POSTGRES_15.path.parent}:/usr/bin:/bin:/usr/sbin:/sbin",
            "LANG": "en_CA.UTF-8",
            "PYTHONPATH": str(ROOT),
            "SPHERES_HOME": str(folder / "home"),
        }

    def run(self, script: str) -> str:
        """Run lines as a person would paste them; each must succeed. `spheres` runs in this process: quicker."""
        said = []
        for line in script.splitlines():
            words = shlex.split(line, comments=True)
            if words[:1] == ["export"]:
                name, _, value = words[1].partition("=")
                self.environment[name] = value
            elif words[:1] == ["spheres"]:
                said.append(self._spheres(words[1:]))
            elif words:
                said.append(self._shell(line))
        return "".join(said)

    @contextmanager
    def here(self) -> Iterator[None]:
        """This process has its environment and its folder."""
        with pytest.MonkeyPatch.context() as patch:
            for name in [each for each in os.environ if each.startswith(("SPHERES_", "PG", "LC_"))]:
                patch.delenv(name)
            for name, value in self.environment.items():
                patch.setenv(name, value)
            patch.chdir(self.folder)
            yield

    def _spheres(self, words: list[str]) -> str:
        into = words[words.index(">") + 1] if ">" in words else None
        out, err = io.StringIO(), io.StringIO()
        with self.here(), redirect_stdout(out), redirect_stderr(err):
            code = main.run(words[: words.index(">")] if into else words)
        structlog.reset_defaults()
        assert code == 0, f"{words}\n{out.getvalue()}\n{err.getvalue()}"
        if into:
            (self.folder / into).write_text(out.getvalue())
        return out.getvalue()

    def _shell(self, line: str) -> str:
        done = subprocess.run(
            ["bash", "-euc", line], cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self, command: str) -> subprocess.Popen[bytes]:
        with open(self.folder / "log", "ab") as log:
            return subprocess.Popen(
                ["bash", "-c", f"exec {command}"],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


def block(beginning: str) -> str:
    """The one block of the page with a line that begins so."""
    (found,) = [each for each in BLOCKS if any(line.startswith(beginning) for line in each.splitlines())]
    RUN.add(found)
    return found


RUN: Final[set[str]] = set()


@pytest.fixture(scope="module")
def machine_here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Its database has the core's tables: over an own server, the page's `spheres migrate` makes them from nothing."""
    made = Machine(tmp_path_factory.mktemp("machine"))
    lay_home(made.folder / "home")
    yield made
    made.environment["SPHERES_HOME"] = str(made.folder / "home")
    made.run("spheres stop")


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory, postgres_15: Path) -> Iterator[Cluster]:
    """An empty server of the oldest version that is promised, whose superuser is `postgres`."""
    cluster = Cluster(tmp_path_factory.mktemp("own"), postgres_15)
    cluster.start()
    yield cluster
    cluster.stop()


def test_every_place_says_the_same_of_the_demo() -> None:
    words = ("no", "one", "two", "three", "four", "five")
    regions = f"{words[len(list((ROOT / 'tenants').glob('*.toml')))]} regions"

    for place in ((ROOT / "README.md").read_text(), (ROOT / "docs" / "run-it.md").read_text(), COMMANDS["demo"].help):
        assert regions in place
        assert "fictional referrals" in place


def test_over_the_embedded_database_a_region_is_served_and_its_plugin_switched(machine_here: Machine) -> None:
    made = machine_here.run(block("spheres migrate    "))
    assert "you@example.org" in made

    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port = tried.getsockname()[1]
    running = [machine_here.start(line.replace("8080", str(port))) for line in block("spheres serve").splitlines()]
    try:
        home = wait_for_answer(f"http://127.0.0.1:{port}/t/montreal/fr/")
        assert home.status_code == 200
        assert machine_here.run(block("spheres doctor    "))
        told = machine_here.run(block("spheres staff invite"))
        assert "/t/montreal/en/invitation#" in told
        assert "content editor" in told.lower()
        assert "/t/montreal/fr/recovery#" in told
        *first, revoking = block("spheres token create").splitlines()
        token = re.findall(r"[0-9a-f-]{36}", machine_here.run("\n".join(first)))[-1]
        assert "opens nothing" in machine_here.run(revoking.replace("TOKEN", token))
        assert "Everything was delivered." in machine_here.run(block("spheres delivery list"))
        assert machine_here.run(block("spheres tenant ready"))
        assert machine_here.run(block("spheres tenant plugin preview"))
        assert (machine_here.folder / "purged").is_dir()
        referral = refer(machine_here, port)
        machine_here.run(block("spheres referral export").replace("REFERRAL", referral))
        assert (machine_here.folder / "handed-over" / "spheres.json").is_file()
        code = follow(machine_here)
        machine_here.run(block("spheres participant export").replace("CODE", code))
        assert (machine_here.folder / "handed-over" / code / "spheres.json").is_file()
        machine_here.run(block("spheres plugin uninstall"))
        assert machine_here.run(block("python -c")).startswith("postgresql://spheres_backup:")
        assert machine_here.run(block("spheres check"))
        for each in running:
            each.wait(timeout=LIMIT)
    finally:
        for each in running:
            with suppress(ProcessLookupError):
                os.killpg(each.pid, signal.SIGKILL)
            each.wait()


def refer(machine: Machine, port: int) -> str:
    """Send a referral to the region that is served; its id."""
    made = build_set(discover([ROOT / "plugins"]), ["quebec", "montreal"], app.rooms(), app.catalog_folder())
    form, _ = forms.forms_of(made)["referral"]
    answers = examples.example(form, today=dt.date.today())
    body = {"answers": answers, "language": "fr"}
    sent = httpx.post(f"http://127.0.0.1:{port}/t/montreal/api/referrals", json=body, timeout=LIMIT)
    assert sent.status_code == 201, sent.text
    with machine.here():
        url = connection_urls().needed("owner")
    with psycopg.connect(url) as db:
        ((id_,),) = db.execute("SELECT id FROM referrals").fetchall()
    return str(id_)


def follow(machine: Machine) -> str:
    """Add somebody who takes part; her code."""

    async def following(ctx: Context) -> str:
        await read_as_system(ctx)
        return (await add_participant(ctx)).code

    with machine.here():
        return str(environment.run_for_tenant(Output(tag="en-CA", json=False), "montreal", following))


def test_over_an_own_server_it_is_set_up_dumped_and_restored(machine_here: Machine, own_server: Cluster) -> None:
    superuser = own_server.urls("postgres").needed("superuser")
    machine_here.environment |= for_libpq(superuser)
    machine_here.run(as_superuser(block("spheres migrate --roles-sql"), superuser))
    with psycopg.connect(superuser, autocommit=True) as db:
        for role, password in PASSWORDS.items():
            db.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password)))
    machine_here.environment["SPHERES_HOME"] = str(machine_here.folder / "own")

    assert "montreal" in machine_here.run(at(superuser, block("export SPHERES_DATABASE_URL")))
    machine_here.run(block("pg_dump"))
    with psycopg.connect(superuser, autocommit=True) as db:
        db.execute('DROP DATABASE "spheres" WITH (FORCE)')
    machine_here.run(as_superuser("psql -U postgres -f roles.sql", superuser))
    restored = machine_here.run(as_superuser(block("pg_restore"), superuser))

    assert "up to date" in restored
    assert "montreal" in machine_here.run("spheres tenant list")


PASSWORDS: Final = {roles.APP: "app-password", roles.OWNER: "owner-password", roles.BACKUP: "backup-password"}


def for_libpq(url: str) -> dict[str, str]:
    """What an administrator's shell on the server has: where it is, and how the superuser enters."""
    parts = psycopg.conninfo.conninfo_to_dict(url)
    return {
        "PGHOST": str(parts["host"]),
        "PGPORT": str(parts.get("port", 5432)),
        "PGPASSWORD": str(parts["password"]),
        "PGDATABASE": "postgres",
    }


def as_superuser(script: str, url: str) -> str:
    """The page says `postgres`; this server's superuser has another name."""
    return script.replace("-U postgres", f"-U {psycopg.conninfo.conninfo_to_dict(url)['user']}")


def at(url: str, script: str) -> str:
    """The page's addresses, at this server's socket."""
    where = for_libpq(url)
    query = f"?host={where['PGHOST']}&port={where['PGPORT']}"
    return re.sub(r"=(postgresql://\S+)@db\.example\.org/spheres", rf"='\1@/spheres{query}'", script)


def test_every_block_of_the_page_was_run() -> None:
    left = [each for each in BLOCKS if each not in RUN and not any(other in each for other in OF_OTHERS)]

    assert left == []

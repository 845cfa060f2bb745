"""Commands as a person types them: in this process where that is the same, as processes where it is not."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest
import structlog

from spheres_core.cli import main
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.testing import World
from tests import forks
from tests.homes import lay_home

ROOT = Path(__file__).parents[3]
Spheres = Callable[..., "Said"]


class Said:
    """What a command said and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def __repr__(self) -> str:
        return f"exit {self.code}\n--- out\n{self.out}\n--- err\n{self.err}"


@pytest.fixture
def spheres(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Spheres]:
    """`spheres("tenant", "list", "--json")`."""
    for name in (
        "LC_ALL",
        "LC_MESSAGES",
        "SPHERES_PLUGINS",
        "SPHERES_DATABASE_URL",
        "SPHERES_KEY_FILE",
        "SPHERES_TRACE",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_CA.UTF-8")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(ROOT)

    def say(*arguments: str | Path) -> Said:
        capsys.readouterr()
        code = main.run([str(each) for each in arguments])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    yield say
    structlog.reset_defaults()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A SPHERES_HOME of its own, whose database has the core's tables and ends with the module."""
    folder = lay_home(tmp_path_factory.mktemp("home"))
    yield folder
    Cluster(folder).stop()


@pytest.fixture
def at_home(home: Path, monkeypatch: pytest.MonkeyPatch, spheres: Spheres) -> Spheres:
    """Commands over that home."""
    monkeypatch.setenv("SPHERES_HOME", str(home))
    return spheres


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch, spheres: Spheres, tmp_path: Path) -> Callable[[World], Spheres]:
    """Commands over the database of a world."""

    def there(world: World) -> Spheres:
        key = tmp_path / "key.json"
        key.write_text(json.dumps({"key": base64.b64encode(b"spheres test key, not a secret!!").decode()}))
        key.chmod(0o600)
        monkeypatch.setenv("SPHERES_HOME", str(tmp_path))
        monkeypatch.setenv("SPHERES_KEY_FILE", str(key))
        monkeypatch.setenv("SPHERES_DATABASE_URL", world.urls.app)
        monkeypatch.setenv("SPHERES_OWNER_DATABASE_URL", world.urls.needed("owner"))
        return spheres

    return there


def forked(folder: Path, *arguments: str, **environment: str) -> ForkServerProcess:
    """The command in a process forked for it. What it says goes to the files `out` and `err` in the folder."""
    return forks.start(_run, folder, arguments, environment)


def _run(folder: Path, arguments: tuple[str, ...], environment: dict[str, str]) -> None:
    os.setsid()
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update({"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "en_CA.UTF-8", **environment})
    forks.write_to(folder / "out", folder / "err")
    code = main.run(list(arguments))
    sys.stdout.flush()
    sys.exit(code)


def process(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    """The command as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", "from spheres_core.cli.main import main; main()", *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "en_CA.UTF-8", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )

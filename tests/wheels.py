"""The core and plugins as wheels, and a virtual environment that has them installed beside the locked dependencies."""

from __future__ import annotations

import fcntl
import os
import shutil
import site
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from spheres_core.authoring import wheels

ROOT: Final = Path(__file__).parents[1]
PIP: Final = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]


PLUGINS: Final = ("quebec", "montreal", "regional_intake")


def built_wheels(temporary: pytest.TempPathFactory) -> Path:
    """Returns a folder with the wheels of the core and of `PLUGINS`, as `make wheel` makes them of this checkout."""
    return _made_once(temporary) / "dist"


def installed(temporary: pytest.TempPathFactory) -> Path:
    """Returns the `bin` folder of an environment with these wheels. Tests share it: they write nothing into it."""
    return _made_once(temporary) / "venv" / "bin"


def _made_once(temporary: pytest.TempPathFactory) -> Path:
    """Returns the folder of both, which the process of a run makes that first asks for them."""
    own = temporary.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "wheels"
    folder.mkdir(exist_ok=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            _build_core_wheel(folder / "source", folder / "dist")
            for id_ in PLUGINS:
                wheels.build(ROOT / "plugins" / id_, folder / "dist")
            _make_environment(folder / "venv", *sorted((folder / "dist").glob("*.whl")))
            (folder / "made").touch()
    return folder


BUILD: Final = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
"""What pip does without build isolation. pip itself builds the plugins' wheels."""


def _build_core_wheel(scratch: Path, out: Path) -> None:
    """Builds it from a copy of the checkout, without a network."""
    out.mkdir()
    for name in ("spheres_core", "locales"):
        shutil.copytree(ROOT / name, scratch / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.py"):
        shutil.copy(ROOT / name, scratch)
    subprocess.run([sys.executable, "-c", BUILD, str(out)], cwd=scratch, check=True, capture_output=True)


def _make_environment(folder: Path, *files: Path) -> None:
    """Makes a virtual environment with these wheels.

    It finds the dependencies where this process does. No .pth there is read, so the checkout is not on its path.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text("\n".join(_package_folders()) + "\n")
    command = [*PIP, "--python", str(folder / "bin" / "python"), "install", "--no-deps", "--no-index"]
    subprocess.run([*command, "--no-compile", "--ignore-installed", *map(str, files)], check=True)


def _package_folders() -> list[str]:
    own = [each for each in sys.path if Path(each).name in ("site-packages", "dist-packages")]
    return list(dict.fromkeys([*own, *site.getsitepackages()]))

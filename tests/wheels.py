"""The core as a wheel, and virtual environments that have it installed beside the locked dependencies."""

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

ROOT: Final = Path(__file__).parents[1]
PIP: Final = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]


def core_wheel(temporary: pytest.TempPathFactory) -> Path:
    """Returns the wheel of this checkout, which the process of a run builds that first asks for it."""
    own = temporary.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "core-wheel"
    folder.mkdir(exist_ok=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "built").exists():
            _build_core_wheel(folder / "source", folder / "dist")
            (folder / "built").touch()
    (wheel,) = (folder / "dist").glob("spheres-*.whl")
    return wheel


def _build_core_wheel(scratch: Path, out: Path) -> None:
    """Builds it from a copy of the checkout, without a network."""
    for name in ("spheres_core", "locales"):
        shutil.copytree(ROOT / name, scratch / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.py"):
        shutil.copy(ROOT / name, scratch)
    options = ["--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*PIP, "wheel", *options, "--wheel-dir", str(out), str(scratch)], check=True, capture_output=True)


def make_environment(folder: Path, *installed: Path) -> Path:
    """Makes a virtual environment with these wheels; returns its `bin` folder.

    It finds the dependencies where this process does. No .pth there is read, so the checkout is not on its path.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text("\n".join(_package_folders()) + "\n")
    command = [*PIP, "--python", str(folder / "bin" / "python"), "install", "--no-deps", "--no-index"]
    subprocess.run([*command, "--no-compile", "--ignore-installed", *map(str, installed)], check=True)
    return folder / "bin"


def _package_folders() -> list[str]:
    own = [each for each in sys.path if Path(each).name in ("site-packages", "dist-packages")]
    return list(dict.fromkeys([*own, *site.getsitepackages()]))

"""The core as a wheel, and virtual environments that have it installed beside the locked dependencies."""

from __future__ import annotations

import shutil
import site
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
PIP: Final = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]


def build_core_wheel(scratch: Path, out: Path) -> Path:
    """Builds the wheel of this checkout from a copy of it in `scratch`, without a network; returns its path."""
    for name in ("spheres_core", "locales"):
        shutil.copytree(ROOT / name, scratch / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.py"):
        shutil.copy(ROOT / name, scratch)
    options = ["--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*PIP, "wheel", *options, "--wheel-dir", str(out), str(scratch)], check=True, capture_output=True)
    (wheel,) = out.glob("spheres-*.whl")
    return wheel


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

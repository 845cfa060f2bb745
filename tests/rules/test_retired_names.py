"""No name that was given up is left: not in code, docs, messages, manifests, the scaffold or the lock of hooks."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
RETIRED: Final = tomllib.loads(Path(__file__).with_name("retired_names.toml").read_text())
MODULES: Final[dict[str, list[str]]] = {package: names.split() for package, names in RETIRED["modules"].items()}
IDENTIFIERS: Final[list[str]] = RETIRED["identifiers"]["names"].split()
PLACES: Final = ("spheres_core", "plugins", "docs", "tests", "benchmarks", "locales", "README.md", "pyproject.toml")
KINDS: Final = frozenset({".py", ".md", ".toml", ".jinja", ".html", ".json", ".po", ".pot", ".svg"})
ELSEWHERE: Final = frozenset({"assets", "vendor", "static", "__pycache__"})
"""Folders with files of others."""
LISTS: Final = ("retired_names", Path(__file__).stem)


def problems(root: Path) -> list[str]:
    """Returns `file:line: name` for each retired name in the texts of the tree in `root`."""
    return [
        f"{file.relative_to(root).as_posix()}:{text.count(chr(10), 0, found.start()) + 1}: {found[0]}"
        for file in _texts(root)
        for text in [file.read_text(encoding="utf-8")]
        for pattern, is_retired in PATTERNS
        for found in pattern.finditer(text)
        if is_retired(found)
    ]


def _texts(root: Path) -> Iterator[Path]:
    for place in PLACES:
        files = [root / place] if (root / place).is_file() else sorted((root / place).rglob("*"))
        for file in files:
            if file.suffix in KINDS and not ELSEWHERE & set(file.parts) and file.stem not in LISTS:
                yield file


def _is_retired_module(found: re.Match[str]) -> bool:
    """Tells whether a dotted path, such as `spheres_core.foundation.edge.Edge`, goes through a retired module."""
    parts = found[0].split(".")
    return any(name in MODULES.get(".".join(parts[:at]), ()) for at, name in enumerate(parts))


def _is_retired_import(found: re.Match[str]) -> bool:
    return not {*found["names"].split(", ")}.isdisjoint(MODULES.get(found["package"], ()))


def _is_retired_file(found: re.Match[str]) -> bool:
    """Tells whether a path is of a retired module; docs leave `spheres_core/` out."""
    *folders, file = found[0].split("/")
    below = f".{'.'.join(folders)}"
    return any(
        file.removesuffix(".py") in names and below.endswith(f".{package.removeprefix('spheres_core.')}")
        for package, names in MODULES.items()
    )


PATTERNS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], bool]], ...]] = (
    (re.compile(r"\bspheres_core(?:\.\w+)+"), _is_retired_module),
    (re.compile(r"\bfrom (?P<package>spheres_core[\w.]*) import (?P<names>\w+(?:, \w+)*)"), _is_retired_import),
    (re.compile(r"\b\w+(?:/\w+)*/\w+\.py\b"), _is_retired_file),
    (re.compile(rf"\b(?:{'|'.join(IDENTIFIERS)})\b"), bool),
)


def test_no_retired_name_is_left() -> None:
    assert problems(ROOT) == []


def test_no_retired_module_is_back() -> None:
    """Else its path would be refused where it is right: take it out of the list."""
    paths = [ROOT.joinpath(*package.split("."), name) for package, names in MODULES.items() for name in names]

    assert [str(path) for path in paths if path.with_suffix(".py").exists() or path.is_dir()] == []


@pytest.mark.parametrize(
    "line",
    [
        "See spheres_core.foundation.edge for more.",
        "from spheres_core.foundation import errors, edge",
        "It commits (`spheres_core/foundation/edge.py`).",
        "It commits (`foundation/edge.py`).",
        "the house is made by make_house(",
    ],
)
def test_a_retired_name_is_found(tmp_path: Path, line: str) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page.md").write_text(f"# A page\n\n{line}\n")

    assert [each.rpartition(": ")[0] for each in problems(tmp_path)] == ["docs/page.md:3"]

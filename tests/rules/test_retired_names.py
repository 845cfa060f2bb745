"""No name that was given up is left: not in code, docs, messages, manifests, the scaffold or the lock of hooks."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
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
        for pattern in (DOTTED, IMPORTED, FILES, NAMED)
        for found in pattern.finditer(text)
    ]


def _texts(root: Path) -> Iterator[Path]:
    for place in PLACES:
        files = [root / place] if (root / place).is_file() else sorted((root / place).rglob("*"))
        for file in files:
            if file.suffix in KINDS and not ELSEWHERE & set(file.parts) and file.stem not in LISTS:
                yield file


FOLDER: Final = re.compile("^spheres_core/")
"""Docs leave it out."""


def _any(names: list[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, names))})"


def _each_package(pattern: str) -> str:
    return "|".join(
        pattern.format(
            package=re.escape(package),
            folder=FOLDER.sub("(?:spheres_core/)?", package.replace(".", "/")),
            names=_any(names),
        )
        for package, names in MODULES.items()
    )


DOTTED: Final = re.compile(_each_package(r"\b{package}\.{names}\b"))
IMPORTED: Final = re.compile(_each_package(r"\bfrom {package} import (?:\w+, )*{names}\b"))
FILES: Final = re.compile(_each_package(r"\b{folder}/{names}\.py\b"))
NAMED: Final = re.compile(rf"\b{_any(IDENTIFIERS)}\b")


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

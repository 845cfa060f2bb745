"""Every command and every piece of code in the documentation is run by a test; a new page without one fails here."""

from __future__ import annotations

import re
import subprocess
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest

from spheres_core import app
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.plugins.set_builder import build_set
from spheres_core.foundation.tenancy import tenants
from spheres_core.testing import definition

ROOT: Final = Path(__file__).parents[2]
FENCE: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MAKE: Final = re.compile(r"^(?:\w+=\S+ )?make \S+|^python -m benchmarks\.\w+")

RUN_BY: Final = {
    "docs/api.md": "tests/rules/test_api_page.py",
    "docs/bring-a-region.md": "tests/journeys/test_bring_a_region.py",
    "docs/change-the-core.md": "tests/rules/test_change_the_core.py",
    "docs/conformance.md": "tests/rules/test_conformance.py",
    "docs/content-files.md": "tests/spheres_core/partners/test_directory_file.py",
    "docs/extension-points.md": "tests/rules/test_extension_points.py",
    "docs/fr/implanter-une-region.md": "tests/journeys/test_bring_a_region.py",
    "docs/from-trial-to-real.md": "tests/spheres_core/cli/tenant/test_two_homes.py",
    "docs/hooks.md": "tests/rules/test_hooks.py",
    "docs/languages.md": "tests/rules/test_languages_page.py",
    "docs/page-kit.md": "tests/spheres_core/foundation/web/test_page_kit.py",
    "docs/plugin-api.md": "tests/spheres_core/testing/test_kit.py",
    "docs/run-it.md": "tests/rules/test_run_it.py",
    "docs/write-a-plugin.md": "tests/rules/test_write_a_plugin.py",
}
"""Pages whose blocks a test of their own runs. Lines of `make` and settings are tried here."""


def pages() -> list[str]:
    """Every page for readers, with its path in the repository."""
    found = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "plugins").glob("*/README.md")]
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def blocks(page: str) -> list[tuple[str, str]]:
    return FENCE.findall((ROOT / page).read_text())


def is_make(language: str, text: str) -> bool:
    return language == "sh" and all(MAKE.match(line) for line in text.splitlines())


@pytest.mark.parametrize("document", pages())
def test_each_block_of_the_page_is_run_by_a_test(document: str) -> None:
    others = [each for each in blocks(document) if not is_make(*each) and not is_settings(*each)]

    assert not others or document in RUN_BY, f"nothing runs {others}"
    if document in RUN_BY:
        name = Path(document).stem
        assert name in (ROOT / RUN_BY[document]).read_text(), f"{RUN_BY[document]} does not read the page"


def test_each_target_of_make_that_is_named_is_there() -> None:
    lines = {
        MAKE.match(line)[0].rpartition(" ")[2]  # type: ignore[index]
        for page in pages()
        for language, text in blocks(page)
        if is_make(language, text)
        for line in text.splitlines()
    }

    assert {"demo", "test", "bench"} <= lines
    for target in sorted(lines):
        if target.startswith("benchmarks."):
            assert find_spec(target), target
            continue
        done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def is_settings(language: str, text: str) -> bool:
    return language == "toml" and text.startswith("[settings.")


SETTINGS: Final = [(page, text) for page in pages() for language, text in blocks(page) if is_settings(language, text)]


@pytest.mark.parametrize(("document", "text"), SETTINGS)
def test_the_settings_shown_fit(document: str, text: str) -> None:
    machine = discover([ROOT / "plugins"])
    made = build_set(machine, ["quebec", "outaouais", "regional_intake"], app.rooms(), app.catalog_folder())
    said = definition("east", "quebec", "outaouais", "regional_intake", **tomllib.loads(text))

    assert tenants.check_settings(said, document, text, made.settings) == []

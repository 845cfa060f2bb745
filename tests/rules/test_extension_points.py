"""Each part of docs/extension-points.md is tried by a test that runs what the page shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
TRIED: Final = {
    "Roles of your own": "tests/spheres_core/staff/test_plugin_roles.py",
    "Schedules and background jobs": "tests/spheres_core/audit/test_plugin_schedules.py",
    "Notices and entries of your own": "tests/spheres_core/staff/test_plugin_notices.py",
    "What others did": "tests/rules/test_acts_are_told.py",
    "Settings, and secret ones": "tests/spheres_core/site/test_plugin_settings.py",
    "Commands": "tests/spheres_core/cli/plugin/test_own_commands.py",
    "Reports": "tests/spheres_core/site/test_reports.py",
    "Static files": "tests/spheres_core/foundation/web/test_plugin_files.py",
    "Packages of Python": "tests/spheres_core/authoring/test_python_packages.py",
    "Calls to the outside": "tests/spheres_core/audit/test_outside_calls.py",
    "Extra questions": "tests/spheres_core/extra_questions/test_extra_questions.py",
}


def test_every_part_of_the_page_extension_points_is_run_as_it_stands_there() -> None:
    page = (ROOT / "docs" / "extension-points.md").read_text(encoding="utf-8")

    assert re.findall(r"^## (.*)$", page, re.MULTILINE) == [*TRIED]
    for heading, test in TRIED.items():
        story = (ROOT / test).read_text(encoding="utf-8")
        assert f'documented_code("extension-points.md", "## {heading}"' in story, f"{test} does not run {heading}"

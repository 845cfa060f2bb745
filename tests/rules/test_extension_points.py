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
    "What is done with participants": "tests/spheres_core/plans/test_told_to_plugins.py",
    "A panel on an emergency plan": "tests/spheres_core/safety/test_panels.py",
    "Weigh what is written of a participant": "tests/spheres_core/plans/test_weighed_by_plugins.py",
    "Settings, and secret ones": "tests/spheres_core/site/test_plugin_settings.py",
    "Commands": "tests/spheres_core/cli/plugin/test_own_commands.py",
    "Reports": "tests/spheres_core/site/test_reports.py",
    "Static files": "tests/spheres_core/foundation/web/test_plugin_files.py",
    "Packages of Python": "tests/spheres_core/authoring/test_python_packages.py",
    "Text messages": "tests/spheres_core/staff/test_text_messages.py",
    "Calls to the outside": "tests/spheres_core/audit/test_outside_calls.py",
    "Extra questions": "tests/spheres_core/extra_questions/test_extra_questions.py",
    "Extra questions in her file": "tests/spheres_core/plans/test_extra_questions.py",
}

SHELTER: Final = "tests/plugins/shelter_beds/test_shelter_beds.py"
KNOWN: Final = f"{SHELTER}::test_what_is_noted_is_known_to_opinion_referral_and_report_and_to_all_without_its_place"
KIT: Final = "tests/spheres_core/foundation/web/test_page_kit.py"
ROWS: Final = {
    "show pages with the region's layout, forms and addresses": [
        f"{KIT}::test_the_example_shows_a_form_in_its_own_language_reads_it_and_leads_back",
        "tests/spheres_core/authoring/test_scaffold.py::test_a_set_takes_it_as_it_is",
    ],
    "speak each language, plurals too": [
        f"{KIT}::test_the_example_shows_a_form_in_its_own_language_reads_it_and_leads_back",
        "tests/rules/test_plugins.py::test_its_own_sentences_are_in_each_of_its_languages",
    ],
    "show a panel on a page of the core": [KNOWN],
    "know your own data in an opinion": [KNOWN],
    "do something at an hour, or later": [
        f"{SHELTER}::test_who_notes_is_reminded_once_an_evening_and_told_of_the_last_bed"
    ],
    "tell people": [f"{SHELTER}::test_who_notes_is_reminded_once_an_evening_and_told_of_the_last_bed"],
    "hear what was done": ["tests/rules/test_acts_are_told.py::test_a_plugin_is_told_what_was_done_in_each_room"],
    "check, weigh or suggest in her file": [],
    "be set up by an administrator, with secrets": [],
    "bring roles": [],
    "ask more on a record": [],
    "bring commands, files, packages of Python, reports": [],
    "call an address outside": [f"{SHELTER}::test_the_registry_is_called_where_it_is_on_and_a_failed_call_waits"],
    "hand over text messages": [
        "tests/plugins/sms_file/test_sms_file.py::test_each_message_is_one_file_however_often_it_is_handed_over"
    ],
    "go back a version": [
        "tests/spheres_core/cli/plugin/test_downgrade.py::test_it_goes_back_with_an_archive_and_not_without"
    ],
}
"""Tests that run the example of each line of the page's table, besides those of the parts that it leads to."""
LINK: Final = re.compile(r"\]\(([^)#]*)(?:#([^)]*))?\)")


def test_every_line_of_the_table_leads_to_an_example_that_is_run() -> None:
    page = (ROOT / "docs" / "extension-points.md").read_text(encoding="utf-8")
    lines = dict(re.findall(r"^\| ([^|]*) \| ([^|]*) \|$", page.partition("\n## ")[0], re.MULTILINE)[1:])
    anchors = {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-"): heading for heading in TRIED}
    parts = {line: [anchors[found] for place, found in LINK.findall(how) if not place] for line, how in lines.items()}

    assert [*lines] == [*ROWS]
    assert sorted(heading for found in parts.values() for heading in found) == sorted(TRIED)
    for line, tests in ROWS.items():
        assert tests or parts[line], f"{line}: nothing runs it"
        for each in tests:
            path, _, name = each.partition("::")
            assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), each


def test_the_scenario_of_the_shelter_is_short_with_its_tests() -> None:
    own = [
        *(ROOT / "plugins" / "shelter_beds").rglob("*.py"),
        *(ROOT / "tests" / "plugins" / "shelter_beds").rglob("*.py"),
    ]

    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in own) <= 270


def test_every_part_of_the_page_extension_points_is_run_as_it_stands_there() -> None:
    page = (ROOT / "docs" / "extension-points.md").read_text(encoding="utf-8")

    assert re.findall(r"^## (.*)$", page, re.MULTILINE) == [*TRIED]
    for heading, test in TRIED.items():
        story = (ROOT / test).read_text(encoding="utf-8")
        assert f'documented_code("extension-points.md", "## {heading}"' in story, f"{test} does not run {heading}"

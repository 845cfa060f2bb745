"""How `make test` shares the suite among processes."""

from __future__ import annotations

from typing import Final

from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

MOST_PROCESSES: Final = 4
"""Each takes about half a gigabyte, and its browser as much again."""
ENOUGH: Final = 2
"""Tests that a process must know of to begin one: it runs none before it knows the next, or that there is none."""
LAST: Final = "rules/test_tools.py"
"""Reads what the linters found, which run beside all others."""
SLOWEST: Final = (
    "benchmarks/test_benchmarks.py",
    "rules/test_conformance.py",
    "spheres_core/conformance/test_assessment.py",
    "rules/test_write_a_plugin.py",
    "journeys/test_inertness.py",
    "journeys/test_from_wheels_behind_a_proxy.py",
    "journeys/test_durability.py",
    "spheres_core/cli/plugin/test_dev.py",
    "rules/test_run_it.py",
    "rules/test_database.py",
    "journeys/test_isolation.py",
    "journeys/test_bring_a_region.py",
    "journeys/test_described_api.py",
    "spheres_core/consents/test_worlds.py",
    "journeys/test_histories.py",
    "spheres_core/cli/server/test_demo.py",
    "journeys/test_generated_clients.py",
    "spheres_core/foundation/postgres/test_cluster.py",
    "spheres_core/referrals/test_attachments.py",
    "spheres_core/transfers/test_transfers.py",
    "spheres_core/foundation/lifecycle/test_activation.py",
    "spheres_core/foundation/isolation/test_broken_plugins.py",
    "spheres_core/followups/test_accompaniments.py",
    "spheres_core/cli/demo_data/test_files.py",
    "journeys/test_activation.py",
    "spheres_core/forms/test_mutated_forms.py",
    "spheres_core/cli/test_with_database.py",
    "journeys/test_counted_lists.py",
    "rules/test_plugins.py",
)
"""Files whose tests take 15 s or more, the slowest first (`--durations=0`). They begin early, so that no process waits
at the end for another that has just begun one of them."""

SLOWEST_IN_A_BROWSER: Final = (
    "journeys/test_pages_for_everyone.py",
    "journeys/test_other_languages.py",
    "journeys/test_referring.py",
    "spheres_core/forms/test_every_type.py",
    "journeys/test_clicks.py",
    "journeys/test_editing_a_form.py",
    "journeys/test_leaving.py",
    "journeys/test_triage.py",
    "journeys/test_page_checks.py",
    "spheres_core/forms/test_form_in_a_browser.py",
    "journeys/test_sending_files.py",
    "journeys/test_recovering_access.py",
)
"""The same of what is in a browser, which runs after everything else."""


def scope_of(nodeid: str) -> str:
    """Returns the part of the suite that a test belongs to: its file, or what of it is in a browser.

    The longest tests with a browser are parts of their own, so that no process waits for another at the end.
    """
    file = nodeid.partition("::")[0]
    if not is_in_a_browser(nodeid):
        return file
    return nodeid if file.endswith("test_pages_for_everyone.py") else f"{file} in a browser"


def is_in_a_browser(nodeid: str) -> bool:
    """Tells whether a test is for a browser: pytest-playwright puts its name first among the parameters."""
    return "[chromium" in nodeid


def place_of(nodeid: str) -> int:
    """Returns when a test runs, with a browser or without: slow files first, what the linters found last."""
    file = nodeid.partition("::")[0].removeprefix("tests/")
    slowest = SLOWEST_IN_A_BROWSER if is_in_a_browser(nodeid) else SLOWEST
    if file == LAST:
        return len(slowest) + 1
    return slowest.index(file) if file in slowest else len(slowest)


class ByFile(LoadScopeScheduling):
    """A file stays with one process, which makes what its tests share once.

    A process that crashes costs its test and no other, and the run goes on to its end: xdist 3.8 hands out again what
    the process had run already, and leaves a process waiting that has a single test.
    """

    def remove_node(self, node: WorkerController) -> str | None:
        """Gives to others what a process that ended has not run; returns the test in which it ended, if any."""
        work = self.assigned_work[node]
        for scope in [scope for scope, tests in work.items() if all(tests.values())]:
            del work[scope]
        return super().remove_node(node)

    def _reschedule(self, node: WorkerController) -> None:
        if node not in self.registered_collections:
            return
        super()._reschedule(node)
        while not node.shutting_down and self._pending_of(self.assigned_work[node]) < ENOUGH:
            super()._reschedule(node)

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)

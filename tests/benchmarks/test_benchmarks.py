"""The benchmarks run to their end, and measure two sides that do the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import sameness
from benchmarks.serving import FORKED
from tests.homes import lay_home

ROOT = Path(__file__).parents[2]
REFERRALS = {"receive", "list", "read"}
HER_FILE = {"encounter", "day", "open"}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A small run: two tenants, one short turn of each request. Nobody reads the figures: the product is forked."""
    home = tmp_path_factory.mktemp("bench")
    lay_home(home / "on")
    options = [
        "--tenants",
        "2",
        "--participants",
        "60",
        "--rounds",
        "1",
        "--seconds",
        "0.01",
        "--connections",
        "2",
        "--home",
        str(home),
        "--json",
    ]
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks", *options], cwd=ROOT,
        env={**os.environ, FORKED: "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert "the same answers and write the same rows" in ran.stderr
    return json.loads(ran.stdout)


def test_each_request_is_measured_in_each_setting_against_the_floor(report: Any) -> None:
    (durable,) = report["reports"]
    measured = {(each["request"], each["setting"]) for each in durable["rates"]}

    assert {request for request, _ in measured} == REFERRALS | HER_FILE
    assert len(measured) == 3 * len(REFERRALS | HER_FILE)
    assert all(
        each["ratio"] > 0 and each["product"]["requests"] and each["floor"]["requests"] for each in durable["rates"]
    )


def test_growth_tenants_columns_hooks_and_forms_are_measured_too(report: Any) -> None:
    (durable,) = report["reports"]

    assert all(durable[name] for name in ("growth", "create_a_tenant_ms", "add_a_column_for_all_ms"))
    assert report["hooks"]
    assert report["forms"]


def test_a_list_behind_the_ledger_is_measured_against_the_same_without(report: Any) -> None:
    (durable,) = report["reports"]

    assert durable["ledger"]["participants"] == 60
    assert all(durable["ledger"][name] > 0 for name in ("times_as_long", "with_p50_ms", "without_cpu_ms"))


def test_thirty_items_are_briefed_and_measured_against_the_floor(report: Any) -> None:
    (durable,) = report["reports"]

    assert (durable["agenda"]["items"], durable["agenda"]["members"]) == (30, 8)
    assert durable["agenda"]["ratio"] > 0
    assert all(durable["agenda"][side]["requests"] for side in ("product", "floor"))
    assert 0 < durable["agenda"]["all_members_ms"] < 10_000, "what eight members wait for their briefs, one by one"


def test_ten_code_plugins_are_measured_against_the_same_without(report: Any) -> None:
    assert set(report["plugins"]) == {*REFERRALS, "home"}
    assert all(each["ratio"] > 0 and each["with_cpu_ms"] > 0 for each in report["plugins"].values())


def test_a_floor_that_does_something_else_is_not_measured() -> None:
    with pytest.raises(sameness.NotTheSame, match="answer"):
        sameness.require_same("answer", {"items": 1}, {"items": 2})

"""A referral comes in over HTTP; the coordinators who chose it are told that something waits, and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from spheres_core.notifications.notices import telling_words
from spheres_core.staff.operations import accounts
from spheres_core.testing import World, definition
from spheres_core.worker import Pace, run_worker
from tests.spheres_core.notifications.conftest import read_letter

PASSWORD = "trois rivières au printemps"


@pytest.fixture
def regions(shared_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Montréal and Outaouais in one process that writes its messages to a folder of the test."""
    monkeypatch.setenv("SPHERES_HOME", str(tmp_path))
    monkeypatch.delenv("SPHERES_SMTP_URL", raising=False)
    world = shared_world.renew(
        definition("montreal", "quebec", "montreal"), definition("outaouais", "quebec", "outaouais", "regional_intake")
    )
    for slug in ("montreal", "outaouais"):
        for number, (role, chose) in enumerate([("coordinator", True), ("coordinator", False), ("evaluator", True)]):
            world.act(slug, lambda ctx, n=number, r=role, c=chose: accounts.create_account(
                ctx, f"{r}{n}@{ctx.tenant.slug}.example", name="Amélie Roy", roles=(r,), password=PASSWORD,
                chooses_referral_mail=c,
            ))  # fmt: skip
    return world


@pytest.mark.parametrize("slug", ["montreal", "outaouais"])
def test_who_chose_it_is_told_in_that_region_only_and_learns_nothing_from_the_mail(
    regions: World, tmp_path: Path, slug: str
) -> None:
    answers = regions.example_answers(slug)
    received = regions.refer(slug, answers)
    assert received.status_code == 201
    assert not (tmp_path / "outgoing").exists(), "nothing leaves before the worker"
    for _ in range(2):
        regions.run(run_worker(regions.runtime, regions.urls.app, pace=Pace(), until_idle=True))
    (file,) = (tmp_path / "outgoing").rglob("*.eml")
    assert file.parent.name == slug
    letter = read_letter(file.read_bytes())
    assert letter["To"] == f"coordinator0@{slug}.example"
    text = f"{letter['Subject']}\n{letter.get_content()}"
    without_address = "\n".join(line for line in text.splitlines() if "://" not in line)
    assert telling_words(without_address) == []
    told = [*_texts(answers), received.json()["receipt"]]
    assert len(told) > 5
    assert [each for each in told if re.search(rf"\b{re.escape(each)}\b", without_address)] == []


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict | list):
        return [text for each in (value.values() if isinstance(value, dict) else value) for text in _texts(each)]
    return [value] if isinstance(value, str) else [json.dumps(value)]

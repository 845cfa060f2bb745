"""A referral comes in over HTTP; the coordinators who chose it are told that something waits, and nothing else."""

from __future__ import annotations

import datetime as dt
import json
import re
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from spheres_core.foundation.tenancy.context import Actor
from spheres_core.notifications.notices import telling_words
from spheres_core.notifications.schemas import QuietHours
from spheres_core.staff.operations import accounts, own_account, staff_messages
from spheres_core.staff.operations.own_account import MessageChoice
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


def test_one_message_a_day_and_hours_without_any_hold_for_who_chose_them(regions: World, tmp_path: Path) -> None:
    regions.now = dt.datetime(2026, 12, 1, 3, 30, tzinfo=dt.UTC)  # 22 h 30 in Montréal
    choose(regions, "montreal", MessageChoice(wanted=True, pace="daily", quiet=QuietHours(20, 9)))
    for _ in range(3):
        answers = regions.example_answers("montreal")
        assert regions.refer("montreal", answers).status_code == 201
    assert sent(regions, tmp_path) == []
    regions.now = dt.datetime(2026, 12, 1, 13, 59, tzinfo=dt.UTC)
    assert due(regions) == 0
    regions.now = dt.datetime(2026, 12, 1, 14, 0, tzinfo=dt.UTC)  # 9 h
    assert due(regions) == 1
    (letter,) = sent(regions, tmp_path)
    assert letter["To"] == "coordinator0@montreal.example"
    assert due(regions) == 0, "what was sent waits no more"
    assert regions.sql("SELECT count(*) FROM waiting_messages") == [(0,)]


def test_what_waits_for_somebody_who_wants_no_message_any_more_is_not_sent(regions: World, tmp_path: Path) -> None:
    regions.now = dt.datetime(2026, 12, 1, 15, 0, tzinfo=dt.UTC)
    choose(regions, "montreal", MessageChoice(wanted=True, pace="daily"))
    assert regions.refer("montreal", regions.example_answers("montreal")).status_code == 201
    assert sent(regions, tmp_path) == []
    assert regions.sql("SELECT count(*) FROM waiting_messages") == [(1,)]
    choose(regions, "montreal", MessageChoice(wanted=False))
    regions.now = dt.datetime(2026, 12, 2, 15, 0, tzinfo=dt.UTC)
    assert due(regions) == 0
    assert sent(regions, tmp_path) == []


def test_a_message_that_cannot_be_sent_waits_on_and_keeps_nobody_elses(regions: World, tmp_path: Path) -> None:
    regions.now = dt.datetime(2026, 12, 1, 15, 0, tzinfo=dt.UTC)
    regions.sql(
        "UPDATE staff SET chooses_referral_mail = true, message_pace = 'daily' WHERE 'coordinator' = ANY(roles)"
    )
    assert regions.refer("montreal", regions.example_answers("montreal")).status_code == 201
    assert sent(regions, tmp_path) == []
    assert regions.sql("SELECT count(*) FROM waiting_messages") == [(2,)]
    ((id,),) = regions.sql("SELECT min(staff_id::text) FROM waiting_messages")
    ((sealed,),) = regions.sql("SELECT email FROM staff WHERE id = %s", id)
    regions.sql("UPDATE staff SET email = %s WHERE id = %s", b"not sealed", id)
    regions.now = dt.datetime(2026, 12, 2, 15, 0, tzinfo=dt.UTC)
    assert due(regions) == 1
    assert regions.sql("SELECT staff_id::text FROM waiting_messages") == [(id,)]
    regions.sql("UPDATE staff SET email = %s WHERE id = %s", sealed, id)
    assert due(regions) == 1
    assert {letter["To"] for letter in sent(regions, tmp_path)} == {
        "coordinator0@montreal.example", "coordinator1@montreal.example"
    }  # fmt: skip


def choose(regions: World, slug: str, choice: MessageChoice) -> None:
    """Lets the coordinator who gets messages choose when."""
    ((id,),) = regions.sql(
        "SELECT s.id FROM staff s JOIN tenants t ON t.id = s.tenant_id WHERE t.slug = %s AND 'coordinator' = ANY(roles)"
        " AND (chooses_referral_mail OR message_pace = 'daily')", slug
    )  # fmt: skip
    regions.act(
        slug, lambda ctx: own_account.choose_preferences(ctx, language="", messages=choice), actor=Actor("staff", id)
    )


def due(regions: World) -> int:
    return regions.act("montreal", staff_messages.send_due)


def sent(regions: World, folder: Path) -> list[EmailMessage]:
    """The letters that have left once the worker has nothing to do any more."""
    regions.run(run_worker(regions.runtime, regions.urls.app, pace=Pace(), until_idle=True))
    return [read_letter(file.read_bytes()) for file in sorted((folder / "outgoing").rglob("*.eml"))]

"""Plugins that keep every rule but one: what they lose, do slowly, leave untested or cannot share is found."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from spheres_core.conformance import gold
from spheres_core.conformance.assessment import assess
from spheres_core.foundation.isolation import hook_calls
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.postgres.cluster import Cluster
from tests.plugins.planting import plant
from tests.spheres_core.conformance.test_assessment import NOBODY, TODAY, said

MIGRATION: Final = """
import sqlalchemy as sa
from alembic import op
from spheres_core.plugin import TENANT, create_tenant_table
revision = "{id}_0001"
down_revision = None

def upgrade():
    create_tenant_table(op, "{id}_notes", sa.Column("tenant_id", sa.Uuid(), primary_key=True),
                        sa.Column("id", sa.Uuid(), primary_key=True), sa.Column("words", sa.Text()), TENANT.reference())
    op.execute("CREATE FUNCTION {id}_acts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {act}; RETURN NEW; END $$")
    op.execute("CREATE TRIGGER {id}_acts {when} FOR EACH ROW EXECUTE FUNCTION {id}_acts()")

def downgrade():
    op.execute("DROP FUNCTION {id}_acts() CASCADE")
    op.drop_table("{id}_notes")
"""
"""A table, and a trigger by which the database does something that the plugin's code does not say."""
MODELS: Final = """
from sqlalchemy import Column, MetaData, Table, Text, Uuid
from spheres_core.plugin import TENANT
metadata = MetaData()
TENANT.stub(metadata)
notes = Table("{id}_notes", metadata, Column("tenant_id", Uuid, primary_key=True),
              Column("id", Uuid, primary_key=True), Column("words", Text), TENANT.reference())
"""
WITH_SETTINGS: Final = """
from msgspec import Struct, structs

class Rising(Struct, frozen=True):
    most: int = 1

    def __post_init__(self):
        structs.force_setattr(self, "most", self.most + 1)

@hookimpl
def register_settings():
    return Rising
"""
SLOW: Final = """
import asyncio, time

@hookimpl
def assess_eligibility(referral) -> Opinion:
    time.sleep(0.2)
    return Opinion("fits", {"fr": "Oui", "en": "Yes"})

@get("/all", guards=[public])
async def all_of_it() -> dict[str, str]:
    await asyncio.sleep(0.6)
    return {}

@hookimpl
def register_controllers():
    return [all_of_it]
"""
ALONE: Final = """
import sys

@hookimpl
def register_permissions():
    if "spheres_plugins.beside_it.hooks" in sys.modules:
        raise RuntimeError("it wants to be alone")
    return [Permission("wants_to_be_alone.read", {"fr": "Voir", "en": "See"}, roles=("coordinator",))]
"""
CHECKS: Final = """
@hookimpl
def check_referral(referral) -> list[Problem]:
    return []
"""


@pytest.fixture(scope="module")
def home(cluster: Cluster) -> Path:
    return cluster.home


def failure(root: Path, home: Path, rule: str) -> str:
    """Returns what is said of a plugin, which must fail a rule."""
    (found,) = assess(root, NOBODY, home=home, today=TODAY, only=(rule,)).results
    assert found.state == "failed", found
    return said(found)


def test_defaults_that_do_not_come_back_as_they_were_are_found(tmp_path: Path, home: Path) -> None:
    root = plant(tmp_path, "rising", WITH_SETTINGS, declares=("register_settings",))
    assert "The defaults do not come back as they were." in failure(root, home, "B10")


def with_table(folder: Path, id: str, act: str, when: str) -> Path:
    """Writes a plugin with a table, and a trigger that does something at a moment."""
    migration = MIGRATION.format(id=id, act=act, when=when.format(id=id))
    files = {"models.py": MODELS.format(id=id), "migrations/0001_notes.py": migration}
    return plant(folder, id, files=files, tables=[f"{id}_notes"])


def test_rows_that_are_others_when_they_are_put_back_are_found(tmp_path: Path, home: Path) -> None:
    root = with_table(tmp_path, "restamped", "NEW.words = NEW.words || '!'", "BEFORE INSERT ON {id}_notes")
    assert "restamped_notes is not what it was when it is put back." in failure(root, home, "G1")


def test_a_table_in_which_no_row_could_be_put_is_told_and_fails_no_rule(tmp_path: Path, home: Path) -> None:
    root = with_table(tmp_path, "unfilled", "RETURN NULL", "BEFORE INSERT ON {id}_notes")
    for found in assess(root, NOBODY, home=home, today=TODAY, only=("S6", "G1")).results:
        assert found.state == "held"
        assert "No row could be put into unfilled_notes" in said(found)


def test_answers_that_come_late_are_found_of_hooks_and_of_addresses(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gold, "REQUESTS", 2)
    monkeypatch.setattr(hook_calls, "DEADLINE", 0.1)
    root = plant(tmp_path, "slow", SLOW, declares=("assess_eligibility", "register_controllers"), routes=True)
    found = failure(root, home, "G4")
    assert "assess_eligibility takes" in found
    assert "/api/x/slow/all takes" in found


def test_a_plugin_that_is_left_out_beside_another_is_found(tmp_path: Path, home: Path) -> None:
    plant(tmp_path / "others", "beside_it")
    root = plant(
        tmp_path, "wants_to_be_alone", ALONE, declares=("register_permissions",), permissions=["wants_to_be_alone.read"]
    )
    (found,) = assess(root, discover([tmp_path / "others"]), home=home, today=TODAY, only=("G5",)).results
    assert found.state == "failed"
    assert "Together with beside_it, wants_to_be_alone is left out" in said(found)


def test_a_check_without_a_test_of_its_own_is_found(tmp_path: Path, home: Path) -> None:
    root = plant(tmp_path, "untested_check", CHECKS, declares=("check_referral",))
    assert "No test of its own names check_referral." in failure(root, home, "G6")

"""A careless plugin fails the rules it breaks, each with its place; an exemption is a promise with an end."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from spheres_core.conformance import live_run, silver
from spheres_core.conformance.assessment import Assessment, assess
from spheres_core.conformance.rules import RULES, RuleResult
from spheres_core.foundation.content.packs import say_plainly
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.testing import definition
from tests.plugins.planting import plant

pytestmark = pytest.mark.usefixtures("short_hook_deadline_throughout")


TODAY: Final = dt.date(2026, 11, 21)
NOBODY: Final = Machine({}, {})
CARELESS: Final = """
import os, threading, time
from uuid import uuid4
os.environ["CARELESS"] = "1"
threading.Thread(target=print, daemon=True).start()
time.sleep(0.6)
from spheres_core import facts
facts.Tenant.spoilt = 1
from spheres_core.foundation.tenancy import pagination
pagination.page_of = None
from spheres_core.plugin import public

@get("/all", guards=[public])
async def all_of_it(ctx: "Context") -> dict[str, str]:
    found = await ctx.db.sql("SELECT words FROM careless_notes ORDER BY id")
    for row in found:
        await ctx.db.sql("SELECT 1")
    return {"said": " ".join(row[0] for row in found)}

@get("/fails", guards=[public])
async def fails() -> None:
    raise ValueError

@hookimpl
def register_controllers():
    return [all_of_it, fails]

@hookimpl
def assess_eligibility(referral) -> Opinion | None:
    return Opinion("fits", Message("She is {years}.")) if referral.age is None else "yes"

@hookimpl
async def on_referral_received(ctx, referral) -> None:
    await ctx.db.sql("INSERT INTO careless_notes (tenant_id, id, words) VALUES ($1, $2, $3)",
                     ctx.tenant.id, uuid4(), f"{referral.id} {referral.community}")
"""
MIGRATION: Final = """
import sqlalchemy as sa
from alembic import op
revision = "careless_0001"
down_revision = None

def upgrade():
    op.create_table("careless_notes", sa.Column("tenant_id", sa.Uuid(), primary_key=True),
                    sa.Column("id", sa.Uuid(), primary_key=True), sa.Column("words", sa.Text()))
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON careless_notes TO spheres_app")

def downgrade():
    pass
"""
MODELS: Final = """
from sqlalchemy import Column, MetaData, Table, Text, Uuid
from spheres_core.plugin import TENANT
metadata = MetaData()
TENANT.stub(metadata)
notes = Table("careless_notes", metadata, Column("tenant_id", Uuid, primary_key=True),
              Column("id", Uuid, primary_key=True), Column("words", Text), TENANT.reference())
"""
FAILS: Final = {
    "B1": "This link leads out of the plugin's folder.",
    "B3": "While it is imported, it starts a thread.",
    "B4": "Importing it took",
    "B7": "assess_eligibility: TypeError at",
    "B8": "Its templates lie in templates/careless/.",
    "B9": "GET /api/openapi.json (every role) answers otherwise when the plugin is installed.",
    "B11": "A README.md of at least ten words",
    "B12": "spheres_core.foundation.tenancy.pagination is not published for plugins",
    "S2": "What is missing when assess_eligibility fails is not said in fr-CA.",
    "S3": "Going down leaves careless_notes.",
    "S4": "careless_notes does not keep tenants apart.",
    "S5": "GET /api/x/careless/fails answers 500 to evaluator.",
    "S8": "Told twice, it writes twice.",
    "S9": "/api/x/careless/all asks",
    "G2": "careless_notes still knows a referral that was erased.",
    "G3": "There is no catalog for fr-CA.",
    "G7": "This file was made by a tool",
}


@pytest.fixture(scope="module")
def home(cluster: Cluster) -> Path:
    """The tests' own database server."""
    return cluster.home


@pytest.fixture(scope="module")
def careless(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Iterator[Assessment]:
    """What is said of a plugin that loads and breaks as many rules as it can.

    What a tenant without it answers is asked of one that has it: no plugin can change that by itself, and B9 must tell.
    """
    folder = tmp_path_factory.mktemp("careless")
    root = plant(
        folder, "careless", CARELESS + "\nfrom spheres_core.plugin import Context\n",
        declares=("register_controllers", "assess_eligibility", "on_referral_received"), routes=True,
        tables=["careless_notes"], files={"models.py": MODELS, "migrations/0001_notes.py": MIGRATION, "left.orig": "",
                                           "templates/elsewhere/page.html": ""},
    )  # fmt: skip
    (root / "out").symlink_to("/etc")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(live_run, "definition", everywhere)
        yield assess(root, NOBODY, home=home, today=TODAY)
    shutil.rmtree(folder)


def everywhere(slug: str, *plugins: str, **values: Any) -> Any:
    """A tenant's definition, with the careless plugin whether it should have it or not."""
    return definition(slug, *dict.fromkeys([*plugins, "careless"]), **values)


NEVER_TWICE_THE_SAME: Final = """
import itertools
TURNS = itertools.count(1)

@hookimpl
def assess_eligibility(referral) -> Opinion:
    return Opinion("fits", {"fr": "Oui", "en": "Yes"}, f"turn_{next(TURNS)}")
"""


def test_an_opinion_that_is_another_beside_neighbours_that_fail_is_noticed(tmp_path: Path, home: Path) -> None:
    root = plant(tmp_path, "never_twice_the_same", NEVER_TWICE_THE_SAME, declares=("assess_eligibility",))

    (found,) = assess(root, NOBODY, home=home, today=TODAY, only=("S1",)).results

    assert found.state == "failed"
    assert "Its opinions are not the same beside neighbours that fail." in said(found)


def test_neighbours_that_are_not_there_fail_the_rule(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for imported in [name for name in sys.modules if name.startswith("spheres_plugins.conformance_")]:
        monkeypatch.delitem(sys.modules, imported)
    monkeypatch.setattr(silver, "HEAD", f"raise ImportError\n{silver.HEAD}")
    root = plant(tmp_path, "with_nobody_beside", NEVER_TWICE_THE_SAME, declares=("assess_eligibility",))

    (found,) = assess(root, NOBODY, home=home, today=TODAY, only=("S1",)).results

    assert found.state == "failed"
    assert "neighbours that should fail are not there" in said(found)


REACHES_IN: Final = """
import spheres_core.foundation.errors
from spheres_core import facts
from spheres_core.foundation.web import guards
from spheres_plugins.another import hooks
from importlib import import_module
found = import_module("spheres_core.app")
import spheres_core.testing
from spheres_plugins.reaching import settings
"""
"""Imports that are not published, one a line, and a last one that is the plugin's own."""


def test_each_import_that_is_not_published_is_named_with_file_and_line(tmp_path: Path, home: Path) -> None:
    files = {"settings.py": "", "rules.py": REACHES_IN, "tests/test_reaching.py": "import spheres_core.testing\n"
             "from spheres_core.testing import World\nimport spheres_core.app"}  # fmt: skip
    root = plant(tmp_path, "reaching", "", files=files)

    (found,) = assess(root, NOBODY, home=home, today=TODAY, up_to="bronze", only=("B12",)).results

    assert found.state == "failed"
    assert {(each.file, each.line, say_plainly(each.message).split()[0]) for each in found.findings} == {
        ("rules.py", 2, "spheres_core.foundation.errors"),
        ("rules.py", 3, "spheres_core.facts"),
        ("rules.py", 4, "spheres_core.foundation.web.guards"),
        ("rules.py", 5, "spheres_plugins.another.hooks"),
        ("rules.py", 7, "spheres_core.app"),
        ("rules.py", 8, "spheres_core.testing"),
        ("tests/test_reaching.py", 3, "spheres_core.app"),
    }


@pytest.mark.parametrize(
    ("look", "state", "severity"), [("likert", "held", "warning"), ("mutliline", "held", "warning")]
)
def test_what_changes_nothing_in_a_form_is_told_and_fails_no_rule(
    tmp_path: Path, home: Path, look: str, state: str, severity: str
) -> None:
    form = f"| survey |\n| | type | name | label | appearance |\n| | text | a | A | {look} |\n"
    root = plant(tmp_path, "looking", "", files={"forms/advice.md": form})

    (found,) = assess(root, NOBODY, home=home, today=TODAY, up_to="bronze", only=("B1",)).results

    assert found.state == state
    assert ("forms/advice.md", 2, "appearance", severity) in {
        (each.file, each.row, each.column, each.severity) for each in found.findings
    }


def said(result: RuleResult) -> str:
    return " ".join(f"{found.place()} {say_plainly(found.message)}" for found in result.findings)


def by_id(assessed: Assessment) -> dict[str, RuleResult]:
    return {each.rule.id: each for each in assessed.results}


@pytest.mark.parametrize("id", FAILS)
def test_a_careless_plugin_fails_the_rule(careless: Assessment, id: str) -> None:
    found = by_id(careless)[id]

    assert found.state == "failed", id
    assert FAILS[id] in said(found)


def test_a_tenant_that_has_it_after_all_is_told_from_one_without_by_its_addresses_and_guards_too(
    careless: Assessment,
) -> None:
    found = said(by_id(careless)["B9"])

    assert "GET /api/x/careless/all answers otherwise" in found
    assert "guards of GET /api/x/careless/all answers otherwise" in found


def test_every_action_of_an_import_is_named_with_its_line(careless: Assessment) -> None:
    found = by_id(careless)["B3"]

    assert "spheres_core.foundation.tenancy.pagination.page_of is replaced" in said(found)
    assert all(each.line for each in found.findings if "replaced" not in say_plainly(each.message))
    assert "changes the environment" in said(found)


def test_a_plugin_that_fails_bronze_has_no_level_and_every_rule_was_judged(careless: Assessment) -> None:
    assert careless.level is None
    assert set(by_id(careless)) == set(RULES)
    assert [each.rule.id for each in careless.results if "could not be carried out" in said(each)] == []


def test_a_plugin_that_cannot_be_loaded_says_so_once_and_is_looked_at_no_further(tmp_path: Path, home: Path) -> None:
    root = plant(tmp_path, "unloadable", "@hookimpl\nasync def assess_eligibility(*, refferal): ...")

    assessed = assess(root, NOBODY, home=home, today=TODAY, up_to="bronze")

    found = by_id(assessed)
    assert "plugin.toml" in said(found["B2"])
    assert "assess_eligibility should be" in said(found["B5"])
    assert "Message(" not in "".join(map(said, assessed.results)), "a reason within a sentence is said, too"
    assert "its arguments are plain names" in said(found["B6"])
    assert {found[id_].state for id_ in ("B2", "B5", "B6")} == {"failed"}
    assert found["B9"].state == "not_looked_at" and found["B9"].reason is not None
    assert assessed.level is None


EXEMPTION: Final = '[[exemptions]]\nrule = "{}"\nreason = "{}"\nuntil = {}\n'


@pytest.mark.parametrize(
    ("rule", "reason", "until", "finding"),
    [
        ("B11", "its readme is being written", "2027-01-31", ""),
        ("B11", "its readme is being written", "2026-11-20", "ended on 2026-11-20"),
        ("B11", "", "2027-01-31", "gives no reason"),
        ("B11", "its readme is being written", "2030-01-01", "in more than a year"),
        ("B99", "its readme is being written", "2027-01-31", "There is no rule B99."),
    ],
)
def test_an_exemption_has_a_reason_and_an_end(
    tmp_path: Path, home: Path, rule: str, reason: str, until: str, finding: str
) -> None:
    root = plant(tmp_path, "exempted", files={"conformance.toml": EXEMPTION.format(rule, reason, until)})

    found = by_id(assess(root, NOBODY, home=home, today=TODAY, up_to="bronze", only=("B1", "B11")))

    assert found["B11"].state == ("failed" if finding else "exempt")
    assert finding in said(found["B1"])
    assert (found["B1"].state == "failed") == bool(finding)


def test_a_rule_that_has_nothing_to_judge_says_why(tmp_path: Path, home: Path) -> None:
    assessed = assess(plant(tmp_path, "plain_thing"), NOBODY, home=home, today=TODAY, only=("S7", "S8", "G6", "B10"))

    assert {each.state for each in assessed.results} == {"not_applicable"}
    assert all(each.reason for each in assessed.results)


CARELESS_PAGE: Final = """
from litestar.response import Response
from spheres_core.plugin import Message, page, redirect

@get("/rooms", guards=[requires("careless_page.read")], name="careless_page_rooms")
async def rooms(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    sentence = "All the rooms are taken tonight" if ctx else "There is one room"
    return await page(ctx, request_scope, "careless_page/rooms.html", title="", sentence=sentence)

@get("/gone", guards=[requires("careless_page.read")])
async def gone(ctx: Context) -> Response[bytes]:
    return Response(b"", status_code=303, headers={"location": f"/t/{ctx.tenant.slug}/fr/x/careless_page/nowhere"})

@hookimpl
def register_permissions():
    return [Permission("careless_page.read", {"fr": "Voir", "en": "See"}, roles=("coordinator",))]

@hookimpl
def register_pages():
    return [rooms, gone]
"""


def test_pages_are_read_in_each_language_and_their_ways_are_gone(tmp_path: Path, home: Path) -> None:
    template = (
        '{% extends "staff.html" %}{% block work %}<p>{{ sentence }}</p><p>{{ _("Not yet said in French") }}</p>'
        "<p>{number}</p>{% endblock %}"
    )
    imports = "from spheres_core.plugin import Context, RequestScope\n"
    root = plant(
        tmp_path, "careless_page", imports + CARELESS_PAGE, declares=("register_permissions", "register_pages"),
        files={"templates/careless_page/rooms.html": template}, routes=True, permissions=["careless_page.read"],
    )  # fmt: skip

    found = said(by_id(assess(root, NOBODY, home=home, today=TODAY, only=("G3",)))["G3"])

    assert "A placeholder is shown as it is: {number}" in found
    assert "stands a sentence of another language: All the rooms are taken tonight" in found
    assert "stands a sentence in en-CA: Not yet said in French" in found
    assert "say the same sentence: All the rooms are taken tonight" in found
    assert "It leads to /t/with/fr/x/careless_page/nowhere, where nothing is." in found

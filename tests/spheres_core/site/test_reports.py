"""Reports of plugins: declared over their own tables, asked and written by the core, and silent about few persons."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tomllib
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest
from sqlalchemy import Boolean, Column, Date, DateTime, Integer, MetaData, Table, Text, Uuid

from spheres_core import app
from spheres_core.facts import Words
from spheres_core.foundation.database import migrations
from spheres_core.foundation.database.anchors import ORGANIZATION, REFERRAL, TENANT
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.plugins.registrations import Report, ReportColumn
from spheres_core.foundation.plugins.reports import plan_report, problem_with_comparing, problem_with_report
from spheres_core.testing import MakeWorld, World, definition
from tests.documented import documented_code
from tests.plugins.planting import plant

OURS: Final = Path(__file__).parents[3] / "plugins"
TITLE: Final[Words] = {"fr": "Titre", "en": "Title"}
RIDES: Final = "/t/north/en/reports/toll_bus.rides"
MIGRATION: Final = """
import sqlalchemy as sa
from alembic import op
from spheres_core.plugin import ORGANIZATION, REFERRAL, TENANT, create_tenant_table

revision = "ID_0001"
down_revision = None

def upgrade():
    key = [sa.Column("tenant_id", sa.Uuid(), primary_key=True), sa.Column("id", sa.Uuid(), primary_key=True)]
    create_tenant_table(op, "ID_TABLE", *key, COLUMNS, TENANT.reference())

def downgrade():
    op.drop_table("ID_TABLE")
"""
FELLOWS: Final = """
from sqlalchemy import Boolean, Column, DateTime, Integer, MetaData, Table, Text, Uuid
from spheres_core.plugin import ORGANIZATION, REFERRAL, TENANT

metadata = MetaData()
for anchor in (TENANT, ORGANIZATION, REFERRAL):
    anchor.stub(metadata)
meals = Table(
    "hot_meals_given", metadata, Column("tenant_id", Uuid(), primary_key=True), Column("id", Uuid(), primary_key=True),
    COLUMNS, TENANT.reference(),
)
"""
COLUMNS: Final = (
    'Column("referral_id", Uuid()), Column("organization_id", Uuid()), Column("warm", Boolean()),'
    ' Column("at", DateTime(timezone=True)), Column("note", Text()),'
    ' REFERRAL.reference("referral_id"), ORGANIZATION.reference("organization_id")'
)
MEALS: Final = """
from spheres_core.plugin import Report, ReportColumn
@hookimpl
def register_reports():
    by = (
        ReportColumn("organization_id", {"fr": "Organisme", "en": "Organization"}),
        ReportColumn("warm", {"fr": "Chaud", "en": "Warm"}), ReportColumn("at", {"fr": "Jour", "en": "Day"}),
    )
    return [Report("hot_meals.given", "referrals.read", "hot_meals_given", by,
                   counts={"fr": "Repas", "en": "Meals"}, period="at")]
"""


@pytest.fixture(scope="module")
def world(make_module_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("reports")
    rides = 'sa.Column("day", sa.Date()), sa.Column("line", sa.Text()), sa.Column("riders", sa.Integer())'
    declared = documented_code("extension-points.md", "## Reports", "toml")
    migration = MIGRATION.replace("COLUMNS", rides).replace("ID_TABLE", "ID_rides").replace("ID", "toll_bus")
    plant(
        folder, "toll_bus", "from .models import register_permissions, register_reports",
        declares=("register_permissions", "register_reports"), tables=["toll_bus_rides"],
        permissions=["toll_bus.read"],
        files={
            "models.py": documented_code("extension-points.md", "## Reports").replace("night_bus", "toll_bus"),
            "migrations/0001_rides.py": migration,
        },
        reports=tomllib.loads(declared.replace("night_bus", "toll_bus"))["provides"]["reports"],
    )  # fmt: skip
    columns = COLUMNS.replace("Column(", "sa.Column(")
    for name in ("Uuid()", "Boolean()", "DateTime(", "Text()"):
        columns = columns.replace(name, f"sa.{name}")
    migration = MIGRATION.replace("COLUMNS", columns).replace("ID_TABLE", "ID_given").replace("ID", "hot_meals")
    plant(
        folder, "hot_meals", MEALS, declares=("register_reports",), tables=["hot_meals_given"],
        reports={"hot_meals.given": {"fr": "Repas", "en": "Meals"}},
        files={"models.py": FELLOWS.replace("COLUMNS", COLUMNS), "migrations/0001_given.py": migration},
    )  # fmt: skip
    there = discover([folder, OURS])
    made: World = make_module_world(on=there)
    migrations.migrate(made.urls.needed("owner"), app.components(there))
    made.apply(
        definition("north", "quebec", "outaouais", "toll_bus", "hot_meals"),
        definition("south", "toll_bus"),
    )
    assert made.loaded("north").plugins.left_out == {}
    made.now = dt.datetime(2026, 11, 29, 17, tzinfo=dt.UTC)
    return made


@pytest.fixture
def riding(world: World) -> World:
    """Rides of two lines in two months, and a line that is none of the codes: `=1+1`."""
    world.sql("DELETE FROM toll_bus_rides")
    rows = [("2026-10-30", "a", 3), ("2026-11-02", "a", 4), ("2026-11-03", "a", 5), ("2026-11-03", "=1+1", 7)]
    for slug, more in (("north", 0), ("south", 100)):
        for day, line, riders in rows:
            world.sql(
                "INSERT INTO toll_bus_rides SELECT id, gen_random_uuid(), %s, %s, %s FROM tenants WHERE slug = %s",
                day, line, riders + more, slug,
            )  # fmt: skip
    return world


def taken(world: World) -> list[dict[str, Any]]:
    rows = world.sql("SELECT details FROM trail_entries WHERE verb = 'report.taken' ORDER BY id")
    return [row[0] for row in rows]


def test_a_report_is_a_page_a_file_and_json(riding: World) -> None:
    me = riding.bearer("north", "coordinator")
    before = len(taken(riding))
    days = "since=2026-10-01&until=2026-11-30"

    shown = riding.get(f"{RIDES}?{days}", headers=me)
    book = riding.get(f"{RIDES}/file?kind=xlsx&{days}", headers=me)
    text = riding.get(f"{RIDES}/file?kind=csv&{days}", headers=me)
    given = riding.get(f"/t/north/api/reports/toll_bus.rides?{days}", headers=me).json()

    header, *rows = csv.reader(io.StringIO(text.content.decode("utf-8-sig")))
    assert header == ["Month", "Line", "Riders", "Rides"]
    assert rows == [
        ["2026-10", "Line A", "3", "1"],
        ["2026-11", "something else", "7", "1"],
        ["2026-11", "Line A", "9", "2"],
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    assert [list(map(str, row)) for row in sheet.iter_rows(values_only=True)] == [header, *rows]
    assert [each["numbers"]["riders"] for each in given["groups"]] == [3, 7, 9]
    assert given["groups"][2]["by"] == {"day": "2026-11-01", "line": "a"}
    assert "something else" in shown.text
    assert "=1+1" not in shown.text + text.text + str(given), "a text that is no code comes out nowhere"
    assert [each["as"] for each in taken(riding)[before:]] == ["page", "xlsx", "csv", "json"]
    assert taken(riding)[-1]["since"] == "2026-10-01"


def test_a_period_without_rows_says_so_and_a_wrong_one_is_said_at_its_field(riding: World) -> None:
    me = riding.bearer("north", "coordinator")

    empty = riding.get(f"{RIDES}?since=2020-01-01&until=2020-12-31", headers=me)
    wrong = riding.get(f"{RIDES}?since=yesterday", headers=me)
    turned = riding.get(f"{RIDES}?since=2026-11-02&until=2026-11-01", headers=me)

    assert (empty.status_code, wrong.status_code, turned.status_code) == (200, 422, 422)
    assert "Nothing was noted in this period." in empty.text
    assert 'id="since-problem"' in wrong.text
    assert 'id="until-problem"' in turned.text


def test_who_lacks_the_permission_is_told_what_nobody_knows_of_is_told(riding: World) -> None:
    reader, other = riding.bearer("north", "coordinator"), riding.bearer("north", "content_editor")

    for address in (RIDES, f"{RIDES}/file", "/t/north/api/reports/toll_bus.rides"):
        refused = riding.get(address, headers=other)
        unknown = riding.get(address.replace("rides", "waves"), headers=reader)
        assert (refused.status_code, unknown.status_code) == (404, 404), address
        assert riding.get(address).status_code in (303, 401), "nobody is signed in"
    assert riding.get("/t/north/api/reports", headers=other).json() == {"reports": []}
    assert 'href="/t/north/en/reports/toll_bus.rides"' in riding.get("/t/north/en/reports", headers=reader).text
    assert "No report is there for you" in riding.get("/t/north/en/reports", headers=other).text


def test_a_region_reads_its_own_rows_and_a_region_without_the_plugin_has_no_report(riding: World) -> None:
    theirs = riding.get(
        "/t/south/api/reports/toll_bus.rides?since=2026-10-01", headers=riding.bearer("south", "coordinator")
    ).json()

    assert [each["numbers"]["riders"] for each in theirs["groups"]] == [103, 107, 209]
    away = riding.get("/t/south/en/reports/hot_meals.given", headers=riding.bearer("south", "coordinator"))
    assert away.status_code == 404


def test_groups_of_few_persons_are_hidden_and_persons_are_counted_not_rows(world: World) -> None:
    me = world.bearer("north", "coordinator")
    tenant = world.loaded("north").tenant.id
    named = "SELECT id, content->'name'->>'fr' FROM organizations WHERE tenant_id = %s"
    organization, name = world.sql(named, tenant)[0]
    for _ in range(6):
        assert world.refer("north").status_code == 201
    referrals = [row[0] for row in world.sql("SELECT id FROM referrals WHERE tenant_id = %s", tenant)]
    for warm, whom in ((True, referrals), (False, [referrals[0]] * 9)):
        for each in whom:
            world.sql(
                "INSERT INTO hot_meals_given VALUES (%s, gen_random_uuid(), %s, %s, %s, '2026-09-21T03:00Z', 'hers')",
                tenant, each, organization, warm,
            )  # fmt: skip

    given = world.get("/t/north/api/reports/hot_meals.given", headers=me).json()
    shown = world.get("/t/north/en/reports/hot_meals.given?since=2026-07-01", headers=me).text

    few, many = given["groups"]
    day = {"organization_id": str(organization), "at": "2026-09-20"}
    assert few == {"by": {**day, "warm": False}, "numbers": {"count": None}, "hidden": True}
    assert many == {"by": {**day, "warm": True}, "numbers": {"count": 6}, "hidden": False}
    assert name in shown
    assert "fewer than 5" in shown
    assert "One group is hidden" in shown
    assert "hers" not in shown
    assert [given["since"], given["until"]] == ["2026-07-01", "2026-09-30"], "the latest quarter that has ended"


def test_a_report_about_persons_covers_a_whole_period_that_has_ended_and_nothing_else(world: World) -> None:
    me = world.bearer("north", "coordinator")
    page, api = "/t/north/en/reports/hot_meals.given", "/t/north/api/reports/hot_meals.given"
    before = len(taken(world))

    shown = world.get(page, headers=me).text
    refused = [
        world.get(f"{address}?{days}", headers=me)
        for address in (page, f"{page}/file", api)
        for days in (
            "since=2026-07-01&until=2026-09-29", "since=2026-07-02&until=2026-09-30", "since=2026-10-01",
            "since=2026-07-01&until=2026-07-31", "since=2025-07-01&until=2026-06-30", "until=2026-09-30",
            "since=0001-01-01", "since=9999-10-01",
        )
    ]  # fmt: skip

    assert {each.status_code for each in refused} == {422}
    assert "Choose a whole period, such as July 1, 2026 to September 30, 2026." in refused[0].text
    assert 'id="since-problem"' in refused[0].text
    assert '<option value="2026-07-01" selected>July to September 2026</option>' in shown
    assert 'name="until"' not in shown
    assert len(taken(world)) == before + 1, "what is refused reads nothing"
    (meals, rides) = world.get("/t/north/api/reports", headers=me).json()["reports"]
    assert (meals["whole_periods"], rides["whole_periods"]) == ("quarter", None)


_METADATA: Final = MetaData()
for _anchor in (TENANT, ORGANIZATION, REFERRAL):
    _anchor.stub(_METADATA)
STAYS: Final = Table(
    "a_stays", _METADATA,
    Column("tenant_id", Uuid(), primary_key=True), Column("referral_id", Uuid(), primary_key=True),
    Column("night", Date()), Column("note", Text()), Column("code", Text()), Column("free", Integer()),
    Column("warm", Boolean()), Column("naive", DateTime()), TENANT.reference(), REFERRAL.reference("referral_id"),
)  # fmt: skip


def declared(**values: Any) -> Report:
    usual: dict[str, Any] = {
        "name": "a.stays", "title": TITLE, "permission": "a.read", "table": "a_stays", "counts": TITLE,
        "by": (ReportColumn("night", TITLE), ReportColumn("code", TITLE, codes={"x": TITLE})), "period": "night",
    }  # fmt: skip
    return Report(**{**usual, **values})


WRONG: Final[dict[str, tuple[Report, str]]] = {
    "free text": (declared(by=(ReportColumn("note", TITLE),)), "note is free text"),
    "an id of a referral": (declared(by=(ReportColumn("referral_id", TITLE),)), "referral_id is free text"),
    "a moment without zone": (declared(by=(ReportColumn("naive", TITLE),)), "naive is free text"),
    "an unknown column": (declared(by=(ReportColumn("story", TITLE),)), "has no column story"),
    "a sum of texts": (declared(sums=(ReportColumn("code", TITLE),)), "code is no number"),
    "a period of numbers": (declared(period="free"), "free holds no dates"),
    "an unknown permission": (declared(permission="a.made_up"), "nobody registered the permission a.made_up"),
    "persons called none": (declared(about_persons=False), "is about persons"),
    "persons without a period": (declared(period=""), "is about persons and needs a period"),
    "nothing counted": (declared(counts=None), "counts nothing"),
    "too many groups": (declared(by=(ReportColumn("night", TITLE),) * 5), "at most 4 groups"),
}


@pytest.mark.parametrize("way", WRONG)
def test_a_misdeclared_report_is_refused_with_its_reason(way: str) -> None:
    report, reason = WRONG[way]

    problem = problem_with_report(report, STAYS, {"a.read"})

    assert problem is not None
    assert reason in problem.msgid.format(**problem.params)


def test_two_reports_about_persons_of_which_one_divides_the_groups_of_the_other_are_refused() -> None:
    night, code = ReportColumn("night", TITLE), ReportColumn("code", TITLE, codes={"x": TITLE})
    by_both, by_night = declared(), declared(name="a.nights", by=(night,))
    by_code, by_month = declared(name="a.codes", by=(code,)), declared(by=(ReportColumn("night", TITLE, part="month"),))

    for pair in ((by_both, by_night), (by_code, by_both), (by_night, by_month), (declared(by=()), by_code)):
        problem = problem_with_comparing(pair)
        assert problem is not None
        assert "comparing them would show small groups" in problem.msgid
    for pair in ((by_night, by_code), (by_both, declared(name="a.same", counts=None)), (by_night, declared(table="b"))):
        assert problem_with_comparing(pair) is None
    beds = [declared(about_persons=False), declared(about_persons=False, by=(night,))]
    assert problem_with_comparing(beds) is None


def test_another_s_table_is_refused_and_a_good_report_is_not() -> None:
    assert problem_with_report(declared(), None, {"a.read"}) is not None
    assert problem_with_report(declared(), STAYS, {"a.read"}) is None
    sql, *_ = plan_report(declared(), STAYS).statement.compiled()
    assert "note" not in sql

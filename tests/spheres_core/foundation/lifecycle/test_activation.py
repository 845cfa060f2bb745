"""Switching one plugin of one tenant: what it would do is known before, and nothing else moves."""

from __future__ import annotations

import html
import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest

from spheres_core import app
from spheres_core.audit.queries import entries
from spheres_core.foundation.database import migrations
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.lifecycle import activation, plugin_export, plugin_purge
from spheres_core.foundation.lifecycle.activation import CannotSwitch
from spheres_core.foundation.lifecycle.preview import Preview, preview_switch
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.tenancy.context import SYSTEM, Context
from spheres_core.site.operations import activation as activation_operations
from spheres_core.testing import MakeWorld, World, definition, write_plugin
from tests.plugins.planting import plant

OURS: Final = Path(__file__).parents[4] / "plugins"
INTAKE: Final = "regional_intake"
TABLE: Final = "regional_intake_travel_questions"
TABLES: Final = "SELECT table_name FROM information_schema.columns WHERE column_name = 'tenant_id' ORDER BY 1"


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    settings = {INTAKE: {"travel_communities": ["gatineau"]}}
    return make_world(
        definition("north", "quebec", "outaouais", settings=settings),
        definition("south", "quebec", "outaouais", INTAKE, settings=settings),
    )


@pytest.fixture
def odd_house(make_world: MakeWorld, tmp_path: Path) -> World:
    """A machine with plugins that cannot be switched on, each for a reason of its own."""
    plant(tmp_path, "quarrels", manifest={"conflicts": {"quebec": ">=0"}})
    plant(tmp_path, "needy", manifest={"requires": {"absent": ">=2"}})
    plant(tmp_path, "exits_on_import", "raise SystemExit")
    plant(tmp_path, "tableless", files={"models.py": _MODELS}, tables=["tableless_notes"])
    plant(tmp_path, "settled", _SETTINGS, declares=("register_settings",))
    plant(tmp_path, "referral", files={"models.py": _MODELS.replace("tableless_notes", "referral_moves")},
          tables=["referral_moves"])  # fmt: skip
    return make_world(definition("north", "quebec", settings={"settled": {"most": "many"}}),
                      on=discover([tmp_path, OURS]))  # fmt: skip


_MODELS: Final = (
    "from sqlalchemy import *\nfrom spheres_core.plugin import REFERRAL, TENANT\n"
    "metadata = MetaData()\nTENANT.stub(metadata)\n"
    "Table('tableless_notes', metadata, Column('tenant_id', Uuid, primary_key=True), TENANT.reference())"
)
_SETTINGS: Final = (
    "from msgspec import Struct\nclass Settings(Struct, frozen=True):\n    most: int = 3\n"
    "@hookimpl\ndef register_settings(): return Settings"
)


def look(world: World, slug: str, plugin: str) -> Preview:
    return world.act(slug, lambda ctx: preview_switch(ctx, plugin, runtime=world.runtime))


def test_remarks_about_its_forms_are_told_by_the_api_and_on_the_page_and_stand_in_no_way(
    make_world: MakeWorld, tmp_path: Path
) -> None:
    form = "| survey |\n| | type | name | label::Français (fr) | label::English (en) | label::Español (es) |\n"
    form += "| | integer | age | Son âge | Their age | Edad |\n| | text | hopes | Ses espoirs | Their hopes | |\n"
    write_plugin(tmp_path, "asking", {"forms/short.md": form}, languages_in_part=["es"],
                 provides={"content": ["forms/short.md"]})  # fmt: skip
    world = make_world(definition("north", "quebec"), on=discover([tmp_path, OURS]))
    admin = world.bearer("north", "administrator")

    told = world.get("/t/north/api/admin/plugins/asking/preview", headers=admin).json()
    page = html.unescape(world.get("/t/north/fr/administration/plugins/asking", headers=admin).text)

    assert [(each["file"], each["sheet"], each["row"]) for each in told["form_warnings"]] == [
        ("forms/short.md", "survey", 3)
    ]
    assert told["problems"] == []
    assert "1 remarque sur ses formulaires" in page
    assert switch(world, "north", "asking", on=True)


def switch(world: World, slug: str, plugin: str, *, on: bool) -> bool:
    """As a request does it: this process does not wait to be told."""
    act = activation_operations.switch_on if on else activation_operations.switch_off
    done = world.act(slug, lambda ctx: act(ctx, plugin, runtime=world.runtime))
    world.runtime.unload(slug)
    return done


def rows(world: World, slug: str) -> dict[str, list[Any]]:
    """Everything that a tenant has, table by table."""
    tenant = world.loaded(slug).tenant.id
    with psycopg.connect(world.urls.needed("owner")) as db:
        return {
            name: db.execute(f"SELECT to_jsonb(t) FROM {name} t WHERE tenant_id = %s ORDER BY 1", [tenant]).fetchall()
            for (name,) in db.execute(TABLES).fetchall()
        }


def trail(world: World, slug: str) -> list[tuple[str, Any]]:
    tenant = world.loaded(slug).tenant.id
    with psycopg.connect(world.urls.needed("owner")) as db:
        asked = f"SELECT verb, details FROM {entries.name} WHERE tenant_id = %s AND verb LIKE 'plugin.%%' ORDER BY id"
        return db.execute(asked, [tenant]).fetchall()


def epochs(world: World) -> dict[str, int]:
    with psycopg.connect(world.urls.app) as db:
        return dict(db.execute("SELECT slug, epoch FROM tenants").fetchall())


def test_a_preview_names_everything_that_the_plugin_brings_and_touches_nothing(world: World) -> None:
    before, kept = rows(world, "north"), list(world.runtime._sets)

    found = look(world, "north", INTAKE)

    assert (found.action, found.problems) == ("on", ())
    assert [(r.method, r.path, r.permission, r.public) for r in found.routes] == [
        ("GET", f"/api/x/{INTAKE}/travel-questions", f"{INTAKE}.read", False)
    ]
    assert [(p.name, p.roles) for p in found.permissions] == [(f"{INTAKE}.read", ("coordinator",))]
    assert {"assess_eligibility", "on_referral_received", "export_person"} <= set(found.hooks)
    assert found.jobs == ("on_referral_received",)
    assert found.tables == (activation.StoredTable(TABLE, 0),)
    assert [s.name for s in found.settings]
    assert [(c.tag, c.declared, c.missing) for c in found.languages] == [("fr-CA", True, 0), ("en-CA", True, 0)]
    assert found.staff
    assert rows(world, "north") == before
    assert list(world.runtime._sets) == kept, "a set that was only looked at is let go again"


def test_a_preview_says_what_forms_collect_and_whose_form_gives_way(make_world: MakeWorld) -> None:
    world = make_world(definition("north", "quebec"))

    found = look(world, "north", "outaouais")

    form = next(each for each in found.content if each.brought.key == "referral")
    assert {"participant_phone", "birth_date", "referrer_name"} & set(form.brought.collects)
    assert form.brought.asks > 5
    assert [(n.plugin, n.active) for n in found.requires] == [("quebec", True)]


def test_a_preview_of_a_plugin_that_is_on_tells_what_going_off_would_keep(world: World) -> None:
    put_question(world, "south")

    found = look(world, "south", INTAKE)

    assert (found.action, found.tables) == ("off", (activation.StoredTable(TABLE, 1),))
    assert found.routes


def test_on_and_off_are_one_row_each_with_an_entry_in_the_trail(world: World) -> None:
    began = epochs(world)
    assert switch(world, "north", INTAKE, on=True)
    assert INTAKE in world.loaded("north").plugins.plugins
    assert not switch(world, "north", INTAKE, on=True)
    middle = epochs(world)
    assert switch(world, "north", INTAKE, on=False)
    assert INTAKE not in world.loaded("north").plugins.plugins
    assert not switch(world, "north", INTAKE, on=False)

    assert trail(world, "north") == [
        ("plugin.switched_on", {"plugin": INTAKE, "version": "0.1.0"}),
        ("plugin.switched_off", {"plugin": INTAKE}),
    ]
    assert began["north"] < middle["north"] < epochs(world)["north"]


def test_another_tenant_stays_untouched_byte_for_byte(world: World) -> None:
    world.loaded("south")
    before, epoch, known = rows(world, "south"), epochs(world)["south"], world.loaded("south")

    switch(world, "north", INTAKE, on=True)
    switch(world, "north", INTAKE, on=False)

    assert rows(world, "south") == before
    assert epochs(world)["south"] == epoch
    assert world.loaded("south") is known


def test_off_keeps_what_the_plugin_keeps_and_on_again_shows_it(world: World) -> None:
    put_question(world, "south")
    partners = rows(world, "south")["organizations"]

    switch(world, "south", INTAKE, on=False)
    assert len(rows(world, "south")[TABLE]) == 1
    switch(world, "south", INTAKE, on=True)

    shown = world.get(f"/t/south/api/x/{INTAKE}/travel-questions", headers=world.bearer("south", "coordinator"))
    assert len(shown.json()["items"]) == 1
    assert rows(world, "south")["organizations"] == partners


def put_question(world: World, slug: str) -> None:
    """A row in the plugin's table, of a referral of this tenant."""
    assert world.refer(slug).status_code == 201
    tenant = world.loaded(slug).tenant.id
    with psycopg.connect(world.urls.needed("owner")) as db:
        db.execute(
            f"INSERT INTO {TABLE} SELECT tenant_id, id, 'gatineau', received_on FROM referrals WHERE tenant_id = %s"
            " ON CONFLICT DO NOTHING", [tenant],
        )  # fmt: skip


def test_partners_that_a_pack_brought_stay_with_their_origin_when_it_goes_off(make_world: MakeWorld) -> None:
    """A directory must not lose whom to call; words, pages and forms go at once."""
    world = make_world(definition("north", "quebec", "outaouais"))
    before = rows(world, "north")["organizations"]
    assert before
    assert {each[0]["origin"] for each in before} == {"outaouais"}
    assert world.get("/t/north/api/forms/referral").status_code == 200
    assert world.get("/t/north/fr/youth").status_code == 200

    switch(world, "north", "outaouais", on=False)

    assert rows(world, "north")["organizations"] == before
    assert world.get("/t/north/api/forms/referral").status_code == 404
    assert world.get("/t/north/fr/youth").status_code == 404
    assert before[0][0]["content"]["name"]["fr"] in html.unescape(world.get("/t/north/fr/partners").text)


def test_hooks_words_and_answers_go_with_the_plugin(world: World) -> None:
    def told() -> tuple[set[str], set[str], str]:
        made = world.loaded("south").plugins
        listening = {each.owner for each in made.listeners("on_referral_received")}
        return listening, set(dict(made.gather("terms"))), world.get("/t/south/api/openapi.json").text

    listening, words, document = told()
    assert INTAKE in listening
    assert "outaouais" in words
    assert INTAKE in document

    switch(world, "south", INTAKE, on=False)
    switch(world, "south", "outaouais", on=False)

    listening, words, document = told()
    assert INTAKE not in listening
    assert words == set()
    assert INTAKE not in document


@pytest.mark.parametrize(
    ("plugin", "about", "why"),
    [
        ("quarrels", "quarrels", "It does not go together with {plugin}."),
        ("needy", "needy", "It requires the plugin {plugin}, version {version} or later."),
        ("exits_on_import", "exits_on_import", "{file} cannot be imported: {reason}"),
        ("tableless", "tableless", "Its table {table} is not in the database."),
        ("referral", "referral", "The table {table} belongs to the core."),
        ("settled", "settled", "Its settings do not fit: {reason}"),
    ],
)
def test_what_stands_against_a_plugin_is_said_and_keeps_it_off(
    odd_house: World, plugin: str, about: str, why: str
) -> None:
    before = rows(odd_house, "north")
    found = look(odd_house, "north", plugin)
    assert [(each.plugin, each.message.msgid.startswith(why)) for each in found.problems] == [(about, True)]

    with pytest.raises(CannotSwitch) as refused:
        switch(odd_house, "north", plugin, on=True)

    assert [each.path for each in refused.value.errors] == [about]
    assert rows(odd_house, "north") == before
    assert odd_house.get("/t/north/fr/").status_code == 200


def test_a_tenant_runs_on_when_its_settings_no_longer_fit_a_plugin_and_says_so(
    make_world: MakeWorld, tmp_path: Path
) -> None:
    hooks = _SETTINGS + "\n@hookimpl\ndef check_referral(referral, settings): return []"
    declares = ("register_settings", "check_referral")
    plant(tmp_path, "unsettled", hooks, declares=declares, safeguards=["check_referral"])
    world = make_world(
        definition("north", "quebec", "outaouais", "unsettled", settings={"unsettled": {"most": "many"}}),
        definition("south", "quebec", "outaouais", "unsettled"),
        on=discover([tmp_path, OURS]),
    )

    assert world.get("/t/north/fr/").status_code == 200
    assert "unsettled" in world.loaded("north").plugins.left_out
    assert "unsettled" in world.loaded("south").plugins.plugins, "a neighbour that set nothing keeps it"
    admin = {**world.bearer("north", "administrator"), "accept-language": "fr"}
    listed = {each["id"]: each for each in world.get("/t/north/api/admin/plugins", headers=admin).json()["plugins"]}
    assert listed["unsettled"]["state"] == "left_out"
    assert "réglages" in listed["unsettled"]["problem"]
    preview = world.get("/t/north/api/admin/plugins/unsettled/preview", headers=admin).json()
    assert "most" in preview["left_out"]
    assert world.refer("north").status_code == 422, "what it safeguards stays shut"
    assert world.refer("south").status_code == 201

    with psycopg.connect(world.urls.needed("owner")) as db:
        db.execute("DELETE FROM tenant_settings")
    world.runtime.unload("north")
    assert "unsettled" in world.loaded("north").plugins.plugins


def test_a_plugin_that_others_require_cannot_go_off_before_them(world: World) -> None:
    found = look(world, "north", "quebec")

    assert [each.plugin for each in found.problems] == ["outaouais"]
    with pytest.raises(CannotSwitch):
        switch(world, "north", "quebec", on=False)


def test_content_that_does_not_fit_leaves_everything_as_it_was(make_world: MakeWorld, monkeypatch: Any) -> None:
    world = make_world(definition("north", "quebec"))
    before = rows(world, "north")

    async def refuse(ctx: Context, plugin_id: str) -> None:
        await ctx.db.sql("SELECT no_such_function()")

    monkeypatch.setattr(activation.content_adoption, "adopt", refuse)
    with pytest.raises(CannotSwitch):
        switch(world, "north", "outaouais", on=True)
    assert rows(world, "north") == before


@pytest.fixture
def owner(world: World) -> Iterator[Database]:
    made = world.run(Database(world.urls.needed("owner"), most=2).open())
    yield made
    world.run(made.close())


def purge(world: World, owner: Database, slug: str, plugin: str, folder: Path) -> activation_operations.Proof:
    loaded = world.loaded(slug)

    async def purging_it() -> activation_operations.Proof:
        async with owner.transaction(None) as db:
            await plugin_export.begin(db, loaded.tenant.id)
            ctx = world.runtime.make_context(loaded, db, actor=SYSTEM)
            return await activation_operations.purge(ctx, plugin, machine=world.machine, folder=folder)

    return world.run(purging_it())


def test_a_purge_writes_out_erases_and_proves_it(world: World, owner: Database, tmp_path: Path) -> None:
    put_question(world, "south")
    switch(world, "north", INTAKE, on=True)
    put_question(world, "north")
    kept = rows(world, "south")[TABLE]
    other = {name: found for name, found in rows(world, "north").items() if name != "trail_entries"}
    with pytest.raises(plugin_purge.PluginStillOn):
        purge(world, owner, "south", INTAKE, tmp_path / "out")
    switch(world, "south", INTAKE, on=False)

    proof = purge(world, owner, "south", INTAKE, tmp_path / "out")
    path = plugin_purge.write_proof(tmp_path / "out", proof)
    world.runtime.unload("south")

    assert [(each.table, each.before, each.after) for each in proof.tables] == [(TABLE, 1, 0)]
    lines = (tmp_path / "out" / f"{TABLE}.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [row[0] for row in kept]
    assert json.loads(path.read_text())["tables"][0]["after"] == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert rows(world, "south")[TABLE] == []
    assert INTAKE not in {row[0]["plugin_id"] for row in rows(world, "south")["tenant_plugins"]}
    assert INTAKE not in {row[0]["owner"] for row in rows(world, "south")["tenant_settings"]}
    assert len(rows(world, "south")["referrals"]) == 1, "what is the core's stays"
    assert {n: found for n, found in rows(world, "north").items() if n != "trail_entries"} == other
    assert trail(world, "south")[-1] == ("plugin.purged", {"plugin": INTAKE, "rows": {TABLE: 1}})
    with pytest.raises(plugin_export.PluginNeverAdded):
        purge(world, owner, "south", INTAKE, tmp_path / "again")


def test_a_purge_never_writes_over_a_folder(world: World, owner: Database, tmp_path: Path) -> None:
    put_question(world, "south")
    switch(world, "south", INTAKE, on=False)
    (tmp_path / "somebody.txt").write_text("mine")

    with pytest.raises(plugin_purge.FolderTaken):
        purge(world, owner, "south", INTAKE, tmp_path)
    assert len(rows(world, "south")[TABLE]) == 1


def test_a_plugin_that_is_gone_is_purged_by_the_names_of_its_tables(
    cluster: Cluster, world: World, owner: Database, tmp_path: Path, monkeypatch: Any
) -> None:
    put_question(world, "south")
    switch(world, "south", INTAKE, on=False)
    left = {id_: each for id_, each in world.machine.plugins.items() if id_ != INTAKE}
    monkeypatch.setattr(world, "machine", type(world.machine)(left, {}))

    proof = purge(world, owner, "south", INTAKE, tmp_path / "out")

    assert [(each.table, each.before, each.after) for each in proof.tables] == [(TABLE, 1, 0)]


def test_no_purge_reaches_a_table_of_the_core_or_of_a_plugin_with_a_longer_name(world: World, owner: Database) -> None:
    async def asking(plugin: str) -> tuple[str, ...]:
        async with owner.transaction(None) as db:
            return await plugin_export.tables_of(db, world.machine, plugin)

    assert world.run(asking("referral")) == ()
    assert world.run(asking("regional")) == ()
    assert world.run(asking("procrastinate")) == ()
    assert world.run(asking(INTAKE)) == (TABLE,)


def test_the_database_is_at_the_revision_that_knows_the_switch(world: World) -> None:
    states = migrations.status(world.urls.needed("owner"), app.components(world.machine))
    assert {each.state for each in states} == {"current"}

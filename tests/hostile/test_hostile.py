"""Every plugin of the kit is let loose, and becomes of it what docs/hostile-plugins.md says."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import psycopg
import pytest
from jinja2 import TemplateNotFound

from spheres_core import app
from spheres_core.app import page_files
from spheres_core.conformance.import_probe import ImportProbe, probe
from spheres_core.foundation.database import migrations
from spheres_core.foundation.database.components import MigrationFailed, MigrationRefused
from spheres_core.foundation.plugins import signatures
from spheres_core.foundation.plugins.discovery import Machine, discover
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.plugins.set_builder import build_set
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.web import application
from spheres_core.testing import MakeDatabase, MakeWorld, World, definition
from tests.hostile.kit import KIT, PAGE, page

OURS: Final = Path(__file__).parents[2] / "plugins"
GOOD: Final = ("quebec", "outaouais", "regional_intake")
HANGS: Final = "hostile_slot_that_hangs"
ON: Final = tuple(id_ for id_, each in KIT.items() if each.on and id_ != HANGS)
LEFT_OUT: Final = {
    "hostile_own_lifespan": "register_controllers gives functions marked get",
    "hostile_cyclic_import": "hooks.py cannot be imported: ImportError",
    "hostile_false_default": "A default is not of its own kind",
    "hostile_zip_bomb": "Its content cannot be used",
    "hostile_restless_schedule": "Expected `int`",
    "hostile_greedy_role": "does not begin with",
    "hostile_report_of_others": "referrals is no table of its own",
    "hostile_report_of_words": "story is free text",
    "hostile_telling_notice": "may not say",
    "hostile_static_link": "leads out of the plugin's folder",
    "hostile_slow_pattern": "it could take very long",
    "hostile_hides_the_way_out": "the block leave is not for plugins",
    "hostile_includes_anothers_page": "site/administration.html is neither its own nor of the page kit",
}
TOO_MUCH: Final = {"hostile_long_answer", "hostile_many_answers", "hostile_false_answer"}
GATHERING: Final = {"hostile_gathers_referrals", "hostile_writes_while_gathering"}
SLOTS: Final = ("hostile_megabyte_in_a_slot", "hostile_script_in_a_slot", "hostile_slot_of_another")
IMPORTING: Final = {
    "hostile_network_in_import": "network",
    "hostile_thread_in_import": "thread",
    "hostile_environment_in_import": "environment",
    "hostile_file_in_import": "file",
    "hostile_patches_the_core": "core",
}
MIGRATING: Final = (
    "hostile_drops_a_core_table", "hostile_opens_row_security", "hostile_foreign_table", "hostile_spies_by_trigger"
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole kit, side by side."""
    made = tmp_path_factory.mktemp("hostile")
    for id_, each in KIT.items():
        each.plant(made, id_)
    return made


@pytest.fixture(scope="module")
def beside(folder: Path) -> Machine:
    """Ours and those of the kit; without those that only their own test may meet."""
    found = discover([folder, OURS])
    apart = (*MIGRATING, *IMPORTING, "hostile_changes_rows")
    return Machine({id_: each for id_, each in found.plugins.items() if id_ not in apart}, found.broken)


@pytest.fixture(scope="module")
def world(make_module_world: MakeWorld, beside: Machine) -> World:
    """A region that has ours and all of the kit that loads, and one that has ours only, which were both referred to;
    and one in which the panel of a plugin hangs, for which no other test is to wait.
    """
    settings = {"regional_intake": {"other_law_communities": ["ontario"]}}
    made: World = make_module_world(
        definition("east", *GOOD, *ON, settings=settings), definition("west", *GOOD, settings=settings),
        definition("north", "quebec", HANGS), on=beside,
    )  # fmt: skip
    for slug in ("east", "west", "west"):
        answers = made.example_answers(slug)
        answers["about"]["community"] = "ontario"
        assert made.refer(slug, answers).status_code == 201
    return made


@pytest.fixture(scope="module")
def read(world: World) -> dict[str, Any]:
    """The referral as the coordinator of the region with all of the kit reads it."""
    headers = world.bearer("east", "coordinator")
    id = world.get("/t/east/api/referrals", headers=headers).json()["items"][0]["id"]
    found: dict[str, Any] = world.get(f"/t/east/api/referrals/{id}", headers=headers).json()
    return found


def attempt(world: World, id_: str, **query: str) -> Any:
    return world.get(f"/t/east/api/x/{id_}/try", params=query)


def west(world: World) -> str:
    return str(world.loaded("west").tenant.id)


def test_the_page_lists_the_kit_as_it_is() -> None:
    assert PAGE.read_text() == page(), "write it again: python -m tests.hostile.kit"
    assert len(KIT) >= 25


def test_every_plugin_of_the_kit_is_let_loose_here() -> None:
    story = Path(__file__).read_text()

    assert [id_ for id_ in KIT if id_ not in story] == []


def test_those_that_load_are_on_and_ours_are_whole(world: World) -> None:
    made = world.loaded("east").plugins

    assert made.left_out == {}
    assert {*ON, *GOOD} == set(made.plugins)


@pytest.mark.parametrize("id", LEFT_OUT)
def test_it_is_left_out_and_the_set_says_why(beside: Machine, id: str) -> None:
    build = partial(
        application.build_app, template_folders=page_files.template_folders(), static=page_files.static_files()
    )
    made: PluginSet = build_set(beside, ("quebec", id), app.rooms(), app.catalog_folder(), build)

    said = made.left_out[id]
    why = said.params.get("reason", "")
    assert LEFT_OUT[id] in said.msgid.format(**said.params) + getattr(why, "msgid", "")
    assert set(made.plugins) == {"quebec"}


def test_whoever_comes_after_one_that_spoils_its_facts_sees_them_as_they_were(read: dict[str, Any]) -> None:
    assert "hostile_spoils_facts" in ON
    assert [each["code"] for each in read["opinions"] if each["by"] == "regional_intake"] == ["other_law"]


def test_answers_that_are_too_long_too_many_or_false_are_missing_and_named(read: dict[str, Any]) -> None:
    assert set(read["missing_opinions"]) == TOO_MUCH | GATHERING


def test_what_is_gathered_from_elsewhere_or_written_meanwhile_costs_the_opinion(read: dict[str, Any]) -> None:
    assert set(read["missing_opinions"]) >= GATHERING
    assert GATHERING.isdisjoint(each["by"] for each in read["opinions"])


def test_a_panel_that_means_harm_leaves_a_sentence_in_its_place(world: World) -> None:
    page = world.get("/t/east/fr/")

    assert page.status_code == 200
    assert [id_ for id_ in SLOTS if f'id="panel-{id_}"' not in page.text] == []
    assert page.text.count("Cette partie ne peut pas s’afficher pour le moment.") == len(SLOTS)
    assert "<script>alert" not in page.text and "masses" not in page.text and len(page.text) < 100_000


@pytest.mark.usefixtures("short_hook_deadline")
def test_a_panel_that_hangs_leaves_a_sentence_in_its_place(world: World) -> None:
    page = world.get("/t/north/fr/")

    assert page.status_code == 200
    assert f'id="panel-{HANGS}"' in page.text
    assert page.text.count("Cette partie ne peut pas s’afficher pour le moment.") == 1


def test_scripts_templates_and_format_strings_in_words_stay_text(world: World, read: dict[str, Any]) -> None:
    said = {each["by"]: each["reason"] for each in read["opinions"]}
    assert "{{ 7*7 }} {referral.__class__}" in said["hostile_script_in_words"]
    assert said["hostile_format_string"] == "{x.__class__.__mro__} {x[0]} {x!r}"

    shown = world.get(f"/t/east/en/referrals/{read['id']}", headers=world.bearer("east", "coordinator"))
    assert shown.status_code == 200
    assert "<script>alert" not in shown.text
    assert "&lt;script&gt;alert(1)" in shown.text


def test_an_address_that_is_not_declared_is_not_called(world: World) -> None:
    assert "does not declare" in attempt(world, "hostile_calls_undeclared").text


def test_a_secret_is_printed_and_logged_by_nothing_but_its_own_revealing(
    world: World, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = attempt(world, "hostile_prints_secrets")
    assert attempt(world, "hostile_reveals_a_secret").text == "printed"

    written = "".join(capfd.readouterr())
    noted = str(world.sql("SELECT * FROM plugin_incidents")) + str(world.sql("SELECT details FROM trail_entries"))
    assert answer.status_code == 500
    assert "Secret(set)" in written
    assert "quiet key" not in written + noted + answer.text
    assert "loud key" in written, "the control, and what the page admits"
    assert KIT["hostile_reveals_a_secret"].outcome == "not contained"


def test_where_signatures_are_asked_for_unsigned_and_changed_code_is_not_used(folder: Path) -> None:
    public = signatures.Signature(
        **json.loads((folder / "hostile_changed_after_signing/signature.json").read_text())
    ).key

    found = discover([folder], trusted=[public])

    assert "hostile_changed_after_signing" not in found.plugins
    assert "hooks.py" in str(found.broken["hostile_changed_after_signing"].findings[0].message.params)
    assert [id_ for id_, each in found.plugins.items() if each.manifest.tier == "code"] == []


def test_a_way_back_that_takes_a_table_of_the_core_along_is_undone(
    folder: Path, fresh_database: MakeDatabase, migrated: str
) -> None:
    id_ = "hostile_downgrade"
    mine = Machine({**discover([OURS]).plugins, id_: discover([folder]).plugins[id_]}, {})
    urls = fresh_database("hostile", template=migrated)
    migrations.migrate(urls.needed("owner"), app.components(mine))
    before = shape(urls.needed("owner"))

    with pytest.raises(MigrationRefused, match="changes tables that are not its own"):
        migrations.downgrade(urls.needed("owner"), app.components(mine), id_, "base")

    assert shape(urls.needed("owner")) == before
    story = Path(__file__).parents[1] / "spheres_core/cli/plugin/test_downgrade.py"
    assert "test_it_goes_back_with_an_archive_and_not_without" in story.read_text(), "and never without an archive"


def test_another_tenants_rows_are_not_shown(world: World) -> None:
    assert attempt(world, "hostile_reads_another_tenant", other=west(world)).text == "0"


def test_the_transaction_cannot_be_turned_to_another_tenant_nor_ended(world: World) -> None:
    for id_ in ("hostile_becomes_another_tenant", "hostile_commits"):
        answer = attempt(world, id_, other=west(world))
        assert answer.status_code == 500
        assert set(answer.json()) >= {"incident"}


def test_a_sly_statement_is_not_contained(world: World) -> None:
    """The control, and what the page admits: two referrals of the other region are counted."""
    assert attempt(world, "hostile_becomes_another_slyly", other=west(world)).text == "2"
    assert KIT["hostile_becomes_another_slyly"].outcome == "not contained"


def test_a_plugins_answer_sets_no_cookie_and_loosens_no_policy(world: World) -> None:
    assert "set-cookie" not in attempt(world, "hostile_sets_a_cookie").headers
    policies = attempt(world, "hostile_loosens_the_policy").headers.get_list("content-security-policy")
    assert any("default-src 'none'" in each for each in policies)


def test_an_address_that_climbs_reaches_nothing_of_the_core(world: World) -> None:
    assert "hostile_climbs_out" in ON
    assert world.get("/t/east/api/referrals").status_code == 401
    for path in ("/t/east/api/x/hostile_climbs_out/../../referrals", "/t/east/referrals", "/t/east/fr/referrals"):
        assert world.get(path).text != "mine"


def test_an_exit_in_a_route_ends_its_answer_only(world: World) -> None:
    assert attempt(world, "hostile_exits_in_a_route").status_code == 500
    assert world.get("/health").status_code == 200


def test_a_name_of_the_cores_is_refused_and_its_migrations_go_on(folder: Path, cluster: Cluster) -> None:
    assert {"hostile_takes_the_cores_name", "hostile_takes_a_rooms_name"} <= set(KIT)
    found = discover([folder / "names"])
    assert set(found.broken) == {"core"}
    assert [each.name for each in app.components(found)].count("core") == 1

    made = build_set(Machine({**found.plugins, **discover([OURS]).plugins}, {}), ("quebec", "referrals"), app.rooms(),
                     app.catalog_folder())  # fmt: skip
    assert set(made.left_out) == {"referrals"}
    assert not made.permits(["anybody"], "referrals.read")


def test_a_core_string_stays_the_cores(world: World) -> None:
    assert "hostile_overwrites_a_string" in ON
    for slug in ("east", "west"):
        assert str(world.loaded(slug).plugins.locale("fr-CA", ("fr-CA", "en-CA")).say("Refer someone")) != "Cliquez ici"


def test_the_cores_templates_come_first(world: World) -> None:
    assert "hostile_overrides_a_template" in ON
    assert "taken over" not in world.get("/t/east/fr/").text + world.get("/t/east/fr/nothing-here").text


def test_a_template_is_its_owners_alone(world: World) -> None:
    environment = world.loaded("east").plugins.environment
    with pytest.raises(TemplateNotFound):
        environment.get_template("regional_intake/page.html")
    own = environment.get_template("hostile_takes_a_template/own.html")
    assert own.render() == "its own words", "the control: its own template is found"


def test_a_template_of_a_pack_is_never_loaded(tmp_path: Path) -> None:
    shutil.copytree(OURS / "quebec", tmp_path / "quebec")
    for name in ("quebec/page.html", "page.html"):
        file = tmp_path / "quebec" / "templates" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("taken over")
    build = partial(
        application.build_app, template_folders=page_files.template_folders(), static=page_files.static_files()
    )
    made = build_set(discover([tmp_path]), ("quebec",), app.rooms(), app.catalog_folder(), build)
    assert "quebec" in made.plugins
    for name in ("quebec/page.html", "page.html"):
        with pytest.raises(TemplateNotFound):
            made.environment.get_template(name)


def test_a_climbing_catalog_is_not_opened(beside: Machine) -> None:
    """Refused when plugin.toml is read, or read as a name that nobody speaks."""
    id_ = "hostile_climbing_catalog"
    if id_ in beside.plugins:
        made = build_set(beside, ("quebec", id_), app.rooms(), app.catalog_folder())
        assert all(".." not in language.catalog for language in made.languages.values())
    else:
        assert id_ in beside.broken


def test_a_link_outward_is_not_read(world: World) -> None:
    assert "hostile_link_outward" in ON
    forms = [form.key for _, given in world.loaded("east").plugins.gather("forms") for form in given]
    assert "secrets" not in forms
    assert "root:" not in world.get("/t/east/api/forms").text


def test_a_page_with_scripts_is_cleaned(world: World) -> None:
    assert "hostile_script_in_a_page" in ON
    home = world.get("/t/east/fr/").text

    assert "<script>alert" not in home
    assert 'href="javascript' not in home
    assert "<img src=x" not in home


@pytest.mark.parametrize("id", MIGRATING)
def test_a_migration_that_touches_what_is_not_its_own_is_undone(
    folder: Path, fresh_database: MakeDatabase, migrated: str, id: str
) -> None:
    """hostile_drops_a_core_table, hostile_opens_row_security, hostile_foreign_table, hostile_spies_by_trigger."""
    found = discover([folder])
    ours = discover([OURS])
    mine = Machine({**ours.plugins, id: found.plugins[id]}, {})
    urls = fresh_database("hostile", template=migrated)
    before = shape(urls.needed("owner"))

    with pytest.raises(MigrationFailed, match="changes tables that are not its own"):
        migrations.migrate(urls.needed("owner"), app.components(mine))

    assert shape(urls.needed("owner")) == before
    assert urlsplit(urls.app).path


def test_a_migration_that_changes_rows_is_not_contained(
    folder: Path, fresh_database: MakeDatabase, migrated: str
) -> None:
    id_ = "hostile_changes_rows"
    mine = Machine({**discover([OURS]).plugins, id_: discover([folder]).plugins[id_]}, {})
    urls = fresh_database("hostile", template=migrated)

    applied = migrations.migrate(urls.needed("owner"), app.components(mine))

    assert [each.component for each in applied] == [id_]
    assert KIT[id_].outcome == "not contained"


def shape(url: str) -> list[Any]:
    asked = (
        "SELECT relname, (SELECT count(*) FROM pg_policy WHERE polrelid = c.oid),"
        " (SELECT count(*) FROM pg_trigger WHERE tgrelid = c.oid AND NOT tgisinternal)"
        " FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"
    )
    with psycopg.connect(url) as db:
        return db.execute(asked).fetchall()


@pytest.fixture(scope="module")
def probed(folder: Path) -> dict[str, ImportProbe]:
    with ThreadPoolExecutor(max_workers=2) as many:
        return dict(zip(IMPORTING, many.map(lambda id_: probe(folder / id_, id_), IMPORTING), strict=True))


@pytest.mark.parametrize("id", IMPORTING)
def test_what_an_import_does_beside_is_detected_with_its_line(probed: dict[str, ImportProbe], id: str) -> None:
    assert IMPORTING[id] in {action.kind for action in probed[id].actions}
    assert KIT[id].outcome == "only detected"
    assert all(action.line > 0 and action.file == "hooks.py" for action in probed[id].actions if action.kind != "core")

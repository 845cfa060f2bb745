"""A plugin from the scaffold lives at once: its files are read, a set takes it, a region works with it. Its own test is
run by tests/rules/test_write_a_plugin.py, as its author types it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spheres_core import app
from spheres_core.authoring import scaffold
from spheres_core.authoring.scaffold import CannotScaffold, NewPlugin
from spheres_core.forms.xlsform.reader import inspect
from spheres_core.foundation.content.packs import read_content
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.plugins.manifest import read_manifest
from spheres_core.foundation.plugins.set_builder import build_set
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.testing import EXAMPLES, World, definition, migrated_database, world_maker
from tests.examples import examples

ROOT: Final = Path(__file__).parents[3]
BOTH: Final = ("fr-CA", "en-CA")
LANGUAGES: Final = ("fr-CA", "en-CA", "fr", "iu", "crl", "es-MX", "ar", "iu-Latn", "fr-FR")


def made(folder: Path, tier: scaffold.Tier, id_: str, languages: tuple[str, ...] = BOTH) -> Path:
    return scaffold.create_plugin(NewPlugin(tier, id_, languages, scaffold.title_of(id_, languages, {})), folder / id_)


def everything(wanted: NewPlugin, folder: Path) -> None:
    """Write what `rendered` gives without the rules of places, for many folders in one test."""
    for name, text in scaffold.render_files(wanted).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


@settings(max_examples=examples(15))
@given(languages=st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=4, unique=True).map(tuple))
def test_a_pack_in_any_languages_is_read_without_a_finding(
    languages: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("packs") / "a_region"
    everything(NewPlugin("pack", "a_region", languages, scaffold.title_of("a_region", languages, {})), root)

    manifest = read_manifest(root)
    content = read_content(root, "a_region", app.pack_readers())
    form = inspect(root / "forms" / "referral.md", key="referral", languages=languages, role="referral")

    assert manifest.languages == languages
    assert set(content) == {"partners", "terms", "forms", "pages"}
    assert form.findings == ()
    assert inspect(root / "forms" / "self_referral.md", key="self_referral", languages=languages).findings == ()
    assert {page.parent.name for page in root.glob("pages/*/*.md")} == set(manifest.title)


def test_nothing_is_passed_off_as_a_translation(tmp_path: Path) -> None:
    root = made(tmp_path, "pack", "a_region", ("fr-CA", "iu"))

    description = read_manifest(root).description
    assert description["fr"].startswith("Exemple")
    assert description["iu"].startswith("[iu] Example")
    catalog = made(tmp_path, "code", "far_away", ("fr-CA", "iu")) / "locales/iu/LC_MESSAGES/far_away.po"
    assert 'msgid "She is far from services."\nmsgstr ""\n' in catalog.read_text()


@pytest.mark.parametrize("tier", ["pack", "code"])
@pytest.mark.parametrize("languages", [BOTH, ("en-CA",), ("iu", "fr-CA")])
def test_a_set_takes_it_as_it_is(tmp_path: Path, tier: scaffold.Tier, languages: tuple[str, ...]) -> None:
    id_ = f"taken_{tier}_{len(languages)}_{languages[0][:2]}"
    made(tmp_path, tier, id_, languages)

    found = discover([tmp_path])
    assert dict(found.broken) == {}
    assert build_set(found, [id_], app.rooms(), app.catalog_folder()).left_out == {}


def test_a_code_plugin_with_hook_route_table_and_test_has_less_than_150_lines_of_python(tmp_path: Path) -> None:
    root = made(tmp_path, "code", "a" * 31)
    lines = [line for path in root.rglob("*.py") for line in path.read_text().splitlines()]

    assert len(lines) < 150
    manifest = tomllib.loads((root / "plugin.toml").read_text())
    assert manifest["provides"]["routes"] is True
    assert len(manifest["provides"]["tables"]) == 1
    assert "assess_eligibility" in manifest["provides"]["hooks"]
    assert (root / "tests" / f"test_{'a' * 31}.py").is_file()


@pytest.fixture
def world(cluster: Cluster, tmp_path: Path) -> Iterator[World]:
    """A region that has a pack from the scaffold, and nothing else."""
    made(tmp_path, "pack", "new_region")
    machine = discover([tmp_path])
    with world_maker(cluster, machine, migrated_database(cluster, machine)) as make:
        yield make(definition("north", "new_region"))


def test_a_region_works_with_a_new_pack_at_once(world: World) -> None:
    headers = {**world.bearer("north", "coordinator"), "accept-language": "fr"}

    sent = world.refer("north")
    about = world.get("/t/north/fr/about")
    partners = world.get("/t/north/api/partners", headers=headers)

    assert sent.status_code == 201, sent.text
    assert "exemple" in about.text
    assert "Nos partenaires (exemple)" in world.get("/t/north/fr/partners").text
    assert "Maison Exemple" in partners.text
    assert len(world.get("/t/north/api/referrals", headers=headers).json()["items"]) == 1


@pytest.mark.parametrize("id_", ["ab", "A_region", "9lives", "my-region", "é_region", "a" * 32, "referrals", "spheres"])
def test_a_name_that_cannot_be_an_id_makes_nothing(tmp_path: Path, id_: str) -> None:
    with pytest.raises(CannotScaffold):
        made(tmp_path, "pack", id_)

    assert list(tmp_path.iterdir()) == []


def test_a_plugin_is_made_in_its_own_folder_wherever_its_author_points(tmp_path: Path) -> None:
    (tmp_path / "empty" / "one_place").mkdir(parents=True)

    assert scaffold.plugin_folder_for(tmp_path / "new" / "one_place", "one_place") == tmp_path / "new" / "one_place"
    assert scaffold.plugin_folder_for(tmp_path / "empty" / "one_place", "one_place") == tmp_path / "empty" / "one_place"
    assert scaffold.plugin_folder_for(tmp_path / "other_name", "one_place") == tmp_path / "other_name" / "one_place"
    made(tmp_path / "plugins", "pack", "first_one")
    assert scaffold.plugin_folder_for(tmp_path / "plugins", "one_place") == tmp_path / "plugins" / "one_place"


def test_what_is_there_is_never_written_over(tmp_path: Path) -> None:
    root = made(tmp_path, "pack", "first_one")
    (root / "README.md").write_text("mine")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "diary.txt").write_text("mine")

    for folder, id_ in ((root, "first_one"), (tmp_path, "first_one"), (tmp_path / "notes", "new_one"),
                        (root / "README.md", "new_one")):  # fmt: skip
        with pytest.raises(CannotScaffold):
            scaffold.plugin_folder_for(folder, id_)

    assert (root / "README.md").read_text() == "mine"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("fr-CA,en-CA", BOTH),
        (" en-ca , fr-ca,", ("en-CA", "fr-CA")),
        ("iu", ("iu",)),
        ("iu-cans,iu", ("iu-Cans", "iu")),
    ],
)
def test_languages_are_read_as_people_write_them(written: str, read: tuple[str, ...]) -> None:
    assert scaffold.languages_of(written) == read


@pytest.mark.parametrize("written", ["", " , ", "french", "fr_CA", "fr-", "fr;en", "x", "français"])
def test_what_is_no_language_tag_is_refused(written: str) -> None:
    with pytest.raises(CannotScaffold):
        scaffold.languages_of(written)


def test_the_region_that_every_plugins_tests_find_has_a_whole_referral_form() -> None:
    form = inspect(
        EXAMPLES / "example_region" / "forms" / "referral.md", key="referral", languages=BOTH, role="referral"
    )

    assert form.findings == ()
    assert dict(discover([EXAMPLES]).broken) == {}

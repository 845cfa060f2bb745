"""Every plugin on the machine is held to the same rules, whoever wrote it; and the anchors are what they say."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from babel.messages.pofile import read_po

from spheres_core import app, fixtures, plugin, testing
from spheres_core.conformance import source_reader
from spheres_core.foundation.database import anchors, migrations
from spheres_core.foundation.database.components import Component
from spheres_core.foundation.database.schema import Base
from spheres_core.foundation.database.schema_drift import differences
from spheres_core.foundation.languages import extraction
from spheres_core.foundation.plugins.discovery import Machine, discover, load_module
from spheres_core.foundation.plugins.manifest import read_manifest
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.plugins.set_builder import build_set
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.testing import MakeDatabase
from spheres_core.testing.migrated_templates import migrated_template

ROOT: Final = Path(__file__).parents[2]
PLUGINS: Final = discover([ROOT / "plugins"])
IDS: Final = sorted(PLUGINS.plugins)
CODE: Final = [id_ for id_ in IDS if PLUGINS.plugins[id_].manifest.tier == "code"]
WITH_TABLES: Final = [id_ for id_ in CODE if (PLUGINS.plugins[id_].root / "migrations").is_dir()]
API_PAGE: Final = ROOT / "docs" / "plugin-api.md"
LIBRARIES: Final = frozenset({"alembic", "litestar", "msgspec", "sqlalchemy"})
"""What a plugin may build on beside the standard library: what its table, route and structs are made of."""
PLACEHOLDER: Final = re.compile(r"\{\w+\}")


def root(id: str) -> Path:
    return PLUGINS.plugins[id].root


def whole_set(id: str) -> PluginSet:
    """The smallest set with this plugin: itself and what it requires."""
    wanted, found = [id], set()
    while wanted:
        found.add(each := wanted.pop())
        wanted += PLUGINS.plugins[each].manifest.requires
    return build_set(PLUGINS, found, app.rooms(), app.catalog_folder())


def test_no_plugin_of_ours_is_broken() -> None:
    assert dict(PLUGINS.broken) == {}
    assert CODE == ["regional_intake", "shelter_beds", "sms_file"]


@pytest.mark.parametrize("id", IDS)
def test_it_loads_as_declared(id: str) -> None:
    """Hooks, routes, tables and permissions equal what plugin.toml says, or the set would leave it out."""
    assert whole_set(id).left_out == {}


@pytest.mark.parametrize("id", IDS)
def test_its_content_is_what_it_declares(id: str) -> None:
    """Each declared content file is there, and each file that a room reads is declared."""
    declared = PLUGINS.plugins[id].manifest.provides.content
    made = whole_set(id)
    readers = [reader for _, given in made.registered["register_pack_readers"] for reader in given]
    read = {path.relative_to(root(id)).as_posix() for reader in readers for path in root(id).glob(reader.pattern)}

    assert [each for each in declared if not (root(id) / each).exists()] == []
    assert [path for path in sorted(read) if not _covered(path, declared)] == []
    assert bool(read) == any(id_ == id for values in made.content.values() for id_, _ in values)


def _covered(path: str, declared: tuple[str, ...]) -> bool:
    return any(path == each or path.startswith(f"{each}/") for each in declared)


@pytest.mark.parametrize("id", IDS)
def test_it_has_a_readme_and_says_in_each_language_what_it_is_and_what_fails(id: str) -> None:
    manifest = read_manifest(root(id))

    assert (root(id) / "README.md").read_text().startswith(f"# {id}\n")
    assert manifest.failure
    assert manifest.data.categories or not (root(id) / "forms").is_dir()
    said = (*manifest.failure.values(), *manifest.provides.permissions.values())
    for words in (manifest.title, manifest.description, *said):
        assert set(words) == {tag.partition("-")[0] for tag in manifest.languages}
        assert all(text.strip() for text in words.values())


@pytest.mark.parametrize("id", CODE)
def test_what_can_fail_in_it_is_said_in_plain_words(id: str) -> None:
    """For each hook on the way, each that is told, and the routes: what is missing when it fails."""
    manifest = PLUGINS.plugins[id].manifest
    parts = {hook for hook in manifest.provides.hooks if not hook.startswith("register_")}

    assert set(manifest.failure) == parts | ({"routes"} if manifest.provides.routes else set())


# ---- code plugins ---------------------------------------------------------------------------------------------------


def sources(id: str) -> Iterator[Path]:
    return root(id).rglob("*.py")


def documented(module: str) -> list[str]:
    r"""Returns the names in the first columns of the tables under `## \`module\`` of docs/plugin-api.md."""
    _, _, section = API_PAGE.read_text().partition(f"## `{module}`\n")
    first_columns = re.findall(r"^\| (`.+?) \|", section.partition("\n## ")[0], re.MULTILINE)
    return [name for column in first_columns for name in re.findall(r"`(\w+)`", column)]


def imported(path: Path) -> Iterator[str]:
    """Each name that a file imports, in full; relative ones stay within the plugin."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from (f"{node.module}.{each.name}" for each in node.names)


@pytest.mark.parametrize("id", CODE)
def test_it_imports_published_names_only(id: str) -> None:
    assert unpublished_imports(root(id)) == []


def unpublished_imports(plugin_folder: Path) -> list[str]:
    """Returns `file: name` for each import of a plugin that is not its own, not published and no library it may use."""
    published = {plugin.__name__, *(f"{plugin.__name__}.{name}" for name in plugin.__all__)}
    libraries = sys.stdlib_module_names | LIBRARIES
    return [
        f"{path.name}: {name}"
        for path in sorted(plugin_folder.rglob("*.py"))
        for name in imported(path)
        if name not in published and name.partition(".")[0] not in libraries
    ]


def test_every_published_name_is_documented_once_and_nothing_else_is() -> None:
    assert Counter(documented(plugin.__name__)) == Counter(plugin.__all__)
    assert len(plugin.__all__) > 30
    assert all(hasattr(plugin, name) for name in plugin.__all__)


def test_every_documented_name_for_tests_is_a_fixture_or_exported() -> None:
    assert set(documented(testing.__name__)) <= {*vars(fixtures), *testing.__all__}


def test_nothing_that_serves_requests_imports_the_names_for_plugins() -> None:
    """Importing every room, the app and the worker leaves `spheres_core.plugin` unloaded: only tools load it."""
    load = "import sys; from spheres_core import app, worker; app.rooms(); "

    subprocess.run(
        [sys.executable, "-c", f"{load}sys.exit('spheres_core.plugin' in sys.modules)"], check=True, cwd=ROOT
    )


@pytest.mark.parametrize("id", CODE)
def test_it_imports_nothing_inside_functions_and_does_nothing_when_imported(id: str) -> None:
    for path in sources(id):
        tree = ast.parse(path.read_text())
        inside = [
            child
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
            for child in ast.walk(function)
            if isinstance(child, ast.Import | ast.ImportFrom)
        ]
        assert inside == [], path


@pytest.mark.parametrize("id", CODE)
def test_its_own_sentences_are_in_each_of_its_languages(id: str) -> None:
    """Every English sentence of its code and pages has its text, with the same placeholders; nothing is left over."""
    said = {text for path in sources(id) for text, _, _ in source_reader.messages(ast.parse(path.read_text()))}
    templates = (path.read_text() for path in root(id).glob("templates/**/*.html"))
    said |= {text for template in templates for text, _ in source_reader.template_messages(template)}
    assert said
    for tag in PLUGINS.plugins[id].manifest.languages:
        with (root(id) / "locales" / tag.replace("-", "_") / "LC_MESSAGES" / f"{id}.po").open("rb") as file:
            entries = [each for each in read_po(file) if each.id and not each.fuzzy]
        catalog = {_first(each.id): _first(each.string) for each in entries}
        assert set(catalog) == said
        assert [each for each, text in catalog.items() if not text or _placeholders(each) != _placeholders(text)] == []
        if tag.startswith("en"):
            assert all(extraction.english(each) == text for each, text in catalog.items())


def _first(text: Any) -> str:
    """The form for one, of a sentence with a number."""
    return str(text if isinstance(text, str) else text[0])


def _placeholders(text: Any) -> list[str]:
    return sorted(PLACEHOLDER.findall(str(text)))


@pytest.mark.parametrize("id", CODE)
def test_its_code_stays_small_enough_to_be_read_at_once(id: str) -> None:
    lines = [line for path in sources(id) for line in path.read_text().splitlines() if line.strip()]

    assert len(lines) < 400
    assert tomllib.loads((root(id) / "plugin.toml").read_text())["manifest"] == 1


# ---- tables ---------------------------------------------------------------------------------------------------------


def components(id: str) -> list[Component]:
    """The plugin's component with its models, and what it needs."""
    metadata = getattr(load_module(PLUGINS.plugins[id], "models"), "metadata", None)
    found = app.components(PLUGINS)
    own = next(each for each in found if each.name == id)
    mine = Component(id, own.version_table, own.scripts, metadata, own.requires)
    return [*(each for each in found if each.name != id), mine]


def tables(url: str) -> set[str]:
    with psycopg.connect(url) as db:
        return {name for (name,) in db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


@pytest.mark.parametrize("id", WITH_TABLES)
def test_its_migrations_go_up_down_and_up_and_make_what_its_models_say(
    fresh_database: MakeDatabase, cluster: Cluster, id: str
) -> None:
    core = migrated_template(cluster, app.components(Machine({}, {})))
    url = fresh_database("plugin", template=core).needed("owner")
    parts = components(id)
    own = parts[-1]
    declared = set(PLUGINS.plugins[id].manifest.provides.tables)
    migrations.migrate(url, [each for each in parts if each is not own])
    before = tables(url)

    migrations.migrate(url, parts)
    assert tables(url) - before == declared | {f"{id}_alembic_version"}
    assert differences(url, own) == []
    migrations.downgrade(url, parts, id, "base")
    assert not declared & tables(url)
    migrations.migrate(url, parts)
    assert declared <= tables(url)
    assert differences(url, own) == []


def test_anchors_are_the_keys_of_the_cores_tables() -> None:
    app.components(PLUGINS)  # every room's models are imported
    for anchor in anchors.ALL:
        key = Base.metadata.tables[anchor.table].primary_key.columns
        assert tuple(key.keys()) == anchor.key, anchor.table


def test_a_reference_to_an_anchor_stays_in_its_tenant_and_cascades() -> None:
    reference = anchors.REFERRAL.reference("referral_id")

    assert reference.column_keys == ["tenant_id", "referral_id"]
    assert [each.target_fullname for each in reference.elements] == ["referrals.tenant_id", "referrals.id"]
    assert reference.ondelete == anchors.TENANT.reference().ondelete == "CASCADE"
    with pytest.raises(ValueError, match="has 2 columns"):
        anchors.REFERRAL.reference()

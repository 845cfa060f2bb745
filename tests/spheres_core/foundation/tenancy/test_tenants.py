"""A tenant's file: every defect with its line and key, and a merge that never takes anything away."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.languages.localization import REGISTRY
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.tenants import Definition, check_settings, difference, read_definition
from spheres_core.testing import MakeWorld, World, apply_definitions, definition

GOOD = """\
slug = "north"
name = {fr = "Nord", en = "North"}
languages = ["fr-CA", "en-CA"]
time_zone = "America/Toronto"
plugins = ["quebec"]

[settings.referrals]
minimum_age = 12
"""


def findings(tmp_path: Path, text: str | bytes, name: str = "north") -> list[Finding]:
    """What is wrong with a file."""
    path = tmp_path / f"{name}.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    try:
        read_definition(path, installed=["quebec", "montreal"], languages=REGISTRY)
    except ContentInvalid as invalid:
        return list(invalid.findings)
    return []


def test_a_file_without_defects_is_read(tmp_path: Path) -> None:
    assert findings(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("before", "after", "key", "line"),
    [
        ('slug = "north"', 'slug = "South"', "slug", 1),
        ('slug = "north"', 'slug = "south"', "slug", 1),
        ('slug = "north"', "slug = 5", "slug", 1),
        ('slug = "north"\n', "", "slug", 1),
        ('en = "North"', 'en = ""', "name", 2),
        (', "en-CA"]', ', "tlh"]', "languages", 3),
        ('["fr-CA", "en-CA"]', "[]", "languages", 3),
        ('["fr-CA", "en-CA"]', '"fr-CA"', "languages", 3),
        ("America/Toronto", "America/Montreal City", "time_zone", 4),
        ('["quebec"]', '["quebec", "nowhere"]', "plugins", 5),
        ('plugins = ["quebec"]', 'hosts = ["not a host"]', "hosts", 5),
        ('plugins = ["quebec"]', 'colour = "plum"', "colour", 5),
        ("time_zone = ", "time_zome = ", "time_zome", 4),
        ("[settings.referrals]", "settings = 5", "settings", 7),
    ],
)
def test_a_defect_is_told_with_file_line_and_key(tmp_path: Path, before: str, after: str, key: str, line: int) -> None:
    assert before in GOOD
    found = findings(tmp_path, GOOD.replace(before, after))
    assert [(each.file, each.line, each.key) for each in found][:1] == [("north.toml", line, key)], found


@pytest.mark.parametrize("text", ["slug = ", "= 5", '"', "[settings", b"slug = '\xff'", "slug = 1\nslug = 2"])
def test_what_is_not_toml_is_told_with_its_file(tmp_path: Path, text: str | bytes) -> None:
    (found,) = findings(tmp_path, text)
    assert found.file == "north.toml"


def test_several_defects_are_told_in_one_go(tmp_path: Path) -> None:
    text = (
        GOOD.replace('"America/Toronto"', '"Nowhere"')
        .replace('"quebec"', '"none", "neither"')
        .replace('en = "North"', 'en = ""')
    )
    assert [(each.key, each.line) for each in findings(tmp_path, text)] == [
        ("name", 2), ("time_zone", 4), ("plugins", 5), ("plugins", 5),
    ]  # fmt: skip


class Known(Struct, frozen=True):
    minimum_age: int = 12
    words: str = ""


def test_settings_that_no_room_knows_are_told_with_line_and_key() -> None:
    source = GOOD + "maximum_ages = 24\nwords = 5\n\n[settings.nobody]\nx = 1\n"
    made = definition("north", settings={"referrals": {"minimum_age": "x", "maximum_ages": 24}, "nobody": {"x": 1}})
    found = check_settings(made, source, "north.toml", {"referrals": Known})
    assert {(each.key, each.line) for each in found} == {
        ("settings.referrals.maximum_ages", 9), ("settings.referrals.minimum_age", 8), ("settings.nobody", 12),
    }  # fmt: skip


words = st.text("abc", min_size=1, max_size=2)
owned = st.dictionaries(st.sampled_from(["referrals", "site"]), st.dictionaries(words, st.integers(0, 3), max_size=3))
plugin_lists = st.lists(st.sampled_from(["quebec", "montreal", "outaouais"]), unique=True).map(tuple)


@given(had=owned, wants=owned, on=plugin_lists, asked=plugin_lists)
def test_the_difference_names_each_change_and_each_thing_that_stays(
    had: dict[str, Any], wants: dict[str, Any], on: tuple[str, ...], asked: tuple[str, ...]
) -> None:
    before, wanted = definition("north", *on, settings=had), definition("north", *asked, settings=wants)
    told = difference(before, wanted)
    assert {each.what for each in told if each.kind == "add" and each.what.startswith("plugins.")} == {
        f"plugins.{each}" for each in set(asked) - set(on)
    }
    assert {each.what for each in told if each.kind == "keep" and each.what.startswith("plugins.")} == {
        f"plugins.{each}" for each in set(on) - set(asked)
    }
    for each in told:
        if each.what.startswith("settings."):
            _, owner, key = each.what.split(".")
            in_old, in_new = key in had.get(owner, {}), key in wants.get(owner, {})
            assert each.kind == ("keep" if not in_new else "add" if not in_old else "change")
    assert difference(before, before) == []


def stored(world: World, slug: str) -> Definition:
    """The tenant as the database has it."""

    async def reading() -> Definition:
        owner = await Database(world.urls.needed("owner")).open()
        async with owner.transaction(None) as db:
            row = await db.one_or_none(tenants.BY_SLUG, slug=slug)
        assert row is not None
        async with owner.transaction(row.id) as db:
            found = await tenants.current(db, row)
        await owner.close()
        return found

    return asyncio.run(reading())


def test_applying_merges_and_never_takes_away(make_world: MakeWorld) -> None:
    first = definition("north", "montreal", "quebec", settings={"referrals": {"minimum_age": 12, "maximum_age": 24}})
    world = make_world(first)
    assert stored(world, "north") == first
    sealed = world.loaded("north").keys.seal("t", world.loaded("north").tenant.id, "c", "words")

    smaller = definition(
        "north", "quebec", name={"fr": "Autre", "en": "Other"}, settings={"referrals": {"minimum_age": 13}}
    )
    apply_definitions(world.urls, [smaller], world.keyring)

    after = stored(world, "north")
    assert after.plugins == ("montreal", "quebec"), "a plugin the file does not name stays on"
    assert after.settings == {"referrals": {"minimum_age": 13, "maximum_age": 24}}
    assert after.name == {"fr": "Autre", "en": "Other"}
    world.run(world.runtime.refresh())
    loaded = world.loaded("north")
    assert loaded.keys.open("t", loaded.tenant.id, "c", sealed) == b"words"
    apply_definitions(world.urls, [smaller], world.keyring)
    assert stored(world, "north") == after


def test_each_application_moves_the_tenant_on(make_world: MakeWorld) -> None:
    world = make_world(definition("north"), definition("south"))
    before = world.loaded("north").epoch, world.loaded("south").epoch
    apply_definitions(world.urls, [definition("north")], world.keyring)
    world.run(world.runtime.refresh())
    assert world.loaded("north").epoch > max(before)
    assert world.loaded("south").epoch == before[1]

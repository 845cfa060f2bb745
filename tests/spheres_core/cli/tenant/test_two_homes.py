"""A region goes from one home to another as a file, and every answer that a person sees is the same there."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Callable
from difflib import ndiff
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from spheres_core.authoring.tenant_files import definition_as_toml
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.operations import edit_entry, entry_merge
from spheres_core.partners.operations.entry_merge import IncomingEntry
from spheres_core.partners.operations.local_entries import problem_with
from spheres_core.site.operations import coverage_notes, terms
from spheres_core.site.operations.local_state import read_local_state
from spheres_core.site.queries.core_elements import ELEMENTS
from spheres_core.site.schemas import LocalState
from spheres_core.testing import MakeWorld, World, definition, world_maker
from tests.spheres_core.cli.conftest import ROOT, Spheres

PAGE: Final = (ROOT / "docs" / "from-trial-to-real.md").read_text(encoding="utf-8")
BLOCKS: Final = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SLUG: Final = "montreal"
ROLES: Final = ("administrator", "coordinator")
LINK: Final = re.compile(r'href="(/t/[^"#]*)"')
CHANGING: Final = re.compile(
    r'name="_(?:once|csrf|order)" value="[^"]*"|nonce="[^"]*"|"last_modified":"[^"]*"'
    r'|<time datetime="[^"]*T[^"]*">[^<]*</time>'
)
"""What differs from one answer to the next of the same home."""
API: Final = (
    "partners", "hsds/", "hsds/organizations", "hsds/services", "terms", "forms", "forms/referral", "openapi.json",
    "readiness", "directory", "admin/terms", "admin/partners",
)  # fmt: skip
STAFF: Final = ("administration", "administration/terms", "administration/readiness", "directory")


async def live_a_little(ctx: Context) -> None:
    """Changes what a region changes in its first weeks: words, the directory, how it covers the program."""
    await terms.rename_term(ctx, "Our partners", language="fr-CA", text="Nos alliés")
    await terms.rename_term(ctx, "Our partners", language="en-CA", text="Our allies")
    await coverage_notes.write_note(ctx, ELEMENTS[0].key, how="Par une entente « orale ».", why="Rien d'écrit, encore.")
    for kind, changes in (
        ("organizations", {"name": {"fr": "Maison d’ici", "en": "House of here"}, "short_name": "MDI"}),
        ("services", {"hours": [{"rule": "FREQ=WEEKLY;BYDAY=MO", "from": "09:00", "to": "17:00"}], "ages": [12, 17]}),
        ("services", {"ages": None}),
        ("contact_points", {"label": {"fr": "Ligne de l’équipe", "en": "Line of the team"}}),
        ("emergency_contacts", {"note": {"fr": "Demandez Léa.\nOu sa collègue.", "en": "Ask for Léa."}}),
    ):
        rows = [
            row for row in await ctx.db.all(edit_entry.EDITABLE[kind][0].all) if row.content.get("kind") != "website"
        ]
        row = rows[0 if "hours" in changes else -1]
        await edit_entry.change_entry(ctx, kind, row.id, changes, why=f"Appel du 3 mars: « {kind} »")
    elsewhere = IncomingEntry("ailleurs", {**row.content, "name": {"fr": "Ailleurs"}})
    await entry_merge.merge_entries(ctx, entry_merge.EMERGENCIES, [elsewhere], "hsds:211", {})


@pytest.fixture(scope="module")
def exported(cluster: Cluster, machine: Machine, migrated: str) -> str:
    """A region's file, with what it wrote itself."""
    with world_maker(cluster, machine, migrated) as make:
        world = make(definition(SLUG, "quebec", "montreal"))
        world.act(SLUG, live_a_little)

        async def reading(ctx: Context) -> str:
            stored = await ctx.db.one_or_none(tenants.BY_SLUG, slug=SLUG)
            found = await tenants.current(ctx.db, stored)
            local = await read_local_state(ctx.db, found.plugins)
            return definition_as_toml(
                msgspec.to_builtins(msgspec.structs.replace(found, local=msgspec.to_builtins(local)))
            )

        return world.act(SLUG, reading)


def answers(world: World) -> dict[str, str]:
    """Returns every answer that a stranger and an administrator reach by links, and the API's, by who and address.

    What is open to a stranger is not asked again for an administrator, who has the same page with one more link.
    """
    found: dict[str, str] = {}
    for who, headers in (("stranger", {}), ("administrator", world.bearer(SLUG, *ROLES))):
        waiting = [f"/t/{SLUG}/fr/", f"/t/{SLUG}/en/", *(f"/t/{SLUG}/api/{path}" for path in API)]
        waiting += [f"/t/{SLUG}/fr/{page}" for page in (STAFF if headers else ())]
        while waiting:
            address = waiting.pop().replace("&amp;", "&")
            if f"{who} {address}" in found or (headers and found.get(f"stranger {address}", "").startswith("200")):
                continue
            answer = world.get(address, headers=headers)
            found[f"{who} {address}"] = f"{answer.status_code} {CHANGING.sub('', answer.text)}"
            if "html" in answer.headers.get("content-type", ""):
                pages = (
                    link
                    for link in LINK.findall(answer.text)
                    if "/static/" not in link and not link.endswith("/tokens")
                )
                waiting += [link for link in pages if not headers or "/en/" not in link]
    return found


def differing(where: str, here: str, there: str) -> list[str]:
    """Returns the lines of two answers that differ, with where they were given."""
    lines = ndiff(here.splitlines(), there.splitlines()) if here != there else ()
    return [f"{where}: {line}" for line in lines if line[:1] in "+-"]


def test_a_region_that_is_exported_and_applied_elsewhere_is_the_same_region(
    make_world: MakeWorld, at: Callable[[World], Spheres], tmp_path: Path
) -> None:
    trial, real = (
        make_world(definition(SLUG, "quebec", "montreal", settings={"referrals": {"minimum_age": 13}})),
        make_world(),
    )
    trial.act(SLUG, live_a_little)
    trial.runtime.unload(SLUG)
    file = tmp_path / f"{SLUG}.toml"

    exported = at(trial)("tenant", "export", SLUG)
    file.write_text(exported.out, encoding="utf-8")
    applied = at(real)("tenant", "apply", file, "--yes", "--json")
    again = at(real)("tenant", "apply", file, "--yes", "--json")
    back = at(real)("tenant", "export", SLUG)

    assert (exported.code, applied.code, again.code) == (0, 0, 0), (exported, applied, again)
    here, there = answers(trial), answers(real)
    assert here.keys() == there.keys()
    assert [line for where in here for line in differing(where, here[where], there[where])] == []
    assert sum(each.startswith("200") for each in here.values()) > 60
    assert any("Nos alliés" in each for each in here.values())
    assert [plan["applied"] for plan in again.json["tenants"]] == [False]
    assert back.out == exported.out


def test_what_was_changed_later_in_the_new_home_stays(
    make_world: MakeWorld, at: Callable[[World], Spheres], tmp_path: Path
) -> None:
    trial, real = make_world(definition(SLUG, "quebec", "montreal")), make_world()
    trial.act(SLUG, live_a_little)
    file = tmp_path / f"{SLUG}.toml"
    file.write_text(at(trial)("tenant", "export", SLUG).out, encoding="utf-8")
    at(real)("tenant", "apply", file, "--yes")

    async def change(ctx: Context) -> Any:
        row = next(row for row in await ctx.db.all(entry_merge.ORGANIZATIONS.all) if "short_name" in row.reasons)
        await edit_entry.change_entry(ctx, "organizations", row.id, {"short_name": "Plus tard"}, why="Nouveau nom")
        return row.key

    key = real.act(SLUG, change)
    said = at(real)("tenant", "apply", file, "--yes", "--json")

    async def look(ctx: Context) -> Any:
        return next(row for row in await ctx.db.all(entry_merge.ORGANIZATIONS.all) if row.key == key)

    row = real.act(SLUG, look)
    assert said.code == 0
    assert (row.content["short_name"], row.content["name"]["fr"]) == ("Plus tard", "Maison d’ici")
    assert row.reasons["name"]["why"] == "Appel du 3 mars: « organizations »"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('key = "Our partners"', 'key = "Our friends"', "not a word that this region may call otherwise"),
        ('language = "fr-CA"', 'language = "fr-AC"', "Is it fr-CA?"),
        ('table = "organizations"', 'table = "organisations"', "no table organisations"),
        ('value = "MDI"', "value = 12", "Enter a text."),
        ("element = ", 'element = "moon"  # ', "no such element"),
        ("[[local.terms]]", "[[local.words]]", "words"),
    ],
)
def test_what_is_wrong_with_a_carried_region_is_a_finding_and_nothing_is_written(
    make_world: MakeWorld, at: Callable[[World], Spheres], tmp_path: Path, exported: str, old: str, new: str, told: str
) -> None:
    file = tmp_path / f"{SLUG}.toml"
    assert old in exported
    file.write_text(exported.replace(old, new), encoding="utf-8")

    said = at(make_world())("tenant", "apply", file, "--yes", "--json")

    assert said.code == 1
    assert [(each["file"], told in each["message"]) for each in said.json["findings"]][:1] == [(file.name, True)]
    assert all(each["line"] for each in said.json["findings"] if "words" not in told)


def test_the_page_from_trial_to_real_from_its_first_command_to_its_last(
    make_world: MakeWorld, at: Callable[[World], Spheres], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial, real = make_world(definition("my-region", "quebec", "montreal")), make_world()
    (tmp_path / "tenants").mkdir()
    commands = at(trial)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SPHERES_PLUGINS", str(ROOT / "plugins"))
    said = {}
    for language, text in BLOCKS:
        if language == "toml":
            (entry,) = msgspec.convert(tomllib.loads(text)["local"], LocalState).entries
            assert problem_with(entry) is None
            continue
        for line in text.splitlines():
            command, _, file = line.partition(" > ")
            said[line] = commands(*shlex.split(command)[1:])
            assert said[line].code == 0, (line, said[line])
            if file:
                (tmp_path / "tenants" / file).write_text(said[line].out, encoding="utf-8")
                at(real)

    assert "nothing to change" in said["spheres tenant apply tenants/my-region.toml --yes"].out
    assert real.get("/t/my-region/fr/partners").text == trial.get("/t/my-region/fr/partners").text

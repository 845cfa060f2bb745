"""An administrator renames marked terms per language: spoken at once, warned when two things read the same, undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from spheres_core import app
from spheres_core.foundation.languages import extraction
from spheres_core.foundation.languages.registry import REGISTRY
from spheres_core.foundation.tenancy import own_terms
from spheres_core.foundation.tenancy.context import Context
from spheres_core.site.operations import terms
from spheres_core.site.queries import terms as queries
from spheres_core.testing import World, definition

TERM = "Our partners"


@pytest.fixture(scope="module")
def shared(shared_world: World) -> World:
    writes = {"languages": {"writing": "feminin"}}
    regions = [definition("north", "quebec", "montreal"), definition("south", "quebec", "outaouais", settings=writes)]
    return shared_world.renew(*regions)


@pytest.fixture
def world(shared: World) -> Iterator[World]:
    """The world, and afterwards no term is renamed any more."""
    yield shared
    for slug in ("north", "south"):
        shared.act(slug, lambda ctx: ctx.db.sql("DELETE FROM tenant_terms"))
        shared.runtime.unload(slug)


def rename(world: World, slug: str, key: str, text: str, language: str = "fr-CA") -> list[str]:
    async def renaming_it(ctx: Context) -> list[str]:
        return [each.key for each in await terms.rename_term(ctx, key, language=language, text=text)]

    found = world.act(slug, renaming_it)
    world.runtime.unload(slug)
    return found


def test_a_renamed_term_is_spoken_in_its_language_and_tenant_only(world: World) -> None:
    assert rename(world, "north", TERM, "Nos alliés") == []

    assert "Nos alliés" in world.get("/t/north/fr/partners").text
    assert "Nos alliés" not in world.get("/t/north/en/partners").text
    assert "Nos alliés" not in world.get("/t/south/fr/partners").text


def test_the_tenants_own_word_comes_before_the_regions_pack(world: World) -> None:
    assert "Ressources de la région" in world.get("/t/south/fr/partners").text
    rename(world, "south", TERM, "Nos alliés")

    page = world.get("/t/south/fr/partners").text
    assert "Nos alliés" in page
    assert "Ressources de la région" not in page


def test_a_term_gets_its_own_name_back_and_both_stand_in_the_trail(world: World) -> None:
    rename(world, "north", TERM, "Nos alliés")

    async def restoring(ctx: Context) -> list[str]:
        before = [(str(each.said), str(each.plain)) for each in queries.list_terms(ctx, "fr-CA") if each.renamed]
        assert before == [("Nos alliés", "Nos partenaires")]
        await terms.restore_term(ctx, TERM, language="fr-CA")
        rows = await ctx.db.sql("SELECT verb FROM trail_entries WHERE verb LIKE 'term.%' ORDER BY id")
        return [row[0] for row in rows][-2:]

    assert world.act("north", restoring) == ["term.renamed", "term.restored"]
    world.runtime.unload("north")
    assert "Nos partenaires" in world.get("/t/north/fr/partners").text


def test_two_things_that_read_the_same_are_warned_of(world: World) -> None:
    async def warnings(ctx: Context) -> list[tuple[str, bool]]:
        found = queries.collisions_of(ctx, TERM, language="en-CA", text="for  YOUTH")
        found += queries.collisions_of(ctx, TERM, language="en-CA", text="Password")
        found += queries.collisions_of(ctx, TERM, language="en-CA", text="Our own people")
        return [(each.key, each.term) for each in found]

    assert world.act("north", warnings) == [("For youth", True), ("Password", False)]
    assert rename(world, "north", TERM, "Our help", "en-CA") == []
    assert rename(world, "north", "For youth", "our help", "en-CA") == [TERM]


@pytest.mark.parametrize(
    ("key", "language", "text", "refusal"),
    [
        ("Sign in", "fr-CA", "Entrer", queries.TermUnknown),
        (TERM, "iu", "ᐃᓄᒃᑎᑐᑦ", queries.TermUnknown),
        (TERM, "fr-CA", "  ", queries.TermInvalid),
        (TERM, "fr-CA", "Nos {gens}", queries.TermInvalid),
        (TERM, "fr-CA", "x" * 301, queries.TermInvalid),
        (TERM, "fr-CA", "a\nb", queries.TermInvalid),
    ],
)
def test_what_cannot_be_a_term_is_refused(
    world: World, key: str, language: str, text: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        rename(world, "north", key, text, language)


def test_a_word_is_never_taken_for_markup(world: World) -> None:
    rename(world, "north", TERM, "<b>Nos</b> gens")

    assert "&lt;b&gt;Nos" in world.get("/t/north/fr/partners").text


def test_every_marked_term_is_a_text_of_the_code_and_has_a_note_in_both_languages(world: World) -> None:
    made = world.loaded("north").plugins
    known = extraction.read(extraction.catalog_path(app.catalog_folder(), REGISTRY["fr-CA"], "spheres"))

    found = own_terms.marked(made)
    assert len(found) >= 10
    assert [key for key in found if ("", key) not in known] == []
    assert [each.key for each in found.values() if set(each.note) != {"fr", "en"}] == []


def test_what_a_regions_pack_renames_may_be_renamed_too(world: World) -> None:
    made = world.loaded("south").plugins

    assert {key for _, given in made.gather("terms") for key in given} <= own_terms.marked(made).keys()


def test_a_placeholder_of_a_term_stays(tmp_path: Path) -> None:
    term = own_terms.Term("Follow {name}")

    assert own_terms.problem_with(term, "Suivre {name}") is None
    assert own_terms.problem_with(term, "Suivre") is not None


def test_a_way_of_writing_is_a_setting_and_changes_nothing_where_no_catalog_has_it(world: World) -> None:
    assert world.get("/t/south/fr/").status_code == 200

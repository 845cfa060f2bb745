"""Packs bring tools to the library and their own form to the desk: data only, and said at its place when wrong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

import pytest

from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.support.tool_file import read_tools
from spheres_core.testing import MakeWorld, World, definition, write_plugin
from tests.spheres_core.support.test_sessions import Staff

NOW: Final = dt.datetime(2026, 11, 29, 15, 0, tzinfo=dt.UTC)
TOOLS: Final = """
format = 1

[[tools]]
code = "quiet_room"
title = {fr = "Une pièce calme", en = "A quiet room"}
summary = {fr = "Où se parler.", en = "Where to talk."}
text = {fr = "## Avant\\n\\n- Fermer la porte.", en = "## Before\\n\\n- Close the door."}
themes = ["places"]
link = "https://exemple.ca/outil"
review_on = 2026-11-29
"""
CATALOGUE: Final = """
format = 1

[tool_themes]
items = [{code = "places", label = {fr = "Les lieux", en = "Places"}}]

[support_themes]
items = [
  {code = "boundaries", label = {fr = "La juste distance", en = "The right distance"}},
  {code = "helplessness", label = {fr = "Impuissance", en = "Helplessness"}, retired = true},
  {code = "the_road", label = {fr = "La route", en = "The road"}},
]

[workshop_kinds]
items = [
  {code = "outreach", label = {fr = "Présence sur le terrain", en = "Being out there"}},
  {code = "close_ones", label = {fr = "Parents", en = "Parents"}, retired = true},
]

[workshop_themes]
items = [{code = "online_safety", label = {fr = "Sécurité en ligne", en = "Safety online"}}]

[workshop_titles]
items = [{code = "as_equals", label = {fr = "D’égal à égal", en = "As equals"}}]
"""
FORM: Final = """
| survey |
| | type | name | meaning | label::Français (fr) | label::English (en) | required |
| | text | wish |  | Que cherchez-vous? | What are you looking for? | yes |
| | range | ready | equipped | À quel point êtes-vous prêt? | How ready are you? | |
| settings |
| | form_title::Français (fr) | form_title::English (en) |
| | Conseil d’ici | Advice from here |
"""


@pytest.fixture
def world(make_world: MakeWorld, tmp_path: Path) -> World:
    files = {"tools.toml": TOOLS, "catalogue.toml": CATALOGUE, "forms/advice.md": FORM}
    write_plugin(tmp_path, "here", files, provides={"content": [*files]})
    made: World = make_world(definition("north", "here"), definition("south"), on=discover([tmp_path]))
    made.now = NOW
    assert made.loaded("north").plugins.left_out == {}
    return made


def test_a_pack_words_kinds_themes_and_titles_of_workshops_and_retires_them(world: World) -> None:
    english = world.bearer("north", "coordinator") | {"accept-language": "en"}
    body = {
        "kind": "outreach", "setting": "online", "on": "2026-11-20", "language": "fr-CA", "title": "as_equals",
        "themes": ["online_safety", "sexual_exploitation"],
    }  # fmt: skip
    made = world.post("/t/north/api/workshops", json=body, headers=english)
    assert made.status_code == 201, made.text
    shown = made.json()["workshop"]
    assert (shown["kind"]["label"], shown["title"]) == ("Being out there", "As equals")
    assert [each["label"] for each in shown["themes"]] == ["Safety online", "Sexual exploitation"]

    for field, value in (("kind", "close_ones"), ("themes", ["unheard_of"]), ("title", "unheard_of")):
        refused = world.post("/t/north/api/workshops", json=body | {field: value}, headers=english)
        assert (refused.status_code, refused.json()["code"]) == (422, "catalogue_code_unknown"), field
    south = world.bearer("south", "coordinator")
    assert world.post("/t/south/api/workshops", json=body, headers=south).status_code == 422
    kept = {**body, "kind": "close_ones", "title": "", "words": "Pour les parents", "themes": []}
    assert world.post("/t/south/api/workshops", json=kept, headers=south).status_code == 201


def test_a_workshops_title_stands_on_pages_in_their_language_and_own_words_as_they_are(world: World) -> None:
    coordinator = world.bearer("north", "coordinator")
    Staff(world).be("coordinator")
    body = {"kind": "outreach", "setting": "online", "on": "2026-11-20", "language": "fr-CA"}
    for given, shown in (
        ({"title": "as_equals"}, "As equals"),
        ({"words": "La force du groupe"}, "La force du groupe"),
    ):
        made = world.post("/t/north/api/workshops", json=body | given, headers=coordinator)
        assert made.status_code == 201, made.text
        id = made.json()["workshop"]["id"]
        address = f"/t/north/en/staff/workshops/{id}"
        listed = f'<h2 id="w-{id}"><a href="{address}">{shown}</a></h2>'
        assert listed in world.get("/t/north/en/staff/workshops").text
        assert f"<h1>{shown}</h1>" in world.get(address).text


def test_a_packs_tool_stands_in_the_library_of_the_regions_that_have_it(world: World) -> None:
    (tool,) = world.get("/t/north/api/tools", headers={"accept-language": "en"}).json()["items"]
    assert (tool["title"], tool["themes"][0]["label"]) == ("A quiet room", "Places")
    assert tool["languages"] == ["fr-CA", "en-CA"]
    assert world.get("/t/south/api/tools").json()["items"] == []
    assert "Aucun outil ici pour l’instant" in world.get("/t/south/fr/tools").text
    page = world.get("/t/north/fr/tools/quiet_room").text
    assert "<h2>Avant</h2>" in page and 'href="https://exemple.ca/outil" rel="noreferrer"' in page
    due = world.get("/t/north/api/tool-work", headers=world.bearer("north", "content_editor")).json()["due"]
    assert [(each["code"], each["pack"]) for each in due] == [("quiet_room", "here")]


def test_the_desk_asks_with_the_form_of_a_pack(world: World) -> None:
    page = world.get("/t/north/fr/advice").text
    assert "Que cherchez-vous?" in page and "Quelle est la situation?" not in page
    assert "Quelle est la situation?" in world.get("/t/south/fr/advice").text
    refused = world.post("/t/north/api/advice", json={"language": "fr", "answers": {"situation": "Autre."}})
    assert refused.status_code == 422
    found = world.post("/t/north/api/advice", json={"language": "fr", "answers": {"wish": "Écrire à lili@exemple.ca"}})
    assert (found.status_code, found.json()["places"][0]["question"]) == (409, "wish")
    answers = {"wish": "Une façon de commencer.", "ready": 4}
    assert world.post("/t/north/api/advice", json={"language": "fr", "answers": answers}).status_code == 201
    desk = world.bearer("north", "clinical_support")
    (line,) = world.get("/t/north/api/advice", headers=desk).json()["items"]
    read = world.get(f"/t/north/api/advice/{line['id']}", headers=desk).json()
    assert line["equipped_before"] == 4
    assert read["answers"][0] | {"question_language": ""} == {
        "question": "Que cherchez-vous?", "answer": "Une façon de commencer.", "language": "fr-CA",
        "question_language": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ('link = "https://exemple.ca/outil"', 'link = "http://exemple.ca"', "tools[0].link"),
        ('code = "quiet_room"', 'code = "Quiet room"', "tools[0].code"),
        ('en = "A quiet room"', 'de = "Ein Zimmer"', "tools[0].title"),
        ("format = 1", "format = 2", "format"),
    ],
)
def test_what_is_wrong_with_a_packs_tool_is_said_at_its_place(
    tmp_path: Path, before: str, after: str, place: str
) -> None:
    file = tmp_path / "tools.toml"
    file.write_text(TOOLS.replace(before, after), encoding="utf-8")
    with pytest.raises(ContentInvalid) as refused:
        read_tools([file], "here")
    assert any((each.key or "").startswith(place) for each in refused.value.findings), refused.value.findings


def test_a_theme_that_no_list_has_keeps_the_pack_out(make_world: MakeWorld, tmp_path: Path) -> None:
    write_plugin(tmp_path, "here", {"tools.toml": TOOLS}, provides={"content": ["tools.toml"]})
    world = make_world(definition("north", "here"), on=discover([tmp_path]))
    assert "here" in world.loaded("north").plugins.left_out


def test_a_pack_words_retires_and_adds_what_sessions_for_staff_are_about(world: World) -> None:
    staff = Staff(world)
    staff.be("pivot")
    form = world.get("/t/north/en/staff/support-sessions/new").text
    assert "The right distance" in form
    assert "Closeness and distance" not in form
    assert 'value="helplessness"' not in form
    assert form.index("Working together") < form.index("The road"), "the core's own stand first"
    for theme, status in (("the_road", 201), ("exhaustion", 201), ("helplessness", 422), ("nowhere", 422)):
        answer = staff.post("pivot", kind="individual", theme=theme)
        assert answer.status_code == status, theme
    assert answer.json()["errors"][0]["path"] == "theme"
    assert "the_road" in answer.json()["known"]
    world.sql("UPDATE support_sessions SET theme = CASE theme WHEN 'the_road' THEN 'gone' ELSE 'helplessness' END")
    listed = world.get("/t/north/en/staff/support-sessions").text
    assert "Helplessness" in listed, "what was retired is still called as it was"
    assert "Something else" in listed, "and what no pack knows any more stays in the list"

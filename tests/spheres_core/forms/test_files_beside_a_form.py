"""Pictures, recordings and lists of choices that lie beside a form: read with it, and served to its tenant only."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

import pytest

from spheres_core.forms.answers import check
from spheres_core.forms.form_files import inspect_file, read_forms
from spheres_core.forms.form_media import digest_of
from spheres_core.forms.views.fields import fields
from spheres_core.forms.xlsform.reader import XlsformResult
from spheres_core.foundation.content.packs import say_plainly
from spheres_core.foundation.languages.localization import REGISTRY, Locale
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.testing import MakeWorld, World, definition, write_plugin

ASSETS: Final = Path(__file__).parents[2] / "assets" / "every_type"
TODAY: Final = dt.date(2026, 11, 21)
FRENCH: Final = Locale((REGISTRY["fr-CA"], REGISTRY["en-CA"]), {})
PICTURE: Final = (ASSETS / "porte.png").read_bytes()
SOUND: Final = (ASSETS / "bonjour.wav").read_bytes()
FORM: Final = """
| survey |
| | type | name | label::fr | label::en | image | media::audio::en | choice_filter | parameters |
| | text | what | Quoi? | What? | door.png | hello.wav | | |
| | select_one signs | sign | Panneau | Sign | | | | |
| | select_one_from_file places.csv | place | Lieu | Place | | | region = 'n' | value=code label=nom |
| choices |
| | list_name | name | label::fr | label::en | image::fr |
| | signs | gate | Grille | Gate | door.png |
| | signs | none | Aucun | None | |
"""
PLACES: Final = "code,nom,region\na,Nord,n\nb,Sud,s\n"


def read(folder: Path, files: dict[str, bytes]) -> XlsformResult:
    for name, content in ({"ask.md": FORM.encode(), "places.csv": PLACES.encode()} | files).items():
        (folder / name).write_bytes(content)
    return inspect_file(folder / "ask.md")


def told(reading: XlsformResult) -> set[tuple[str, int | None, str | None]]:
    return {(each.file, each.row, each.column) for each in reading.findings}


@pytest.fixture(scope="module")
def world(make_module_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two tenants, of which only one has the form."""
    folder = tmp_path_factory.mktemp("packs")
    write_plugin(
        folder, "here", {"forms/ask.md": FORM, "forms/places.csv": PLACES}, provides={"content": ["forms/ask.md"]}
    )
    (folder / "here" / "forms" / "door.png").write_bytes(PICTURE)
    (folder / "here" / "forms" / "hello.wav").write_bytes(SOUND)
    (folder / "here" / "forms" / "other.png").write_bytes(PICTURE + b"other")
    made: World = make_module_world(definition("alpha", "here"), definition("beta"), on=discover([folder]))
    return made


def test_choices_come_from_a_file_and_can_be_filtered(tmp_path: Path) -> None:
    form = read(tmp_path, {"door.png": PICTURE, "hello.wav": SOUND}).form

    assert form is not None
    assert check(form, {"place": "a"}, today=TODAY).values == {"place": "a"}
    assert [each.code for each in check(form, {"place": "b"}, today=TODAY).problems] == ["not_offered"]
    assert {choice.name: choice.labels for choice in form.choices["places"]}["a"] == {"fr": "Nord"}


def ask_from(folder: Path, file: str, content: str, parameters: str = "") -> XlsformResult:
    """Reads a form with one question, whose choices stand in a file."""
    columns, row = "type | name | label::fr | label::en | parameters", f"select_one_from_file {file} | a | A | A | "
    (folder / "ask.md").write_text(f"| survey |\n| | {columns} |\n| | {row}{parameters} |\n")
    (folder / file).write_text(content)
    return inspect_file(folder / "ask.md")


def test_a_list_may_say_its_choices_in_each_language(tmp_path: Path) -> None:
    content = "name,label::Français (fr),label::English (en)\nn,Nord,North\ns,Sud,South\n"

    form = ask_from(tmp_path, "places.csv", content).form

    assert form is not None
    assert [each.labels for each in form.choices["places"]] == [
        {"fr": "Nord", "en": "North"},
        {"fr": "Sud", "en": "South"},
    ]


FEATURES: Final = """{"type": "FeatureCollection", "features": [
  {"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}, "id": "n",
   "properties": {"title": "Nord", "floors": 3, "open": true, "more": {"a": 1}, "none": null}},
  {"type": "Feature", "properties": {"id": "s", "title": "Sud"}}]}"""
ITEMS: Final = "<root><item><name>n</name><label>Nord</label><floors>3</floors></item><item><name>s</name><label>Sud" \
               "</label></item></root>"  # fmt: skip


@pytest.mark.parametrize(
    ("file", "content", "parameters", "columns"),
    [
        ("places.geojson", FEATURES, "", {"floors": "3", "open": "true"}),
        ("places.xml", ITEMS, "", {"floors": "3"}),
        ("places.xml", ITEMS.replace("name>", "code>"), "value=code", {"floors": "3"}),
    ],
)  # fmt: skip
def test_choices_come_from_a_list_of_xml_or_of_geojson(
    tmp_path: Path, file: str, content: str, parameters: str, columns: dict[str, str]
) -> None:
    form = ask_from(tmp_path, file, content, parameters).form

    assert form is not None
    north, south = form.choices["places"]
    assert (north.name, north.labels, south.name) == ("n", {"fr": "Nord"}, "s")
    assert north.columns == columns
    assert check(form, {"a": "s"}, today=TODAY).values == {"a": "s"}


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("places.geojson", "[]"),
        ("places.geojson", "{"),
        ("places.geojson", "[" * 100_000),
        ("places.geojson", '{"features": []}'),
        ("places.geojson", '{"features": [{"id": "a"}, 1]}'),
        ("places.xml", "<root>"),
        ("places.xml", "<root/>"),
        ("places.xml", '<!DOCTYPE a [<!ENTITY b "c">]><root><item><name>&b;</name><label>A</label></item></root>'),
        ("places.xml", "<root>" + "".join(f"<item><a{n}>x</a{n}></item>" for n in range(201)) + "</root>"),
        ("places.txt", "name,label\na,A\n"),
    ],
)
def test_what_is_no_list_of_choices_is_refused(tmp_path: Path, file: str, content: str) -> None:
    reading = ask_from(tmp_path, file, content)

    assert reading.form is None
    assert {each.file for each in reading.findings} <= {file, "forms/ask.md"}


def test_a_list_that_is_not_there_is_named_with_the_place_where_to_put_it(tmp_path: Path) -> None:
    (tmp_path / "ask.md").write_text(
        "| survey |\n| | type | name | label |\n| | select_one_from_file a.csv | a | A |\n"
    )

    (finding,) = inspect_file(tmp_path / "ask.md").findings

    assert (finding.row, finding.column) == (2, "type")
    assert "“a.csv”: put this file into the folder of the form" in say_plainly(finding.message)


def test_another_list_or_picture_makes_another_version(tmp_path: Path) -> None:
    first = read(tmp_path, {"door.png": PICTURE, "hello.wav": SOUND}).form
    other_list = read(tmp_path, {"places.csv": PLACES.replace("Sud", "Ouest").encode()}).form
    other_picture = read(tmp_path, {"door.png": PICTURE + b"x"}).form

    assert first and other_list and other_picture
    assert len({first.version, other_list.version, other_picture.version}) == 3


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"door.png": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"}, ("forms/ask.md", 2, "image")),
        ({"door.png": b""}, ("forms/ask.md", 2, "image")),
        ({"door.png": SOUND}, ("forms/ask.md", 2, "image")),
        ({"door.png": PICTURE + bytes(2_000_001)}, ("forms/ask.md", 2, "image")),
        ({"places.csv": b"code,nom\n"}, ("places.csv", None, None)),
        ({"places.csv": b"code,nom\na,A\na,B\n"}, ("places.csv", 3, "code")),
        ({"places.csv": b"code,other\na,A\n"}, ("places.csv", 1, "nom")),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_told_with_its_place(
    tmp_path: Path, files: dict[str, bytes], place: tuple[str, int | None, str | None]
) -> None:
    given = {"door.png": PICTURE} if "door.png" not in files else {}

    reading = read(tmp_path, given | {"hello.wav": SOUND} | files)

    assert reading.form is None
    assert place in told(reading)


def test_a_picture_that_is_not_there_is_told_and_not_shown(tmp_path: Path) -> None:
    reading = read(tmp_path, {"places.csv": PLACES.encode(), "hello.wav": SOUND})

    assert reading.form is not None
    assert told(reading) == {("forms/ask.md", 2, "image"), ("forms/ask.md", 2, "image::fr")}


@pytest.mark.parametrize("name", ["../secret.png", "/etc/hostname", "link.png", ".hidden.png"])
def test_no_file_outside_of_the_folder_is_read(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "forms"
    folder.mkdir()
    for each in ("secret.png", "forms/.hidden.png"):
        (tmp_path / each).write_bytes(PICTURE)
    (folder / "link.png").symlink_to(tmp_path / "secret.png")

    reading = read(folder, {"ask.md": FORM.replace("door.png", name).encode(), "hello.wav": SOUND})

    assert ("forms/ask.md", 2, "image") in told(reading)


@pytest.mark.parametrize("asked", ["rank signs | sign | P | S", "select_one signs | sign | P | S"])
def test_pictures_that_a_list_cannot_show_are_told(tmp_path: Path, asked: str) -> None:
    header = "| | type | name | label::fr | label::en | appearance |"
    choices = FORM.partition("| choices |")[2]
    text = f"| survey |\n{header}\n| | {asked} | minimal |\n| choices |{choices}"

    reading = read(tmp_path, {"ask.md": text.encode(), "door.png": PICTURE})

    assert ("type", "warning") in {(each.column, each.severity) for each in reading.findings if each.row == 2}


def test_a_file_of_choices_is_no_form(tmp_path: Path) -> None:
    read(tmp_path, {"door.png": PICTURE, "hello.wav": SOUND})

    assert [form.key for form in read_forms(sorted(tmp_path.iterdir()), "here")] == ["ask"]


def test_a_picture_says_what_it_belongs_to(tmp_path: Path) -> None:
    form = read(tmp_path, {"door.png": PICTURE, "hello.wav": SOUND}).form
    assert form is not None

    what, sign, _place = fields(form, {}, locale=FRENCH, today=TODAY)

    assert [(each.kind, each.words) for each in what.media] == [("image", "Quoi?"), ("audio", "Quoi?")]
    assert [each.words for option in sign.options for each in option.media] == ["Grille"]


def test_a_picture_is_served_to_its_tenant_at_the_hash_of_its_content(world: World) -> None:
    address = f"form-media/{digest_of(PICTURE)}"

    shown = world.get(f"/t/alpha/fr/{address}")

    assert (shown.status_code, shown.content, shown.headers["content-type"]) == (200, PICTURE, "image/png")
    assert "immutable" in shown.headers["cache-control"]
    assert world.get(f"/t/beta/fr/{address}").status_code == 404
    assert world.get("/t/alpha/fr/form-media/00000000000000000000000000000000").status_code == 404


def test_a_player_gets_the_part_that_it_asks_for(world: World) -> None:
    address = f"/t/alpha/fr/form-media/{digest_of(SOUND)}"

    part = world.get(address, headers={"range": "bytes=10-19"})
    rest = world.get(address, headers={"range": "bytes=4000-"})
    beyond = world.get(address, headers={"range": "bytes=99999-"})

    assert (part.status_code, part.content) == (206, SOUND[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(SOUND)}"
    assert rest.content == SOUND[4000:]
    assert (beyond.status_code, beyond.content) == (200, SOUND)

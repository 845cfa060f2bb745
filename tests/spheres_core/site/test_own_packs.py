"""An administrator without a command line: a pack uploaded, looked at before anybody else, in force, taken back."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any, Final

import pytest

from spheres_core import app
from spheres_core.authoring.sheets import write_empty_sheets
from spheres_core.foundation.content.pack_archives import files_of, read_archive, write_archive
from spheres_core.staff.operations import accounts
from spheres_core.testing import World, definition
from tests.journeys.test_bring_a_region import ENGLISH, FRENCH, fill
from tests.spheres_core.authoring.test_sheets import AREAS, EMERGENCY, PACK, PARTNERS
from tests.workbooks import saved

PASSWORD: Final = "un chat dort sous la lune"
PACKS: Final = "/t/north/fr/administration/packs"
PLUGINS: Final = Path(__file__).parents[3] / "plugins"
SHEETS: Final = {
    "pack.csv": PACK, "partenaires.csv": PARTNERS, "secteurs.csv": AREAS, "urgence.csv": EMERGENCY,
    "pages/fr/youth.md": "# Pour toi, au Nord\n\nUn texte pour toi.\n",
    "pages/en/youth.md": "# For you, up north\n\nText.\n",
}  # fmt: skip


@pytest.fixture
def world(shared_world: World) -> World:
    shared_world.renew(definition("north", "quebec"), definition("south", "quebec"))
    for email, role in (("a@exemple.ca", "administrator"), ("c@exemple.ca", "coordinator")):
        her = {"name": "A", "roles": [role], "password": PASSWORD}
        shared_world.act("north", lambda ctx, e=email, h=her: accounts.create_account(ctx, e, **h))  # type: ignore[misc]
    sign_in(shared_world)
    return shared_world


def sign_in(world: World, email: str = "a@exemple.ca") -> None:
    world.http.cookies.clear()
    assert world.post("/t/north/fr/sign-in", data={"email": email, "password": PASSWORD}).status_code == 303


def csrf(world: World, path: str = "/t/north/fr/account") -> str:
    return str(re.findall(r'name="_csrf" value="(\w+)"', world.get(path).text)[0])


def zipped(files: dict[str, str | bytes]) -> bytes:
    return write_archive({name: data if isinstance(data, bytes) else data.encode() for name, data in files.items()})


def upload(world: World, files: dict[str, str | bytes] | bytes, id: str = "north") -> Any:
    data = files if isinstance(files, bytes) else zipped(files)
    form = {"_csrf": csrf(world), "id": id}
    return world.post(PACKS, data=form, files={"pack": ("région.zip", data, "application/zip")})


def uploaded(world: World, files: dict[str, str | bytes] | bytes = SHEETS, id: str = "north") -> str:
    answer = upload(world, files, id)
    assert answer.status_code == 303, re.findall(r'data-label="Quoi">([^<]*)', answer.text)
    return str(answer.headers["location"]).rpartition("/")[2]


def act(world: World, path: str, **more: str) -> Any:
    return world.post(f"{PACKS}/{path}", data={"_csrf": csrf(world), **more})


def findings(answer: Any) -> dict[str, str]:
    assert answer.status_code == 422
    rows = re.findall(r'rowheader">([^<]*)</th>\s*<td[^>]*>([^<]*)</td>\s*<td[^>]*>([^<]*)</td>', answer.text)
    return {f"{file}: {place}".rstrip(": "): said for file, place, said in rows}


def test_sheets_become_a_pack_that_only_its_administrator_sees_until_it_is_in_force(world: World) -> None:
    id = uploaded(world)
    assert world.get("/t/north/fr/youth").status_code == 404
    preview = f"/t/north/preview/{id}/fr"

    page = world.get(f"{PACKS}/{id}")
    assert page.status_code == 200 and f'href="{preview}/"' in page.text
    shown = world.get(f"{preview}/youth")
    assert shown.status_code == 200 and "Pour toi, au Nord" in shown.text and "Aperçu" in shown.text
    assert "La Maison" in world.get(f"{preview}/partners").text, "its directory is there as well"
    assert f'href="{preview}/' in shown.text and 'href="/t/north/fr/youth"' not in shown.text
    assert world.sql("SELECT count(*) FROM organizations") == [(0,)], "whatever a preview does is undone"

    assert act(world, f"{id}/publish").status_code == 303
    assert "Pour toi, au Nord" in world.get("/t/north/fr/youth").text
    assert "La Maison" in world.get("/t/north/fr/partners").text
    assert world.get("/t/south/fr/youth").status_code == 404


def test_a_preview_is_nobody_else_s_and_takes_nothing(world: World) -> None:
    id = uploaded(world)
    preview = f"/t/north/preview/{id}/fr/youth"

    assert world.post(preview, data={"a": "b"}).status_code == 404
    assert world.get(preview.replace(id, "00000000-0000-7000-8000-000000000000")).status_code == 404
    assert world.get(preview.replace("/north/", "/south/")).status_code == 404
    assert world.get(f"/t/north/preview/{id}/fr/referrals").status_code in (401, 404, 303), "nobody is signed in there"
    sign_in(world, "c@exemple.ca")
    assert world.get(preview).status_code == 404
    assert world.get(PACKS).status_code == 403
    world.http.cookies.clear()
    assert world.get(preview).status_code == 404
    assert world.get(preview, headers=world.bearer("south", "administrator")).status_code == 404


def test_another_process_has_it_at_once_and_it_can_be_taken_back_step_by_step(world: World) -> None:
    first = uploaded(world)
    act(world, f"{first}/publish")
    second = uploaded(world, {**SHEETS, "pages/fr/youth.md": "# Une autre page\n\nUn texte.\n"})
    world.forward(minutes=1)
    asked = world.get(f"{PACKS}/{second}").text
    assert asked.index(f"{second}/publish") < asked.index("modifié\u00a0: ") < asked.index('details class="changes"')
    assert asked.index('details class="changes"') < asked.index("fr/youth.md"), (
        "how much it changes is said before what"
    )
    act(world, f"{second}/publish")
    other = world.make_dispatcher()
    world.run(other.start())
    browser = world.make_browser(other)
    try:
        assert "Une autre page" in world.run(browser.get("/t/north/fr/youth")).text
    finally:
        world.run(browser.aclose())
        world.run(other.stop())

    assert act(world, "take-back", plugin="north").status_code == 303
    assert "Pour toi, au Nord" in world.get("/t/north/fr/youth").text
    assert act(world, "take-back", plugin="north").status_code == 303
    assert world.get("/t/north/fr/youth").status_code == 404
    assert "La Maison" in world.get("/t/north/fr/partners").text, "the directory keeps what it was given"
    assert act(world, "take-back", plugin="north").status_code == 404
    assert act(world, f"{second}/publish").status_code == 303, "an earlier version is put in force again"
    verbs = [row[0] for row in world.sql("SELECT verb FROM trail_entries WHERE verb LIKE 'pack.%' ORDER BY id")]
    assert verbs == [
        "pack.uploaded", "pack.published", "pack.uploaded", "pack.published", "pack.taken_back", "pack.taken_back",
        "pack.published",
    ]  # fmt: skip


def test_what_is_wrong_is_told_by_cell_and_nothing_is_kept(world: World) -> None:
    wrong = PARTNERS.replace("12-17", "douze").replace("genre", "gnre")
    answer = upload(world, {**SHEETS, "partenaires.csv": wrong, "theme.csv": "quoi;valeur\ncouleur;#ffee00\n"})

    said = findings(answer)
    assert "partenaires.csv: ligne 2, âges" in said
    assert any("gnre" in text for text in said.values())
    assert any("#ffee00" in text for text in said.values()), "the colour with its contrast"
    assert world.sql("SELECT count(*) FROM own_packs") == [(0,)]


def test_the_sheets_of_what_is_in_force_come_as_a_zip_and_go_back_the_same(world: World) -> None:
    id = uploaded(world)
    act(world, f"{id}/publish")

    sheets = world.get(f"{PACKS}/sheets?plugin=north")
    assert sheets.status_code == 200 and sheets.headers["content-type"] == "application/zip"
    assert {"pack.xlsx", "partners.xlsx", "pages/fr/youth.md"} <= read_archive(sheets.content, "x.zip").keys()
    assert uploaded(world, sheets.content) == id
    assert world.get(f"{PACKS}/sheets?plugin=nobody").status_code == 404


def test_a_built_pack_takes_the_place_of_the_machine_s_for_one_region_only(world: World, tmp_path: Path) -> None:
    root = tmp_path / "quebec"
    shutil.copytree(PLUGINS / "quebec", root)
    (root / "terms.toml").write_text(
        'format = 1\n[[terms]]\nkey = "Our partners"\nterm = {fr = "Nos alliances", en = "Our allies"}\n',
        encoding="utf-8",
    )
    manifest = (root / "plugin.toml").read_text(encoding="utf-8")
    (root / "plugin.toml").write_text(
        manifest.replace('"legal.toml", ', '"legal.toml", "terms.toml", '), encoding="utf-8"
    )
    id = uploaded(world, write_archive(files_of(root)))

    page = world.get(f"{PACKS}/{id}").text
    assert "terms.toml" in page and "Nos alliances" in page, "compared with what is in force"
    assert act(world, f"{id}/publish").status_code == 303
    assert "Nos alliances" in world.get("/t/north/fr/partners").text
    assert "Nos alliances" not in world.get("/t/south/fr/partners").text
    assert act(world, "take-back", plugin="quebec").status_code == 303
    assert "Nos alliances" not in world.get("/t/north/fr/partners").text


def test_a_code_of_a_list_is_retired_and_never_removed(world: World, tmp_path: Path) -> None:
    root = tmp_path / "quebec"
    shutil.copytree(PLUGINS / "quebec", root)
    text = (root / "catalogue.toml").read_text(encoding="utf-8")
    (root / "catalogue.toml").write_text(re.sub(r"  \{code = .leisure.*\n", "", text), encoding="utf-8")

    assert any("leisure" in said for said in findings(upload(world, write_archive(files_of(root)))).values())


def test_code_is_never_uploaded(world: World, tmp_path: Path) -> None:
    root = PLUGINS / "regional_intake"
    whole = {name: data for name, data in files_of(root).items() if "__pycache__" not in name}
    assert any("code" in said for said in findings(upload(world, write_archive(whole))).values())
    data_only = {name: data for name, data in whole.items() if name.endswith((".toml", ".md"))}
    assert list(findings(upload(world, write_archive(data_only)))) == ["plugin.toml: ligne 1, tier"]
    renamed = data_only["plugin.toml"].replace(b'tier = "code"', b'tier = "pack"')
    answer = upload(world, write_archive({"plugin.toml": renamed}))
    assert answer.status_code == 422, "neither under the id of a plugin with code"
    assert "regional_intake" in upload(world, SHEETS, "regional_intake").text
    assert world.sql("SELECT count(*) FROM own_packs") == [(0,)]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"no archive", zipped({"../a.toml": ""}), zipped({"a.html": "<b>"}), zipped({"pack.csv": b"\xff\xfe\x00"}),
        zipped({f"f{n}.md": "" for n in range(600)}), zipped({"plugin.toml": "manifest = 1"}),
        zipped({"plugin.toml": b"\xff"}),
        zipped({"a.csv": b"\0" * 21_000_000}), zipped({"plugin.toml": "id = " + "[" * 5000}),
    ],
    ids=range(10),
)  # fmt: skip
def test_hostile_archives_are_refused_with_their_reason(world: World, data: bytes) -> None:
    assert upload(world, data).status_code == 422
    assert world.sql("SELECT count(*) FROM own_packs") == [(0,)]


def test_a_form_without_a_file_or_of_another_kind_is_refused(world: World) -> None:
    assert world.post(PACKS, data={"_csrf": csrf(world), "id": "x"}).status_code == 415
    assert world.post(PACKS, data={"_csrf": "0" * 64}, files={"pack": ("a.zip", b"x")}).status_code == 403


def test_the_same_content_twice_is_one_version_a_draft_can_be_discarded_and_one_in_force_cannot(world: World) -> None:
    first, again = uploaded(world), uploaded(world)
    assert first == again
    assert act(world, f"{first}/publish").status_code == 303
    assert act(world, f"{first}/discard").status_code == 409
    second = uploaded(world, {**SHEETS, "pages/fr/youth.md": "# Autre\n\nUn texte.\n"})
    assert act(world, f"{second}/discard").status_code == 303
    assert act(world, f"{second}/publish").status_code == 404


def test_two_regions_with_the_same_content_share_one_set_and_others_have_nothing_of_it(world: World) -> None:
    act(world, f"{uploaded(world)}/publish")
    her = {"name": "A", "roles": ["administrator"], "password": PASSWORD}
    world.act("south", lambda ctx: accounts.create_account(ctx, "s@exemple.ca", **her))  # type: ignore[arg-type]
    world.post("/t/south/fr/sign-in", data={"email": "s@exemple.ca", "password": PASSWORD})
    form = {"_csrf": csrf(world, "/t/south/fr/account"), "id": "north"}
    packs = "/t/south/fr/administration/packs"
    before = world.loaded("south").plugins
    answer = world.post(packs, data=form, files={"pack": ("a.zip", zipped(SHEETS), "application/zip")})
    id = answer.headers["location"].rpartition("/")[2]

    assert world.loaded("south").plugins is before
    world.post(f"{packs}/{id}/publish", data={"_csrf": form["_csrf"]})
    assert world.loaded("south").plugins is world.loaded("north").plugins
    assert "north" not in app.machine().plugins


@pytest.mark.parametrize(("guide", "languages"), [(ENGLISH, ("en-CA", "fr-CA")), (FRENCH, ("fr-CA", "en-CA"))])
def test_the_sheets_of_the_page_bring_a_region_by_the_browser_alone(
    world: World, tmp_path: Path, guide: Path, languages: tuple[str, ...]
) -> None:
    write_empty_sheets(tmp_path / "sheets", languages)
    assert fill(tmp_path / "sheets", guide) > 6
    id = uploaded(
        world,
        write_archive({f"my_sheets/{name}": data for name, data in files_of(tmp_path / "sheets").items()}),
        "river_region",
    )

    assert "La Lanterne" in world.get(f"/t/north/preview/{id}/fr/partners").text
    assert act(world, f"{id}/publish").status_code == 303
    assert "Avec qui nous travaillons" in world.get("/t/north/fr/").text
    assert "La Lanterne" in world.get("/t/north/en/partners").text
    assert 'name="more.has_place_tonight"' in world.get("/t/north/fr/refer").text


def test_empty_sheets_come_with_every_table_and_no_form(world: World) -> None:
    sheets = world.get(f"{PACKS}/sheets")

    assert {"pack.xlsx", "partners.xlsx", "terms.xlsx"} <= read_archive(sheets.content, "x.zip").keys()


def test_xlsx_sheets_are_uploaded_as_they_are(world: World) -> None:
    rows = {name: [line.split(";") for line in text.strip().splitlines()] for name, text in
            {"région": PACK, "partenaires": PARTNERS, "secteurs": AREAS, "urgence": EMERGENCY}.items()}  # fmt: skip
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("Notre région/région.xlsx", saved(rows))

    assert uploaded(world, buffer.getvalue())


API: Final = "/t/north/api/admin/packs"


def test_a_program_uploads_looks_publishes_and_takes_back(world: World) -> None:
    me = world.bearer("north", "administrator")
    kind = {**me, "Content-Type": "application/octet-stream"}

    made = world.post(f"{API}?id=north&name=pack.zip", headers=kind, content=zipped(SHEETS))
    assert made.status_code == 201, made.text
    id = made.json()["id"]
    before = world.get(f"{API}/{id}", headers=me).json()
    assert (before["pack"]["state"], before["problems"]) == ("draft", [])
    assert world.get("/t/north/fr/youth").status_code == 404

    assert world.post(f"{API}/{id}/publish", headers=me).json() == {"state": "in_force"}
    assert "Un texte pour toi" in world.get("/t/north/fr/youth").text
    assert [each["state"] for each in world.get(API, headers=me).json()["packs"]] == ["in_force"]
    assert world.post(f"{API}/{id}/discard", headers=me).status_code == 409

    assert world.post(f"{API}/take-back", headers=me, json={"plugin": "north"}).json() == {"state": "taken_back"}
    assert world.get("/t/north/fr/youth").status_code == 404


def test_a_program_is_told_by_cell_what_stands_against_a_pack(world: World) -> None:
    me = {**world.bearer("north", "administrator"), "Content-Type": "application/octet-stream"}
    wrong = {**SHEETS, "partenaires.csv": PARTNERS.replace("communautaire", "galaxie", 1)}

    refused = world.post(f"{API}?id=north", headers=me, content=zipped(wrong))
    junk = world.post(f"{API}?id=north", headers=me, content=b"no archive")

    assert (refused.status_code, junk.status_code) == (422, 422)
    first = refused.json()["findings"][0]
    assert first["file"] == "partenaires.csv" and first["row"] and first["column"], first
    assert refused.json()["code"] == "pack_invalid"
    assert world.get(API, headers=me).json() == {"packs": []}
    assert world.get(API, headers=world.bearer("north", "coordinator")).status_code == 403
    assert world.get(API, headers=world.bearer("south", "administrator")).status_code == 401


def test_what_only_the_whole_region_can_tell_is_said_at_its_cell(world: World) -> None:
    me = {**world.bearer("north", "administrator"), "Content-Type": "application/octet-stream"}
    sheets = {
        "staff_roles.csv": "code;title (fr);title (en);purpose (fr);purpose (en);permissions\n"
                           "night_team;Nuit;Night;La nuit;At night;partners.edit\n"
                           "day_team;Jour;Day;Le jour;By day;partners.fly\n",
        "menu.csv": "page;order\nyouth;10\nnowhere;40\n",
        "settings.csv": "part;setting;value\nreferrals;minimum_age;12\nnobody;hours;3\n",
    }  # fmt: skip

    refused = [world.post(f"{API}?id=north", headers=me, content=zipped({**SHEETS, name: text})).json()
               for name, text in sheets.items()]  # fmt: skip

    assert [each.get("code") for each in refused] == ["pack_invalid"] * 3, refused
    first = [each["findings"][0] for each in refused]
    assert [(each["file"], each["row"], each["column"]) for each in first] == [
        ("staff_roles.csv", 3, "permissions"), ("menu.csv", 3, "page"), ("settings.csv", 3, "part"),
    ]  # fmt: skip

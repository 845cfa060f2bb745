"""A folder of sheets becomes a pack, a pack becomes sheets again; all that is wrong is told at once with its place."""

from __future__ import annotations

import datetime as dt
import io
import shutil
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest

from spheres_core import app
from spheres_core.authoring.sheets import make_pack, write_empty_sheets
from spheres_core.foundation.content.packs import ContentInvalid, read_content, read_toml
from spheres_core.foundation.content.sheet_columns import normalized, read_rows
from spheres_core.foundation.content.spreadsheets import open_spreadsheet
from spheres_core.foundation.content.workbooks import WrittenColumn, WrittenSheet, workbook
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.plugins.manifest import FILE, read_manifest
from spheres_core.foundation.plugins.set_builder import build_set
from spheres_core.partners.directory_file import read_directory
from spheres_core.site.pack_sheets.folder_scan import TABLES
from spheres_core.site.pack_sheets.from_pack import CannotWriteSheets, write_sheets
from spheres_core.site.pack_sheets.pack_sheet import UNKNOWN
from spheres_core.site.pack_sheets.to_pack import NewPack, WrittenPack
from tests.workbooks import saved

ROOT: Final = Path(__file__).parents[3]
ASSETS: Final = ROOT / "tests" / "assets"
BOTH: Final = ("fr-CA", "en-CA")
NOW: Final = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
PACKS: Final = sorted(id_ for id_, each in discover([ROOT / "plugins"]).plugins.items() if each.manifest.tier == "pack")

PARTNERS: Final = "\n".join(
    ";".join(row)
    for row in zip(
        ("organisation (fr)", "La Maison", "La Maison"),
        ("genre", "organisme communautaire", ""),
        ("secteurs", "Nord", ""),
        ("rôle", "Hébergement d'urgence", ""),
        ("partenaire depuis", "2026-01-01", ""),
        ("ce qu'il fait (fr)", "Héberge.", ""),
        ("ce qu'il fait (en)", "Shelters.", ""),
        ("service (fr)", "Lits", "Repas"),
        ("service (en)", "Beds", "Meals"),
        ("à propos du service (fr)", "Un lit.", "Un repas."),
        ("à propos du service (en)", "A bed.", "A meal."),
        ("pour qui", "personnes participantes", "grand public"),
        ("âges", "12-17", ""),
        ("langues du service", "fr", "fr, anglais"),
        ("heures", "24/7", "lu-ve 11h30-13h"),
        ("vérifié le", "2026-11-01", "2026-11-02"),
        ("téléphone", "418 555-0100", ""),
        ("statut", "vérifié", ""),
        strict=True,
    )
)
AREAS: Final = "secteur (fr);secteur (en)\nNord;North\n"
EMERGENCY: Final = """\
nom (fr);nom (en);quand appeler (fr);quand appeler (en);pour quoi;secteurs;téléphone;vérifié le;statut
Urgence 911;Emergency 911;En danger.;In danger.;danger immédiat;Nord;911;2026-11-01;vérifié
"""
PACK: Final = """\
quoi;valeur;texte (fr);texte (en)
langues;fr-CA, en-CA;;
responsable;Nous;;
licence;libre;;
security;nous@example.org;;
titre;;Ma région;My region
coordination à confirmer;;À décider.;To be decided.
"""


def folder_with(folder: Path, **files: str | bytes) -> Path:
    """A folder with these files; `__` stands for the dot of a name."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name.replace("__", ".")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def region(folder: Path, **more: str | bytes) -> Path:
    """The smallest region there is, with what else is wanted."""
    return folder_with(
        folder,
        **{"pack__csv": PACK, "partenaires__csv": PARTNERS, "secteurs__csv": AREAS, "urgence__csv": EMERGENCY} | more,
    )


def packed(folder: Path, tmp_path: Path, id: str = "my_region", **wanted: Any) -> WrittenPack:
    return make_pack(folder, tmp_path / "packs" / id, NewPack(id, **wanted), now=NOW)


def findings(folder: Path, tmp_path: Path, **wanted: Any) -> dict[str, str]:
    """What is wrong, by place; nothing was written."""
    with pytest.raises(ContentInvalid) as invalid:
        packed(folder, tmp_path, **wanted)
    assert not list((tmp_path / "packs").glob("**/*"))
    found: dict[str, str] = {}
    for each in invalid.value.findings:
        if each.severity == "error":
            found[each.place()] = f"{found.get(each.place(), '')} {each.message.msgid}".strip()
    return found


def content_of(root: Path) -> dict[str, Any]:
    return read_content(root, root.name, app.pack_readers())


def test_a_folder_of_csv_in_french_becomes_a_pack(tmp_path: Path) -> None:
    done = packed(region(tmp_path / "sheets"), tmp_path)

    assert (done.organizations, done.warnings, done.languages) == (1, (), BOTH)
    assert done.files == ("README.md", "partners.toml", "plugin.toml")
    (world,) = read_directory([done.root / "partners.toml"], "my_region").organizations
    assert (world.key, world.name_language, world.status) == ("la_maison", "fr", "verified")
    assert [(each.key, each.ages, each.languages) for each in world.services] == [
        ("la_maison_lits", (12, 17), ("fr",)),
        ("la_maison_repas", None, ("fr", "en")),
    ]
    assert world.services[0].hours[0].rule == "FREQ=DAILY"
    assert [(each.kind, each.value, each.label) for each in world.contacts] == [
        ("phone", "418 555-0100", {"fr": "Téléphone", "en": "Telephone"})
    ]
    assert read_manifest(done.root).title == {"fr": "Ma région", "en": "My region"}


def test_commas_and_english_headers_say_the_same(tmp_path: Path) -> None:
    semicolons = packed(region(tmp_path / "a"), tmp_path / "one")
    english = "organization,kind,areas,role,partnership from,duty (fr),duty (en),phone,status,service,service (en)"
    english += ",about (fr),description (en),for,age,service languages,opening hours,verified\n"
    english += "La Maison,community,Nord,shelter,2026-01-01,Héberge.,Shelters.,418 555-0100,verified,Lits,Beds"
    english += ",Un lit.,A bed.,participants,12 à 17,fr,24/7,2026-11-01\n"
    english += "La Maison,,,,,,,,,Repas,Meals,Un repas.,A meal.,public,,fr; English,Mo-Fr 11:30-13:00,2026-11-02\n"
    commas = packed(region(tmp_path / "b", partenaires__csv="\ufeff" + english), tmp_path / "two")

    assert content_of(commas.root) == content_of(semicolons.root)


@pytest.mark.parametrize("id", PACKS)
def test_each_pack_of_ours_comes_back_from_its_sheets(id: str, tmp_path: Path) -> None:
    before = ROOT / "plugins" / id
    write_sheets(before, tmp_path / "sheets")

    done = make_pack(tmp_path / "sheets", tmp_path / "packs", NewPack(id), now=NOW)

    assert [each.message.params for each in done.warnings if "TO_CONFIRM" not in each.message.msgid] == []
    assert content_of(done.root) == content_of(before)
    manifests = [_comparable(read_toml(root / FILE)[0]) for root in (before, done.root)]
    assert manifests[0] == manifests[1]


THEME: Final = "quoi;valeur\ncouleur;#1d4f7c\npolice;Noto Sans\nlogo;logo.svg\n"
MENU: Final = "page;titre (fr);titre (en);ordre\nnight;La nuit;At night;12\n"
SETTINGS: Final = """\
partie;réglage;valeur;texte (fr);texte (en)
referrals;minimum_age;13;;
site;neutral_title;;Météo;Weather
partners;not_proposed;"[{organization = ""x""}]";;
"""
LOGO: Final = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


def test_theme_menu_and_settings_are_sheets_and_come_back(tmp_path: Path) -> None:
    sheets = region(tmp_path / "a", thème__csv=THEME, logo__svg=LOGO, menu__csv=MENU, réglages__csv=SETTINGS)
    for language in ("fr", "en"):
        page = sheets / "pages" / language / "night.md"
        page.parent.mkdir(parents=True)
        page.write_text("# Night\n")
    done = packed(sheets, tmp_path / "one")
    write_sheets(done.root, tmp_path / "written")
    again = packed(tmp_path / "written", tmp_path / "two")

    content = content_of(done.root)
    assert content["settings"].values == {
        "referrals": {"minimum_age": 13},
        "site": {"neutral_title": {"fr": "Météo", "en": "Weather"}},
        "partners": {"not_proposed": [{"organization": "x"}]},
    }
    assert (content["theme"].typeface, content["theme"].logo is not None) == ("noto_sans", True)
    assert [(each.page, each.order) for each in content["navigation"].entries] == [("night", 12)]
    assert content_of(again.root) == content
    assert {"theme.toml", "navigation.toml", "settings.toml", "logo.svg"} <= set(again.files)


CATALOGUE: Final = {
    "lists__csv": "list;code;label (fr);label (en)\nneeds;safety;Sécurité;Safety\n"
    "activity categories;cultural;Culturelles;Cultural\n",
    "activities__csv": "code;label (fr);label (en);category;retired\nmuseum;Musée;Museum;cultural;yes\n",
    "stages__csv": "model;version;model name (fr);model name (en);code;label (fr);label (en)\n"
    "two;3;Deux;Two;a;A;A\ntwo;;;;b;B;B\n",
    "goals__csv": "code;label (fr);label (en);needs\nkey;Ma clé;My key;safety\n",
}
EMAILS: Final = """\
message;part;text (fr);text (en)
something waits;subject;Du nouveau;News
something waits;sentence;Venez voir.;Come and see.
something waits;sentence;À bientôt.;See you soon.
"""


STAFF: Final = """\
code;title (fr);title (en);purpose (fr);purpose (en);permissions
night_team;Équipe de nuit;Night team;La nuit.;At night.;partners.edit; audit.read
"""


def test_roles_of_staff_are_a_sheet_and_come_back(tmp_path: Path) -> None:
    text = STAFF.replace("partners.edit; audit.read", '"partners.edit; audit.read"')
    done = packed(region(tmp_path / "a", staff_roles__csv=text), tmp_path / "one")
    write_sheets(done.root, tmp_path / "written")
    again = packed(tmp_path / "written", tmp_path / "two")

    (role,) = content_of(done.root)["roles"].written
    assert (role.key, role.permissions) == ("night_team", ("partners.edit", "audit.read"))
    assert content_of(again.root) == content_of(done.root)


def test_catalogue_and_e_mails_are_sheets_and_come_back(tmp_path: Path) -> None:
    done = packed(region(tmp_path / "a", emails__csv=EMAILS, **CATALOGUE), tmp_path / "one")
    write_sheets(done.root, tmp_path / "written")
    again = packed(tmp_path / "written", tmp_path / "two")

    content = content_of(done.root)
    (model,) = content["catalogue"].stage_models
    assert (model.version, [stage.code for stage in model.stages]) == ("3", ["a", "b"])
    assert content["catalogue"].activities[0].retired
    assert [len(own.body) for own in content["notices"].values()] == [2]
    assert content_of(again.root) == content


def test_what_is_wrong_with_catalogue_and_e_mails_is_told_at_its_cell(tmp_path: Path) -> None:
    emails = EMAILS.replace("Venez voir.", "Une référence.").replace("À bientôt.", "")
    stages = CATALOGUE["stages__csv"].replace("two;;;;b;B;B", "two;;;;a;B;B")

    said = findings(region(tmp_path / "a", emails__csv=emails, **{**CATALOGUE, "stages__csv": stages}), tmp_path)

    assert list(said) == ["emails.csv: row 3, text (fr)", "emails.csv: row 4, text (fr)", "stages.csv: row 3, code"]


def test_what_is_wrong_with_theme_and_menu_is_told_at_its_cell(tmp_path: Path) -> None:
    theme = "what;value\ncolour;#e2b5e0\nsecond colour;red\ntypeface;Comic\nshape;round\n"
    menu = "page;order\nnight;soon\nnight;3\n"

    said = findings(region(tmp_path / "a", theme__csv=theme, menu__csv=menu), tmp_path)

    assert {place.partition(" ")[0] for place in said} == {"menu.csv:", "theme.csv:"}
    assert [place.partition(": ")[2] for place in said] == [
        "row 2, order", "row 3, page", "row 2, value", "row 3, value", "row 4, value", "row 5, what",
    ]  # fmt: skip


def _comparable(raw: dict[str, Any]) -> dict[str, Any]:
    """A manifest without what is empty; forms and pages may be of another kind of file."""
    given = {name: value for name, value in raw["provides"].items() if value}
    given["content"] = sorted(name.rpartition(".")[0] or name for name in given["content"])
    return {name: value for name, value in {**raw, "provides": given}.items() if value and value != UNKNOWN}


def test_sheets_of_sheets_are_the_same_sheets(tmp_path: Path) -> None:
    write_sheets(ROOT / "plugins" / "montreal", tmp_path / "one")
    done = make_pack(tmp_path / "one", tmp_path / "packs", NewPack("montreal"), now=NOW)
    write_sheets(done.root, tmp_path / "two")

    for path in sorted((tmp_path / "one").rglob("*.xlsx")):
        other = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert rows_of(path) == rows_of(other), path


def rows_of(path: Path) -> list[Any]:
    """What the sheets of a workbook say; rows of the pack sheet may stand in any order."""
    rows = [[row.cells for row in grid.rows] for grid in open_spreadsheet(path).grids]
    return [sorted(each) for each in rows] if path.name == "pack.xlsx" else rows


def test_a_translation_sheet_fills_what_forms_and_partners_lack(tmp_path: Path) -> None:
    sheets = region(
        tmp_path / "sheets",
        partenaires__csv=PARTNERS.replace("A bed.", "").replace("Shelters.", ""),
        traductions__csv="texte;English (en)\nUn lit.;A bed.\nHéberge.;Shelters.\nSon âge;Their age\nCourte;Short\n",
    )
    (sheets / "forms").mkdir()
    form = "| survey |\n| | type | name | label::Français (fr) |\n| | integer | age | Son âge |\n"
    form += "| settings |\n| | form_title::Français (fr) | default_language |\n| | Courte | Français (fr) |\n"
    (sheets / "forms" / "short.md").write_text(form)

    done = packed(sheets, tmp_path)

    content = content_of(done.root)
    assert content["partners"].organizations[0].services[0].about["en"] == "A bed."
    assert content["forms"][0].questions[0].labels == {"fr": "Son âge", "en": "Their age"}
    assert content["forms"][0].title == {"fr": "Courte", "en": "Short"}
    assert "forms/short.xlsx" in done.files


IN_PART: Final = {
    "pack__csv": PACK.replace("titre;;Ma région", "langues en partie;es;;\ntitre;;Ma région"),
    "secteurs__csv": "secteur (fr);secteur (en);secteur (es)\nNord;North;Norte\n",
}


def test_a_further_language_is_said_in_part_and_comes_back_from_the_sheets_of_the_pack(tmp_path: Path) -> None:
    sheets = region(tmp_path / "sheets", **IN_PART, traductions__csv="texte;en;es\nLits;Beds;Camas\n")
    (sheets / "forms").mkdir()
    form = "| survey |\n| | type | name | label::Français (fr) | label::English (en) | label::Español (es) |\n"
    form += "| | integer | age | Son âge | Their age | ¿Cuántos años tiene? |\n"
    form += "| | text | hopes | Ses espoirs | Her hopes | |\n"
    (sheets / "forms" / "short.md").write_text(form)

    done = packed(sheets, tmp_path)
    write_sheets(done.root, tmp_path / "anew")
    again = packed(tmp_path / "anew", tmp_path / "again")

    assert {each.severity for each in done.warnings} == {"warning"}
    assert read_manifest(done.root).languages_in_part == ("es",)
    directory = read_directory([done.root / "partners.toml"], "my_region")
    assert directory.areas[0].name["es"] == "Norte"
    assert [each.name.get("es") for each in directory.organizations[0].services] == ["Camas", None]
    (short,) = content_of(done.root)["forms"]
    assert [each.labels.get("es") for each in short.questions] == ["¿Cuántos años tiene?", None]
    assert content_of(again.root) == content_of(done.root)
    assert _comparable(read_toml(again.root / FILE)[0]) == _comparable(read_toml(done.root / FILE)[0])


@pytest.mark.parametrize(
    ("row", "areas", "place"),
    [
        ("langues en partie;fr-AC;;\n", AREAS, "plugin.toml"),
        ("langues en partie;ar;;\n", IN_PART["secteurs__csv"], "secteurs.csv: row 1, secteur (es)"),
        ("", IN_PART["secteurs__csv"], "secteurs.csv: row 1, secteur (es)"),
    ],
    ids=["a tag that no language has", "another language", "none"],
)
def test_a_further_language_is_refused_where_it_is_not_named_or_is_none(
    row: str, areas: str, place: str, tmp_path: Path
) -> None:
    pack = IN_PART["pack__csv"].replace("langues en partie;es;;\n", row)

    found = findings(region(tmp_path / "sheets", pack__csv=pack, secteurs__csv=areas), tmp_path)

    assert any(each.startswith(place) for each in found), found


def test_a_term_may_be_named_in_any_language_and_a_slip_gets_a_proposal(tmp_path: Path) -> None:
    terms = "le programme dit;nous disons (fr);nous disons (en)\nPivot youth worker;Alliée;Ally\n"
    done = packed(region(tmp_path / "a", termes__csv=terms), tmp_path / "one")
    assert content_of(done.root)["terms"] == {"Pivot youth worker": {"fr": "Alliée", "en": "Ally"}}

    slip = findings(region(tmp_path / "b", termes__csv=terms.replace("Pivot youth worker", "Our partnerss")), tmp_path)
    assert list(slip) == ["termes.csv: row 2, le programme dit"]
    assert "Is it" in next(iter(slip.values()))


def test_a_cell_that_looks_like_a_formula_stays_text_all_the_way(tmp_path: Path) -> None:
    nasty = "=HYPERLINK(1)"
    done = packed(region(tmp_path / "a", partenaires__csv=PARTNERS.replace("Un lit.", nasty)), tmp_path / "one")
    write_sheets(done.root, tmp_path / "sheets")

    cells = [
        cell for row in openpyxl.load_workbook(tmp_path / "sheets" / "partners.xlsx")["partenaires"] for cell in row
    ]

    assert [cell.data_type for cell in cells if cell.value == nasty] == ["s"]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}


MISTAKEN: Final = {
    "pack__csv": "quoi;valeur;texte (fr);texte (en)\nlangues;fr-CA, en-CA;;\ntitre;;Ma région;\ntitl;x;;\n",
    "partenaires__csv": (
        "organisation (fr);genre;secteurs;langues;rôle;partenaire depuis;ce qu'il fait (fr);ce qu'il fait (en)"
        ";service (fr);service (en);à propos du service (fr);à propos du service (en);pour qui;âges;heures;vérifié le"
        ";téléphon;boulette;courriel\n"
        "La Maison;communautaire;Nrod;martien;Hébergement durgence;1/2/26;Héberge.;;;;;;;;;;;;\n"
        "La Maison;école;;;;;;;Lits;Beds;Un lit.;;personnes participantes;17-12;quand on peut;2026-02-30;;;\n"
        ";;;;;;;;Repas;Meals;x;x;tous;2026-12-17;;2026-11-01;;;\n"
        "Le Centre;école;Nord;;liaison;;x;x;;;;;;;;2026-11-01;;;personne\n"
    ),
    "secteurs__csv": "secteur (fr);secteur (de)\nNord;Nord\n",
    "urgence__csv": EMERGENCY.replace("911;2026-11-01", "neuf;2026-11-01"),
    "coordination__csv": "organisation;depuis\nLa Maisom;2026-01-01\n",
    "termes__csv": "nous disons (fr)\nAlliée\n",
    "referral__csv": (
        "survey,,\n,type,name,label::Français (fr),label::English (en),relevent\n,txet,a,A,A,\n,text,b,B,,\n"
    ),
    "partner__csv": "a\n1\n",
    "legal__toml": "format = \n",
}  # fmt: skip


def test_every_mistake_in_a_folder_is_told_at_once_where_it_is(tmp_path: Path) -> None:
    sheets = folder_with(tmp_path / "sheets", **MISTAKEN)
    (sheets / "pages" / "fr").mkdir(parents=True)
    (sheets / "pages" / "fr" / "youth.md").write_text("no title\n")
    (sheets / "pages" / "es").mkdir()
    (sheets / "pages" / "es" / "youth.md").write_text("# Título\n")

    found = findings(sheets, tmp_path)

    expected = {
        "pack.csv: row 3, texte (en)": "There is no text in",
        "pack.csv: row 4, quoi": "Is it",
        "partenaires.csv: row 1, téléphon": "Is it",
        "partenaires.csv: row 1, boulette": "column of your own",
        "partenaires.csv: row 2, genre": "is not known here",
        "partenaires.csv: row 2, secteurs": "Is it",
        "partenaires.csv: row 2, langues": "is no language",
        "partenaires.csv: row 2, rôle": "Is it",
        "partenaires.csv: row 2, partenaire depuis": "is not a day",
        "partenaires.csv: row 2, ce qu'il fait (en)": "There is no text in",
        "partenaires.csv: row 3, genre": "says otherwise",
        "partenaires.csv: row 3, à propos du service (en)": "There is no text in",
        "partenaires.csv: row 3, âges": "lower one",
        "secteurs.csv: row 2, secteur (fr)": "A name in",
        "partenaires.csv: row 3, heures": "cannot be read as hours",
        "partenaires.csv: row 3, vérifié le": "is not a day",
        "partenaires.csv: row 4, organisation (fr)": "Which organization",
        "partenaires.csv: row 5, partenaire depuis": "is needed here",
        "partenaires.csv: row 5, courriel": "not an e-mail address",
        "secteurs.csv: row 1, secteur (de)": "names no language",
        "urgence.csv: row 2, téléphone": "not a telephone number",
        "coordination.csv: row 2, organisation": "Is it",
        "termes.csv: row 1": "is missing",
        "referral.csv: survey, row 2, relevent": "Is it",
        "referral.csv: survey, row 3, type": "not supported",
        "referral.csv: survey, row 4, label::English (en)": "",
        "partner.csv": "Is it",
        "legal.toml:1": "not valid TOML",
        "pages/fr/youth.md:1": "first line",
        "pages/es/youth.md": "not a language",
    }
    missing = {place: said for place, said in expected.items() if said not in found.get(place, "—")}
    assert missing == {}, found
    assert len(found) >= 15
    untold = {place for place in found if place not in expected}
    assert all(place.startswith("referral.csv") for place in untold), untold


def test_without_languages_or_with_a_plugin_inside_a_folder_is_refused(tmp_path: Path) -> None:
    nothing = findings(folder_with(tmp_path / "a", areas__csv="area (fr)\nNord\n"), tmp_path)
    assert list(nothing.values()) == [
        "The languages of the pack are needed: --languages, or the row “languages” of the pack sheet."
    ]
    plugin = findings(region(tmp_path / "b", plugin__toml="id = 1\n"), tmp_path)
    assert list(plugin) == ["plugin.toml"]


def test_the_same_sheet_twice_and_links_are_refused(tmp_path: Path) -> None:
    sheets = region(tmp_path / "a", areas__csv=AREAS)
    (sheets / "terms.csv").symlink_to("/etc/hostname")

    found = findings(sheets, tmp_path)

    assert set(found) == {"secteurs.csv", "terms.csv"}


def test_a_sheet_with_a_name_nobody_knows_is_told_with_a_proposal(tmp_path: Path) -> None:
    book = workbook(
        [WrittenSheet("secteur", (WrittenColumn("secteur (fr)"),)), WrittenSheet("Areaz", (WrittenColumn("x"),))]
    )

    found = findings(folder_with(tmp_path / "a", pack__csv=PACK, partners__xlsx=book), tmp_path)

    assert {place: said for place, said in found.items() if "sheet" not in place} != {}
    assert any(place == "partners.xlsx: Areaz" and "Is it" in said for place, said in found.items())


REAL_FORMS: Final = sorted(
    p.name for p in (ASSETS / "xlsforms").glob("*.*") if p.suffix == ".xlsx" or "question" in p.name
)


@pytest.mark.parametrize("name", REAL_FORMS)
def test_forms_made_elsewhere_become_part_of_a_pack_or_are_refused_by_name(name: str, tmp_path: Path) -> None:
    sheets = region(tmp_path / "sheets")
    (sheets / "forms").mkdir()
    shutil.copy(ASSETS / "xlsforms" / name, sheets / "forms" / name)
    try:
        done = packed(sheets, tmp_path)
    except ContentInvalid as invalid:
        errors = [each for each in invalid.findings if each.severity == "error"]
        assert errors
        assert {each.file for each in errors} == {f"forms/{name}"}
    else:
        assert [form.key for form in content_of(done.root)["forms"]] == [Path(name).stem]


@pytest.mark.parametrize("name", ["organization_full.json", "service_full.json"])
def test_a_directory_of_others_becomes_partners(name: str, tmp_path: Path) -> None:
    sheets = folder_with(
        tmp_path / "sheets",
        pack__csv="what;text (en)\ntitle;My region\ncoordination to confirm;To be decided.\n",
        areas__csv="area (en)\nMyCity\nMyCity Community Area\n",
        emergency__csv="name (en);when to call (en);for what;areas;phone;verified on\n"
        "911;In danger.;immediate danger;MyCity, MyCity Community Area;911;2026-11-01\n",
    )
    shutil.copy(ASSETS / "hsds" / name, sheets / name)
    refusal = findings(sheets, tmp_path, languages=("en-CA",))
    assert all("Where the service is offered" in said for said in refusal.values()), refusal

    area = '"service_areas": [{"id": "00000000-0000-4000-8000-000000000000", "name": "MyCity"}], "_areas":'
    (sheets / name).write_text((ASSETS / "hsds" / name).read_text().replace('"service_areas":', area))
    done = packed(sheets, tmp_path, languages=("en-CA",))

    (brought,) = content_of(done.root)["partners"].organizations
    assert (brought.key, brought.status) == ("example_organization_inc", "secondary")
    assert [each.areas for each in brought.services] == [("mycity",)]
    assert any("not understood" in each.message.msgid for each in done.warnings)


def test_empty_sheets_have_headers_that_are_understood_and_notes_that_explain(tmp_path: Path) -> None:
    done = write_empty_sheets(tmp_path / "empty", BOTH)

    assert set(done.files) == {"pack.xlsx", "partners.xlsx", "terms.xlsx", "translations.xlsx", "forms/referral.xlsx"}
    topics = {normalized(name): table for table in TABLES for name in table.names}
    book = openpyxl.load_workbook(done.folder / "partners.xlsx")
    assert "mode d'emploi" in book.sheetnames
    for grid in open_spreadsheet(done.folder / "partners.xlsx").grids:
        table = topics.get(normalized(grid.sheet or ""))
        if table is None or str(grid.sheet).startswith("_"):
            continue
        assert read_rows(grid, table, BOTH)[1] == []
        assert grid.rows == ()
        assert all(cell.comment for cell in book[str(grid.sheet)][1]), grid.sheet
        offered = {
            str(rule.sqref).rstrip("0123456789") for rule in book[str(grid.sheet)].data_validations.dataValidation
        }
        assert len(offered) >= sum(column.kind in ("choice", "flag") for column in table.columns)
    english = write_empty_sheets(tmp_path / "english", ("en-CA",))
    assert open_spreadsheet(english.folder / "partners.xlsx").grids[0].headers[0] == "organization (en)"


def test_a_folder_is_never_written_over(tmp_path: Path) -> None:
    write_empty_sheets(tmp_path / "out", BOTH)
    with pytest.raises(CannotWriteSheets):
        write_empty_sheets(tmp_path / "out", BOTH)
    with pytest.raises(CannotWriteSheets):
        write_sheets(ROOT / "plugins" / "regional_intake", tmp_path / "code")


def test_a_pack_of_sheets_is_one_that_a_set_takes(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "plugins" / "quebec", tmp_path / "packs" / "quebec")
    done = make_pack(region(tmp_path / "sheets"), tmp_path / "packs" / "sheet_region", NewPack("sheet_region"), now=NOW)

    made = build_set(discover([tmp_path / "packs"]), ["quebec", "sheet_region"], app.rooms(), app.catalog_folder())

    assert (done.root.name, made.left_out) == ("sheet_region", {})


def test_the_page_of_columns_names_each_with_its_french_name_and_what_it_is() -> None:
    page = (ROOT / "docs" / "sheets.md").read_text()
    for table in TABLES:
        assert f"`{table.names[0]}`" in page
        for column in table.columns:
            mark = " ¶" if column.kind == "words" else ""
            row = f"| {column.names[0]}{mark} | {column.names[1]}{mark} | {column.about.msgid}"
            assert column.about.params or row in page, row


def partners_workbook(*, title: bool = False, **cells: object) -> bytes:
    """The partners of a region as a workbook, with other values in cells by their address."""
    rows = [line.split(";") for line in PARTNERS.strip().split("\n")]
    book = openpyxl.load_workbook(
        io.BytesIO(saved({" partenaires ": [["Partenaires 2026"], *rows] if title else rows}))
    )
    for place, value in cells.items():
        book.active[place] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_with_a_title_and_blanks_in_its_sheet_s_name_makes_the_same_region(tmp_path: Path) -> None:
    plain = packed(region(tmp_path / "a"), tmp_path / "one")
    sheets = region(tmp_path / "b", partenaires__XLSX=partners_workbook(title=True))
    (sheets / "partenaires.csv").unlink()

    titled = packed(sheets, tmp_path / "two")

    assert content_of(titled.root)["partners"] == content_of(plain.root)["partners"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("#REF!", "shows the error"),
        ('="La "&"Maison"', "formula without a value"),
        (dt.datetime(2026, 12, 17), "made a date"),
        (dt.time(9, 30), "made a time"),
        (True, "made a truth value"),
    ],
)
def test_a_cell_of_a_partner_sheet_that_shows_no_text_is_told_at_its_place(
    tmp_path: Path, value: object, said: str
) -> None:
    header = PARTNERS.split("\n", 1)[0].split(";")[0]
    sheets = region(tmp_path / "sheets", partenaires__xlsx=partners_workbook(A2=value))
    (sheets / "partenaires.csv").unlink()

    found = findings(sheets, tmp_path)

    assert said in found[f"partenaires.xlsx:  partenaires , row 2, {header}"]


def test_a_sheet_of_another_kind_and_one_that_stands_there_twice_are_named(tmp_path: Path) -> None:
    sheets = region(tmp_path / "sheets", partenaires__xlsx=partners_workbook(), areas__xlsb=b"PK", areas__numbers=b"PK")
    (sheets / "forms").mkdir()
    (sheets / "forms" / "referral.xlsb").write_bytes(b"\xd0\xcf\x11\xe0")

    found = findings(sheets, tmp_path)

    assert "stands there twice" in found["partenaires.xlsx:  partenaires "]
    assert {"areas.xlsb", "areas.numbers", "forms/referral.xlsb"} <= {
        place for place, said in found.items() if "is not read" in said
    }


def test_a_form_with_a_cell_that_shows_no_text_is_not_filled_from_the_translations(tmp_path: Path) -> None:
    form = saved({"survey": [["type", "name", "label::fr", "label::en"], ["text", "a", "Nom", "#REF!"]]})
    sheets = region(tmp_path / "sheets", translations__csv="texte;fr;en\nNom;Nom;Name\n")
    (sheets / "forms").mkdir()
    (sheets / "forms" / "advice.xlsx").write_bytes(form)

    found = findings(sheets, tmp_path)

    assert "shows the error" in found["forms/advice.xlsx: survey, row 2, label::en"]

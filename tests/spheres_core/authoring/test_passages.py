"""A careful eye: what stands in the wrong language or lost a letter is found, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from spheres_core.authoring import accepted_texts, text_passages
from spheres_core.foundation.content.readable_codes import ALPHABET
from spheres_core.foundation.languages.text_checks import Passage, check_text, language_of

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "tests" / "assets" / "passages" / "services_en.txt"


def slips(folder: Path, name: str, text: str, language: str = "en") -> list[tuple[str, int | None]]:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return [(each.kind, each.line) for each in text_passages.lint([path], language)]


def kinds(text: str, language: str) -> list[str]:
    return [each.kind for each in check_text(Passage(text, language, "x"))]


def test_the_french_paragraph_of_the_programmes_english_page_is_found_with_its_lost_apostrophes() -> None:
    found = [(each.kind, each.line) for each in text_passages.lint([PAGE], "en")]

    assert found == [("untranslated", 7), ("apostrophe", 7), ("apostrophe", 7)]


@pytest.mark.parametrize("place", ["docs", "plugins", "locales", "README.md", "CHANGELOG.md"])
def test_nothing_of_our_own_stands_out(place: str) -> None:
    """No false alarm: neither in the documentation nor in a pack, a form or a catalog."""
    assert [(each.file, each.line, each.excerpt) for each in text_passages.lint([ROOT / place], "en")] == []


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Buvez de l eau chaque jour.", "fr", ["apostrophe"]),
        ("L eau est froide. C est vrai.", "fr", ["apostrophe", "apostrophe"]),
        ("Elle vient aujourdhui et quil pleuve.", "fr", ["apostrophe", "apostrophe"]),
        ("You dont have to.", "en", ["apostrophe"]),
        ("We don t ask, and it isn t kept.", "en", ["apostrophe", "apostrophe"]),
        ("the participants s pace", "en", ["apostrophe"]),
        ("You ll see that they re here and I m too.", "en", ["apostrophe"] * 3),
        ("Ce dont vous parlez est à vous.", "fr", []),
        ("Le groupe a un local, de A à Z, et la vitamine C.", "fr", []),
        ("Plan A is as good as plan B; s. 4 of the Act.", "en", []),
        ("RÃ©fÃ©rence", "fr", ["mojibake", "mojibake"]),
        ("Itâ€™s fine, she said.", "en", ["mojibake"]),
        ("Ma foi, c’est l’Âge d’or.", "fr", []),
        ("Please tell us what you need. Nous vous répondrons dans les deux jours qui suivent.", "en", ["untranslated"]),
        ("The Institut universitaire Jeunes en difficulté helped with the study.", "en", []),
        ("Write to us in the way that is safe for you.", "iu-Cans", ["untranslated"]),
        ("ᐃᓄᒃᑎᑐᑦ ᐃᓄᒃᑎᑐᑦ ᐃᓄᒃᑎᑐᑦ ᐃᓄᒃᑎᑐᑦ", "iu-Cans", []),
        ("Write to us in the way that is safe for you.", "es", ["untranslated"]),
    ],
)
def test_what_a_passage_lost_is_seen_and_what_it_has_is_not(text: str, language: str, expected: list[str]) -> None:
    assert kinds(text, language) == expected


SPANISH = (
    "Ella no está sola. Le ayudamos a encontrar un lugar seguro y la acompañamos.",
    "La casa de la calle es un lugar seguro.",
    "No es tu culpa. Puedes llamar a la línea de ayuda, de día o de noche.",
    "Nos vemos en la sala de la planta baja, al sur de la plaza.",
    "Les ofrecemos un lugar para dormir si no quieren volver a casa.",
    "Se lo decimos a ella y a su familia, si ella lo quiere.",
)
OTHERS = (
    ("Ela não está sozinha. Ajudamos a encontrar um lugar seguro e a acompanhamos.", "pt"),
    ("Non è sola. La aiutiamo a trovare un posto sicuro e la accompagniamo.", "it"),
    ("Ou pa pou kont ou. Nou ka ede ou jwenn yon kote ki an sekirite.", "ht"),
    ("Ella no está sola. Puedes llamar cuando quieras, de día o de noche.", "es-419"),
    ("Tshe tshitapatamaku eshpish minupanit mak tshetshi uauitshinakanit.", "moe"),
)


@pytest.mark.parametrize(("text", "language"), [*((text, "es") for text in SPANISH), *OTHERS])
def test_a_text_in_its_own_language_is_not_taken_for_a_close_one(text: str, language: str) -> None:
    assert kinds(text, language) == []


@pytest.mark.parametrize("declared", ["es", "pt", "ht", "moe"])
@pytest.mark.parametrize(
    "text",
    [
        "Nous sommes là pour vous et avec vous, sans rien vous demander.",
        "Elle peut écrire dans la langue de son choix, et vous lui répondrez par le moyen qui est sûr pour elle.",
        "We are here for you and with you, and we do not ask who you are.",
    ],
)
def test_a_text_that_was_left_in_french_or_english_is_found_in_a_close_language_too(declared: str, text: str) -> None:
    assert kinds(text, declared) == ["untranslated"]


def test_what_somebody_accepted_is_remembered_in_the_pack_until_the_text_changes(tmp_path: Path) -> None:
    root = tmp_path / "innu"
    strange = "# Page\n\nNous sommes là pour vous et avec vous.\n"
    slips(root, "pages/es/a.md", strange, "es")
    (root / "plugin.toml").write_text('id = "innu"\n')

    found = text_passages.lint([root / "pages"], "es")
    accepted_texts.accept(root / "accepted_texts.toml", found)

    assert [each.kind for each in found] == ["untranslated"]
    assert text_passages.lint([root / "pages"], "es") == []
    slips(root, "pages/es/a.md", strange.replace("là", "toujours là"), "es")
    assert [each.kind for each in text_passages.lint([root / "pages"], "es")] == ["untranslated"]


def test_other_placeholders_cannot_be_accepted(tmp_path: Path) -> None:
    text = 'name = {fr = "Bonjour {nom}", en = "Hi {who}"}\n'
    (tmp_path / "plugin.toml").write_text('id = "x"\n')
    slips(tmp_path, "a.toml", text)

    accepted_texts.accept(tmp_path / "accepted_texts.toml", text_passages.lint([tmp_path / "a.toml"], "en"))

    assert [each.kind for each in text_passages.lint([tmp_path / "a.toml"], "en")] == ["placeholders"]


def test_code_addresses_and_marked_passages_are_not_read_in_the_pages_language(tmp_path: Path) -> None:
    text = (
        "# A page\n\nRun `ne pas le dire avec les autres`.\n\n```sh\nne pas le dire avec les autres\n```\n\n"
        '<p lang="fr">Nous sommes là pour vous et avec vous.</p>\n\nNous sommes là pour vous et avec vous.\n'
    )
    assert slips(tmp_path, "a.md", text) == [("untranslated", 11)]


def test_a_table_is_read_by_the_languages_that_its_headers_or_its_lines_name(tmp_path: Path) -> None:
    french = "Nous sommes là pour vous et avec vous."
    text = f"| about (en) | what it is in our words (fr) |\n|---|---|\n| {french} | {french} |\n\n"
    text += f"| | |\n|---|---|\n| what it is in our words (fr) | {french} |\n| about | {french} |\n"
    assert slips(tmp_path, "a.md", text) == [("untranslated", 3), ("untranslated", 8)]


def test_a_web_page_is_read_by_its_own_marks(tmp_path: Path) -> None:
    text = (
        '<html lang="en"><body><p>We are here for you.</p>\n<p lang="fr">Nous sommes là pour vous et avec vous.</p>\n'
        '<p>Nous sommes là <b>pour vous</b> et avec vous.</p>\n<img alt="Nous sommes là pour vous et avec vous.">\n'
        "<script>// nous sommes là pour vous et avec vous</script>{{ _('x') }}</body></html>"
    )
    assert slips(tmp_path, "a.html", text, "fr") == [("untranslated", 3), ("untranslated", 4)]


def test_a_catalog_is_read_in_its_own_language_against_its_source(tmp_path: Path) -> None:
    text = (
        'msgid ""\nmsgstr ""\n"Language: fr_CA\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Hello {name}"\nmsgstr "Bonjour {nom}"\n\nmsgid "Water"\nmsgstr "De l eau"\n\n'
        'msgid "{n} day"\nmsgid_plural "{n} days"\nmsgstr[0] "Un jour"\nmsgstr[1] "{n} jours"\n\n'
        'msgid "We are here"\nmsgstr "We are here for you and with you"\n'
    )
    found = slips(tmp_path, "locales/fr_CA/LC_MESSAGES/x.po", text)
    assert found == [("placeholders", 6), ("apostrophe", 9), ("untranslated", 17)]


def test_texts_of_a_pack_are_read_each_in_its_own_language(tmp_path: Path) -> None:
    name = 'name = {fr = "We are here for you and with you.", en = "Hi {who}"}'
    text = f'format = 1\n[a]\n{name}\nx = {{b = "le la les de"}}\n'
    assert slips(tmp_path, "a.toml", text) == [("untranslated", 3), ("placeholders", 3)]


def test_a_form_is_read_by_its_columns(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "survey"
    for row in (
        ["type", "name", "label::Français (fr)", "label::English (en)"],
        ["text", "a", "Buvez de l eau.", "Drink the water."],
        ["text", "b", "We are here for you and with you.", "We are here for ${a}."],
    ):
        sheet.append(row)
    book.save(tmp_path / "form.xlsx")

    found = [(each.kind, each.sheet, each.row, each.column) for each in text_passages.lint([tmp_path], "en")]
    assert found == [
        ("apostrophe", "survey", 2, "label::Français (fr)"),
        ("untranslated", "survey", 3, "label::Français (fr)"),
        ("placeholders", "survey", 3, "label::English (en)"),
    ]


def test_a_folder_says_by_its_name_what_it_is_in(tmp_path: Path) -> None:
    slips(tmp_path, "pages/fr/a.md", "# Bonjour\n\nNous sommes là pour vous et avec vous.\n")

    assert text_passages.lint([tmp_path], "en") == []
    assert len(text_passages.lint([tmp_path / "pages/fr/a.md"], "en")) == 1


def test_a_file_that_is_not_text_is_said_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Bonjour\nÀ bientôt\n".encode("latin-1"))

    assert [(each.kind, each.line) for each in text_passages.lint([tmp_path], "fr")] == [("damaged", 2)]


def test_names_and_short_labels_say_nothing() -> None:
    assert [language_of(text) for text in ("Les Survivantes", "Services", "En Marge 12-17", "Partners")] == [None] * 4


CODE = st.lists(st.text(ALPHABET, min_size=3, max_size=4), min_size=3, max_size=4).map("-".join)


@given(codes=st.lists(CODE, min_size=1))
@example(codes=["Y4P-NNA-E3Y-8WF"])
def test_codes_are_in_no_language(codes: list[str]) -> None:
    """Letters between digits are no words, whatever they spell."""
    assert language_of(" ".join(codes), "en") is None

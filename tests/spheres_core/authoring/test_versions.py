"""What changes between two versions is found by name in each part, without running either."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from spheres_core.authoring import scaffold
from spheres_core.authoring.scaffold import NewPlugin
from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.site.plugin_diff import changes
from tests.spheres_core.cli.conftest import Spheres, spheres

__all__ = ["spheres"]

LANGUAGES: Final = ("fr-CA", "en-CA")
Edit = Callable[[Path], object]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("first")
    kinds: tuple[scaffold.Tier, ...] = ("pack", "code")
    return {
        kind: scaffold.create_plugin(
            NewPlugin(kind, f"my_{kind}", LANGUAGES, {"fr": "Mien", "en": "Mine"}), folder / f"my_{kind}"
        )
        for kind in kinds
    }


def edit(file: str, old: str, new: str) -> Edit:
    def editing(root: Path) -> None:
        text = (root / file).read_text()
        assert old in text
        (root / file).write_text(text.replace(old, new, 1))

    return editing


def add(file: str, text: str) -> Edit:
    def adding(root: Path) -> None:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        with (root / file).open("a") as end:
            end.write(text)

    return adding


AREA: Final = '\n[[areas]]\nkey = "north"\nname = {fr = "Nord", en = "North"}\n'
CASES: Final[dict[str, tuple[str, Edit, list[tuple[str, str, str, Any, Any]]]]] = {
    "a version": (
        "pack",
        edit("plugin.toml", '"0.1.0"', '"0.2.0"'),
        [("manifest", "change", "version", "0.1.0", "0.2.0")],
    ),
    "a hook": (
        "code",
        edit("plugin.toml", '  "assess_eligibility",\n', ""),
        [("manifest", "remove", "provides.hooks", "assess_eligibility", None)],
    ),
    "personal data": (
        "code",
        edit("plugin.toml", '["community"]', '["community", "name"]'),
        [("manifest", "add", "data.categories", None, "name")],
    ),
    "a permission": (
        "code",
        edit("plugin.toml", "[provides.permissions]", '[provides.permissions]\n"my_code.x" = {fr = "X", en = "X"}'),
        [("manifest", "add", "provides.permissions.my_code.x", None, {"fr": "X", "en": "X"})],
    ),
    "a route": (
        "code",
        edit("pages.py", '"/far"', '["/far", "/near"]'),
        [
            ("routes", "add", "GET /near", None, "requires('my_code.read')"),
            ("code", "change", "pages.py", None, None),
        ],
    ),
    "a guard": (
        "code",
        edit("pages.py", 'requires("my_code.read")', "public"),
        [
            ("routes", "change", "GET /far", "requires('my_code.read')", "public"),
            ("code", "change", "pages.py", None, None),
        ],
    ),
    "a setting": (
        "code",
        add("settings.py", "    nights: int = 3\n"),
        [("settings", "add", "nights", None, "int = 3"), ("code", "change", "settings.py", None, None)],
    ),
    "a migration": (
        "code",
        add("migrations/0002_more.py", "revision = 2\n"),
        [("code", "add", "migrations/0002_more.py", None, None)],
    ),
    "a translation": (
        "code",
        edit("locales/fr_CA/LC_MESSAGES/my_code.po", "Elle est loin", "La personne est loin"),
        [
            (
                "locales/fr_CA",
                "change",
                "She is far from services.",
                "Elle est loin des services.",
                "La personne est loin des services.",
            )
        ],
    ),
    "a partner's hours": (
        "pack",
        edit("partners.toml", "20:00", "21:00"),
        [
            (
                "partners.toml",
                "change",
                "organizations.example_house.services.example_beds.hours.1.from",
                "20:00",
                "21:00",
            )
        ],
    ),
    "an area": (
        "pack",
        edit("partners.toml", "\n[[organizations]]", f"{AREA}\n[[organizations]]"),
        [("partners.toml", "add", "areas.north", None, {"key": "north", "name": {"fr": "Nord", "en": "North"}})],
    ),
    "a term": (
        "pack",
        edit("terms.toml", "Nos partenaires", "Nos ressources"),
        [
            (
                "terms.toml",
                "change",
                "terms.Our partners.term.fr",
                "Nos partenaires (exemple)",
                "Nos ressources (exemple)",
            )
        ],
    ),
    "a page": ("pack", add("pages/en/youth.md", "# For you\n"), [("pages", "add", "en/youth.md", None, "For you")]),
}


@pytest.mark.parametrize("case", CASES)
def test_each_change_is_told_once_with_its_place_and_both_values(
    first: dict[str, Path], tmp_path: Path, case: str
) -> None:
    kind, change, told = CASES[case]
    second = shutil.copytree(first[kind], tmp_path / first[kind].name)
    change(second)

    found = [(each.part, each.kind, each.what, each.before, each.after) for each in changes(first[kind], second)]

    assert found == told
    back = [(each.part, each.what, each.after, each.before) for each in changes(second, first[kind])]
    assert back == [(part, what, before, after) for part, _, what, before, after in told]


def test_a_form_is_compared_question_by_question_with_its_versions(first: dict[str, Path], tmp_path: Path) -> None:
    second = shutil.copytree(first["pack"], tmp_path / "my_pack")
    form = second / "forms" / "referral.md"
    lines = form.read_text().replace("Your name", "What is your name?").splitlines(keepends=True)
    form.write_text("".join(line for line in lines if "her_words" not in line and "| Transport |" not in line))

    found = {(each.kind, each.what): (each.before, each.after) for each in changes(first["pack"], second)}

    before, after = found.pop(("change", "version"))
    assert before != after
    assert len(before) == 12
    assert set(found) == {
        ("remove", "questions.about.her_words"),
        ("change", "questions.referrer.referrer_name.labels.en"),
        ("remove", "choices.need.transport"),
    }
    assert found["change", "questions.referrer.referrer_name.labels.en"] == ("Your name", "What is your name?")


def test_questions_in_another_order_are_a_change_although_none_is_new(first: dict[str, Path], tmp_path: Path) -> None:
    second = shutil.copytree(first["pack"], tmp_path / "my_pack")
    form = second / "forms" / "referral.md"
    lines = form.read_text().splitlines(keepends=True)
    place = next(number for number, line in enumerate(lines) if "| integer | age |" in line)
    lines[place], lines[place + 1] = lines[place + 1], lines[place]
    form.write_text("".join(lines))

    assert [each.what for each in changes(first["pack"], second)] == ["version", "order"]


def test_equal_versions_have_no_difference_and_tests_or_caches_do_not_count(
    first: dict[str, Path], tmp_path: Path
) -> None:
    second = shutil.copytree(first["code"], tmp_path / "my_code")
    add("tests/test_more.py", "x = 1\n")(second)
    add("__pycache__/x.py", "x = 1\n")(second)

    assert changes(first["code"], second) == []


def test_a_version_that_cannot_be_read_is_refused_with_its_place(first: dict[str, Path], tmp_path: Path) -> None:
    second = shutil.copytree(first["pack"], tmp_path / "my_pack")
    edit("forms/referral.md", "select_one knows", "select_one nothing")(second)

    with pytest.raises(ContentInvalid, match="forms/referral"):
        changes(first["pack"], second)


def test_neither_version_is_run(first: dict[str, Path], tmp_path: Path) -> None:
    second = shutil.copytree(first["code"], tmp_path / "my_code")
    add("hooks.py", f"\nopen({str(tmp_path / 'ran')!r}, 'w')\n")(second)

    assert [each.what for each in changes(first["code"], second)] == ["hooks.py"]
    assert not (tmp_path / "ran").exists()


def test_people_read_names_and_programs_all_of_it(spheres: Spheres, first: dict[str, Path], tmp_path: Path) -> None:
    second = shutil.copytree(first["pack"], tmp_path / "my_pack")
    edit("partners.toml", "\n[[organizations]]", f"{AREA}\n[[organizations]]")(second)
    edit("plugin.toml", '"0.1.0"', '"0.2.0"')(second)

    said = spheres("plugin", "diff", first["pack"], tmp_path, "--language", "fr")
    told = spheres("plugin", "diff", first["pack"], second, "--json").json
    same = spheres("plugin", "diff", "montreal", "montreal")
    nowhere = spheres("plugin", "diff", first["pack"], "nowhere")

    assert said.code == 0, said
    assert said.out.splitlines() == [
        "Ce qu’il dit de lui-même", "  ~ version: 0.1.0 → 0.2.0", "partners.toml", "  + areas.north: Nord",
    ]  # fmt: skip
    assert (told["same"], told["before"], told["after"]) == (
        False, {"id": "my_pack", "version": "0.1.0"}, {"id": "my_pack", "version": "0.2.0"},
    )  # fmt: skip
    assert told["changes"][1]["after"]["name"] == {"fr": "Nord", "en": "North"}
    assert same.out == "Nothing differs.\n"
    assert (nowhere.code, nowhere.err) == (1, "Error: nowhere is neither a folder nor a plugin on this machine.\n")

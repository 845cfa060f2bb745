"""A misspelt language tag is refused where it stands, with the one that was probably meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.foundation.languages.tags import nearest_tag, problem_with_tag
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.plugins.manifest import read_manifest
from spheres_core.foundation.plugins.set_builder import build_set
from spheres_core.site.content_pages import read_pages
from tests.plugins.planting import plant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("fr-AC", "fr-CA"), ("fra", "fr-CA"), ("FR", "fr-CA"), ("fr_CA", "fr-CA"), ("français", "fr-CA"),
        ("fr-QC", "fr-CA"), ("English", "en-CA"), ("eng", "en-CA"), ("es-QC", "es"), ("spa", "es"),
        ("Español (es)", "es"), ("tlh", ""), ("", ""),
    ],
)  # fmt: skip
def test_the_language_that_was_probably_meant_is_proposed(written: str, meant: str) -> None:
    assert nearest_tag(written) == meant


@pytest.mark.parametrize("tag", ["fr-CA", "fr", "es", "es-419", "iu-Cans", "iu-Latn-CA", "moe", "atj", "cr-Cans"])
def test_a_language_of_cldr_or_one_that_cldr_does_not_know_at_all_stands(tag: str) -> None:
    assert problem_with_tag(tag) is None


@pytest.mark.parametrize(("tag", "close"), [("fr-AC", "fr-CA"), ("en_CA", "en-CA"), ("fra", "fr-CA"), ("es-CA", "es")])
def test_a_pack_with_a_misspelt_language_is_refused_at_its_line(tag: str, close: str, tmp_path: Path) -> None:
    root = plant(tmp_path, "misspelt")
    file = root / "plugin.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    number = next(at for at, line in enumerate(lines, 1) if line.startswith("languages"))
    lines[number - 1] = f'languages = ["fr-CA", "en-CA", "{tag}"]'
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    with pytest.raises(ContentInvalid) as refused:
        read_manifest(root)

    found = [each for each in refused.value.findings if each.message.params.get("close")]
    assert [(each.file, each.line, each.message.params["close"]) for each in found] == [("plugin.toml", number, close)]


@pytest.mark.parametrize("folder", ["fr-AC", "fra", "en_CA", "es"])
def test_a_page_in_a_folder_that_is_no_language_of_its_pack_is_refused(folder: str, tmp_path: Path) -> None:
    root = plant(tmp_path, "paged")
    page = root / "pages" / folder / "youth.md"
    page.parent.mkdir(parents=True)
    page.write_text("# Bonjour\n\nNous sommes là.\n", encoding="utf-8")

    with pytest.raises(ContentInvalid) as refused:
        read_pages([page], "paged")

    assert [each.file for each in refused.value.findings] == [f"pages/{folder}/youth.md"]


def test_a_catalog_in_a_folder_that_is_no_language_leaves_its_plugin_out(tmp_path: Path) -> None:
    root = plant(tmp_path, "spoken")
    catalog = root / "locales" / "fr_AC" / "LC_MESSAGES" / "spoken.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n', encoding="utf-8")

    made = build_set(discover([tmp_path]), ["spoken"], {}, tmp_path)

    assert made.left_out["spoken"].params["place"] == "locales/fr_AC"
    assert made.left_out["spoken"].params["reason"].params["close"] == "fr-CA"

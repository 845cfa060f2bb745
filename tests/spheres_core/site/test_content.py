"""Pages of text from packs: what is let through, what is refused, and in which language it is shown."""

import re
from pathlib import Path

import pytest

from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.site.content_pages import read_pages


def written(folder: Path, text: str, *, language: str = "fr", slug: str = "youth") -> list[Path]:
    path = folder / "pages" / language / f"{slug}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return [path]


def test_a_page_has_its_title_and_its_text(tmp_path: Path) -> None:
    page = read_pages(written(tmp_path, "# Pour toi\n\n## Un\n\n- deux\n- trois\n"), "x")["youth"]["fr"]

    assert page.title == "Pour toi"
    assert page.html == "<h2>Un</h2>\n<ul>\n<li>deux</li>\n<li>trois</li>\n</ul>\n"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[here](javascript:alert(1))",
        "[here](data:text/html;base64,PHNjcmlwdD4=)",
        "<iframe src='https://example.org'></iframe>",
        "<p style='position:fixed' onclick='x()'>over</p>",
    ],
)
def test_nothing_that_acts_is_let_through(tmp_path: Path, hostile: str) -> None:
    html = read_pages(written(tmp_path, f"# Titre\n\n{hostile}\n"), "x")["youth"]["fr"].html

    tags = re.findall(r"<[^>]+>", html)
    assert [tag for tag in tags if re.search(r"script|<img|<iframe|data:|style=|on\w+=", tag)] == []


@pytest.mark.parametrize("text", ["", "No title\n", "## Too deep\n", "#   \n\ntext"])
def test_a_page_without_a_title_is_refused_by_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(ContentInvalid) as refused:
        read_pages(written(tmp_path, text), "x")

    assert [(each.file, each.line) for each in refused.value.findings] == [("pages/fr/youth.md", 1)]


def test_a_second_title_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ContentInvalid) as refused:
        read_pages(written(tmp_path, "# One\n\ntext\n\n# Two\n"), "x")

    assert [each.line for each in refused.value.findings] == [5]


def test_every_wrong_file_is_named_at_once(tmp_path: Path) -> None:
    paths = written(tmp_path, "x", slug="a") + written(tmp_path, "y", slug="b", language="en")
    with pytest.raises(ContentInvalid) as refused:
        read_pages(paths, "x")

    assert [each.file for each in refused.value.findings] == ["pages/fr/a.md", "pages/en/b.md"]

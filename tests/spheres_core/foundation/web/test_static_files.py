"""Static files are fetched once: each has its content's hash in its address, and a smaller form where that saves."""

import gzip
from pathlib import Path

import pytest

from spheres_core.app import page_files
from spheres_core.foundation.web.static_files import KEPT, StaticFiles


def write(folder: Path, **texts: str) -> StaticFiles:
    for name, text in texts.items():
        (folder / name.replace("_", ".")).write_text(text)
    return StaticFiles({"room": folder})


def sent(files: StaticFiles, address: str, accepted: str = "") -> tuple[bytes, dict[str, str]]:
    path, _, version = address.removeprefix("/static/").partition("?v=")
    answer = files.answer(path, version, accepted)
    assert answer is not None
    return answer.content, dict(answer.headers)


def test_an_address_changes_with_its_file_and_with_what_the_file_names(tmp_path: Path) -> None:
    before = write(tmp_path, page_css='@font-face { src: url("font.woff2") }', font_woff2="old", other_css="b {}")
    after = write(tmp_path, font_woff2="new")

    for name in ("page.css", "font.woff2"):
        assert before.address(f"room/{name}") != after.address(f"room/{name}")
    assert before.address("room/other.css") == after.address("room/other.css")
    assert f'url("{after.address("room/font.woff2")}")'.encode() in sent(after, after.address("room/page.css"))[0]


def test_modules_name_one_another_by_such_addresses(tmp_path: Path) -> None:
    files = write(tmp_path, a_js='import { b } from "./b.js";\nimport "./b.js";', b_js="export const b = 1;")

    assert sent(files, files.address("room/a.js"))[0].decode().count(files.address("room/b.js")) == 2


def test_files_that_name_one_another_in_a_circle_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"room/a\.js"):
        write(tmp_path, a_js='import "./b.js";', b_js='import "./a.js";')


def test_only_the_version_of_the_address_is_kept(tmp_path: Path) -> None:
    files = write(tmp_path, page_css="b {}")

    assert sent(files, files.address("room/page.css"))[1]["cache-control"] == KEPT
    for other in ("/static/room/page.css", "/static/room/page.css?v=", "/static/room/page.css?v=0123456789"):
        assert sent(files, other)[1]["cache-control"] == "no-store"
    assert files.answer("room/../page.css", "", "") is None
    assert files.answer("room/none.css", "", "") is None


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0, br", False),
        ("", False),
        ("identity", False),
    ],
)
def test_it_is_sent_smaller_to_who_understands_that(tmp_path: Path, accepted: str, packed: bool) -> None:
    files = write(tmp_path, page_css="b { color: red }\n" * 100, font_woff2="x" * 1000)
    body, headers = sent(files, files.address("room/page.css"), accepted)

    assert (headers.get("content-encoding") == "gzip") is packed
    assert (gzip.decompress(body) if packed else body) == b"b { color: red }\n" * 100
    assert headers["vary"] == "Accept-Encoding"
    assert "vary" not in sent(files, files.address("room/font.woff2"), accepted)[1]


def test_everything_that_our_own_files_name_is_there() -> None:
    assert page_files.static_files().address("site/tokens.css")
    assert b"?v=" in sent(page_files.static_files(), page_files.static_files().address("site/tokens.css"))[0]
    assert b"?v=" in sent(page_files.static_files(), page_files.static_files().address("forms/form.js"))[0]

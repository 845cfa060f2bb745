"""A region's colours, typeface and logo: applied under the strict policy, refused where nobody could read them."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.site.theme_colours import (
    SHAPES,
    TEXT,
    Accent,
    Scheme,
    contrast,
    core_tokens,
    readable,
    tokens_of,
    weak_pairs,
)
from spheres_core.site.theme_file import Theme, read_theme
from spheres_core.site.theme_logo import LARGEST, LogoRefused, read_logo
from spheres_core.testing import World, definition

SVG: Final = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'
COLOURS: Final = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def theme(folder: Path, text: str, **files: bytes) -> Theme:
    path = folder / "theme.toml"
    path.write_text(f"format = 1\n{text}\n", encoding="utf-8")
    for name, data in files.items():
        (folder / name.replace("__", ".")).write_bytes(data)
    return read_theme([path], "x")


def refused(folder: Path, text: str, **files: bytes) -> list[tuple[int | None, str]]:
    with pytest.raises(ContentInvalid) as invalid:
        theme(folder, text, **files)
    return [(each.line, each.message.msgid.format(**each.message.params)) for each in invalid.value.findings]


def png(*chunks: tuple[bytes, bytes], side: int = 8) -> bytes:
    header = (b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    whole = [header, *chunks, (b"IDAT", zlib.compress(b"\0" * (side * 3 + 1) * side)), (b"IEND", b"")]
    made = [struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
            for name, data in whole]  # fmt: skip
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


def test_a_colour_that_cannot_be_read_is_refused_with_its_contrast_and_one_that_would_do(tmp_path: Path) -> None:
    ((line, said),) = refused(tmp_path, 'second = "#12605d"\naccent = "#e2b5e0"')

    assert line == 3
    found = re.fullmatch(
        r"(#\w+) on (#\w+) cannot be read: its contrast is ([\d.]+), at least 4.5 is needed. (#\w+) would do.", said
    )
    assert found is not None
    assert round(contrast(found[1], found[2]), 1) == float(found[3]) < 4.5
    assert theme(tmp_path, f'accent = "{found[4]}"')


def test_a_colour_for_dark_devices_is_measured_on_dark(tmp_path: Path) -> None:
    ((line, said),) = refused(tmp_path, 'accent = "#5c2459"\naccent_dark = "#5c2459"')

    assert (line, "on a dark device" in said) == (3, True)


@given(COLOURS, st.sampled_from(["light", "dark"]), st.sampled_from(["accent", "second"]))
def test_what_is_proposed_can_be_read_whatever_the_colour(colour: str, scheme: Scheme, accent: Accent) -> None:
    proposed = {accent: readable(scheme, accent, colour)}
    have = {**core_tokens(scheme), **tokens_of(scheme, proposed)}

    assert list(weak_pairs(scheme, proposed)) == []
    assert all(contrast(have[front], have[ground]) >= 4.5 for front, ground in TEXT)
    assert all(contrast(have[front], have[ground]) >= 3 for front, ground in SHAPES)


@pytest.mark.parametrize("written", ["red", "#123", "#12345g", "url(x)", "#123456; } body {", "rgb(1 2 3)"])
def test_a_colour_is_six_digits_and_nothing_else(tmp_path: Path, written: str) -> None:
    assert refused(tmp_path, f'accent = "{written}"') == [(2, f"{written} is not a colour such as #5c2459.")]


def test_a_typeface_that_is_not_shipped_and_an_unknown_key_are_refused(tmp_path: Path) -> None:
    said = refused(tmp_path, 'typeface = "comic"\nfont = "x"')

    assert [line for line, _ in said] == [2, 3]


@pytest.mark.parametrize(
    ("hostile", "named"),
    [
        ("<script>1</script>", "<script>"),
        ("<foreignObject/>", "<foreignObject>"),
        ("<style>@import url(//x)</style>", "<style>"),
        ('<image href="https://example.org/x.png"/>', "<image>"),
        ('<use href="#a"/>', "<use>"),
        ('<a href="javascript:x"/>', "<a>"),
        ('<animate attributeName="x"/>', "<animate>"),
        ('<path onload="x()"/>', "onload=x()"),
        ('<path style="fill:url(//x)"/>', "style=fill:url(//x)"),
        ('<path fill="url(https://example.org/#a)"/>', "fill=url(https://example.org/#a)"),
        ('<path xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="#a"/>', "href=#a"),
    ],
)
def test_a_drawing_that_could_act_or_ask_elsewhere_is_refused_by_name(hostile: str, named: str) -> None:
    with pytest.raises(LogoRefused) as found:
        read_logo("logo.svg", SVG.format(hostile).encode())

    assert found.value.message.params == {"name": named}


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        b"<svg xmlns='http://www.w3.org/2000/svg'>",
        b"<svg/>",
        SVG.format("").encode("utf-16"),
        b"\xff\xfe\x00",
        b"x" * (LARGEST + 1),
    ],
)
def test_what_is_no_drawing_is_refused(data: bytes) -> None:
    with pytest.raises(LogoRefused):
        read_logo("logo.svg", data)


def test_a_drawing_that_only_draws_is_kept() -> None:
    drawn = '<defs><linearGradient id="a"><stop offset="1" stop-color="#fff"/></linearGradient></defs>'
    body = read_logo("logo.svg", SVG.format(f'{drawn}<path d="M0 0h9" fill="url(#a)"/>').encode()).body

    assert b'fill="url(#a)"' in body and b"<svg xmlns=" in body


def test_a_picture_is_kept_without_what_else_its_file_says() -> None:
    body = read_logo("logo.png", png((b"tEXt", b"Author\0Somebody"), (b"eXIf", b"MM\0*GPS"))).body

    assert body == png()


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a",
        png()[:-9],
        png()[:45] + b"~" + png()[46:],
        png(side=2000),
        png((b"ZZZZ", b"critical")),
        b"\x89PNG\r\n\x1a\n",
    ],
)
def test_what_is_no_picture_or_too_large_is_refused(data: bytes) -> None:
    with pytest.raises(LogoRefused):
        read_logo("logo.png", data)


def test_a_logo_that_is_not_there_or_has_another_name_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, 'logo = "logo.png"') == [(2, "There is no file logo.png beside it.")]
    assert [line for line, _ in refused(tmp_path, 'logo = "../../etc/passwd"')] == [2]


def test_a_region_s_theme_is_a_sheet_at_the_address_of_its_content_and_no_one_else_s(shared_world: World) -> None:
    world = shared_world.renew(definition("west", "quebec", "outaouais"), definition("north", "quebec", "montreal"))
    page = world.get("/t/west/fr/").text
    (sheet,) = re.findall(r'href="(/t/west/fr/theme\.css\?v=\w+)"', page)
    (logo,) = re.findall(r'src="(/t/west/fr/theme-logo\?v=\w+)"', page)

    style = world.get(sheet)
    assert style.headers["content-type"].startswith("text/css") and "immutable" in style.headers["cache-control"]
    assert "--plum: #1d4f7c;" in style.text and "prefers-color-scheme: dark" in style.text
    assert world.get(logo).headers["content-type"].startswith("image/svg+xml")
    assert world.get(sheet.partition("?")[0]).headers["cache-control"] == "no-store"
    assert "noto-sans.css" in page and "<style" not in page

    other = world.get("/t/north/fr/").text
    assert "theme" not in other and "noto-sans.css" not in other
    assert world.get("/t/north/fr/theme.css").status_code == world.get("/t/north/fr/theme-logo").status_code == 404

"""Reads `theme.toml`: a region's logo, its two colours and its typeface, made into a sheet of custom properties."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct, field

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.packs import DescribedContent
from spheres_core.foundation.content.struct_reader import Source, only_one
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.site.theme_colours import COLOUR, Accent, Scheme, WeakPair, readable, tokens_of, weak_pairs
from spheres_core.site.theme_logo import Logo, LogoRefused, read_logo

TOPIC: Final = "theme"
FILE: Final = "theme.toml"
LOGOS: Final = ("logo.svg", "logo.png")
Typeface = Literal["atkinson_hyperlegible", "noto_sans"]
_FACES: Final[Mapping[str, str]] = {"atkinson_hyperlegible": '"Atkinson Hyperlegible Next"', "noto_sans": '"Noto Sans"'}
_FALLBACKS: Final = '"Noto Sans Canadian Aboriginal", "Euphemia UCAS", "Noto Sans", "Segoe UI", system-ui, sans-serif'
SHEETS: Final[Mapping[str, str]] = {"noto_sans": "noto-sans"}
"""Style sheets that bring a typeface, beside the usual one."""


class ThemeFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole `theme.toml`."""

    format: Literal[1]
    accent: str = ""
    """Links, buttons, headings: `#5c2459`. Empty: the program's own."""
    second: str = ""
    """Marks and the ring of the focus."""
    accent_dark: str = ""
    """For readers who have their device dark. Empty: the accent, as much lighter as it must be."""
    second_dark: str = ""
    typeface: Typeface = "atkinson_hyperlegible"
    logo: Literal["", "logo.svg", "logo.png"] = ""


class Theme(Struct, frozen=True):
    """The theme of a pack."""

    version: str
    """Changes with anything of it."""
    style: bytes
    """A style sheet of custom properties."""
    typeface: Typeface = "atkinson_hyperlegible"
    logo: Logo | None = None
    file: ThemeFile = field(default_factory=lambda: ThemeFile(1))


def read_theme(paths: Sequence[Path], plugin_id: str) -> Theme:
    """Returns the theme of a pack. Raises `ContentInvalid` with every finding, a colour's with its contrast."""
    path = only_one(paths)
    source = Source(path)
    found = check_theme(source)
    logo: Logo | None = None
    if found.logo:
        try:
            logo = read_logo(found.logo, (path.parent / found.logo).read_bytes())
        except LogoRefused as refused:
            source.find("logo", refused.message)
        except OSError:
            source.find("logo", msg("There is no file {file} beside it.", file=found.logo))
    source.finish()
    style = _style(found).encode()
    version = hashlib.sha256(style + (logo.body if logo else b"")).hexdigest()[:10]
    return Theme(version, style, found.typeface, logo, found)


def check_theme(source: Source) -> ThemeFile:
    """Returns what a source says of a theme, wherever it was written. Raises `ContentInvalid` with every finding."""
    found = source.read(ThemeFile)
    for name in ("accent", "second", "accent_dark", "second_dark"):
        written = source.raw.get(name)
        if not written or not isinstance(written, str):
            continue
        if not COLOUR.fullmatch(written):
            source.find(name, msg("{value} is not a colour such as #5c2459.", value=written))
        elif weak := next(_weak(name, written), None):
            source.find(name, _unreadable(weak, written))
    source.finish()
    assert found is not None
    return found


def describe_theme(theme: Theme) -> list[DescribedContent]:
    """Returns what an administrator sees of a theme before it is on."""
    said = {"colours": f"{theme.file.accent} {theme.file.second}".strip(), "typeface": theme.typeface.replace("_", " "),
            "logo": theme.file.logo}  # fmt: skip
    return [DescribedContent(TOPIC, key, {"en": text, "fr": text}) for key, text in said.items() if text]


def theme_of(plugins: PluginSet) -> Theme | None:
    """Returns the theme that holds in a set: the region's own before its base's."""
    return next((theme for _, theme in reversed(plugins.gather(TOPIC))), None)


def _weak(name: str, colour: str) -> Iterator[WeakPair]:
    accent: Accent = "accent" if name.startswith("accent") else "second"
    scheme: Scheme = "dark" if name.endswith("_dark") else "light"
    return weak_pairs(scheme, {accent: colour.lower()})


def _unreadable(weak: WeakPair, written: str) -> Message:
    proposal = readable(weak.scheme, weak.accent, written.lower())
    said: dict[str, str] = {
        "colour": weak.colour,
        "ground": weak.on,
        "ratio": f"{weak.ratio:.1f}",
        "needed": f"{weak.needed:g}",
    }
    if weak.scheme == "dark":
        return msg("{colour} on {ground} cannot be read on a dark device: its contrast is {ratio}, at least {needed} is"
                   " needed. {close} would do.", close=proposal, **said)  # fmt: skip
    return msg("{colour} on {ground} cannot be read: its contrast is {ratio}, at least {needed} is needed."
               " {close} would do.", close=proposal, **said)  # fmt: skip


def _style(found: ThemeFile) -> str:
    light: dict[Accent, str] = {}
    dark: dict[Accent, str] = {}
    for accent, colour, own in (
        ("accent", found.accent, found.accent_dark),
        ("second", found.second, found.second_dark),
    ):
        if colour:
            light[accent] = colour.lower()  # type: ignore[index]
        if colour or own:
            dark[accent] = (own or readable("dark", accent, colour)).lower()  # type: ignore[index, arg-type]
    face = [f"  --face: {_FACES[found.typeface]}, {_FALLBACKS};"]
    on_paper = {name: "#fff" if name.endswith("wash") else "#000" for name in tokens_of("light", light)}
    return "\n".join([
        ":root {", *_properties(tokens_of("light", light), "  "), *face, "}",
        "@media (prefers-color-scheme: dark) {", "  :root {", *_properties(tokens_of("dark", dark), "    "), "  }", "}",
        "@media print {", "  :root {", *_properties(on_paper, "    "), "  }", "}", "",
    ])  # fmt: skip


def _properties(tokens: Mapping[str, str], indent: str) -> Iterator[str]:
    for name, colour in tokens.items():
        yield f"{indent}--{name}: {colour};"

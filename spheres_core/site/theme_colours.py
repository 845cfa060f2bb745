"""Computes the colours of a theme from its two, and whether people can read them: WCAG 2.2, level AA, light and dark.

A theme replaces the program's two accents and nothing else: paper, ink and the colours of warnings stay.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct

Scheme = Literal["light", "dark"]
Accent = Literal["accent", "second"]
COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
TEXT_NEEDS: Final = 4.5
SHAPE_NEEDS: Final = 3.0
BACKGROUNDS: Final = ("paper", "surface", "sunken", "plum-wash", "teal-wash")
TEXT: Final = (
    *product(("ink", "soft", "plum", "plum-deep"), BACKGROUNDS),
    *product(("teal",), ("paper", "surface", "sunken", "teal-wash")),
    *product(("leave",), ("paper", "surface", "leave-wash")),
    *product(("on-accent",), ("plum", "plum-deep", "teal")),
    *product(("on-exit",), ("exit", "exit-deep")),
    ("ink", "leave-wash"),
)
"""Each pair of tokens that is text on its ground somewhere."""
SHAPES: Final = (
    *product(("edge",), ("paper", "surface", "plum-wash")),
    *product(("teal", "plum"), BACKGROUNDS),
)
"""Each pair of tokens that is a border, a mark or the ring of the focus on its ground."""
_TOKENS: Final[Mapping[Accent, str]] = {"accent": "plum", "second": "teal"}
_WASH: Final[Mapping[Scheme, float]] = {"light": 0.1, "dark": 0.16}
_DEEPER: Final[Mapping[Scheme, tuple[str, float]]] = {"light": ("#000000", 0.3), "dark": ("#ffffff", 0.45)}
_STEPS: Final = 50


class WeakPair(Struct, frozen=True):
    """Two colours that are too near each other."""

    accent: Accent
    """The colour of the theme that one of them is made of."""
    scheme: Scheme
    on: str
    """The ground, as a colour."""
    colour: str
    ratio: float
    needed: float


@cache
def core_tokens(scheme: Scheme) -> Mapping[str, str]:
    """Returns the program's own colours by the names of their tokens, as `static/tokens.css` has them."""
    written = (Path(__file__).parent / "static" / "tokens.css").read_text(encoding="utf-8")
    light, dark, _ = re.split(r"@media \(prefers-color-scheme: dark\)|@media print", written)
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", light))
    return found | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", dark)) if scheme == "dark" else found


def contrast(one: str, other: str) -> float:
    """Returns the contrast ratio of two colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def tokens_of(scheme: Scheme, colours: Mapping[Accent, str]) -> dict[str, str]:
    """Returns the tokens that a theme's colours replace in one scheme."""
    paper = core_tokens(scheme)["paper"]
    towards, share = _DEEPER[scheme]
    made: dict[str, str] = {}
    for accent, colour in colours.items():
        token = _TOKENS[accent]
        made[token] = colour
        made[f"{token}-wash"] = _mixed(paper, colour, _WASH[scheme])
        if accent == "accent":
            made["plum-deep"] = _mixed(colour, towards, share)
    return made


def weak_pairs(scheme: Scheme, colours: Mapping[Accent, str]) -> Iterator[WeakPair]:
    """Yields the pairs of a scheme that cannot be read with these colours, the weakest of each accent first."""
    made = tokens_of(scheme, colours)
    have = {**core_tokens(scheme), **made}
    for accent in colours:
        own = {name for name in made if name.startswith(_TOKENS[accent])}
        pairs = [(pair, TEXT_NEEDS) for pair in TEXT] + [(pair, SHAPE_NEEDS) for pair in SHAPES]
        weak = [
            WeakPair(accent, scheme, have[ground], have[front], contrast(have[front], have[ground]), needed)
            for (front, ground), needed in pairs
            if own & {front, ground} and contrast(have[front], have[ground]) < needed
        ]
        yield from sorted(weak, key=lambda pair: pair.ratio / pair.needed)


def readable(scheme: Scheme, accent: Accent, colour: str) -> str:
    """Returns the colour, made darker (light scheme) or lighter (dark) as far as it must be to be read."""
    towards = "#000000" if scheme == "light" else "#ffffff"
    candidates = (_mixed(colour, towards, step / _STEPS) for step in range(_STEPS))
    return next((each for each in candidates if not any(weak_pairs(scheme, {accent: each}))), towards)


def _luminance(colour: str) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(one: str, other: str, share: float) -> str:
    mixed = (a + (b - a) * share for a, b in zip(_parts(one), _parts(other), strict=True))
    return "#" + "".join(f"{round(part * 255):02x}" for part in mixed)


def _parts(colour: str) -> tuple[float, ...]:
    digits = colour[1:] if len(colour) == 7 else "".join(each * 2 for each in colour[1:])
    return tuple(int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))

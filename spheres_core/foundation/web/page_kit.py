"""The page kit: the templates, blocks and macros of the core that a plugin's pages may use. All others may change.

`docs/page-kit.md` is written from the templates themselves (`spheres hooks --page-kit`), and `hooks.lock.json` holds
the kit against unmeant changes.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, nodes
from msgspec import Struct

LAYOUTS: Final[Mapping[str, Mapping[str, str]]] = {
    "base.html": {
        "main": "the page, for anybody: the way out, the languages and the menu stand around it",
        "tab_name": "a word after the neutral title of the browser's tab, from which nobody can tell the matter",
    },
    "staff.html": {"work": "the page, for staff who are signed in"},
}
"""By layout, the blocks that a plugin's template fills."""
MACROS: Final = ("macros/parts.html", "macros/forms.html")
VALUES: Final[Mapping[str, str]] = {
    "title": "the page's title; `page(…, title=…)` takes a text, a `Message` or `Words`",
    "problems": "sentences by the field's name, for the macros of forms; `page(…, problems={…})`",
    "url(name, **params)": "the path of a named page, the plugin's own or the core's, in the reader's language",
    "_(sentence, **params)": "a sentence of the plugin's own catalog",
    "ngettext(one, many, number, **params)": "the same with a number, `{n}`",
    "term(word)": "a word of the program, as the region calls it",
    "asset(path)": "the address of a static file: the core's, or `x/<id>/…` of the plugin",
    "filter plain": "a bare text, for attributes",
    "filter tongue": "`lang` and `dir` for an element that may hold nothing but text",
    "filter day": "a date in the reader's language",
    "filter moment": "a date with its time of day, in the region's zone",
    "filter iso": "a date for `<time datetime>`",
}
"""Names that every template has, and what each is."""
FOLDER: Final = Path(__file__).parent / "templates"
_COMMENT: Final = re.compile(r"{#\s*((?:(?!#}).)*?)\s*#}\s*{%\s*macro (\w+)\(", re.DOTALL)


class Macro(Struct, frozen=True):
    """One macro as a template calls it."""

    name: str
    signature: str
    says: str
    """Its comment; empty when it has none."""


def kit() -> dict[str, tuple[str, ...]]:
    """Returns what plugins lean on, by template: its blocks, or its macros with their arguments."""
    blocks = {name: tuple(sorted(given)) for name, given in LAYOUTS.items()}
    return blocks | {name: tuple(each.signature for each in macros(name)) for name in MACROS}


@cache
def macros(template: str) -> tuple[Macro, ...]:
    """Returns the macros of one of the kit's templates, in order."""
    text = (FOLDER / template).read_text(encoding="utf-8")
    said = {name: " ".join(comment.split()) for comment, name in _COMMENT.findall(text)}
    return tuple(
        Macro(each.name, _signature(each), said.get(each.name, ""))
        for each in Environment(autoescape=True).parse(text).find_all(nodes.Macro)
    )


def _signature(macro: nodes.Macro) -> str:
    bare = len(macro.args) - len(macro.defaults)
    defaults = [""] * bare + [f"={_default(each)}" for each in macro.defaults]
    return f"{macro.name}({', '.join(arg.name + default for arg, default in zip(macro.args, defaults, strict=True))})"


def _default(node: nodes.Expr) -> str:
    return repr(node.as_const())


@cache
def core_blocks() -> frozenset[str]:
    """Returns every block of the layouts, also those that plugins leave alone."""
    trees = (Environment(autoescape=True).parse((FOLDER / name).read_text(encoding="utf-8")) for name in LAYOUTS)
    return frozenset(block.name for tree in trees for block in tree.find_all(nodes.Block))

"""Markdown in, harmless HTML out: what packs and regions write for pages and tools."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_TAGS: Final = frozenset({"h2", "h3", "p", "ul", "ol", "li", "strong", "em", "a", "blockquote", "br"})
_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False})


@lru_cache(maxsize=512)
def harmless_html(text: str) -> Markup:
    """Returns a text in Markdown as HTML that can do no harm: without scripts, pictures and markup of its own."""
    html = nh3.clean(
        _MARKDOWN.render(text),
        tags=set(_TAGS),
        attributes={"a": {"href"}},
        url_schemes={"https", "http", "mailto", "tel"},
        link_rel="noreferrer",
    )
    return Markup(html)  # noqa: S704 (cleaned by nh3)


def first_level_headings(text: str) -> list[int]:
    """Returns the 0-based lines on which a text has a heading of the first level."""
    found = (token for token in _MARKDOWN.parse(text) if token.type == "heading_open" and token.tag == "h1")
    return [token.map[0] if token.map else 0 for token in found]


def addresses_in(text: str) -> list[str]:
    """Returns the addresses that a text in Markdown links to, in their order."""
    return [str(token.attrs["href"]) for token in _inline(_MARKDOWN.parse(text)) if token.type == "link_open"]


def _inline(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _inline(token.children or [])

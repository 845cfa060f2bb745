"""Looks at a plugin's pages as readers see them: in each language, whole, and with every way leading somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from spheres_core.conformance import source_reader
from spheres_core.conformance.live_run import LiveRun
from spheres_core.facts import Message, msg
from spheres_core.foundation.languages.text_checks import mislabelled_texts
from spheres_core.staff.schemas import ROLES

PLACEHOLDER: Final = re.compile(r"\{[a-z_][a-z0-9_]*\}")
SENTENCE: Final = 3
"""Words from which on a text that is alike in two languages is no name."""
PAGES: Final = "/{language:str}/"
_SILENT: Final = frozenset({"script", "style"})


class PageFinding(Struct, frozen=True):
    """One thing that is wrong on a page, with its address."""

    path: str
    message: Message


def look_at_pages(run: LiveRun, slug: str) -> Iterator[PageFinding]:
    """Yields what is wrong on the plugin's pages: words of another language, raw placeholders, ways to nowhere."""
    declared = run.plugin.manifest.languages
    spoken = {short: tag for short, tag in run.world.loaded(slug).shorts.items() if tag in declared}
    headers = run.world.bearer(slug, *ROLES)
    id_ = str(run.newest_referral(slug))
    for route in run.own_routes:
        if not route.path.startswith(PAGES):
            continue
        seen: dict[str, list[tuple[str, str]]] = {}
        for short, tag in spoken.items():
            address = f"/t/{slug}{source_reader.fill_path(route.path.replace('{language:str}', short), id_)}"
            answer = run.world.request(
                route.method, address, headers=headers, data={} if route.method == "POST" else None
            )
            if 300 <= answer.status_code < 400:
                yield from _dead_end(run, route.path, answer.headers.get("location", ""), headers)
            elif answer.status_code == 200 and "html" in answer.headers.get("content-type", ""):
                seen[tag] = _texts(answer.text, tag)
        for tag, texts in seen.items():
            yield from (PageFinding(route.path, found) for found in _wrong_texts(tag, texts))
        yield from (PageFinding(route.path, found) for found in _never_translated(seen))


def _dead_end(run: LiveRun, path: str, location: str, headers: dict[str, str]) -> Iterator[PageFinding]:
    place = urlsplit(location)
    followed = run.world.get(f"{place.path}?{place.query}" if place.query else place.path, headers=headers)
    if followed.status_code == 404:
        yield PageFinding(path, msg("It leads to {place}, where nothing is.", place=location))


def _wrong_texts(tag: str, texts: list[tuple[str, str]]) -> Iterator[Message]:
    for lang, text in texts:
        if PLACEHOLDER.search(text):
            yield msg("A placeholder is shown as it is: {text}", text=text[:200])
        elif lang.partition("-")[0] != tag.partition("-")[0] and len(text.split()) >= SENTENCE:
            yield msg("On the page in {language} stands a sentence in {other}: {text}", language=tag, other=lang,
                      text=text[:200])  # fmt: skip
    for lang, text in mislabelled_texts((lang, text) for lang, text in texts if lang == tag):
        yield msg("On the page in {language} stands a sentence of another language: {text}", language=lang,
                  text=text[:200])  # fmt: skip


def _never_translated(seen: dict[str, list[tuple[str, str]]]) -> Iterator[Message]:
    """Yields sentences that are alike in two languages: written into the page, not into the catalogs."""
    spoken = {tag: {text for lang, text in texts if lang == tag} for tag, texts in seen.items()}
    tags = sorted(spoken)
    for one, other in ((a, b) for a in tags for b in tags if a < b and a.partition("-")[0] != b.partition("-")[0]):
        for text in sorted(spoken[one] & spoken[other]):
            if len(re.findall(r"[^\W\d_]{2,}", text)) >= SENTENCE:
                yield msg("The pages in {language} and {other} say the same sentence: {text}",
                          language=one, other=other, text=text[:200])  # fmt: skip


def _texts(html: str, tag: str) -> list[tuple[str, str]]:
    reader = _Reader(tag)
    reader.feed(html)
    return reader.found


class _Reader(HTMLParser):
    """Takes the texts out of a page's `main`, each with the language that it says it is in."""

    _VOID: Final = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr"})

    def __init__(self, tag: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._open: list[tuple[str, str]] = [("", tag)]
        self._inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._VOID:
            return
        self._inside += tag == "main"
        self._open.append((tag, dict(attrs).get("lang") or self._open[-1][1]))

    def handle_endtag(self, tag: str) -> None:
        while len(self._open) > 1:
            ended, _ = self._open.pop()
            self._inside -= ended == "main"
            if ended == tag:
                break

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and self._inside and self._open[-1][0] not in _SILENT:
            self.found.append((self._open[-1][1], text))

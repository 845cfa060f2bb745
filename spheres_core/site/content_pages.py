"""Pages of text of packs and of regions: Markdown in, harmless HTML out, each in the languages it was written in."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from markupsafe import Markup
from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.markdown_text import first_level_headings, harmless_html
from spheres_core.foundation.content.packs import ContentInvalid, Finding, read_text
from spheres_core.foundation.content.struct_reader import languages_of
from spheres_core.foundation.languages.localization import Locale
from spheres_core.foundation.languages.tags import problem_with_tag
from spheres_core.foundation.plugins.manifest import FILE
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.tenancy.context import Context

TOPIC: Final = "pages"
PATTERN: Final = "pages/*/*.md"


class ContentPage(Struct, frozen=True):
    """One page in one language."""

    slug: str
    language: str
    title: str
    html: str
    """Sanitized."""
    source: str = ""
    """The Markdown that it is made of."""

    @property
    def body(self) -> Markup:
        return Markup(self.html)  # noqa: S704 (harmless since it was read)


Pages = Mapping[str, Mapping[str, ContentPage]]
"""By slug, then by language as the pack writes it."""


def read_pages(paths: Sequence[Path], plugin_id: str) -> Pages:
    """Reads the pages of one pack. Raises `ContentInvalid` naming each file without a title or with a second one."""
    found: dict[str, dict[str, ContentPage]] = {}
    findings: list[Finding] = []
    for path in paths:
        name = f"pages/{path.parent.name}/{path.name}"
        if problem := problem_with_folder(path, path.parent.name):
            findings.append(Finding(name, problem))
        try:
            text = read_text(path, name)
        except ContentInvalid as invalid:
            findings += invalid.findings
            continue
        findings += problems_with(text, name)
        page = as_page(path.stem, path.parent.name, text)
        found.setdefault(page.slug, {})[page.language] = page
    if findings:
        raise ContentInvalid(findings)
    return found


def problems_with(text: str, name: str) -> list[Finding]:
    """Returns what stands against a text as a page, each finding with its line."""
    first, _, rest = text.lstrip().partition("\n")
    findings: list[Finding] = []
    if not first.startswith("# ") or not first[2:].strip():
        findings.append(Finding(name, msg("The first line must be the page's title: # Title."), line=1))
    findings += [
        Finding(name, msg("Only the first line is a title of the first level."), line=_line(text, rest, place))
        for place in first_level_headings(rest)
    ]
    return findings


@lru_cache(maxsize=512)
def as_page(slug: str, language: str, text: str) -> ContentPage:
    """Returns a text as the page that it is."""
    first, _, rest = text.lstrip().partition("\n")
    return ContentPage(slug, language, first[2:].strip(), harmless_html(rest), text)


def problem_with_folder(page: Path, written: str) -> Message | None:
    """Returns why the folder of a page is no language of its plugin; None where it is one, or no plugin is around."""
    spoken = languages_of(page.parent.parent.parent / FILE)
    known = {name for tag in spoken for name in (tag, tag.partition("-")[0])}
    if not spoken or written in known:
        return None
    return problem_with_tag(written) or msg("{language} is not a language of this plugin.", language=written)


def page_in(ctx: Context, slug: str) -> ContentPage | None:
    """Returns a page in the reader's language, else in the next that has it; the region's own text comes first."""
    brought = page_of_packs(ctx.plugins, slug, ctx.locale)
    own: Mapping[str, ContentPage] = ctx.own_content.get(TOPIC, {}).get(slug, {})
    for language in ctx.locale.chain if own else ():
        if page := next((own[tag] for tag in language.names if tag in own), None):
            return page
        if brought is not None and brought.language in language.names:
            return brought
    return brought


def page_of_packs(plugins: PluginSet, slug: str, locale: Locale) -> ContentPage | None:
    """Returns a page that the packs bring; a region's own before its base's."""
    for _, pages in reversed(plugins.gather(TOPIC)):
        written: Mapping[str, ContentPage] = pages.get(slug, {})
        for language in locale.chain:
            for tag in language.names:
                if tag in written:
                    return written[tag]
    return None


def _line(text: str, rest: str, place: int) -> int:
    return text[: len(text) - len(rest)].count("\n") + place + 1

"""Reads `navigation.toml`: which of a region's own pages stand in the menu, where, and under which words."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec import Struct, field

from spheres_core.facts import Message, Words, msg
from spheres_core.foundation.content.packs import ContentInvalid, DescribedContent, Finding
from spheres_core.foundation.content.struct_reader import Source, only_one
from spheres_core.foundation.plugins.plugin_set import NAVIGATION, PluginSet
from spheres_core.foundation.plugins.registrations import NavigationItem
from spheres_core.foundation.tenancy.context import Context
from spheres_core.site.content_pages import TOPIC as PAGES
from spheres_core.site.content_pages import page_in

TOPIC: Final = NAVIGATION
FILE: Final = "navigation.toml"
LONGEST: Final = 30
"""Characters of a word in the menu."""
MOST: Final = 12
"""Entries of one file: a menu that nobody reads to its end leads nowhere."""


class MenuEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """One page in the menu."""

    page: str
    """The name of its files: `night` for `pages/fr/night.md`."""
    order: int = 25
    """Smaller comes first. The program's own: youth 10, family 15, professionals 20, partners 30."""
    title: Words = field(default_factory=dict)
    """The words of the menu. Empty: the page's own title."""


class NavigationFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole `navigation.toml`."""

    format: Literal[1]
    items: tuple[MenuEntry, ...] = ()


class OwnNavigation(Struct, frozen=True):
    """The entries of a pack; and, in a plugin set, how they stand in its menu."""

    entries: tuple[MenuEntry, ...]
    items: tuple[NavigationItem, ...] = ()


def read_navigation(paths: Sequence[Path], plugin_id: str) -> OwnNavigation:
    """Returns the entries of a pack. Raises `ContentInvalid` with every finding."""
    return OwnNavigation(check_navigation(Source(only_one(paths))).items)


def check_navigation(source: Source) -> NavigationFile:
    """Returns the menu that a source holds, wherever it was written. Raises `ContentInvalid` with every finding."""
    found = source.read(NavigationFile)
    seen: set[str] = set()
    for i, (place, each) in enumerate(source.entries("items", MenuEntry)):
        if each.page in seen:
            source.find(f"{place}.page", msg("The key {key} is given twice.", key=each.page))
        seen.add(each.page)
        if i == MOST:
            source.find(place, msg("A menu has at most {most} pages of a region's own.", most=MOST))
        if any(len(text) > LONGEST for text in each.title.values()):
            source.find(f"{place}.title", msg("It is longer than {most} characters.", most=LONGEST))
    source.finish()
    assert found is not None
    return found


def fit_navigation(content: OwnNavigation, made: PluginSet, plugin_id: str) -> OwnNavigation:
    """Returns the entries as they stand in the menu of this set. Raises `ContentInvalid` for a page nobody brings."""
    there = {slug for _, pages in made.gather(PAGES) for slug in pages} | {"partners"}
    findings = [
        Finding(FILE, msg("There is no page called {page}.", page=each.page), key=f"items[{i}].page")
        for i, each in enumerate(content.entries)
        if each.page not in there
    ]
    if findings:
        raise ContentInvalid(findings)
    return msgspec.structs.replace(content, items=tuple(_menu_items(content.entries, made)))


def describe_navigation(content: OwnNavigation) -> list[DescribedContent]:
    """Returns the entries as an administrator sees them before they are on."""
    return [DescribedContent(TOPIC, each.page, each.title or {"en": each.page, "fr": each.page})
            for each in content.entries]  # fmt: skip


def _menu_items(entries: Sequence[MenuEntry], made: PluginSet) -> Iterator[NavigationItem]:
    titles: dict[str, Words] = {}
    for _, pages in made.gather(PAGES):
        titles |= {slug: {tag: page.title for tag, page in written.items()} for slug, written in pages.items()}
    known = {item.path: item for _, given in made.registered["register_navigation"] for item in given}
    for each in entries:
        if each.page in known:
            item = known[each.page]
            yield msgspec.structs.replace(item, title=each.title or item.title, order=each.order)
        else:
            title: Message | Words = each.title or titles[each.page]
            yield NavigationItem(each.page, title, order=each.order, there=_is_written(each.page))


def _is_written(page: str) -> Callable[[Context], bool]:
    return lambda ctx: page_in(ctx, page) is not None

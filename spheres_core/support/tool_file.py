"""Reads `tools.toml`: the tools that a pack brings to the library, in its languages."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from msgspec import Struct, structs

from spheres_core.facts import Words, msg
from spheres_core.foundation.content.packs import ContentInvalid, DescribedContent, Finding
from spheres_core.foundation.content.struct_reader import Source, check_unique, only_one
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.partners.code_lists import CATALOGUE, codes_of
from spheres_core.support.schemas.library import ToolContent
from spheres_core.support.tool_references import may_be_followed

TOPIC: Final = "tools"
FILE: Final = "tools.toml"


class WrittenTool(Struct, frozen=True, forbid_unknown_fields=True):
    """One tool of a pack."""

    code: str
    title: Words
    summary: Words
    text: Words = {}
    """Markdown."""
    themes: tuple[str, ...] = ()
    """Codes of the list `tool_themes`, of this pack or of one that it requires."""
    audiences: tuple[str, ...] = ()
    """Codes of the list `tool_audiences`."""
    link: str = ""
    organization: str = ""
    """Key of an organization of the directory."""
    related: tuple[str, ...] = ()
    """Codes of other tools."""
    review_on: dt.date | None = None


class ToolsFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole `tools.toml`."""

    format: Literal[1]
    tools: tuple[WrittenTool, ...] = ()


def read_tools(paths: Sequence[Path], plugin_id: str) -> Mapping[str, ToolContent]:
    """Returns the tools of a pack by code. Raises `ContentInvalid` with every finding."""
    source = Source(only_one(paths))
    source.read(ToolsFile)
    entries = source.entries("tools", WrittenTool)
    check_unique(source, [(f"{place}.code", each.code) for place, each in entries])
    for place, each in entries:
        if each.link and not may_be_followed(each.link):
            source.find(f"{place}.link", msg("An address begins with https:// and names a site."))
        if not (each.text or each.link or each.organization):
            source.find(place, msg("A tool has a text of its own, an address or a partner who gives it."))
    source.finish()
    return {each.code: _content(each) for _, each in entries}


def fit_tools(tools: Mapping[str, ToolContent], made: PluginSet, plugin_id: str) -> Mapping[str, ToolContent]:
    """Returns the tools. Raises `ContentInvalid` for a theme or an audience that no list of this set has."""
    findings = [
        Finding(FILE, msg("No list has the code {code}.", code=code), key=f"tools[{i}].{field}")
        for field, name in (("themes", "tool_themes"), ("audiences", "tool_audiences"))
        for known in [{code for _, each in made.gather(CATALOGUE) for code in codes_of(each, name)}]
        for i, content in enumerate(tools.values())
        for code in getattr(content, field)
        if code not in known
    ]
    if findings:
        raise ContentInvalid(findings)
    return tools


def describe_tools(tools: Mapping[str, ToolContent]) -> list[DescribedContent]:
    """Returns the tools as an administrator sees them before they are on."""
    return [DescribedContent(TOPIC, code, each.title) for code, each in tools.items()]


def tools_of_packs(plugins: PluginSet) -> dict[str, tuple[str, ToolContent]]:
    """Returns by code the tools that packs bring, each with its pack; a later pack's own before an earlier one's."""
    return {code: (pack, each) for pack, tools in plugins.gather(TOPIC) for code, each in tools.items()}


def id_of(pack: str, code: str) -> UUID:
    """Returns the id by which a tool of a pack stands in lists."""
    return uuid5(NAMESPACE_URL, f"spheres:{pack}/{code}")


def _content(tool: WrittenTool) -> ToolContent:
    return ToolContent(**{name: getattr(tool, name) for name in structs.asdict(tool) if name != "code"})

"""Decides what a tool may refer to, and finds references that lead to nothing, without asking any network."""

import re
from collections.abc import Collection, Iterator
from typing import Final
from urllib.parse import urlsplit

from spheres_core.foundation.content.markdown_text import addresses_in
from spheres_core.support.schemas.library import BrokenReference, ToolContent

_HOST: Final = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.I)
_OTHER_WAYS: Final = ("mailto:", "tel:")


def may_be_followed(address: str) -> bool:
    """Tells whether an address is a whole one that begins with https and names a host, nobody and no password."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
        host = host.encode("idna").decode()
    except (ValueError, UnicodeError):
        return False
    plain = not re.search(r"[\s<>\"\\\x00-\x1f]", address)
    return plain and parts.scheme == "https" and "@" not in parts.netloc and _HOST.fullmatch(host) is not None


def broken_references(
    content: ToolContent, *, partners: Collection[str], tools: Collection[str]
) -> list[BrokenReference]:
    """Returns what a tool refers to and that is not there. `partners`: keys of the directory; `tools`: codes of what
    is published."""
    return list(_broken(content, partners, tools))


def _broken(content: ToolContent, partners: Collection[str], tools: Collection[str]) -> Iterator[BrokenReference]:
    if content.organization and content.organization not in partners:
        yield BrokenReference("partner_gone", content.organization)
    for code in content.related:
        if code not in tools:
            yield BrokenReference("tool_gone", code)
    linked = [content.link] if content.link else []
    linked += [address for text in content.text.values() for address in addresses_in(text)]
    for address in dict.fromkeys(linked):
        if not address.startswith(_OTHER_WAYS) and not may_be_followed(address):
            yield BrokenReference("address_refused", address)

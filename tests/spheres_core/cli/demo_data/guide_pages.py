"""The pages that a role's guide speaks of, opened one after the other as its steps say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html.parser import HTMLParser
from typing import Final

from msgspec import Struct

VOID: Final = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
SAYING: Final = frozenset({"aria-label", "placeholder", "value"})
"""Attributes that say something to who looks at the page."""
BOLD: Final = re.compile(r"\*\*([^*]+)\*\*")
STEPS: Final = re.compile(r"\n## |\n- ")
"""Each step of a guide begins with a heading or is a line of a list."""
MOST: Final = 3
"""Pages that one way ends at, such as several requests in different states."""
ID: Final = "[0-9a-f-]{36}"
FURTHER: Final[Mapping[str, Sequence[Sequence[str]]]] = {
    "pivot-worker": [("/participants/{code}",), ("/staff/activities", "when=past", f"/activities/{ID}")],
    "backup": [("/participants/[^/]+",)],
    "coordinator": [
        ("?state=agreed", f"/referrals/{ID}"), ("/staff/activities", f"/activities/{ID}"),
        ("/staff/committee", f"/meetings/{ID}"),
    ],
    "clinical-support": [
        ("/entourage/records", f"/records/{ID}"), ("/staff/support-sessions", f"/support-sessions/{ID}"),
    ],
    "privacy-officer": [("/staff/incidents", f"/incidents/{ID}")],
    "committee-member": [("/staff/committee", f"/meetings/{ID}")],
    "content-editor": [("/staff/tools/whom_to_reach",), ("/staff/tools/before_a_referral",)],
}  # fmt: skip
"""By guide, how its reader comes to the pages of one file, activity, request or meeting: links, one after the other, by
the ends of their addresses; `?` for a filter of the first page, `{code}` for a file in which much is kept. No step
names a link that bears a code, a name or a day."""
SECOND_TIME: Final = "Only since I last looked"
"""By whether one has looked before, which another guide may have had its reader do."""
AT_OTHER_TIMES: Final = frozenset({
    "Open my account",  # by the link of an invitation
    "May safely be reached now", "There is no safe way yet",  # by the hour and by her
    SECOND_TIME,
    "Take this file over",  # once she was told
    "Lift it",  # of an erasure that is held
    "Under investigation",  # of an incident, while an office says so
    "I come after all",  # for who has said that she does not
    "She goes on in another region", "From other regions", "She can go on here", "She cannot go on here now",
    # where a region exchanges files with another
    "Nothing waits", "No request here",  # when that is so
    "What is shared with you",  # after it was accepted
    "Propose an entry for the library",  # for who answered the request
    "Show it again",  # after it was hidden
})  # fmt: skip
"""What pages of the demo say at other times, or not in its first region."""


def plain(text: str) -> str:
    """Returns a text with single spaces."""
    return " ".join(text.split())


class OpenPage(HTMLParser):
    """A page: everything that it says, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: set[str] = set()
        self.links: list[tuple[str, str]] = []
        """What each says, and where it leads."""
        self._open: list[tuple[str, str, list[str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.texts |= {plain(given[name] or "") for name in SAYING & set(given)}
        if tag not in VOID:
            self._open.append((tag, given.get("href") or "", []))

    def handle_data(self, data: str) -> None:
        self.texts.add(plain(data))
        for tag, href, said in self._open:
            said.append(data)
            if tag == "a":
                self.links.append((plain(data), href))

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, href, said = self._open.pop()
            self.texts.add(plain("".join(said)))
            if name == "a":
                self.links.append((plain("".join(said)), href))
            if name == tag:
                return

    def leads(self, text: str) -> str | None:
        """Returns where the first link with this text leads."""
        return next((href for said, href in self.links if said == text and href.startswith("/")), None)

    def ending(self, end: str) -> list[str]:
        """Returns where the first links lead whose addresses end so, by a regular expression."""
        return [*dict.fromkeys(href for _, href in self.links if re.search(f"{end}$", href))][:MOST]


class Reader(Struct, eq=False):
    """Somebody who has signed in and opens pages."""

    get: Callable[[str], str]
    """Returns the HTML of an address."""
    start: str
    """The address of the first page after signing in."""
    opened: dict[str, OpenPage]

    def open(self, address: str) -> OpenPage:
        """Returns the page of an address, which is asked for once."""
        if address not in self.opened:
            self.opened[address] = OpenPage(self.get(address))
        return self.opened[address]

    def follow(self, links: Sequence[str]) -> list[OpenPage]:
        """Returns the pages that the last of these links leads to, from the first page on."""
        *before, last = links or (f"^{self.start}",)
        page = self.open(self.start)
        for each in before:
            page = self.open(self.start + each if each.startswith("?") else page.ending(each)[0])
        found = [self.open(address) for address in page.ending(last)]
        assert found, links
        return found


def steps_of(guide: str) -> list[list[str]]:
    """Returns what each step of a guide calls by name."""
    return [[plain(each) for each in BOLD.findall(part)] for part in STEPS.split(guide)]


def not_on_their_pages(guide: str, shown: Sequence[tuple[Reader, OpenPage]]) -> Iterator[str]:
    """Yields what a step calls by name and what is said neither on the pages that are shown, nor on one to which a link
    leads that the same step names."""
    for named in steps_of(guide):
        seen, ahead = list(shown), list(shown)
        while ahead:
            reader, page = ahead.pop()
            for address in {page.leads(name) for name in named} - {None}:
                found = reader, reader.open(str(address))
                if found not in seen:
                    seen.append(found)
                    ahead.append(found)
        yield from (each for each in named if not any(each in page.texts for _, page in seen))

"""Structs of the library of tools: what a tool holds, how it is written, and how the API answers it."""

import datetime as dt
from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import Meta, Struct

from spheres_core.facts import Message, Words, msg

LONGEST_TITLE: Final = 120
LONGEST_SUMMARY: Final = 400
LONGEST_TEXT: Final = 20_000
LONGEST_LINK: Final = 500
MOST_CODES: Final = 20
ToolCode = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
Code = Annotated[str, Meta(max_length=60)]
ToolState = Literal["draft", "published", "withdrawn"]
DRAFT: Final = "draft"
PUBLISHED: Final = "published"
WITHDRAWN: Final = "withdrawn"
TOOL_STATES: Final[dict[str, Message]] = {
    DRAFT: msg("Draft"),
    PUBLISHED: msg("In the library"),
    WITHDRAWN: msg("Withdrawn"),
}
ToolAct = Literal["written", "published", "withdrawn"]
TOOL_ACTS: Final[dict[str, Message]] = {
    "written": msg("Written"),
    "published": msg("Put in the library"),
    "withdrawn": msg("Withdrawn"),
}
"""Acts by which a version came about."""
BrokenKind = Literal["partner_gone", "tool_gone", "address_refused"]
BROKEN: Final[dict[str, Message]] = {
    "partner_gone": msg("This partner is no longer in the directory."),
    "tool_gone": msg("This tool is not in the library, or no longer."),
    "address_refused": msg("This address cannot be followed, or is not safe: it begins with https://."),
}


class ToolContent(Struct, frozen=True):
    """The content of a tool: in each language its title, its summary and, where it has one, its own text."""

    title: Words
    summary: Words
    text: Words = {}
    """Markdown."""
    themes: tuple[Code, ...] = ()
    audiences: tuple[Code, ...] = ()
    link: str = ""
    """An address elsewhere that begins with https. The server never follows it."""
    organization: str = ""
    """Key of a partner of the directory who gives it."""
    related: tuple[Code, ...] = ()
    """Codes of tools that go with it."""
    review_on: dt.date | None = None
    """The day from which somebody should look at it again."""


class ToolWritten(Struct, frozen=True, forbid_unknown_fields=True):
    """A tool as it is written: its texts by language of the region."""

    title: dict[str, Annotated[str, Meta(max_length=LONGEST_TITLE)]]
    summary: dict[str, Annotated[str, Meta(max_length=LONGEST_SUMMARY)]]
    text: dict[str, Annotated[str, Meta(max_length=LONGEST_TEXT)]] = {}
    themes: Annotated[list[Code], Meta(max_length=MOST_CODES)] = []
    audiences: Annotated[list[Code], Meta(max_length=MOST_CODES)] = []
    link: Annotated[str, Meta(max_length=LONGEST_LINK)] = ""
    organization: Annotated[str, Meta(max_length=60)] = ""
    related: Annotated[list[Code], Meta(max_length=MOST_CODES)] = []
    review_on: dt.date | None = None


class ToolPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """A new tool. It is a draft until somebody publishes it."""

    code: ToolCode
    tool: ToolWritten


class ToolChanged(Struct, frozen=True, forbid_unknown_fields=True):
    """A tool as it is from now on; what is published stays in force until this is published too."""

    version: int
    tool: ToolWritten


class CodeRead(Struct, frozen=True):
    """A code of the region's lists with its label in the reader's language."""

    code: str
    label: str
    language: str


class ToolListed(Struct, frozen=True):
    """One published tool in a list, in the reader's language or the next that it is written in."""

    id: UUID
    code: str
    title: str
    summary: str
    language: str
    """The tag of the language of title and summary."""
    languages: list[str]
    """Tags of all languages that it is written in."""
    themes: list[CodeRead]
    audiences: list[CodeRead]


class ToolPartner(Struct, frozen=True):
    """The partner who gives a tool."""

    key: str
    name: str
    language: str


class ToolRead(Struct, frozen=True):
    """One published tool."""

    tool: ToolListed
    text: str
    """Markdown; empty where it has no text of its own."""
    text_language: str
    link: str
    organization: ToolPartner | None
    """None also where the directory no longer has it."""
    related: list[ToolListed]
    """Those of them that are published."""


class BrokenReference(Struct, frozen=True):
    """Something that a tool refers to and that is not there."""

    kind: BrokenKind
    about: str
    """The key, the code or the address."""


class ToolVersionRead(Struct, frozen=True):
    """Who changed a tool, and when."""

    number: int
    act: ToolAct
    author: UUID | None
    at: dt.datetime


class ToolOpened(Struct, frozen=True):
    """One tool of the region, as who writes tools reads it: as it was written last."""

    id: UUID
    code: str
    state: ToolState
    version: int
    published: int | None
    """The number of the version that is in force."""
    content: ToolContent
    steps: tuple[str, ...]
    """Acts that are open now: change, publish, withdraw."""
    broken: list[BrokenReference]
    history: list[ToolVersionRead]
    """The newest first."""


class ToolInList(Struct, frozen=True):
    """One tool in the lists of who writes tools; `pack` names the pack that brings it."""

    id: UUID
    code: str
    title: str
    language: str
    state: ToolState
    review_on: dt.date | None
    pack: str = ""
    hidden: bool = False
    broken: list[BrokenReference] = []


class ToolHidden(Struct, frozen=True):
    """Whether this region hides a tool that a pack brings."""

    code: str
    hidden: bool


class ToolWork(Struct, frozen=True):
    """The work of who writes tools."""

    drafts: list[ToolInList]
    """Also what was written since a tool was published."""
    due: list[ToolInList]
    """Whose review day has come."""
    broken: list[ToolInList]
    """Which refer to something that is not there."""
    proposals: int
    """Answers of the desk that wait for a second person."""


class ProposalPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """An entry for the library, written anew by who answered a request for advice."""

    language: Annotated[str, Meta(max_length=35)]
    title: Annotated[str, Meta(max_length=LONGEST_TITLE)]
    summary: Annotated[str, Meta(max_length=LONGEST_SUMMARY)]
    text: Annotated[str, Meta(max_length=LONGEST_TEXT)]
    themes: Annotated[list[Code], Meta(max_length=MOST_CODES)] = []
    audiences: Annotated[list[Code], Meta(max_length=MOST_CODES)] = []
    confirmed: bool = False
    """True: the places that were found identify nobody, and it is proposed as it is."""


class ProposalMade(Struct, frozen=True):
    """The id of an entry that waits for a second person."""

    id: UUID


class ProposalRead(Struct, frozen=True):
    """An entry that waits for a second person. Nothing says which request it comes from."""

    id: UUID
    language: str
    title: str
    summary: str
    text: str
    themes: list[str]
    audiences: list[str]
    proposed_at: dt.datetime
    proposed_by: UUID
    confirmed: bool
    """Whether something was found in it that could identify, and its writer said that it identifies nobody."""
    may_decide: bool
    """False for who proposed it."""


class ProposalApproved(Struct, frozen=True, forbid_unknown_fields=True):
    """A second person's yes: the code that the tool gets, and whether it is published at once."""

    code: ToolCode
    publish: bool = False
    review_on: dt.date | None = None


class Decided(Struct, frozen=True):
    """The end of a proposal."""

    tool: str
    """The code of the tool; empty where it was declined."""

"""Types that rooms and plugins register: roles, permissions, entries of the navigation, verbs of the trail, reports,
kinds of records, sections of a file."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal
from uuid import UUID

from msgspec import Struct

from spheres_core.facts import Message, Words, msg

EVERY_ROLE: Final = "every_role"
"""In a permission's roles: whoever is on the staff has it, whatever the role."""


class Role(Struct, frozen=True):
    """A role that members of staff and tokens can have. `name` is `plugin_id.role`; a room's has no dot.

    It carries what permissions say: a plugin's own permissions name it, and those of the core never do.
    """

    name: str
    title: Message | Words
    purpose: Message | Words
    """One sentence, beside its box, where an administrator gives it."""


class Permission(Struct, frozen=True):
    """One thing that may be allowed. `name` is `room.verb` or `plugin_id.verb`."""

    name: str
    title: Message | Words = {}
    """Empty, of a plugin's: as `plugin.toml` calls it."""
    roles: tuple[str, ...] = ()
    """Roles that carry it: those of the core, and the plugin's own."""


class Command(Struct, frozen=True):
    """Something that an operator does with `spheres x <plugin id> <name> --tenant <slug>`."""

    name: str
    title: Message | Words
    run: Callable[..., Any]
    """`run(ctx, *arguments)`, async, in one transaction of the tenant; returns the lines to print."""


class ReportColumn(Struct, frozen=True):
    """A column of a report's table: one by which rows are grouped, or a number that is added up.

    Dates, moments, numbers, yes and no, and references to organizations are read as they are. A text is read by its
    `codes` alone: whatever else stands there counts as "something else", and is never shown.
    """

    column: str
    title: Message | Words
    codes: Mapping[str, Message | Words] = {}
    """For a column of texts: each code that it can hold, and how it is called."""
    part: Literal["day", "month", "year"] = "day"
    """For dates and moments: what of them makes a group."""


class Report(Struct, frozen=True):
    """A question over one of a plugin's own tables. `name` is `plugin_id.name`; the core asks it and writes the table.

    Rows are grouped by the columns `by`, counted, and added up. It is shown under *Reports* to those who have the
    permission, as a page, a file and JSON; who takes it stands in the trail.
    """

    name: str
    permission: str
    """Whoever has it may read this: a permission of the plugin's own, or of the core."""
    table: str
    by: tuple[ReportColumn, ...]
    sums: tuple[ReportColumn, ...] = ()
    counts: Message | Words | None = None
    """The heading of the number of rows of each group; without it that number is not shown."""
    period: str = ""
    """The column of dates or moments that a reader's first and last day apply to; empty: it is about all rows."""
    about_persons: bool = True
    """Its rows are about persons: groups of few are hidden, and it covers one whole period of the calendar that has
    ended, which needs `period`. A table that refers to referrals always is."""
    title: Message | Words = {}
    """Empty: as `plugin.toml` calls it."""


class NavigationItem(Struct, frozen=True):
    """A link in the navigation: `path` under the language, e.g. `refer`."""

    path: str
    title: Message | Words
    audience: str = "public"
    """public or staff."""
    permission: str = ""
    """Shown only to those who have it."""
    order: int = 100
    there: Callable[[Any], bool] | None = None
    """`there(ctx)` says whether this region has what the link leads to. None: it always has."""


class FoundRecord(Struct, frozen=True):
    """A record of a kind on which extra questions are asked, as much of it as they need."""

    id: UUID
    title: Message | Words
    page: str
    """The name of the page that shows it."""
    place: Mapping[str, Any]
    """The values of that page's address."""
    subject: str
    """The kind under which the trail has it."""
    closed: bool = False
    """Whether nothing of it may be changed now."""


class RecordKind(Struct, frozen=True):
    """A kind of record of a room, on which the forms `on_<name>` of packs, plugins and the region are asked."""

    name: str
    title: Message
    """A noun with its article, such as "a referral"."""
    reads: str
    """The permission of those who read such records."""
    changes: str
    """The permission of those who change them."""
    answered: str
    """The room's verb of the trail for answers that were written."""
    find: Callable[..., Any]
    """`find(ctx, id)`, async, returns a `FoundRecord`. Raises `NotFound`, for what the actor may not know of too."""
    shown: str = ""
    """The room's verb for answers that were read, for records about a person."""
    information: str = ""
    """The class of information of a record of a participant's file: what is asked on it stands in its own form, and it
    is never looked for by its id alone. Empty for other records."""


class RecordAct(Struct, frozen=True):
    """An act of a room above that the page of a record leads to."""

    kind: str
    """The record's kind, such as `referral`."""
    title: Message
    """The act in words, as somebody who may do it reads them."""
    page: str
    """The name of the page on which it is done; its address has `id`, the record's."""
    permission: str
    """Shown only to those who have it."""
    states: frozenset[str]
    """States of the record in which it can be done."""


class Duty(Struct, frozen=True):
    """Something that a member of staff takes care of, and hands over before her account closes."""

    name: str
    permission: str
    """Whoever loses it can no longer take care of it."""
    count: Callable[..., Any]
    """`count(ctx, staff_id)`, async, returns of how many she takes care now."""


class SectionAct(Struct, frozen=True):
    """Something that the overview of a participant's file lets its reader begin, without opening the section first."""

    title: Message
    page: str
    """The name of the page on which it is done; its address has `participant`, her code."""
    permission: str = ""
    """A permission that it needs besides writing in the section's class of information."""
    code_in_query: bool = False
    """Whether her code stands in the page's query instead of its path."""


class SummaryLine(Struct, frozen=True):
    """One line of a section on the overview of a participant's file, in the reader's language."""

    text: str
    label: str = ""
    """Says what the text is; it stands beside it."""
    waits: bool = False
    """Whether somebody has something to do: such lines of all sections stand first on the page."""
    page: str = ""
    """The name of the page that the line leads to, whose address has `participant`; empty: it leads nowhere."""
    query: str = ""
    """The query of that page's address."""


class SectionPage(Struct, frozen=True):
    """A section of a participant's file as people see it: on the overview, and on a page of its own."""

    title: Message
    order: int
    """Needs and strengths come first, and what is seldom opened last."""
    empty: Message = msg("Nothing is written down here yet.")
    """The overview says this while nothing is kept: what will stand here, and what comes next."""
    page: str = ""
    """The name of the page with all of it; its address has `participant`, her code. Empty: there is none."""
    permission: str = ""
    """A permission that a reader of the page needs besides, such as `participants.identity`."""
    summarize: Callable[..., Any] | None = None
    """`summarize(ctx, access)`, async, returns `SummaryLine`s, the most important first; none when nothing is kept.
    None: nothing of it stands on the overview."""
    begins: tuple[SectionAct, ...] = ()
    """Acts that can be begun from the overview, by whoever may write what the section shows."""
    team_only: bool = False
    """Whether who reads for a partner finds no such page, whatever was opened to that partner."""


class ListColumn(Struct, frozen=True):
    """A column in the list of participants."""

    title: Message
    read: Callable[..., Any]
    """`read(ctx, reader, participants)`, async, returns by id what the list says of each: in as many statements for
    all of them as for one. `reader` is that of `consents.queries.reader.read_for`."""
    order: int = 100


async def on_pages_only(ctx: Any, access: Any) -> None:
    """Stands for a section's `read` where the API's file has no such section."""


class DraftForm(Struct, frozen=True):
    """A form about a participant whose words are kept, sealed, while somebody is still writing them."""

    name: str
    """Its name, unique among the rooms' forms: `encounter`."""
    title: Message
    fields: Mapping[str, str]
    """By name of a field, the class of information that is written there. Nothing else is kept."""
    page: str = ""
    """The name of the page on which a new record is written; empty where none is."""
    record_page: str = ""
    """The name of the page on which a record is changed. Its address has `id`, where it is about one of them."""
    record_query: str = ""
    """The name in the query of the record's page under which its id stands, where its address has none."""
    place: Mapping[str, str] = {}
    """Values of the pages' addresses besides `participant` and `id`, where each of them has a form of its own."""
    query: Mapping[str, str] = {}
    """The query of the page on which a new record is written."""
    others: Mapping[str, str] = {}
    """By the beginning of a field's name, the class of what is written in such fields: those that packs add."""
    record_kind: str = ""
    """The kind of record that it writes, where extra questions are asked in it; their fields stand beside `fields`."""

    def class_of(self, field: str) -> str | None:
        """Returns the class of information of a field; None for one of which nothing is kept."""
        begun = next((each for begins, each in self.others.items() if field.startswith(begins)), None)
        return self.fields.get(field, begun)


class SharedText(Struct, frozen=True):
    """Something of hers that a worker and a young person look at on one screen, in her words."""

    title: str
    lines: tuple[str, ...]


class FileSection(Struct, frozen=True):
    """A part of a participant's file that a room keeps. Who may read its class of information sees it."""

    name: str
    """Its name in the file, unique within its class."""
    information: str
    """A class of information."""
    read: Callable[..., Any]
    """`read(ctx, access)`, async, returns a struct, or None when nothing is kept. `access` is the participant as
    `participants.queries.access` found her, and the transaction reads for `access.purpose`.
    `on_pages_only` where the API's file has no such section."""
    shown: SectionPage | None = None
    """None: it stands in the API only."""
    column: ListColumn | None = None
    drafts: tuple[DraftForm, ...] = ()
    """Forms in which somebody writes for this section."""
    said_before: Callable[..., Any] | None = None
    """`said_before(ctx, access)`, async, returns what was said of her before she took part, so that the forms of her
    file offer it. For the one room that knows it."""
    shared: Callable[..., Any] | None = None
    """`shared(ctx, access)`, async, returns the `SharedText`s of this section that a worker and the young person look
    at together: hers alone, and nothing that a worker sees alone. None: nothing of it stands on that screen."""


class DayLine(Struct, frozen=True):
    """One thing that waits for a worker, in the reader's language."""

    participant: str
    """Her code."""
    text: str
    page: str
    """The name of the page where it is looked at."""
    place: Mapping[str, Any] = {}
    """The values of that page's address, besides `participant`."""
    on: dt.date | None = None
    """The day that it is about."""
    query: str = ""
    """The query of that page's address."""


class DaySection(Struct, frozen=True):
    """Something that waits for a worker and that a room keeps: a part of her day."""

    name: str
    title: Message
    read: Callable[..., Any]
    """`read(ctx)`, async, returns `DayLine`s for the actor, the most urgent first; none when nothing waits. With `asks`
    it is `read(ctx, rows)`."""
    order: int = 100
    watched: Callable[..., Any] | None = None
    """`watched(ctx)`, async, returns the same for those whom the actor coordinates: it stands on the coordination page.
    None: nothing of it does."""
    counted: Callable[..., Any] | None = None
    """`counted(ctx)`, async, returns sentences for the same page that count and name nobody. None: there are none."""
    asks: Callable[..., Any] | None = None
    """`asks(ctx, reader)` returns a prepared query with its values, which is sent in one statement with those of the
    other sections: a parameter that two of them name alike has one value, and their conditions on what may be read say
    `asked_together`. Those with the same `asks` get the same rows. `reader` are the parameters of whoever reads for
    `follow_up`. None: `read` asks by itself."""


class TimelineActs(Struct, frozen=True):
    """Acts of one kind that a room keeps of participants: each is one line of the timeline of her file."""

    kind: str
    """Their name, unique among the rooms: `encounter`."""
    title: Message
    """Their name in the filter of the page."""
    information: str
    """A class of information: whoever may not read it sees none of them."""
    statements: tuple[Any, ...]
    """Prepared by `followups.queries.timeline.acts_in`, each with what the reader may read."""
    say: Callable[..., Any]
    """`say(ctx, acts)`, async, returns the line of each act in the reader's language, without words of her file.

    A line says the act's codes, `what` and `how`; acts that have the same codes are said once.
    """
    page: str = ""
    """The name of the page of one act, whose address has its `id` beside `participant`. Empty: it has none."""


class Notification(Struct, frozen=True):
    """One person to tell of an entry: a delivery of its own, so that an address that fails repeats no other one."""

    to: UUID
    send: Callable[..., Any]
    """`send(ctx)`, async."""


class Notifier(Struct, frozen=True):
    """How people are told of plugins' entries."""

    tell: Callable[..., Any]
    """`tell(verb, ctx, subject_id, details)`, async, returns `Notification`s."""
    problem: Callable[[Message | Words], Message | None]
    """Says why a title may not stand in a notice."""


class Crossing(Struct, frozen=True):
    """Something that leaves a region for another one of this server. There is no other way from one to the other."""

    to: str
    """The other region's slug. Nothing happens where there is no such region."""
    receive: Callable[..., Any]
    """`receive(ctx)`, async, in a transaction of the other region's own. It may be called again after a failure: what
    it writes, it writes once."""


class TrailEffect(Struct, frozen=True):
    """Something that a room does in the transaction in which a room below it records a verb: both happen, or neither.

    For what may not wait for a delivery: who is no longer a coordinator sees nothing from the same moment on.
    """

    verb: str
    act: Callable[..., Any]
    """`act(ctx, subject_id, details)`, async. A refusal of it refuses what was recorded."""


class TrailVerb(Struct, frozen=True):
    """A verb of the trail, and what happens after commit when an entry has it. Each part is optional.

    `cross(ctx, subject_id, details)` is async and returns a `Crossing`, or None when nothing is to leave any more.
    `load(ctx, subject_id, details)` is async and returns the hook's keyword arguments (besides `ctx`), or None when
    there is nothing left to tell. `tell(ctx, subject_id, details)` is async, changes nothing and returns
    `Notification`s. All find the entry's id in `details["entry"]`. `load_for(ctx, owner, entry)` is `load` for acts of
    which not every plugin may know the same.
    """

    verb: str
    title: Message | Words
    """How the trail names it to a reader."""
    hook: str = ""
    load: Callable[..., Any] | None = None
    tell: Callable[..., Any] | None = None
    notifies: str = ""
    """The permission whose holders get the title as a notice, by mail where they chose to. For a plugin's own verbs."""
    load_for: Callable[..., Any] | None = None
    cross: Callable[..., Any] | None = None
    """Makes what leaves for another region. For rooms only."""

"""Frozen structs that hooks receive and return, and texts that are translated when they are shown.

The lowest package: it imports nothing of ours, so that hooks, rooms and plugins can all import it for real. What only
the hooks of one topic are told stands in a module of its own.
Codes are plain strings; anything a person reads is a `Message` (ours, translated by catalogs) or `Words` (brought
by a plugin, one text per language).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct, field

Words = Mapping[str, str]
"""One text per language, keyed by language tag: `{"fr": "Référence", "en": "Referral"}`."""


class Message(Struct, frozen=True):
    """A sentence of ours, not yet in any language. `msgid` is English; `{name}` placeholders come from `params`."""

    msgid: str
    params: Mapping[str, Any] = field(default_factory=dict)
    domain: str = "spheres"
    """The catalog it is looked up in: `spheres` for the core, a plugin's id for a plugin's own sentence."""
    many: str = ""
    """The same sentence for other numbers than one, with the number as `{n}`; empty when it has no number."""
    number: int = 0


def msg(msgid: str, **params: Any) -> Message:
    """Marks an English sentence of the core for translation; `{placeholders}` are filled when it is said."""
    return Message(msgid, params)


def sentences(domain: str) -> Callable[[str], Message]:
    """Returns the `_` of a plugin: `_ = sentences("my_plugin")`, and `_("Beds")` is a sentence of its own catalog."""
    return lambda msgid: Message(msgid, domain=domain)


def plural(one: str, many: str, number: int, *, domain: str, **params: Any) -> Message:
    """Returns a sentence with a number in it, `{n}`, which each language says in the form of that number.

    `domain`: the plugin's id, in whose catalog it is looked up.
    """
    return Message(one, params, domain, many, number)


class Tenant(Struct, frozen=True):
    """One implementing organization or region, as plugins see it."""

    id: UUID
    slug: str
    name: Words
    languages: tuple[str, ...]
    """BCP 47 tags in the tenant's order, e.g. `("fr-CA", "en-CA")`; the first is the default."""
    time_zone: str
    illustrative: bool = False
    """True when no source says that this region has adopted the program."""


class ParticipantFacts(Struct, frozen=True):
    """A participant as hooks see her, with nothing that identifies her."""

    id: UUID
    code: str = ""
    """Her code; empty for who may not know that she takes part."""


class Act(Struct, frozen=True):
    """Something that was done in a region, as the trail notes it: codes and ids, no words."""

    id: UUID
    """The entry's: the same when the act is told again."""
    verb: str
    """As the trail names it, e.g. `directory.added`."""
    at: dt.datetime
    by: str
    """staff, token, link (of somebody without an account), system or anonymous."""
    subject: str
    """The kind of thing that it was done to; empty when there is none."""
    subject_id: UUID | None
    details: Mapping[str, Any] = field(default_factory=dict)
    participant: ParticipantFacts | None = None
    """Whom it is about, where the plugin's organization may know that she takes part."""


class DueSchedule(Struct, frozen=True):
    """A schedule of the plugin whose hour has come: the day and the hour are the region's."""

    name: str
    day: dt.date
    hour: int


class BackgroundJob(Struct, frozen=True):
    """A job that the plugin asked for with `later`."""

    name: str
    ids: Mapping[str, Any]
    """UUIDs and whole numbers, by name."""


class Secret(Struct, frozen=True):
    """A setting that is sealed, and shown to nobody: an administrator can only replace or remove it.

    Printing it, or the settings that hold it, says only whether there is one.
    """

    text: str = ""

    def reveal(self) -> str:
        """Returns the secret itself, to be handed to whom it is for; empty when none is set."""
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)

    def __repr__(self) -> str:
        return "Secret(set)" if self.text else "Secret(not set)"

    __str__ = __repr__


class AgeRange(Struct, frozen=True):
    """Completed years, both ends included."""

    least: int
    most: int


class ReferralFacts(Struct, frozen=True):
    """A referral as hooks see it: only answers that have a *meaning*, and none that identifies the young person."""

    id: UUID
    form: str
    form_version: str
    language: str
    """The language the form was answered in."""
    received_on: dt.date
    """The referral date in the tenant's time zone."""
    age: int | None = None
    """Completed years on the referral date, when a birth date or an age was given."""
    age_band: AgeRange | None = None
    """When only a band was given."""
    knows: str | None = None
    """Does she know about the referral: yes, no, unsure."""
    agrees_to_contact: str | None = None
    """yes, no, not_yet, unknown."""
    preferred_language: str | None = None
    community: str | None = None
    needs: tuple[str, ...] = ()
    safe_contact_known: bool = False
    meanings: Mapping[str, Any] = field(default_factory=dict)
    """Answers to plugins' own meanings, `<plugin>:<name>`, in `suggest_`, `propose_` and `show_` hooks: those that
    staff gave to extra questions on this referral. Empty in hooks that are told afterwards, export or erase."""


class SentReferral(ReferralFacts, frozen=True):
    """A referral while it is received. For `check_` and `assess_` hooks: `meanings` holds what the form was answered
    with, which is sealed from then on."""


class ReferralMove(Struct, frozen=True):
    """One step of a referral from a state to another."""

    from_state: str
    to_state: str
    at: dt.datetime


class Opinion(Struct, frozen=True):
    """One assessor's view of a referral. An opinion never decides: a person does."""

    outcome: Literal["fits", "a_person_decides", "does_not_fit"]
    reason: Message | Words
    code: str = ""
    """A stable code of the reason, e.g. `age_unknown`; counted by indicators."""


class RoutingSuggestion(Struct, frozen=True):
    """A partner who could take the first contact, with the reason."""

    organization: str
    """The organization's key in the partner directory."""
    reason: Message | Words
    weight: int = 0
    """Higher first. Orders suggestions, never people."""


class ContactProposal(Struct, frozen=True):
    """A way to make the first contact, with the reason. A person decides."""

    title: Message | Words
    reason: Message | Words
    code: str = ""


class PersonRecord(Struct, frozen=True):
    """One record that a plugin keeps about a person, opened, to be handed over to whom it is about."""

    title: Message | Words
    data: Mapping[str, Any]
    """Plain values under plain names: what JSON can say."""


class Problem(Struct, frozen=True):
    """Something that stands against a write; `path` names the question or field, empty for the whole."""

    message: Message | Words
    path: str = ""
    code: str = ""


class ServiceFacts(Struct, frozen=True):
    """A service of an organization on a given date, as far as extra questions on it were answered."""

    key: str
    name: Words
    meanings: Mapping[str, Any] = field(default_factory=dict)
    """Answers to plugins' own meanings, `<plugin>:<name>`."""
    id: UUID | None = None


class OrganizationFacts(Struct, frozen=True):
    """A partner organization on a given date, as hooks see it."""

    key: str
    name: Words
    roles: tuple[str, ...]
    languages: tuple[str, ...]
    """Languages of service; empty means not stated."""
    areas: tuple[str, ...]
    """Service areas by key; empty means not stated."""
    id: UUID | None = None
    """Its id, to which a plugin's table refers (`ORGANIZATION`); none in facts that a test made up."""
    meanings: Mapping[str, Any] = field(default_factory=dict)
    """Answers to plugins' own meanings, `<plugin>:<name>`, that staff gave to extra questions on it."""
    services: tuple[ServiceFacts, ...] = ()
    """Its services of that date on which such questions were answered."""


class EncounterFacts(Struct, frozen=True):
    """An encounter as it is about to be written: its codes, and whether there are words, without one of them."""

    participant: ParticipantFacts
    state: str
    kind: str
    on: dt.date
    place: str | None = None
    themes: tuple[str, ...] = ()
    has_note: bool = False
    has_her_words: bool = False
    meanings: Mapping[str, Any] = field(default_factory=dict)
    """Answers to plugins' own meanings, `<plugin>:<name>`, that extra questions on it were given: codes, no words."""


class NeedFacts(Struct, frozen=True):
    """A need as it is about to be written, without a word of it."""

    participant: ParticipantFacts
    need: str
    """A code of the region's needs."""
    state: str
    identified_by: str
    urgency: str
    meanings: Mapping[str, Any] = field(default_factory=dict)
    """Answers to plugins' own meanings, `<plugin>:<name>`, that extra questions on it were given: codes, no words."""


class GoalFacts(Struct, frozen=True):
    """A goal of hers, without a word of it."""

    state: str
    template: str | None = None
    """The code of the template from which it was begun."""
    meanings: Mapping[str, Any] = field(default_factory=dict)
    """Answers to plugins' own meanings, `<plugin>:<name>`, that extra questions on it were given: codes, no words."""


class ParticipationStep(Struct, frozen=True):
    """The step that a participation is about to take."""

    participant: ParticipantFacts
    from_state: str
    to_state: str
    reason: str | None = None


class ServiceRequestFacts(Struct, frozen=True):
    """A request for services, without whom it is for."""

    age: int | None = None
    language: str = ""
    area: str = ""
    """The key of one of the region's areas."""
    need: str = ""
    """A code of the region's needs."""


class OfferedServiceFacts(Struct, frozen=True):
    """A service of the directory that could be asked for."""

    key: str
    organization: str
    """The key of the organization that offers it."""


class ServiceOpinion(Struct, frozen=True):
    """One assessor's view of one service for a request. What does not fit can be asked for with a reason."""

    service: str
    """The service's key."""
    outcome: Literal["fits", "a_person_decides", "does_not_fit"]
    reason: Message | Words


class PlanFacts(Struct, frozen=True):
    """Her plan as far as the asking worker may read it: codes, without a word of it."""

    participant: ParticipantFacts
    needs: tuple[str, ...] = ()
    """Codes of her open needs."""
    templates: tuple[str, ...] = ()
    """Codes of the templates from which her goals were begun."""
    open_needs: tuple[NeedFacts, ...] = ()
    goals: tuple[GoalFacts, ...] = ()


class TogetherFacts(Struct, frozen=True):
    """A screen that a young person and her worker look at together, in codes: hers, and nobody's words.

    It names nobody, as the screen does. Nothing that a worker alone sees is in it: no need, no risk, no note.
    """

    templates: tuple[str, ...] = ()
    """Codes of the templates from which goals that she wants were begun."""
    places: Mapping[str, str] = field(default_factory=dict)
    """By stage model, the code of the stage at which she placed herself last."""


class GoalSuggestion(Struct, frozen=True):
    """Something to talk about with her. It never stands in a field: a goal is in her words."""

    title: Message | Words
    reason: Message | Words


class ActivityProposal(Struct, frozen=True):
    """An activity that might be something for her, shown to her worker beside the form that asks her along."""

    activity: str
    """A code of the region's activities; of any other nothing is shown."""
    reason: Message | Words


class PanelFact(Struct, frozen=True):
    """One line of a panel: a label and what stands beside it."""

    label: Message | Words
    value: Message | Words | str | int | dt.date


class PanelLink(Struct, frozen=True):
    """A link of a panel: to a named page of the plugin's own or of the core's, with its parameters."""

    title: Message | Words
    page: str
    params: Mapping[str, str] = field(default_factory=dict)


class Panel(Struct, frozen=True):
    """A plugin's part of a page of the core: facts, a small table and links, or its own template's fragment.

    How much of each a place has room for stands in `docs/hooks.md`; a panel that needs more is not shown.
    """

    title: Message | Words
    facts: tuple[PanelFact, ...] = ()
    columns: tuple[Message | Words, ...] = ()
    rows: tuple[tuple[Message | Words | str | int | dt.date, ...], ...] = ()
    """A row has a cell for each column; the first one names the row."""
    links: tuple[PanelLink, ...] = ()
    template: str = ""
    """A template of the plugin's own, `<plugin>/<name>.html`, that stands below the rest."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """Values for the template."""
    permission: str = ""
    """A permission that the reader needs besides that of the place."""


class FormSource(Struct, frozen=True):
    """A form a code plugin brings beside the files of its `forms/` folder."""

    key: str
    path: str
    """Path of the XLSForm file inside the plugin's folder."""

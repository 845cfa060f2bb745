"""Structs of the API of plugins (the list, what a switch would do, incidents) and of readiness. Pages show the same."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from spheres_core.foundation.isolation.incidents import Incident
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.lifecycle.activation import StoredTable
from spheres_core.foundation.lifecycle.preview import RelatedPlugin, SettingDefault
from spheres_core.foundation.plugins.translation_coverage import TranslationCoverage
from spheres_core.foundation.web.routes import Route
from spheres_core.partners.api_schemas import DirectoryEntry

PluginState = Literal["on", "off", "left_out"]
CoverageState = Literal["covered", "partly", "otherwise", "lacks"]


class PluginListed(Struct, frozen=True):
    """One plugin that the tenant has or could have."""

    id: str
    title: Text
    text: Text | None
    version: str
    kind: str
    """`pack` or `code`; empty when it is not on this machine."""
    installed: bool
    state: PluginState
    since: dt.datetime | None
    problem: Text | None
    """Why it is left out."""
    warnings: list[Text]
    """Uses of parts of the core that a later version will not have."""
    resting: bool
    """A part of it is out of this tenant's way for a while, because it failed."""
    stops: list[Text]
    """Consequences while it does not work."""
    incidents: int


class PluginList(Struct, frozen=True):
    """Plugins of a tenant: those that are on first, then by title."""

    plugins: list[PluginListed]


class IncidentShown(Incident, frozen=True):
    """One way in which a part of a plugin fails, with what stops working meanwhile."""

    resting: bool
    stops: list[Text]


class IncidentList(Struct, frozen=True):
    """Incidents, the latest first."""

    incidents: list[IncidentShown]


class PreviewProblem(Struct, frozen=True):
    """A reason against the switch, with the plugin that it is about."""

    plugin: str
    message: Text


class PreviewCode(Struct, frozen=True):
    """A meaning that a form collects."""

    code: str
    text: Text


class PreviewQuestion(Struct, frozen=True):
    """A question of a form, and how its answer is kept."""

    name: str
    title: Text
    meaning: str | None
    collects: Text | None
    kept: Literal["clear", "compared", "sealed"]
    kept_text: Text


class PreviewContent(Struct, frozen=True):
    """A thing that the plugin's files bring: a form, a list, a directory."""

    topic: str
    key: str
    title: Text
    languages: list[str]
    missing: list[str]
    """Tags of the tenant's languages that it lacks."""
    asks: int
    collects: list[PreviewCode]
    questions: list[PreviewQuestion]
    asked_on: Text | None
    """The kind of record on which staff answer it, such as "a referral"; null when it stands by itself."""
    in_place_of: str | None
    behind: str | None


class PreviewHook(Struct, frozen=True):
    """A hook, and what the plugin does at it."""

    hook: str
    text: Text


class PreviewVerb(Struct, frozen=True):
    """A verb that the plugin writes to the trail."""

    verb: str
    title: Text


class PreviewPermission(Struct, frozen=True):
    """A permission that the plugin brings, and the roles that have it."""

    name: str
    title: Text
    roles: list[Text]


class PreviewReport(Struct, frozen=True):
    """A report that the plugin brings over its own tables."""

    name: str
    title: Text


class PreviewNavigation(Struct, frozen=True):
    """An item that the plugin adds to the navigation."""

    path: str
    title: Text


class PreviewFailure(Struct, frozen=True):
    """The consequence when a part of the plugin fails."""

    part: str
    text: Text


class PreviewFormWarning(Struct, frozen=True):
    """A remark about a form that does not stand in its way, and its cell."""

    file: str
    sheet: str | None
    row: int | None
    column: str | None
    message: Text


class PreviewPart(Struct, frozen=True):
    """A part of a manifest by its name."""

    part: str
    name: str


class PreviewUpgrade(Struct, frozen=True):
    """A version on this machine that the tenant has not adopted."""

    before: str
    after: str
    gains: list[PreviewPart]
    loses: list[PreviewPart]
    problem: Text | None


class PreviewChange(Struct, frozen=True):
    """A change of one entry of the directory or of a form."""

    kind: str
    text: Text
    what: str
    what_title: Text
    key: str
    title: Text
    fields: list[str]
    field_titles: list[Text]


class PluginPreview(Struct, frozen=True):
    """All that switching a plugin would do, in the reader's language."""

    plugin: str
    action: Literal["on", "off"]
    had: bool
    title: Text
    text: Text | None
    version: str
    kind: str
    owner: str
    licence: str
    problems: list[PreviewProblem]
    staff: list[Text]
    """Changes for those who work here."""
    content: list[PreviewContent]
    titles: Mapping[str, Text]
    """Titles of the plugins that are named by id."""
    files: list[str]
    data: list[str]
    data_texts: list[Text]
    does: list[PreviewHook]
    trail_verbs: list[PreviewVerb]
    permissions: list[PreviewPermission]
    reports: list[PreviewReport]
    navigation: list[PreviewNavigation]
    routes: Sequence[Route]
    hooks: list[str]
    safeguards: list[str]
    jobs: list[str]
    tables: Sequence[StoredTable]
    settings: Sequence[SettingDefault]
    languages: Sequence[TranslationCoverage]
    requires: Sequence[RelatedPlugin]
    conflicts: Sequence[RelatedPlugin]
    warnings: list[Text]
    form_warnings: list[PreviewFormWarning]
    left_out: Text | None
    upgrade: PreviewUpgrade | None
    changes: list[PreviewChange]
    failure: list[PreviewFailure]


class ReadinessRecord(Struct, frozen=True):
    """A record of this region that speaks for an element of the program."""

    title: str | None
    what: str
    status: str
    """How well it is known; empty where that means nothing."""
    status_text: str | None


class ReadinessNote(Struct, frozen=True):
    """How the region covers an element otherwise, and why."""

    element: str
    how: str
    why: str
    written_at: dt.datetime


class ReadinessElement(Struct, frozen=True):
    """An element of the program, and what covers it in this region today."""

    key: str
    title: str
    state: CoverageState
    state_text: str
    records: list[ReadinessRecord]
    remark: str | None
    """The objection to counting it as covered."""
    note: ReadinessNote | None
    written_at: dt.datetime | None


class ReadinessFact(Struct, frozen=True):
    """One fact about opening, with what it rests on."""

    key: str
    title: str
    holds: bool | None
    """Null: it cannot be told from what is kept here."""
    state: str
    lines: list[str]


class RenamedTerm(Struct, frozen=True):
    """A term that is said otherwise here."""

    term: str
    said: str
    language: str
    """Empty for one that a plugin says in several languages."""
    by: str


class ChangedSetting(Struct, frozen=True):
    """A setting that is not as usual."""

    owner: str
    name: str
    usual: Any
    here: Any
    usual_text: str
    here_text: str


class AddedPart(Struct, frozen=True):
    """A plugin or a role of partners that this region has beside the model."""

    what: str
    title: str
    topics: int
    """How many kinds of content a plugin brings; 0 for a role."""


class RegionDifferences(Struct, frozen=True):
    """Where the region differs from the model."""

    renamed: list[RenamedTerm]
    set_otherwise: list[ChangedSetting]
    added: list[AddedPart]
    changed: list[DirectoryEntry]
    withdrawn: list[DirectoryEntry]


class Readiness(Struct, frozen=True):
    """Facts about opening this region. Nothing is scored and nothing is hidden."""

    tenant: str
    on: dt.date
    elements: list[ReadinessElement]
    facts: list[ReadinessFact]
    divergence: RegionDifferences


class ReportListed(Struct, frozen=True):
    """A report that the caller may read."""

    name: str
    title: Text
    has_period: bool
    """It is about the days that the caller names."""


class ReportList(Struct, frozen=True):
    """Reports by name."""

    reports: list[ReportListed]


class ReportHeading(Struct, frozen=True):
    """A column of a report, and what it is called."""

    name: str
    title: Text


class ReportGroup(Struct, frozen=True):
    """One group of a report, by the names of its columns."""

    by: Mapping[str, str | int | float | bool | None]
    """Values that the group has in common: a code, a date, a number, an organization's id; an empty text for something
    else than the codes that are known, null where nothing is stated."""
    numbers: Mapping[str, int | float | None]
    """Sums, and `count`."""
    hidden: bool
    """True for a group of few persons, whose numbers are null."""


class ReportAnswer(Struct, frozen=True):
    """The answer of a report over a period."""

    name: str
    since: dt.date | None
    until: dt.date | None
    columns: list[ReportHeading]
    groups: list[ReportGroup]
    cut: bool
    """There are more groups than these."""


SettingValue = bool | int | float | str | list[str]


class SettingShown(Struct, frozen=True):
    """One setting of a plugin. A secret has no value: only whether one is set."""

    name: str
    kind: Literal["yes_no", "whole", "number", "text", "choice", "list", "secret", "other"]
    """`other` is set in the region's file only."""
    title: Text
    hint: Text | None
    value: SettingValue | None
    is_set: bool | None
    """For a secret."""
    choices: Sequence[str]
    least: float | None
    most: float | None


class SettingList(Struct, frozen=True):
    """Settings of a plugin, in the order that it gives them."""

    plugin: str
    settings: list[SettingShown]


class SettingsPosted(Struct, frozen=True, forbid_unknown_fields=True):
    """The settings to change, by name; those that are not named stay as they are."""

    values: Mapping[str, SettingValue] = {}
    secrets: Mapping[str, str] = {}
    """New secrets. They are sealed, and come out of no answer."""
    remove: Sequence[str] = ()
    """Names of secrets to remove."""


class SettingsChanged(Struct, frozen=True):
    """Names of the settings that changed."""

    changed: list[str]


PackState = Literal["draft", "in_force", "before"]


class PackVersion(Struct, frozen=True):
    """A version of a pack of the region's own. `before`: it was in force once."""

    id: UUID
    plugin: str
    title: Text
    version: str
    state: PackState
    uploaded_at: dt.datetime
    published_at: dt.datetime | None


class PackVersions(Struct, frozen=True):
    """Versions, the newest first within their pack."""

    packs: list[PackVersion]


class PackFinding(Struct, frozen=True):
    """A remark about an uploaded pack, and its place: a cell of a sheet, or a line or key of a file."""

    file: str
    sheet: str | None
    row: int | None
    column: str | None
    line: int | None
    key: str | None
    severity: str
    message: Text


class PackUploaded(Struct, frozen=True):
    """The version that was made, which is not in force yet, and what a person should look at."""

    id: UUID
    findings: list[PackFinding]


class PackChange(Struct, frozen=True):
    """One difference from what is in force."""

    part: str
    what: str
    kind: Text
    before: str
    after: str


class PackShown(Struct, frozen=True):
    """A version, what stands against putting it in force, and how it differs from what is."""

    pack: PackVersion
    problems: list[Text]
    changes: list[PackChange]
    more: int
    """Differences that are not listed."""
    back_to: str | None
    """The version that taking it back leads to; null for what is installed here, or for none."""


class PackNamed(Struct, frozen=True, forbid_unknown_fields=True):
    """A pack by its plugin's id."""

    plugin: str


class PackSwitched(Struct, frozen=True):
    """The state of a pack after the act."""

    state: Literal["in_force", "taken_back", "discarded"]

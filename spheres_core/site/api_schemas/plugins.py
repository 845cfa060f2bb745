"""Structs of the API about plugins: their list, their incidents, and what one would change."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from spheres_core.foundation.isolation.incidents import Incident
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.lifecycle.activation import StoredTable
from spheres_core.foundation.lifecycle.preview import RelatedPlugin, SettingDefault
from spheres_core.foundation.plugins.translation_coverage import TranslationCoverage
from spheres_core.foundation.web.routes import Route

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

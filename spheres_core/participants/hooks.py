"""Registers the participants room with the core."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from spheres_core import hookimpl
from spheres_core.facts import msg
from spheres_core.foundation.plugins.registrations import (
    DaySection,
    FileSection,
    NavigationItem,
    Permission,
    SectionPage,
    TrailVerb,
    on_pages_only,
)
from spheres_core.participants import events, permissions
from spheres_core.participants.controllers import (
    birthdays,
    consents,
    drafts,
    duplicates,
    files,
    identity,
    presence,
    safe_contact,
)
from spheres_core.participants.pages import birthdays as birthdays_pages
from spheres_core.participants.pages import consent_forms, consent_records
from spheres_core.participants.pages import consents as consents_pages
from spheres_core.participants.pages import drafts as drafts_pages
from spheres_core.participants.pages import duplicates as duplicates_pages
from spheres_core.participants.pages import files as files_pages
from spheres_core.participants.pages import identity as identity_pages
from spheres_core.participants.pages import safe_contact as safe_contact_pages
from spheres_core.participants.queries import birthdays as birthday_queries
from spheres_core.participants.settings import Settings
from spheres_core.participants.views import birthdays as birthdays_page
from spheres_core.participants.views import consents as consents_views
from spheres_core.participants.views import draft_forms, file
from spheres_core.participants.views import drafts as draft_views
from spheres_core.participants.views import safe_contact as safe_contact_views


@hookimpl(trylast=True)
def register_settings() -> type[Struct]:
    return Settings


@hookimpl(trylast=True)
def register_permissions() -> Sequence[Permission]:
    return [
        Permission(
            permissions.READ,
            msg("Open the files of participants, as far as a standing and a consent reach"),
            roles=("pivot_worker", "coordinator", "committee_member", "clinical_support", "liaison", "privacy_officer"),
        ),
        Permission(
            permissions.LISTED,
            msg("Find the list of participants in the menu"),
            roles=("pivot_worker", "coordinator", "committee_member", "clinical_support", "liaison"),
        ),
        Permission(
            permissions.RECORD_CONSENTS,
            msg("Record what participants agree to, and whom to keep away from them"),
            roles=("pivot_worker", "coordinator"),
        ),
        Permission(
            permissions.IDENTITY,
            msg("Open who a participant is, with a reason"),
            roles=("pivot_worker", "coordinator"),
        ),
        Permission(
            permissions.DUPLICATES,
            msg("Decide whether two participants are the same person"),
            roles=("coordinator",),
        ),
        Permission(permissions.OPENINGS, msg("See who opened whose identity, and why"), roles=("coordinator",)),
    ]


@hookimpl(trylast=True)
def register_controllers() -> Sequence[Any]:
    return [
        *consents.HANDLERS,
        *files.HANDLERS,
        *identity.HANDLERS,
        *safe_contact.HANDLERS,
        *birthdays.HANDLERS,
        *drafts.HANDLERS,
        *presence.HANDLERS,
        *duplicates.HANDLERS,
    ]


@hookimpl(trylast=True)
def register_pages() -> Sequence[Any]:
    return [
        *files_pages.HANDLERS,
        *safe_contact_pages.HANDLERS,
        *identity_pages.HANDLERS,
        *birthdays_pages.HANDLERS,
        *drafts_pages.HANDLERS,
        *duplicates_pages.HANDLERS,
        *consents_pages.HANDLERS,
        *consent_forms.HANDLERS,
        *consent_records.HANDLERS,
    ]


@hookimpl(trylast=True)
def register_navigation() -> Sequence[NavigationItem]:
    return [NavigationItem("staff/participants", msg("Participants"), "staff", permissions.LISTED, order=13)]


@hookimpl(trylast=True)
def register_day_sections() -> Sequence[DaySection]:
    return [DaySection("drafts", msg("Begun and not sent"), draft_views.day_lines, order=30)]


@hookimpl(trylast=True)
def register_file_sections() -> Sequence[FileSection]:
    return [
        FileSection("recorded", "participation", read=file.read_recorded),
        FileSection(
            "birthday_tasks",
            "participation",
            read=birthday_queries.tasks_of,
            shown=SectionPage(
                msg("Birthdays"),
                80,
                page=birthdays_pages.PAGE,
                summarize=birthdays_page.summarize,
                empty=msg("Months before she turns 14, 18 or 25, what changes for her is raised here."),
            ),
        ),
        FileSection(
            "consents",
            "participation",
            read=on_pages_only,
            shown=SectionPage(
                consents_views.TITLE,
                60,
                page=consents_pages.PAGE,
                summarize=consents_views.summarize,
                empty=msg("What she says yes to stands here: who may know what, why, and until when."),
            ),
            drafts=tuple(draft_forms.CONSENT_FORMS.values()),
        ),
        FileSection(
            "safe_contact",
            "safe_contact",
            read=safe_contact_views.read_section,
            shown=SectionPage(msg("Safe contact"), 70, page=safe_contact_pages.PAGE),
            drafts=(*draft_forms.CHANNEL_FORMS.values(), draft_forms.AROUND_FORM),
        ),
        FileSection(
            "identity",
            "identity",
            read=on_pages_only,
            shown=SectionPage(msg("Who she is"), 90, page=identity_pages.PAGE, permission=permissions.IDENTITY),
        ),
    ]


@hookimpl(trylast=True)
def register_trail_verbs() -> Sequence[TrailVerb]:
    return [
        TrailVerb("participant.added", msg("A participant was added")),
        TrailVerb("participants.listed", msg("Participants were listed")),
        TrailVerb("participant.found", msg("A participant was looked up by her code")),
        TrailVerb("identity.opened", msg("A participant's identity was opened"), tell=events.notify_coordinators),
        TrailVerb("identity.written", msg("A participant's identity was written")),
        TrailVerb("identity.openings_listed", msg("It was looked up who opened whose identity")),
        TrailVerb("safe_contact.read", msg("It was read how a participant can safely be reached")),
        TrailVerb("safe_contact.written", msg("It was written how a participant can safely be reached")),
        TrailVerb("safe_contact.confirmed", msg("A participant confirmed how she can safely be reached")),
        TrailVerb("safe_contact.marked_unsafe", msg("A way of reaching a participant turned out not to be safe")),
        TrailVerb("first_text.answered", msg("A participant answered a first text with her word")),
        TrailVerb(
            "first_text.answered_otherwise",
            msg("A first text was answered otherwise than with a participant's word"),
            tell=events.notify_coordinators,
        ),
        TrailVerb(
            "birthday.prepared", msg("A birthday of a participant is to be prepared"), tell=events.notify_coordinators
        ),
        TrailVerb("birthday.reached", msg("A participant had a birthday"), tell=events.notify_coordinators),
        TrailVerb("birthday.task_done", msg("A birthday was looked at with a participant")),
        TrailVerb("duplicates.listed", msg("It was looked up who could be the same participant")),
        TrailVerb("duplicate.decided", msg("It was decided whether two participants are the same person")),
        TrailVerb("duplicate.undone", msg("A decision whether two participants are the same person was undone")),
        TrailVerb("draft.begun", msg("Somebody began to write about a participant")),
        TrailVerb("drafts.read", msg("Somebody's own drafts about a participant were read")),
        TrailVerb("drafts.listed", msg("Somebody's own drafts about participants were listed")),
        TrailVerb("drafts.handed_on", msg("What a worker began to write about a participant went to the next worker")),
        TrailVerb("draft.discarded", msg("A draft about a participant was thrown away")),
        TrailVerb("participant.file_read", msg("A participant's file was read")),
        TrailVerb("participant.panels_shown", msg("Panels of plugins were shown on a participant's file")),
    ]

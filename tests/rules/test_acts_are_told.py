"""Whatever is done in a room is told to plugins that listen, or stands here with the reason why not."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from spheres_core import app
from spheres_core.audit import operations as audit
from spheres_core.consents.events import OWN_LINES, ActAbout
from spheres_core.consents.schemas import CLASSES
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.testing import MakeWorld, World, definition
from spheres_core.testing.region_api import Region
from tests.documented import documented_code
from tests.plugins.planting import plant

SECRET: Final = "about a way in: whoever knows of it could try it"
READ: Final = "something was read or handed over, which is for who audits"
PERSON: Final = "erasing and handing over have hooks of their own, which can fail loudly"
LEDGER: Final = "who may see what of a participant is between her and those who follow her"
DRAFT: Final = "nothing is in force yet"
OTHER_REGION: Final = "between two regions; it is about nobody of this one yet"
MACHINE: Final = "part of a delivery; telling it would lead to further deliveries"
LOG: Final = "of a workshop only that it took place is told"
OWN: Final = "what somebody of the staff says of oneself is for nobody else"
REPORTING: Final = "a reporting decision goes to nobody, so to no plugin either: a person reports outside the software"
REGISTER: Final = "the register of incidents is for the privacy officer, who tells others herself"
NOT_TOLD: Final = {
    "privacy.overseen": READ, "incidents.listed": READ, "incident.read": READ,
    "incident.recorded": REGISTER, "incident.changed": REGISTER, "incident.closed": REGISTER,
    "incident.erased": REGISTER,
    "erasure_hold.placed": REGISTER, "erasure_hold.reviewed": REGISTER, "erasure_hold.lifted": REGISTER,
    "erasure_holds.listed": READ, "ended_files.listed": READ,
    "participant.exported": PERSON, "participant.erasure_begun": PERSON, "participant.erased": PERSON,
    "draft.begun": "words that were not sent yet; nobody is told of them",
    "drafts.read": "read by their writer only",
    "drafts.listed": "listed for their writer only",
    "drafts.handed_on": "words that were not sent yet; that the file changed hands is told",
    "draft.discarded": "words that were never sent",
    "support_session.noted": OWN, "support_session.rated": OWN, "support_session.read": READ,
    "support_session.erased": "it is told once when it is over, and its time is the region's setting",
    "workshop.planned": LOG, "workshop.changed": LOG, "workshop.cancelled": LOG, "workshop.erased": LOG,
    "workshop_figures.published": READ, "workshop_figures.read": READ, "workshop.read": READ,
    "workshops.listed": READ, "workshops.exported": READ, "training.logged": OWN, "training.changed": OWN,
    "training.removed": OWN, "training.erased": OWN, "training.read": READ, "trainings.listed": READ,
    "support_sessions.listed": READ, "support_sessions.counted": READ,
    "entourage.listed": READ, "entourage.read": READ, "entourage.looked_up": READ, "entourage.exported": READ,
    "consents.listed": READ, "consent.read": READ, "why.asked": READ, "limits.read": READ, "exclusions.listed": READ,
    "advice.listed": READ, "advice.read": READ, "advice.looked_up": READ, "tool_proposals.listed": READ,
    "tool_proposal.read": READ, "deliveries.listed": READ, "inquiries.listed": READ, "staff.listed": READ,
    "staff.shown": READ, "invitations.listed": READ, "referral.listed": READ, "referral.read": READ,
    "receipt.looked_up": READ,
    "referral.withdrawal_asked": "nothing that could reach the referrer may tell whether she was contacted",
    "directory.adopted": "it comes from a plugin, which is told when the region switches it on",
    "staff.signed_in": SECRET, "staff.sign_in_failed": SECRET, "staff.signed_out": SECRET,
    "staff.signed_out_everywhere": SECRET,
    "staff.session_ended": SECRET, "staff.password_changed": SECRET, "staff.password_not_changed": SECRET,
    "staff.preferences_chosen": OWN, "invitation.not_opened": SECRET,
    "outside.called": MACHINE,
    "report.taken": READ,
    "trail.read": READ, "access.refused": SECRET, "delivery.tried_again": MACHINE, "notification.sent": MACHINE,
    "referral.panels_shown": READ, "referral.extra_answers_read": READ,
    "referral.attachment_opened": READ,
    "attachment.kept": "nothing was sent yet; the referral that claims it is told",
    "referral_filter.saved": READ, "referral_filter.deleted": READ, "referrals.exported": READ,
    "referral.exported": PERSON, "referral.erasure_begun": PERSON, "referral.erased": PERSON,
    "staff.invited": SECRET, "invitation.renewed": SECRET, "invitation.revoked": SECRET, "recovery.issued": SECRET,
    "recovery.revoked": SECRET, "recovery.used": SECRET, "recovery.not_opened": SECRET,
    "staff.number_given": SECRET, "staff.number_confirmed": SECRET, "staff.number_not_confirmed": SECRET,
    "staff.number_removed": SECRET, "delivery.given_up": MACHINE,
    "staff.browser_remembered": SECRET, "tokens.listed": READ, "token.created": SECRET, "token.revoked": SECRET,
    "standing.opened": LEDGER, "standing.ended": LEDGER,
    "limits.explained": LEDGER, "disclosure.made": LEDGER, "participant.added": LEDGER,
    "participants.listed": READ, "participant.found": READ, "participant.file_read": READ,
    "participant.panels_shown": READ,
    "safe_contact.read": READ, "safe_contact.written": LEDGER, "safe_contact.confirmed": LEDGER,
    "safe_contact.marked_unsafe": LEDGER, "first_text.answered": LEDGER, "first_text.answered_otherwise": LEDGER,
    "birthday.prepared": LEDGER, "birthday.reached": LEDGER, "birthday.task_done": LEDGER,
    "duplicates.listed": READ, "duplicate.decided": LEDGER, "duplicate.undone": LEDGER,
    "identity.opened": READ, "identity.openings_listed": READ, "identity.written": LEDGER,
    "participations.listed": READ, "assignments.listed": READ, "hand_overs.listed": READ,
    "hand_overs.previewed": READ, "encounters.read": READ, "accompaniments.read": READ, "said_before.read": READ,
    "reporting_decision.recorded": REPORTING, "reporting_decisions.read": READ,
    "contact_attempts.read": READ, "dates.read": READ, "timeline.read": READ, "day.shown": READ,
    "coordination.read": READ,
    "participant.shown_together": READ, "service_request.read_by_link": READ,
    "service_request.link_made": SECRET, "service_request.link_revoked": SECRET,
    "service_request.link_not_opened": SECRET,
    "needs.read": READ, "urgent_needs.listed": READ, "strengths.read": READ, "goals.read": READ, "stages.read": READ,
    "service_requests.read": READ, "emergency_plan.read": READ, "emergency_plan.asked_for": READ,
    "emergency_plan.card_made": READ, "emergency_accesses.counted": READ,
    "emergency_accesses.listed": READ, "emergency_access.refused": SECRET, "emergency_access.reviewed": READ,
    "outings.listed": READ, "outing.read": READ, "outing_invitations.read": READ, "kept_apart.read": READ,
    "portrait.made": READ,
    "outing.budgeted": "what an organization pays concerns no young person",
    "kept_apart.recorded": LEDGER, "kept_apart.ended": LEDGER,
    "transfers.read": READ, "transfer.previewed": READ, "received_transfers.listed": READ, "brought.read": READ,
    "transfer.answered_late": OTHER_REGION, "received_transfer.arrived": OTHER_REGION,
    "received_transfer.accepted": OTHER_REGION, "received_transfer.refused": OTHER_REGION,
    "received_transfer.withdrawn": OTHER_REGION, "received_transfer.expired": OTHER_REGION,
    "received_transfer.begun": "that she takes part here is told by her participation",
    "disclosures.made": LEDGER, "committee.recused": LEDGER, "committee.seat_given": LEDGER,
    "committee.seat_ended": LEDGER, "committee.seats_listed": READ, "committee.meetings_listed": READ,
    "meeting.absence_noted": LEDGER, "meeting.absence_taken_back": LEDGER, "meeting.presence_noted": LEDGER,
    "meeting.agenda_read": READ,
    "meeting.brief_read": READ, "agenda_item.put": LEDGER, "agenda_item.changed": LEDGER, "agenda_item.carried": LEDGER,
    "committee_figures.published": READ, "committee_figures.read": READ,
    "agenda_item.taken_off": LEDGER, "agenda_items.read": READ, "recommendations.read": READ,
    "meeting_name.written": LEDGER, "meeting_name.read": READ,
    "page.saved": DRAFT, "pack.uploaded": DRAFT, "pack.discarded": DRAFT, "form.published": DRAFT,
    "form.draft_begun": DRAFT, "form.draft_changed": DRAFT, "form.draft_discarded": DRAFT,
    "tool.written": DRAFT, "tool.proposed": DRAFT, "tool_proposal.declined": DRAFT,
    "tool_proposal.approved": "the tool that it became is told once it is published",
    "plugin.downgraded": "the plugin is off",
    "plugin.exported": READ, "plugin.purged": "the plugin is off and its tables are empty",
}  # fmt: skip
TOLD: Final = {
    "on_referral_changed": "referral.assigned", "on_inquiry_changed": "inquiry.moved",
    "on_advice_changed": "advice.answered", "on_entourage_changed": "entourage.offered",
    "on_support_session_changed": "support_session.held", "on_workshop_held": "workshop.held",
    "on_directory_changed": "directory.added", "on_staff_changed": "staff.roles_changed",
    "on_forms_changed": "form.retired", "on_region_changed": "term.renamed", "on_activity_changed": "outing.planned",
    "on_tool_published": "tool.published", "on_tool_withdrawn": "tool.withdrawn",
}  # fmt: skip

OF_PARTICIPANTS: Final = ("consents", "participants", "followups", "plans", "activities", "transfers")
"""Rooms whose acts are about participants."""
ABOUT_NOBODY: Final = {"on_activity_changed"}
"""Hooks of these rooms that name no participant."""


def test_every_act_of_a_room_has_a_hook_or_a_reason() -> None:
    verbs = [each for room in app.rooms().values() for each in getattr(room, "register_trail_verbs", list)()]

    silent = {each.verb for each in verbs if not each.hook}

    assert silent - NOT_TOLD.keys() == set(), "give each an on_ hook, or a reason here"
    assert NOT_TOLD.keys() - silent == set()


def test_no_act_about_a_participant_is_told_without_asking_the_ledger() -> None:
    told = [each for room in OF_PARTICIPANTS for each in app.rooms()[room].register_trail_verbs() if each.hook]
    hers = [each for each in told if each.hook not in ABOUT_NOBODY]

    classes = {each.verb: getattr(each.load_for, "__self__", None) for each in hers}

    assert [verb for verb, about in classes.items() if not isinstance(about, ActAbout)] == []
    assert {about.information for about in classes.values()} <= {*CLASSES, OWN_LINES}
    withheld = {"identity", "safe_contact", "own_words", "reason", "channel", "outcome", "staff", "to_staff", "token"}
    assert [verb for verb, about in classes.items() if withheld & {about.information, *about.details}] == []
    assert [verb for verb, about in classes.items() if about.record and about.rows is None] == []


@pytest.fixture
def world(make_world: MakeWorld, tmp_path: Path) -> World:
    plant(
        tmp_path, "told_bus",
        documented_code("extension-points.md", "## What others did").replace("night_bus", "told_bus"),
        declares=("register_trail_verbs", *TOLD),
    )  # fmt: skip
    made: World = make_world(definition("north", "told_bus"), on=discover([tmp_path]))
    assert made.loaded("north").plugins.left_out == {}
    return made


def test_a_plugin_is_told_what_was_done_in_each_room(world: World) -> None:
    for verb in TOLD.values():
        world.act("north", lambda ctx, verb=verb: audit.record(ctx, verb))
    region = Region(world, "north", "told_bus")
    region.deliver()

    async def noted(ctx: Any) -> Any:
        return await ctx.db.sql("SELECT details->>'verb' FROM trail_entries WHERE verb = 'told_bus.noted'")

    assert region.failures() == []
    assert {row[0] for row in world.act("north", noted)} == set(TOLD.values())

"""Registers the permissions, routes and trail verbs of referrals, and gives the core's own opinions."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from spheres_core import hookimpl
from spheres_core.facts import Opinion, OrganizationFacts, ReferralFacts, RoutingSuggestion, SentReferral, msg
from spheres_core.forms import queries as forms
from spheres_core.forms.meanings import REFERRAL, SELF_REFERRAL
from spheres_core.foundation.plugins.registrations import NavigationItem, Permission, RecordKind, TrailVerb
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals import controllers, eligibility, events, routing
from spheres_core.referrals import permissions as referrals_permissions
from spheres_core.referrals.pages import answer_export, attachments, inbox, refer, triage
from spheres_core.referrals.queries import record_kinds
from spheres_core.referrals.settings import Settings


@hookimpl(trylast=True)
def register_settings() -> type[Struct]:
    return Settings


@hookimpl(trylast=True)
def register_permissions() -> Sequence[Permission]:
    return [
        Permission(referrals_permissions.READ, msg("Read referrals"), roles=("coordinator",)),
        Permission(referrals_permissions.EXPORT, msg("Export the answers of many referrals"), roles=("coordinator",)),
        Permission(referrals_permissions.TRIAGE, msg("Take a referral to its next step"), roles=("coordinator",)),
    ]


@hookimpl(trylast=True)
def register_record_kinds() -> Sequence[RecordKind]:
    return [record_kinds.RECORD_KIND]


@hookimpl(trylast=True)
def register_controllers() -> Sequence[Any]:
    return controllers.HANDLERS


@hookimpl(trylast=True)
def register_pages() -> Sequence[Any]:
    return [
        refer.refer,
        refer.send_referral,
        refer.contact,
        refer.send_contact,
        refer.receipt,
        refer.look_up,
        refer.withdraw,
        refer.answer,
        *inbox.HANDLERS,
        *answer_export.HANDLERS,
        *triage.HANDLERS,
        *attachments.HANDLERS,
    ]


@hookimpl(trylast=True)
def register_navigation() -> Sequence[NavigationItem]:
    return [
        NavigationItem("refer", msg("Refer someone"), order=40, there=_asks_for_referrals),
        NavigationItem(
            "referrals", msg("Referrals"), "staff", referrals_permissions.READ, order=10, there=_asks_about_young_people
        ),
    ]


def _asks_about_young_people(ctx: Context) -> bool:
    return not forms.forms_asked(ctx).keys().isdisjoint((REFERRAL, SELF_REFERRAL))


def _asks_for_referrals(ctx: Context) -> bool:
    return REFERRAL in forms.forms_asked(ctx)


@hookimpl(trylast=True)
def register_trail_verbs() -> Sequence[TrailVerb]:
    return [
        TrailVerb(
            "referral.received",
            msg("A referral was received"),
            hook="on_referral_received",
            load=events.load_received,
            tell=events.notify_coordinators,
        ),
        TrailVerb(
            "referral.moved",
            msg("A referral took a step"),
            hook="on_referral_moved",
            load=events.load_moved,
        ),
        TrailVerb("referral.listed", msg("Referrals were listed")),
        TrailVerb("referral.read", msg("A referral was read")),
        TrailVerb("receipt.looked_up", msg("A referral was looked up with its receipt")),
        TrailVerb("referral.withdrawal_asked", msg("The referrer took a referral back, after a first contact")),
        TrailVerb("attachment.kept", msg("A file was sent, to be an answer")),
        TrailVerb("referral.attachment_opened", msg("A file of a referral was opened")),
        TrailVerb("referral.assigned", msg("It was said who takes care of a referral"), hook="on_referral_changed"),
        TrailVerb("referral.asked", msg("The referrer was asked for information"), hook="on_referral_changed"),
        TrailVerb(
            "referral.answered",
            msg("The referrer answered a question"),
            hook="on_referral_changed",
            tell=events.notify_coordinators,
        ),
        TrailVerb("referral_filter.saved", msg("A filter of the inbox was saved")),
        TrailVerb("referral_filter.deleted", msg("A filter of the inbox was deleted")),
        TrailVerb("referrals.exported", msg("The answers of referrals were exported as a file")),
        TrailVerb("referral.panels_shown", msg("Panels of plugins were shown on a referral")),
        TrailVerb(
            record_kinds.ANSWERED,
            msg("Extra questions on a referral were answered"),
            hook="on_referral_changed",
        ),
        TrailVerb(record_kinds.SHOWN, msg("Answers to extra questions on a referral were read")),
        TrailVerb("referral.exported", msg("All that is kept about the person was handed over")),
        TrailVerb("referral.erasure_begun", msg("Erasing all that is kept about the person was begun")),
        TrailVerb("referral.erased", msg("All that was kept about the person was erased")),
    ]


@hookimpl(trylast=True)
def assess_eligibility(referral: SentReferral, settings: Struct) -> Opinion:
    return eligibility.assess_age(referral, settings if isinstance(settings, Settings) else Settings())


@hookimpl(trylast=True)
def suggest_routing(referral: ReferralFacts, organizations: Sequence[OrganizationFacts]) -> Sequence[RoutingSuggestion]:
    return routing.suggest_by_language_and_area(referral, organizations)

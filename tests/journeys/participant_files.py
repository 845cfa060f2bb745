"""A participant's file that the coordinator of a site may open, with something to show in each section."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Final
from uuid import UUID, uuid4

from spheres_core.activities.operations import invitations, outings
from spheres_core.activities.queries.catalogue import activities
from spheres_core.activities.schemas.invitations import OutingInvitationPosted
from spheres_core.activities.schemas.outings import OutingPosted
from spheres_core.consents.operations import ledger, limits, standings
from spheres_core.consents.operations.ledger import ConsentGiven, ConsentLine
from spheres_core.consents.queries.reader import as_system, read_as_system
from spheres_core.consents.schemas import CLASSES, FOREVER, TEAM
from spheres_core.facts import AgeRange
from spheres_core.followups.operations import accompaniments, encounters, reporting_decisions, vulnerable_dates
from spheres_core.followups.operations.assignments import ADD as FOLLOW
from spheres_core.followups.operations.participations import ADD as BEGIN
from spheres_core.followups.operations.participations import TAKING_PART
from spheres_core.followups.schemas.accompaniments import AccompanimentPosted
from spheres_core.followups.schemas.encounters import EncounterPosted
from spheres_core.followups.schemas.reporting_decisions import ReportingDecisionPosted
from spheres_core.followups.schemas.vulnerable_dates import VulnerableDatePosted
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.participants.operations import drafts, safe_contact
from spheres_core.participants.operations.birthdays import ADD
from spheres_core.participants.operations.participants import add_participant
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.participants.schemas.drafts import FileDraftPosted
from spheres_core.participants.schemas.safe_contact import ChannelContact, SafeContact, SafeHours, ThirdParty
from tests.journeys.conftest import Site, who_signs_in

HOURS: Final = SafeHours(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), "00:00", "24:00")


def add_file(site: Site, tenant: str, *, by: str = "coordinator") -> str:
    """Adds a participant whom somebody of a role follows, who agreed to everything; returns her code."""

    def add() -> str:
        code, worker = site.world.act(tenant, partial(_add_followed, by=by))
        actor = Actor("staff", worker, frozenset({by}))
        site.world.act(tenant, partial(_write_contact, code=code), actor=actor)
        site.world.act(tenant, partial(_write_encounters, code=code), actor=actor)
        return code

    return site.behind(add)


def add_agreed_referral(site: Site, tenant: str) -> None:
    """Adds a referral to which she has agreed, and of which no participation was made yet."""

    def agree() -> None:
        latest = "SELECT id FROM referrals ORDER BY id DESC LIMIT 1"
        site.world.sql(f"UPDATE referrals SET state = 'agreed' WHERE id = ({latest})")

    site.refer(tenant)
    site.behind(agree)


async def _add_followed(ctx: Context, *, by: str) -> tuple[str, UUID]:
    worker = await who_signs_in(ctx, by)
    await read_as_system(ctx)
    her = await add_participant(ctx)
    await ctx.db.run(ADD, id=uuid7(), participant_id=her.id, age=18, step="prepare", dated_on=ctx.today,
                     done_at=None, done_by=None)  # fmt: skip
    await standings.open_standing(
        ctx, her.id, "assignment", recipient=TEAM, classes=tuple(CLASSES), acts=("read", "write"), purpose="follow_up",
        opened_by=("assignment", uuid7()), staff=worker,
    )  # fmt: skip
    lines = tuple(ConsentLine(TEAM, each, "follow_up") for each in CLASSES)
    given = ConsentGiven("information", ctx.today, "spoken", "herself", AgeRange(18, 24), lines)
    await ledger.give_consent(ctx, her.id, given)
    return her.code, worker


async def _write_contact(ctx: Context, *, code: str) -> None:
    access = await find_for_caller(ctx, code)
    text = ChannelContact(
        "text", "514-555-0102", hours=(HOURS,), code_word="pluie", duress_word="neige", confirmed_on=ctx.today
    )
    phone = ChannelContact("phone", "514-555-0101", hours=(HOURS,), confirmed_on=ctx.today - dt.timedelta(days=200))
    social = ChannelContact("social", "@exemple", she_contacts_us=True, next_moment=ctx.now + dt.timedelta(days=2))
    around = (ThirdParty("parent", "Raccrocher sans rien dire."),)
    await safe_contact.write_safe_contact(ctx, access, SafeContact((text, phone, social), "fr-CA", around), version=0)


async def _write_encounters(ctx: Context, *, code: str) -> None:
    """Begins her participation and writes what stands in the sections of who follows her."""
    access = await find_for_caller(ctx, code)
    async with as_system(ctx):
        agreed = ConsentGiven("participation", ctx.today, "spoken", "herself", AgeRange(18, 24), TAKING_PART)
        consent = await ledger.give_consent(ctx, access.id, agreed)
        await ctx.db.run(
            BEGIN, id=(episode := uuid7()), participant_id=access.id, referral_id=None, previous_id=None,
            consent_id=consent.id, state="active", version=1, dated_on=ctx.today, changed_at=ctx.now,
        )  # fmt: skip
        await ctx.db.run(
            FOLLOW, id=uuid7(), participant_id=access.id, participation_id=episode, staff_id=ctx.actor.id,
            part="pivot", starts=ctx.now, ends=FOREVER, dated_on=ctx.today, recorded_by=None,
        )  # fmt: skip
    await limits.record_explanation(ctx, access.id, on=ctx.today, text_version="")
    access = await find_for_caller(ctx, code)
    planned = EncounterPosted("planned", "in_person", ctx.now + dt.timedelta(days=1), "community")
    held = EncounterPosted("held", "phone", ctx.now - dt.timedelta(hours=1), note="Maison Exemple", her_words="Hm.")
    for each in (planned, held):
        await encounters.record_encounter(ctx, access, each)
    for kind in ("clinic", "court"):
        at = ctx.now + dt.timedelta(days=2)
        going = AccompanimentPosted(
            kind, at, what="Maison Exemple", wish="nearby", wish_words="Hm.", who_goes=["pivot"]
        )
        await accompaniments.record_accompaniment(ctx, access, going)
    decided = ReportingDecisionPosted("not_reported", "other", ctx.today, "before", "Maison Exemple", her_words="Hm.")
    await reporting_decisions.record_decision(ctx, access, decided)
    unsent = FileDraftPosted("encounter", {"note": "Maison Exemple", "kind": "phone"}, 1)
    await drafts.save_draft(ctx, access.code, uuid4(), unsent)
    activity = next(iter(activities(ctx)))
    planned_outing = OutingPosted(activity, ctx.now + dt.timedelta(days=3), "Maison Exemple", 4)
    outing = (await outings.plan_outing(ctx, planned_outing)).items[0].id
    await invitations.invite(ctx, access, OutingInvitationPosted(outing, "encounter", "yes", expects="Hm."))
    await vulnerable_dates.note_date(ctx, access, VulnerableDatePosted("rent", ctx.today, "monthly", "Exemple"))

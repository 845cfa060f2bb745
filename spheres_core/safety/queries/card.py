"""Finds what stands on the card that she may carry: of the plan to which she agreed, what she wants on it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from spheres_core.audit import operations as audit
from spheres_core.facts import msg
from spheres_core.foundation.errors import Conflict
from spheres_core.foundation.languages.localization import Locale
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries.access import require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.plans.queries.together import require_shared
from spheres_core.safety.plan_sections import NUMBERS, PEOPLE, PLACES
from spheres_core.safety.program_words import without_program
from spheres_core.safety.queries.plans import CURRENT, plans_with_words
from spheres_core.safety.queries.sections import sections_here, title_of
from spheres_core.safety.schemas.card import Card, CardContact, CardPerson, CardSection
from spheres_core.safety.schemas.plans import CLASS, EmergencyPlan


class NothingToCarry(Conflict):
    """She has agreed to no plan, or wants nothing of it on a card."""

    code = "nothing_to_carry"
    message = msg(
        "Nothing stands on her card. Write the plan anew with her, tick what she wants to carry,"
        " and note that she agrees."
    )


async def read_card(ctx: Context, file: ParticipantAccess) -> Card:
    """Returns what stands on her card, in the language that she reads, and writes to the trail that it was made.

    For whoever follows her. Raises `NothingToCarry`, `ParticipantUnknown`.
    """
    require_shared(file)
    require_class(ctx, file, CLASS)
    rows = await ctx.db.all(CURRENT, participant=file.id, **file.reader)
    found = next((each for each in rows if each.state == "agreed"), None)
    if found is None:
        raise NothingToCarry
    hers = structs.replace(ctx, locale=locale_of(ctx, found.language))
    (plan,) = await plans_with_words(hers, file, [found], on_paper=True)
    sections = [each for each in _sections(hers, plan) if each.lines or each.people or each.contacts]
    if not sections:
        raise NothingToCarry
    details = {"plan": str(plan.id), "version": plan.version}
    await audit.record(
        ctx, "emergency_plan.card_made", subject=("participant", file.id), shown=[plan.id], details=details
    )
    return Card(sections, hers.locale.tag, ctx.today)


def locale_of(ctx: Context, tag: str) -> Locale:
    """Returns the language of a plan; the reader's where the region has it no longer."""
    return ctx.locales.locale(tag) if tag in ctx.tenant.languages else ctx.locale


def _sections(ctx: Context, plan: EmergencyPlan) -> Iterator[CardSection]:
    known = sections_here(ctx, also_retired=True)
    said = {each.code: each.words for each in plan.sections}
    for code in (*(each for each in known if each in plan.carried), *(c for c in plan.carried if c not in known)):
        title = str(title_of(ctx, known[code], hers=True)) if code in known else code
        lines = [line for line in said.get(code, "").splitlines() if line.strip()]
        people = [CardPerson(each.name, each.ways, each.times) for each in plan.people] if code == PEOPLE else []
        yield CardSection(title, lines, people, _contacts(ctx, plan, code))


def _contacts(ctx: Context, plan: EmergencyPlan, code: str) -> list[CardContact]:
    if code == PLACES:
        return [
            CardContact(without_program(ctx, f"{each.name}, {each.organization}"), each.phones, each.hours)
            for each in plan.places
            if each.organization
        ]
    if code == NUMBERS:
        return [CardContact(without_program(ctx, each.name), [each.phone], each.hours) for each in plan.numbers]
    return []

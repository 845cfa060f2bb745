"""Somebody on call who also looks at emergency accesses, and a plan that may be opened in an emergency."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from spheres_core.consents.operations import ledger
from spheres_core.consents.operations.ledger import ConsentGiven, ConsentLine
from spheres_core.consents.queries.reader import as_system
from spheres_core.consents.schemas import TEAM
from spheres_core.facts import AgeRange
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.partners.queries import partners
from spheres_core.safety.operations import plans
from spheres_core.safety.queries.places import places_here
from spheres_core.safety.schemas.plans import PlanAgreed, PlanWritten, TrustedPerson
from spheres_core.staff.operations import accounts
from tests.journeys.conftest import PASSWORD, Site, who_signs_in
from tests.journeys.participant_files import add_file


def add_on_call(site: Site, tenant: str, name: str, *more: str) -> str:
    """Adds an account by a name, with more roles, and a participant with a plan that it may open; returns her code."""
    roles = ("on_call_partner", *more)
    site.behind(partial(site.world.act, tenant, partial(_employ, name=name, roles=roles)))
    code = add_file(site, tenant)
    coordinator = site.behind(partial(site.world.act, tenant, partial(who_signs_in, role="coordinator")))
    actor = Actor("staff", coordinator, frozenset({"coordinator"}))
    site.behind(lambda: site.world.act(tenant, partial(_plan, code=code), actor=actor))
    return code


async def _employ(ctx: Context, *, name: str, roles: Sequence[str]) -> None:
    await accounts.create_account(ctx, f"{name}@example.org", name="Noa Garde", roles=roles, password=PASSWORD)


async def _plan(ctx: Context, *, code: str) -> None:
    """Writes a plan with her to which she agrees, and that the team may open in an emergency."""
    access = await find_for_caller(ctx, code)
    async with as_system(ctx):
        lines = tuple(ConsentLine(TEAM, each, "emergency") for each in ("emergency_plan", "safe_contact"))
        given = ConsentGiven("information", ctx.today, "spoken", "herself", AgeRange(18, 24), lines)
        await ledger.give_consent(ctx, access.id, given)
    access = await find_for_caller(ctx, code)
    community = (await partners.areas(ctx))[0].key
    people = [TrustedPerson("Maison Exemple", "Exemple", "Exemple")]
    places = list(await places_here(ctx))[:2]
    written = PlanWritten(0, ctx.tenant.languages[0], community, {"signs": "Maison Exemple"}, people, places)
    await plans.write_plan(ctx, access, written)
    await plans.agree_to_plan(ctx, access, PlanAgreed(1))

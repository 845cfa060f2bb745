"""Hook implementations: the only way from the core into this folder."""

from spheres_core import plugin as core
from spheres_core.plugin import Message, Opinion, Panel, hookimpl, plural

from . import beds, pages

ID = "shelter_beds"


@hookimpl
def register_permissions() -> list[core.Permission]:
    title = {"fr": "Noter les lits libres", "en": "Note free beds"}
    return [core.Permission(pages.UPDATE, title, roles=("coordinator", "liaison"))]


@hookimpl
def register_pages() -> list[object]:
    return [pages.show, pages.save]


@hookimpl
def register_navigation() -> list[core.NavigationItem]:
    return [core.NavigationItem(f"x/{ID}/beds", pages.TITLE, "staff", pages.UPDATE)]


@hookimpl
def register_trail_verbs() -> list[core.TrailVerb]:
    return [core.TrailVerb(beds.NOTED, {"fr": "Des lits libres ont été notés", "en": "Free beds were noted"})]


@hookimpl
async def gather_own(ctx: core.Context) -> beds.FreeBeds:
    return await beds.free_beds(ctx)


@hookimpl
def assess_eligibility(referral: core.SentReferral, own: beds.FreeBeds) -> Opinion | None:
    if "housing" not in referral.needs:
        return None
    return Opinion("fits" if own.tonight else "a_person_decides", _free(own))


@hookimpl
def show_services(own: beds.FreeBeds) -> Panel | None:
    return Panel(Message("A bed is free tonight", domain=ID)) if own.tonight else None


@hookimpl
def show_referral(own: beds.FreeBeds) -> Panel:
    link = core.PanelLink(Message("All shelters", domain=ID), "shelter_beds_beds")
    return Panel(
        Message("Shelter beds", domain=ID), (core.PanelFact(Message("Tonight", domain=ID), _free(own)),), links=(link,)
    )


def _free(own: beds.FreeBeds) -> Message:
    if not own.tonight:
        return Message("No bed is noted as free tonight: call the shelters.", domain=ID)
    return plural("{n} bed is free tonight.", "{n} beds are free tonight.", own.tonight, domain=ID)

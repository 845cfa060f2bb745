"""Hook implementations: the only way from the core into this folder."""

from spheres_core import plugin as core
from spheres_core.plugin import Message, Opinion, Panel, hookimpl, plural

from . import beds, evening, pages
from .settings import Settings

ID = "shelter_beds"


@hookimpl
def register_settings() -> type[Settings]:
    return Settings


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
    last = {"fr": "Le dernier lit est pris", "en": "The last bed is taken"}
    missing = {"fr": "Les lits de cette nuit ne sont pas notés", "en": "Tonight's beds are not noted"}
    return [
        core.TrailVerb(beds.NOTED, {"fr": "Des lits libres ont été notés", "en": "Free beds were noted"}),
        core.TrailVerb(beds.LAST_TAKEN, last, notifies=pages.UPDATE),
        core.TrailVerb(evening.MISSING, missing, notifies=pages.UPDATE),
    ]


@hookimpl
def register_schedules() -> list[core.Schedule]:
    title = {"fr": "Rappelle de noter les lits de la nuit", "en": "Reminds of noting the night's beds"}
    return [core.Schedule(evening.EVENING, title, hours=(18,))]


@hookimpl
def register_commands() -> list[core.Command]:
    title = {"fr": "Lits libres par nuit, en CSV", "en": "Free beds by night, as CSV"}
    return [core.Command("report", title, evening.report)]


@hookimpl
async def on_schedule(ctx: core.Context, schedule: core.DueSchedule) -> None:
    await evening.look(ctx)


@hookimpl
async def on_background_job(ctx: core.Context, job: core.BackgroundJob) -> None:
    await evening.tell_registry(ctx)


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

"""Hook implementations: the only way from the core into this folder."""

from spheres_core import plugin as core
from spheres_core.plugin import Opinion, Panel, hookimpl, plural, registers

from . import beds, evening, pages

_ = core.sentences("shelter_beds")
by = (core.ReportColumn("night", _("Night of")), core.ReportColumn("organization_id", _("Shelter")))
sums = (core.ReportColumn("free", _("Free beds")),)
nights = core.Report("shelter_beds.nights", pages.UPDATE, "shelter_beds_nights", by, sums, None, "night", False)
register_settings = registers(evening.Settings)
register_permissions = registers([core.Permission(pages.UPDATE, roles=("coordinator", "liaison"))])
register_pages = registers([pages.show, pages.save])
register_navigation = registers([core.NavigationItem("x/shelter_beds/beds", pages.TITLE, "staff", pages.UPDATE)])
register_trail_verbs = registers([
    core.TrailVerb(beds.NOTED, _("Free beds were noted")),
    core.TrailVerb(beds.LAST_TAKEN, _("The last bed is taken"), notifies=pages.UPDATE),
    core.TrailVerb(evening.MISSING, _("Tonight's beds are not noted"), notifies=pages.UPDATE),
])  # fmt: skip
register_schedules = registers([core.Schedule(evening.EVENING, _("Reminds of noting the night's beds"), hours=(18,))])
register_reports = registers([nights])
on_schedule = hookimpl(evening.look)
on_background_job = hookimpl(evening.tell_registry)
gather_own = hookimpl(beds.free_beds)


@hookimpl
def assess_eligibility(referral: core.SentReferral, own: beds.FreeBeds) -> Opinion | None:
    return Opinion("fits" if own.tonight else "a_person_decides", _free(own)) if "housing" in referral.needs else None


@hookimpl
def show_services(own: beds.FreeBeds) -> Panel | None:
    return Panel(_("A bed is free tonight")) if own.tonight else None


@hookimpl
def show_referral(own: beds.FreeBeds) -> Panel:
    link = core.PanelLink(_("All shelters"), "shelter_beds_beds")
    return Panel(_("Shelter beds"), (core.PanelFact(_("Tonight"), _free(own)),), links=(link,))


@hookimpl
def show_emergency_plan(plan: core.EmergencyPlanFacts, own: beds.FreeBeds) -> Panel | None:
    hers = {each.organization_id: each.name for each in plan.places if "shelter" in each.roles}
    facts = [core.PanelFact(name, _there(own.by_organization.get(id_))) for id_, name in hers.items()]
    return Panel(_("Free beds tonight"), (*facts[:5], core.PanelFact(_("In all shelters"), _free(own))))


def _there(free: int | None) -> core.Message:
    if free is None:
        return _("Not noted tonight: call first.")
    return _("No bed is free tonight.") if not free else _number(free)


def _free(own: beds.FreeBeds) -> core.Message:
    return _number(own.tonight) if own.tonight else _("No bed is noted as free tonight: call the shelters.")


def _number(free: int) -> core.Message:
    return plural("{n} bed is free tonight.", "{n} beds are free tonight.", free, domain="shelter_beds")

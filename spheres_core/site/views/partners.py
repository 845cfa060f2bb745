"""Values of the partners' page: who does what, in which languages, where, and who coordinates."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.entry_display import language_names
from spheres_core.partners.queries import pack_content, partners
from spheres_core.partners.schemas.directory import Area
from spheres_core.partners.schemas.display import Coordination, OtherName, Partner, ShownService
from spheres_core.partners.views.contact_ways import contact_way, contact_ways
from spheres_core.partners.views.opening_hours_text import opening_text

MANDATES_SHOWN = 6


async def partners_page(ctx: Context, on: dt.date) -> dict[str, Any]:
    """Returns the values of `site/partners.html`."""
    areas = {each.key: each for each in await partners.areas(ctx)}
    mandates = await _mandates(ctx, on)
    now = mandates[0] if mandates and mandates[0].until is None else None
    unnamed = pack_content.coordination_to_confirm(ctx)
    return {
        "coordination": _mandate(ctx, now) if now else None,
        "coordination_note": ctx.locale.pick(unnamed) if unnamed and not now else None,
        "earlier": [_mandate(ctx, each) for each in mandates if each is not now],
        "partners": [
            _partner(ctx, each, areas, coordinates=now is not None and each.key == now.organization)
            for each in await partners.partners_on(ctx, on)
        ],
        "data_governance": _governance(ctx),
        "on": on,
    }


async def organizations_of_today(ctx: Context) -> dict[str, Any]:
    """Returns the facts that plugins are told for a panel on this page."""
    return {"organizations": await partners.organization_facts(ctx, ctx.today)}


def _governance(ctx: Context) -> dict[str, Any] | None:
    found = pack_content.data_governance(ctx)
    if found is None:
        return None
    return {
        "body": ctx.locale.pick(found.body),
        "may_veto_exports": found.may_veto_exports,
        "unconfirmed": found.status == "to_confirm",
    }


async def _mandates(ctx: Context, on: dt.date) -> list[Coordination]:
    """Returns who coordinates on that day and who did before, last first."""
    found: list[Coordination] = []
    while len(found) < MANDATES_SHOWN and (mandate := await partners.coordinator_on(ctx, on)):
        found.append(mandate)
        on = mandate.since - dt.timedelta(days=1)
    return found


def _mandate(ctx: Context, mandate: Coordination) -> dict[str, Any]:
    return {
        "name": ctx.locale.pick(mandate.name),
        "anchor": mandate.organization,
        "since": _day(ctx, mandate.since, confirmed=mandate.day_confirmed),
        "until": _day(ctx, mandate.until, confirmed=mandate.day_confirmed) if mandate.until else "",
    }


def _day(ctx: Context, day: dt.date, *, confirmed: bool) -> str:
    """Returns the day, or only its year where no source tells more."""
    return ctx.locale.date(day) if confirmed else str(day.year)


def _partner(ctx: Context, partner: Partner, areas: Mapping[str, Area], *, coordinates: bool) -> dict[str, Any]:
    locale = ctx.locale
    websites = [each for each in partner.contacts if each.kind == "website"]
    return {
        "key": partner.key,
        "name": locale.pick(partner.name),
        "full_name": locale.pick(partner.legal_name) or None,
        "other_names": [_other_name(ctx, each) for each in partner.other_names],
        "note": locale.pick(partner.note) or None,
        "roles": list(dict.fromkeys(locale.say(each.name) for each in partner.roles)),
        "duties": [
            {"text": duty, "until": _day(ctx, each.until, confirmed=each.day_confirmed) if each.until else None}
            for each in partner.roles
            if (duty := locale.pick(each.duty))
        ],
        "languages": language_names(ctx, partner.languages),
        "areas": [locale.pick(areas[key].name) for key in partner.areas if key in areas],
        "services": [_service(ctx, each) for each in partner.services],
        "contacts": contact_ways(ctx, (each for each in partner.contacts if each.kind != "website")),
        "website": contact_way(ctx, websites[0]) if websites else None,
        "coordinates": coordinates,
        "unconfirmed": partner.status == "to_confirm",
    }


def _other_name(ctx: Context, other: OtherName) -> dict[str, Any]:
    said = {"since": other.since, "until": other.until}
    days = {name: _day(ctx, day, confirmed=other.day_confirmed) if day else None for name, day in said.items()}
    return {"name": ctx.locale.pick(other.name), **days}


def _service(ctx: Context, service: ShownService) -> dict[str, Any]:
    return {
        "name": ctx.locale.pick(service.name),
        "text": ctx.locale.pick(service.about) or None,
        "traits": _traits(ctx, service),
        "hours": opening_text(ctx, service.hours, service.time_zone),
        "verified_on": service.verified_on,
        "stale": service.stale,
        "unconfirmed": service.status == "to_confirm",
    }


def _traits(ctx: Context, service: ShownService) -> list[Text]:
    say = ctx.locale.say
    told: list[Text] = []
    if service.bypasses_waiting_list:
        told.append(say("No waiting list for participants"))
    if service.province_wide:
        told.append(say("Everywhere in the province"))
    if service.ages:
        told.append(say("From {least} to {most} years of age", least=service.ages[0], most=service.ages[1]))
    return told

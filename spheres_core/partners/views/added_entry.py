"""The pages on which entries are written by hand: their questions, and what was answered as the directory keeps it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from spheres_core.facts import msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.operations.add_entry import NewPartner
from spheres_core.partners.operations.edit_entry import find_entry
from spheres_core.partners.queries.pack_content import role_names
from spheres_core.partners.schemas.directory import ROLES
from spheres_core.partners.views.directory import ADD_TITLES, area_names
from spheres_core.partners.views.directory_fields import field_inputs, read_field, sent_part
from spheres_core.partners.views.local_changes import as_entry

Sent = Mapping[str, str]
_PARTNER: Final = ("name", "short_name", "kind")
_SERVICE: Final = ("name", "about", "for", "hours", "areas", "province_wide", "languages", "ages")
_CONTACT: Final = ("label", "kind", "value", "note", "languages")
_QUESTIONS: Final = {"services": _SERVICE, "contact_points": _CONTACT}
_EMPTY: Final[dict[str, Any]] = {"kind": "community", "for": "participants", "ages": None, "province_wide": False}
WAYS: Final = {"phone": msg("Telephone"), "email": msg("E-mail"), "website": msg("Website")}
"""Contacts that the page of a new partner asks for."""


async def new_partner_page(ctx: Context, sent: Sent | None = None, refusal: Refusal | None = None) -> dict[str, Any]:
    """Returns what `partners/new_partner.html` names; after a refusal with what was sent."""
    areas = await area_names(ctx)
    first = {"areas": list(areas)} if len(areas) == 1 else {}

    def questions(part: str, names: tuple[str, ...]) -> list[dict[str, Any]]:
        content = {**_EMPTY, **first}
        return [field_inputs(ctx, name, content, sent, areas=areas, part_of=part) for name in names]

    say = ctx.locale.say
    named = role_names(ctx)
    roles = [
        {"code": code, "title": ctx.locale.pick(name) if isinstance(name, Mapping) else say(name)}
        for code, name in named.items()
    ]
    return {
        "title": say("Add a partner"),
        "partner": questions("organization", _PARTNER),
        "service": questions("services.0", _SERVICE),
        "roles": sorted(roles, key=lambda each: ctx.locale.sort_key(each["title"])),
        "role": (sent or {}).get("role", ""),
        "ways": [{"kind": kind, "title": say(title), "value": (sent or {}).get(f"way.{kind}", "")}
                 for kind, title in WAYS.items()],
        **_problems(ctx, refusal, _written_ways(sent or {})),
    }  # fmt: skip


def read_partner(ctx: Context, sent: Sent) -> NewPartner:
    """Returns a partner as the page sent it. A service without any words is none."""
    role = sent.get("role", "").strip()
    service = _read(ctx, _SERVICE, sent_part("services.0", sent))
    written = any(service.get(name) for name in ("name", "about", "hours", "ages", "languages"))
    duty = role_names(ctx).get(role) or ROLES["to_confirm"]
    words = {tag.partition("-")[0]: str(_duty(ctx, duty, tag)) for tag in ctx.tenant.languages}
    return NewPartner(
        organization={**_read(ctx, _PARTNER, sent_part("organization", sent)), "status": "verified"},
        role={"role": role, "from": ctx.today.isoformat(), "duty": words, "status": "verified"},
        services=({**service, **_checked(ctx)},) if written else (),
        contacts=tuple(
            {"kind": kind, "value": value, "label": _in_each_language(ctx, kind), **_checked(ctx)}
            for kind, value in _written_ways(sent)
        ),
    )  # fmt: skip


async def addition_page(
    ctx: Context, organization: UUID, kind: str, sent: Sent | None = None, refusal: Refusal | None = None
) -> dict[str, Any]:
    """Returns what `partners/addition.html` names. Raises `NoSuchEntry`."""
    owner = as_entry("organizations", await find_entry(ctx, "organizations", organization))
    areas = await area_names(ctx)
    content = {**_EMPTY, **({"areas": list(areas)} if len(areas) == 1 else {})}
    if kind == "contact_points":
        content["kind"] = "phone"
    return {
        "title": ctx.locale.say(ADD_TITLES[kind]),
        "owner": ctx.locale.pick(owner.title),
        "organization": organization,
        "kind": kind,
        "fields": [field_inputs(ctx, name, content, sent, areas=areas) for name in _QUESTIONS[kind]],
        **_problems(ctx, refusal),
    }


def read_addition(ctx: Context, kind: str, sent: Sent) -> dict[str, Any]:
    """Returns a service or a contact as the page sent it."""
    return {**_read(ctx, _QUESTIONS[kind], sent), **_checked(ctx)}


def _read(ctx: Context, names: tuple[str, ...], sent: Sent) -> dict[str, Any]:
    return {name: read_field(ctx, name, None, sent) for name in names}


def _checked(ctx: Context) -> dict[str, str]:
    """Who writes an entry by hand has just learned of it."""
    return {"verified_on": ctx.today.isoformat(), "status": "verified"}


def _duty(ctx: Context, name: Any, tag: str) -> Any:
    locale = ctx.locales.locale(tag)
    return locale.pick(name) if isinstance(name, Mapping) else locale.say(name)


def _in_each_language(ctx: Context, kind: str) -> dict[str, str]:
    return {tag.partition("-")[0]: str(ctx.locales.locale(tag).say(WAYS[kind])) for tag in ctx.tenant.languages}


def _written_ways(sent: Sent) -> list[tuple[str, str]]:
    return [(kind, value) for kind in WAYS if (value := sent.get(f"way.{kind}", "").strip())]


def _problems(ctx: Context, refusal: Refusal | None, ways: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """Returns each problem by the field that it is shown at."""
    found = refusal.errors if refusal else ()
    places = {f"contacts.{i}.value": f"way.{kind}" for i, (kind, _) in enumerate(ways)}
    return {
        "problems": {places.get(each.path, each.path): ctx.locale.say(each.message) for each in found},
        "trouble": ctx.locale.say(refusal.message) if refusal and not found else None,
    }

"""Fields of an entry of the directory on a page: their titles, and how each is shown, entered and read."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import msgspec

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.language_tags import language_tag
from spheres_core.foundation.content.telephone_numbers import format_telephone
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.schemas.directory import Hours
from spheres_core.partners.views.opening_hours_text import opening_text
from spheres_core.partners.written_hours.opening_hours import write_hours

Shape = Literal["words", "long_words", "line", "day", "yes_no", "codes", "ages", "hours", "areas", "choice"]

TITLES: Final[dict[str, Message]] = {
    "name": msg("Name"),
    "short_name": msg("Short name"),
    "legal_name": msg("Legal name"),
    "about": msg("What it is"),
    "duty": msg("What it does in the partnership"),
    "label": msg("What it is called"),
    "purpose": msg("What it is for"),
    "note": msg("Remark"),
    "value": msg("Number or address"),
    "phone": msg("Telephone"),
    "website": msg("Website"),
    "languages": msg("Languages of service"),
    "ages": msg("Ages"),
    "needs": msg("Needs"),
    "areas": msg("Areas"),
    "hours": msg("Opening hours"),
    "bypasses_waiting_list": msg("Participants of the program do not wait"),
    "province_wide": msg("In the whole province"),
    "verified_on": msg("Verified on"),
    "from": msg("From"),
    "until": msg("Until"),
    "status": msg("How well it is known"),
    "source": msg("Where it was read"),
    "kind": msg("Type"),
    "for": msg("For whom"),
    "parent": msg("Part of"),
    "within": msg("Part of"),
    "legal_regime": msg("Law that its records live under"),
    "name_language": msg("Language of the name"),
    "time_zone": msg("Time zone"),
    "day_confirmed": msg("The day is confirmed"),
    "organization": msg("Organization"),
    "role": msg("Role"),
}

SHAPES: Final[dict[str, Shape]] = {
    "name": "words",
    "short_name": "line",
    "about": "long_words",
    "duty": "long_words",
    "label": "words",
    "purpose": "words",
    "value": "line",
    "phone": "line",
    "website": "line",
    "kind": "choice",
    "for": "choice",
    "hours": "hours",
    "areas": "areas",
    "province_wide": "yes_no",
    "languages": "codes",
    "ages": "ages",
    "bypasses_waiting_list": "yes_no",
    "note": "long_words",
    "verified_on": "day",
    "until": "day",
}
"""Fields that a page offers to write, in its order. The rest is written through the API or by the plugin."""

KIND_TITLES: Final[dict[str, Message]] = {
    "organizations": msg("Organization"),
    "services": msg("Service offered"),
    "partnerships": msg("Role"),
    "contact_points": msg("Contact"),
    "emergency_contacts": msg("Someone to reach right now"),
    "service_areas": msg("Area"),
    "coordination_mandates": msg("Coordination mandate"),
    "form_versions": msg("Form"),
}


STATUSES: Final[dict[str, Message]] = {
    "verified": msg("read at its source"),
    "secondary": msg("from a secondary source"),
    "to_confirm": msg("to be confirmed"),
}

CODES: Final[dict[str, dict[str, Message]]] = {
    "status": STATUSES,
    "kind": {
        "community": msg("community organization"),
        "establishment": msg("public establishment"),
        "foundation": msg("foundation"),
        "institute": msg("institute"),
        "police": msg("police service"),
        "school": msg("school"),
        "other": msg("other"),
        "phone": msg("by telephone"),
        "text": msg("by text message"),
        "fax": msg("by fax"),
        "textphone": msg("by textphone (TTY)"),
        "pager": msg("by pager"),
        "video": msg("by video call"),
        "email": msg("by e-mail"),
        "website": msg("on a website"),
        "address": msg("at an address"),
    },
    "for": {
        "participants": msg("young people in the program"),
        "professionals": msg("professionals"),
        "team": msg("the team"),
        "public": msg("everybody"),
        "immediate_danger": msg("immediate danger"),
        "youth_protection": msg("youth protection"),
        "listening": msg("somebody who listens"),
        "shelter": msg("shelter"),
    },
}
"""Words for the codes of a field."""


OPTIONS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "kind": (
        ("community", "establishment", "foundation", "institute", "police", "school", "other"),
        ("phone", "text", "email", "website", "address", "fax", "textphone", "pager", "video"),
    ),
    "for": (
        ("participants", "professionals", "team", "public"),
        ("immediate_danger", "youth_protection", "listening", "shelter"),
    ),
}
"""Codes that stand for each other, of organizations or contacts, of services or emergency contacts."""
HINTS: Final[dict[str, Message]] = {
    "hours": msg("In words, a line for each set of days. Monday to Friday, 8:30-16:30. Or: day and night."),
    "ages": msg("Completed years, both included. Empty: not stated."),
    "languages": msg("Such as fr, en. Empty: not stated."),
    "value": msg("A telephone number, an e-mail address, a website that begins with https://, or a place."),
}
"""How a field is written, where its title does not say it."""


def field_title(name: str) -> Message:
    """Returns what a field is called; its own name when this version has no words for it."""
    return TITLES.get(name, Message("{name}", {"name": name}))


def field_inputs(
    ctx: Context,
    name: str,
    content: Mapping[str, Any],
    sent: Mapping[str, str] | None,
    *,
    areas: Mapping[str, Any] | None = None,
    part_of: str = "",
) -> dict[str, Any]:
    """Returns a field to write in: its inputs with what stands in them, what was sent when that is shown again.

    `areas`: names of the region's areas by key. `part_of`: what stands before the names of the inputs.
    """
    shape, value = SHAPES[name], content.get(name)
    before = f"{part_of}." if part_of else ""
    inputs = []
    for part, label in _areas_offered(ctx, areas) if shape == "areas" else _parts(ctx, shape, value):
        sent_name = f"{before}{name}.{part}" if part else f"{before}{name}"
        text = _text(ctx, shape, value, part) if sent is None else sent.get(sent_name, "")
        inputs.append({"name": sent_name, "label": label, "lang": part if shape in _WORDY else "", "value": text})
    return {
        "name": f"{before}{name}",
        "title": ctx.locale.say(field_title(name)),
        "hint": ctx.locale.say(HINTS[name]) if name in HINTS else "",
        "shape": shape,
        "inputs": inputs,
        "options": _options(ctx, name, value) if shape == "choice" else [],
    }


def sent_part(part: str, sent: Mapping[str, str]) -> dict[str, str]:
    """Returns what was sent of one part of a page, by the names of its fields."""
    return {name.removeprefix(f"{part}."): text for name, text in sent.items() if name.startswith(f"{part}.")}


def read_field(ctx: Context, name: str, value: Any, sent: Mapping[str, str]) -> Any:
    """Returns what was sent for a field, as the directory keeps it; `value` is what stands there. Nonsense goes on as
    it is."""
    shape = SHAPES[name]
    if shape in _WORDY:
        given = {part: sent.get(f"{name}.{part}", "").strip() for part, _ in _parts(ctx, shape, value)}
        others = {tag: text for tag, text in (value or {}).items() if tag not in given}
        return {**others, **{tag: text for tag, text in given.items() if text}}
    if shape == "ages":
        ages = [sent.get(f"{name}.{part}", "").strip() for part in ("least", "most")]
        return [int(each) if each.isdigit() else each for each in ages] if any(ages) else None
    if shape == "areas":
        ticked = [key for key in (each.removeprefix("areas.") for each in sent if each.startswith("areas.")) if key]
        return [*(key for key in value or () if key in ticked), *(key for key in ticked if key not in (value or ()))]
    text = sent.get(name, "").replace("\r\n", "\n").strip()
    if shape == "hours":
        return value if text == _hours_in_words(ctx, value).strip() else text
    if shape == "yes_no":
        return text == "yes"
    if shape == "codes":
        parts = [part.strip() for part in re.split("[,;]", text) if part.strip()]
        return [language_tag(part) or part for part in parts] if name == "languages" else parts
    return text or (None if shape == "day" else "")


def value_lines(ctx: Context, name: str, value: Any) -> list[dict[str, Any]]:
    """Returns a value in words, a line each; `lang` where a line is in a language of its own, `tag` to name it."""
    if value is None or value in ("", [], {}):
        return []
    if name == "legal_regime":
        return [{"text": f"{value['name']} ({ctx.locale.say(STATUSES[value['status']])})", "lang": "", "tag": ""}]
    if isinstance(value, Mapping):
        tags = {"fr", "en", *ctx.tenant.languages, *(tag.partition("-")[0] for tag in ctx.tenant.languages)}
        return [
            {"text": str(each), "lang": tag if set(value) <= tags else "", "tag": tag} for tag, each in value.items()
        ]
    return [{"text": text, "lang": "", "tag": ""} for text in _lines(ctx, name, value)]


def _lines(ctx: Context, name: str, value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [ctx.locale.say("yes") if value else ctx.locale.say("no")]
    if isinstance(value, str) and value in CODES.get(name, {}):
        return [ctx.locale.say(CODES[name][value])]
    if name == "ages":
        return [ctx.locale.say("{least} to {most} years", least=value[0], most=value[1])]
    if isinstance(value, Sequence) and not isinstance(value, str):
        plain = all(isinstance(each, str) for each in value)
        return [", ".join(value)] if plain else _hours(ctx, value)
    if name in ("verified_on", "from", "until"):
        return [ctx.locale.date(dt.date.fromisoformat(str(value)))]
    if name in ("phone", "value"):
        return [format_telephone(str(value), ctx.locale.tag)]
    return [str(value)]


_WORDY: Final = ("words", "long_words")


def _parts(ctx: Context, shape: Shape, value: Any) -> list[tuple[str, Any]]:
    if shape == "ages":
        return [("least", ctx.locale.say("from")), ("most", ctx.locale.say("to"))]
    if shape not in _WORDY:
        return [("", None)]
    languages = [ctx.plugins.languages[tag] for tag in ctx.tenant.languages]
    return [(each.tag if each.tag in (value or {}) else each.short, each.autonym) for each in languages]


def _areas_offered(ctx: Context, areas: Mapping[str, Any] | None) -> list[tuple[str, Any]]:
    """Returns the region's areas; the first one, without a name, says that the question was shown."""
    return [("", ""), *((key, ctx.locale.pick(name)) for key, name in (areas or {}).items())]


def _options(ctx: Context, name: str, value: Any) -> list[dict[str, Any]]:
    """Returns the codes that a field may have in place of this one, with their words."""
    groups = OPTIONS[name]
    codes = next((group for group in groups if value in group), groups[0])
    return [{"code": code, "title": ctx.locale.say(CODES[name][code])} for code in codes]


def _hours_in_words(ctx: Context, value: Any) -> str:
    """Returns hours as people write them; empty for those that have no such words."""
    plain = [{name: each[name] for name in each if each[name] not in (None, "", [])} for each in value or ()]
    said = write_hours(plain, ctx.locale.tag, in_words=True) if plain else ""
    return "" if said.startswith("[") else said


def _text(ctx: Context, shape: Shape, value: Any, part: str) -> str:
    if shape == "hours":
        return _hours_in_words(ctx, value)
    if shape == "areas":
        return "yes" if part and part in (value or ()) else ""
    if value is None:
        return ""
    if shape in _WORDY:
        return str(value.get(part, ""))
    if shape == "ages":
        return str(value[0 if part == "least" else 1])
    if shape == "codes":
        return ", ".join(value)
    return ("yes" if value else "no") if shape == "yes_no" else str(value)


def _hours(ctx: Context, value: Sequence[Any]) -> list[Any]:
    """Returns hours in words; other entries of a list as they are."""
    try:
        shown = opening_text(ctx, msgspec.convert(value, tuple[Hours, ...]))
    except msgspec.ValidationError:
        return [str(each) for each in value]
    return [*shown.lines] or [shown.now] if shown else []

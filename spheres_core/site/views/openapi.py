"""A tenant's own OpenAPI document: the routes of its plugin set, with its forms as schemas and examples valid today."""

import copy
import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Final
from weakref import WeakKeyDictionary

import msgspec

from spheres_core.forms import examples
from spheres_core.forms import queries as forms
from spheres_core.forms.schemas import Form
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.tenant_locales import TenantLocales
from spheres_core.site.views import openapi_form

_MADE: Final[WeakKeyDictionary[TenantLocales, tuple[dt.date, dict[tuple[str, str], bytes]]]] = WeakKeyDictionary()
"""By what a process knows of a tenant, which is another object when anything of it has changed."""
_BASES: Final[OrderedDict[tuple[Any, ...], bytes]] = OrderedDict()
"""By the handlers of the API, whose document is the same in every set that has these and no others."""
MOST_BASES: Final = 8
REFERENCE: Final = "#/components/schemas/"
EXTRA_IN: Final = {
    "encounter": ("EncounterPosted", "EncounterCorrected"),
    "need": ("NeedPosted", "NeedChanged"),
    "goal": ("GoalPosted", "GoalChanged"),
    "service_request": ("RequestPosted",),
}
"""By kind of record, the structs that write one with the answers to its extra questions."""
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457, in the reader's language.",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "message"],
                "properties": {
                    "path": {"type": "string"},
                    "message": {"type": "string"},
                    "code": {"type": "string"},
                },
            },
        },
    },
}


def encoded_document(ctx: Context, make_base: Callable[[], dict[str, Any]], *, prefix: str) -> bytes:
    """Returns a tenant's document as JSON, made once a day for each language as long as the tenant stays as it is."""
    day, kept = _MADE.get(ctx.locales, (None, {}))
    if day != ctx.today:
        kept = {}
        _MADE[ctx.locales] = (ctx.today, kept)
    if (ctx.locale.tag, prefix) not in kept:
        kept[ctx.locale.tag, prefix] = msgspec.json.encode(document(ctx, _base(ctx, make_base), prefix=prefix))
    return kept[ctx.locale.tag, prefix]


def _base(ctx: Context, make_base: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Returns the document of the tenant's plugin set; describing 150 routes takes half a second, reading it 5 ms."""
    handlers = tuple((owner, *given) for owner, given in ctx.plugins.registered["register_controllers"])
    if handlers not in _BASES:
        _BASES[handlers] = msgspec.json.encode(make_base())
        while len(_BASES) > MOST_BASES:
            _BASES.popitem(last=False)
    found: dict[str, Any] = msgspec.json.decode(_BASES[handlers])
    return found


def document(ctx: Context, base: dict[str, Any], *, prefix: str) -> dict[str, Any]:
    """Returns a tenant's document, made from that of its plugin set.

    `prefix` stands before each path: `/t/<tenant>`, or nothing on the tenant's own host. Texts are in the reader's
    language; names of components and operations are the same in every language.
    """
    made = _with_short_page_names(base)
    asked = forms.current_forms(ctx)
    made["info"]["title"] = f"{ctx.locale.pick(ctx.tenant.name)}"
    made["servers"] = [{"url": prefix or "/"}]
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM_SCHEMA
    for form in asked:
        schemas |= openapi_form.components(form, ctx.locale.tag)
    for operations in made.get("paths", {}).values():
        for operation in operations.values():
            if isinstance(operation, dict) and "responses" in operation:
                operation["responses"] = _with_problems(operation["responses"])
                operation.setdefault("security", [])
    _describe_referral(ctx, made, asked)
    for kind, structs in EXTRA_IN.items():
        _describe_extra(ctx, made, kind, structs)
    return made


def _with_short_page_names(base: dict[str, Any]) -> dict[str, Any]:
    """Returns a copy in which `Page_<module>.ReferralLine_` is `ReferralLinePage`."""
    schemas = base.get("components", {}).get("schemas", {})
    short = {name: f"{name.removesuffix('_').rpartition('.')[2]}Page" for name in schemas if name.startswith("Page_")}
    if len(set(short.values()) - set(schemas)) < len(short):
        return copy.deepcopy(base)  # two rooms list structs of one name: the long names tell them apart
    made: dict[str, Any] = _renamed(base, {REFERENCE + old: REFERENCE + new for old, new in short.items()})
    schemas = made.get("components", {}).get("schemas", {})
    for old, new in short.items():
        schemas[new] = {**schemas.pop(old), "title": new}
    return made


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {
            key: names.get(each, each) if key == "$ref" and isinstance(each, str) else _renamed(each, names)
            for key, each in value.items()
        }
    return [_renamed(each, names) for each in value] if isinstance(value, list) else value


def _with_problems(responses: dict[str, Any]) -> dict[str, Any]:
    kept = {status: said for status, said in responses.items() if status.startswith(("2", "3"))}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return kept | {"4XX": {"description": "It cannot be done; the document says why.", "content": problem}}


def _describe_extra(ctx: Context, made: dict[str, Any], kind: str, structs: tuple[str, ...]) -> None:
    """Says in the structs that write a kind of record which forms of extra questions stand in it today."""
    schemas = made["components"]["schemas"]
    asked = [form for form, _ in forms.forms_on(ctx, kind).values()]
    described = {}
    for form in asked:
        schemas |= openapi_form.components(form, ctx.locale.tag)
        sent = schemas.get("ExtraSent", {}).get("properties", {})
        answers = {"$ref": f"{REFERENCE}{openapi_form.name_of(form)}"}
        described[form.key] = {
            "type": "object",
            "properties": {**sent, "answers": answers},
            "additionalProperties": False,
        }
    for name in structs:
        if (written := schemas.get(name)) and "extra" in written.get("properties", {}):
            said = written["properties"]["extra"].get("description", "")
            written["properties"]["extra"] = {
                "type": "object", "description": said, "properties": described, "additionalProperties": False,
            }  # fmt: skip


def _describe_referral(ctx: Context, made: dict[str, Any], asked: list[Form]) -> None:
    operation = made["paths"].get("/api/referrals", {}).get("post")
    if operation is None or not asked:
        return
    answers = [{"$ref": f"{REFERENCE}{openapi_form.name_of(form)}"} for form in asked]
    made["components"]["schemas"]["ReferralPosted"] = {
        "type": "object",
        "description": "A referral as it is sent, with the answers to one of the forms that are asked today.",
        "required": ["answers"],
        "additionalProperties": False,
        "properties": {
            "form": {"type": "string", "enum": [form.key for form in asked], "default": "referral"},
            "language": {"type": "string", "enum": _language_tags(ctx)},
            "version": {"type": "string"},
            "answers": answers[0] if len(answers) == 1 else {"anyOf": answers},
        },
    }
    shown = {
        form.key: {
            "value": {
                "form": form.key,
                "language": ctx.locale.short,
                "answers": msgspec.to_builtins(examples.example(form, today=ctx.today)),
            }
        }
        for form in asked
    }
    operation["requestBody"] = {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": f"{REFERENCE}ReferralPosted"}, "examples": shown}},
    }


def _language_tags(ctx: Context) -> list[str]:
    return [*dict.fromkeys(tag.partition("-")[0] for tag in ctx.tenant.languages), *ctx.tenant.languages]

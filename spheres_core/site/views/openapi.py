"""A tenant's own OpenAPI document: the routes of its plugin set, with its forms as schemas and examples valid today."""

import copy
from typing import Any

import msgspec

from spheres_core.forms import examples, json_schema
from spheres_core.forms import queries as forms
from spheres_core.forms.schemas import Form
from spheres_core.foundation.tenancy.context import Context

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


def document(ctx: Context, base: dict[str, Any], *, prefix: str) -> dict[str, Any]:
    """`base` is the set's document; `prefix` stands before each path (`/t/<tenant>`, or nothing on its own host)."""
    made = copy.deepcopy(base)
    asked = forms.current_forms(ctx)
    made["info"]["title"] = f"{ctx.locale.pick(ctx.tenant.name)}"
    made["servers"] = [{"url": prefix or "/"}]
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM_SCHEMA
    for form in asked:
        schemas[form_name(form)] = json_schema.json_schema(form, ctx.locale.tag)
    for operations in made.get("paths", {}).values():
        for operation in operations.values():
            if isinstance(operation, dict) and "responses" in operation:
                operation["responses"] = _with_problems(operation["responses"])
    _say_referral(ctx, made, asked)
    return made


def form_name(form: Form) -> str:
    """The name of a form's schema: `FormReferral`."""
    return "Form" + "".join(part.capitalize() for part in form.key.replace("-", "_").split("_"))


def _with_problems(responses: dict[str, Any]) -> dict[str, Any]:
    kept = {status: said for status, said in responses.items() if status.startswith(("2", "3"))}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return kept | {"4XX": {"description": "It cannot be done; the document says why.", "content": problem}}


def _say_referral(ctx: Context, made: dict[str, Any], asked: list[Form]) -> None:
    operation = made["paths"].get("/api/referrals", {}).get("post")
    if operation is None or not asked:
        return
    body = {
        "type": "object",
        "required": ["answers"],
        "additionalProperties": False,
        "properties": {
            "form": {"type": "string", "enum": [form.key for form in asked], "default": "referral"},
            "language": {"type": "string", "enum": _language_tags(ctx)},
            "version": {"type": "string"},
            "answers": {"oneOf": [{"$ref": f"#/components/schemas/{form_name(form)}"} for form in asked]}
            if len(asked) > 1
            else {"$ref": f"#/components/schemas/{form_name(asked[0])}"},
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
        "content": {"application/json": {"schema": body, "examples": shown}},
    }


def _language_tags(ctx: Context) -> list[str]:
    return [*dict.fromkeys(tag.partition("-")[0] for tag in ctx.tenant.languages), *ctx.tenant.languages]

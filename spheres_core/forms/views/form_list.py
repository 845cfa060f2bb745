"""Values of the pages that list the forms of a region, and the versions of one."""

from typing import Any, Final

from spheres_core.facts import Message, msg
from spheres_core.forms import queries
from spheres_core.forms.api_schemas import EditableForm
from spheres_core.forms.attached_forms import record_kind_of
from spheres_core.forms.meanings import ADVICE, REFERRAL, SELF_REFERRAL
from spheres_core.forms.schemas import Form
from spheres_core.forms.views.drafts import editable_forms
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context

ROLES: Final[dict[str, Message]] = {
    REFERRAL: msg("The referral form: professionals and the entourage send it"),
    SELF_REFERRAL: msg("The form by which a young person asks to be reached"),
    ADVICE: msg("The form by which a professional asks for advice"),
}
"""The program's own forms, by key."""


async def forms_page(
    ctx: Context, refusal: Refusal | None = None, sent: dict[str, str] | None = None
) -> dict[str, Any]:
    """Returns the values of `forms/list.html`. `refusal`: why a form could not be begun."""
    asked = queries.forms_asked(ctx)
    listed = (await editable_forms(ctx)).forms
    known = {each.key for each in listed}
    return {
        "title": ctx.locale.say("Forms"),
        "forms": [_line(ctx, each, asked.get(each.key, (None, ""))[0]) for each in listed],
        "suggested": [{"key": key, "text": ctx.locale.say(text)} for key, text in ROLES.items() if key not in known],
        "trouble": ctx.locale.say(refusal.message) if refusal else None,
        "findings": [(each.path, ctx.locale.say(each.message)) for each in refusal.errors] if refusal else [],
        "sent": sent or {},
        "roles": ctx.actor.roles,
    }


async def versions_page(ctx: Context, key: str) -> dict[str, Any]:
    """Returns the values of `forms/versions.html`. Raises `FormUnknown`."""
    found = next((each for each in (await editable_forms(ctx)).forms if each.key == key), None)
    if found is None:
        raise queries.FormUnknown
    form = queries.forms_asked(ctx).get(key, (None, ""))[0]
    packed = queries.forms_of(ctx.plugins).get(key)
    return {
        "title": ctx.locale.say("Versions of the form “{form}”", form=_title(ctx, key, form)),
        "form": _line(ctx, found, form),
        "own": key in queries.own_forms(ctx),
        "packed": packed[0].version if packed else "",
        "versions": [
            {
                "version": each.version,
                "origin": origin_title(ctx, each.origin),
                "at": each.published_at,
                "in_force": each.version == found.version,
            }
            for each in found.versions
        ],
    }


def _line(ctx: Context, each: EditableForm, form: Form | None) -> dict[str, Any]:
    return {
        "key": each.key,
        "label": _title(ctx, each.key, form),
        "text": _role(ctx, each.key),
        "version": each.version,
        "origin": origin_title(ctx, each.origin) if each.version else None,
        "retired": each.retired,
        "draft": each.draft,
        "is_new": each.draft is not None and each.draft.base_version != each.version,
    }


def _role(ctx: Context, key: str) -> Text | None:
    """Returns what a form is for, of those that the program knows."""
    kind = ctx.plugins.record_kinds.get(record_kind_of(key))
    if kind is not None:
        return ctx.locale.say("Extra questions: staff answer them on {record}", record=kind.title)
    return ctx.locale.say(ROLES[key]) if key in ROLES else None


def _title(ctx: Context, key: str, form: Form | None) -> Text:
    return ctx.locale.pick(form.title) if form else Text(key, ctx.locale.language)


def origin_title(ctx: Context, origin: str) -> Text:
    """Returns who brought a version: a plugin, or the region."""
    if origin == queries.OWN:
        return ctx.locale.say("This region")
    known = ctx.plugins.plugins.get(origin)
    return ctx.locale.pick(known.manifest.title) if known else Text(origin, ctx.locale.language)

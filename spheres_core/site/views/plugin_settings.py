"""Values of the page on which an administrator sets what a plugin lets a region set."""

from typing import Any

from spheres_core.facts import msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.plugins.setting_fields import SettingField, setting_fields
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.site.operations.plugin_settings import kind_of


def settings_view(
    ctx: Context, plugin_id: str, *, sent: Post | None = None, refusal: Refusal | None = None, done: bool = False
) -> dict[str, Any]:
    """Returns the values of `site/plugin_settings.html`. Raises `NoSettings`. No secret is among them."""
    kind = kind_of(ctx, plugin_id)
    now = ctx.settings(plugin_id, kind)
    problems = {each.path: ctx.locale.say(each.message) for each in refusal.errors} if refusal else {}
    return {
        "title": ctx.locale.say(msg("Settings")),
        "plugin": plugin_id,
        "plugin_title": ctx.locale.pick(ctx.plugins.plugins[plugin_id].manifest.title),
        "fields": [_field(ctx, each, getattr(now, each.name), sent) for each in setting_fields(kind, plugin_id)],
        "problems": problems,
        "error": ctx.locale.say(refusal.message) if refusal else None,
        "done": ctx.locale.say(msg("The settings hold from now on.")) if done else None,
    }


def _field(ctx: Context, field: SettingField, now: Any, sent: Post | None) -> dict[str, Any]:
    value: Any = None
    if field.kind == "list":
        value = "\n".join(now)
    elif field.kind not in ("secret", "other"):
        value = now
    if sent is not None and field.kind not in ("secret", "other"):
        value = sent[field.name] == "yes" if field.kind == "yes_no" else sent[field.name]
    return {
        "name": field.name,
        "kind": field.kind,
        "title": ctx.locale.say(field.title),
        "hint": ctx.locale.say(field.hint) if field.hint else None,
        "value": value,
        "is_set": bool(now) if field.kind == "secret" else None,
        "choices": field.choices,
        "least": field.least,
        "most": field.most,
    }

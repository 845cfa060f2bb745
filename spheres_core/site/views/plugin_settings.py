"""Values of the page on which an administrator sets what a plugin lets a region set."""

from typing import Any, Final

from spheres_core.facts import Problem, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.plugins.setting_fields import SettingField, setting_fields
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.site.api_schemas.plugin_settings import SettingList, SettingShown, SettingsPosted
from spheres_core.site.operations.plugin_settings import PostedSettings, SettingsInvalid, kind_of

_UNFIT: Final = msg("This cannot stand here.")


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


def setting_list(ctx: Context, plugin_id: str) -> SettingList:
    """Returns a plugin's settings for the API. Raises `NoSettings`. No secret is among them."""
    kind = kind_of(ctx, plugin_id)
    now = ctx.settings(plugin_id, kind)
    found = [(each, getattr(now, each.name)) for each in setting_fields(kind, plugin_id)]
    return SettingList(plugin_id, [_shown(ctx, field, value) for field, value in found])


def _shown(ctx: Context, field: SettingField, now: Any) -> SettingShown:
    return SettingShown(
        field.name,
        field.kind,
        ctx.locale.say(field.title),
        ctx.locale.say(field.hint) if field.hint else None,
        value=None if field.kind in ("secret", "other") else list(now) if field.kind == "list" else now,
        is_set=bool(now) if field.kind == "secret" else None,
        choices=field.choices,
        least=field.least,
        most=field.most,
    )


def posted_settings(ctx: Context, plugin_id: str, data: SettingsPosted) -> PostedSettings:
    """Returns what a program sent as a page would send it. Raises `NoSettings`, and `SettingsInvalid` for a setting
    that is not there or is of another kind."""
    kind = kind_of(ctx, plugin_id)
    now = ctx.settings(plugin_id, kind)
    fields = {each.name: each for each in setting_fields(kind, plugin_id)}
    problems = [
        Problem(_UNFIT, path=name)
        for name in (*data.values, *data.secrets, *data.remove)
        if name not in fields or not _fits(fields[name].kind, data.values.get(name), secret=name not in data.values)
    ]
    if problems:
        raise SettingsInvalid(errors=problems)
    switches = {name: getattr(now, name) for name, each in fields.items() if each.kind == "yes_no"}
    values = {name: [_as_typed(value)] for name, value in {**switches, **data.values}.items()}
    return PostedSettings(values, data.secrets, frozenset(data.remove))


def _fits(kind: str, value: Any, *, secret: bool) -> bool:
    if secret:
        return kind == "secret"
    wanted: dict[str, type | tuple[type, ...]] = {
        "yes_no": bool, "whole": int, "number": (int, float), "text": str, "choice": str, "list": list,
    }  # fmt: skip
    is_switch = isinstance(value, bool)
    return isinstance(value, wanted.get(kind, ())) and is_switch == (kind == "yes_no")


def _as_typed(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return "\n".join(value) if isinstance(value, list) else str(value)


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

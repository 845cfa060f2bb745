"""Changes a plugin's settings for one tenant. What is set holds at the next request of every process."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.foundation.errors import Invalid, NotFound
from spheres_core.foundation.lifecycle.activation import LOCK
from spheres_core.foundation.plugins.setting_fields import SettingField, SettingInvalid, read_value, setting_fields
from spheres_core.foundation.tenancy import sealed_settings, tenants
from spheres_core.foundation.tenancy.context import Context

LONGEST_SECRET: Final = 2000


class NoSettings(NotFound):
    """The tenant has no such plugin, or nothing can be set for it."""

    code = "no_settings"
    message = msg("There is nothing to set for this plugin.")


class SettingsInvalid(Invalid):
    """Something that was typed cannot be set; `errors` names each setting."""

    code = "settings_invalid"
    message = msg("Some settings need another look.")


class PostedSettings(Struct, frozen=True):
    """The values that were typed, by setting: each value sent; a new secret; secrets to be removed."""

    values: Mapping[str, Sequence[str]]
    secrets: Mapping[str, str]
    removed: frozenset[str]


def kind_of(ctx: Context, plugin_id: str) -> type[Struct]:
    """Returns the struct of a plugin's settings. Raises `NoSettings`."""
    kind = ctx.plugins.settings.get(plugin_id)
    if plugin_id not in ctx.plugins.plugins or kind is None:
        raise NoSettings
    return kind


async def stored_values(ctx: Context, plugin_id: str) -> dict[str, Any]:
    """Returns what the tenant has set for a plugin, secrets closed."""
    return next((dict(values) for owner, values in await ctx.db.all(tenants.SETTINGS) if owner == plugin_id), {})


async def change_settings(ctx: Context, plugin_id: str, posted: PostedSettings) -> tuple[str, ...]:
    """Sets what was typed; returns the names of the settings that changed. The trail names them, never their values.

    Raises `NoSettings`, `SettingsInvalid`.
    """
    kind = kind_of(ctx, plugin_id)
    await ctx.db.lock(LOCK, ctx.tenant.id)
    before = await stored_values(ctx, plugin_id)
    after = dict(before)
    now = ctx.settings(plugin_id, kind)
    problems: list[Problem] = []
    for field in setting_fields(kind, plugin_id):
        try:
            _set(ctx, plugin_id, field, kind, posted, after, getattr(now, field.name))
        except SettingInvalid as wrong:
            problems.append(Problem(wrong.message, path=field.name))
    if problems:
        raise SettingsInvalid(errors=problems)
    changed = tuple(sorted(name for name in {*before, *after} if before.get(name) != after.get(name)))
    if changed:
        await ctx.db.run(tenants.PUT_SETTINGS, owner=plugin_id, values=after)
        await tenants.touch(ctx.db)
        await audit.record(ctx, "settings.changed", details={"plugin": plugin_id, "settings": list(changed)})
    return changed


def _set(
    ctx: Context, plugin_id: str, field: SettingField, kind: type[Struct], posted: PostedSettings,
    after: dict[str, Any], now: Any,
) -> None:  # fmt: skip
    name = field.name
    if field.kind == "secret":
        new = posted.secrets.get(name, "").strip()
        if len(new) > LONGEST_SECRET:
            raise SettingInvalid(msg("A secret has at most {most} characters.", most=LONGEST_SECRET))
        if new:
            after[name] = sealed_settings.seal(ctx.keys, plugin_id, name, new)
        elif name in posted.removed:
            after.pop(name, None)
    elif field.kind != "other" and (name in posted.values or field.kind == "yes_no"):
        value = read_value(field, kind, posted.values.get(name, ()))
        if value != (list(now) if isinstance(now, tuple) else now):
            after[name] = value

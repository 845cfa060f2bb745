"""Validates what a code plugin declares, registers and refers to, before any of it counts.

Each function returns a sentence for an administrator, or None when nothing stands against it.
"""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pluggy
from msgspec import Struct
from sqlalchemy import MetaData, Table

from spheres_core.facts import Message, msg
from spheres_core.foundation.database import anchors
from spheres_core.foundation.isolation.answer_validation import validate_answer
from spheres_core.foundation.plugins.bodies import Body, BriefSection
from spheres_core.foundation.plugins.manifest import Manifest
from spheres_core.foundation.plugins.registrations import (
    EVERY_ROLE,
    Command,
    DaySection,
    Duty,
    FileSection,
    NavigationItem,
    Permission,
    RecordAct,
    RecordKind,
    Report,
    Role,
    TimelineActs,
    TrailEffect,
    TrailVerb,
)
from spheres_core.foundation.plugins.schedules import MOST as MOST_SCHEDULES
from spheres_core.foundation.plugins.schedules import Schedule, problem_with_schedule
from spheres_core.hook_versions import ASYNC_KINDS

ROOMS_ONLY = frozenset(
    {
        "register_pack_readers",
        "register_record_kinds",
        "register_record_acts",
        "register_duties",
        "register_file_sections",
        "register_day_sections",
        "register_brief_sections",
        "register_timeline_acts",
        "register_trail_effects",
        "register_frame",
        "register_notifier",
    }
)
REGISTERED: Mapping[str, type] = {
    "register_settings": type,
    "register_roles": Role,
    "register_permissions": Permission,
    "register_pack_readers": object,
    "register_record_kinds": RecordKind,
    "register_record_acts": RecordAct,
    "register_duties": Duty,
    "register_file_sections": FileSection,
    "register_day_sections": DaySection,
    "register_bodies": Body,
    "register_brief_sections": BriefSection,
    "register_timeline_acts": TimelineActs,
    "register_trail_effects": TrailEffect,
    "register_controllers": object,
    "register_pages": object,
    "register_navigation": NavigationItem,
    "register_frame": object,
    "register_trail_verbs": TrailVerb,
    "register_schedules": Schedule,
    "register_notifier": object,
    "register_commands": Command,
    "register_reports": Report,
}
"""The type that each `register_` hook returns, or a list of it. They are called in this order, once per plugin set."""


OWN_ENTRY = "on_own_entry"
"""The one hook that a plugin's own entries may lead to."""
_NOT_DATA = frozenset({"load", "tell", "run"})


def problem_with_hook(hook: str, impl: pluggy.HookImpl, *, gathers: bool) -> Message | None:
    """Checks an implementation: no wrapper, async exactly when it may do I/O, arguments by name.

    `gathers`: its plugin has a `gather_own`, without which nothing is its `own`.
    """
    if impl.hookwrapper or impl.wrapper:
        return msg("{hook} is a wrapper; plugins have none.", hook=hook)
    if hook in ROOMS_ONLY:
        return msg("{hook} is for rooms of the core only.", hook=hook)
    if inspect.iscoroutinefunction(impl.function) != hook.startswith(ASYNC_KINDS):
        return msg(
            "{hook}: hooks that begin with gather_, on_, export_ or erase_ are async, all others plain.", hook=hook
        )
    kinds = {each.kind for each in inspect.signature(impl.function).parameters.values()}
    if kinds - {inspect.Parameter.POSITIONAL_OR_KEYWORD}:
        return msg("{hook}: its arguments are plain names.", hook=hook)
    if "own" in impl.argnames and not gathers:
        return msg("{hook} asks for its own data, and gather_own is not there to read it.", hook=hook)
    return None


def problem_with_registered(hook: str, given: Any, owner: str) -> Message | None:
    """Tells why what a `register_` hook returned is not of the right kind or not in the plugin's own name."""
    if hook == "register_settings":
        return _problem_with_settings(given)
    if not isinstance(given, list | tuple) or not all(isinstance(each, REGISTERED[hook]) for each in given):
        return msg("{hook} gives a list of {kind}.", hook=hook, kind=REGISTERED[hook].__name__)
    for each in given:
        if isinstance(each, Struct):
            try:
                validate_answer(each, skip=_NOT_DATA)
            except (TypeError, ValueError) as error:
                return msg("{hook}: {reason}", hook=hook, reason=str(error))
        name, start = _own_name(each, owner)
        if not name.startswith(start):
            return msg("{hook}: {name} does not begin with {start}.", hook=hook, name=name, start=start)
        if isinstance(each, TrailVerb) and (each.hook not in ("", OWN_ENTRY) or each.load or each.tell or each.cross):
            return msg(
                "{hook}: {name} may have a title, whom it notifies, and {own}.", hook=hook, name=name, own=OWN_ENTRY
            )
        if isinstance(each, TrailVerb) and each.notifies and not each.notifies.startswith(start):
            return msg("{hook}: {name} notifies holders of a permission of its own.", hook=hook, name=name)
        if isinstance(each, Command) and not inspect.iscoroutinefunction(each.run):
            return msg("{hook}: {name} is done by an async function.", hook=hook, name=each.name)
        if isinstance(each, Schedule) and (problem := problem_with_schedule(each)):
            return problem
    if hook == "register_schedules" and len(given) > MOST_SCHEDULES:
        return msg("A plugin has at most {most} schedules.", most=MOST_SCHEDULES)
    return None


def _problem_with_settings(given: Any) -> Message | None:
    if not (isinstance(given, type) and issubclass(given, Struct) and given.__struct_config__.frozen):
        return msg("register_settings gives a frozen struct.")
    try:
        made = given()
    except (Exception, SystemExit):
        return msg("Each setting has a default.")
    try:
        msgspec.convert(msgspec.to_builtins(made), given)
    except (Exception, SystemExit) as error:
        return msg("A default is not of its own kind: {reason}", reason=str(error)[:200])
    return None


def problem_with_roles(permissions: Sequence[Permission], known: Mapping[str, Role], owner: str) -> Message | None:
    """Tells which role of a plugin's permission is none that it may name: the core's, and its own."""
    may_name = {EVERY_ROLE, *(name for name in known if "." not in name or name.startswith(f"{owner}."))}
    for each in permissions:
        for role in each.roles:
            if role not in may_name:
                names = ", ".join(sorted(may_name - {EVERY_ROLE}))
                return msg("{name}: {role} is no role. Roles are: {roles}.", name=each.name, role=role, roles=names)
    return None


def _own_name(each: Any, owner: str) -> tuple[str, str]:
    if isinstance(each, Permission | Role | Schedule | Report):
        return each.name, f"{owner}."
    if isinstance(each, TrailVerb):
        return each.verb, f"{owner}."
    if isinstance(each, NavigationItem):
        return each.path, f"x/{owner}"
    return "", ""


def problem_with_tables(metadata: Any, manifest: Manifest) -> Message | None:
    """Checks that a plugin's tables refer to its own and to anchors, and go with what they refer to."""
    if metadata is None:
        return None
    if not isinstance(metadata, MetaData):
        return msg("models.metadata is not a MetaData.")
    known = {anchor.table for anchor in anchors.ALL}
    for table in metadata.tables.values():
        if table.info.get("anchor") and table.name not in known:
            return msg("{table} is not a published anchor.", table=table.name)
        if not table.info.get("anchor") and (column := _loose_reference(table, manifest)):
            return msg("{column} of {table}: refer to an anchor or an own table, with CASCADE.",
                       column=column, table=table.name)  # fmt: skip
        if not table.info.get("anchor") and next(iter(table.primary_key.columns.keys()), "") != "tenant_id":
            return msg("The primary key of {table} does not begin with tenant_id.", table=table.name)
    return None


def _loose_reference(table: Table, manifest: Manifest) -> str | None:
    known = {anchor.table for anchor in anchors.ALL} | set(manifest.provides.tables)
    for constraint in table.foreign_key_constraints:
        target = constraint.elements[0].target_fullname.rpartition(".")[0]
        if target not in known or constraint.ondelete != "CASCADE" or constraint.column_keys[0] != "tenant_id":
            return ", ".join(constraint.column_keys)
    return None


def table_names(metadata: MetaData | None) -> set[str]:
    """Returns the plugin's own tables, without the anchors it refers to."""
    return {t.name for t in metadata.tables.values() if not t.info.get("anchor")} if metadata is not None else set()


def problem_with_declaration(
    manifest: Manifest, hooks: set[str], tables: set[str], registered: Mapping[str, Sequence[Any]]
) -> Message | None:
    """Tells how plugin.toml and the code differ, in both directions."""
    provides = manifest.provides
    permissions = {each.name for each in registered.get("register_permissions", ())}
    roles = {each.name for each in registered.get("register_roles", ())}
    commands = {each.name for each in registered.get("register_commands", ())}
    reports = {each.name for each in registered.get("register_reports", ())}
    routes = bool(registered.get("register_controllers") or registered.get("register_pages"))
    for what, declared, found in (
        ("hooks", set(provides.hooks), hooks),
        ("tables", set(provides.tables), tables),
        ("permissions", set(provides.permissions), permissions),
        ("roles", set(provides.roles), roles),
        ("commands", set(provides.commands), commands),
        ("reports", set(provides.reports), reports),
        ("routes", {provides.routes}, {routes}),
    ):
        if declared != found:
            differing = ", ".join(sorted(map(str, declared ^ found)))
            return msg("plugin.toml and the code disagree on {what}: {names}", what=what, names=differing)
    return None

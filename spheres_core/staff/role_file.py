"""Reads `roles.toml`: roles of a region, made of permissions that there are. None is a second administrator."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec import Struct

from spheres_core.facts import Message, Words, msg
from spheres_core.foundation.content.packs import ContentInvalid, DescribedContent, Finding
from spheres_core.foundation.content.struct_reader import Source, check_unique, only_one
from spheres_core.foundation.plugins.plugin_set import ROLES, PluginSet
from spheres_core.foundation.plugins.registrations import EVERY_ROLE, Role

TOPIC: Final = ROLES
FILE: Final = "roles.toml"
MOST: Final = 20
"""Roles of one pack."""
ADMINISTRATOR: Final = "administrator"


class WrittenRole(Struct, frozen=True, forbid_unknown_fields=True):
    """One role of a region."""

    key: str
    title: Words
    purpose: Words
    """One sentence, beside its box, where an administrator gives it."""
    permissions: tuple[str, ...]
    """Names such as `partners.edit`."""


class RolesFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole `roles.toml`."""

    format: Literal[1]
    roles: tuple[WrittenRole, ...] = ()


class OwnRoles(Struct, frozen=True):
    """The roles of a pack; and, in a plugin set, as members of staff can have them, each with its permissions."""

    written: tuple[WrittenRole, ...]
    granted: tuple[tuple[Role, tuple[str, ...]], ...] = ()


def read_roles(paths: Sequence[Path], plugin_id: str) -> OwnRoles:
    """Returns the roles of a pack. Raises `ContentInvalid` with every finding."""
    return OwnRoles(check_roles(Source(only_one(paths))).roles)


def check_roles(source: Source) -> RolesFile:
    """Returns the roles that a source holds, wherever they were written. Raises `ContentInvalid` with every finding."""
    found = source.read(RolesFile)
    entries = source.entries("roles", WrittenRole)
    check_unique(source, [(f"{place}.key", each.key) for place, each in entries])
    for i, (place, each) in enumerate(entries):
        if i == MOST:
            source.find(place, msg("A pack has at most {most} roles.", most=MOST))
        if not each.permissions:
            source.find(f"{place}.permissions", msg("A role that may do nothing opens no page: name its permissions."))
    source.finish()
    assert found is not None
    return found


def fit_roles(content: OwnRoles, made: PluginSet, plugin_id: str) -> OwnRoles:
    """Returns the roles as this set gives them. Raises `ContentInvalid` for a permission that none can be made of."""
    findings = list(_problems(content, made, plugin_id))
    if findings:
        raise ContentInvalid(findings)
    granted = tuple(
        (Role(f"{plugin_id}.{each.key}", each.title, each.purpose), each.permissions) for each in content.written
    )
    return msgspec.structs.replace(content, granted=granted)


def _problems(content: OwnRoles, made: PluginSet, plugin_id: str) -> Iterator[Finding]:
    for i, each in enumerate(content.written):
        if f"{plugin_id}.{each.key}" in made.roles:
            said = msg("The plugin has a role with this name already: {name}.", name=each.key)
            yield Finding(FILE, said, key=f"roles[{i}].key")
        for permission in each.permissions:
            if problem := _problem_with(permission, made):
                yield Finding(FILE, problem, key=f"roles[{i}].permissions")


def _problem_with(permission: str, made: PluginSet) -> Message | None:
    known = made.permissions.get(permission)
    if known is None:
        return msg("{name} is no permission here.", name=permission)
    if EVERY_ROLE in known.roles:
        return msg("{name} is everybody's: leave it out.", name=permission)
    if not set(known.roles) - {ADMINISTRATOR}:
        return msg("{name} is an administrator's only: no other role is made of it.", name=permission)
    return None


def describe_roles(content: OwnRoles) -> list[DescribedContent]:
    """Returns the roles as an administrator sees them before they are on, each with its permissions."""
    return [
        DescribedContent(
            TOPIC, each.key, {tag: f"{title} ({', '.join(each.permissions)})" for tag, title in each.title.items()}
        )
        for each in content.written
    ]

"""Seals settings that are secret: in the database they are closed, in a region's file they never stand."""

import base64
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeGuard, get_args
from uuid import NAMESPACE_URL, uuid5

import msgspec
import structlog
from msgspec import Struct

from spheres_core.facts import Secret
from spheres_core.foundation.encryption import SealBroken, TenantKeys

TABLE: Final = "tenant_settings"
SEALED: Final = "sealed"

log = structlog.get_logger("spheres.settings")


def secret_names(kind: type[Struct]) -> tuple[str, ...]:
    """Returns the names of the settings that are secret."""
    return tuple(each.name for each in msgspec.structs.fields(kind) if Secret in (each.type, *get_args(each.type)[:1]))


def seal(keys: TenantKeys, owner: str, name: str, text: str) -> dict[str, str]:
    """Returns a secret as it is stored."""
    sealed = keys.seal(TABLE, uuid5(NAMESPACE_URL, owner), name, text.encode())
    return {SEALED: base64.b64encode(sealed).decode()}


def is_sealed(value: Any) -> TypeGuard[Mapping[str, str]]:
    """Returns whether a stored value is a secret."""
    return isinstance(value, Mapping) and set(value) == {SEALED}


def with_secrets(
    settings: Mapping[str, Struct], owned: Mapping[str, Mapping[str, Any]], keys: TenantKeys
) -> dict[str, Struct]:
    """Returns settings with the secrets that a tenant has set. One that does not open is as if it were not set."""
    made = dict(settings)
    for owner, values in owned.items():
        if owner in made and (found := dict(_opened(keys, owner, values, type(made[owner])))):
            made[owner] = msgspec.structs.replace(made[owner], **found)
    return made


def _opened(
    keys: TenantKeys, owner: str, values: Mapping[str, Any], kind: type[Struct]
) -> Iterator[tuple[str, Secret]]:
    for name in secret_names(kind):
        value = values.get(name)
        if not is_sealed(value):
            continue
        try:
            sealed = base64.b64decode(value[SEALED], validate=True)
            yield name, Secret(keys.open(TABLE, uuid5(NAMESPACE_URL, owner), name, sealed).decode())
        except (SealBroken, ValueError, TypeError):
            log.error("settings.secret_does_not_open", owner=owner, part=name)


def without_secrets(values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns settings as they may stand in a file."""
    return {name: value for name, value in values.items() if not is_sealed(value)}

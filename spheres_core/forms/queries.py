"""Which forms a tenant asks, and any version it has ever asked with."""

import datetime as dt
from collections import OrderedDict
from typing import Any, Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import bindparam, select

from spheres_core.facts import msg
from spheres_core.forms.models import FormVersion
from spheres_core.forms.schemas import Form, decode
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import Statement, prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.tenancy.context import Context

TOPIC: Final = "forms"
VERSIONS_KEPT: Final = 256

versions = table(FormVersion)


class FormUnknown(NotFound):
    """This tenant has no such form, or never asked with that version."""

    code = "form_unknown"
    message = msg("There is no form with this name.")


class PublishedVersion(Struct, frozen=True):
    """A version as the administration lists it."""

    key: str
    version: str
    origin: str
    published_at: dt.datetime


CONTENT: Statement[Any] = prepare(
    select(versions.c.content).where(
        scoped(versions),
        versions.c.form_key == bindparam("key"),
        versions.c.version == bindparam("version"),
    )
)
PUBLISHED = prepare(
    select(versions.c.form_key, versions.c.version, versions.c.origin, versions.c.published_at)
    .where(scoped(versions))
    .order_by(versions.c.form_key, versions.c.published_at.desc(), versions.c.version),
    into=PublishedVersion,
)

_read: OrderedDict[tuple[UUID, str, str], Form] = OrderedDict()
"""Versions read from the database; they never change, so nothing here grows stale."""


def forms_of(plugins: PluginSet) -> dict[str, tuple[Form, str]]:
    """Returns the forms of a plugin set by key, each with its plugin. A plugin's form goes before those of what it
    requires."""
    return {form.key: (form, origin) for origin, forms in plugins.gather(TOPIC) for form in forms}


def current_forms(ctx: Context) -> list[Form]:
    """Returns what the tenant asks today, by key."""
    return [form for _, (form, _) in sorted(forms_of(ctx.plugins).items())]


async def current(ctx: Context, key: str) -> Form:
    """Returns the version that is asked today. Raises `FormUnknown`."""
    found = forms_of(ctx.plugins).get(key)
    if found is None:
        raise FormUnknown
    return found[0]


async def version(ctx: Context, key: str, wanted: str) -> Form:
    """Returns a version by its hash, current or not. Raises `FormUnknown`."""
    today = forms_of(ctx.plugins).get(key)
    if today is not None and today[0].version == wanted:
        return today[0]
    place = (ctx.tenant.id, key, wanted)
    if place not in _read:
        content = await ctx.db.scalar(CONTENT, key=key, version=wanted)
        if content is None:
            raise FormUnknown
        _read[place] = decode(content)
        while len(_read) > VERSIONS_KEPT:
            _read.popitem(last=False)
    return _read[place]


async def published(ctx: Context) -> list[PublishedVersion]:
    """Returns every version the tenant has ever published, by form, newest first."""
    return await ctx.db.all(PUBLISHED)

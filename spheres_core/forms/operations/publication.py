"""Publishing: from now on these are the questions. What was asked before stays as it was."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.forms import queries
from spheres_core.forms.queries import FormUnknown, in_force, versions
from spheres_core.forms.schemas import Form, encode
from spheres_core.foundation.content.packs import ContentChange
from spheres_core.foundation.database.statements import Statement, prepare, scoped
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.context import Context

KEYS: Statement[Any] = prepare(select(versions.c.form_key).where(scoped(versions)).distinct())
ADD: Statement[Any] = prepare(insert(versions).on_conflict_do_nothing())
_put = insert(in_force)
PUT_IN_FORCE: Statement[Any] = prepare(
    _put.on_conflict_do_update(
        index_elements=["tenant_id", "form_key"],
        set_={"version": _put.excluded.version, "since": _put.excluded.since},
    )
)
FOLLOW_PACKS: Statement[Any] = prepare(
    in_force.delete().where(scoped(in_force), in_force.c.form_key == bindparam("key"))
)


async def publish(ctx: Context, form: Form, *, origin: str) -> bool:
    """Keeps this version for the tenant; returns False when it was there already. `origin` is the plugin that brings
    it, or `OWN`."""
    added = await ctx.db.run(
        ADD,
        form_key=form.key,
        version=form.version,
        content=encode(form),
        origin=origin,
        published_at=ctx.now,
    )
    if added:
        await audit.record(
            ctx,
            "form.published",
            details={"form": form.key, "version": form.version, "origin": origin},
        )
    return bool(added)


async def adopt(ctx: Context, forms: Sequence[Form], plugin_id: str, _version: str = "") -> list[ContentChange]:
    """Publishes the forms of a plugin, and returns which forms are new or ask differently now.
    Twice changes nothing."""
    asked = {row[0] for row in await ctx.db.all(KEYS)}
    return [
        ContentChange("change" if form.key in asked else "add", versions.name, form.key, title=form.title)
        for form in forms
        if await publish(ctx, form, origin=plugin_id)
    ]


async def put_in_force(ctx: Context, key: str, version: str) -> None:
    """Asks this version from now on, whatever the packs bring; every process follows within two seconds.

    Raises `FormUnknown` for a version that was never published here.
    """
    await queries.version(ctx, key, version)
    await ctx.db.run(PUT_IN_FORCE, form_key=key, version=version, since=ctx.now)
    await tenants.touch(ctx.db)
    await audit.record(ctx, "form.put_in_force", details={"form": key, "version": version})


async def retire(ctx: Context, key: str) -> None:
    """Asks this form of nobody any more. Raises `FormUnknown`."""
    if key not in queries.forms_asked(ctx):
        raise FormUnknown
    await ctx.db.run(PUT_IN_FORCE, form_key=key, version=None, since=ctx.now)
    await tenants.touch(ctx.db)
    await audit.record(ctx, "form.retired", details={"form": key})


async def follow_packs(ctx: Context, key: str) -> None:
    """Asks what the region's packs bring again, now and after their upgrades. Raises `FormUnknown`."""
    if not await ctx.db.run(FOLLOW_PACKS, key=key):
        raise FormUnknown
    await tenants.touch(ctx.db)
    await audit.record(ctx, "form.pack_followed", details={"form": key})

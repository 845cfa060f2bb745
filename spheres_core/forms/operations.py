"""Publishing: from now on these are the questions. What was asked before stays as it was."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.forms.queries import versions
from spheres_core.forms.schemas import Form, encode
from spheres_core.foundation.content.packs import ContentChange
from spheres_core.foundation.database.statements import Statement, prepare, scoped
from spheres_core.foundation.tenancy.context import Context

KEYS: Statement[Any] = prepare(select(versions.c.form_key).where(scoped(versions)).distinct())
ADD: Statement[Any] = prepare(insert(versions).on_conflict_do_nothing())


async def publish(ctx: Context, form: Form, *, origin: str) -> bool:
    """Keeps this version for the tenant; returns False when it was there already. `origin` is the plugin that brings
    it."""
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

"""Publishing: from now on these are the questions. What was asked before stays as it was."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.forms.queries import versions
from spheres_core.forms.schemas import Form, encode
from spheres_core.foundation.context import Context
from spheres_core.foundation.db import Statement, prepare

ADD: Statement[Any] = prepare(insert(versions).on_conflict_do_nothing())


async def publish(ctx: Context, form: Form, *, origin: str) -> bool:
    """Keep this version for the tenant; False when it was there already. `origin` is the plugin that brings it."""
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


async def adopt(ctx: Context, forms: Sequence[Form], plugin_id: str) -> None:
    """Publish what a plugin brings. Doing it twice changes nothing."""
    for form in forms:
        await publish(ctx, form, origin=plugin_id)

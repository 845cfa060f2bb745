"""Writes pages of a region's site, one version after the other: nothing that was published is ever changed or lost."""

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.context import Context
from spheres_core.site.queries import own_pages
from spheres_core.site.queries.own_pages import (
    MOST,
    PageChangedMeanwhile,
    PageForeign,
    PageInvalid,
    PageUnknown,
    PageVersion,
    check_page_text,
    pages,
)
from spheres_core.site.schemas import Editing

LOCK = "spheres.own_pages"
"""With the tenant's id, the advisory lock under which versions get their numbers."""
ADD = prepare(insert(pages))
PUBLISH = prepare(
    pages.update()
    .where(
        scoped(pages),
        pages.c.slug == bindparam("which_slug"),
        pages.c.language == bindparam("which_language"),
        pages.c.number == bindparam("which_number"),
    )
    .values(published_at=bindparam("now"))
)


async def write_page(ctx: Context, slug: str, language: str, editing: Editing, *, publish: bool) -> bool:
    """Saves a text, and puts it in force when it is to be published; returns whether it was.

    Raises what `save_page` raises, and `PageForeign` for passages that read like another language and nobody confirmed.
    """
    if not editing.sure and own_pages.foreign_passages(editing.text, language):
        raise PageForeign
    made = await save_page(ctx, slug, language, editing.text, base=editing.base, menu_order=editing.menu_order)
    if publish:
        await publish_page(ctx, slug, language, made.number)
    return publish


async def save_page(
    ctx: Context, slug: str, language: str, text: str, *, base: int, menu_order: int | None = None
) -> PageVersion:
    """Adds a version that is not in force yet. `base`: the number of the version that it was written on; 0 for none.

    Raises `PageUnknown`, `PageInvalid`, and `PageChangedMeanwhile` when somebody saved another one since.
    """
    check_page_text(text)
    latest = await _latest(ctx, slug, language)
    if (number := latest.number if latest else 0) != base:
        raise PageChangedMeanwhile(extra={"number": number})
    if latest is None and len(await own_pages.listed(ctx)) >= MOST:
        raise PageInvalid
    made = await _add(ctx, slug, language, base + 1, text, menu_order)
    await audit.record(ctx, "page.saved", details={"page": slug, "language": language, "number": made.number})
    return made


async def publish_page(ctx: Context, slug: str, language: str, number: int) -> None:
    """Puts the latest version in force; every process follows within two seconds.

    Raises `PageUnknown`, and `PageChangedMeanwhile` when that is not the latest any more.
    """
    latest = await _latest(ctx, slug, language)
    if latest is None:
        raise PageUnknown
    if latest.number != number:
        raise PageChangedMeanwhile(extra={"number": latest.number})
    await ctx.db.run(PUBLISH, which_slug=slug, which_language=language, which_number=number, now=ctx.now)
    await tenants.touch(ctx.db)
    await audit.record(ctx, "page.published", details={"page": slug, "language": language, "number": number})


async def take_back_page(ctx: Context, slug: str, language: str, *, to: int) -> None:
    """Puts an earlier version in force again, as a version of its own; 0 follows the packs again.

    Raises `PageUnknown` for a number that was never in force.
    """
    found = await own_pages.versions(ctx, slug, language)
    wanted = next((each for each in found if each.number == to and each.published_at is not None), None)
    if not found or (to and wanted is None):
        raise PageUnknown
    await ctx.db.lock(LOCK, ctx.tenant.id)
    made = await _add(ctx, slug, language, found[0].number + 1, wanted.text if wanted else None,
                      wanted.menu_order if wanted else None)  # fmt: skip
    await ctx.db.run(PUBLISH, which_slug=slug, which_language=language, which_number=made.number, now=ctx.now)
    await tenants.touch(ctx.db)
    await audit.record(ctx, "page.taken_back", details={"page": slug, "language": language, "to": to})


async def _latest(ctx: Context, slug: str, language: str) -> PageVersion | None:
    await ctx.db.lock(LOCK, ctx.tenant.id)
    return next(iter(await own_pages.versions(ctx, slug, language)), None)


async def _add(
    ctx: Context, slug: str, language: str, number: int, text: str | None, menu_order: int | None
) -> PageVersion:
    writer = ctx.actor.id if ctx.actor.kind == "staff" else None
    made = PageVersion(slug, language, number, text, menu_order, ctx.now, writer, None)
    await ctx.db.run(
        ADD, slug=slug, language=language, number=number, text=text, menu_order=menu_order, written_at=ctx.now,
        written_by=writer, published_at=None,
    )  # fmt: skip
    return made

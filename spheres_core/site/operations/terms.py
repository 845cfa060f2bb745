"""Renames marked terms of the program for one tenant, per language. Every process follows within two seconds."""

from spheres_core.audit import operations as audit
from spheres_core.foundation.tenancy import own_terms, tenants
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.own_terms import Collision
from spheres_core.site.queries.terms import TermUnknown, check_language, collisions_of


async def rename_term(ctx: Context, key: str, *, language: str, text: str) -> list[Collision]:
    """Calls a term by another word from now on; returns what reads the same. Raises `TermUnknown`, `TermInvalid`."""
    collisions = collisions_of(ctx, key, language=language, text=text)
    await ctx.db.run(own_terms.PUT_TERM, language=language, msgid=key, text=text.strip(), changed_at=ctx.now)
    await tenants.touch(ctx.db)
    await audit.record(ctx, "term.renamed", details={"term": key, "language": language, "text": text.strip()})
    return collisions


async def restore_term(ctx: Context, key: str, *, language: str) -> None:
    """Calls a term what the program, or the region's pack, calls it. Raises `TermUnknown`."""
    check_language(ctx, language)
    if (language, key) not in ctx.locales.terms:
        raise TermUnknown
    await ctx.db.run(own_terms.DROP_TERM, which_language=language, which=key)
    await tenants.touch(ctx.db)
    await audit.record(ctx, "term.restored", details={"term": key, "language": language})

"""A tenant renames marked terms of the programme, per language: what they are called now, what may be, what was done.

`list_terms` asks; `collisions_of` warns beforehand; `rename_term` and `restore_term` write, with a line in the trail.
What is written is spoken by every process within two seconds.
"""

from msgspec import Struct

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.foundation.errors import Invalid, NotFound
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy import own_terms, tenants
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.own_terms import Collision, Term


class TermUnknown(NotFound):
    """No such term is marked in this tenant's plugin set, or the tenant does not speak that language."""

    code = "term_unknown"
    message = msg("There is no such term.")


class TermInvalid(Invalid):
    """The new word cannot stand where the old one stands; `errors` say why."""

    code = "term_invalid"
    message = msg("This word cannot be used.")


class TermShown(Struct, frozen=True):
    """A term in one language: what it is called here, and what it would be called otherwise."""

    key: str
    language: str
    said: Text
    """What it is called now, and in which language that really is."""
    plain: Text
    """What it is called without the tenant's own word."""
    renamed: bool
    note: Text
    """Where people meet it, in the reader's language."""


def list_terms(ctx: Context, language: str) -> list[TermShown]:
    """Every marked term in one of the tenant's languages, sorted by what it is called. Raises `TermUnknown`."""
    _spoken(ctx, language)
    own = own_terms.by_language(ctx.locales.terms, language)
    plain = ctx.plugins.locale(language, ctx.locales.offered)
    shown = [
        TermShown(
            key=each.key,
            language=language,
            said=ctx.locales.locale(language).say(each.key),
            plain=plain.say(each.key),
            renamed=each.key in own,
            note=ctx.locale.pick(each.note),
        )
        for each in own_terms.marked(ctx.plugins).values()
    ]
    return sorted(shown, key=lambda each: ctx.locale.sort_key(each.said))


def collisions_of(ctx: Context, key: str, *, language: str, text: str) -> list[Collision]:
    """What would read the same as the new word: worth a warning, not a refusal. Raises `TermUnknown`, `TermInvalid`."""
    _accepted(ctx, key, language, text)
    return own_terms.collisions(ctx.plugins, ctx.locales.locale(language), key, text)


async def rename_term(ctx: Context, key: str, *, language: str, text: str) -> list[Collision]:
    """Call a term by another word from now on. Gives what now reads the same. Raises `TermUnknown`, `TermInvalid`."""
    collisions = collisions_of(ctx, key, language=language, text=text)
    await ctx.db.run(own_terms.PUT_TERM, language=language, msgid=key, text=text.strip(), changed_at=ctx.now)
    await tenants.touch(ctx.db)
    await audit.record(ctx, "term.renamed", details={"term": key, "language": language, "text": text.strip()})
    return collisions


async def restore_term(ctx: Context, key: str, *, language: str) -> None:
    """Call a term what the programme, or the region's pack, calls it. Raises `TermUnknown`."""
    _spoken(ctx, language)
    if (language, key) not in ctx.locales.terms:
        raise TermUnknown
    await ctx.db.run(own_terms.DROP_TERM, which_language=language, which=key)
    await tenants.touch(ctx.db)
    await audit.record(ctx, "term.restored", details={"term": key, "language": language})


def _accepted(ctx: Context, key: str, language: str, text: str) -> Term:
    _spoken(ctx, language)
    term = own_terms.marked(ctx.plugins).get(key)
    if term is None:
        raise TermUnknown
    if problem := own_terms.problem_with(term, text):
        raise TermInvalid(errors=[Problem(problem, path="text")])
    return term


def _spoken(ctx: Context, language: str) -> None:
    if language not in ctx.tenant.languages:
        raise TermUnknown

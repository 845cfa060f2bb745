"""Queries of marked terms: what each is called in this region, and what a new word would collide with."""

from spheres_core.facts import Problem, msg
from spheres_core.foundation.errors import Invalid, NotFound
from spheres_core.foundation.tenancy import own_terms
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.own_terms import Collision
from spheres_core.site.schemas import TermShown


class TermUnknown(NotFound):
    """No such term is marked in this tenant's plugin set, or the tenant does not speak that language."""

    code = "term_unknown"
    message = msg("There is no such term.")


class TermInvalid(Invalid):
    """The new word cannot stand where the old one stands; `errors` say why."""

    code = "term_invalid"
    message = msg("This word cannot be used.")


def list_terms(ctx: Context, language: str) -> list[TermShown]:
    """Returns every marked term in one of the tenant's languages, sorted by what it is called. Raises `TermUnknown`."""
    check_language(ctx, language)
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
    """Returns the texts that would read the same as the new word: worth a warning, not a refusal.

    Raises `TermUnknown`, `TermInvalid`.
    """
    _check_text(ctx, key, language, text)
    return own_terms.collisions(ctx.plugins, ctx.locales.locale(language), key, text)


def _check_text(ctx: Context, key: str, language: str, text: str) -> None:
    check_language(ctx, language)
    term = own_terms.marked(ctx.plugins).get(key)
    if term is None:
        raise TermUnknown
    if problem := own_terms.problem_with(term, text):
        raise TermInvalid(errors=[Problem(problem, path="text")])


def check_language(ctx: Context, language: str) -> None:
    """Raises `TermUnknown` unless the tenant has this language."""
    if language not in ctx.tenant.languages:
        raise TermUnknown

"""Values of the pages on which a region renames terms."""

from typing import Any

from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.site.queries.terms import TermInvalid, TermUnknown, collisions_of, list_terms
from spheres_core.site.schemas import TermShown


def terms_view(ctx: Context, language: str) -> dict[str, Any]:
    """Returns the values of `site/terms.html`: every term in one language."""
    return {
        "title": ctx.locale.say("The program's words"),
        "language": language,
        "terms": list_terms(ctx, language),
        "tongues": {tag: ctx.plugins.languages[tag].autonym for tag in ctx.tenant.languages},
    }


def term_view(ctx: Context, language: str, key: str, text: str | None) -> dict[str, Any]:
    """Returns the values of `site/term.html`; with a `text`, what speaks against it before anything is written."""
    found = _term(ctx, language, key)
    problem, collisions = None, []
    if text is not None:
        try:
            collisions = collisions_of(ctx, key, language=language, text=text)
        except TermInvalid as refusal:
            problem = ctx.locale.say(refusal.errors[0].message)
    return {
        "title": found.said,
        "term": found,
        "text": text,
        "problem": problem,
        "collisions": [ctx.locale.say(each.message) for each in collisions],
        "language": language,
        "tongue": ctx.plugins.languages[language].autonym,
    }


def _term(ctx: Context, language: str, key: str) -> TermShown:
    try:
        return next(each for each in list_terms(ctx, language) if each.key == key)
    except (StopIteration, TermUnknown):
        raise NotFound from None

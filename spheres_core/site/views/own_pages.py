"""Values of the pages on which a region writes pages of its site."""

from collections.abc import Mapping
from difflib import ndiff
from typing import Any, Final

from spheres_core.facts import Message, msg
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.site.content_pages import as_page
from spheres_core.site.permissions import ADMINISTER
from spheres_core.site.queries import own_pages
from spheres_core.site.queries.own_pages import PageInvalid, PageVersion
from spheres_core.site.schemas import Editing

EMPTY: Final = "# "
PROGRAM_PAGES: Final = ("home", "youth", "family", "professionals", "about")
"""Pages that the program's own menu and first page lead to where a region has them."""


async def pages_view(ctx: Context) -> dict[str, Any]:
    """Returns the values of `site/pages.html`: every page, in each language."""
    found = await own_pages.listed(ctx)
    return {
        "title": ctx.locale.say("Pages of the site"),
        "pages": [
            {
                "slug": slug,
                "title": _title(ctx, slug, found[slug]),
                "languages": [_state(ctx, slug, tag, found[slug].get(tag, [])) for tag in ctx.tenant.languages],
            }
            for slug in found
        ],
        "missing": [slug for slug in PROGRAM_PAGES if slug not in found],
        "languages": _languages(ctx),
        "administers": ctx.may(ADMINISTER),
    }


async def page_view(ctx: Context, slug: str, language: str, editing: Editing | None = None) -> dict[str, Any]:
    """Returns the values of `site/edit_page.html`. Raises `PageUnknown`."""
    versions = await own_pages.versions(ctx, slug, language)
    latest = versions[0] if versions else None
    in_force = next((each for each in versions if each.published_at is not None), None)
    brought = own_pages.brought_by_packs(ctx, slug, language)
    now = editing or Editing(
        (latest.text if latest else None) or (brought.source if brought else EMPTY),
        latest.number if latest else 0,
        latest.menu_order if latest else None,
    )
    problems = _problems(ctx, now.text) if editing and editing.looked_at else []
    published = in_force.text if in_force else None
    return {
        "title": ctx.locale.say("Page {page}", page=slug),
        "slug": slug,
        "language": language,
        "languages": _languages(ctx),
        "editing": now,
        "problems": problems,
        "foreign": [
            {"said": ctx.locale.say(each.message), "excerpt": each.excerpt}
            for each in (own_pages.foreign_passages(now.text, language) if now.looked_at and not problems else ())
        ],
        "shown": as_page(slug, language, now.text) if now.looked_at and not problems else None,
        "theirs": latest.text if now.conflict and latest else None,
        "changes": _changes(published or (brought.source if brought else ""), now.text) if now.looked_at else [],
        "latest": latest,
        "in_force": in_force,
        "is_draft": latest is not None and latest.published_at is None,
        "from_packs": brought is not None,
        "follows_packs": published is None,
        "earlier": [each for each in versions if each.published_at is not None and each is not in_force],
    }


def _problems(ctx: Context, text: str) -> list[Text]:
    try:
        own_pages.check_page_text(text)
    except PageInvalid as refusal:
        return [ctx.locale.say("Line {line}: {problem}", line=each.path or "–", problem=ctx.locale.say(each.message))
                for each in refusal.errors]  # fmt: skip
    return []


def _changes(before: str, after: str) -> list[tuple[str, str]]:
    """Returns the lines that differ, each with `-` for one that goes and `+` for one that comes."""
    lines = ndiff(before.splitlines(), after.splitlines())
    return [(line[0], line[2:]) for line in lines if line[0] in "+-" and line[2:].strip()][:200]


def _languages(ctx: Context) -> dict[str, str]:
    return {tag: ctx.plugins.languages[tag].autonym for tag in ctx.tenant.languages}


_STATES: Final[Mapping[str, Message]] = {
    "draft": msg("draft"),
    "own": msg("written here"),
    "pack": msg("from a pack"),
    "none": msg("not written"),
}


def _state(ctx: Context, slug: str, tag: str, versions: list[PageVersion]) -> dict[str, Any]:
    brought = own_pages.brought_by_packs(ctx, slug, tag) is not None
    own = any(each.published_at is not None and each.text is not None for each in versions)
    draft = any(each.published_at is None for each in versions)
    code = "own" if own else "pack" if brought else "none"
    states = [code, "draft"] if draft else [code]
    return {"tag": tag, "name": ctx.plugins.languages[tag].autonym, "code": code,
            "said": [ctx.locale.say(_STATES[each]) for each in states]}  # fmt: skip


def _title(ctx: Context, slug: str, own: Mapping[str, list[PageVersion]]) -> Text:
    titles = {tag: as_page(slug, tag, each.text).title for tag, found in own.items() for each in found if each.text}
    for tag in ctx.tenant.languages:
        brought = own_pages.brought_by_packs(ctx, slug, tag)
        if brought is not None:
            titles.setdefault(tag, brought.title)
    return ctx.locale.pick(titles) if titles else Text(slug, ctx.locale.language)

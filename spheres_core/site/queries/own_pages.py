"""Questions about pages that a region writes itself: what is in force, each version, what packs bring beside it."""

import datetime as dt
import re
from typing import Final
from uuid import UUID

from msgspec import Struct
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import distinct_on

from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.database.transactions import Db
from spheres_core.foundation.errors import Conflict, Invalid, NotFound
from spheres_core.foundation.languages.text_checks import UNTRANSLATED, Passage, TextProblem, check_text
from spheres_core.foundation.plugins.registrations import NavigationItem
from spheres_core.foundation.tenancy.context import Context
from spheres_core.site import models
from spheres_core.site.content_pages import TOPIC, ContentPage, Pages, as_page, problems_with

SLUG: Final = re.compile(r"[a-z][a-z0-9_-]{1,40}")
LONGEST: Final = 40_000
"""Characters of a page."""
MOST: Final = 100
"""Pages of a region's own."""

pages = table(models.OwnPage)


class PageUnknown(NotFound):
    """The region has no such page, or does not speak that language."""

    code = "page_unknown"
    message = msg("There is no such page.")


class PageInvalid(Invalid):
    """The text cannot be a page; `errors` say why."""

    code = "page_invalid"
    message = msg("This text cannot be a page.")


class PageForeign(PageInvalid):
    """Passages read like another language than the page's, and nobody has confirmed them."""

    code = "page_foreign"
    message = msg("This reads like another language.")


class PageChangedMeanwhile(Conflict):
    """Somebody saved another version since this one was opened."""

    code = "page_changed_meanwhile"
    message = msg("Somebody saved another version of this page meanwhile.")


class PageVersion(Struct, frozen=True):
    """A version of a page in one language."""

    slug: str
    language: str
    number: int
    text: str | None
    menu_order: int | None
    written_at: dt.datetime
    written_by: UUID | None
    published_at: dt.datetime | None


_columns = [pages.c[name] for name in PageVersion.__struct_fields__]
IN_FORCE = prepare(
    select(*_columns)
    .where(scoped(pages), pages.c.published_at.is_not(None))
    .ext(distinct_on(pages.c.slug, pages.c.language))
    .order_by(pages.c.slug, pages.c.language, pages.c.number.desc()),
    into=PageVersion,
)
LATEST = prepare(
    select(*_columns)
    .where(scoped(pages))
    .ext(distinct_on(pages.c.slug, pages.c.language))
    .order_by(pages.c.slug, pages.c.language, pages.c.number.desc()),
    into=PageVersion,
)
VERSIONS = prepare(
    select(*_columns)
    .where(scoped(pages), pages.c.slug == bindparam("slug"), pages.c.language == bindparam("language"))
    .order_by(pages.c.number.desc()),
    into=PageVersion,
)


async def load_own(db: Db) -> Pages:
    """Returns the pages in force that the transaction's tenant wrote itself."""
    found: dict[str, dict[str, ContentPage]] = {}
    for each in await db.all(IN_FORCE):
        if each.text is not None:
            found.setdefault(each.slug, {})[each.language] = as_page(each.slug, each.language, each.text)
    return found


async def load_menu(db: Db) -> list[NavigationItem]:
    """Returns the places that the transaction's tenant gives its own pages in the menu."""
    titles: dict[str, dict[str, str]] = {}
    orders: dict[str, int] = {}
    for each in await db.all(IN_FORCE):
        if each.text is not None:
            titles.setdefault(each.slug, {})[each.language] = as_page(each.slug, each.language, each.text).title
            orders |= {each.slug: each.menu_order} if each.menu_order is not None else {}
    return [NavigationItem(slug, titles[slug], order=order) for slug, order in orders.items()]


def check_place(ctx: Context, slug: str, language: str) -> None:
    """Raises `PageUnknown` for a language that the region does not speak or a name that no page can have."""
    if language not in ctx.tenant.languages or not SLUG.fullmatch(slug):
        raise PageUnknown
    if slug != "home" and f"/{slug}" in ctx.plugins.addresses.values():
        raise PageUnknown


def check_page_text(text: str) -> None:
    """Raises `PageInvalid` with everything that stands against a text."""
    errors = [Problem(each.message, path=str(each.line)) for each in problems_with(text, "page")]
    if len(text) > LONGEST:
        errors.append(Problem(msg("It is longer than {most} characters.", most=LONGEST)))
    if errors:
        raise PageInvalid(errors=errors)


def foreign_passages(text: str, language: str) -> list[TextProblem]:
    """Returns the passages that read like another language than the page's: a person confirms them, or mends them."""
    return [each for each in check_text(Passage(text, language, "page", 1)) if each.kind == UNTRANSLATED]


async def versions(ctx: Context, slug: str, language: str) -> list[PageVersion]:
    """Returns the versions of a page, newest first. Raises `PageUnknown`."""
    check_place(ctx, slug, language)
    return await ctx.db.all(VERSIONS, slug=slug, language=language)


def brought_by_packs(ctx: Context, slug: str, language: str) -> ContentPage | None:
    """Returns the page that the packs bring in exactly this language."""
    names = ctx.plugins.languages[language].names
    for _, written in reversed(ctx.plugins.gather(TOPIC)):
        if page := next((written[slug][tag] for tag in names if tag in written.get(slug, {})), None):
            found: ContentPage = page
            return found
    return None


async def listed(ctx: Context) -> dict[str, dict[str, list[PageVersion]]]:
    """Returns, by page and language, the latest own version and the one in force, those that there are."""
    slugs: dict[str, dict[str, list[PageVersion]]] = {
        slug: {} for _, written in ctx.plugins.gather(TOPIC) for slug in written
    }
    for statement in (LATEST, IN_FORCE):
        for each in await ctx.db.all(statement):
            slugs.setdefault(each.slug, {}).setdefault(each.language, []).append(each)
    return dict(sorted(slugs.items()))

"""The portrait of her strengths as it is printed: in her language, with no word that says where it comes from."""

from __future__ import annotations

from typing import Any, Final

from spheres_core.activities.queries.catalogue import activities
from spheres_core.activities.queries.portrait import read_portrait
from spheres_core.activities.schemas.portrait import PortraitAsked, PortraitPart, PortraitPrinted
from spheres_core.facts import msg
from spheres_core.foundation.documents.pdf import Document, write_pdf
from spheres_core.foundation.languages.localization import Locale
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.schemas.files import ParticipantAccess

TEMPLATE: Final = "activities/templates/activities/portrait.typ"
FILE_NAME: Final = "portrait"
"""Says nothing of where it comes from."""
TITLE: Final = msg("What I can build on")


async def portrait_pdf(ctx: Context, access: ParticipantAccess, asked: PortraitAsked) -> bytes:
    """Returns her portrait as a PDF file. Nothing of it is kept."""
    locale = locale_of(ctx, asked.language)
    printed = await printed_portrait(ctx, access, asked.name, locale)
    return await write_pdf(Document(TEMPLATE, printed, printed.title, locale.tag))


async def printed_portrait(ctx: Context, access: ParticipantAccess, name: str, locale: Locale) -> PortraitPrinted:
    """Returns what the template prints. A part in which there is nothing is left out."""
    found, known = await read_portrait(ctx, access), activities(ctx)
    tried = [str(locale.pick(known[code].label)) if code in known else code for code in found.tried]
    parts = (
        PortraitPart(str(locale.say(msg("My strengths"))), found.strengths),
        PortraitPart(str(locale.say(msg("What I have reached"))), found.reached),
        PortraitPart(str(locale.say(msg("What I have tried"))), tried),
        PortraitPart(str(locale.say(msg("How I said it"))), found.words, quoted=True),
    )
    empty = str(locale.say(msg("This page is still mine to fill.")))
    return PortraitPrinted(str(locale.say(TITLE)), name.strip(), [each for each in parts if each.lines], empty)


def locale_of(ctx: Context, tag: str) -> Locale:
    """Returns the language that she wishes it in; the reader's where none of the region's was named."""
    return ctx.locales.locale(tag) if tag in ctx.tenant.languages else ctx.locale


def portrait_page(ctx: Context) -> dict[str, Any]:
    """Returns what `activities/portrait.html` shows."""
    return {
        "title": ctx.locale.say(msg("Portrait of her strengths")),
        "tongues": [(tag, ctx.locale.language_name(tag)) for tag in ctx.tenant.languages],
        "chosen": ctx.locale.tag,
    }

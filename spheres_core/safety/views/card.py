"""The card that she may carry as it is printed: in her language, with no word that says where it comes from."""

from __future__ import annotations

from typing import Final

from msgspec import structs

from spheres_core.facts import msg
from spheres_core.foundation.documents.pdf import Document, write_pdf
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.safety.queries.card import locale_of, read_card
from spheres_core.safety.schemas.card import Card, CardSection, CardSize, PrintedCard, PrintedEntry, PrintedSection

TEMPLATE: Final = "safety/templates/safety/card.typ"
FILE_NAME: Final = "notes"
"""Says nothing of where it comes from."""
TITLE: Final = msg("To keep with me")


async def card_pdf(ctx: Context, access: ParticipantAccess, size: CardSize) -> bytes:
    """Returns her card as a PDF file. Nothing of the file is kept. Raises `NothingToCarry`, `ParticipantUnknown`."""
    card = await read_card(ctx, access)
    printed = printed_card(structs.replace(ctx, locale=locale_of(ctx, card.language)), card, size)
    return await write_pdf(Document(TEMPLATE, printed, printed.title, card.language))


def printed_card(ctx: Context, card: Card, size: CardSize) -> PrintedCard:
    """Returns what the template prints."""
    dated = any(each.contacts for each in card.sections)
    as_of = str(ctx.locale.say(msg("Places and numbers as of {day}", day=card.as_of))) if dated else ""
    return PrintedCard(str(ctx.locale.say(TITLE)), size, [_printed(each) for each in card.sections], as_of)


def _printed(section: CardSection) -> PrintedSection:
    people = [PrintedEntry(each.name, [line for line in (each.ways, each.times) if line]) for each in section.people]
    contacts = []
    for each in section.contacts:
        head, *more = [*each.phones, each.name] if each.phones else [each.name]
        contacts.append(PrintedEntry(head, [line for line in (*more, *each.hours) if line]))
    return PrintedSection(section.title, [each for each in (*people, *contacts) if each.head], section.lines)

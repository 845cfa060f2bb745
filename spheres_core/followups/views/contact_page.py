"""The page on which somebody reaches her: how it is safe, and what came of it, in one press."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from spheres_core.facts import msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.queries import safe_contact as queries
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.safe_contact import CHANNELS, SafeContact
from spheres_core.participants.views.safe_contact import OUTCOMES, Way, contact_lines, ways_of


class WayToTry(Struct, frozen=True):
    """A channel that she named, with what can be noted of it at this moment."""

    way: Way
    value: str
    code_word: str
    texts: list[Text]
    """Texts that may be sent now, in her language."""
    outcomes: list[tuple[str, Text]]


async def contact_page(
    ctx: Context, access: ParticipantAccess, *, back: str, refusal: Refusal | None = None, channel: str = ""
) -> dict[str, Any]:
    """Returns what `followups/contact.html` shows. `refusal`: why what was sent about `channel` was not noted."""
    kept = await queries.latest(ctx, access)
    record = kept.record if kept else SafeContact()
    language = ctx.plugins.languages[record.language or ctx.tenant.languages[0]]
    ways = [
        WayToTry(
            way, line.value if line.allowed else "", line.code_word if line.allowed else "",
            [Text(each.title, language) for each in line.texts],
            [(each.code, ctx.locale.say(OUTCOMES[each.code])) for each in line.outcomes],  # type: ignore[index]
        )
        for way, line in zip(ways_of(ctx, record), contact_lines(ctx, record), strict=True)
    ]  # fmt: skip
    named = {each.way.channel for each in ways}
    return {
        "title": ctx.locale.say(msg("Reach her")),
        "ways": ways,
        "others": [(code, ctx.locale.say(title)) for code, title in CHANNELS.items() if code not in named],
        "back": back,
        "problem": ctx.locale.say(refusal.message) if refusal else None,
        "problem_at": channel,
    }

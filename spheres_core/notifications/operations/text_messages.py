"""Text messages to telephones: which plugin hands them over, and what they say. None of them has an address in it."""

from uuid import UUID

from spheres_core.audit import operations as audit
from spheres_core.foundation.languages.localization import Locale
from spheres_core.foundation.tenancy.context import Context
from spheres_core.notifications.notice_file import worded
from spheres_core.notifications.operations.messages import ROOM, said_plainly, spoken_tags
from spheres_core.notifications.schemas import Notice, Settings

HOOK = "on_text_message_due"
BETWEEN = " / "
"""Between two languages."""


def gateway_of(ctx: Context) -> str | None:
    """Returns the id of the plugin that hands over text messages here; None when no plugin of this region does."""
    chosen = ctx.settings(ROOM, Settings).text_gateway
    able = [each.owner for each in ctx.plugins.listeners(HOOK)]
    return next((owner for owner in able if chosen in ("", owner)), None)


async def owe(ctx: Context, staff_id: UUID, notice: Notice, *, gateway: str, cause: UUID | None = None) -> None:
    """Notes that a text message is due: the outbox has the gateway hand it over after commit.

    The entry holds neither number nor text. `cause`: the entry that the message is sent because of.
    """
    details = {"plugin": gateway, "notice": notice.kind, **({"cause": str(cause)} if cause else {})}
    await audit.record(ctx, "text_message.due", subject=("staff", staff_id), details=details)


def compose_text(ctx: Context, notice: Notice, language: str | None, *, code: str = "") -> str:
    """Returns what a text message says, in one language or in all of the region's. Raises `NoticeTellsTooMuch`."""
    said = worded(notice, ctx.plugins)
    locales: list[Locale] = [ctx.locales.locale(tag) for tag in spoken_tags(ctx, said, language)]
    texts = [" ".join(said_plainly(locale, sentence) for sentence in said.body) for locale in locales]
    return f"{BETWEEN.join(texts)} {code}".strip()

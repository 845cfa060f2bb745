"""Sending. It is part of a delivery of the outbox: when it fails it is tried again, and the letter keeps its number."""

import asyncio
import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from uuid import UUID

from spheres_core.audit import operations as audit
from spheres_core.facts import msg
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.languages.localization import Locale
from spheres_core.foundation.languages.registry import short_tags
from spheres_core.foundation.tenancy.context import Context
from spheres_core.notifications.mail_settings import ChannelMisconfigured, MailSettings, read_mail_settings
from spheres_core.notifications.notice_file import worded
from spheres_core.notifications.notices import CLOSING, telling_words
from spheres_core.notifications.operations.channels import hand_to_server, write_to_folder
from spheres_core.notifications.schemas import Notice, Recipient, Settings

ROOM = "notifications"
BETWEEN = "\n\n* * *\n\n"
"""Between two languages; mail programs fold away what follows `-- `, which begins a signature."""
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253}[A-Za-z0-9])?")


class AddressUnusable(Invalid):
    """Nothing can be sent to, or from, this address."""

    code = "address_unusable"
    message = msg("No message can be sent to this address.")


class NoticeTellsTooMuch(Exception):
    """A sentence of a notice, as this tenant says it, holds a word that mail may not hold."""


async def send(ctx: Context, to: Recipient, notice: Notice, *, cause: UUID, path: str | None = None) -> None:
    """Sends one notice. `cause`: the trail entry it is sent because of (`details["entry"]` in a `tell`).

    `path`: the page of the tenant that it leads to, after the language; to the sign-in when there is none.
    The same cause, recipient and path give the same Message-ID, so that a mail program shows a repeated message once.
    Raises `AddressUnusable`, `NoticeTellsTooMuch`, `ChannelMisconfigured`, or what the channel raises.
    """
    settings = ctx.settings(ROOM, Settings)
    machine = read_mail_settings()
    number = ctx.keys.blind("message", f"{cause} {to.id} {path or ''}".rstrip()).hex()
    letter = compose(ctx, to, worded(notice, ctx.plugins), machine, number, path=path)
    channel = _channel(settings, machine)
    await audit.record(
        ctx,
        "notification.sent",
        subject=(to.kind, to.id),
        details={"notice": notice.kind, "channel": channel, "cause": str(cause)},
    )
    if channel == "file":
        await asyncio.to_thread(write_to_folder, machine.outgoing, ctx.tenant.slug, number, letter)
    elif machine.server is not None:
        await hand_to_server(machine.server, letter)


def compose(
    ctx: Context, to: Recipient, notice: Notice, machine: MailSettings, number: str, *, path: str | None = None
) -> EmailMessage:
    """Returns the letter: the notice in the recipient's language, and the address to sign in at or to open."""
    settings = ctx.settings(ROOM, Settings)
    asked = {spoken: ctx.locales.locale(tag) for spoken, tag in spoken_tags(ctx, notice, to.language).items()}
    subject = " / ".join(dict.fromkeys(said_plainly(ctx.locales.locale(tag), notice.subject) for tag in asked))
    body = BETWEEN.join(
        _body(ctx.locales.locale(tag), notice, page_address(ctx, locale, machine, _path(ctx, path)))
        for tag, locale in asked.items()
    )
    sender = _address(settings.sender or machine.sender or _sender_without_server(settings, machine))
    letter = EmailMessage(policy=SMTP)
    letter["From"] = sender
    letter["To"] = _address(to.address)
    letter["Subject"] = subject
    letter["Date"] = ctx.now
    letter["Message-ID"] = f"<{number}@{sender.domain}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "All"
    letter.set_content(body, cte="quoted-printable")
    letter["Content-Language"] = ", ".join(asked)
    return letter


def spoken_tags(ctx: Context, notice: Notice, language: str | None) -> dict[str, str]:
    """Returns in which languages a notice is said to somebody, each once, and for which of the tenant's each stands."""
    found: dict[str, str] = {}
    for tag in (language,) if language in ctx.tenant.languages else ctx.tenant.languages:
        found.setdefault(_spoken_tag(ctx, tag, notice), tag)
    return found


def _spoken_tag(ctx: Context, tag: str, notice: Notice) -> str:
    """Returns the language in which a notice is really said to who reads `tag`: the first that has all of its texts."""
    texts = (notice.subject, *notice.body, *CLOSING)
    for language in ctx.locales.locale(tag).chain:
        said = ctx.locales.locale(language.tag)
        if {said.say(text).lang for text in texts} == {language.tag}:
            return language.tag
    return tag


def _path(ctx: Context, path: str | None) -> str:
    return ctx.plugins.addresses.get("sign_in", "") if path is None else path


def _body(locale: Locale, notice: Notice, address: str) -> str:
    sentences = [said_plainly(locale, sentence) for sentence in notice.body]
    closing = " ".join(said_plainly(locale, sentence) for sentence in CLOSING)
    return "\n\n".join([*sentences, address, closing]) + "\n"


def said_plainly(locale: Locale, sentence: object) -> str:
    """Returns a sentence in a language. Raises `NoticeTellsTooMuch` for a word that no message may hold."""
    said = str(locale.say(sentence))  # type: ignore[arg-type]
    if found := telling_words(said):
        raise NoticeTellsTooMuch(", ".join(found))
    return said


def page_address(ctx: Context, locale: Locale, machine: MailSettings, path: str) -> str:
    """Returns the public address of a page of this tenant in that language; `path` begins with a slash."""
    own = ctx.settings(ROOM, Settings).public_address.rstrip("/")
    base = own or f"{machine.public_url}/t/{ctx.tenant.slug}"
    short = next(short for short, tag in short_tags(ctx.tenant.languages).items() if tag == locale.tag)
    return f"{base}/{short}{path}"


def has_channel(ctx: Context) -> bool:
    """Has anybody said how messages leave here? By default they become files, which reach nobody by themselves."""
    return ctx.settings(ROOM, Settings).channel != "auto" or read_mail_settings().server is not None


def check_address(text: str) -> None:
    """Raises `AddressUnusable` for what no mail server takes. Whether the domain exists shows only on sending."""
    _address(text)


def _channel(settings: Settings, machine: MailSettings) -> str:
    if settings.channel == "auto":
        return "file" if machine.server is None else "smtp"
    if settings.channel == "smtp" and machine.server is None:
        raise ChannelMisconfigured("this tenant wants SMTP, but SPHERES_SMTP_URL is not set")
    return settings.channel


def _sender_without_server(settings: Settings, machine: MailSettings) -> str:
    if _channel(settings, machine) == "smtp":
        raise ChannelMisconfigured("SPHERES_SMTP_URL is set, but no sender: set SPHERES_MAIL_SENDER")
    return "no-reply@localhost"


def _address(text: str) -> Address:
    if not _ADDRESS.fullmatch(text) or len(text) > 254:
        raise AddressUnusable
    try:
        return Address(addr_spec=text)
    except (ValueError, IndexError):
        raise AddressUnusable from None

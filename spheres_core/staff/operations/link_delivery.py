"""How the link of an invitation or of a recovery reaches its person: by mail, or handed over by who made it."""

from spheres_core.facts import msg
from spheres_core.foundation.errors import Conflict
from spheres_core.foundation.tenancy.context import Context
from spheres_core.notifications.mail_settings import ChannelMisconfigured, read_mail_settings
from spheres_core.notifications.operations import messages as notifications


class MailMisconfigured(Conflict):
    """The deployment's mail settings cannot be used."""

    code = "mail_misconfigured"
    message = msg("Mail is not set up as it should be on this installation. Whoever runs it can see why.")


def leaves_by_mail(ctx: Context) -> bool:
    """Tells whether a link would leave by mail. True when mail is misconfigured: making one then says so."""
    try:
        return notifications.has_channel(ctx)
    except ChannelMisconfigured:
        return True


def is_handed_over(ctx: Context, asked: bool) -> bool:
    """Tells whether the link comes back to who makes it: on request, or where no mail goes out."""
    try:
        return asked or not notifications.has_channel(ctx)
    except ChannelMisconfigured:
        raise MailMisconfigured from None


def link(ctx: Context, language: str, path: str) -> str:
    """Returns the whole address of a page in one of the tenant's languages. Raises `MailMisconfigured`."""
    try:
        settings = read_mail_settings()
    except ChannelMisconfigured:
        raise MailMisconfigured from None
    return notifications.page_address(ctx, ctx.plugins.locale(language, ctx.tenant.languages), settings, path)

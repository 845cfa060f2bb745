"""Mail settings of the deployment, from the environment; read anew for each message.

    SPHERES_PUBLIC_URL           where the dispatcher is reached from outside, e.g. https://example.org
    SPHERES_MAIL_SENDER          the address messages come from
    SPHERES_SMTP_URL             smtps://user@host:465, or smtp://user@host:587 (STARTTLS, except on this machine)
    SPHERES_SMTP_PASSWORD_FILE   a file whose first line is the password; never in the address

Without SPHERES_SMTP_URL no network is used: messages become files under SPHERES_HOME/outgoing.
"""

import ipaddress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from spheres_core.foundation import deployment

_PORTS = {"smtp": 587, "smtps": 465}


class ChannelMisconfigured(Exception):
    """The deployment's mail settings cannot be used; the text says which and why, without any secret."""


class MailServer(Struct, frozen=True):
    """The mail server that takes our messages."""

    host: str
    port: int
    user: str | None
    password_file: Path | None
    encrypted_from_the_start: bool

    @property
    def on_this_machine(self) -> bool:
        """Tells whether the server runs on this machine: only then may mail be handed over unencrypted."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def password(self) -> str:
        """Returns the first line of the password file. Raises `ChannelMisconfigured`."""
        if self.password_file is None:
            raise ChannelMisconfigured("SPHERES_SMTP_URL names a user: set SPHERES_SMTP_PASSWORD_FILE")
        try:
            return self.password_file.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
        except (OSError, UnicodeDecodeError) as error:
            reason = f"SPHERES_SMTP_PASSWORD_FILE cannot be read: {type(error).__name__}"
            raise ChannelMisconfigured(reason) from None


class MailSettings(Struct, frozen=True):
    """How this deployment sends messages, and the address that their links lead to."""

    outgoing: Path
    public_url: str
    sender: str
    server: MailServer | None


def read_mail_settings() -> MailSettings:
    """Reads the settings from the environment. Raises `ChannelMisconfigured`."""
    address = deployment.smtp_url()
    return MailSettings(
        outgoing=deployment.home() / "outgoing",
        public_url=deployment.public_url(),
        sender=deployment.mail_sender(),
        server=_server(address, deployment.smtp_password_file()) if address else None,
    )


def _server(address: str, password_file: Path | None) -> MailServer:
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        raise ChannelMisconfigured("SPHERES_SMTP_URL: the port is not a number") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ChannelMisconfigured("SPHERES_SMTP_URL must look like smtps://user@host:465 or smtp://user@host:587")
    if parts.password is not None:
        raise ChannelMisconfigured("SPHERES_SMTP_URL holds a password: put it into SPHERES_SMTP_PASSWORD_FILE")
    return MailServer(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        user=unquote(parts.username) if parts.username else None,
        password_file=password_file,
        encrypted_from_the_start=parts.scheme == "smtps",
    )

"""Hands finished letters over in one of two ways. A channel has handed it over when it returns, or raises."""

import asyncio
import os
import re
import smtplib
import ssl
import tempfile
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Final

from spheres_core.foundation import deployment
from spheres_core.foundation.tenancy.context import Context
from spheres_core.notifications.mail_settings import MailServer

TIMEOUT = 8.0
"""Seconds for each answer of a mail server; below the deadline of the delivery it is part of."""
_NAME: Final = re.compile(r"[a-z0-9-]{1,64}\.[a-z]{1,8}")


def write_to_folder(outgoing: Path, tenant: str, name: str, letter: EmailMessage) -> Path:
    """Writes a message to `outgoing/<tenant>/<name>.eml`, whole or not at all, for its owner's eyes only.

    The same message again replaces its file.
    """
    return _write_whole((outgoing, outgoing / tenant), f"{name}.eml", letter.as_bytes(policy=SMTP))


def write_outgoing(ctx: Context, plugin: str, name: str, text: str) -> Path:
    """Writes what a plugin hands over to a file of the region, `outgoing/<tenant>/<plugin>/<name>` in the home folder.

    It is written whole or not at all, for its owner's eyes only; the same name again replaces it. `name`: letters,
    digits and dashes, and an ending.
    """
    if plugin not in ctx.plugins.plugins or not _NAME.fullmatch(name):
        raise ValueError(f"{plugin} has no file {name} to write")
    outgoing = deployment.home() / "outgoing"
    folders = (outgoing, outgoing / ctx.tenant.slug, outgoing / ctx.tenant.slug / plugin)
    return _write_whole(folders, name, text.encode())


def _write_whole(folders: Sequence[Path], name: str, content: bytes) -> Path:
    for each in folders:
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folders[-1] / name
    handle, draft = tempfile.mkstemp(dir=folders[-1], prefix=".", suffix=".new")
    try:
        with open(handle, "wb") as drafted:
            drafted.write(content)
            drafted.flush()
            os.fsync(drafted.fileno())
        Path(draft).replace(file)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return file


async def hand_to_server(server: MailServer, letter: EmailMessage) -> None:
    """Hands a letter to the mail server, in a thread. Encrypted and verified, except to this machine."""
    await asyncio.to_thread(_hand_over, server, letter)


def _hand_over(server: MailServer, letter: EmailMessage) -> None:
    # Our own name would be looked up and told to the server; the sender's domain is known to it anyway.
    name = str(letter["From"]).rpartition("@")[2]
    context = ssl.create_default_context()
    password = server.password() if server.user is not None else ""
    if server.encrypted_from_the_start:
        with smtplib.SMTP_SSL(server.host, server.port, name, timeout=TIMEOUT, context=context) as connection:
            _sign_in_and_send(connection, server, password, letter)
        return
    with smtplib.SMTP(server.host, server.port, name, timeout=TIMEOUT) as connection:
        if not server.on_this_machine:
            connection.starttls(context=context)
        _sign_in_and_send(connection, server, password, letter)


def _sign_in_and_send(connection: smtplib.SMTP, server: MailServer, password: str, letter: EmailMessage) -> None:
    if server.user is not None:
        connection.login(server.user, password)
    connection.send_message(letter)

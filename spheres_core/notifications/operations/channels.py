"""Hands finished letters over in one of two ways. A channel has handed it over when it returns, or raises."""

import asyncio
import os
import smtplib
import ssl
import tempfile
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from spheres_core.notifications.mail_settings import MailServer

TIMEOUT = 8.0
"""Seconds for each answer of a mail server; below the deadline of the delivery it is part of."""


def write_to_folder(outgoing: Path, tenant: str, name: str, letter: EmailMessage) -> Path:
    """Writes a message to `outgoing/<tenant>/<name>.eml`, whole or not at all, for its owner's eyes only.

    The same message again replaces its file.
    """
    folder = outgoing / tenant
    for each in (outgoing, folder):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=folder, prefix=".", suffix=".new")
    try:
        with open(handle, "wb") as file:
            file.write(letter.as_bytes(policy=SMTP))
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(folder / f"{name}.eml")
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return folder / f"{name}.eml"


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

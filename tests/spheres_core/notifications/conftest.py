"""A tenant that sends messages, and a mail server of the test's own on this machine."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.tenancy.context import Context
from spheres_core.notifications.notices import SOMETHING_WAITS
from spheres_core.notifications.operations import messages
from spheres_core.notifications.schemas import Recipient
from spheres_core.testing import World, definition

NOW = dt.datetime(2026, 11, 21, 15, 0, tzinfo=dt.UTC)


class Sender:
    """A tenant in its process, which sends."""

    def __init__(self, world: World, home: Path) -> None:
        self.home = home
        self.slug = "north"
        self.to = Recipient(uuid7(), "amelie.roy@exemple.ca", "fr-CA")
        self._world = world.renew(definition(self.slug), now=NOW)
        self.runtime = world.runtime
        self.do = world.run

    def settle(self, languages: tuple[str, ...] = ("fr-CA", "en-CA"), **settings: Any) -> None:
        """Write the tenant with these settings of the notifications room."""
        self._world.apply(definition(self.slug, languages=languages, settings={"notifications": settings}))

    def ctx(self) -> AbstractAsyncContextManager[Context]:
        """A context with a transaction of its own."""
        return self._world.context(self.slug)

    def send(self, notice: Any = SOMETHING_WAITS, *, to: Recipient | None = None, cause: UUID | None = None) -> None:
        """Send a notice in a transaction of its own."""

        async def sending() -> None:
            async with self.ctx() as ctx:
                await messages.send(ctx, to or self.to, notice, cause=cause or uuid7())

        self.do(sending())

    def files(self) -> list[Path]:
        """The messages that were written."""
        return sorted((self.home / "outgoing" / self.slug).glob("*.eml"))

    def letters(self) -> list[EmailMessage]:
        """The same, read."""
        return [read_letter(file.read_bytes()) for file in self.files()]

    def trail(self) -> list[tuple[Any, ...]]:
        """What the trail says of messages."""

        async def reading() -> list[tuple[Any, ...]]:
            async with self.ctx() as ctx:
                rows = await ctx.db.sql(
                    "SELECT subject_kind, subject_id, details FROM trail_entries WHERE verb = 'notification.sent'"
                )
            return [tuple(row) for row in rows]

        return self.do(reading())


def read_letter(raw: bytes) -> EmailMessage:
    """A message as a mail program reads it."""
    letter = BytesParser(policy=SMTP).parsebytes(raw)
    assert isinstance(letter, EmailMessage)
    return letter


@pytest.fixture
def sender(shared_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sender:
    """A tenant on a machine where nothing about mail is configured."""
    for name in ("SPHERES_SMTP_URL", "SPHERES_SMTP_PASSWORD_FILE", "SPHERES_MAIL_SENDER", "SPHERES_PUBLIC_URL", "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SPHERES_HOME", str(tmp_path / "home"))
    return Sender(shared_world, tmp_path / "home")


class MailServer(socketserver.ThreadingTCPServer):
    """Says what RFC 5321 asks for, keeps what it is given and how it was brought."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, certificate: Path, *, offers_tls: bool = True, tls_at_once: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.offers_tls = offers_tls
        self.tls_at_once = tls_at_once
        self.received: list[tuple[bool, bytes]] = []
        """(was it encrypted, message)"""
        self.said: list[bytes] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no event."""


class _Conversation(socketserver.BaseRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.encrypted = self.server.tls_at_once
        self._file = self.request.makefile("rb")
        if self.encrypted:
            self.request = self.server.context.wrap_socket(self.request, server_side=True)
        self._say("220 test")
        self._file.close()
        self._file = self.request.makefile("rb")
        while line := self._file.readline():
            self.server.said.append(line)
            word = line[:4].upper()
            if word == b"EHLO":
                self._greet()
            elif word == b"STAR":
                self._say("220 go")
                self._file.close()
                self.request = self.server.context.wrap_socket(self.request, server_side=True)
                self._file, self.encrypted = self.request.makefile("rb"), True
            elif word == b"AUTH":
                self._say("235 ok")
            elif word == b"DATA":
                self._take()
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def finish(self) -> None:
        """The socket may have been wrapped: the server knows only the bare one."""
        self._file.close()
        self.request.close()

    def _greet(self) -> None:
        starttls = "250-STARTTLS\r\n" if self.server.offers_tls and not self.encrypted else ""
        self.request.sendall(f"250-test\r\n{starttls}250 AUTH PLAIN\r\n".encode())

    def _take(self) -> None:
        self._say("354 go")
        lines = []
        while (line := self._file.readline()) != b".\r\n":
            lines.append(line)
        self.server.received.append((self.encrypted, b"".join(lines)))
        self._say("250 taken")

    def _say(self, line: str) -> None:
        self.request.sendall(f"{line}\r\n".encode())


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine's addresses that nobody vouches for, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.test")])
    today = dt.datetime.now(dt.UTC)
    addresses = [x509.IPAddress(ipaddress.ip_address(each)) for each in ("127.0.0.1", "0.0.0.0")]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(addresses), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("mail") / "certificate.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return file


@contextlib.contextmanager
def running(server: MailServer) -> Iterator[MailServer]:
    """A mail server for as long as a test needs it."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def mail_server(certificate: Path) -> Iterator[Any]:
    """`mail_server(offers_tls=…, tls_at_once=…)` starts one."""
    with contextlib.ExitStack() as stack:
        yield lambda **how: stack.enter_context(running(MailServer(certificate, **how)))

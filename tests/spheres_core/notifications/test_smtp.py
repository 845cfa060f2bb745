"""Mail is handed in encrypted, to a server that is who it says it is, or not at all."""

from __future__ import annotations

import base64
import smtplib
import socket
import ssl
from email.parser import BytesParser
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest

from spheres_core.notifications.mail_settings import ChannelMisconfigured, read_mail_settings
from spheres_core.notifications.operations import channels

ELSEWHERE = "0.0.0.0"
"""Reaches this machine, and is not one of its loopback addresses."""


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch, certificate: Path, tmp_path: Path) -> Any:
    """The deployment as its administrator would configure it; trusts the test's certificate unless told otherwise."""

    def configure(url: str, *, trusted: bool = True, password: str | None = None) -> None:
        monkeypatch.setenv("SPHERES_SMTP_URL", url)
        monkeypatch.setenv("SPHERES_MAIL_SENDER", "avis@exemple.ca")
        if trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        if password is not None:
            file = tmp_path / "password"
            file.write_text(f"{password}\n")
            monkeypatch.setenv("SPHERES_SMTP_PASSWORD_FILE", str(file))

    return configure


def test_over_smtps_with_a_password_from_a_file(sender: Any, mail_server: Any, configured: Any) -> None:
    server = mail_server(tls_at_once=True)
    configured(f"smtps://avis%40exemple.ca@{ELSEWHERE}:{server.port}", password="un mot de passe")
    sender.send()
    ((encrypted, raw),) = server.received
    assert encrypted
    letter = BytesParser(policy=SMTP).parsebytes(raw)
    assert (letter["From"], letter["To"]) == ("avis@exemple.ca", "amelie.roy@exemple.ca")
    assert letter["Message-ID"].endswith("@exemple.ca>")
    said = b"".join(server.said)
    assert b"ehlo exemple.ca\r\n" in said, "the machine's own name is nobody's business"
    assert base64.b64encode(b"\0avis@exemple.ca\0un mot de passe") in said
    assert sender.files() == []
    assert sender.trail()[0][2]["channel"] == "smtp"


def test_over_smtp_it_is_encrypted_before_anything_is_said(sender: Any, mail_server: Any, configured: Any) -> None:
    server = mail_server()
    configured(f"smtp://{ELSEWHERE}:{server.port}")
    sender.send()
    assert [encrypted for encrypted, _ in server.received] == [True]


def test_a_server_elsewhere_that_does_not_encrypt_gets_nothing(sender: Any, mail_server: Any, configured: Any) -> None:
    server = mail_server(offers_tls=False)
    configured(f"smtp://avis@{ELSEWHERE}:{server.port}", password="secret")
    with pytest.raises(smtplib.SMTPNotSupportedError):
        sender.send()
    assert server.received == []
    assert not any(line.startswith((b"AUTH", b"MAIL", b"RCPT")) for line in server.said)
    assert sender.trail() == []


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_server_that_nobody_vouches_for_gets_nothing(
    sender: Any, mail_server: Any, configured: Any, scheme: str
) -> None:
    server = mail_server(tls_at_once=scheme == "smtps")
    configured(f"{scheme}://{ELSEWHERE}:{server.port}", trusted=False)
    with pytest.raises(ssl.SSLCertVerificationError):
        sender.send()
    assert server.received == []


def test_a_relay_on_this_machine_may_be_spoken_to_in_the_clear(sender: Any, mail_server: Any, configured: Any) -> None:
    server = mail_server(offers_tls=False)
    configured(f"smtp://127.0.0.1:{server.port}")
    sender.send()
    assert [encrypted for encrypted, _ in server.received] == [False]


def test_nothing_leaves_before_somebody_has_said_who_sends(
    sender: Any, mail_server: Any, configured: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = mail_server(offers_tls=False)
    configured(f"smtp://127.0.0.1:{server.port}")
    monkeypatch.delenv("SPHERES_MAIL_SENDER")
    with pytest.raises(ChannelMisconfigured, match="SPHERES_MAIL_SENDER"):
        sender.send()
    assert server.received == []
    assert sender.trail() == []


def test_a_tenant_can_keep_to_files_where_there_is_a_server(sender: Any, mail_server: Any, configured: Any) -> None:
    server = mail_server()
    configured(f"smtp://{ELSEWHERE}:{server.port}")
    sender.settle(channel="file")
    sender.send()
    assert len(sender.files()) == 1
    assert server.received == []


def test_a_server_that_says_nothing_is_given_up_on(
    sender: Any, configured: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channels, "TIMEOUT", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        configured(f"smtp://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(smtplib.SMTPServerDisconnected):
            sender.send()
    assert sender.trail() == []


@pytest.mark.parametrize(("url", "says"), [
    ("smtp://avis:secret@mail.exemple.ca", "SPHERES_SMTP_PASSWORD_FILE"),
    ("https://mail.exemple.ca", "must look like"),
    ("mail.exemple.ca:25", "must look like"),
    ("smtp://", "must look like"),
    ("smtp://mail.exemple.ca:mail", "not a number"),
])  # fmt: skip
def test_an_address_that_cannot_be_used_is_refused_without_repeating_it(
    monkeypatch: pytest.MonkeyPatch, url: str, says: str
) -> None:
    monkeypatch.setenv("SPHERES_SMTP_URL", url)

    with pytest.raises(ChannelMisconfigured, match=says) as refused:
        read_mail_settings()
    assert "secret" not in str(refused.value)
    assert "exemple" not in str(refused.value)


def test_a_user_without_a_password_file_is_refused(sender: Any, mail_server: Any, configured: Any) -> None:
    server = mail_server()
    configured(f"smtp://avis@{ELSEWHERE}:{server.port}")
    with pytest.raises(ChannelMisconfigured, match="SPHERES_SMTP_PASSWORD_FILE"):
        sender.send()
    assert server.received == []

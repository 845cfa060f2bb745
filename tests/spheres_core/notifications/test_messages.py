"""What a message says, to whom it can go, and what is known of it afterwards."""

from __future__ import annotations

import ast
import smtplib
import stat
from pathlib import Path
from typing import Any

import pytest

from spheres_core.facts import msg
from spheres_core.foundation.database.schema import uuid7
from spheres_core.notifications.mail_settings import ChannelMisconfigured
from spheres_core.notifications.notices import CLOSING, NOTICES, SOMETHING_WAITS, telling_words
from spheres_core.notifications.operations.messages import AddressUnusable, NoticeTellsTooMuch
from spheres_core.notifications.schemas import Notice, Recipient, Settings
from tests import syntax

ROOT = Path(__file__).parents[3]


def test_by_default_a_message_is_a_file_for_its_owners_eyes_only_and_no_network_is_used(
    sender: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(smtplib, "SMTP", refuse)
    monkeypatch.setattr(smtplib, "SMTP_SSL", refuse)
    sender.send()
    (file,) = sender.files()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.parent.parent.stat().st_mode) == 0o700
    assert [each.name for each in file.parent.iterdir()] == [file.name], "no draft is left behind"


def test_a_message_says_only_that_something_waits_and_where_to_sign_in(sender: Any) -> None:
    sender.send(to=Recipient(uuid7(), "sam@exemple.ca", "en-CA"))
    (letter,) = sender.letters()
    lines = [line for line in letter.get_content().splitlines() if line]
    assert letter["Subject"] == "Something new is waiting for you"
    assert lines == [
        "Something new is waiting for you. Please sign in to see it.",
        f"http://127.0.0.1:8000/t/{sender.slug}/en/sign-in",
        "This message says no more on purpose: mail can be seen by others."
        " It was sent automatically; please do not reply.",
    ]
    assert letter["To"] == "sam@exemple.ca"
    assert letter["Content-Language"] == "en-CA"
    assert letter["Auto-Submitted"] == "auto-generated"


def test_who_has_no_language_reads_it_in_each_of_the_tenants(sender: Any) -> None:
    sender.send(to=Recipient(uuid7(), "sam@exemple.ca"))
    (letter,) = sender.letters()
    body = letter.get_content()
    assert f"/t/{sender.slug}/fr/sign-in" in body
    assert f"/t/{sender.slug}/en/sign-in" in body
    assert letter["Content-Language"] == "fr-CA, en-CA"
    assert "-- " not in body.splitlines(), "what follows would be folded away as a signature"
    for text in ("Du nouveau vous attend. ", "Something new is waiting for you. "):
        assert body.count(text) == 1


def test_what_is_not_translated_is_said_once_and_named_by_its_true_language(sender: Any) -> None:
    sender.settle(languages=("es", "fr-CA", "en-CA"))
    sender.send(to=Recipient(uuid7(), "sam@exemple.ca"))
    sender.send(to=Recipient(uuid7(), "luz@exemple.ca", "es"))
    to_all, to_luz = sorted(sender.letters(), key=lambda letter: str(letter["To"]), reverse=True)

    assert to_all["Content-Language"].count("CA") == 2
    assert "es" not in to_all["Content-Language"]
    for text in ("Du nouveau vous attend. ", "Something new is waiting for you. "):
        assert to_all.get_content().count(text) == 1
    assert to_luz["Content-Language"] in ("fr-CA", "en-CA")
    assert f"/t/{sender.slug}/es/sign-in" in to_luz.get_content(), "the page is still hers"


def test_the_address_to_sign_in_is_the_deployments_or_the_tenants_own(
    sender: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPHERES_PUBLIC_URL", "https://maison.exemple.ca/")
    sender.send()
    assert f"https://maison.exemple.ca/t/{sender.slug}/fr/sign-in\r\n" in sender.letters()[0].get_content()
    sender.files()[0].unlink()
    sender.settle(public_address="https://nord.exemple.ca", sender="avis@nord.exemple.ca")
    sender.send()
    (letter,) = sender.letters()
    assert "https://nord.exemple.ca/fr/sign-in\r\n" in letter.get_content()
    assert letter["From"] == "avis@nord.exemple.ca"


def test_the_same_message_again_is_the_same_message(sender: Any) -> None:
    cause, other = uuid7(), uuid7()
    sender.send(cause=cause)
    first = sender.files()[0].read_bytes()
    sender.send(cause=cause)
    assert [file.read_bytes() for file in sender.files()] == [first]
    sender.send(cause=other)
    sender.send(cause=cause, to=Recipient(uuid7(), "sam@exemple.ca", "fr-CA"))
    numbers = {letter["Message-ID"] for letter in sender.letters()}
    assert len(numbers) == 3
    assert not any(id.hex[:12] in number or str(id) in number for id in (cause, other) for number in numbers)


def test_the_trail_knows_of_a_message_by_ids_only(sender: Any) -> None:
    cause = uuid7()
    sender.send(cause=cause)
    assert sender.trail() == [
        ("staff", sender.to.id, {"notice": "something_waits", "channel": "file", "cause": str(cause)})
    ]


def test_a_message_that_could_not_leave_is_not_in_the_trail(sender: Any) -> None:
    sender.home.mkdir()
    (sender.home / "outgoing").write_text("in the way")
    with pytest.raises(FileExistsError):
        sender.send()
    assert sender.trail() == []


@pytest.mark.parametrize("address", [
    "", "nobody", "a@b\nBcc: c@d.ca", "a b@exemple.ca", "Amélie <a@exemple.ca>", "a@exemple.ca, b@exemple.ca",
    "é@exemple.ca", "a@-exemple.ca", ".a@exemple.ca", "a..b@exemple.ca", "x" * 65 + "@exemple.ca",
    "a@" + "x" * 250 + ".ca", "a@exemple.ca\r\n",
])  # fmt: skip
def test_an_address_that_is_more_than_one_plain_address_is_refused(sender: Any, address: str) -> None:
    with pytest.raises(AddressUnusable):
        sender.send(to=Recipient(uuid7(), address, "fr-CA"))
    assert sender.files() == []


def test_a_sentence_with_a_placeholder_is_no_notice() -> None:
    for sentence in (msg("{name} is waiting", name="Amélie"), msg("{name} is waiting"), msg("Waiting", name="Amélie")):
        with pytest.raises(ValueError, match="placeholders"):
            Notice("x", subject=sentence, body=())
        with pytest.raises(ValueError, match="placeholders"):
            Notice("x", subject=msg("Waiting"), body=(sentence,))


def test_words_that_tell_what_it_is_about_cannot_leave_whoever_wrote_them(sender: Any) -> None:
    for text in (
        "A young person was referred",
        "Une jeune est en danger",
        "SPHÈRES",
        "See https://exemple.ca/?token=1",
    ):
        with pytest.raises(NoticeTellsTooMuch):
            sender.send(Notice("x", subject=msg("Something new"), body=(msg(text),)))
    assert sender.files() == []


def test_no_notice_of_the_core_tells_anything_in_either_language(sender: Any) -> None:
    async def said() -> list[Any]:
        async with sender.ctx() as ctx:
            locales = [ctx.plugins.locale(tag, ctx.tenant.languages) for tag in ("fr-CA", "en-CA")]
        sentences = [each for notice in NOTICES for each in (notice.subject, *notice.body)] + list(CLOSING)
        return [locale.say(each) for locale in locales for each in sentences]

    texts = sender.do(said())
    assert len(texts) >= 8
    assert [text for text in texts if telling_words(text)] == []
    if (ROOT / "locales").is_dir():
        assert {text.lang for text in texts} == {"fr-CA", "en-CA"}


def test_the_list_of_words_finds_what_it_is_there_for() -> None:
    """The control: sentences that a well-meaning author could write."""
    for text in (
        "Nouvelle référence reçue", "A new referral was received", "Exploitation sexuelle", "sexual exploitation",
        "SPHÈRES", "Équipe Sphères", "Un dossier vous attend", "Une adolescente", "a victim", "traite de personnes",
        "Signalement DPJ", "The Clinical Committee meets", "Comité clinique", "https://exemple.ca",
        "A client needs you", "Situation urgente",
    ):  # fmt: skip
        assert telling_words(text), text


def test_only_the_notifications_room_writes_notices_and_only_its_channels_speak_smtp() -> None:
    """Every text that leaves is in the file that the test above reads."""
    makers, speakers = set(), set()
    for file in [*(ROOT / "spheres_core").rglob("*.py"), *(ROOT / "plugins").rglob("*.py")]:
        place = file.relative_to(ROOT).as_posix()
        for node in syntax.nodes(file.read_text(encoding="utf-8"), ["Notice", "smtplib"]):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Notice":
                makers.add(place)
            if isinstance(node, ast.Import) and any(alias.name == "smtplib" for alias in node.names):
                speakers.add(place)
    assert makers == {"spheres_core/notifications/notices.py"}
    assert speakers == {"spheres_core/notifications/operations/channels.py"}


def test_a_tenants_file_cannot_name_a_mail_server_or_a_secret() -> None:
    assert set(Settings.__struct_fields__) == {"channel", "sender", "public_address", "daily_hour", "text_gateway"}


def test_a_tenant_that_wants_smtp_where_there_is_none_is_told_so(sender: Any) -> None:
    sender.settle(channel="smtp")
    with pytest.raises(ChannelMisconfigured, match="SPHERES_SMTP_URL"):
        sender.send()
    assert sender.trail() == []


def test_every_notice_of_the_core_is_in_the_list_that_is_read() -> None:
    assert SOMETHING_WAITS in NOTICES

"""What her safe contact does not say is not done: random records, moments, texts and languages against a second reading
of the promise, and the same with one check of the rule taken away."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any, Final

import pytest
from msgspec import structs

from spheres_core.foundation.languages import localization
from spheres_core.participants import contact_texts, safe_contact
from spheres_core.participants.safe_contact import may_contact, outcomes, reply_of
from spheres_core.participants.schemas.safe_contact import (
    CHANNELS,
    WEEKDAYS,
    ChannelContact,
    ContactAllowed,
    ContactAsked,
    ContactRefused,
    SafeContact,
    SafeHours,
    Texts,
)
from spheres_core.testing import World, definition

DRAWN: Final = 10_000
CONTROLS: Final = 3_000
DAYS: Final = 90
NOON: Final = dt.datetime(2028, 2, 29, 12, 0)
TEXTS: Final[Texts] = {
    code: {"fr-CA": "Salut", "en-CA": "Hi"} if code != "as_agreed" else {"fr-CA": "Salut"}
    for code in contact_texts.TEXTS
}


def draw(chance: random.Random) -> tuple[SafeContact | None, ContactAsked]:
    """Returns a record and a contact that somebody would make, mostly near what is allowed."""

    def often(likely: Any, *others: Any) -> Any:
        return likely if chance.random() < 0.75 else chance.choice((likely, *others))

    channel = chance.choice(tuple(CHANNELS))
    today = NOON.date()
    contact = ChannelContact(
        channel=often(channel, *CHANNELS),
        value=often("514-555-0101", "", "  "),
        answers=chance.choice(("only_her", "somebody_safe", "anybody")),
        message_with_others=chance.random() < 0.5,
        hours=often((SafeHours(WEEKDAYS, "09:00", "17:00"),), (), (SafeHours(("TU",), "12:00", "12:01"),),
                    (SafeHours(("MO", "WE"), "00:00", "24:00"),)),
        voicemail=chance.random() < 0.5,
        code_word=often("tournesol", "", " "),
        duress_word=chance.choice(("", "pluie")),
        she_contacts_us=often(False, True),
        confirmed_on=often(today, None, *(today - dt.timedelta(days=n) for n in (DAYS, DAYS + 1, -1))),
        unsafe_since=often(None, today),
    )  # fmt: skip
    at = NOON + dt.timedelta(seconds=often(0, -1, 59, 60, -3 * 3600 - 1, 5 * 3600 - 1, 5 * 3600), days=often(0, 1, -1))
    text = chance.choice(("", *TEXTS, "something_else"))
    language = often("fr-CA", "en-CA", "iu", "")
    asked = ContactAsked(channel, at, text, language, chance.choice(("none", "right", "wrong", "duress")))
    return often(SafeContact((contact,), "fr-CA"), None, SafeContact()), asked


def is_unsafe(record: SafeContact | None, asked: ContactAsked) -> bool:
    """Tells whether making this contact would break a promise, as the promises are written and not as the rule is."""
    said = [each for each in (record.channels if record else ()) if each.channel == asked.channel]
    if not said or not said[0].value.strip() or said[0].she_contacts_us or said[0].unsafe_since:
        return True
    her = said[0]
    age = (asked.at.date() - her.confirmed_on).days if her.confirmed_on else -1
    minute = asked.at.hour * 60 + asked.at.minute
    safe_now = [
        hours for hours in her.hours
        if ["MO", "TU", "WE", "TH", "FR", "SA", "SU"][asked.at.weekday()] in hours.days
        and _minutes(hours.opens) <= minute < _minutes(hours.closes)
    ]  # fmt: skip
    if not 0 <= age <= DAYS or not safe_now:
        return True
    if asked.channel == "in_person":
        return asked.text != ""
    if asked.channel == "phone":
        spoken = asked.text in ("", "spoken_short") and (not asked.text or asked.language in TEXTS["spoken_short"])
        return not spoken or (asked.text != "" and not her.voicemail)
    if asked.text not in TEXTS or asked.text == "spoken_short" or asked.language not in TEXTS[asked.text]:
        return True
    return asked.text not in ("good_time", "another_time") and not (her.code_word.strip() and asked.reply == "right")


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)


def excluded(record: SafeContact | None, asked: ContactAsked, decided: ContactAllowed | ContactRefused) -> set[str]:
    """Returns the outcomes that are offered although she excluded them, or although nothing may go out."""
    her = next((each for each in (record.channels if record else ()) if each.channel == asked.channel), None)
    offered = set(decided.outcomes)
    if not isinstance(decided, ContactAllowed) or her is None or her.she_contacts_us:
        return offered - {"she_reached_us"}
    wrong = set() if asked.channel == "phone" and her.voicemail else {"voicemail_left"}
    if her.answers == "only_her" or not her.message_with_others or asked.channel in ("text", "email", "social"):
        wrong.add("message_left")
    return offered & wrong


def unsafe_sends(drawn: int) -> tuple[int, int, int]:
    """Returns how many contacts the rule allows, how many of these are unsafe, how many excluded outcomes it offers."""
    chance = random.Random(20261121)
    allowed = unsafe = offered = 0
    for _ in range(drawn):
        record, asked = draw(chance)
        decided = may_contact(record, asked, confirmed_for=dt.timedelta(days=DAYS), texts=TEXTS)
        allowed += isinstance(decided, ContactAllowed)
        unsafe += isinstance(decided, ContactAllowed) and is_unsafe(record, asked)
        offered += len(excluded(record, asked, decided))
    return allowed, unsafe, offered


def test_of_ten_thousand_contacts_none_that_is_allowed_is_unsafe() -> None:
    allowed, unsafe, offered = unsafe_sends(DRAWN)

    assert allowed > 300
    assert (unsafe, offered) == (0, 0)


def test_what_is_safe_is_allowed() -> None:
    chance = random.Random(11)
    refused = 0
    for _ in range(DRAWN):
        record, asked = draw(chance)
        decided = may_contact(record, asked, confirmed_for=dt.timedelta(days=DAYS), texts=TEXTS)
        refused += isinstance(decided, ContactRefused) and not is_unsafe(record, asked)
    assert refused == 0


def _without(*dropped: str) -> Any:
    original = safe_contact._reasons_against

    def reasons(*given: Any) -> Iterator[str]:
        yield from (each for each in original(*given) if each not in dropped)

    return reasons


@pytest.mark.parametrize("dropped", sorted(set(safe_contact.REASONS) - {"no_record"}))
def test_without_one_of_its_checks_the_rule_would_send_what_is_unsafe(
    dropped: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safe_contact, "_reasons_against", _without(dropped))

    assert unsafe_sends(CONTROLS)[1] > 0


def test_an_outcome_that_she_excluded_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    every = ("reached", "no_answer", "voicemail_left", "message_left", "she_reached_us")
    monkeypatch.setattr(safe_contact, "outcomes", lambda _: every)

    assert unsafe_sends(CONTROLS)[2] > 0


def test_she_who_comes_by_herself_is_not_contacted_and_only_her_coming_is_noted() -> None:
    contact = ChannelContact("phone", "514-555-0101", she_contacts_us=True, voicemail=True)

    assert outcomes(contact) == ("she_reached_us",)


@pytest.mark.parametrize(
    ("said", "reply"),
    [("TOURNESOL ", "right"), ("pluie", "duress"), ("c’est qui?", "wrong"), ("", "none"), ("tournesols", "wrong")],
)
def test_only_her_word_opens_the_conversation(said: str, reply: str) -> None:
    contact = ChannelContact("text", "514-555-0101", code_word="Tournesol", duress_word="Pluie")

    assert reply_of(contact, said) == reply
    assert reply_of(structs.replace(contact, code_word="", duress_word=""), said) != "right"


# ---- the texts ------------------------------------------------------------------------------------------------------


def test_every_text_is_there_in_each_language_and_tells_whoever_reads_along_nothing(shared_world: World) -> None:
    world = shared_world.renew(definition("north", "quebec"))
    locales = [world.loaded("north").locales.locale(tag) for tag in ("fr-CA", "en-CA")]

    found = contact_texts.proofread_texts(locales)

    assert set(found) == set(contact_texts.TEXTS)
    assert {frozenset(texts) for texts in found.values()} == {frozenset({"fr-CA", "en-CA"})}
    assert len({text for texts in found.values() for text in texts.values()}) == 2 * len(contact_texts.TEXTS)
    assert all(len(text) <= 80 for texts in found.values() for text in texts.values())


@pytest.mark.parametrize(
    "text",
    ["SPHÈRES te dit bonjour", "Ton intervenante ici", "Your worker here", "Rendez-vous à 15 h", "Write to a@b.org",
     "See https://example.org", "Hi {name}", "Appelle le 5145550101", "Le foyer t’attend", "Come to the center"],
)  # fmt: skip
def test_a_text_that_tells_something_is_found_by_the_list(text: str) -> None:
    assert contact_texts.revealing_parts(text) != []


def test_a_text_that_a_region_words_so_that_it_tells_something_is_not_sent(shared_world: World) -> None:
    world = shared_world.renew(definition("north", "quebec"))
    locale: localization.Locale = world.loaded("north").locales.locale("en-CA")
    telling = locale.with_terms({("en-CA", "See you as we said."): "See you at the shelter."})

    assert "en-CA" not in contact_texts.proofread_texts([telling])["as_agreed"]
    assert "en-CA" in contact_texts.proofread_texts([locale])["as_agreed"]

"""Who she is, and how she can safely be reached."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from spheres_core.cli.demo_data import words
from spheres_core.cli.demo_data.acts import Act, DemoFile, opened
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.operations import identity, safe_contact
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.schemas.identity import Identity
from spheres_core.participants.schemas.safe_contact import ChannelContact, SafeContact, SafeHours, ThirdParty

AFTERNOONS: Final = SafeHours(("MO", "TU", "WE", "TH", "FR"), "13:00", "18:00")
MORNINGS: Final = SafeHours(("TU", "TH", "SA"), "09:00", "12:00")
STALE: Final = 6
"""Every so many-th person last confirmed her channels long ago."""
CONTACTS_US: Final = (13, 26, 55)
"""Numbers of those who come back by themselves."""
UNSAFE: Final = 16
"""The number of the person whose telephone somebody else answered."""
DAY: Final = dt.timedelta(days=1)


def part(file: DemoFile) -> Iterator[Act]:
    """Yields what is written of her identity and her safe contact, and when she confirmed it again."""
    person = file.person
    if person.course in ("proposed", "not_started"):
        return
    first = person.begun + 2 * DAY
    yield Act(first, file.pivot(first), _write_identity)
    yield Act(first + dt.timedelta(hours=1), file.pivot(first), _write_safe_contact)
    last = person.ended - dt.timedelta(days=3 + person.number % 30)
    if last > first + 30 * DAY and person.number % STALE:
        yield Act(last, file.pivot(last), _confirm)


async def _write_identity(ctx: Context, file: DemoFile) -> None:
    person, access = file.person, await opened(ctx, file)
    if not all(reaches(ctx, access, "identity", act=act) for act in ("read", "write")):
        return
    hers = Identity(person.legal_name, person.name, person.pronouns, person.born, (file.region.language,))
    reason = file.say(words.IDENTITY_REASON, 0)
    await identity.write_identity(ctx, access, hers, version=0, reason=reason)


async def _write_safe_contact(ctx: Context, file: DemoFile) -> None:
    access = await opened(ctx, file)
    if reaches(ctx, access, "safe_contact", act="write"):
        await safe_contact.write_safe_contact(ctx, access, _hers(ctx, file), version=0)


def _hers(ctx: Context, file: DemoFile) -> SafeContact:
    person = file.person
    hours = (AFTERNOONS,) if person.number % 3 else (MORNINGS, AFTERNOONS)
    comes_back = person.number in CONTACTS_US
    phone = ChannelContact(
        "phone", person.phone, answers="somebody_safe" if person.number % 4 == 0 else "only_her", hours=hours,
        voicemail=person.number % 5 == 0, she_contacts_us=comes_back,
        next_moment=file.region.now + 3 * DAY if comes_back else None, confirmed_on=ctx.today,
    )  # fmt: skip
    text = ChannelContact(
        "text", person.phone, hours=hours, code_word="mésange", duress_word="parapluie", confirmed_on=ctx.today
    )
    place = ChannelContact("in_person", file.say(words.WHERE, 0), hours=(AFTERNOONS,), confirmed_on=ctx.today)
    around = (ThirdParty("friend", file.say(words.INSTRUCTION, 0)),) if person.number % 4 == 0 else ()
    channels = (phone,) if comes_back else (phone, text, place) if person.number % 2 else (phone, place)
    return SafeContact(channels, ctx.tenant.languages[0], around)


async def _confirm(ctx: Context, file: DemoFile) -> None:
    access = await opened(ctx, file)
    if reaches(ctx, access, "safe_contact", act="write"):
        await safe_contact.confirm(ctx, access, "phone", safe=file.person.number != UNSAFE, version=1)

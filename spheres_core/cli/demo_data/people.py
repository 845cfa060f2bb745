"""The demo's fictional young people: whoever they are, they are nobody. The same for the same region, at any start."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Final, Literal

from msgspec import Struct, structs

Course = Literal["followed", "paused", "closing", "closed", "returned", "proposed", "not_started", "transferred"]
MANY: Final = 60
"""Of one region, unless fewer are asked for."""
DAY: Final = dt.timedelta(days=1)
YEARS: Final = dt.timedelta(days=3 * 365)
FIRST_NUMBER: Final = 120
"""Telephone numbers go on from 514-555-0120; those before are the demo's referrals'. Numbers 555-01xx are nobody's."""
TO_START: Final = dt.timedelta(days=8)
"""From the referral until the participation."""
PRONOUNS: Final = {"fr": ("elle", "elle", "elle", "iel", "il"), "en": ("she/her", "she/her", "she/her", "they", "he")}
_FRENCH = (
    "Luciole Mésange Boréale Clairière Pivoine Cannelle Bruyère Galaxie Myrtille Libellule Avoine Brindille "
    "Cascade Dentelle Écume Farandole Girouette Hirondelle Igloo Jonquille Kayak Lavande Mélodie Nacre Origan "
    "Papyrus Quenouille Ritournelle Sarcelle Tournesol Univers Vanille Wagon Xylophone Yole Zéphyr Aquarelle "
    "Ballerine Capucine-des-prés Dragée Étincelle Fougère Guimauve Horizon Ivoire Joyau Kiosque Lanterne Mosaïque "
    "Nuage Ombrelle Pastille Quartz Rosée Sonate Trèfle Utopie Verveine Wapiti Zibeline"
)
_ENGLISH = (
    "Firefly Chickadee Northwind Clearing Peony Cinnamon Heather Galaxy Blueberry Dragonfly Oatmeal Twig Cascade "
    "Lacework Seafoam Carousel Weathervane Swallow Igloo Daffodil Kayak Lavender Melody Nacre Oregano Papyrus "
    "Cattail Chorus Teal Sunflower Universe Vanilla Wagon Xylophone Yawl Zephyr Watercolour Ballerina Nasturtium "
    "Sugarplum Sparkle Fern Marshmallow Horizon Ivory Jewel Kiosk Lantern Mosaic Cloud Parasol Peppermint Quartz "
    "Dewdrop Sonata Clover Utopia Verbena Wapiti Snowflake"
)
NAMES: Final = {"fr": _FRENCH.split(), "en": _ENGLISH.split()}
"""Given names that are plainly invented, each once."""
SURNAME: Final = {"fr": "Exemple", "en": "Example"}
UNLIKE_MOST: Final[dict[Course, tuple[int, ...]]] = {
    "closed": (2, 6, 9, 14, 19, 25, 28, 41),
    "returned": (4, 15, 17),
    "paused": (22, 31, 35, 38, 47),
    "closing": (34, 50),
    "not_started": (11, 44),
    "proposed": (58, 59),
    "transferred": (0,),
}
"""Numbers of those who are not simply followed; the higher the number, the later she came."""
BIRTHDAYS: Final = {7: (18, 20), 16: (18, -3), 27: (18, 150), 36: (25, 60), 49: (14, 45), 55: (18, 6)}
"""By number, a birthday to prepare or to decide on: how old she becomes, and in how many days."""


class Person(Struct, frozen=True):
    """Somebody who takes part in the demo, and how it went."""

    number: int
    name: str
    legal_name: str
    pronouns: str
    born: dt.date
    phone: str
    referred: dt.datetime
    course: Course
    ended: dt.datetime
    """When she left, paused, or should have begun; the present for who is followed."""
    first_pivot: bool
    """Whether it is the first of the two pivot workers who followed her at the beginning."""
    handed_over: dt.datetime | None
    """When the other one took over."""

    @property
    def begun(self) -> dt.datetime:
        """Returns when her participation began."""
        return self.referred + TO_START

    def age_on(self, day: dt.date) -> int:
        """Returns her completed years on a day."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))

    def rng(self, part: str) -> random.Random:
        """Returns chance for one part of her file, the same at any start."""
        return random.Random(f"{self.number} {part}")  # noqa: S311


def people(now: dt.datetime, language: str, *, many: int = MANY) -> Iterator[Person]:
    """Yields the young people of a region, in the order in which they were referred over three years.

    `language`: fr or en. `many`: every so many-th of the sixty, so that a few show what sixty do.
    """
    for at in range(many):
        yield _person(at * MANY // many, now.replace(hour=14, minute=0, second=0, microsecond=0), language)


def staying(person: Person, now: dt.datetime) -> Person:
    """Returns her as she is in a region from which nobody goes on in another: still followed there."""
    return structs.replace(person, course="followed", ended=now) if person.course == "transferred" else person


def _person(number: int, now: dt.datetime, language: str) -> Person:
    rng = random.Random(f"{language} {number}")  # noqa: S311
    step = (YEARS - dt.timedelta(days=30)) // MANY // DAY * DAY
    days, hours = divmod(rng.randrange(72), 24)
    referred = now - YEARS + number * step + dt.timedelta(days=days, hours=hours % 6)
    course: Course = next((name for name, numbers in UNLIKE_MOST.items() if number in numbers), "followed")
    if course == "proposed":
        referred = now - TO_START - dt.timedelta(days=2 + MANY - number)
    name = NAMES[language][number]
    return Person(
        number=number,
        name=name,
        legal_name=f"{name} {SURNAME[language]}",
        pronouns=rng.choice(PRONOUNS[language]),
        born=_born(number, rng, referred.date(), now.date()),
        phone=f"514-555-0{FIRST_NUMBER + number}",
        referred=referred,
        course=course,
        ended=_ended(course, rng, referred, now),
        first_pivot=number % 2 == 0,
        handed_over=referred + (now - referred) / 2 if course == "followed" and number % 13 == 5 else None,
    )


def _born(number: int, rng: random.Random, referred: dt.date, today: dt.date) -> dt.date:
    """Returns a day of birth with which she was from 12 to 24 when she was referred, around 17 for most."""
    if number in BIRTHDAYS:
        age, days = BIRTHDAYS[number]
        day = today + dt.timedelta(days=days)
        return dt.date(day.year - age, day.month, min(day.day, 28))
    if number in UNLIKE_MOST["transferred"]:
        return referred - dt.timedelta(days=round(19.5 * 365.25))
    age = min(24, max(12, round(rng.gauss(17, 2.6))))
    return referred - dt.timedelta(days=round(age * 365.25) + rng.randrange(20, 340))


def _ended(course: Course, rng: random.Random, referred: dt.datetime, now: dt.datetime) -> dt.datetime:
    if course == "closing":
        return now - dt.timedelta(days=6)
    if course == "transferred":
        return now - dt.timedelta(days=365)
    if course == "paused":
        return now - dt.timedelta(days=rng.randrange(15, 40))
    if course in ("closed", "returned"):
        return referred + (now - referred) * rng.uniform(0.4, 0.7)
    return now

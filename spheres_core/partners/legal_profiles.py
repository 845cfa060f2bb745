"""Reads `legal.toml`: what the law of a jurisdiction says about ages, consent and reporting, with
how well each is known.

It informs people. Nothing decides by it alone, and nothing is ever sent by it.
"""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct, field

from spheres_core.facts import Words, msg
from spheres_core.foundation.content.struct_reader import Source, check_unique, only_one
from spheres_core.partners.contact_values import contact_problem
from spheres_core.partners.directory_file import check_hours
from spheres_core.partners.schemas.directory import Audience, Hours, Status

TOPIC = "legal"
PATTERN = "legal.toml"

ConsentKind = Literal["taking_part", "information", "care", "research", "publication"]
Giver = Literal[
    "herself",
    "herself_and_parent_or_tutor",
    "parent_or_tutor",
    "parent_or_tutor_or_documented_benefit",
    "not_offered",
    "ethics_board_decides",
    "not_known",
]


class AgeOfChange(Struct, frozen=True, forbid_unknown_fields=True):
    """An age from which something is different; an event, never a change of status."""

    age: int
    what: Words
    status: Status
    source: str = ""


class LeapDay(Struct, frozen=True, forbid_unknown_fields=True):
    """When someone born on 29 February has her birthday in other years: `MM-DD`."""

    birthday: Literal["02-28", "03-01"]
    status: Status


class ConsentRule(Struct, frozen=True, forbid_unknown_fields=True):
    """Who gives one kind of consent at some ages (completed years, both included), under one regime
    or any."""

    kind: ConsentKind
    ages: tuple[int, int]
    giver: Giver
    note: Words
    status: Status
    regime: str = ""
    source: str = ""


class Reporting(Struct, frozen=True, forbid_unknown_fields=True):
    """The duty to report to youth protection. It is a person's; the only value for the software is
    `never`."""

    sent_by_software: Literal["never"]
    concerns_under_age: int
    duty: Words
    status: Status
    source: str = ""


class YouthProtectionLine(Struct, frozen=True, forbid_unknown_fields=True):
    """Where to report, for one area and language."""

    key: str
    area: str
    language: str
    name: Words
    purpose: Words
    phone: str
    verified_on: dt.date
    status: Status
    hours: tuple[Hours, ...] = ()
    source: str = ""


class ProvinceWideLine(Struct, frozen=True, forbid_unknown_fields=True):
    """A line that answers in every place of the jurisdiction, shown where a region's own are not confirmed."""

    key: str
    name: Words
    purpose: Words
    audience: Audience = field(name="for")
    phone: str
    languages: tuple[str, ...]
    verified_on: dt.date
    status: Status
    hours: tuple[Hours, ...] = ()
    source: str = ""


class LegalProfile(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole `legal.toml`."""

    format: Literal[1]
    jurisdiction: str
    name: Words
    reporting: Reporting
    ages: tuple[AgeOfChange, ...] = ()
    consents: tuple[ConsentRule, ...] = ()
    leap_day: LeapDay | None = None
    youth_protection_lines: tuple[YouthProtectionLine, ...] = field(default=())
    province_wide_lines: tuple[ProvinceWideLine, ...] = field(default=())


def read_legal(paths: Sequence[Path], plugin_id: str) -> LegalProfile:
    """Returns the legal profile of a plugin. Raises `ContentInvalid` with every finding of the file."""
    source = Source(only_one(paths))
    profile = source.read(LegalProfile)
    rules = source.entries("consents", ConsentRule)
    for i, (place, rule) in enumerate(rules):
        if rule.ages[0] > rule.ages[1]:
            source.find(f"{place}.ages", msg("The first age is the lower one."))
        for _, other in rules[:i]:
            if _overlap(rule, other):
                source.find(place, msg("Two rules say who gives this consent at the same age."))
    lines = source.entries("youth_protection_lines", YouthProtectionLine)
    check_unique(source, [(f"{place}.key", line.key) for place, line in lines])
    wide = source.entries("province_wide_lines", ProvinceWideLine)
    check_unique(source, [(f"{place}.key", line.key) for place, line in wide])
    given = [(place, line.phone, line.hours) for place, line in lines]
    for place, phone, hours in given + [(place, line.phone, line.hours) for place, line in wide]:
        check_hours(source, f"{place}.hours", hours)
        if (problem := contact_problem("phone", phone)) is not None:
            source.find(f"{place}.phone", problem)
    source.finish()
    assert profile is not None
    return profile


def _overlap(one: ConsentRule, other: ConsentRule) -> bool:
    same = one.kind == other.kind and (one.regime == other.regime or not one.regime or not other.regime)
    return same and one.ages[0] <= other.ages[1] and other.ages[0] <= one.ages[1]

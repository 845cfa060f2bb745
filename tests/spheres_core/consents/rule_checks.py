"""What must be true of every answer of the rule, beside what the database decides. Given as functions of a rule's
module, so that a changed one can be asked too."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID

from msgspec import structs

from spheres_core.consents.schemas import (
    FIRST_DAY,
    FOREVER,
    LAST_DAY,
    NO_PERSON,
    WITHOUT_CONSENT,
    Allowed,
    ConsentEntry,
    Question,
    Refused,
    Standing,
)
from tests.spheres_core.consents.worlds import MOMENTS, World


def is_explained(rule: Any, question: Question, world: World, now: dt.datetime) -> bool:
    """Returns whether the rows that an answer names are there and suffice, or the reason against it is the true one."""
    found = rule.may(question, world.standings, world.entries, world.exclusions, now)
    if isinstance(found, Allowed):
        standings = [each for each in world.standings if each.id == found.standing]
        entries = [each for each in world.entries if each.id == found.entry]
        needs = bool(standings) and standings[0].kind not in WITHOUT_CONSENT
        return needs == bool(entries) and found == rule.may(question, standings, entries, [], now)
    alone = [each.id for each in world.exclusions if rule.may(question, [], [], [each], now).reason == "excluded"]
    if found.reason == "excluded":
        return found.exclusion in alone
    everything = [_everything(question, each) for each in world.standings]
    stood = isinstance(rule.may(question, world.standings, everything, [], now), Allowed)
    expected = Refused("no_consent" if stood else "no_standing")
    return not alone and bool(found == expected)


def is_let_out_alike(rule: Any, question: Question, world: World, now: dt.datetime) -> bool:
    """Returns whether information may leave for an organization exactly where whoever works there could read it."""
    asked = structs.replace(question, staff=NO_PERSON, act="read")
    working = structs.replace(asked, staff=UUID(int=99))
    standing = Standing(
        question.tenant, UUID(int=1), question.participant, "service_request", NO_PERSON, question.organization,
        frozenset({question.information}), frozenset({"read"}), question.purpose, MOMENTS[0], FOREVER,
    )  # fmt: skip
    found = rule.covers(asked, world.entries, world.exclusions, now)
    could = rule.may(working, [standing], world.entries, world.exclusions, now)
    if question.organization == "":
        return found is None
    return found is None if isinstance(could, Refused) else bool(found is not None and found.id == could.entry)


def _everything(question: Question, standing: Standing) -> ConsentEntry:
    act = "read" if question.act == "write" else question.act
    return ConsentEntry(
        question.tenant, UUID(int=2), question.participant, standing.recipient, question.information, act,
        question.purpose, MOMENTS[0] - dt.timedelta(days=1), FOREVER, FIRST_DAY, LAST_DAY, True,
    )  # fmt: skip


def is_kept_away_alike(rule: Any, question: Question, world: World, now: dt.datetime) -> bool:
    """Returns whether each exclusion keeps away whom it names, and it alone; and rows of others decide nothing."""
    for row in world.exclusions:
        for each in (row, structs.replace(row, participant=UUID(int=98)), structs.replace(row, tenant=UUID(int=97))):
            hers = each is row and row.information in ("", question.information) and row.starts <= now < row.ends
            named = row.staff == question.staff if row.staff.int else row.organization == question.organization
            if (rule.may(question, [], [], [each], now).reason == "excluded") != (hers and named):
                return False
    everything = [_everything(question, each) for each in world.standings]
    others = [structs.replace(each, participant=UUID(int=98)) for each in everything]
    alone = rule.may(question, world.standings, [], [], now)
    return bool(rule.may(question, world.standings, others, [], now) == alone)


CHECKS: Final = (is_explained, is_let_out_alike, is_kept_away_alike)

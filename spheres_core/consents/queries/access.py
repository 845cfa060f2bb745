"""Finds out what opens a participant's file to the actor, so that answers and the trail can name it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct, structs

from spheres_core.consents.queries.why import Decisive, rows_of
from spheres_core.consents.rule import may
from spheres_core.consents.schemas import (
    NO_PERSON,
    TEAM,
    Act,
    Allowed,
    ConsentEntry,
    Decision,
    Exclusion,
    Purpose,
    Question,
    Refused,
    Standing,
)
from spheres_core.foundation.tenancy.context import Context

TAKES_PART: Final = "participation"


class Access(Struct, frozen=True):
    """The rows that open one participant's file to the actor for a purpose, and all others that decide about her."""

    question: Question
    """Whether the actor may know that she takes part."""
    allowed: Allowed
    standings: Sequence[Standing]
    entries: Sequence[ConsentEntry]
    exclusions: Sequence[Exclusion]

    @property
    def participant(self) -> UUID:
        return self.question.participant

    @property
    def recipient(self) -> str:
        """Returns on whose part the actor reads: `TEAM`, or the key of an organization."""
        return next(each.recipient for each in self.standings if each.id == self.allowed.standing)

    def shows_lines_of(self, recipient: str) -> bool:
        """Returns whether the actor may know what was agreed to for a recipient: the team all, others their own."""
        return self.recipient in (TEAM, recipient)

    def grounds(self) -> dict[str, str | None]:
        """Returns what an entry of the trail says of the rows that let this be read."""
        return grounds_of(self.allowed)


def grounds_of(allowed: Allowed) -> dict[str, str | None]:
    """Returns what an entry of the trail says of the rows that let something be done."""
    return {"standing": str(allowed.standing), "entry": str(allowed.entry) if allowed.entry else None}


async def access_of(ctx: Context, participant: UUID, recipient: str, purpose: Purpose) -> Access | None:
    """Returns what opens a participant's file to a recipient as a whole today; None where nothing does."""
    decisive = await rows_of(ctx, participant)
    question = Question(ctx.tenant.id, participant, NO_PERSON, recipient, "read", TAKES_PART, purpose, ctx.today)
    decision = may(question, *decisive, ctx.now)
    return None if isinstance(decision, Refused) else Access(question, decision, *decisive)


def access_to(
    ctx: Context, participant: UUID, purpose: Purpose, decisive: Decisive, *, dated_on: dt.date
) -> Access | None:
    """Returns what opens a participant's file to the actor; None where nothing does.

    `decisive`: all rows that decide about her. `dated_on`: the day on which she was first recorded.
    """
    question = Question(
        ctx.tenant.id, participant, ctx.actor.id or NO_PERSON, ctx.actor.organization, "read", TAKES_PART, purpose,
        dated_on,
    )  # fmt: skip
    decision = may(question, *decisive, ctx.now)
    if isinstance(decision, Refused) or ctx.actor.id is None:
        return None
    return Access(question, decision, *decisive)


def decision_on(
    ctx: Context,
    access: Access,
    information: str,
    act: Act,
    *,
    on: dt.date | None = None,
    staff: UUID | None = None,
    organization: str = "",
) -> Decision:
    """Returns the decision on a class of information about a day, today when none is given.

    `staff`, `organization`: for another member of the staff than the actor.
    """
    asked = structs.replace(access.question, information=information, act=act, dated_on=on or ctx.today)
    if staff is not None:
        asked = structs.replace(asked, staff=staff, organization=organization)
    return may(asked, access.standings, access.entries, access.exclusions, ctx.now)


def is_open_on_any_day(ctx: Context, access: Access, information: str, act: Act = "read") -> bool:
    """Returns whether the actor may do this with a class of information about any day at all."""
    days = (each.first_day for each in access.entries if each.information == information)
    return any(isinstance(decision_on(ctx, access, information, act, on=day), Allowed) for day in (ctx.today, *days))

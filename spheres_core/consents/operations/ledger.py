"""Records what she agreed to and what she takes back. A withdrawal holds from the next statement on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct, structs
from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.consents.models import ConsentEntryRow, ConsentRow
from spheres_core.consents.schemas import FIRST_DAY, FOREVER, LAST_DAY, Act, ConsentKind, Purpose
from spheres_core.facts import msg
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Invalid, NotFound
from spheres_core.foundation.tenancy.context import Context

Giver = Literal["herself", "parent", "tutor", "benefit"]
How = Literal["spoken", "written"]
consents, entries = table(ConsentRow), table(ConsentEntryRow)
ADD = prepare(insert(consents))
ADD_ENTRY = prepare(insert(entries))
WITHDRAW = prepare(
    consents.update()
    .where(scoped(consents), consents.c.id == bindparam("consent"), consents.c.participant_id == bindparam("hers"))
    .where(consents.c.withdrawn_at.is_(None))
    .values(withdrawn_at=bindparam("now"))
)
_taken_back: Any = {"withdrawn_at": bindparam("now"), "ends": bindparam("now")}
WITHDRAW_ENTRY = prepare(
    entries.update()
    .where(scoped(entries), entries.c.id == bindparam("entry"), entries.c.participant_id == bindparam("hers"))
    .where(entries.c.ends > bindparam("now"))
    .values(**_taken_back)
)
WITHDRAW_ENTRIES = prepare(
    entries.update()
    .where(scoped(entries), entries.c.consent_id == bindparam("consent"), entries.c.ends > bindparam("now"))
    .values(**_taken_back)
)


class ConsentInvalid(Invalid):
    """A consent without a line, dated in the future, or with a line that could never hold."""

    code = "consent_invalid"
    message = msg("A consent says who may see what, and was given today or before.")


class ConsentUnknown(NotFound):
    """There is no such consent or line of hers that still holds."""


class ConsentLine(Struct, frozen=True):
    """Something that one recipient may do with one class of information, for one purpose."""

    recipient: str
    information: str
    purpose: Purpose
    act: Act = "read"
    ends: dt.datetime = FOREVER
    first_day: dt.date = FIRST_DAY
    last_day: dt.date = LAST_DAY
    onward: bool = False


class ConsentGiven(Struct, frozen=True):
    """One conversation about what may be shared."""

    kind: ConsentKind
    given_on: dt.date
    how: How
    giver: Giver
    authority: str
    """The line of the legal profile that lets the giver consent."""
    lines: tuple[ConsentLine, ...] = ()
    words: str = ""


async def give_consent(ctx: Context, participant: UUID, given: ConsentGiven) -> UUID:
    """Records a consent with its lines, from now on. Raises `ConsentInvalid`."""
    needs_lines = given.kind == "information"
    void = [line for line in given.lines if line.ends <= ctx.now or line.last_day < line.first_day]
    if void or given.given_on > ctx.today or (needs_lines and not given.lines):
        raise ConsentInvalid
    id = uuid7()
    words = ctx.keys.seal("consents", id, "words", given.words) if given.words else None
    consent = ADD.of(
        id=id, participant_id=participant, kind=given.kind, given_on=given.given_on, how=given.how, giver=given.giver,
        authority=given.authority, words=words, recorded_by=ctx.actor.id, recorded_at=ctx.now, withdrawn_at=None,
    )  # fmt: skip
    details = {"consent": str(id), "kind": given.kind, "giver": given.giver, "lines": len(given.lines)}
    await audit.record(ctx, "consent.given", subject=("participant", participant), details=details, doing=[consent])
    await ctx.db.run_many(ADD_ENTRY, _rows(ctx, participant, id, given.lines))
    return id


async def withdraw_consent(ctx: Context, participant: UUID, consent: UUID) -> None:
    """Takes a consent back with all its lines, from now on. Raises `ConsentUnknown`."""
    if not await ctx.db.run(WITHDRAW, consent=consent, hers=participant, now=ctx.now):
        raise ConsentUnknown
    await ctx.db.run(WITHDRAW_ENTRIES, consent=consent, now=ctx.now)
    await _note_withdrawal(ctx, participant, {"consent": str(consent)})


async def withdraw_line(ctx: Context, participant: UUID, entry: UUID) -> None:
    """Takes one line of a consent back, from now on; the others stay. Raises `ConsentUnknown`."""
    if not await ctx.db.run(WITHDRAW_ENTRY, entry=entry, hers=participant, now=ctx.now):
        raise ConsentUnknown
    await _note_withdrawal(ctx, participant, {"entry": str(entry)})


async def _note_withdrawal(ctx: Context, participant: UUID, details: dict[str, str]) -> None:
    await audit.record(ctx, "consent.withdrawn", subject=("participant", participant), details=details)


def _rows(ctx: Context, participant: UUID, consent: UUID, lines: Sequence[ConsentLine]) -> list[dict[str, Any]]:
    return [
        {"id": uuid7(), "consent_id": consent, "participant_id": participant, "starts": ctx.now, "withdrawn_at": None}
        | structs.asdict(line)
        for line in lines
    ]

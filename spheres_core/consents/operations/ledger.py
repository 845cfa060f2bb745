"""Records what she agreed to and what she takes back. A withdrawal holds from the next statement on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from msgspec import Struct, structs
from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.consents.models import ConsentEntryRow, ConsentRow
from spheres_core.consents.name_lines import FOR_ONE_MEETING, lacks_end, place_of_problem
from spheres_core.consents.queries import disclosures
from spheres_core.consents.queries.applied_authority import AppliedAuthority, authority_for
from spheres_core.consents.queries.ledger import ConsentUnknown, StoredConsent
from spheres_core.consents.schemas import (
    CLASSES,
    FIRST_DAY,
    FOREVER,
    LAST_DAY,
    MEETING_NAME,
    PARENTS,
    TEAM,
    Act,
    ConsentKind,
    Disclosure,
    Giver,
    How,
    Purpose,
)
from spheres_core.facts import AgeRange, Problem, msg
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.queries.partners import organization_names, organizations_of_kind

WITHOUT_BIRTH_DATE: Final = dt.timedelta(days=90)
"""How long somebody else's consent holds at most when her birthdays are not known: then it is asked for again."""
consents, entries = table(ConsentRow), table(ConsentEntryRow)
ADD = prepare(insert(consents))
ADD_ENTRY = prepare(insert(entries))
WITHDRAW = prepare(
    consents.update()
    .where(scoped(consents), consents.c.id == bindparam("consent"), consents.c.participant_id == bindparam("hers"))
    .where(consents.c.withdrawn_at.is_(None), consents.c.ends > bindparam("now"))
    .values(withdrawn_at=bindparam("now"), ends=bindparam("now"), withdrawn_by=bindparam("by"))
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
    """A consent without a line where it needs one, with one where it has none, or one that could never hold."""

    code = "consent_invalid"
    message = msg("A consent says who may see what, and was given today or before.")


class LineUnknown(Invalid):
    """A line names a recipient that the directory does not have, or a class of information that there is not."""

    code = "consent_line_unknown"
    message = msg("Choose recipients from the directory, and what they may see from the list.")


class NameNotForThem(Invalid):
    """A line about the name for meetings that is not for one organization to discuss, or has no end for the police."""

    code = "consent_name_not_for_them"
    message = msg("How she may be called at a meeting cannot be opened like this.")


class NotTheirsToGive(Invalid):
    """Whoever gave it may not: by the legal profile, or because the profile says nothing."""

    code = "consent_not_theirs_to_give"
    message = msg("By the region’s legal profile, this person cannot give this consent at her age.")


class NotTheirsToTakeBack(Invalid):
    """A parent or tutor takes back what none of them agreed to, or has no say in at her age."""

    code = "consent_not_theirs_to_take_back"
    message = msg("By the region’s legal profile, this person cannot take this consent back at her age.")


class BenefitNotDocumented(Invalid):
    """Somebody decided for her benefit, and neither said why nor is known by name."""

    code = "benefit_not_documented"
    message = msg("Say why this is clearly for her benefit. Whoever decides so is recorded.")


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


class AgreedToo(Struct, frozen=True):
    """That a parent or tutor agreed as well, where the legal profile asks for both."""

    giver: Giver
    given_on: dt.date
    how: How


class ConsentGiven(Struct, frozen=True):
    """One conversation about what may be shared."""

    kind: ConsentKind
    given_on: dt.date
    how: How
    giver: Giver
    born: dt.date | AgeRange
    """Her date of birth, or the ages between which she was on that day. It is not kept here."""
    lines: tuple[ConsentLine, ...] = ()
    """For a consent to share information. One to take part lets the team know that she does, other kinds nothing."""
    words: str = ""
    holder: str = ""
    """Key of the organization that holds the information; empty for the program."""
    benefit: str = ""
    """Why it is clearly for her benefit, where nobody gave it."""
    ends: dt.datetime = FOREVER
    also: AgreedToo | None = None
    """Who agreed too, where one must; without, the consent waits and opens nothing."""
    region: str = ""
    """The recipient that stands for another region, where lines may name one."""


class ConsentRecorded(Struct, frozen=True):
    """A consent that was recorded, and from when until when it holds."""

    id: UUID
    starts: dt.datetime
    """`FOREVER` while it waits for a parent or tutor."""
    ends: dt.datetime


async def give_consent(ctx: Context, participant: UUID, given: ConsentGiven) -> ConsentRecorded:
    """Records a consent with its lines, from now on, until the birthday at which its giver may no longer give it.

    Where the legal profile asks for a parent or tutor too, it is in force from when one has agreed.
    Raises `ConsentInvalid`, `LineUnknown`, `NameNotForThem`, `NotTheirsToGive`, `BenefitNotDocumented`.
    """
    void = [line for line in given.lines if line.ends <= ctx.now or line.last_day < line.first_day]
    if void or given.given_on > ctx.today or given.ends <= ctx.now:
        raise ConsentInvalid
    if (given.kind == "information" and not given.lines) or not _are_of(given.kind, given.lines):
        raise ConsentInvalid
    await _check_names(ctx, given)
    await _check_lines(ctx, given)
    found = await authority_for(ctx, given.kind, given.born, given.given_on, holder=given.holder)
    check_givers(ctx, given, found)
    by_benefit = given.giver == "benefit"
    if by_benefit != bool(given.benefit.strip()) or (by_benefit and ctx.actor.id is None):
        raise BenefitNotDocumented
    ends = min(given.ends, _until_birthday(ctx, given, found))
    if ends <= ctx.now:
        raise NotTheirsToGive
    id, also = uuid7(), given.also
    starts = FOREVER if found.authority.also and also is None else ctx.now
    consent = ADD.of(
        id=id, participant_id=participant, kind=given.kind, given_on=given.given_on, how=given.how, giver=given.giver,
        authority=", ".join(found.authority.cells), to_confirm=found.authority.to_confirm, holder=given.holder,
        regime=found.regime, decided_by=ctx.actor.id if by_benefit else None,
        benefit=_sealed(ctx, id, "benefit", given.benefit), words=_sealed(ctx, id, "words", given.words),
        recorded_by=ctx.actor.id, recorded_at=ctx.now, starts=starts, ends=ends, withdrawn_at=None, withdrawn_by=None,
        also_giver=also and also.giver, also_given_on=also and also.given_on, also_how=also and also.how,
        also_recorded_by=also and ctx.actor.id,
    )  # fmt: skip
    details = {"consent": str(id), "kind": given.kind, "giver": given.giver, "lines": len(given.lines)}
    await audit.record(ctx, "consent.given", subject=("participant", participant), details=details, doing=[consent])
    await ctx.db.run_many(ADD_ENTRY, _rows(participant, id, given.lines, starts, ends))
    return ConsentRecorded(id, starts, ends)


async def withdraw_consent(
    ctx: Context, participant: UUID, consent: UUID, *, by: Giver = "herself"
) -> Sequence[Disclosure]:
    """Takes a consent back with all its lines, from now on. Returns what has left with it.

    `by`: see `check_taker` for anybody but herself. Raises `ConsentUnknown`.
    """
    if not await ctx.db.run(WITHDRAW, consent=consent, hers=participant, now=ctx.now, by=by):
        raise ConsentUnknown
    await ctx.db.run(WITHDRAW_ENTRIES, consent=consent, now=ctx.now)
    await _note_withdrawal(ctx, participant, {"consent": str(consent), "by": by})
    return await disclosures.of_consent(ctx, participant, consent)


async def withdraw_line(ctx: Context, participant: UUID, entry: UUID, *, by: Giver = "herself") -> Sequence[Disclosure]:
    """Takes one line of a consent back, from now on; the others stay. Returns what has left with it.

    `by`: see `check_taker` for anybody but herself. Raises `ConsentUnknown`.
    """
    if not await ctx.db.run(WITHDRAW_ENTRY, entry=entry, hers=participant, now=ctx.now):
        raise ConsentUnknown
    await _note_withdrawal(ctx, participant, {"entry": str(entry), "by": by})
    return await disclosures.of_entry(ctx, participant, entry)


async def check_taker(ctx: Context, consent: StoredConsent, by: Giver, born: dt.date | AgeRange | None) -> None:
    """Refuses a parent or tutor who takes back what none of them agreed to, or has no say in at her age today.

    She herself may always take back. `born`: her date of birth or age today; needed for anybody else.
    Raises `NotTheirsToTakeBack`.
    """
    if by == "herself":
        return
    if by not in PARENTS or born is None or PARENTS.isdisjoint((consent.giver, consent.also_giver)):
        raise NotTheirsToTakeBack
    found = await authority_for(ctx, consent.kind, born, ctx.today, holder=consent.holder)
    if by not in found.authority.givers | found.authority.also:
        raise NotTheirsToTakeBack


def check_givers(ctx: Context, given: ConsentGiven, found: AppliedAuthority) -> None:
    """Refuses a giver who may not give it, and a second who is not asked for. Raises `NotTheirsToGive`."""
    also = given.also
    if given.giver not in found.authority.givers:
        raise NotTheirsToGive
    if also is not None and (also.giver not in found.authority.also or also.given_on > ctx.today):
        raise NotTheirsToGive


async def _note_withdrawal(ctx: Context, participant: UUID, details: dict[str, str]) -> None:
    await audit.record(ctx, "consent.withdrawn", subject=("participant", participant), details=details)


def _are_of(kind: ConsentKind, lines: Sequence[ConsentLine]) -> bool:
    """Returns whether a consent of this kind may have these lines: no kind implies another."""
    if kind == "participation":
        return all((line.recipient, line.information, line.act) == (TEAM, kind, "read") for line in lines)
    return kind == "information" or not lines


async def _check_names(ctx: Context, given: ConsentGiven) -> None:
    """Refuses lines about the name for meetings that are not for one organization, each at its field."""
    names = [(at, each) for at, each in enumerate(given.lines) if each.information == MEETING_NAME]
    police = await organizations_of_kind(ctx, "police") if names else set()
    problems = []
    for at, each in names:
        found = place_of_problem(each.information, each.recipient, each.purpose, each.act)
        if found is None and each.recipient in police and lacks_end(each.information, min(each.ends, given.ends)):
            found = ("until", FOR_ONE_MEETING)
        if found is not None:
            problems.append(Problem(found[1], path=f"lines.{at}.{found[0]}"))
    if problems:
        raise NameNotForThem(errors=problems)


async def _check_lines(ctx: Context, given: ConsentGiven) -> None:
    lines = given.lines
    recipients = {line.recipient for line in lines} - {TEAM, given.region}
    known = await organization_names(ctx) if recipients else {}
    classes = {line.information for line in lines} - CLASSES.keys()
    if not recipients <= known.keys() or any(each.partition(":")[0] not in ctx.plugins.plugins for each in classes):
        raise LineUnknown


def _until_birthday(ctx: Context, given: ConsentGiven, found: AppliedAuthority) -> dt.datetime:
    """Returns the moment from which on the giver may no longer give it. Without a date of birth it is asked soon."""
    if isinstance(given.born, AgeRange):
        return FOREVER if given.giver == "herself" else ctx.now + WITHOUT_BIRTH_DATE
    together = bool(found.authority.also)
    day = found.until(given.kind, given.giver, given.born, given.given_on, together=together)
    return FOREVER if day is None else dt.datetime.combine(day, dt.time(), ctx.zone).astimezone(dt.UTC)


def _sealed(ctx: Context, id: UUID, column: str, words: str) -> bytes | None:
    return ctx.keys.seal("consents", id, column, words.strip()) if words.strip() else None


def _rows(
    participant: UUID, consent: UUID, lines: Sequence[ConsentLine], starts: dt.datetime, ends: dt.datetime
) -> list[dict[str, Any]]:
    return [
        {"id": uuid7(), "consent_id": consent, "participant_id": participant, "starts": starts, "withdrawn_at": None}
        | structs.asdict(line)
        | {"ends": min(line.ends, ends)}
        for line in lines
    ]

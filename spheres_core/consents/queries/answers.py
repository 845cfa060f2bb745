"""Makes the answers about consents, exclusions and the reasons of a decision. Each reading is in the trail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from spheres_core.audit import operations as audit
from spheres_core.consents.api_schemas import (
    ConsentRead,
    ConsentState,
    DisclosureRead,
    ExclusionRead,
    ExplanationList,
    ExplanationRead,
    LineRead,
    StandingRead,
    Why,
    Withdrawn,
)
from spheres_core.consents.queries import ledger, limits
from spheres_core.consents.queries.access import Access, decision_on
from spheres_core.consents.queries.ledger import (
    ConsentUnknown,
    ExclusionUnknown,
    StoredConsent,
    StoredEntry,
    StoredExclusion,
)
from spheres_core.consents.schemas import (
    FIRST_DAY,
    FOREVER,
    LAST_DAY,
    NO_ORGANIZATION,
    NO_PERSON,
    Act,
    Allowed,
    ConsentEntry,
    Disclosure,
    Standing,
)
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import HasId, Page, page_of

T = TypeVar("T", bound=HasId)


async def list_consents(ctx: Context, access: Access, cursor: str) -> Page[ConsentRead]:
    """Returns a page of her consents, the newest first, with the lines that the reader may know of."""

    async def ask(before: UUID, limit: int) -> list[ConsentRead]:
        stored = await ledger.consents_of(ctx, access.participant, before=before, limit=limit)
        entries = await ledger.entries_of(ctx, access.participant, [each.id for each in stored])
        return [_consent(ctx, access, each, entries) for each in stored]

    page = await page_of(ctx, f"consents {access.participant}", cursor, ask)
    return await _shown(ctx, access, "consents.listed", page)


async def read_consent(ctx: Context, access: Access, consent: UUID) -> ConsentRead:
    """Returns one of her consents. Raises `ConsentUnknown`."""
    stored = await ledger.consent_of(ctx, access.participant, consent)
    if stored is None:
        raise ConsentUnknown
    return _consent(ctx, access, stored, await ledger.entries_of(ctx, access.participant, [consent]))


async def show_consent(ctx: Context, access: Access, consent: UUID) -> ConsentRead:
    """Returns one of her consents, and writes to the trail that it was read. Raises `ConsentUnknown`."""
    found = await read_consent(ctx, access, consent)
    await _note(ctx, access, "consent.read", {"consent": str(consent)})
    return found


async def withdrawn(ctx: Context, access: Access, consent: UUID, left: Sequence[Disclosure]) -> Withdrawn:
    """Returns a consent of which something was taken back, and what had left before."""
    told = [DisclosureRead(each.recipient, each.information, each.purpose, each.dated_on) for each in left]
    return Withdrawn(await read_consent(ctx, access, consent), told)


async def list_exclusions(ctx: Context, access: Access, cursor: str) -> Page[ExclusionRead]:
    """Returns a page of who is kept away from her, the newest first; none that keeps the reader away."""

    async def ask(before: UUID, limit: int) -> list[ExclusionRead]:
        stored = await ledger.exclusions_of(ctx, access.participant, before=before, limit=limit)
        return [_exclusion(each) for each in stored]

    page = await page_of(ctx, f"exclusions {access.participant}", cursor, ask)
    return await _shown(ctx, access, "exclusions.listed", page)


async def read_exclusion(ctx: Context, access: Access, exclusion: UUID) -> ExclusionRead:
    """Returns one exclusion, ended or not. Raises `ExclusionUnknown`, also for one that keeps the reader away."""
    stored = await ledger.exclusion_of(ctx, access.participant, exclusion)
    if stored is None or _keeps_away(ctx, stored):
        raise ExclusionUnknown
    return _exclusion(stored)


async def recorded_exclusion(ctx: Context, access: Access, exclusion: UUID) -> ExclusionRead:
    """Returns an exclusion to whoever has just recorded it, also one about herself. Raises `ExclusionUnknown`."""
    stored = await ledger.exclusion_of(ctx, access.participant, exclusion)
    if stored is None:
        raise ExclusionUnknown
    return _exclusion(stored)


async def list_explanations(ctx: Context, access: Access, reader: Mapping[str, Any]) -> ExplanationList:
    """Returns when the limits of confidentiality were explained to her."""
    found = await limits.explanations(ctx, reader, access.participant)
    await _note(ctx, access, "limits.read", {})
    return ExplanationList(
        [ExplanationRead(each.id, each.dated_on, each.explained_by, each.text_version) for each in found]
    )


async def answer_why(
    ctx: Context, access: Access, information: str, act: Act, *, staff: UUID, organization: str
) -> Why:
    """Returns whether somebody may do something with a class of information today, and why."""
    decision = decision_on(ctx, access, information, act, staff=staff, organization=organization)
    await _note(ctx, access, "why.asked", {"information": information, "act": act, "staff": str(staff)})
    purpose = access.question.purpose
    if isinstance(decision, Allowed):
        standing = next(each for each in access.standings if each.id == decision.standing)
        entry = next((each for each in access.entries if each.id == decision.entry), None)
        return Why(True, information, act, purpose, _standing(standing), _entry_line(ctx, entry) if entry else None)
    own = staff == ctx.actor.id
    hidden = own and decision.reason in ("excluded", "no_consent")
    reason = "not_open" if hidden else decision.reason
    return Why(False, information, act, purpose, reason=reason, exclusion=None if own else decision.exclusion)


async def _shown(ctx: Context, access: Access, verb: str, page: Page[T]) -> Page[T]:
    shown = [each.id for each in page.items]
    await audit.record(
        ctx, verb, subject=("participant", access.participant), shown=shown, details=access.grounds()
    )  # fmt: skip
    return page


async def _note(ctx: Context, access: Access, verb: str, details: Mapping[str, str]) -> None:
    await audit.record(
        ctx, verb, subject=("participant", access.participant), details={**access.grounds(), **details}
    )  # fmt: skip


def _keeps_away(ctx: Context, row: StoredExclusion) -> bool:
    own = ctx.actor.organization
    return row.staff_id == ctx.actor.id or (own != NO_ORGANIZATION and row.organization == own)


def _consent(ctx: Context, access: Access, row: StoredConsent, entries: Sequence[StoredEntry]) -> ConsentRead:
    lines = [each for each in entries if each.consent_id == row.id and access.shows_lines_of(each.recipient)]
    return ConsentRead(
        row.id, row.kind, row.given_on, row.how, row.giver, [each for each in row.authority.split(", ") if each],
        row.to_confirm, row.holder, row.decided_by, row.recorded_by, row.recorded_at, _end(row.starts),
        _end(row.ends), row.also_giver, row.also_given_on, _state(ctx, row), [_line(ctx, each) for each in lines],
    )  # fmt: skip


def _line(ctx: Context, row: StoredEntry) -> LineRead:
    return LineRead(
        row.id, row.recipient, row.information, row.purpose, row.act, _end(row.starts), _end(row.ends),
        None if row.first_day == FIRST_DAY else row.first_day, None if row.last_day == LAST_DAY else row.last_day,
        row.onward, _state(ctx, row),
    )  # fmt: skip


def _entry_line(ctx: Context, row: ConsentEntry) -> LineRead:
    return LineRead(
        row.id, row.recipient, row.information, row.purpose, row.act, row.starts, _end(row.ends),
        None if row.first_day == FIRST_DAY else row.first_day, None if row.last_day == LAST_DAY else row.last_day,
        row.onward, "holds",
    )  # fmt: skip


def _state(ctx: Context, row: StoredConsent | StoredEntry) -> ConsentState:
    if row.withdrawn_at is not None:
        return "withdrawn"
    if ctx.now >= row.ends:
        return "ended"
    return "waits" if row.starts >= FOREVER else "holds"


def _standing(row: Standing) -> StandingRead:
    return StandingRead(row.id, row.kind, row.recipient, row.purpose, row.starts, _end(row.ends))


def _exclusion(row: StoredExclusion) -> ExclusionRead:
    staff = None if row.staff_id == NO_PERSON else row.staff_id
    return ExclusionRead(row.id, row.kind, staff, row.organization, row.information, row.starts, _end(row.ends))


def _end(moment: dt.datetime) -> dt.datetime | None:
    return None if moment >= FOREVER else moment

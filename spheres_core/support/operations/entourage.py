"""Operations on the support of close ones: open a record, change it, note what was done, offer, close."""

from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.forms.operations.answer_checks import language_of
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import ChangedMeanwhile, Conflict, Invalid, NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.support.entourage_codes import new_entourage_code
from spheres_core.support.models import EntourageNoteRow, EntourageOfferRow, EntourageRow
from spheres_core.support.operations.word_checks import check_words
from spheres_core.support.queries import entourage as queries
from spheres_core.support.schemas.entourage import (
    ACCOMPANIED,
    CLOSED,
    RECEIVED,
    EntourageChanged,
    EntouragePosted,
    EntourageReceived,
    OfferPosted,
    OwnEntourage,
    SafeReach,
    SupportNotePosted,
)

records, notes, offers = table(EntourageRow), table(EntourageNoteRow), table(EntourageOfferRow)
OPEN, NOTE, OFFER = prepare(insert(records)), prepare(insert(notes)), prepare(insert(offers))
_this = (scoped(records), records.c.id == bindparam("which"))
_moved = {"moved_at": bindparam("now"), "version": records.c.version + 1}
TAKE = prepare(records.update().where(*_this).values(state=ACCOMPANIED, assignee_id=bindparam("assignee"), **_moved))
CHANGE = prepare(
    records.update()
    .where(*_this)
    .values(
        called=bindparam("called"), ask=bindparam("ask"), reach=bindparam("reach"), confirmed=bindparam("confirmed"),
        **_moved,
    )
)  # fmt: skip
REACH = prepare(records.update().where(*_this).values(reach=bindparam("reach"), **_moved))
MOVED = prepare(records.update().where(*_this).values(**_moved))
CLOSE = prepare(records.update().where(*_this).values(state=CLOSED, closed_at=bindparam("now"), **_moved))
ANSWER = prepare(
    offers.update()
    .where(scoped(offers), offers.c.id == bindparam("which"), offers.c.record_id == bindparam("record"))
    .values(state=bindparam("to"))
)
OWN_PATHS: Final = ("called", "reach.contact", "reach.when")
"""Fields about the close person, in which a name or a number identifies no young person."""


class EntourageInvalid(Invalid):
    """Something is missing; `errors` name each place."""

    code = "entourage_invalid"


class EntourageClosed(Conflict):
    """The support is closed; whoever wants it again opens another record."""

    code = "entourage_closed"
    message = msg("This is closed. Whoever wishes for support again asks anew.")


class OfferUnknown(NotFound):
    """No such offer in this record."""

    code = "offer_unknown"


async def open_record(ctx: Context, posted: EntouragePosted) -> EntourageReceived:
    """Opens a record and gives its code: for a close person by themselves, or by who accompanies them.

    Raises `EntourageInvalid`, `ParticipantCodeFound`, `IdentifiersFound`, `LanguageUnknown`.
    """
    language = language_of(ctx, posted.language)
    found = await _check(ctx, posted.ask, posted.called, posted.reach, confirmed=posted.confirmed)
    id, code = uuid7(), new_entourage_code()
    by = ctx.actor.id if ctx.actor.kind != "anonymous" else None
    storing = OPEN.of(
        id=id, state=ACCOMPANIED if by else RECEIVED, language=language, opened_at=ctx.now, opened_by=by,
        moved_at=ctx.now, closed_at=None, assignee_id=by,
        code=_seal(ctx, id, "code", code), code_mark=queries.code_mark(ctx, code),
        confirmed=found, version=1, **_sealed(ctx, id, posted.ask, posted.called, posted.reach),
    )  # fmt: skip
    verb = "entourage.opened" if by else "entourage.received"
    await audit.record(ctx, verb, subject=("entourage", id), doing=[storing])
    return EntourageReceived(code)


async def take_record(ctx: Context, id: UUID, version: int) -> None:
    """Notes that whoever acts accompanies them. Raises `EntourageUnknown`, `EntourageClosed`, `ChangedMeanwhile`."""
    await _open_at(ctx, id, version)
    taking = TAKE.of(which=id, assignee=ctx.actor.id, now=ctx.now)
    await audit.record(ctx, "entourage.taken", subject=("entourage", id), doing=[taking])


async def change_record(ctx: Context, id: UUID, posted: EntourageChanged) -> None:
    """Writes anew what they ask for and how they are reached. Raises as `take_record` and `open_record`."""
    found = await _check(ctx, posted.ask, posted.called, posted.reach, confirmed=posted.confirmed)
    await _open_at(ctx, id, posted.version, posted)
    sealed = _sealed(ctx, id, posted.ask, posted.called, posted.reach)
    changing = CHANGE.of(which=id, now=ctx.now, confirmed=found, **sealed)
    await audit.record(ctx, "entourage.changed", subject=("entourage", id), doing=[changing])


async def note_contact(ctx: Context, id: UUID, posted: SupportNotePosted) -> None:
    """Notes what was done for somebody on a day. Raises `EntourageUnknown`, `EntourageClosed` and as `open_record`."""
    if posted.day > ctx.today:
        raise EntourageInvalid(errors=[Problem(msg("This day is still to come."), path="day", code="future")])
    await _check_words(ctx, posted.words, confirmed=posted.confirmed)
    await _open_row(ctx, id)
    note = uuid7()
    writing = NOTE.of(
        id=note, record_id=id, day=posted.day, kind=posted.kind, author_id=ctx.actor.id,
        words=ctx.keys.seal("entourage_notes", note, "words", posted.words.strip()),
    )  # fmt: skip
    moving = MOVED.of(which=id, now=ctx.now)
    await audit.record(
        ctx, "entourage.supported", subject=("entourage", id), details={"kind": posted.kind}, doing=[writing, moving]
    )


async def offer(ctx: Context, id: UUID, posted: OfferPosted) -> None:
    """Offers a group, a talk, a tool or a workshop. Raises as `note_contact`."""
    await _check_words(ctx, posted.words, confirmed=posted.confirmed)
    await _open_row(ctx, id)
    made = uuid7()
    writing = OFFER.of(
        id=made, record_id=id, kind=posted.kind, state="offered", day=posted.day, offered_at=ctx.now,
        author_id=ctx.actor.id, words=ctx.keys.seal("entourage_offers", made, "words", posted.words.strip()),
    )  # fmt: skip
    moving = MOVED.of(which=id, now=ctx.now)
    await audit.record(
        ctx, "entourage.offered", subject=("entourage", id), details={"kind": posted.kind}, doing=[writing, moving]
    )


async def answer_offer(ctx: Context, id: UUID, offer: UUID, answer: str) -> None:
    """Notes what they said of an offer. Raises `EntourageUnknown`, `EntourageClosed`, `OfferUnknown`."""
    await _open_row(ctx, id)
    if not await ctx.db.run(ANSWER, which=offer, record=id, to=answer):
        raise OfferUnknown
    await audit.record(ctx, "entourage.offer_answered", subject=("entourage", id), details={"answer": answer})


async def close_record(ctx: Context, id: UUID, version: int) -> None:
    """Closes the support; the record is erased a while after. Raises as `take_record`."""
    await _open_at(ctx, id, version)
    await _close(ctx, id)


async def change_own_reach(ctx: Context, code: str, reach: SafeReach) -> OwnEntourage:
    """Has a close person say anew how they may be reached. Raises `EntourageCodeUnknown` and as `change_record`."""
    row = await _open_own(ctx, code)
    _require_way(reach)
    await check_words(ctx, {}, {"reach.contact": reach.contact, "reach.when": reach.when}, confirmed=False)
    changing = REACH.of(which=row.id, now=ctx.now, reach=_seal(ctx, row.id, "reach", msgspec.json.encode(reach)))
    await audit.record(ctx, "entourage.changed", subject=("entourage", row.id), doing=[changing])
    return await queries.own_of(ctx, await queries.find_record(ctx, row.id))


async def answer_own_offer(ctx: Context, code: str, offer: UUID, answer: str) -> OwnEntourage:
    """Has a close person say whether they want what was offered. Raises as `answer_offer`."""
    row = await _open_own(ctx, code)
    await answer_offer(ctx, row.id, offer, answer)
    return await queries.own_of(ctx, row)


async def close_own(ctx: Context, code: str) -> OwnEntourage:
    """Has a close person close their support. Raises `EntourageCodeUnknown`, `EntourageClosed`."""
    row = await _open_own(ctx, code)
    await _close(ctx, row.id)
    return await queries.own_of(ctx, await queries.find_record(ctx, row.id))


async def _check(ctx: Context, ask: str, called: str, reach: SafeReach, *, confirmed: bool) -> bool:
    errors = [Problem(msg("Please answer this."), path="ask", code="required")] if not ask.strip() else []
    errors += _way_problems(reach)
    if errors:
        raise EntourageInvalid(errors=errors)
    own = {"called": called, "reach.contact": reach.contact, "reach.when": reach.when}
    return await check_words(ctx, {"ask": ask}, own, confirmed=confirmed)


async def _check_words(ctx: Context, words: str, *, confirmed: bool) -> None:
    if not words.strip():
        raise EntourageInvalid(errors=[Problem(msg("Please answer this."), path="words", code="required")])
    await check_words(ctx, {"words": words}, confirmed=confirmed)


def _way_problems(reach: SafeReach) -> list[Problem]:
    if reach.way == "only_here" or reach.contact.strip():
        return []
    return [Problem(msg("Please give the number or the address."), path="reach.contact", code="required")]


def _require_way(reach: SafeReach) -> None:
    if errors := _way_problems(reach):
        raise EntourageInvalid(errors=errors)


async def _open_row(ctx: Context, id: UUID) -> queries.EntourageStored:
    found = await queries.find_record(ctx, id, lock=True)
    if not queries.is_open(found):
        raise EntourageClosed
    return found


async def _open_own(ctx: Context, code: str) -> queries.EntourageStored:
    found = await queries.find_by_code(ctx, code, lock=True)
    if not queries.is_open(found):
        raise EntourageClosed
    return found


async def _open_at(ctx: Context, id: UUID, version: int, yours: EntourageChanged | None = None) -> None:
    found = await _open_row(ctx, id)
    if found.version != version:
        theirs = {
            "state": found.state, "version": found.version, "ask": queries.ask_of(ctx, found),
            "called": queries.called_of(ctx, found), "reach": msgspec.to_builtins(queries.reach_of(ctx, found)),
        }  # fmt: skip
        raise ChangedMeanwhile(extra={"yours": msgspec.to_builtins(yours) if yours else {}, "theirs": theirs})


async def _close(ctx: Context, id: UUID) -> None:
    await audit.record(ctx, "entourage.closed", subject=("entourage", id), doing=[CLOSE.of(which=id, now=ctx.now)])


def _seal(ctx: Context, id: UUID, column: str, value: str | bytes) -> bytes:
    return ctx.keys.seal("entourage_records", id, column, value)


def _sealed(ctx: Context, id: UUID, ask: str, called: str, reach: SafeReach) -> dict[str, bytes | None]:
    name = called.strip()
    return {
        "ask": _seal(ctx, id, "ask", ask.strip()),
        "called": _seal(ctx, id, "called", name) if name else None,
        "reach": _seal(ctx, id, "reach", msgspec.json.encode(reach)),
    }

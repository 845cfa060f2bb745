"""Keeps what somebody types about a participant until it is sent: sealed, class by class, hers alone, with a deadline.

A save is one statement and no entry in the trail, since it comes every few seconds; the first one of a copy is.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    Text,
    Uuid,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.queries.reader import as_system, read_for
from spheres_core.facts import Problem, msg
from spheres_core.foundation.content.readable_codes import normalize_readable_code
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import TENANT, prepare, scoped
from spheres_core.foundation.errors import Invalid, NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.models import ParticipantRow
from spheres_core.participants.queries.access import ParticipantUnknown, purposes_for
from spheres_core.participants.queries.drafts import drafts, forms_of
from spheres_core.participants.schemas.drafts import FileDraftPosted, FileDraftSaved
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.settings import Settings

participants = table(ParticipantRow)
_given: Final[dict[str, Any]] = {
    "id": Uuid(), "writer": Uuid(), "copy_id": Uuid(), "form": Text(), "about": Uuid(), "information": Text(),
    "base": Integer(), "number": BigInteger(), "body": LargeBinary(), "saved_at": DateTime(timezone=True),
    "dated_on": Date(),
}  # fmt: skip


def _of(name: str) -> Any:
    return bindparam(name, type_=_given[name])


_whose = (
    select(
        bindparam(TENANT, type_=Uuid()),
        participants.c.id,
        *(bindparam(name, type_=kind) for name, kind in _given.items()),
    )
    .where(scoped(participants), participants.c.code_mark == bindparam("mark", type_=LargeBinary()))
    .where(permitted(participants.c.id, _of("information"), _of("dated_on"), act="write"))
)
_insert = insert(drafts).from_select(["tenant_id", "participant_id", *_given], _whose)
_is_later = drafts.c.number < _insert.excluded.number
_later_one = {
    name: case((_is_later, _insert.excluded[name]), else_=drafts.c[name])
    for name in ("about", "base", "number", "body", "saved_at", "dated_on")
}
SAVE: Final = prepare(
    _insert.on_conflict_do_update(index_elements=["tenant_id", "id"], set_=_later_one).returning(
        drafts.c.participant_id, literal_column("xmax = 0").label("is_new")
    )
)
DISCARD: Final = prepare(
    delete(drafts).where(
        scoped(drafts), drafts.c.copy_id == bindparam("copy", type_=Uuid()),
        drafts.c.writer == bindparam("whose", type_=Uuid()), drafts.c.participant_id == bindparam("hers", type_=Uuid()),
    )
)  # fmt: skip
OF_WRITER: Final = prepare(
    delete(drafts)
    .where(
        scoped(drafts), drafts.c.writer == bindparam("whose", type_=Uuid()),
        drafts.c.participant_id == bindparam("hers", type_=Uuid()),
    )
    .returning(*drafts.c)
)  # fmt: skip
ADD: Final = prepare(insert(drafts))
CODE: Final = prepare(
    select(participants.c.code).where(scoped(participants), participants.c.id == bindparam("hers", type_=Uuid()))
)
_old = (scoped(drafts), drafts.c.saved_at < bindparam("before"))
FORGET: Final = prepare(delete(drafts).where(*_old))
OLD: Final = prepare(select(func.count()).where(*_old))


class FormUnknown(Invalid):
    """No room has such a form, so that nothing typed in it is kept."""

    code = "draft_form_unknown"
    message = msg("Nothing is kept of such a form.")


class DraftUnknown(NotFound):
    """You have no such draft about her."""


async def save_draft(ctx: Context, code: str, copy: UUID, posted: FileDraftPosted) -> FileDraftSaved:
    """Keeps what stands in a form now, in the place of what this copy of it held before.

    What the actor may not write about her is not kept, and is named. Raises `FormUnknown`, `ParticipantUnknown`.
    """
    form = forms_of(ctx).get(posted.form)
    if form is None:
        raise FormUnknown(errors=[Problem(FormUnknown.message, path="form")])
    classes = sorted({known for name in posted.values if (known := form.class_of(name)) is not None})
    kept: set[str] = set()
    for purpose in await purposes_for(ctx, None):
        if kept.issuperset(classes):
            break
        reader = await read_for(ctx, purpose)
        for information in classes:
            if information not in kept and await _save(ctx, code, copy, posted, information, reader):
                kept.add(information)
    if not kept:
        raise ParticipantUnknown
    missing = [name for name in posted.values if form.class_of(name) not in kept]
    return FileDraftSaved(copy, ctx.now, missing)


async def _save(ctx: Context, code: str, copy: UUID, posted: FileDraftPosted, information: str, reader: Any) -> bool:
    form = forms_of(ctx)[posted.form]
    hers = {name: text for name, text in posted.values.items() if form.class_of(name) == information}
    normalized = normalize_readable_code(code)
    id = _id_of(ctx, ctx.actor.id, normalized, copy, posted.form, information)
    found = await ctx.db.all(
        SAVE, id=id, writer=ctx.actor.id, copy_id=copy, form=posted.form, about=posted.about, information=information,
        base=posted.base, number=posted.number, body=ctx.keys.seal("drafts", id, "body", msgspec.json.encode(hers)),
        saved_at=ctx.now, dated_on=ctx.today, mark=ctx.keys.blind("participant", normalized), **reader,
    )  # fmt: skip
    for participant, is_new in found:
        if is_new:
            details = {"copy": str(copy), "form": posted.form}
            await audit.record(ctx, "draft.begun", subject=("participant", participant), details=details)
    return bool(found)


async def discard_draft(ctx: Context, access: ParticipantAccess, copy: UUID) -> None:
    """Deletes a draft of the actor's. Raises `DraftUnknown`, also for a colleague's."""
    if not await finish_draft(ctx, access, copy):
        raise DraftUnknown
    await audit.record(ctx, "draft.discarded", subject=("participant", access.id), details={"copy": str(copy)})


async def finish_draft(ctx: Context, access: ParticipantAccess, copy: UUID) -> bool:
    """Deletes a draft whose words were sent. A room calls this in the transaction in which it writes them."""
    async with as_system(ctx):
        return bool(await ctx.db.run(DISCARD, copy=copy, whose=ctx.actor.id, hers=access.id))


async def hand_on(ctx: Context, participant: UUID, *, giver: UUID, taker: UUID) -> int:
    """Gives what a worker began to write about her to the worker who follows her next; returns how many drafts.

    What the next worker may not read is not offered to her either. The transaction must be the system's.
    """
    copies: dict[UUID, UUID] = {}
    code = ""
    for found in await ctx.db.all(OF_WRITER, whose=giver, hers=participant):
        row = dict(zip(drafts.c.keys(), found, strict=True))
        if not code:
            sealed = await ctx.db.scalar(CODE, hers=participant)
            code = normalize_readable_code(ctx.keys.open("participants", participant, "code", sealed).decode())
        copy = copies.setdefault(row["copy_id"], uuid4())
        id = _id_of(ctx, taker, code, copy, row["form"], row["information"])
        body = ctx.keys.seal("drafts", id, "body", ctx.keys.open("drafts", row["id"], "body", row["body"]))
        values = {**row, "id": id, "writer": taker, "copy_id": copy, "body": body}
        await ctx.db.run(ADD, **{name: value for name, value in values.items() if name != "tenant_id"})
    if copies:
        details = {"drafts": len(copies), "from": str(giver), "to": str(taker)}
        await audit.record(ctx, "drafts.handed_on", subject=("participant", participant), details=details)
    return len(copies)


def _id_of(ctx: Context, writer: UUID | None, code: str, copy: UUID, form: str, information: str) -> UUID:
    return UUID(bytes=ctx.keys.blind("draft", f"{writer} {code} {copy} {form} {information}")[:16])


async def forget_old(ctx: Context) -> int:
    """Deletes the drafts whose deadline has come; returns how many rows. The transaction must be the system's."""
    kept_for = dt.timedelta(days=ctx.settings("participants", Settings).draft_days)
    return await ctx.db.run(FORGET, before=ctx.now - kept_for)


async def count_old(ctx: Context, within: dt.timedelta) -> int:
    """Returns how many drafts `forget_old` would delete by then. The transaction must be the system's."""
    kept_for = dt.timedelta(days=ctx.settings("participants", Settings).draft_days)
    return int(await ctx.db.scalar(OLD, before=ctx.now + within - kept_for))

"""Says that somebody has a form of a participant's file open: for half a minute, without a word and without a lock.

It comes again every few seconds, so it is one statement and no entry in the trail; nothing about her is read by it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, DateTime, LargeBinary, Text, Uuid, bindparam, case, select
from sqlalchemy.dialects.postgresql import insert

from spheres_core.consents.queries.readable import permitted
from spheres_core.consents.queries.reader import as_system, read_for
from spheres_core.foundation.content.readable_codes import normalize_readable_code
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import TENANT, prepare, scoped
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.models import ParticipantRow
from spheres_core.participants.queries.access import ParticipantUnknown, purposes_for
from spheres_core.participants.queries.presence import information_of, open_forms, presence_of
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.presence import OpenForm, Presence

participants = table(ParticipantRow)
SAID_AGAIN: Final = dt.timedelta(seconds=30)
"""How long it holds after a script says that the form is open; `static/presence.js` says so every 20 seconds."""
OPENED: Final = dt.timedelta(minutes=5)
"""How long it holds after a page was opened by a browser without JavaScript, which says nothing more."""
_given: Final[dict[str, Any]] = {
    "id": Uuid(), "writer": Uuid(), "section": Text(), "about": Uuid(), "information": Text(),
    "opened_at": DateTime(timezone=True), "until": DateTime(timezone=True), "dated_on": Date(),
}  # fmt: skip
_values: Final = {name: bindparam(name, type_=kind) for name, kind in _given.items()}
_whose = (
    select(bindparam(TENANT, type_=Uuid()), participants.c.id, *_values.values())
    .where(scoped(participants), participants.c.code_mark == bindparam("mark", type_=LargeBinary()))
    .where(permitted(participants.c.id, _values["information"], _values["dated_on"]))
)
_insert = insert(open_forms).from_select(["tenant_id", "participant_id", *_given], _whose)
_goes_on = open_forms.c.until > _insert.excluded.opened_at
SAY: Final = prepare(
    _insert.on_conflict_do_update(
        index_elements=["tenant_id", "id"],
        set_={
            "opened_at": case((_goes_on, open_forms.c.opened_at), else_=_insert.excluded.opened_at),
            "until": _insert.excluded.until,
            "dated_on": _insert.excluded.dated_on,
        },
    ).returning(open_forms.c.participant_id)
)
FORGET: Final = "SELECT forget_closed_forms($1)"


async def say_open(ctx: Context, code: str, form: OpenForm) -> Presence:
    """Says for half a minute that the actor has a form open, and returns who else has.

    Raises `SectionUnknown`, and `ParticipantUnknown` where she may not read there now.
    """
    for purpose in await purposes_for(ctx, None):
        reader = await read_for(ctx, purpose)
        participant = await _say(ctx, code, form, reader, SAID_AGAIN)
        if participant is not None:
            return await presence_of(ctx, participant, reader, form)
    raise ParticipantUnknown


async def say_opened(ctx: Context, access: ParticipantAccess, form: OpenForm) -> Presence:
    """Says that the actor opened a page with a form, and returns who else has it open."""
    await _say(ctx, access.code, form, access.reader, OPENED)
    return await presence_of(ctx, access.id, access.reader, form)


async def _say(ctx: Context, code: str, form: OpenForm, reader: Mapping[str, Any], lasts: dt.timedelta) -> UUID | None:
    """Returns the participant; None where the actor may not read that section of her file now.

    The statement decides by her reading alone: whoever takes the steps of a participation may not write there.
    """
    information, normalized = information_of(ctx, form.section), normalize_readable_code(code)
    id = ctx.keys.blind("open form", f"{ctx.actor.id} {normalized} {form.section} {form.about}")[:16]
    async with as_system(ctx):
        found: UUID | None = await ctx.db.scalar(
            SAY, id=UUID(bytes=id), writer=ctx.actor.id, section=form.section, about=form.about,
            information=information, opened_at=ctx.now, until=ctx.now + lasts, dated_on=ctx.today,
            mark=ctx.keys.blind("participant", normalized), **reader,
        )  # fmt: skip
    return found


async def forget_closed(database: Database, now: dt.datetime) -> None:
    """Deletes what holds no more, in one statement for all tenants."""
    await database.ask_alone(FORGET, now)

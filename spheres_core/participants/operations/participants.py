"""Gives a young person a code and a place for what is recorded about her."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.foundation.content.readable_codes import new_readable_code, normalize_readable_code
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import prepare
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.models import ParticipantRow

participants = table(ParticipantRow)
ADD = prepare(insert(participants))


class NewParticipant(Struct, frozen=True):
    """A participant and the code by which colleagues know her."""

    id: UUID
    code: str


async def add_participant(ctx: Context, code: str = "") -> NewParticipant:
    """Adds a participant with a random code, known to nobody yet: whoever may read is decided by `consents`.

    `code`: one that was drawn before, and that nobody has. The transaction must be the system's
    (`consents.queries.reader.read_as_system`).
    """
    id, code = uuid7(), code or new_readable_code()
    added = ADD.of(
        id=id,
        code=ctx.keys.seal("participants", id, "code", code),
        code_mark=ctx.keys.blind("participant", normalize_readable_code(code)),
        dated_on=ctx.today,
        goes_on_elsewhere=False,
    )
    await audit.record(ctx, "participant.added", subject=("participant", id), doing=[added])
    return NewParticipant(id, code)

"""Reads how a participant can safely be reached."""

from __future__ import annotations

import msgspec
from msgspec import Struct
from sqlalchemy import Uuid, bindparam, select

from spheres_core.consents.queries.readable import permitted
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.models import SafeContactRow
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.safe_contact import SafeContact, StoredSafeContact

safe_contacts = table(SafeContactRow)
LATEST = prepare(
    select(*(safe_contacts.c[name] for name in StoredSafeContact.__struct_fields__))
    .where(
        scoped(safe_contacts),
        permitted(safe_contacts.c.participant_id, "safe_contact", safe_contacts.c.dated_on),
        safe_contacts.c.participant_id == bindparam("participant", type_=Uuid()),
    )
    .order_by(safe_contacts.c.version.desc())
    .limit(1),
    into=StoredSafeContact,
)


class KeptSafeContact(Struct, frozen=True):
    """The latest version of a safe contact, unsealed."""

    row: StoredSafeContact
    record: SafeContact


async def latest(ctx: Context, access: ParticipantAccess) -> KeptSafeContact | None:
    """Returns her safe contact as the caller may read it; None when nothing is kept."""
    row = await ctx.db.one_or_none(LATEST, participant=access.id, **access.reader)
    if row is None:
        return None
    content = ctx.keys.open("safe_contacts", row.id, "content", row.content)
    return KeptSafeContact(row, msgspec.json.decode(content, type=SafeContact))

"""Reads how a participant can safely be reached."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from spheres_core.consents.queries.readable import permitted
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants import safe_contact as rule
from spheres_core.participants.contact_texts import proofread_texts
from spheres_core.participants.models import SafeContactRow
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.safe_contact import (
    Channel,
    ContactAllowed,
    ContactAsked,
    ContactRefused,
    SafeContact,
    StoredSafeContact,
    Texts,
)
from spheres_core.participants.settings import Settings

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
LATEST_OF = prepare(
    select(safe_contacts.c.participant_id, safe_contacts.c.id, safe_contacts.c.content)
    .where(
        scoped(safe_contacts),
        permitted(safe_contacts.c.participant_id, "safe_contact", safe_contacts.c.dated_on),
        safe_contacts.c.participant_id == any_(bindparam("participants", type_=ARRAY(Uuid()))),
    )
    .ext(distinct_on(safe_contacts.c.participant_id))
    .order_by(safe_contacts.c.participant_id, safe_contacts.c.version.desc())
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


async def latest_of(ctx: Context, reader: Mapping[str, Any], participants: Sequence[UUID]) -> dict[UUID, SafeContact]:
    """Returns by participant her safe contact, as far as the reader may read it, in one statement for all of them."""
    return {
        her: msgspec.json.decode(ctx.keys.open("safe_contacts", id, "content", content), type=SafeContact)
        for her, id, content in await ctx.db.all(LATEST_OF, participants=list(participants), **reader)
    }


def may_reach(
    ctx: Context, record: SafeContact | None, channel: Channel, at: dt.datetime, *, texts: Texts | None = None
) -> ContactAllowed | ContactRefused:
    """Decides whether she may be reached by a channel at a moment, and what can be noted of it.

    `texts`: from `texts_of`, for who asks often.
    """
    asked = asked_of(ctx, record, channel, at)
    texts = texts_of(ctx) if texts is None else texts
    return rule.may_reach(record, asked, confirmed_for=confirmed_for(ctx), texts=texts)


def asked_of(ctx: Context, record: SafeContact | None, channel: Channel, at: dt.datetime) -> ContactAsked:
    """Returns a contact that is about to be made, in the language in which she is written to."""
    said = record.language if record and record.language else ctx.tenant.languages[0]
    return ContactAsked(channel, at.astimezone(ctx.zone), language=said)


def texts_of(ctx: Context) -> Texts:
    """Returns the proofread texts in the region's languages."""
    return proofread_texts(ctx.locales.locale(tag) for tag in ctx.tenant.languages)


def confirmed_for(ctx: Context) -> dt.timedelta:
    """Returns how long it counts in this region that she confirmed a channel."""
    return dt.timedelta(days=ctx.settings("participants", Settings).safe_contact_days)

"""Queries for the files of a referral: which there are, and one with its content, whose opening is in the trail."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ARRAY, LargeBinary, Uuid, any_, bindparam, select

from spheres_core.audit import operations as audit
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals.models import ReferralAttachment
from spheres_core.referrals.schemas import AttachmentRead

TABLE = "referral_attachments"

attachments = table(ReferralAttachment)


class AttachmentUnknown(NotFound):
    """This referral has no such file."""

    code = "attachment_unknown"


class StoredAttachment(Struct, frozen=True):
    """A file's row without its content."""

    id: UUID
    question: str
    media_type: str
    size: int
    name: bytes


class OpenedAttachment(Struct, frozen=True):
    """A file, opened for somebody who may read the referral."""

    name: str
    media_type: str
    content: bytes


class WaitingAttachment(Struct, frozen=True):
    """A file that waits for its referral."""

    id: UUID
    form: str
    question: str
    handle_mark: bytes
    name: bytes
    expires_at: dt.datetime | None


class _Content(Struct, frozen=True):
    media_type: str
    name: bytes
    content: bytes


class _Name(Struct, frozen=True):
    id: UUID
    name: bytes


OF_ONE = prepare(
    select(*(attachments.c[name] for name in StoredAttachment.__struct_fields__))
    .where(scoped(attachments), attachments.c.referral_id == bindparam("id"))
    .order_by(attachments.c.id),
    into=StoredAttachment,
)
NAMES = prepare(
    select(attachments.c.id, attachments.c.name).where(
        scoped(attachments), attachments.c.referral_id == any_(bindparam("referrals", type_=ARRAY(Uuid())))
    ),
    into=_Name,
)
CONTENT = prepare(
    select(*(attachments.c[name] for name in _Content.__struct_fields__)).where(
        scoped(attachments), attachments.c.referral_id == bindparam("referral"), attachments.c.id == bindparam("which")
    ),
    into=_Content,
)
_waiting = select(*(attachments.c[name] for name in WaitingAttachment.__struct_fields__)).where(
    scoped(attachments),
    attachments.c.handle_mark == any_(bindparam("marks", type_=ARRAY(LargeBinary()))),
    attachments.c.referral_id.is_(None),
    attachments.c.expires_at > bindparam("now"),
)
WAITING = prepare(_waiting, into=WaitingAttachment)
WAITING_LOCKED = prepare(_waiting.with_for_update(), into=WaitingAttachment)


async def waiting_names(ctx: Context, handles: Sequence[str]) -> dict[str, str]:
    """Returns the names of files that wait for their referral, by their handles."""
    marks = {handle_mark(ctx, handle): handle for handle in handles}
    found = await ctx.db.all(WAITING, marks=list(marks), now=ctx.now) if marks else []
    return {marks[each.handle_mark]: ctx.keys.open(TABLE, each.id, "name", each.name).decode() for each in found}


async def attachment_names(ctx: Context, referrals: Sequence[UUID]) -> dict[str, str]:
    """Returns the names of the files of some referrals, by their ids."""
    found = await ctx.db.all(NAMES, referrals=list(referrals)) if referrals else []
    return {str(each.id): ctx.keys.open(TABLE, each.id, "name", each.name).decode() for each in found}


async def open_attachment(ctx: Context, referral_id: UUID, id: UUID) -> OpenedAttachment:
    """Returns a file of a referral; that it was opened is written in the trail. Raises `AttachmentUnknown`."""
    found = await ctx.db.one_or_none(CONTENT, referral=referral_id, which=id)
    if found is None:
        raise AttachmentUnknown
    await audit.record(
        ctx, "referral.attachment_opened", subject=("referral", referral_id), details={"attachment": str(id)}
    )
    name = ctx.keys.open(TABLE, id, "name", found.name).decode()
    return OpenedAttachment(name, found.media_type, ctx.keys.open(TABLE, id, "content", found.content))


def opened(ctx: Context, stored: StoredAttachment) -> AttachmentRead:
    """Returns what is said of a file."""
    name = ctx.keys.open(TABLE, stored.id, "name", stored.name).decode()
    return AttachmentRead(stored.id, stored.question, name, stored.media_type, stored.size)


def handle_mark(ctx: Context, handle: str) -> bytes:
    """Returns the keyed hash under which a waiting file is found; the handle itself is kept nowhere."""
    return ctx.keys.blind("attachment handle", handle)

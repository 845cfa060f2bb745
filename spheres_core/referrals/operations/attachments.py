"""Operations on files that are given as answers: keep one until its referral comes, and give it to that referral.

A file waits, sealed, under a handle that only its sender knows. The first referral that names the handle among its
answers claims the file; one that nobody claims goes after two hours.
"""

import base64
import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, null, select
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.facts import Message, Problem, msg
from spheres_core.forms.attachments.answered_files import AnsweredFile, answered_files, with_files
from spheres_core.forms.attachments.cleaning import FileRefused, clean_file
from spheres_core.forms.schemas import ATTACHMENTS, Form, Question, is_never_asked
from spheres_core.forms.settings import Settings
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import BoundStatement, prepare, scoped
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals.queries.attachments import TABLE, WAITING_LOCKED, attachments, handle_mark
from spheres_core.referrals.schemas import AttachmentKept

WAITS: Final = dt.timedelta(hours=2)
"""Time in which a referral may claim a file."""
MOST_WAITING: Final = 200_000_000
"""Bytes of one region's files that wait; more are refused until some are claimed or gone."""
NOT_ASKED: Final = msg("No file is asked for here.")
TOO_MANY_WAITING: Final = msg("Too many files are being sent just now. Please try again later, or send it without.")
GONE: Final = msg("This file is not here any more. Please choose it again.")
_NUMBER: Final = re.compile(r"\[[0-9]{1,5}\]")

FORGET = prepare(
    attachments.delete().where(
        scoped(attachments), attachments.c.referral_id.is_(None), attachments.c.expires_at <= bindparam("now")
    )
)
WAITING_BYTES = prepare(
    select(func.coalesce(func.sum(attachments.c.size), 0)).where(
        scoped(attachments), attachments.c.referral_id.is_(None)
    )
)
KEEP = prepare(insert(attachments).on_conflict_do_nothing(index_elements=["tenant_id", "handle_mark"]))
CLAIM = prepare(
    attachments.update()
    .where(
        scoped(attachments),
        attachments.c.id == any_(bindparam("claimed", type_=ARRAY(Uuid()))),
        attachments.c.referral_id.is_(None),
    )
    .values(referral_id=bindparam("referral", type_=Uuid()), expires_at=null())
)


class AttachmentRefused(Invalid):
    """A file cannot be kept; its problem names the question and says why."""

    code = "attachment_refused"


async def keep_attachment(
    ctx: Context, form: Form, path: str, data: bytes, name: str = "", *, once: str = ""
) -> AttachmentKept:
    """Keeps what may be kept of a file until its referral comes, and returns its handle. Raises `AttachmentRefused`.

    `path`: the question's, with the numbers of entries; `once`: the secret of the page that it was sent from, so that
    the same file sent twice is one.
    """
    try:
        return await _keep(ctx, form, path, data, name, once)
    except FileRefused as refused:
        problem = Problem(refused.message, path, refused.code)
        raise AttachmentRefused(refused.message, errors=[problem]) from None


async def _keep(ctx: Context, form: Form, path: str, data: bytes, name: str, once: str) -> AttachmentKept:
    question = _asked_question(form, path)
    settings = ctx.settings("forms", Settings)
    await forget_expired(ctx)
    if await ctx.db.scalar(WAITING_BYTES) + len(data) > MOST_WAITING:
        raise FileRefused(TOO_MANY_WAITING, "too_many_waiting")
    clean = await clean_file(data, name or question.name, question.kind, largest=settings.largest_attachment)
    handle = _handle(ctx, once, path, data) if once else secrets.token_urlsafe(32)
    id = uuid7()
    await ctx.db.run(
        KEEP,
        id=id,
        referral_id=None,
        form=form.key,
        question=question.path,
        handle_mark=handle_mark(ctx, handle),
        media_type=clean.kind.media_type,
        size=len(clean.content),
        name=ctx.keys.seal(TABLE, id, "name", clean.name),
        content=ctx.keys.seal(TABLE, id, "content", clean.content),
        sent_at=ctx.now,
        expires_at=ctx.now + WAITS,
    )
    await audit.record(ctx, "attachment.kept", subject=("attachment", id), details={"form": form.key})
    return AttachmentKept(handle, clean.name, clean.kind.media_type, len(clean.content), ctx.now + WAITS)


def _asked_question(form: Form, path: str) -> Question:
    question = form.question(_NUMBER.sub("", path))
    if question is None or question.kind not in ATTACHMENTS or is_never_asked(question):
        raise FileRefused(NOT_ASKED, "not_asked")
    return question


async def forget_expired(ctx: Context) -> int:
    """Deletes files that no referral has claimed in time, and returns how many went."""
    return await ctx.db.run(FORGET, now=ctx.now)


async def claim_attachments(
    ctx: Context, form: Form, referral_id: UUID, values: Mapping[str, Any]
) -> tuple[dict[str, Any], list[BoundStatement[Any]], list[Problem]]:
    """Returns the answers with ids in place of handles, the writes that give the files to the referral, and what
    stands against it. The files are locked: no other referral gets them meanwhile."""
    sent = answered_files(form, values)
    if not sent:
        return dict(values), [], []
    marks = {handle_mark(ctx, each.value): each for each in sent}
    rows = await ctx.db.all(WAITING_LOCKED, marks=list(marks), now=ctx.now)
    found = {each.handle_mark: each for each in rows if each.form == form.key}
    problems = [
        Problem(GONE, each.path, "attachment_gone")
        for each in sent
        if (row := found.get(handle_mark(ctx, each.value))) is None or row.question != each.question.path
    ]
    problems += _too_many(ctx, sent) or _twice(sent)
    ids = {marks[mark].value: str(row.id) for mark, row in found.items()}
    claim = CLAIM.of(claimed=[row.id for row in found.values()], referral=referral_id)
    return with_files(form, values, ids), [claim], problems


def _too_many(ctx: Context, sent: Sequence[AnsweredFile]) -> list[Problem]:
    most = ctx.settings("forms", Settings).attachments_each
    said: Message = msg("There are too many files: at most {most}.", most=most)
    return [Problem(said, each.path, "too_many") for each in sent[most:]]


def _twice(sent: Sequence[AnsweredFile]) -> list[Problem]:
    first = {each.value: each.path for each in reversed(sent)}
    return [Problem(GONE, each.path, "attachment_gone") for each in sent if first[each.value] != each.path]


def _handle(ctx: Context, once: str, path: str, data: bytes) -> str:
    """Returns the handle of a file sent from a page: only who knows the page's secret and the file can make it."""
    said = f"{once}\0{path}\0{hashlib.sha256(data).hexdigest()}"
    parts = [ctx.keys.blind(f"attachment of a page {number}", said) for number in (1, 2)]
    return base64.urlsafe_b64encode(b"".join(parts)).decode().rstrip("=")

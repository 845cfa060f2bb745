"""Receives inquiries, and notes what became of them."""

from uuid import UUID

import msgspec
from sqlalchemy import Text, any_, bindparam
from sqlalchemy.dialects.postgresql import ARRAY, insert

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.foundation.content.telephone_numbers import NOT_A_TELEPHONE, is_personal_telephone
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import Conflict, Invalid, NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.inquiries import queries
from spheres_core.inquiries.models import Inquiry
from spheres_core.inquiries.schemas import (
    LONGEST,
    NEXT,
    OPEN,
    InquiryPosted,
    InquiryRead,
    InquiryReceived,
)

inquiries = table(Inquiry)
ADD = prepare(insert(inquiries).on_conflict_do_nothing().returning(inquiries.c.id))
MOVE = prepare(
    inquiries.update()
    .where(scoped(inquiries), inquiries.c.id == bindparam("which"))
    .where(inquiries.c.state == any_(bindparam("come_from", type_=ARRAY(Text()))))
    .values(state=bindparam("to"), moved_at=bindparam("now"))
)


class InquiryInvalid(Invalid):
    """Something is missing or too long; `errors` name each place."""

    code = "inquiry_invalid"


class InquiryUnknown(NotFound):
    """No such inquiry."""


class StepNotOpen(Conflict):
    """The state of the inquiry is not one that this could follow."""

    code = "step_not_open"
    message = msg("This was changed in the meantime. Please look at it again.")


async def send_inquiry(ctx: Context, posted: InquiryPosted, *, form_token: bytes | None = None) -> InquiryReceived:
    """Stores an inquiry for the team. The same form token again is the same inquiry. Raises `InquiryInvalid`."""
    language = _check(ctx, posted)
    id = uuid7()
    words = {name: getattr(posted, name).strip() for name in LONGEST}
    sealed = ctx.keys.seal("inquiries", id, "words", msgspec.json.encode(words))
    stored = await ctx.db.run(
        ADD, id=id, state=OPEN, language=language, words=sealed, slip=form_token, received_at=ctx.now, moved_at=ctx.now
    )
    if stored:
        await audit.record(ctx, "inquiry.received", subject=("inquiry", id))
    return InquiryReceived(OPEN)


async def move_inquiry(ctx: Context, id: UUID, to: str) -> InquiryRead:
    """Notes that an inquiry was answered or closed, or opens it again. Raises `InquiryUnknown`, `StepNotOpen`."""
    come_from = [state for state, following in NEXT.items() if to in following]
    moved = await ctx.db.run(MOVE, which=id, to=to, come_from=come_from, now=ctx.now)
    found = await queries.inquiry(ctx, id)
    if found is None:
        raise InquiryUnknown
    if not moved:
        raise StepNotOpen
    await audit.record(ctx, "inquiry.moved", subject=("inquiry", id), details={"to": to})
    return found


def _check(ctx: Context, posted: InquiryPosted) -> str:
    """Returns the tag of the language in which to answer. Raises `InquiryInvalid`."""
    problems = []
    for name, most in LONGEST.items():
        given = getattr(posted, name).strip()
        if not given and name not in ("email", "phone"):
            problems.append(Problem(msg("Please fill this in."), path=name, code="required"))
        elif len(given) > most:
            message = msg("This has at most {most} characters.", most=most)
            problems.append(Problem(message, path=name, code="too_long"))
    if not posted.email.strip() and not posted.phone.strip():
        message = msg("Please give an e-mail or a telephone number, so that we can answer.")
        problems.append(Problem(message, path="email", code="required"))
    elif posted.email.strip() and "@" not in posted.email:
        problems.append(Problem(msg("This is not an e-mail address."), path="email", code="email"))
    if posted.phone.strip() and not is_personal_telephone(posted.phone):
        problems.append(Problem(NOT_A_TELEPHONE, path="phone", code="phone"))
    wanted = posted.language.lower()
    tags = [tag for tag in ctx.tenant.languages if wanted in ("", tag.lower(), tag.partition("-")[0].lower())]
    if not tags:
        problems.append(Problem(msg("This region does not have that language."), path="language", code="language"))
    if problems:
        raise InquiryInvalid(errors=problems)
    return tags[0] if wanted else ctx.locale.tag

"""Operations of the desk: take a request, answer it, close it."""

from uuid import UUID

from sqlalchemy import Text, bindparam
from sqlalchemy.dialects.postgresql import ARRAY

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import ChangedMeanwhile, Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.support.models import AdviceRequest
from spheres_core.support.operations.closed_requests import CLOSE
from spheres_core.support.queries import advice as queries
from spheres_core.support.queries.library import named_tools
from spheres_core.support.schemas.advice import ANSWERED, ASSIGNED, LONGEST_REPLY, AnswerKind, ReplyPosted
from spheres_core.support.steps import steps

requests = table(AdviceRequest)
TAKE = prepare(
    requests.update()
    .where(scoped(requests), requests.c.id == bindparam("which"))
    .values(
        state=bindparam("to"),
        assignee_id=bindparam("assignee"),
        moved_at=bindparam("now"),
        version=requests.c.version + 1,
    )
)
REPLY = prepare(
    requests.update()
    .where(scoped(requests), requests.c.id == bindparam("which"))
    .values(
        state=ANSWERED,
        assignee_id=bindparam("assignee"),
        answered_at=bindparam("now"),
        answered_how=bindparam("how"),
        reply=bindparam("sealed"),
        tools=bindparam("named", type_=ARRAY(Text())),
        moved_at=bindparam("now"),
        version=requests.c.version + 1,
    )
)


class ReplyMissing(Invalid):
    """An answer needs some words, and not too many."""

    code = "reply_missing"
    message = msg("Please write the answer.")


class ToolNotThere(Invalid):
    """A tool that is not in the library, or no longer."""

    code = "tool_not_there"
    message = msg("Choose tools of the library.")


class ActNotOpen(Conflict):
    """The request is in a state in which this cannot be done."""

    code = "act_not_open"
    message = msg("This was changed in the meantime. Please look at it again.")


async def take_advice(ctx: Context, id: UUID, version: int) -> None:
    """Notes that whoever acts takes care of a request. Raises `AdviceUnknown`, `ActNotOpen`, `ChangedMeanwhile`."""
    await _open_for(ctx, id, version, "take")
    taking = TAKE.of(which=id, to=ASSIGNED, assignee=ctx.actor.id, now=ctx.now)
    await audit.record(ctx, "advice.taken", subject=("advice", id), doing=[taking])


async def answer_advice(ctx: Context, id: UUID, posted: ReplyPosted) -> None:
    """Writes the answer, which who asked reads with the tracking code. Raises as `take_advice`, and
    `ReplyMissing`, `ToolNotThere`."""
    found = await _open_for(ctx, id, posted.version, "answer", posted.reply)
    words = posted.reply.strip()
    if not words or len(words) > LONGEST_REPLY:
        raise ReplyMissing(errors=[Problem(ReplyMissing.message, path="reply", code="required")])
    if len(await named_tools(ctx, posted.tools)) < len(set(posted.tools)):
        raise ToolNotThere(errors=[Problem(ToolNotThere.message, path="tools", code="unknown")])
    how: AnswerKind = posted.how
    sealed = ctx.keys.seal("advice_requests", id, "reply", words)
    writing = REPLY.of(which=id, assignee=found.assignee_id or ctx.actor.id, how=how, sealed=sealed, named=posted.tools,
                       now=ctx.now)  # fmt: skip
    await audit.record(ctx, "advice.answered", subject=("advice", id), details={"how": how}, doing=[writing])


async def close_advice(ctx: Context, id: UUID, version: int) -> None:
    """Closes a request and deletes what was typed. Raises what `take_advice` does."""
    await _open_for(ctx, id, version, "close")
    await audit.record(ctx, "advice.closed", subject=("advice", id), doing=[CLOSE.of(which=id, now=ctx.now)])


async def _open_for(ctx: Context, id: UUID, version: int, act: str, reply: str = "") -> queries.AdviceRow:
    found = await queries.find_advice(ctx, id, lock=True)
    if act not in steps(found.state):
        raise ActNotOpen
    if found.version != version:
        theirs = {"state": found.state, "reply": queries.reply_of(ctx, found), "version": found.version}
        raise ChangedMeanwhile(extra={"yours": {"act": act, "reply": reply}, "theirs": theirs})
    return found

"""Takes her answer to a first text. Only after her word more may be sent; the words of the answer are kept nowhere."""

from __future__ import annotations

from typing import Final

from msgspec import structs

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants import safe_contact as rule
from spheres_core.participants.operations import safe_contact as safe_contact_operations
from spheres_core.participants.operations.safe_contact import ChannelUnknown
from spheres_core.participants.queries import safe_contact as queries
from spheres_core.participants.queries.access import require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.safe_contact import WRITTEN, Channel, FirstTextAnswerRead, TitledCode

OTHERWISE: Final = "another_time"
"""The one text that may follow any other answer than her word, whichever it was: who reads along sees no difference."""


class AnswerMissing(Invalid):
    """Nothing was typed."""

    code = "answer_missing"
    message = msg("Write what was answered.")


async def take_answer(ctx: Context, access: ParticipantAccess, channel: Channel, said: str) -> FirstTextAnswerRead:
    """Tells what may be sent after her answer, at this moment. Any other than her word is told to coordinators.

    The word for being watched closes the channel until she confirms it again.
    Raises `ChannelUnknown`, `AnswerMissing`, `SafeContactChanged`, `ParticipantUnknown`.
    """
    for act in ("read", "write"):
        require_class(ctx, access, "safe_contact", act=act)
    kept = await queries.latest(ctx, access)
    contact = rule.find_channel(kept.record, channel) if kept else None
    if kept is None or contact is None or channel not in WRITTEN:
        raise ChannelUnknown(errors=[Problem(ChannelUnknown.message, path="channel")])
    reply = rule.reply_of(contact, said)
    if reply == "none":
        raise AnswerMissing(errors=[Problem(AnswerMissing.message, path="said")])
    texts, asked = queries.texts_of(ctx), queries.asked_of(ctx, kept.record, channel, ctx.now)
    sendable = rule.sendable_texts(
        kept.record, structs.replace(asked, reply=reply), confirmed_for=queries.confirmed_for(ctx), texts=texts
    )
    if reply != "right":
        sendable = tuple(code for code in sendable if code == OTHERWISE)
    if reply == "duress":
        await safe_contact_operations.confirm(ctx, access, channel, safe=False, version=kept.row.version)
    verb = "first_text.answered" if reply == "right" else "first_text.answered_otherwise"
    await audit.record(ctx, verb, subject=("participant", access.id), details={"channel": channel, "reply": reply})
    return FirstTextAnswerRead(
        channel, reply, [TitledCode(code, texts[code][asked.language]) for code in sendable], asked.language
    )

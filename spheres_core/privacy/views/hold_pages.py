"""Values of the page of what holds erasures, with its form."""

from typing import Any, Final
from uuid import UUID

from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.privacy.operations.erasure_holds import HoldInvalid
from spheres_core.privacy.queries.erasure_holds import list_holds
from spheres_core.privacy.schemas.erasure_holds import LONGEST, HoldLifted, HoldPosted, HoldReviewed
from spheres_core.support.operations.word_checks import IdentifiersFound
from spheres_core.support.views.form_fields import field, filled, problem_list
from spheres_core.support.views.marked_places import marked

LONGEST_CODE: Final = 40
DONE: Final[dict[str, Message]] = {
    "place": msg("From now on, this is not erased."),
    "review": msg("It is noted until when it holds on."),
    "lift": msg("It is lifted. Nothing was erased by that."),
}
"""The line above the page after each act."""

NOTHING_THERE: Final = msg("There is no file with this code here, and no referral with this address.")


async def holds_view(
    ctx: Context, *, cursor: str = "", done: str = "", sent: Post | None = None, refusal: Refusal | None = None
) -> dict[str, Any]:
    """Returns the values of `privacy/erasure_holds.html`; with a refusal what was typed and why it was not kept."""
    placing = sent if sent is not None and sent["act"] == "place" else None
    by = filled(ctx, placing, refusal if placing else None)
    fields = [
        field(ctx, by, "text", "which", msg("Which file, or which referral"), required=True, hint=msg(
            "The code of the file, such as KH4T-7R3X-8WPD; of a referral the last part of the address of its page."
            " Whoever coordinates can tell you. No name.")),
        field(ctx, by, "textarea", "reason", msg("Who asked for it, and why"), required=True, hint=msg(
            "Such as the kind of order and its date. No name and no code of anybody who is followed.")),
        field(ctx, by, "text", "review_on", msg("Look at it again on"), required=True, hint=msg("Such as 2026-03-31")),
    ]  # fmt: skip
    page, problems = await list_holds(ctx, cursor=cursor), problem_list(fields)
    told = next(iter(sent.problems.values()), None) if sent is not None and not placing else None
    first = refusal.errors[0].message if refusal and refusal.errors else None
    return {
        "title": ctx.locale.say(msg("Held erasures")),
        "holds": page.items,
        "next_cursor": page.next,
        "is_first": not cursor,
        "fields_of_form": fields,
        "problems": problems,
        "trouble": ctx.locale.say(told or first or refusal.message) if refusal and not problems else None,
        "found": marked(ctx, {"reason": sent["reason"]}, refusal) if placing and sent else [],
        "confirms": isinstance(refusal, IdentifiersFound),
        "done": ctx.locale.say(DONE[done]) if done in DONE else None,
    }


def hold_posted(sent: Post) -> HoldPosted:
    """Returns a hold as it was typed. Raises `HoldInvalid` with `sent.problems` filled."""
    on = sent.day("review_on")
    which = sent["which"].strip()
    try:
        referral = UUID(which)
    except ValueError:
        referral = None
    if not which or (len(which) > LONGEST_CODE and referral is None):
        sent.problems["which"] = NOTHING_THERE
    if not sent["reason"].strip():
        sent.problems["reason"] = msg("Say why.")
    if len(sent["reason"]) > LONGEST:
        sent.problems["reason"] = msg("This has at most {most} characters.", most=LONGEST)
    if sent.problems or on is None:
        raise HoldInvalid
    return HoldPosted(sent["reason"], on, referral, "" if referral else which, sent["_confirmed"] == "yes")


def hold_reviewed(sent: Post) -> HoldReviewed:
    """Returns until when it holds on. Raises `HoldInvalid` with `sent.problems` filled."""
    on = sent.day("review_on")
    if on is None:
        raise HoldInvalid
    return HoldReviewed(sent.version(), on)


def hold_lifted(sent: Post) -> HoldLifted:
    """Returns that it is lifted."""
    return HoldLifted(sent.version())

"""Pages of her safe contact: how she can be reached, by channel, and the question whether it still is safe."""

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Response

from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.confirmations import done_address
from spheres_core.foundation.web.form_posts import read_post
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.operations import first_text_answers
from spheres_core.participants.operations import safe_contact as operations
from spheres_core.participants.pages.drafts import finish, keep_if_asked
from spheres_core.participants.pages.files import ForPurpose, section_page
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries import safe_contact as queries
from spheres_core.participants.queries.access import find_for_caller, reaches, require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.presence import OpenForm
from spheres_core.participants.schemas.safe_contact import Channel, SafeContact
from spheres_core.participants.views import safe_contact_form
from spheres_core.participants.views.confirmations import say_done
from spheres_core.participants.views.draft_forms import AROUND_FORM, CHANNEL_FORMS
from spheres_core.participants.views.drafts import drafting_of
from spheres_core.participants.views.file_frame import OVERVIEW, sections_shown
from spheres_core.participants.views.safe_contact_page import (
    answer_page,
    around_page,
    channel_named,
    channel_page,
    safe_contact_page,
)

PAGE = "safe_contact"


@get("/staff/participants/{participant:str}/safe-contact", guards=[requires(READ)], name=PAGE)
async def safe_contact(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    for_purpose: ForPurpose = None,
    done: FromQuery[str] = "",
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant, for_purpose)
    require_class(ctx, access, "safe_contact")
    shown = await safe_contact_page(ctx, access, may_write=reaches(ctx, access, "safe_contact", act="write"))
    template = "participants/safe_contact.html"
    return await section_page(ctx, request_scope, access, template, page=PAGE, done=say_done(ctx, done), **shown)


@post("/staff/participants/{participant:str}/safe-contact", guards=[requires(READ)], name="confirm_safe_contact",
      status_code=303)  # fmt: skip
async def confirm(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    safe = sent["safe"] == "yes"
    try:
        await operations.confirm(ctx, access, channel_named(sent["channel"]), safe=safe, version=sent.version())
    except (Conflict, Invalid) as refusal:
        return await _show_not_confirmed(ctx, request_scope, access, refusal)
    return _done(ctx, request_scope, access, "confirmed" if safe else "closed", page=_page_named(ctx, sent["from"]))


@get("/staff/participants/{participant:str}/safe-contact/channels/{channel:str}", guards=[requires(READ)],
     name="safe_contact_channel")  # fmt: skip
async def channel_form(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], channel: FromPath[str]
) -> Response[bytes]:
    access = await find_for_caller(ctx, participant)
    require_class(ctx, access, "safe_contact", act="write")
    return await _show_channel(ctx, request_scope, access, channel_named(channel))


@post("/staff/participants/{participant:str}/safe-contact/channels/{channel:str}", guards=[requires(READ)],
      name="write_safe_contact_channel", status_code=303)  # fmt: skip
async def write_channel(
    ctx: Context,
    request_scope: RequestScope,
    participant: FromPath[str],
    channel: FromPath[str],
    request: Request[Any, Any, Any],
) -> Response[bytes]:
    access, sent, named = await find_for_caller(ctx, participant), await read_post(request), channel_named(channel)
    try:
        return await _keep_or_write_channel(ctx, request_scope, access, sent, named)
    except (Conflict, Invalid) as refusal:
        return await _show_channel(ctx, request_scope, access, named, sent=sent, refusal=refusal)


@get("/staff/participants/{participant:str}/safe-contact/around-her", guards=[requires(READ)],
     name="safe_contact_around")  # fmt: skip
async def around_form(ctx: Context, request_scope: RequestScope, participant: FromPath[str]) -> Response[bytes]:
    access = await find_for_caller(ctx, participant)
    require_class(ctx, access, "safe_contact", act="write")
    return await _show_around(ctx, request_scope, access)


@post("/staff/participants/{participant:str}/safe-contact/around-her", guards=[requires(READ)],
      name="write_safe_contact_around", status_code=303)  # fmt: skip
async def write_around(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        return await _keep_or_write_around(ctx, request_scope, access, sent)
    except (Conflict, Invalid) as refusal:
        return await _show_around(ctx, request_scope, access, sent=sent, refusal=refusal)


@post("/staff/participants/{participant:str}/safe-contact/answers", guards=[requires(READ)], name="answer_first_text",
      status_code=200)  # fmt: skip
async def take_answer(
    ctx: Context, request_scope: RequestScope, participant: FromPath[str], request: Request[Any, Any, Any]
) -> Response[bytes]:
    access, sent = await find_for_caller(ctx, participant), await read_post(request)
    try:
        found = await first_text_answers.take_answer(ctx, access, channel_named(sent["channel"]), sent["said"][:500])
    except (Conflict, Invalid) as refusal:
        return await _show_not_confirmed(ctx, request_scope, access, refusal)
    template, shown = "participants/first_text_answer.html", answer_page(ctx, found)
    return await section_page(ctx, request_scope, access, template, page=PAGE, **shown)


HANDLERS = (take_answer, safe_contact, confirm, channel_form, write_channel, around_form, write_around)


async def _keep_or_write_channel(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, sent: Post, named: Channel
) -> Response[bytes]:
    if kept := await keep_if_asked(ctx, request_scope, access, sent, CHANNEL_FORMS[named]):
        return kept
    await _write_channel(ctx, access, named, sent)
    await finish(ctx, access, sent)
    return _done(ctx, request_scope, access, "written")


async def _keep_or_write_around(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, sent: Post
) -> Response[bytes]:
    if kept := await keep_if_asked(ctx, request_scope, access, sent, AROUND_FORM):
        return kept
    record = await _record(ctx, access)
    written = safe_contact_form.around_of(sent, record, languages=ctx.tenant.languages)
    await _write(ctx, access, written, sent)
    await finish(ctx, access, sent)
    return _done(ctx, request_scope, access, "written")


async def _show_not_confirmed(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, refusal: Conflict | Invalid
) -> Response[bytes]:
    shown = await safe_contact_page(ctx, access, may_write=True)
    return await section_page(
        ctx, request_scope, access, "participants/safe_contact.html", page=PAGE, status=refusal.status,
        refused=ctx.locale.say(refusal.message), **shown,
    )  # fmt: skip


def _page_named(ctx: Context, name: str) -> str:
    """Returns the page of her file from which a form was sent."""
    pages = {OVERVIEW, *(each.shown.page for each in sections_shown(ctx) if each.shown)} - {""}
    return name if name in pages else PAGE


async def _write_channel(ctx: Context, access: ParticipantAccess, channel: Channel, sent: Post) -> None:
    record = await _record(ctx, access)
    if sent["act"] == "remove":
        written = safe_contact_form.without_channel(record, channel)
    else:
        before = next((each for each in record.channels if each.channel == channel), None)
        contact = safe_contact_form.channel_of(sent, channel, before, today=ctx.today, zone=ctx.zone)
        written = safe_contact_form.with_channel(record, contact)
    await _write(ctx, access, written, sent)


async def _write(ctx: Context, access: ParticipantAccess, written: SafeContact, sent: Post) -> None:
    """Writes a form that was sent. Raises `SafeContactInvalid` where it has problems, and what the operation raises."""
    require_class(ctx, access, "safe_contact", act="write")
    version = sent.version()
    if sent.problems:
        raise operations.SafeContactInvalid
    await operations.write_safe_contact(ctx, access, written, version=version)


async def _record(ctx: Context, access: ParticipantAccess) -> SafeContact:
    kept = await queries.latest(ctx, access)
    return kept.record if kept else SafeContact()


async def _show_channel(
    ctx: Context,
    request_scope: RequestScope,
    access: ParticipantAccess,
    channel: Channel,
    *,
    sent: Post | None = None,
    refusal: Conflict | Invalid | None = None,
) -> Response[bytes]:
    """Shows the form, with what stands against what was sent; that reading stays in the trail."""
    ctx.db.commit_on_refusal = refusal is not None
    drafting = await drafting_of(ctx, request_scope, access, CHANNEL_FORMS[channel], sent=sent)
    shown = await channel_page(ctx, access, channel, sent=drafting.sent, refusal=refusal, began_at=drafting.began_at)
    return await section_page(
        ctx, request_scope, access, "participants/safe_contact_channel.html", page=PAGE,
        status=refusal.status if refusal else 200, drafting=drafting,
        open_form=OpenForm("safe_contact"), **shown,
    )  # fmt: skip


async def _show_around(
    ctx: Context,
    request_scope: RequestScope,
    access: ParticipantAccess,
    *,
    sent: Post | None = None,
    refusal: Conflict | Invalid | None = None,
) -> Response[bytes]:
    ctx.db.commit_on_refusal = refusal is not None
    drafting = await drafting_of(ctx, request_scope, access, AROUND_FORM, sent=sent)
    shown = await around_page(ctx, access, sent=drafting.sent, refusal=refusal, began_at=drafting.began_at)
    return await section_page(
        ctx, request_scope, access, "participants/safe_contact_around.html", page=PAGE,
        status=refusal.status if refusal else 200, drafting=drafting,
        open_form=OpenForm("safe_contact"), **shown,
    )  # fmt: skip


def _done(
    ctx: Context, request_scope: RequestScope, access: ParticipantAccess, act: str, *, page: str = PAGE
) -> Response[bytes]:
    return rendering.go_to(done_address(rendering.place_of(ctx, request_scope, page, participant=access.code), act))

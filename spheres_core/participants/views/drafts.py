"""A form that keeps what is typed: what its writer began and did not send, and what she goes on with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qs, urlencode
from uuid import UUID, uuid4

import msgspec
from msgspec import Struct

from spheres_core.facts import Problem, msg
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.plugins.registrations import DayLine, DraftForm
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web import rendering
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.queries.drafts import forms_of, list_own, own_drafts, with_extra
from spheres_core.participants.schemas.drafts import FileDraft, FileDraftListed, FileDraftPosted, FileDrafts
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.settings import Settings

COPY: Final = "_draft"
"""The field with the number of this opening of the form."""
FORM: Final = "_draft_form"
"""The field with the name of the form."""
ABOUT: Final = "_draft_about"
"""The field with the record that is being changed."""
EARLIER: Final = "_draft_earlier"
"""The field with the number of the draft that she goes on with: this opening's takes its place."""
NUMBER: Final = "_draft_number"
"""The field in which the script goes on counting, so that what is kept for later counts as the newest."""
KEEP: Final = "_draft_keep"
"""The button that keeps the form for later."""


class DraftNotKept(Invalid):
    """Something that was typed may not be kept now."""

    code = "draft_not_kept"
    message = msg("This could not be kept for later. What you typed still stands here.")


class DraftOffer(Struct, frozen=True):
    """A draft that its writer may go on with."""

    copy: UUID
    saved_at: dt.datetime
    until: dt.date
    """The last day on which it is kept."""
    address: str
    """Where she goes on with it."""


class Drafting(Struct, frozen=True):
    """A form on a page of her file that keeps what is typed."""

    form: DraftForm
    about: UUID | None
    """The record that is being changed; None for a new one."""
    copy: UUID
    earlier: UUID | None
    taken: FileDraft | None
    """The draft that she goes on with, when the form is opened."""
    sent: Post | None
    """The fields where they differ from the record: as they came with a post, or with the draft."""
    offers: list[DraftOffer]
    """Others of this form, the last saved first."""
    closed: int
    """Drafts about her of which the reader may not read everything now."""
    api: str
    """The address of her drafts in the API; the number of one follows."""
    unsaved: bool
    """Whether the fields hold what came with a post."""

    @property
    def began_at(self) -> int | None:
        """Returns the version of the record when the draft was begun; None where she begins now."""
        return None if self.taken is None else self.taken.base


async def drafting_of(
    ctx: Context,
    request_scope: RequestScope,
    access: ParticipantAccess,
    form: DraftForm,
    *,
    about: UUID | None = None,
    sent: Post | None = None,
    also: Mapping[str, str] | None = None,
) -> Drafting:
    """Returns what a page with one form needs: what was `sent`, else the draft that the address names.

    With what was `sent` nothing is offered: it goes on being the same opening of the form. `also`: what stands in the
    form's address besides.
    """
    (found,) = await draftings_of(ctx, request_scope, access, [(form, about)], sent=sent, also=also)
    return found


async def draftings_of(
    ctx: Context,
    request_scope: RequestScope,
    access: ParticipantAccess,
    forms: Sequence[tuple[DraftForm, UUID | None]],
    *,
    sent: Post | None = None,
    also: Mapping[str, str] | None = None,
) -> list[Drafting]:
    """Returns what a page with several forms needs, in their order: each with the record that it is about."""
    own = FileDrafts([]) if sent is not None else await own_drafts(ctx, access)
    taken = parse_qs(request_scope.scope["query_string"].decode("latin-1")).get("draft", [""])[0]
    days = dt.timedelta(days=ctx.settings("participants", Settings).draft_days)
    made = []
    for form, about in forms:
        found = [each for each in own.drafts if each.form == form.name and each.about == about]
        goes_on = next((each for each in found if str(each.copy) == taken), None)
        of_this = sent if sent is not None and _is_of(sent, form, about) else None
        made.append(
            Drafting(
                form=with_extra(ctx, form),
                about=about,
                copy=(number_of(of_this, COPY) if of_this is not None else None) or uuid4(),
                earlier=number_of(of_this, EARLIER) if of_this is not None else goes_on.copy if goes_on else None,
                taken=goes_on,
                sent=of_this if of_this is not None else as_sent(goes_on) if goes_on else None,
                offers=[
                    DraftOffer(
                        each.copy,
                        each.saved_at,
                        (each.saved_at + days).astimezone(ctx.zone).date(),
                        address_of(
                            ctx,
                            request_scope,
                            form,
                            access.code,
                            about=about,
                            query={"draft": str(each.copy), **(also or {})},
                        ),
                    )
                    for each in found
                    if each is not goes_on
                ],
                closed=own.closed,
                api=f"{request_scope.prefix}/api/participants/{access.code}/drafts/",
                unsaved=of_this is not None,
            )
        )
    return made


def address_of(
    ctx: Context,
    request_scope: RequestScope,
    form: DraftForm,
    code: str,
    *,
    about: UUID | None = None,
    query: Mapping[str, str] | None = None,
) -> str:
    """Returns the address of a form. `query`: what stands in it besides."""
    page, place, found = _place_of(form, about)
    address = rendering.place_of(ctx, request_scope, page, participant=code, **place)
    query = {**(query or {}), **found}
    return f"{address}?{urlencode(query)}" if query else address


def _place_of(form: DraftForm, about: UUID | None) -> tuple[str, dict[str, Any], dict[str, str]]:
    """Returns the page of a form, the values of its address, and what stands in its query."""
    if about is None:
        return form.page, {**form.place}, {**form.query}
    if form.record_query:
        return form.record_page, {**form.place}, {form.record_query: str(about)}
    return form.record_page, {**form.place, "id": about}, {}


async def day_lines(ctx: Context) -> list[DayLine]:
    """Returns what the actor began and did not send, for her day: in which form, about whom and when."""
    forms = forms_of(ctx)
    return [_day_line(ctx, forms[each.form], each) for each in await list_own(ctx)]


def _day_line(ctx: Context, form: DraftForm, each: FileDraftListed) -> DayLine:
    kept = ctx.locale.time(each.saved_at, zone=ctx.zone)
    text = ctx.locale.say(msg("{form}, kept on {moment}", form=form.title, moment=kept))
    page, place, query = _place_of(form, each.about)
    return DayLine(each.participant, str(text), page, place, query=urlencode({"draft": str(each.copy), **query}))


def as_sent(draft: FileDraft) -> Post:
    """Returns a draft as if its form had been sent."""
    pairs: list[tuple[str, str]] = []
    for name, value in draft.values.items():
        pairs += [(name, each) for each in ([value] if isinstance(value, str) else value)]
    return Post(pairs)


def _is_of(sent: Post, form: DraftForm, about: UUID | None) -> bool:
    """Returns whether this form was sent, where a page has several."""
    return not sent[FORM] or (sent[FORM] == form.name and number_of(sent, ABOUT) == about)


def number_of(sent: Post, name: str) -> UUID | None:
    """Returns the number of a draft that a form brought along; None for anything else."""
    try:
        return UUID(sent[name])
    except ValueError:
        return None


def posted_of(ctx: Context, sent: Post, form: DraftForm, *, about: UUID | None) -> FileDraftPosted:
    """Returns a form that is to be kept for later, as it was sent. Raises `DraftNotKept`."""
    form = with_extra(ctx, form)
    several: dict[str, list[str]] = {}
    for name, text in sent.pairs:
        if form.class_of(name) is not None:
            several.setdefault(name, []).append(text.replace("\r\n", "\n"))
    values: dict[str, Any] = {name: found if len(found) > 1 else found[0] for name, found in several.items()}
    number = sent[NUMBER] if sent[NUMBER].isdecimal() else str(int(ctx.now.timestamp() * 1000))
    body = {
        "form": form.name,
        "values": values,
        "number": int(number[:17]),
        "about": str(about) if about else None,
        "base": sent.version(),
    }
    try:
        return msgspec.convert(body, FileDraftPosted)
    except msgspec.ValidationError:
        raise DraftNotKept from None


def not_kept(names: list[str]) -> DraftNotKept:
    """Returns the refusal that says at each field that it may not be kept."""
    return DraftNotKept(errors=[Problem(DraftNotKept.message, path=name) for name in names])

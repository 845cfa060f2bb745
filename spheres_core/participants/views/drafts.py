"""A form that keeps what is typed: what its writer began and did not send, and what she goes on with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID, uuid4

import msgspec
from msgspec import Struct

from spheres_core.facts import Problem, msg
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.plugins.registrations import DraftForm
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.participants.queries.drafts import own_drafts
from spheres_core.participants.schemas.drafts import FileDraft, FileDraftPosted
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.settings import Settings

COPY: Final = "_draft"
"""The field with the number of this opening of the form."""
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


class Drafting(Struct, frozen=True):
    """A form on a page of her file that keeps what is typed."""

    form: DraftForm
    about: UUID | None
    """The record that is being changed; None for a new one."""
    copy: UUID
    earlier: UUID | None
    taken: FileDraft | None
    """The draft that she goes on with, when the form is opened."""
    offers: list[DraftOffer]
    """Others of this form, the last saved first."""
    api: str
    """The address of her drafts in the API; the number of one follows."""
    query: str
    """The rest of the form's address."""
    unsaved: bool
    """Whether the fields hold what came with a post."""


async def drafting_of(
    ctx: Context,
    request_scope: RequestScope,
    access: ParticipantAccess,
    form: DraftForm,
    *,
    about: UUID | None = None,
    taken: str = "",
    sent: Post | None = None,
    also: Mapping[str, str] | None = None,
) -> Drafting:
    """Returns what a page needs for a form. `taken`: the number of the draft to go on with, as the address says it.

    With what was `sent` nothing is offered: it goes on being the same opening of the form.
    """
    found = [] if sent is not None else (await own_drafts(ctx, access)).drafts
    found = [each for each in found if each.form == form.name and each.about == about]
    goes_on = next((each for each in found if str(each.copy) == taken), None)
    days = dt.timedelta(days=ctx.settings("participants", Settings).draft_days)
    return Drafting(
        form=form,
        about=about,
        copy=(number_of(sent, COPY) if sent is not None else None) or uuid4(),
        earlier=number_of(sent, EARLIER) if sent is not None else goes_on.copy if goes_on else None,
        taken=goes_on,
        offers=[
            DraftOffer(each.copy, each.saved_at, (each.saved_at + days).astimezone(ctx.zone).date())
            for each in found
            if each is not goes_on
        ],
        api=f"{request_scope.prefix}/api/participants/{access.code}/drafts/",
        query=f"&{urlencode(also)}" if also else "",
        unsaved=sent is not None,
    )


def number_of(sent: Post, name: str) -> UUID | None:
    """Returns the number of a draft that a form brought along; None for anything else."""
    try:
        return UUID(sent[name])
    except ValueError:
        return None


def posted_of(ctx: Context, sent: Post, form: DraftForm, *, about: UUID | None) -> FileDraftPosted:
    """Returns a form that is to be kept for later, as it was sent. Raises `DraftNotKept`."""
    values: dict[str, Any] = {name: text.replace("\r\n", "\n") for name, text in sent.pairs if name in form.fields}
    number = sent[NUMBER] if sent[NUMBER].isdecimal() else str(int(ctx.now.timestamp() * 1000))
    body = {
        "form": form.name,
        "values": values,
        "number": int(number[:17]),
        "about": str(about) if about else None,
        "base": sent.whole("version", most=10**8) or 0,
    }
    try:
        return msgspec.convert(body, FileDraftPosted)
    except msgspec.ValidationError:
        raise DraftNotKept from None


def not_kept(names: list[str]) -> DraftNotKept:
    """Returns the refusal that says at each field that it may not be kept."""
    return DraftNotKept(errors=[Problem(DraftNotKept.message, path=name) for name in names])

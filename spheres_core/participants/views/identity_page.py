"""The page on which her identity is opened for one view, and the list of who opened whose."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import page_of
from spheres_core.foundation.web.posts import Post
from spheres_core.participants.operations.identity import IdentityChanged
from spheres_core.participants.queries import identity_openings
from spheres_core.participants.schemas.files import SaidBefore
from spheres_core.participants.schemas.identity import LEAST_REASON, Identity, IdentityRead
from spheres_core.staff.queries.members import list_members

LONGEST: Final = {"legal_name": 200, "chosen_name": 200, "pronouns": 60, "reason": 1000}
_TAG: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
ACTS: Final[dict[str, Message]] = {"read": msg("read"), "write": msg("changed")}


class OpeningShown(Struct, frozen=True):
    """One opening in the list of coordinators."""

    id: UUID
    code: str
    opened_at: dt.datetime
    who: str
    act: Text
    reason: str


def identity_page(
    ctx: Context,
    *,
    opened: IdentityRead | None = None,
    before: SaidBefore | None = None,
    reason: str = "",
    sent: Post | None = None,
    refusal: Refusal | None = None,
) -> dict[str, Any]:
    """Returns what `participants/identity.html` shows. `opened`: her identity, for this one view.

    `before`: what was said of her, offered where nothing is written yet.
    """
    if sent is not None and refusal is not None:
        found = {each.path.removeprefix("identity."): each.message for each in refusal.errors}
        sent.problems |= {name: said for name, said in found.items() if isinstance(said, Message)}
    identity = opened.identity if opened else Identity()
    theirs = refusal.extra.get("theirs") if isinstance(refusal, IdentityChanged) else None
    facts = _facts(ctx, identity) if opened else []
    if before is not None and identity == Identity():
        identity = Identity(chosen_name=before.name, languages=(before.language,) if before.language else ())
    kept = identity.languages
    return {
        "title": ctx.locale.say(msg("Who she is")),
        "opened": opened,
        "facts": facts,
        "offers_said": opened is not None and not facts_written(opened) and identity != Identity(),
        "theirs": ctx.locale.say(refusal.message) if refusal is not None and theirs else None,
        "identity": identity,
        "version": opened.version if opened else 0,
        "reason": reason,
        "least_reason": LEAST_REASON,
        "tongues": [(tag, ctx.locale.language_name(tag), tag in kept) for tag in ctx.tenant.languages],
        "other_tongues": ", ".join(tag for tag in kept if tag not in ctx.tenant.languages),
        "posted": sent,
    }


def facts_written(opened: IdentityRead) -> bool:
    """Returns whether anything is written down of who she is."""
    return opened.identity != Identity()


def identity_of(ctx: Context, sent: Post) -> Identity:
    """Returns the identity as it was sent; what is wrong with it goes into `sent.problems`."""
    for name, most in LONGEST.items():
        if len(sent[name]) > most:
            sent.problems[name] = msg("Write at most {most} characters.", most=most)
    languages = [tag for tag in sent.every("languages") if tag in ctx.tenant.languages]
    languages += [tag for tag in re.split(r"[\s,;]+", sent["other_languages"].strip()) if tag]
    interpreter = sent["interpreter"].strip()
    for name, tags in (("other_languages", languages), ("interpreter", [interpreter] if interpreter else [])):
        if len(tags) > 12 or any(_TAG.fullmatch(tag) is None for tag in tags):
            sent.problems[name] = msg("Write languages by their codes, such as es or ht.")
    return Identity(
        legal_name=sent["legal_name"].strip(),
        chosen_name=sent["chosen_name"].strip(),
        pronouns=sent["pronouns"].strip(),
        birthday=sent.day("birthday", required=False),
        languages=tuple(languages),
        interpreter=interpreter,
    )


async def openings_page(ctx: Context, *, cursor: str = "") -> dict[str, Any]:
    """Returns what `participants/identity_openings.html` shows: of those whom the reader coordinates."""
    page = await page_of(
        ctx, "identity-openings", cursor,
        lambda before, limit: identity_openings.list_openings(ctx, "coordination", before=before, limit=limit),
    )  # fmt: skip
    names = {each.id: each.name for each in await list_members(ctx)}
    return {
        "title": ctx.locale.say(msg("Identities that were opened")),
        "openings": [
            OpeningShown(
                each.id,
                each.participant,
                each.opened_at,
                names.get(each.opened_by, "") if each.opened_by else "",
                ctx.locale.say(ACTS[each.act]),
                each.reason,
            )
            for each in page.items
        ],
        "next_cursor": page.next,
        "is_first": not cursor,
    }


def _facts(ctx: Context, identity: Identity) -> list[dict[str, Any]]:
    names = ctx.locale.listed([ctx.locale.language_name(tag) for tag in identity.languages])
    interpreter = ctx.locale.language_name(identity.interpreter) if identity.interpreter else None
    return [
        {"label": ctx.locale.say(label), "value": value}
        for label, value in (
            (msg("The name that she goes by"), identity.chosen_name),
            (msg("Pronouns"), identity.pronouns),
            (msg("Name on papers"), identity.legal_name),
            (msg("Date of birth"), ctx.locale.date(identity.birthday) if identity.birthday else None),
            (msg("Languages"), names if identity.languages else None),
            (msg("Interpreter"), interpreter),
        )
    ]

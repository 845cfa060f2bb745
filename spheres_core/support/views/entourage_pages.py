"""Values of the pages on which close ones are accompanied: the list, a new record, one record, its copy as a file."""

from typing import Any
from uuid import UUID

from msgspec import structs

from spheres_core.facts import Message, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import page_of
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.rendering import place_of
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.staff.queries import members
from spheres_core.support.operations.word_checks import IdentifiersFound
from spheres_core.support.queries import entourage as queries
from spheres_core.support.schemas.entourage import (
    CONTACT_KINDS,
    OFFER_KINDS,
    OFFER_STATES,
    STATES,
    WAYS,
    EntourageLine,
    EntourageRecord,
)
from spheres_core.support.views.entourage_form import (
    asking_fields,
    changing_fields,
    note_fields,
    offer_fields,
    texts_of,
)
from spheres_core.support.views.form_fields import filled, problem_list
from spheres_core.support.views.marked_places import marked

TONES = {"received": "new", "accompanied": "active", "closed": "ended"}
DONE = {
    "take": msg("You are there for them now."),
    "change": msg("It is as you wrote it."),
    "note": msg("It is noted."),
    "offer": msg("They read it with their code."),
    "accepted": msg("It is noted what they said."),
    "declined": msg("It is noted what they said."),
    "close": msg("It is closed, and will be erased."),
}
"""The line above the page after each act."""


async def list_view(ctx: Context, request_scope: RequestScope, *, state: str, cursor: str) -> dict[str, Any]:
    """Returns the values of `support/entourage_list.html`: one page of records."""
    shown = await page_of(
        ctx, "entourage", cursor,
        lambda before, limit: queries.list_entourage(ctx, before=before, limit=limit, state=state),
    )  # fmt: skip
    here = place_of(ctx, request_scope, "entourage_records")
    return {
        "title": ctx.locale.say(msg("Close ones")),
        "items": [await _line(ctx, each) for each in shown.items],
        "states": {code: ctx.locale.say(each) for code, each in STATES.items()},
        "chosen": state if state in STATES else "",
        "next_url": f"{here}?state={state}&cursor={shown.next}" if shown.next and state in ("", *STATES) else None,
        "previous_url": here if cursor else None,
    }


def new_view(ctx: Context, sent: Post | None = None, refusal: Refusal | None = None, code: str = "") -> dict[str, Any]:
    """Returns the values of `support/entourage_new.html`; with `code`: what the new record is called."""
    fields = asking_fields(ctx, sent, refusal, by_staff=True)
    return {
        "title": ctx.locale.say(msg("Somebody asks for support")),
        "form_fields": fields,
        "groups": code.split("-") if code else (),
    } | _refused(ctx, sent, refusal, problem_list(fields))


async def record_view(
    ctx: Context, id: UUID, *, done: str = "", sent: Post | None = None, refusal: Refusal | None = None
) -> dict[str, Any]:
    """Returns the values of `support/entourage_record.html`; with a refusal what was typed and why it was not kept."""
    found = await queries.read_record(ctx, id)
    forms, shown, problems = _forms(ctx, found, sent, refusal)
    return {
        "title": ctx.locale.say(msg("Support of {code}", code=found.line.code)),
        "record": await _line(ctx, found.line),
        "facts": _facts(ctx, found),
        "called": found.called,
        "ask": found.ask,
        "notes": [await _note(ctx, each) for each in found.notes],
        "offers": _offers(ctx, found),
        "steps": found.steps,
        "mine": found.line.assignee_id == ctx.actor.id,
        "erased_on": found.erased_on,
        "forms": forms,
        "shown": shown,
        "done": ctx.locale.say(DONE[done]) if done in DONE else None,
        "theirs": refusal.extra.get("theirs") if refusal else None,
    } | _refused(ctx, sent, refusal, problems)


async def copy_of(ctx: Context, id: UUID) -> tuple[str, str]:
    """Returns the name and the text of a copy of a whole record, for the person whom it is about."""
    found = await queries.read_record(ctx, id, verb="entourage.exported")
    say = ctx.locale.say
    lines = [found.line.code, "", found.called, say(msg("What they ask for, in their words")), found.ask, ""]
    lines += [f"{each['label']}: {each['value']}" for each in _facts(ctx, found)]
    for note in found.notes:
        lines += ["", f"{ctx.locale.date(note.day)}, {say(CONTACT_KINDS[note.kind])}", note.words]
    for offer in found.offers:
        lines += ["", f"{say(OFFER_KINDS[offer.kind])}, {say(OFFER_STATES[offer.state])}", offer.words]
    return f"{found.line.code}.txt", "\n".join(str(each) for each in lines) + "\n"


def _forms(
    ctx: Context, found: EntourageRecord, sent: Post | None, refusal: Refusal | None
) -> tuple[dict[str, Any], str, tuple[Any, ...]]:
    """Returns the forms of a record, which of them was sent and refused, and its problems."""
    act, none = sent["act"] if sent else "", filled(ctx, None, None)
    by = filled(ctx, sent, refusal)
    forms = {
        "note": note_fields(ctx, by if act == "note" else none),
        "offer": offer_fields(ctx, by if act == "offer" else none),
        "change": changing_fields(ctx, found, sent if act == "change" else None, refusal),
    }
    for name, fields in forms.items():
        forms[name] = [_own_id(each, name) for each in fields]
    return forms, act, problem_list(forms.get(act, []))


def _own_id(field: Any, form: str) -> Any:
    """Returns a field whose id stands once on a page with several forms."""
    return structs.replace(field, id=f"{form}-{field.id}")


def _refused(ctx: Context, sent: Post | None, refusal: Refusal | None, problems: Any) -> dict[str, Any]:
    return {
        "problems": problems,
        "trouble": ctx.locale.say(refusal.message) if refusal and not problems else None,
        "found": marked(ctx, texts_of(sent), refusal) if sent else [],
        "confirms": isinstance(refusal, IdentifiersFound),
    }


async def _line(ctx: Context, line: EntourageLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "code": line.code,
        "state": {"tone": TONES[line.state], "label": ctx.locale.say(STATES[line.state])},
        "opened_at": line.opened_at,
        "language": line.language,
        "tongue": ctx.plugins.languages[line.language].autonym if line.language in ctx.plugins.languages else "",
        "who": await _name(ctx, line.assignee_id),
        "version": line.version,
    }


async def _note(ctx: Context, note: Any) -> dict[str, Any]:
    kind = ctx.locale.say(CONTACT_KINDS[note.kind])
    return {"day": note.day, "kind": kind, "words": note.words, "who": await _name(ctx, note.author_id)}


async def _name(ctx: Context, id: UUID | None) -> str:
    member = await members.find_member(ctx, id) if id else None
    return member.name if member else ""


def _offers(ctx: Context, found: EntourageRecord) -> list[dict[str, Any]]:
    return [
        {
            "id": each.id, "kind": ctx.locale.say(OFFER_KINDS[each.kind]), "words": each.words, "day": each.day,
            "state": ctx.locale.say(OFFER_STATES[each.state]), "answer": each.state,
        }
        for each in found.offers
    ]  # fmt: skip


def _facts(ctx: Context, found: EntourageRecord) -> list[dict[str, Any]]:
    yes: Message = msg("Yes, without a word of the program") if found.reach.message else msg("No")
    said = [
        (msg("How they may be reached"), ctx.locale.say(WAYS[found.reach.way])),
        (msg("Number or address"), found.reach.contact),
        (msg("When it is safe"), found.reach.when),
        (msg("May a message be left?"), ctx.locale.say(yes)),
    ]
    return [{"label": ctx.locale.say(label), "value": value} for label, value in said if value]

"""Values of the pages of clinical support sessions: one's own and those to give, a new one, one of them."""

from typing import Any
from uuid import UUID

from msgspec import structs

from spheres_core.facts import msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page
from spheres_core.foundation.web.form_fields import Field
from spheres_core.foundation.web.posts import Post
from spheres_core.partners.queries.catalogue import in_use
from spheres_core.staff.queries import members
from spheres_core.support.operations.sessions import SessionInvalid
from spheres_core.support.operations.word_checks import IdentifiersFound
from spheres_core.support.permissions import COUNT_SESSIONS, GIVE_SESSIONS
from spheres_core.support.queries import sessions as queries
from spheres_core.support.queries.code_lists import SUPPORT_THEMES, codes_here, options, theme_title
from spheres_core.support.schemas.advice import MOST_EQUIPPED
from spheres_core.support.schemas.sessions import (
    KINDS,
    LONGEST,
    STATES,
    OwnPartPosted,
    SessionAgreed,
    SessionLine,
    SessionNoted,
    SessionOpened,
    SessionPosted,
)
from spheres_core.support.views.form_fields import Filled, field, filled, problem_list
from spheres_core.support.views.marked_places import marked

TONES = {"requested": "new", "agreed": "active", "held": "done", "cancelled": "ended"}
DONE = {
    "asked": msg("It is asked. Who gives it answers you with a day."),
    "agree": msg("The day is agreed."),
    "hold": msg("It is noted that it took place."),
    "cancel": msg("It is called off."),
    "note": msg("Your notes are kept, for you only."),
    "say": msg("It is kept, for you only."),
}
"""The line above the page after each act."""


async def list_view(ctx: Context, *, done: str = "", cursor: str = "", give: str = "") -> dict[str, Any]:
    """Returns the values of `support/sessions.html`: what the reader takes part in, gives, and may count."""
    gives, counts = ctx.may(GIVE_SESSIONS), ctx.may(COUNT_SESSIONS)
    counted = (await queries.count_sessions(ctx)).counts if counts else []
    own = await queries.list_own(ctx, cursor=cursor)
    to_give = await queries.list_to_give(ctx, cursor=give) if gives else Page(items=[], next=None)
    return {
        "title": ctx.locale.say(msg("Clinical support for staff")),
        "own": [_line(ctx, each) for each in own.items],
        "next_own": own.next,
        "to_give": [_line(ctx, each) for each in to_give.items],
        "next_to_give": to_give.next,
        "is_first": not (cursor or give),
        "gives": gives,
        "counts": counts,
        "counted": [
            {
                "kind": ctx.locale.say(KINDS[each.kind]), "sessions": ctx.locale.number(each.sessions),
                "people": _number(ctx, each.people),
            }
            for each in counted
        ],
        "done": ctx.locale.say(DONE[done]) if done in DONE else None,
    }  # fmt: skip


async def new_view(ctx: Context, sent: Post | None = None, refusal: Refusal | None = None) -> dict[str, Any]:
    """Returns the values of `support/session_new.html`."""
    by = filled(ctx, sent, refusal)
    me = queries.member_of(ctx)
    known = [each for each in await members.list_members(ctx) if each.active and each.id != me]
    people = [(str(each.id), Text(each.name, ctx.locale.language)) for each in known]
    themes = options(ctx, SUPPORT_THEMES)
    fields = [
        field(ctx, by, "radio", "kind", msg("What kind of session?"), options=ctx.locale.options(KINDS), required=True),
        field(ctx, by, "radio", "theme", msg("What is it about?"), options=themes, required=True),
        field(ctx, by, "textarea", "words", msg("A few words for who gives it"), hint=msg(
            "About yourself or your team. No name and no code of anybody who is followed.")),
        field(ctx, by, "checkboxes", "people", msg("Who else takes part?"), options=people, hint=msg(
            "For a team, or after something hard. Each of them finds the session in their own list.")),
        _scale(ctx, by, "equipped", msg("How equipped do you feel now? From 0, not at all, to 10, completely")),
    ]  # fmt: skip
    if ctx.may(GIVE_SESSIONS):
        fields.append(field(ctx, by, "text", "on", msg("Day, where you offer it"), hint=msg("Such as 2026-03-31")))
    return {"title": ctx.locale.say(msg("Ask for a session")), "fields_of_form": fields} | _refused(
        ctx, sent, refusal, fields
    )


async def session_view(
    ctx: Context, id: UUID, *, done: str = "", sent: Post | None = None, refusal: Refusal | None = None
) -> dict[str, Any]:
    """Returns the values of `support/session.html`; with a refusal what was typed and why it was not kept."""
    found = await queries.read_session(ctx, id)
    act = sent["act"] if sent else ""
    forms = _forms(ctx, found, act, filled(ctx, sent, refusal))
    return {
        "title": theme_title(ctx, found.line.theme),
        "session": _line(ctx, found.line),
        "opened": found,
        "forms": forms,
        "shown": act,
        "done": ctx.locale.say(DONE[done]) if done in DONE else None,
    } | _refused(ctx, sent, refusal, forms.get(act, []))


def session_posted(ctx: Context, sent: Post) -> SessionPosted:
    """Returns a session as it was asked for on the page. Raises `SessionInvalid` with `sent.problems` filled."""
    theme = sent.choice("theme", in_use(codes_here(ctx, SUPPORT_THEMES)))
    kind, on = sent.choice("kind", KINDS), sent.day("on", required=False)
    equipped, words = sent.whole("equipped", most=MOST_EQUIPPED), _words(sent)
    people = []
    for each in sent.every("people"):
        try:
            people.append(UUID(each))
        except ValueError:
            sent.problems["people"] = msg("Choose members of the staff.")
    _require(sent)
    return SessionPosted(kind, theme, words, people, on, equipped, _confirmed(sent))


def agreed_sent(sent: Post) -> SessionAgreed:
    """Returns the day that was agreed on. Raises `SessionInvalid`."""
    on = sent.day("on")
    if on is None:
        raise SessionInvalid
    return SessionAgreed(sent.version(), on)


def notes_sent(sent: Post) -> SessionNoted:
    """Returns the notes of who gives a session. Raises `SessionInvalid`."""
    words = _words(sent)
    _require(sent)
    return SessionNoted(sent.version(), words, _confirmed(sent))


def part_sent(sent: Post) -> OwnPartPosted:
    """Returns what somebody who takes part says of oneself. Raises `SessionInvalid`."""
    before, after = (sent.whole(name, most=MOST_EQUIPPED) for name in ("before", "after"))
    words = _words(sent)
    _require(sent)
    return OwnPartPosted(before, after, words, _confirmed(sent))


def _forms(ctx: Context, found: SessionOpened, act: str, by: Filled) -> dict[str, list[Field]]:
    none, part = Filled(), found.part
    day = f"{found.line.on:%Y-%m-%d}" if found.line.on else ""
    forms: dict[str, list[Field]] = {}
    if "agree" in found.steps:
        hint = msg("Such as 2026-03-31")
        forms["agree"] = [
            field(ctx, by if act == "agree" else none, "text", "on", msg("Day"), day, required=True, hint=hint)
        ]
    if "note" in found.steps:
        own = by if act == "note" else none
        forms["note"] = [field(ctx, own, "textarea", "words", msg("Notes, for you only"), found.notes, rows=6)]
    if part is not None and "say" in found.steps:
        own = by if act == "say" else none
        forms["say"] = [
            _scale(ctx, own, "before", msg("How equipped did you feel before? From 0 to 10"), part.before),
            _scale(ctx, own, "after", msg("How equipped do you feel after? From 0 to 10"), part.after),
            field(ctx, own, "textarea", "words", msg("What you wish to keep, for you only"), part.words),
        ]
    return forms


def _scale(ctx: Context, by: Filled, name: str, label: Any, value: int | None = None) -> Field:
    numbers = [(str(each), ctx.locale.number(each)) for each in range(MOST_EQUIPPED + 1)]
    return structs.replace(
        field(ctx, by, "radio", name, label, "" if value is None else str(value), options=numbers), layout="packed"
    )


def _refused(ctx: Context, sent: Post | None, refusal: Refusal | None, fields: list[Field]) -> dict[str, Any]:
    problems = problem_list(fields)
    return {
        "problems": problems,
        "trouble": ctx.locale.say(refusal.message) if refusal and not problems else None,
        "found": marked(ctx, {"words": sent["words"]}, refusal) if sent else [],
        "confirms": isinstance(refusal, IdentifiersFound),
    }


def _line(ctx: Context, line: SessionLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "state": {"tone": TONES[line.state], "label": ctx.locale.say(STATES[line.state])},
        "kind": ctx.locale.say(KINDS[line.kind]),
        "theme": theme_title(ctx, line.theme),
        "on": line.on,
        "version": line.version,
    }


def _number(ctx: Context, value: int | None) -> Text:
    return ctx.locale.say(msg("fewer than 5")) if value is None else ctx.locale.number(value)


def _words(sent: Post) -> str:
    if len(sent["words"]) > LONGEST:
        sent.problems["words"] = msg("This has at most {most} characters.", most=LONGEST)
    return sent["words"]


def _require(sent: Post) -> None:
    if sent.problems:
        raise SessionInvalid


def _confirmed(sent: Post) -> bool:
    return sent["_confirmed"] == "yes"

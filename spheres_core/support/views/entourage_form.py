"""Reads the forms of close ones' support as pages post them, and makes their fields."""

from typing import Any
from uuid import UUID

from spheres_core.facts import Problem, msg
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.form_fields import Field
from spheres_core.foundation.web.posts import Post
from spheres_core.support.operations.entourage import EntourageInvalid
from spheres_core.support.schemas.entourage import (
    CONTACT_KINDS,
    LONGEST_LINE,
    LONGEST_WORDS,
    OFFER_KINDS,
    WAYS,
    EntourageChanged,
    EntouragePosted,
    EntourageRecord,
    OfferPosted,
    SafeReach,
    SupportNotePosted,
)
from spheres_core.support.views.form_fields import Filled, field, filled

TEXTS = ("ask", "words", "called", "reach.contact", "reach.when")


def texts_of(sent: Post) -> dict[str, str]:
    """Returns the texts of a form by the path that problems name."""
    return {path: sent[path] for path in TEXTS}


def reach_sent(sent: Post) -> SafeReach:
    """Returns how somebody may be reached, as it was sent. Raises `EntourageInvalid`."""
    way = sent.choice("reach.way", WAYS)
    _require(sent, "reach.contact", "reach.when", most=LONGEST_LINE)
    return SafeReach(way, sent["reach.contact"].strip(), sent["reach.when"].strip(), sent["reach.message"] == "yes")


def entourage_posted(sent: Post) -> EntouragePosted:
    """Returns a new record as it was sent. Raises `EntourageInvalid`."""
    reach = _ask_and_reach(sent)
    language = sent["language"][:35] or None
    return EntouragePosted(sent["ask"], reach, sent["called"], language, confirmed_by(sent))


def entourage_changed(sent: Post) -> EntourageChanged:
    """Returns what stands in a record from now on, as it was sent. Raises `EntourageInvalid`."""
    reach = _ask_and_reach(sent)
    return EntourageChanged(sent.version(), sent["ask"], reach, sent["called"], confirmed_by(sent))


def note_posted(sent: Post) -> SupportNotePosted:
    """Returns what was done for somebody, as it was sent. Raises `EntourageInvalid`."""
    day, kind = sent.day("day"), sent.choice("kind", CONTACT_KINDS)
    _require(sent, "words", most=LONGEST_WORDS)
    if day is None:
        raise EntourageInvalid
    return SupportNotePosted(day, kind, sent["words"], confirmed_by(sent))


def offer_posted(sent: Post) -> OfferPosted:
    """Returns what is offered, as it was sent. Raises `EntourageInvalid`."""
    day, kind = sent.day("day", required=False), sent.choice("kind", OFFER_KINDS)
    _require(sent, "words", most=LONGEST_WORDS)
    return OfferPosted(kind, sent["words"], day, confirmed_by(sent))


def offer_sent(sent: Post) -> UUID:
    """Returns which offer is answered. Raises `EntourageInvalid`."""
    try:
        return UUID(sent["offer"])
    except ValueError:
        raise EntourageInvalid from None


def confirmed_by(sent: Post) -> bool:
    """Returns whether what was found identifies nobody, as its writer says."""
    return sent["_confirmed"] == "yes"


def asking_fields(ctx: Context, sent: Post | None, refusal: Refusal | None, *, by_staff: bool) -> list[Field]:
    """Returns the fields of a new record: as a close person reads them, or as who opens it for them does."""
    by = filled(ctx, sent, refusal)
    tongues = [(tag, Text(each.autonym, each)) for tag in ctx.tenant.languages if (each := ctx.plugins.languages[tag])]
    ask = msg("What they ask for, in their words") if by_staff else msg("What would help you?")
    language = msg("Language they wish to speak") if by_staff else msg("Language you wish to speak")
    return [
        field(ctx, by, "textarea", "ask", ask, required=True, rows=6, hint=msg(
            "Of yourself, not of the young person: no name, no date of birth, no code.") if not by_staff else msg(
            "No name of a young person, no date of birth, no code of a file.")),
        field(ctx, by, "text", "called", _called(by_staff=by_staff), hint=msg("Any name will do.")),
        *reach_fields(ctx, by, None, by_staff=by_staff),
        *([field(ctx, by, "radio", "language", language, ctx.locale.tag, options=tongues, required=True)]
          if len(tongues) > 1 else []),
    ]  # fmt: skip


def changing_fields(ctx: Context, kept: EntourageRecord, sent: Post | None, refusal: Refusal | None) -> list[Field]:
    """Returns the fields of a record as it is kept."""
    by = filled(ctx, sent, refusal)
    ask = msg("What they ask for, in their words")
    return [
        field(ctx, by, "textarea", "ask", ask, kept.ask, required=True, rows=5),
        field(ctx, by, "text", "called", _called(by_staff=True), kept.called),
        *reach_fields(ctx, by, kept.reach, by_staff=True),
    ]


def reach_fields(ctx: Context, by: Filled, kept: SafeReach | None, *, by_staff: bool) -> list[Field]:
    """Returns the fields of how somebody may be reached. Nothing is chosen that nobody has chosen."""
    way = msg("How may they be reached?") if by_staff else msg("How may we reach you?")
    when = msg("When is it safe, and when is it not?")
    leave, chosen = msg("A message may be left"), kept.way if kept else ""
    return [
        field(ctx, by, "radio", "reach.way", way, chosen, options=ctx.locale.options(WAYS), required=True, hint=msg(
            "Choose a way that nobody else looks at. Who else answers this telephone, or reads these messages?")),
        field(ctx, by, "text", "reach.contact", msg("Number or address"), kept.contact if kept else ""),
        field(ctx, by, "text", "reach.when", when, kept.when if kept else "", hint=msg(
            "Such as: weekdays from 9 to 15, never in the evening")),
        field(ctx, by, "tick", "reach.message", leave, kept.message if kept else "", hint=msg(
            "It never names the program nor says what it is about: only a first name, and that we will call again.")),
    ]  # fmt: skip


def note_fields(ctx: Context, by: Filled) -> list[Field]:
    """Returns the fields of what was done for somebody."""
    what, like = msg("What was talked about, and what was agreed"), msg("Such as 2026-03-31")
    kinds = ctx.locale.options(CONTACT_KINDS)
    return [
        field(ctx, by, "text", "day", msg("Day"), f"{ctx.today:%Y-%m-%d}", hint=like, required=True),
        field(ctx, by, "radio", "kind", msg("How it went on"), "call", options=kinds, required=True),
        field(ctx, by, "textarea", "words", what, required=True, hint=msg("About the close person only.")),
    ]  # fmt: skip


def offer_fields(ctx: Context, by: Filled) -> list[Field]:
    """Returns the fields of something that is offered."""
    words, kinds = msg("What is offered, as the close person reads it"), ctx.locale.options(OFFER_KINDS)
    return [
        field(ctx, by, "radio", "kind", msg("What it is"), "group", options=kinds, required=True),
        field(ctx, by, "textarea", "words", words, required=True, rows=3, hint=msg("They read it with their code.")),
        field(ctx, by, "text", "day", msg("Day"), hint=msg("Such as 2026-03-31")),
    ]


def _ask_and_reach(sent: Post) -> SafeReach:
    if not sent["ask"].strip():
        sent.problems["ask"] = msg("Please answer this.")
    _require(sent, "called", most=LONGEST_LINE, raising=False)
    _require(sent, "ask", most=LONGEST_WORDS, raising=False)
    return reach_sent(sent)


def _require(sent: Post, *names: str, most: int, raising: bool = True) -> None:
    for name in names:
        if len(sent[name]) > most:
            sent.problems[name] = msg("This has at most {most} characters.", most=most)
    if raising and sent.problems:
        raise EntourageInvalid(errors=[Problem(EntourageInvalid.message)])


def _called(*, by_staff: bool) -> Any:
    return msg("How they wish to be called") if by_staff else msg("How do you wish to be called?")

"""Accompaniments on pages of her file: those of one class of information, and one as it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final, cast
from uuid import UUID

from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.followups.accompaniment_kinds import AccompanimentClass, all_agree
from spheres_core.followups.corrections import may_correct
from spheres_core.followups.queries import accompaniments as queries
from spheres_core.followups.schemas.accompaniments import Accompaniment, AccompanimentKinds, KindNamed
from spheres_core.followups.views.accompaniment_form import (
    AGREED,
    COMPANY,
    FIELDS,
    STATES,
    TEXTS,
    TONES,
    WISHES,
    fields_of,
)
from spheres_core.followups.views.encounter_form import problems_of
from spheres_core.followups.views.wording import names_of, options
from spheres_core.foundation.errors import ChangedMeanwhile, Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.plugins.registrations import SummaryLine
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page
from spheres_core.foundation.web.posts import Post
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.schemas.files import ParticipantAccess

ON_OVERVIEW: Final = 3
"""Accompaniments that stand on the overview of her file."""
PAGES: Final[Mapping[str, str]] = {"encounters": "accompaniments", "legal": "legal_steps"}
"""The page of each class."""
TITLES: Final[Mapping[str, Message]] = {"encounters": msg("Accompaniments"), "legal": msg("Legal steps")}
EMPTY: Final[Mapping[str, tuple[Message, Message]]] = {
    "encounters": (
        msg("No accompaniment is written down yet"),
        msg("A clinic, a visit of a place to live, a paper: when it is, how she wishes it, and who goes along."),
    ),
    "legal": (
        msg("No legal step is written down yet"),
        msg(
            "When it is, how she wishes it, and who goes along. Nothing of the case itself is kept here, and she may"
            " leave any step for later."
        ),
    ),
}


class AccompanimentShown(Struct, frozen=True):
    """An accompaniment with its words."""

    id: UUID
    state: dict[str, Any]
    kind: Text
    what: str
    first_name: str
    at: Any
    wish: Text | None
    wish_words: str
    who_goes: list[Text]
    how_it_went: str
    by: str
    waits: bool
    """Whether somebody whose yes it needs has not said it."""


def read_for_file(information: AccompanimentClass) -> Any:
    """Returns the reader of a section: the last page of her accompaniments of a class."""
    return partial(_read, information=information)


def summarize(information: AccompanimentClass) -> Any:
    """Returns what says the last accompaniments of a class on the overview, without words."""
    return partial(_summarize, information=information)


def accompaniment_kinds(ctx: Context) -> AccompanimentKinds:
    """Returns the kinds that may be chosen here, in the reader's language."""
    said = {code: (each, label_of(ctx, code)) for code, each in queries.kinds(ctx).items() if not each.retired}
    return AccompanimentKinds(
        [KindNamed(code, str(label), label.lang, each.information) for code, (each, label) in said.items()]
    )


def label_of(ctx: Context, code: str) -> Text:
    """Returns how a kind is called; one that the region's lists have lost is only an accompaniment."""
    known = queries.kinds(ctx).get(code)
    if known is None:
        return ctx.locale.say(msg("Accompaniment"))
    return ctx.locale.say(known.label)


async def accompaniments_page(
    ctx: Context,
    access: ParticipantAccess,
    information: AccompanimentClass,
    *,
    cursor: str = "",
    sent: Post | None = None,
    refusal: Refusal | None = None,
) -> dict[str, Any]:
    """Returns what `followups/accompaniments.html` shows. `refusal`: why what was `sent` was not kept."""
    page = await queries.list_accompaniments(ctx, access, wanted=(information,), cursor=cursor)
    names = await names_of(ctx, [each.author for each in page.items])
    return {
        "title": ctx.locale.say(TITLES[information]),
        "information": information,
        "empty": [ctx.locale.say(each) for each in EMPTY[information]],
        "accompaniments": [_shown(ctx, each, names) for each in page.items],
        "next_url": f"?cursor={page.next}" if page.next else "",
        "back_url": "?" if cursor else "",
        "may_write": reaches(ctx, access, information, act="write"),
        **_form(ctx, access, information, None, sent, refusal),
    }


async def accompaniment_page(
    ctx: Context,
    access: ParticipantAccess,
    found: Accompaniment,
    *,
    began_at: int | None = None,
    sent: Post | None = None,
    refusal: Refusal | None = None,
) -> dict[str, Any]:
    """Returns what `followups/accompaniment.html` shows. `refusal`: why what was `sent` was not kept.

    `began_at`: the version of which a draft that stands in the fields was begun.
    """
    names = await names_of(ctx, [found.author])
    written_on = found.written_at.astimezone(ctx.zone).date()
    correctable = may_correct(
        found.state, author=found.author, written_on=written_on, actor=ctx.actor.id, today=ctx.today
    )
    writes = correctable and reaches(ctx, access, found.information, act="write")
    late = sent if began_at is not None and not writes else None
    return {
        "title": label_of(ctx, found.kind),
        "information": found.information,
        "list_page": PAGES[found.information],
        "accompaniment": _shown(ctx, found, names),
        "version": found.version,
        "planned": found.state == "planned",
        "may_correct": writes,
        "left_over": [late[name] for name in TEXTS if late[name]] if late is not None else [],
        "changed": isinstance(refusal, ChangedMeanwhile) or (began_at is not None and began_at != found.version),
        **_form(ctx, access, found.information, found, sent, refusal),
    }


def _form(
    ctx: Context,
    access: ParticipantAccess,
    information: str,
    found: Accompaniment | None,
    sent: Post | None,
    refusal: Refusal | None,
) -> dict[str, Any]:
    kinds = {
        code: label_of(ctx, code)
        for code, each in queries.kinds(ctx).items()
        if each.information == information and (not each.retired or (found is not None and found.kind == code))
    }
    states = {
        code: each for code, each in STATES.items() if found is None or found.state == "planned" or code != "planned"
    }
    return {
        "fields": fields_of(ctx, found, sent),
        "kinds": list(kinds.items()),
        "states": options(ctx, states),
        "wishes": options(ctx, WISHES),
        "company": options(ctx, COMPANY),
        "sides": options(ctx, AGREED[cast("AccompanimentClass", information)]),
        "keeps_her_words": reaches(ctx, access, "own_words", act="write"),
        "problems": problems_of(refusal, sent, fields=FIELDS),
    }


def _shown(ctx: Context, each: Accompaniment, names: Mapping[UUID, str]) -> AccompanimentShown:
    return AccompanimentShown(
        id=each.id,
        state={"tone": TONES[each.state], "label": ctx.locale.say(STATES[each.state])},
        kind=label_of(ctx, each.kind),
        what=each.what,
        first_name=each.first_name,
        at=each.at,
        wish=ctx.locale.say(WISHES[each.wish]) if each.wish else None,
        wish_words=each.wish_words or "",
        who_goes=[ctx.locale.say(COMPANY[one]) for one in each.who_goes],
        how_it_went=each.how_it_went or "",
        by=names.get(each.author, "") if each.author else "",
        waits=not all_agree(each.kind, each.agreed),
    )


async def _read(ctx: Context, access: ParticipantAccess, *, information: AccompanimentClass) -> Page[Accompaniment]:
    return await queries.list_accompaniments(ctx, access, wanted=(information,))


async def _summarize(
    ctx: Context, access: ParticipantAccess, *, information: AccompanimentClass
) -> Sequence[SummaryLine]:
    page = await queries.list_accompaniments(ctx, access, wanted=(information,))
    return [
        SummaryLine(
            ctx.locale.say(
                msg("{kind}: {state}", kind=label_of(ctx, each.kind), state=ctx.locale.say(STATES[each.state]))
            ),
            ctx.locale.time(each.at, zone=ctx.zone),
        )
        for each in page.items[:ON_OVERVIEW]
    ]

"""View of the inbox: its filters, the list, what was searched for, and the filters that somebody keeps."""

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from msgspec.structs import asdict

from spheres_core.facts import Message, msg
from spheres_core.forms import queries as forms
from spheres_core.forms.meanings import REFERRAL, SELF_REFERRAL
from spheres_core.forms.schemas import Form
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy import unavailable_parts
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals.operations.assignment import possible_assignees
from spheres_core.referrals.operations.saved_filters import saved_filters
from spheres_core.referrals.permissions import EXPORT
from spheres_core.referrals.queries import inbox
from spheres_core.referrals.schemas import InboxFilters, ReferralLine
from spheres_core.referrals.states import INITIAL, STATES
from spheres_core.referrals.views.confirmations import say_done
from spheres_core.referrals.views.wording import (
    AGREES,
    OUTCOMES,
    choices_of,
    most_cautious,
    say_age,
    say_choice,
    say_code,
    say_days_waiting,
    say_referrer,
    say_state,
)
from spheres_core.staff.queries import members as member_queries
from spheres_core.staff.schemas import Member

PARAMETERS: Final = {"state": "state", "need": "need", "spoken": "language", "assignee": "assignee", "sort": "sort"}
"""The parameter in the address for each filter: `language` there would be the page's own."""
SORTS: Final[dict[str, Message]] = {"newest": msg("Newest first"), "oldest": msg("Waiting longest first")}


def filters_of(sent: Any) -> InboxFilters:
    """Returns the filters that an address or a posted form has, by the names of `PARAMETERS`."""
    return InboxFilters(**{field: str(sent[name])[:100] for name, field in PARAMETERS.items()})


def address_of(filters: InboxFilters, **more: str) -> str:
    """Returns the end of the address of a list with these filters: `?state=in_review`; `?` for none."""
    found = asdict(filters)
    pairs = {name: found[field] for name, field in PARAMETERS.items()} | more
    return "?" + urlencode({name: value for name, value in pairs.items() if value})


async def inbox_page(
    ctx: Context,
    filters: InboxFilters,
    *,
    cursor: str = "",
    done: str = "",
    refusal: Refusal | None = None,
    name: str = "",
) -> dict[str, Any]:
    """Returns what `referrals/inbox.html` shows. `refusal`: why filters were not kept, under the name typed."""
    page = await inbox.list_referrals(ctx, filters, cursor=cursor)
    shown = await _shown(ctx, filters, page.items)
    return shown | {
        "done": say_done(ctx, done),
        "filtered": filters != InboxFilters(sort=filters.sort),
        "name": name,
        "name_error": ctx.locale.say(refusal.message) if refusal else None,
        "pages": {
            "previous_url": address_of(filters) if cursor else None,
            "next_url": address_of(filters, cursor=page.next) if page.next else None,
        },
    }


async def refused_filter_page(ctx: Context, filters: InboxFilters, refusal: Refusal, name: str) -> dict[str, Any]:
    """Returns the inbox with why filters were not kept. Nothing changed, but that the list was shown stays in the
    trail."""
    ctx.db.commit_on_refusal = True
    return await inbox_page(ctx, filters, refusal=refusal, name=name)


async def search_page(ctx: Context, typed: str, *, cursor: str = "") -> dict[str, Any]:
    """Returns what `referrals/inbox.html` shows of a search; its words stand in no address."""
    filters = InboxFilters()
    page = await inbox.search(ctx, typed, filters, cursor=cursor)
    return await _shown(ctx, filters, page.items) | {
        "searched": typed,
        "next_cursor": page.next,
        "pages": {"previous_url": None, "next_url": None},
    }


async def _shown(ctx: Context, filters: InboxFilters, lines: list[ReferralLine]) -> dict[str, Any]:
    form = await _listed_form(ctx)
    names = await member_queries.names_of(ctx, [each.assignee_id for each in lines if each.assignee_id])
    return {
        "title": ctx.locale.say("Referrals"),
        "filters": _selects(ctx, form, filters, await possible_assignees(ctx)),
        "chosen": {name: asdict(filters)[field] for name, field in PARAMETERS.items()},
        "saved": [
            {"id": each.id, "name": each.name, "url": address_of(each.filters), "current": each.filters == filters}
            for each in await saved_filters(ctx)
        ],
        "rows": [_row(ctx, form, line, names) for line in lines],
        "resting": unavailable_parts.unavailable_plugins(ctx),
        "may_export": ctx.may(EXPORT),
        "searched": "",
        "next_cursor": None,
        "filtered": False,
        "done": None,
        "name": "",
        "name_error": None,
    }


async def _listed_form(ctx: Context) -> Form:
    """Returns the form whose choices name languages and needs in the list: the referral form, else the person's own."""
    asked = forms.forms_asked(ctx)
    return await forms.current(ctx, SELF_REFERRAL if REFERRAL not in asked and SELF_REFERRAL in asked else REFERRAL)


def _selects(ctx: Context, form: Form, filters: InboxFilters, team: list[Member]) -> list[dict[str, Any]]:
    say, pick = ctx.locale.say, ctx.locale.pick
    needs = [(each.code, pick(each.labels)) for each in choices_of(form, "need")]
    languages = [(each.code, pick(each.labels)) for each in choices_of(form, "language")]
    states = [("all", say("Every state")), *((code, say(each.title)) for code, each in STATES.items())]
    others = [(str(each.id), each.name) for each in team if each.id != ctx.actor.id]
    assignees = [("me", say("Me")), (inbox.NOBODY, say("Nobody yet")), *others]
    sorts = [(code, say(title)) for code, title in SORTS.items()]
    return [
        _select("state", say("State"), [("", say("Open")), *states], filters.state),
        _select("assignee", say("In charge"), [("", say("Everybody")), *assignees], filters.assignee),
        _select("need", say("Need"), [("", say("All needs")), *needs], filters.need),
        _select("spoken", say("Language"), [("", say("All languages")), *languages], filters.language),
        _select("sort", say("Order"), sorts, filters.sort or "newest"),
    ]


def _select(name: str, label: Text, options: Iterable[tuple[str, Text | str]], chosen: str) -> dict[str, Any]:
    shown = [{"code": code, "label": text, "selected": code == chosen} for code, text in options]
    return {"name": name, "label": label, "options": shown}


def _row(ctx: Context, form: Form, line: ReferralLine, names: dict[UUID, str]) -> dict[str, Any]:
    outcome = most_cautious(line.opinions)
    return {
        "id": line.id,
        "own": line.form == SELF_REFERRAL,
        "reference": line.reference,
        "called": line.called,
        "received_at": line.received_at,
        "waiting": say_days_waiting(ctx, line.days_waiting),
        "referrer": say_referrer(ctx, line.form, line.referrer, line.organization),
        "state": say_state(ctx, line.state),
        "assignee": names.get(line.assignee_id, "") if line.assignee_id else "",
        "age": say_age(ctx, line.age, line.age_least, line.age_most),
        "language": say_choice(ctx, form, "language", line.preferred_language),
        "community": say_choice(ctx, form, "community", line.community),
        "needs": [say_choice(ctx, form, "need", need) for need in line.needs],
        "contact": say_code(ctx, AGREES, line.agrees_to_contact),
        "opinion": {"label": ctx.locale.say(OUTCOMES[outcome])} if outcome else None,
        "duplicate": line.likely_duplicate,
        "answered": line.answer_arrived,
        "withdrawal": line.withdrawal_asked_at is not None,
        "seen": line.state != INITIAL,
    }

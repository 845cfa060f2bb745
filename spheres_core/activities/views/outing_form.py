"""Reads an outing as a page posts it, and the fields of the forms about outings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from spheres_core.activities.operations.outings import OutingInvalid
from spheres_core.activities.queries.catalogue import activities
from spheres_core.activities.schemas.outings import (
    MOST_MEETINGS,
    MOST_SEATS,
    Outing,
    OutingBudget,
    OutingChanged,
    OutingPosted,
)
from spheres_core.activities.views.wording import STATES
from spheres_core.facts import Words, msg
from spheres_core.followups.views.encounter_form import moment_sent
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.posts import Post
from spheres_core.partners.queries.catalogue import in_use, listed
from spheres_core.plans.views.form_fields import FormField, labels, read_form

_MONEY: Final = re.compile(r"(\d{1,6})(?:[.,](\d{2}))?")
_LINES: Final = ("place", "transport", "accessibility")


def outing_posted(ctx: Context, sent: Post) -> OutingPosted:
    """Returns an outing as it was sent. Raises `OutingInvalid` with `sent.problems` filled, `FormInvalid`."""
    values = _common(ctx, sent) | {
        "activity": sent.choice("activity", in_use(activities(ctx))),
        "organization": sent["organization"],
        "weeks": sent.whole("weeks", least=1, most=MOST_MEETINGS) or 1,
    }
    return _read(OutingPosted, values, sent)  # type: ignore[no-any-return]


def outing_changed(ctx: Context, sent: Post) -> OutingChanged:
    """Returns an outing as it is from now on. Raises as `outing_posted`."""
    values = _common(ctx, sent) | {"state": sent.choice("state", STATES), "version": sent.version()}
    return _read(OutingChanged, values, sent)  # type: ignore[no-any-return]


def budget_sent(sent: Post) -> OutingBudget:
    """Returns what an outing may cost and what it cost, as it was sent. Raises as `outing_posted`."""
    values = {name: cents_sent(sent, name) for name in ("planned_cents", "spent_cents")}
    return _read(OutingBudget, values | {"version": sent.version()}, sent)  # type: ignore[no-any-return]


def cents_sent(sent: Post, name: str) -> int | None:
    """Returns a sum that was typed in dollars, in cents; None where nothing was."""
    text = re.sub(r"[\s$]", "", sent[name])
    if not text:
        return None
    found = _MONEY.fullmatch(text)
    if found is None:
        sent.problems[name] = msg("Write the sum as 12.50.")
        return None
    return int(found[1]) * 100 + int(found[2] or 0)


def outing_fields(
    ctx: Context, kept: Outing | None, *, changes_seats: bool, organizations: Mapping[str, Words]
) -> list[FormField]:
    """Returns the fields of an outing: of a new one, or of one as it is kept. `organizations`: those that may offer
    one, by key."""
    say, at = ctx.locale.say, kept.at.astimezone(ctx.zone) if kept else None
    purposes = labels(ctx, in_use(listed(ctx, "activity_purposes")))
    fields: list[FormField] = []
    if kept is None:
        choose = ("", say(msg("Choose one")))
        fields.append(
            FormField(
                "choose", "activity", say(msg("Activity")), options=[choose, *labels(ctx, in_use(activities(ctx)))]
            )
        )
        offered = sorted(((ctx.locale.pick(name), key) for key, name in organizations.items()), key=str)
        options = [("", say(msg("The program’s team"))), *((key, name) for name, key in offered)]
        fields.append(FormField("choose", "organization", say(msg("Offered by")), options=options))
    else:
        states = ctx.locale.options(STATES)
        fields.append(FormField("pick", "state", say(msg("How far it is")), kept.state, options=states))
    fields += [
        FormField("line", "day", say(msg("Day")), f"{at:%Y-%m-%d}" if at else "", say(msg("Such as 2026-03-31"))),
        FormField("line", "time", say(msg("Time")), f"{at:%H:%M}" if at else "", say(msg("Such as 16:30"))),
        FormField(
            "line", "place", say(msg("Where one meets")), kept.place if kept else "",
            say(msg("So that a young person finds it. No word of the program.")),
        ),
        FormField(
            "line", "seats", say(msg("Seats")), str(kept.seats) if kept else "",
            "" if changes_seats else say(msg("A coordinator changes the number of seats.")),
        ),
        FormField("ticks", "purposes", say(msg("What it is good for")), kept.purposes if kept else [],
                  options=purposes),
        FormField("line", "transport", say(msg("How one gets there and back")), kept.transport if kept else ""),
        FormField("line", "accessibility", say(msg("What makes it possible for everybody to come")),
                  kept.accessibility if kept else ""),
        FormField("line", "cost_cents", say(msg("What each young person pays herself, in dollars")),
                  dollars(kept.cost_cents) if kept else "0", say(msg("Such as 12.50; 0 where it costs her nothing"))),
    ]  # fmt: skip
    if kept is None:
        hint = say(msg("1 for a single outing; more for a group that meets every week at this hour"))
        fields.append(FormField("line", "weeks", say(msg("How many weeks")), "1", hint))
    return fields


def budget_fields(ctx: Context, kept: Outing) -> list[FormField]:
    """Returns the fields of what an outing may cost and what it cost."""
    say = ctx.locale.say
    hint = say(msg("In dollars, such as 12.50"))
    return [
        FormField("line", "planned_cents", say(msg("It may cost")), dollars(kept.planned_cents), hint),
        FormField("line", "spent_cents", say(msg("It cost")), dollars(kept.spent_cents), hint),
    ]


def dollars(cents: int | None) -> str:
    """Returns a sum as it stands in a field."""
    return "" if cents is None else f"{cents // 100}.{cents % 100:02d}"


def _common(ctx: Context, sent: Post) -> dict[str, Any]:
    return {
        "at": moment_sent(sent, ctx.zone),
        "seats": sent.whole("seats", least=1, most=MOST_SEATS),
        "purposes": sent.every("purposes"),
        "cost_cents": cents_sent(sent, "cost_cents") or 0,
        **{name: sent[name].strip() for name in _LINES},
    }


def _read(kind: Any, values: Mapping[str, Any], sent: Post) -> Any:
    needed: Sequence[str] = ("seats", "place") if "place" in values else ()
    for name in needed:
        if not values[name]:
            sent.problems.setdefault(name, msg("Please answer this."))
    if sent.problems:
        raise OutingInvalid
    return read_form(kind, values)

"""Makes the demo's fictional referrals in whatever form a region asks: nobody's story, nobody's number.

Each begins as the form's own example, valid on its day; the answers here replace those to questions it has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from msgspec import Struct, structs
from sqlalchemy import select

from spheres_core.cli.output import CommandError
from spheres_core.facts import msg
from spheres_core.forms import answers, examples
from spheres_core.forms import queries as forms
from spheres_core.forms.schemas import Form
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import ANONYMOUS, Context
from spheres_core.referrals.operations import intake, triage
from spheres_core.referrals.queries.referral import referrals
from spheres_core.referrals.schemas import ReferralPosted

_ANY_REFERRAL = prepare(select(referrals.c.id).where(scoped(referrals)).limit(1))
_NEWEST = prepare(select(referrals.c.id).where(scoped(referrals)).order_by(referrals.c.id.desc()).limit(1))


class DemoReferral(Struct, frozen=True):
    """One referral: how long ago, in which language, which answers by question name, and the steps since."""

    days_ago: int
    language: str
    answers: Mapping[str, Any]
    steps: tuple[tuple[str, str], ...] = ()


_REVIEW: Final = ("in_review", "")
_PLANNED: Final = (_REVIEW, ("contact_planned", ""))
_CONTACT: Final = (*_PLANNED, ("in_contact", ""))

DEMO_REFERRALS: Final = (
    DemoReferral(
        41, "fr", {"name": "Sacha", "age": 20, "phone": "514-555-0101", "needs": ["work", "belonging"]},
        (*_CONTACT, ("agreed", "")),
    ),
    DemoReferral(
        36, "en", {"name": "Alex", "age": 27, "phone": "514-555-0102", "needs": ["income"]},
        (_REVIEW, ("redirected", "An adult service answers her needs; she agreed to be directed there.")),
    ),
    DemoReferral(
        30, "fr", {"name": "Charlie", "age": 18, "how": "email", "email": "charlie@example.org", "needs": ["housing"]},
        (*_PLANNED, ("unreachable", "")),
    ),
    DemoReferral(
        24, "fr", {"name": "Morgan", "age": 14, "phone": "514-555-0104", "needs": ["school", "leisure"]},
        (*_CONTACT, ("not_yet", "")),
    ),
    DemoReferral(
        19, "en", {"name": "Robin", "age": 22, "phone": "514-555-0105", "language": "en", "needs": ["mental_health"]},
        (*_CONTACT, ("waitlisted", "")),
    ),
    DemoReferral(13, "fr", {"name": "Lou", "age": 16, "phone": "514-555-0106", "needs": ["relationships"]}, _CONTACT),
    DemoReferral(
        9, "fr", {"name": "Noa", "age": 19, "phone": "514-555-0107", "needs": ["housing", "identity_papers"]}, _PLANNED
    ),
    DemoReferral(
        6, "en", {"knows": "no", "age_known": "age_band", "age_band": "14-17", "language": "en", "needs": ["safety"]},
        (_REVIEW, ("info_requested", "")),
    ),
    DemoReferral(
        4, "fr", {"name": "Maxime", "age": 23, "how": "email", "email": "maxime@example.org", "needs": ["food"]},
        (_REVIEW,),
    ),
    DemoReferral(2, "fr", {"name": "Noa", "age": 19, "phone": "514-555-0107", "needs": ["housing"]}),
    DemoReferral(
        1, "en",
        {"agrees": "not_yet", "age_known": "age_band", "age_band": "unknown", "language": "en", "needs": ["belonging"]},
    ),
    DemoReferral(0, "fr", {"name": "Ariel", "age": 17, "phone": "514-555-0112", "needs": ["school", "culture"]}),
)  # fmt: skip
"""The tenth is the seventh referred once more, by somebody else: a likely duplicate to look at."""


async def has_referrals(ctx: Context) -> bool:
    """Says whether this tenant has received any referral."""
    return await ctx.db.one_or_none(_ANY_REFERRAL) is not None


async def send(ctx: Context, given: Mapping[str, Any], *, language: str) -> UUID:
    """Receives a referral with these answers, as far as the region's form has such questions. Returns its id."""
    form = await forms.current(ctx, "referral")
    posted = ReferralPosted(answers_to(form, given, today=ctx.today), language=language)
    await intake.receive_referral(structs.replace(ctx, actor=ANONYMOUS), posted)
    id: UUID = await ctx.db.scalar(_NEWEST)
    return id


async def receive(ctx: Context, referral: DemoReferral) -> None:
    """Receives a referral as on its day, and moves it through its steps on the days after."""
    then = structs.replace(
        ctx, now=ctx.now - dt.timedelta(days=referral.days_ago, minutes=17 * (referral.days_ago % 7))
    )
    newest = await send(then, referral.answers, language=referral.language)
    for number, (step, reason) in enumerate(referral.steps, 1):
        day = min(then.now + dt.timedelta(days=number, hours=number), ctx.now)
        await triage.move_referral(structs.replace(ctx, now=day), newest, step, reason=reason)


def answers_to(form: Form, own: Mapping[str, Any], *, today: dt.date) -> dict[str, Any]:
    """Returns the form's example with these answers by question name; the example alone where the form refuses them."""
    given = examples.example(form, today=today)
    plain = answers.check(form, given, today=today)
    if plain.problems:
        paths = ", ".join(problem.path for problem in plain.problems)
        raise CommandError(
            msg("The form {form} has no answers that are valid today: {paths}.", form=form.key, paths=paths)
        )
    for question in form.walk():
        if question.name in own:
            trial = answers.check(form, _with(given, question.path, own[question.name]), today=today)
            if not trial.problems or question.name in ("age_known", "how"):
                given = _with(given, question.path, own[question.name])
    checked = answers.check(form, given, today=today)
    return plain.values if checked.problems else checked.values


def _with(given: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    head, _, rest = path.partition(".")
    if not rest:
        return {**given, head: value}
    inside = given.get(head)
    return {**given, head: _with(inside if isinstance(inside, dict) else {}, rest, value)}

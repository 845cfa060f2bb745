"""Reads what goes along with a transfer, by the one rule: as the other region, by what she has agreed to let it read.

Nothing here chooses what she has agreed to. A line of a consent, a standing for it and the policies of the tables do:
a class that she did not name is not found, whoever asks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final, Literal, TypeVar
from uuid import UUID

from msgspec import structs

from spheres_core.consents.queries.access import access_of
from spheres_core.consents.queries.reader import as_recipient
from spheres_core.facts import Message, msg
from spheres_core.followups.accompaniment_kinds import PEER_MEETING, AccompanimentClass
from spheres_core.followups.queries import accompaniments, encounters, vulnerable_dates
from spheres_core.followups.schemas.accompaniments import Accompaniment
from spheres_core.followups.schemas.encounters import Encounter
from spheres_core.followups.views.accompaniment_form import STATES as ACCOMPANIMENT_STATES
from spheres_core.followups.views.accompaniment_form import WISHES
from spheres_core.followups.views.accompaniment_pages import label_of
from spheres_core.followups.views.wording import KINDS, STATES
from spheres_core.followups.vulnerable_dates import KINDS as DATE_KINDS
from spheres_core.foundation.languages.localization import Text
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import HasId, Page
from spheres_core.participants.queries import safe_contact
from spheres_core.participants.queries.access import reaches
from spheres_core.participants.queries.extra_answers import OWN_WORDS
from spheres_core.participants.schemas.extra_answers import ExtraGiven
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.safe_contact import CHANNELS
from spheres_core.participants.views.extra_questions import extra_in_words
from spheres_core.participants.views.safe_contact import contact_lines
from spheres_core.partners.queries.catalogue import listed, stage_models
from spheres_core.plans.goal_states import STAGES
from spheres_core.plans.queries import cycle, goals, needs
from spheres_core.plans.schemas.goals import Stage
from spheres_core.plans.schemas.needs import Need
from spheres_core.safety.queries.plans import read_plans
from spheres_core.safety.views.sections import texts_of
from spheres_core.staff.queries.members import list_members
from spheres_core.transfers.schemas.messages import CarriedEntry, EntryKind

T = TypeVar("T", bound=HasId)
ExtraKind = Literal["encounter", "goal", "need"]
CARRIED: Final = ("needs_and_plan", "stages", "encounters", "legal", "own_words", "safe_contact", "emergency_plan")
"""Classes that can go along, in order. Who she is never does: she says it there herself. Of `legal`, the steps that she
is accompanied to; reporting decisions are for the team alone. Of emergency plans, the one to which she agreed."""
STRENGTH, GOAL, NEED, HER_WORDS = msg("A strength"), msg("A goal"), msg("A need"), msg("Her words")
IN_THE_CYCLE, ADDED = msg("Where she stands"), msg("Added later")


async def entries_for(ctx: Context, participant: UUID, code: str, *, recipient: str, names: bool) -> list[CarriedEntry]:
    """Returns everything that the recipient may read of her for a transfer. `names`: with who wrote it."""
    opened = await access_of(ctx, participant, recipient, "transfer")
    if opened is None:
        return []
    async with as_recipient(ctx, recipient, "transfer") as reader:
        access = ParticipantAccess(participant, code, "transfer", reader, opened)
        found = [each async for each in _Reading(ctx, access, await _names(ctx) if names else {}).entries()]
    return found


async def _names(ctx: Context) -> dict[UUID, str]:
    return {each.id: each.name for each in await list_members(ctx)}


class _Reading:
    def __init__(self, ctx: Context, access: ParticipantAccess, names: dict[UUID, str]) -> None:
        self.ctx, self.access, self.names = ctx, access, names

    async def entries(self) -> AsyncIterator[CarriedEntry]:
        """Yields what may be read, class by class."""
        for information, read in (
            ("needs_and_plan", self._plan),
            ("stages", self._cycle),
            ("encounters", self._encounters),
            ("encounters", partial(self._accompaniments, "encounters", "accompaniment")),
            ("legal", partial(self._accompaniments, "legal", "legal_step")),
            ("safe_contact", self._contact),
            ("emergency_plan", self._emergency_plan),
        ):
            if reaches(self.ctx, self.access, information):
                for each in await read():
                    yield each

    async def _plan(self) -> list[CarriedEntry]:
        ctx, found = self.ctx, list[CarriedEntry]()
        for strength in await _every(ctx, self.access, needs.list_strengths):
            found.append(
                self._entry("needs_and_plan", "strength", strength.on, STRENGTH, strength.what, strength.author)
            )
        for goal in await _every(ctx, self.access, goals.list_goals):
            found.append(self._entry("needs_and_plan", "goal", goal.on, GOAL, goal.words, goal.author, hers=goal.hers))
            found.extend(await self._extra("needs_and_plan", "goal", goal.on, goal.extra, goal.author))
            if reaches(ctx, self.access, "stages"):
                for stage in await _every(ctx, self.access, partial(_stages_of, goal.id)):
                    found.extend(self._stage(stage))
        for need in await _every(ctx, self.access, needs.list_needs):
            found.extend(self._need(need))
            found.extend(await self._extra("needs_and_plan", "need", need.on, need.extra, need.author))
        for date in (await vulnerable_dates.list_dates(ctx, self.access)).dates:
            found.append(self._entry("needs_and_plan", "date", date.on, DATE_KINDS[date.kind], date.note, date.by))
        return found

    def _stage(self, stage: Stage) -> Iterator[CarriedEntry]:
        rulers = [
            self.ctx.locale.say("{name}: {number} of 10", name=self.ctx.locale.say(name), number=number)
            for name, number in (
                (msg("How much it matters to her"), stage.importance),
                (msg("How sure she is that she can"), stage.confidence),
                (msg("How far she has come"), stage.progress),
            )
            if number is not None
        ]
        words = "\n".join([*map(str, rulers), *([stage.note] if stage.note else [])])
        what = STAGES[stage.stage] if stage.stage else IN_THE_CYCLE
        yield self._entry("stages", "goal_stage", stage.on, what, words, stage.author)
        yield from self._her_words(stage.on, stage.her_words, stage.author)

    def _need(self, need: Need) -> Iterator[CarriedEntry]:
        items = listed(self.ctx, "needs")
        label = self.ctx.locale.pick(items[need.need].label) if need.need in items else NEED
        words = "\n".join(each for each in (need.what, need.met_by, need.could_be_met_by) if each)
        yield self._entry("needs_and_plan", "need", need.on, label, words, need.author)
        yield from self._her_words(need.on, need.her_words, need.author)

    async def _cycle(self) -> list[CarriedEntry]:
        found: list[CarriedEntry] = []
        for each in await _every(self.ctx, self.access, cycle.list_cycle_stages):
            model = stage_models(self.ctx).get(each.model)
            labels = {stage.code: stage.label for stage in model.stages} if model else {}
            placed = [
                str(self.ctx.locale.pick(labels[code])) for code in (each.stage, each.her_stage) if code in labels
            ]
            words = "\n".join([*placed, *([each.note] if each.note else [])])
            found.append(self._entry("stages", "cycle_stage", each.on, IN_THE_CYCLE, words, each.author))
            found.extend(self._her_words(each.on, each.her_words, each.author))
        return found

    async def _encounters(self) -> list[CarriedEntry]:
        found: list[CarriedEntry] = []
        for each in await _every(self.ctx, self.access, encounters.list_encounters):
            found.extend(self._encounter(each))
            on = each.at.astimezone(self.ctx.zone).date()
            found.extend(await self._extra("encounters", "encounter", on, each.extra, each.author))
        return found

    def _encounter(self, each: Encounter) -> Iterator[CarriedEntry]:
        on = each.at.astimezone(self.ctx.zone).date()
        ways = (self.ctx.locale.say(KINDS[each.kind]), self.ctx.locale.say(STATES[each.state]))
        what = self.ctx.locale.say("{kind}: {state}", kind=ways[0], state=ways[1])
        yield self._entry("encounters", "encounter", on, what, each.note, each.author)
        for added in each.addenda:
            information = "own_words" if added.hers else "encounters"
            yield self._entry(information, "addendum", on, ADDED, added.text, added.by, hers=added.hers)
        yield from self._her_words(on, each.her_words, each.author)

    async def _accompaniments(self, information: AccompanimentClass, kind: EntryKind) -> list[CarriedEntry]:
        listed_here = partial(accompaniments.list_accompaniments, wanted=(information,))
        return [
            entry
            for each in await _every(self.ctx, self.access, listed_here)
            for entry in self._accompaniment(each, kind)
        ]

    def _accompaniment(self, each: Accompaniment, kind: EntryKind) -> Iterator[CarriedEntry]:
        say, on = self.ctx.locale.say, each.at.astimezone(self.ctx.zone).date()
        what = say("{kind}: {state}", kind=label_of(self.ctx, each.kind), state=say(ACCOMPANIMENT_STATES[each.state]))
        words = [each.what if each.kind != PEER_MEETING else "", str(say(WISHES[each.wish])) if each.wish else ""]
        yield self._entry(each.information, kind, on, what, "\n".join(filter(None, words)), each.author)
        yield from self._her_words(on, each.wish_words, each.author)
        yield from self._her_words(on, each.how_it_went, each.author)

    async def _contact(self) -> list[CarriedEntry]:
        kept = await safe_contact.latest(self.ctx, self.access)
        if kept is None:
            return []
        on = kept.row.recorded_at.astimezone(self.ctx.zone).date()
        lines = {each.channel: each.line for each in contact_lines(self.ctx, kept.record)}
        found = []
        for each in kept.record.channels:
            if each.value and each.unsafe_since is None:  # no number goes without how it may be used
                words = f"{each.value}\n{lines[each.channel]}"
                found.append(
                    self._entry("safe_contact", "contact", on, CHANNELS[each.channel], words, kept.row.recorded_by)
                )
        return found

    async def _extra(
        self, information: str, kind: ExtraKind, on: dt.date, extra: Mapping[str, ExtraGiven], author: UUID | None
    ) -> list[CarriedEntry]:
        """Returns what was answered to extra questions on a record, each question with its answer; her words apart."""
        found = []
        for form in await extra_in_words(self.ctx, kind, extra):
            for sections, hers in ((form.sections, False), (form.in_her_words, True)):
                words = "\n".join(
                    str(self.ctx.locale.say("{question}: {answer}", question=each["label"], answer=each["value"]))
                    for section in sections
                    for each in section["answers"]
                )
                if words:
                    of = OWN_WORDS if hers else information
                    found.append(
                        self._entry(of, "her_words" if hers else kind, on, form.title, words, author, hers=hers)
                    )
        return found

    async def _emergency_plan(self) -> list[CarriedEntry]:
        """Returns the sections of the plan to which she agreed, without numbers and hours: others hold there."""
        plan = (await read_plans(self.ctx, self.access)).agreed
        if plan is None:
            return []
        on = plan.agreed_on or plan.written_at.astimezone(self.ctx.zone).date()
        plan = structs.replace(plan, numbers=[], places=[structs.replace(each, hours=[]) for each in plan.places])
        found = []
        for each in texts_of(self.ctx, plan):
            what, words = msg("Emergency plan: {part}", part=each.title), "\n".join(each.lines)
            found.append(self._entry("emergency_plan", "emergency_plan", on, what, words, plan.author, hers=True))
        return found

    def _her_words(self, on: dt.date, words: str | None, author: UUID | None) -> Iterator[CarriedEntry]:
        if words:
            yield self._entry("own_words", "her_words", on, HER_WORDS, words, author, hers=True)

    def _entry(
        self,
        information: str,
        kind: EntryKind,
        on: dt.date,
        what: Message | Text,
        words: str,
        author: UUID | None,
        *,
        hers: bool = False,
    ) -> CarriedEntry:
        said = what if isinstance(what, Text) else self.ctx.locale.say(what)
        by = self.names.get(author, "") if author else ""
        return CarriedEntry(information, kind, on, str(said), words, said.lang, hers, by)


async def _stages_of(goal: UUID, ctx: Context, access: ParticipantAccess, *, cursor: str) -> Page[Stage]:
    return await goals.list_stages(ctx, access, goal, cursor=cursor)


async def _every(ctx: Context, access: ParticipantAccess, ask: Callable[..., Awaitable[Page[T]]]) -> Sequence[T]:
    """Returns all of a list, page after page."""
    found: list[T] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await ask(ctx, access, cursor=cursor)
        found += page.items
        cursor = page.next
    return found

"""What happens in a history: consents, withdrawals, assignments, exclusions, hand-overs, transfers, birthdays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

from msgspec import structs

from spheres_core.consents.name_lines import may_be_about
from spheres_core.consents.operations import exclusions, ledger, standings
from spheres_core.consents.operations.ledger import ConsentGiven, ConsentLine
from spheres_core.consents.queries.reader import read_as_system
from spheres_core.consents.schemas import (
    ACTS,
    CLASSES,
    FIRST_DAY,
    FOREVER,
    LAST_DAY,
    LIMITED,
    PURPOSES,
    TEAM,
    Act,
    Purpose,
)
from spheres_core.facts import AgeRange
from spheres_core.followups.operations import assignments
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.participants.operations import birthdays
from tests.journeys.histories import net_acts
from tests.journeys.histories.kept import Ledger
from tests.journeys.histories.outputs import Route, ids_of
from tests.journeys.histories.region import BORN, PARTNERS, POLICE, Participant, Region
from tests.journeys.histories.sent import Sent
from tests.journeys.test_isolation import BODIES
from tests.spheres_core.transfers.conftest import CLASSES as CARRIED

Step = Callable[["History"], str]
USUAL: Final[tuple[Purpose, ...]] = ("follow_up", "follow_up", "follow_up", "coordination", "service", "service")
WHOLE: Final[tuple[tuple[str, Purpose], ...]] = (
    (TEAM, "follow_up"), (TEAM, "follow_up"), (TEAM, "coordination"), (PARTNERS[0], "service"),
    (PARTNERS[0], "committee"), (TEAM, "committee")
)  # fmt: skip
"""For whom, and what for, she agrees to everything at once."""
NOT_SENT: Final = (
    "/preview",
    "attachments",
    "administration",
    "/admin/",
    "account",
    "/forms",
    "partners",
    "inquir",
    "advice",
)
"""Parts of addresses that are about no participant."""
OF_FILES: Final = ("participant", "hand-over", "requests", "duplicate", "transfer", "meeting")


class History:
    """One history: what happened, in words, and the region as it is now."""

    def __init__(self, region: Region, number: int, posted: list[Route]) -> None:
        self.region, self.number, self.posted = region, number, posted
        self.chance = region.chance
        self.told: list[str] = []
        self.sent: list[Sent] = []

    def go_on(self) -> None:
        """Lets one more thing happen."""
        step = self.chance.choices([step for step, _ in STEPS], [often for _, often in STEPS])[0]
        self.told.append(step(self))

    def one(self) -> Participant:
        return self.chance.choice(self.region.participants)

    def act(self, act: Callable[[Context], Awaitable[Any]]) -> str:
        """Does something as the coordinator. What is refused happens not."""
        actor = Actor("staff", UUID(self.region.team.coordinator.id), frozenset({"coordinator"}))
        try:
            self.region.world.act(self.region.slug, act, actor=actor)
        except Refusal as refusal:
            return f"refused: {refusal.code}"
        return "done"

    def ids(self, table: str, her: Participant, where: str = "ends > now") -> list[UUID]:
        """The ids of some of her rows. `now`: the moment of the region's clock."""
        now = f"'{self.region.world.now}'"
        asked = f"SELECT id FROM {table} WHERE participant_id = %s AND {where.replace('now', now)} ORDER BY id"
        return [row[0] for row in self.region.world.sql(asked, her.id)]


def give(history: History) -> str:
    """She agrees to some lines, for some time, about some days."""
    chance, her, now = history.chance, history.one(), history.region.world.now
    assert now is not None
    today = now.date()
    lines = []
    for _ in range(chance.randint(1, 10)):
        first = chance.choice((FIRST_DAY, FIRST_DAY, FIRST_DAY, today))
        last = chance.choice((LAST_DAY, LAST_DAY, LAST_DAY, today))
        ends = chance.choice((FOREVER, FOREVER, now + dt.timedelta(hours=chance.randint(1, 60))))
        recipient = chance.choice((TEAM, TEAM, TEAM, *PARTNERS, POLICE))
        purpose = chance.choice((*USUAL, *PURPOSES))
        lines.append(
            ConsentLine(recipient, chance.choice((*CLASSES, "participation")), purpose,
                        chance.choice(("read", "read", "read", *ACTS[:3])), ends, first, last)
        )  # fmt: skip
    if chance.random() < 0.5:
        recipient, purpose = chance.choice(WHOLE)
        act: Act = "discuss" if purpose == "committee" else "read"
        lines = [ConsentLine(recipient, each, purpose, act) for each in CLASSES
                 if may_be_about(each, recipient, purpose, act)]  # fmt: skip
    given = ConsentGiven("information", today, "spoken", "herself", AgeRange(18, 24), tuple(lines))
    if chance.random() < 0.3:  # it ends by itself on her birthday
        given = structs.replace(given, giver="parent", born=BORN, holder=PARTNERS[1])
    return f"give {len(lines)} lines: {history.act(lambda ctx: ledger.give_consent(ctx, her.id, given))}"


def take_back(history: History) -> str:
    """She takes back a line, or a whole consent; now and then that she takes part."""
    chance, her = history.chance, history.one()
    if chance.random() < 0.5 and (lines := history.ids("consent_entries", her)):
        line = chance.choice(lines)
        return f"take back a line: {history.act(lambda ctx: ledger.withdraw_line(ctx, her.id, line))}"
    if consents := history.ids("consents", her):
        consent = chance.choice(consents)
        return f"take back a consent: {history.act(lambda ctx: ledger.withdraw_consent(ctx, her.id, consent))}"
    return "nothing to take back"


def assign(history: History) -> str:
    """Somebody follows her."""
    her, staff = history.one(), UUID(history.chance.choice(history.region.people).id)
    part: Any = history.chance.choice(("pivot", "backup"))

    async def assigning(ctx: Context) -> None:
        await read_as_system(ctx)
        await assignments.assign(ctx, her.id, staff, part)

    return f"assign: {history.act(assigning)}"


def end_assignment(history: History) -> str:
    """Somebody follows her no longer."""
    her = history.one()
    if not (found := history.ids("assignments", her)):
        return "nobody follows her"
    one = history.chance.choice(found)

    async def ending(ctx: Context) -> None:
        await read_as_system(ctx)
        await assignments.end_assignment(ctx, her.id, one)

    return f"end an assignment: {history.act(ending)}"


def exclude(history: History) -> str:
    """Somebody, or an organization, is kept away from all of it or from one class."""
    chance, her = history.chance, history.one()
    information = chance.choice(("", *CLASSES))
    whom: Any = {"staff": UUID(chance.choice(history.region.people).id)}
    if chance.random() < 0.4:
        whom = {"organization": chance.choice((*PARTNERS, POLICE))}
    excluded = history.act(
        lambda ctx: exclusions.exclude(ctx, her.id, "her_wish", information=information, reason="kept", **whom)
    )
    return f"exclude: {excluded}"


def end_exclusion(history: History) -> str:
    her = history.one()
    if not (found := history.ids("exclusions", her)):
        return "nobody is kept away"
    one = history.chance.choice(found)
    return f"end an exclusion: {history.act(lambda ctx: exclusions.end_exclusion(ctx, her.id, one))}"


def open_standing(history: History) -> str:
    """Somebody has to do with her in another way: a committee, an emergency, an investigation, a transfer."""
    chance, her, now = history.chance, history.one(), history.region.world.now
    assert now is not None
    kind: Any = chance.choice(("committee", "service_request", "emergency_access", "investigation", "transfer"))
    purpose: Any = {"committee": "committee", "service_request": "service", "emergency_access": "emergency",
                    "investigation": "oversight", "transfer": "transfer"}[kind]  # fmt: skip
    person = chance.choice(history.region.people)
    reader = history.region.readers[person.id]
    classes = [each for each in CLASSES if each in LIMITED.get(kind, CLASSES) and chance.random() < 0.7]
    by_name = chance.random() < 0.6 or not reader.organization
    opened = history.act(
        lambda ctx: standings.open_standing(
            ctx, her.id, kind, recipient=reader.organization or TEAM, classes=[*classes, "safe_contact"],
            acts=("read", "discuss"), purpose=purpose, opened_by=(kind, uuid7()), ends=now + dt.timedelta(hours=40),
            basis="a reason", **({"staff": reader.staff} if by_name else {}),
        )
    )  # fmt: skip
    return f"standing {kind}: {opened}"


def hand_over(history: History) -> str:
    """A file is offered to somebody, or an offer is answered."""
    chance, region = history.chance, history.region
    her, person = history.one(), chance.choice(region.people)
    person.sign_in()
    if chance.random() < 0.5:
        body = {"to": chance.choice(region.people).id, "participants": [her.code], "word": region.word()}
        return f"offer: {person.post('/hand-overs', body).status_code}"
    offered = history.ids("hand_overs", her, "state = 'offered'")
    if not offered:
        return "nothing is offered"
    person.post(f"/hand-overs/{offered[0]}/told", {"her_answer": "agrees"})
    return f"accept: {person.post(f'/hand-overs/{offered[0]}/accept').status_code}"


def transfer(history: History) -> str:
    """Her file is offered to another region, which accepts it, refuses it, or says nothing yet."""
    chance, region, her = history.chance, history.region, history.one()
    person = chance.choice((region.team.pivot, *region.people))
    person.sign_in()
    classes = [each for each in CARRIED if chance.random() < 0.7]
    asked, hers = region.team.asked(region.south.slug, *classes), f"/participants/{her.code}/transfers"
    seen = person.post(f"{hers}/preview", asked)
    if seen.status_code != 200 or person.post(hers, {**asked, "seen": seen.json()["digest"]}).status_code != 201:
        return f"transfer: {seen.status_code}"
    region.team.cross()
    answer = chance.choice(("accept", "refuse", ""))
    region.south.coordinator.sign_in()
    waits = region.south.received()
    if answer:
        body = {"version": waits["version"]} | ({"reason": "other"} if answer == "refuse" else {})
        region.south.coordinator.do(f"/transfers/{waits['id']}/{answer}", body, status=200)
        region.south.cross()
        region.team.cross()
    return f"transfer of {classes}: {answer or 'waits'}"


def move_on(history: History) -> str:
    """Hours go by; on a birthday, what is due is raised."""
    history.region.world.forward(hours=history.chance.choice((1, 5, 20, 50)))
    raised = history.region.world.act(history.region.slug, birthdays.raise_due)
    return f"time: {history.region.world.now}, {raised} birthday tasks"


def send(history: History) -> str:
    """Somebody sends something to some address: whatever is answered tells nothing that she may not read."""
    chance, her = history.chance, history.one()
    person, route = chance.choice(history.region.people), chance.choice(history.posted)
    person.sign_in()
    address = route.address(her.code, ids_of(history.region.world, her.id), chance.randrange(99))
    kept, before = history.region.everything(), Ledger(history.region.world, history.region.tenant)
    body, headers = b"{}", {"content-type": "application/json"}
    if make := BODIES.get(route.path):
        kinds, (body, _) = make(None, lambda kind: (_drawn(history, her, kind),) * 2)
        headers = {name: value[0] for name, value in kinds}
    answer = history.region.world.request(
        route.method, f"/t/{history.region.slug}{address}", content=body, headers=person.headers | headers
    )
    history.sent.append(Sent(person, route, address + body.decode(), answer, kept, before))
    return f"{person.email[:6]} {route.method} {route.path}: {answer.status_code}"


def _drawn(history: History, her: Participant, kind: str) -> str:
    if kind == "id":
        return str(history.chance.choice(history.region.people).id)
    return her.code if history.chance.random() < 0.3 else history.region.word()


def posted_routes(routes: list[Route]) -> list[Route]:
    """Returns those to which something about a participant is sent."""
    return [
        each
        for each in routes
        if each.method != "GET"
        and any(word in each.path for word in OF_FILES)
        and not any(word in each.path for word in NOT_SENT)
    ]


STEPS: Final[list[tuple[Step, int]]] = [
    (give, 8), (take_back, 4), (assign, 3), (end_assignment, 2), (exclude, 2), (end_exclusion, 1), (open_standing, 3),
    (hand_over, 2), (transfer, 2), (move_on, 3), (send, 4), (net_acts.write_plan, 1), (net_acts.open_plan, 2),
    (net_acts.invite, 1), (net_acts.put_on_agenda, 1), (net_acts.recuse, 1), (net_acts.ask_for_advice, 1),
]  # fmt: skip
"""Each with how often it happens."""

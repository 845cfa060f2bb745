"""Reads every output after each history, and compares what is found there with what the specification lets be read."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import structlog
from msgspec import Struct, field

from spheres_core.audit.events import delivery
from spheres_core.consents.schemas import PURPOSES, Purpose
from spheres_core.foundation import deployment
from spheres_core.participants.queries.access import DAILY
from spheres_core.testing import World
from tests.journeys.histories.acts import History, posted_routes
from tests.journeys.histories.counts import differences
from tests.journeys.histories.kept import DISCUSS, VAULT, Held, Ledger, Read, Reader, leaks
from tests.journeys.histories.outputs import Route, ids_of, routes, tokens
from tests.journeys.histories.region import Participant, Region
from tests.spheres_core.activities.test_portrait import words_of
from tests.spheres_core.followups.conftest import Person

BLOCK: Final = 100
"""Histories in one region."""
LENGTHS: Final = (3, 6, 9, 14)
SLICES: Final = 12
"""One of so many is read of the routes that list no participants, and of a file that the reader may not know of."""
LISTS: Final = ("/api/participants", "/staff/participants", "my-day", "hand-overs", "requests", "coordination",
                "duplicates", "identity-openings", "emergency-accesses", "/transfers", "/meetings/")  # fmt: skip

ON_CALL: Final = "/staff/on-call/"
"""Begins the address of a plan that was opened in an emergency: whoever opens it has typed her code."""


class Total(Struct):
    """What was read so far, and what leaked."""

    histories: int = 0
    outputs: int = 0
    answered: int = 0
    """Outputs that were more than a refusal."""
    permitted: int = 0
    """Words, ids and codes that were found and may be read."""
    leaked: list[str] = field(default_factory=list)
    numbers: int = 0
    """Numbers that were compared with the list that they count, as the same person reads both."""
    miscounted: list[str] = field(default_factory=list)
    shown: set[tuple[str, str]] = field(default_factory=set)
    """Tables and fields of which somebody was shown a word."""
    opened: set[str] = field(default_factory=set)
    """Routes that answered with a page or with JSON."""
    missing: Counter[str] = field(default_factory=Counter)
    """Classes that somebody may read and of whose words none was found; of nothing where a share is read."""

    def line(self) -> str:
        return (
            f"{self.histories} histories, {self.outputs} outputs read, {self.answered} of them no refusal, "
            f"{self.permitted} finds that may be read, {len(self.leaked)} leaks, "
            f"{self.numbers} numbers, {len(self.miscounted)} not the length of their list"
        )


def run_block(world: World, seed: int, block: int, histories: int, total: Total, share: float) -> None:
    """Lets histories take place in a region of their own, and reads a share of the outputs after each."""
    place = f"seed {seed} block {block}"
    region = Region(world, random.Random(place))
    run_histories(region, histories, total, place, share)
    read_messages(region, total, place)


def run_histories(region: Region, histories: int, total: Total, place: str, share: float = 1) -> None:
    """Lets histories take place, each from the same beginning, and reads a share of the outputs after each."""
    every = routes(region.world, region.slug)
    posted, read = posted_routes(every), [each for each in every if each.method == "GET"]
    for number in range(histories):
        region.begin_again()
        history = History(region, number, posted)
        one = f"{place} history {number}"
        with structlog.testing.capture_logs() as logged:
            _take_place(region, history, total, one)
            _count(region, [each for each in region.people if region.chance.random() < share], total, one)
            drawn = [each for each in read if region.chance.random() < share]
            kept = _read_after(region, drawn, total, history, one)
        said = tokens(str(logged))
        total.leaked += [f"{one}: {held} in the log" for word, held in _of_words(kept) if word in said]
        total.histories += 1


def _of_words(kept: Mapping[str, Sequence[Held]]) -> Iterator[tuple[str, Held]]:
    """Yields words and codes; ids may stand where nobody is named by them."""
    yield from ((value, held[0]) for value, held in kept.items() if held[0].column != "id")


def _take_place(region: Region, history: History, total: Total, place: str) -> None:
    """Lets a history take place step by step, and looks at what was answered on the way."""
    for _ in range(history.chance.choice(LENGTHS)):
        history.go_on()
        for sent in history.sent:
            total.outputs += 1
            reader, after = region.readers[sent.person.id], Ledger(region.world, region.tenant)
            found = tokens(sent.answer.text, *_parts(sent.asked))
            for value, held in leaks(found, sent.kept, [sent.before, after], reader, [*PURPOSES, DISCUSS]):
                total.leaked.append(f"{place}: {held} as {value} by {sent.route} to {reader}: {history.told}")
        history.sent.clear()


def _count(region: Region, people: Sequence[Person], total: Total, place: str) -> None:
    """Compares the numbers that these people are told with the lists that they count."""
    for person in people:
        told, wrong = differences(region, person)
        total.numbers += told
        total.miscounted += [f"{place}: {each}" for each in wrong]


def _parts(asked: str) -> list[str]:
    return [asked, *sorted(tokens(asked), key=len, reverse=True)]


def _read_after(
    region: Region, read: Sequence[Route], total: Total, history: History, place: str
) -> Mapping[str, Sequence[Held]]:
    """One person reads one file, the lists, and a part of all other routes; of these routes alone.

    Returns all that is kept by now: reading writes nothing more.
    """
    chance = region.chance
    ledger, kept = Ledger(region.world, region.tenant), region.everything()
    person, her, purpose = _draw_reading(region, ledger, kept)
    knows = bool(_purposes_of_file(ledger, region.readers[person.id], her, kept, purpose))
    wanted = [each for each in read if (knows and each.is_file) or is_list(each) or chance.random() < 1 / SLICES]
    read_as(region, wanted, person, her, purpose, total, f"{place} {history.told}", at=(ledger, kept))
    return kept


def is_list(route: Route) -> bool:
    """Returns whether a route lists participants, or what waits for somebody about them."""
    return not route.is_file and any(word in route.path for word in LISTS)


def read_as(
    region: Region, wanted: Sequence[Route], person: Person, her: Participant, purpose: Purpose | None, total: Total,
    place: str, *, at: tuple[Ledger, Mapping[str, Sequence[Held]]] | None = None,
) -> None:  # fmt: skip
    """Reads these routes of a region and of one file as somebody, and looks at each answer.

    `at`: what decides, and all that is kept, where it was read already.
    """
    world, reader = region.world, region.readers[person.id]
    ledger, kept = at or (Ledger(world, region.tenant), region.everything())
    ids = ids_of(world, her.id)
    person.sign_in()
    found: set[str] = set()
    for route, address in [(each, one) for each in wanted for one in _addresses(each, her, ids)]:
        asked = route.query(purpose)
        named = purpose if route.takes_purpose else None
        purposes: Sequence[Read] = [named] if named else [DISCUSS] if "/meetings/" in route.path else DAILY
        if route.is_file:
            purposes = _purposes_of_file(ledger, reader, her, kept, named)
        if ON_CALL in route.path:
            purposes = ["emergency"]
        answer = world.get(f"/t/{region.slug}{address}{asked}", headers=person.headers)
        assert answer.status_code < 500, (place, route, answer.text[:300])
        total.outputs += 1
        typed = [address] if answer.status_code >= 400 else [her.code] if ON_CALL in route.path else []
        is_pdf = answer.headers.get("content-type") == "application/pdf"
        seen = tokens(words_of(answer.content) if is_pdf else answer.text, *typed)
        if answer.status_code < 400:
            total.answered += 1
            total.opened.add(route.path)
            found |= seen & kept.keys()
        for value, held in leaks(seen, kept, [ledger], reader, purposes):
            total.leaked.append(f"{held} as {value} by {route} {asked} to {reader}: {place}")
        if "/advice" not in route.path and seen & region.advised:
            total.leaked.append(f"words of a request for advice by {route} to {reader}: {place}")
    total.permitted += len(found)
    total.shown |= {(held.table, held.column) for each in found for held in kept[each] if held.column != "id"}
    if purpose is None:
        _expect(ledger, kept, reader, her, found, total)


def _draw_reading(
    region: Region, ledger: Ledger, kept: Mapping[str, Sequence[Held]]
) -> tuple[Person, Participant, Purpose | None]:
    """Returns who reads whose file for what: mostly somebody who may, for any purpose, know of her."""
    chance = region.chance
    knowing: list[tuple[Person, Participant, Purpose | None]] = []
    for person in region.people:
        for her in region.participants:
            (herself,) = (each for each in kept[her.code] if each.table == "participants")
            held = [each for each in PURPOSES if ledger.lets(region.readers[person.id], herself, [each])]
            knowing += [(person, her, each) for each in held]
            knowing += [(person, her, None)] * (3 if set(held) & set(DAILY) else 0)
    if knowing and chance.random() < 0.8:
        return chance.choice(knowing)
    return chance.choice(region.people), chance.choice(region.participants), chance.choice((None, *PURPOSES))


def _addresses(route: Route, her: Participant, ids: Mapping[str, Sequence[Any]]) -> list[str]:
    """Returns the addresses of a route that are read: of three of the records that it names at most."""
    many = min(3, len(ids.get(route.table(), [0]))) if "{id:uuid}" in route.path else 1
    return [route.address(her.code, ids, number) for number in range(many)]


def _purposes_of_file(
    ledger: Ledger, reader: Reader, her: Participant, kept: Mapping[str, Sequence[Held]], purpose: Purpose | None
) -> Sequence[Purpose]:
    """Returns the purpose for which a route reads her file: the one that is named, or the first that opens it."""
    (herself,) = (each for each in kept[her.code] if each.table == "participants")
    return [each for each in ([purpose] if purpose else DAILY) if ledger.lets(reader, herself, [each])][:1]


def _expect(
    ledger: Ledger, kept: Mapping[str, Sequence[Held]], reader: Reader, her: Participant, found: set[str], total: Total
) -> None:
    """Notes the classes that somebody who follows her may read, and of whose words nothing was found."""
    purposes = _purposes_of_file(ledger, reader, her, kept, None)
    words: dict[str, list[str]] = {}
    for value, held in _of_words(kept):
        looked_for = held.participant == her.id and held.table not in VAULT and held.writer is None
        if looked_for and purposes == ["follow_up"] and ledger.lets(reader, held, purposes):
            words.setdefault(held.information, []).append(value)
    for information, values in words.items():
        total.missing[information] += found.isdisjoint(values)


def read_messages(region: Region, total: Total, place: str) -> None:
    """Delivers what the trail owes, and reads what was sent to anybody, and all rows as they stand in the database."""
    owed = "SELECT DISTINCT entry_id FROM deliveries WHERE done_at IS NULL AND tenant_id = %s"
    for (entry,) in region.world.sql(owed, region.tenant):
        region.world.run(delivery.deliver(region.world.runtime, region.slug, entry))
    kept = dict(_of_words(region.everything()))
    folder = Path(deployment.home(), "outgoing")
    sent = "".join(each.read_text(encoding="utf-8") for each in folder.rglob("*") if each.is_file())
    names = region.world.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    rows = " ".join(
        region.world.sql(f'SELECT coalesce(string_agg(t::text, chr(10)), $q$$q$) FROM "{name}" t')[0][0]
        for (name,) in names
    )
    total.outputs += 2
    total.leaked += [f"{place}: {held} in a message" for value, held in kept.items() if value in sent]
    for word in region.advised:
        if word in sent or word in rows or word.encode().hex() in rows:
            total.leaked.append(f"{place}: words of a request for advice in a message, or open in the database")
    at_rest = [
        f"{place}: {held} lies open in the database"
        for value, held in kept.items() if value in rows or value.encode().hex() in rows
    ]  # fmt: skip
    total.leaked += at_rest

"""Each number that a page tells of a list is the length of that list, as the same person reads both: in random worlds.

    python -m tests.journeys.counted_lists --worlds 1000 --seed 1

A world is what some random acts have made of a region: consents, withdrawals, assignments, exclusions, hand-overs,
transfers, birthdays, referrals, drafts and tokens. Everybody in it then reads every page that tells such a number, and
each list that one counts. Worlds come in blocks with a region of their own; `--first` goes on at a block.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import re
from collections import Counter
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any, Final
from uuid import UUID, uuid4

from msgspec import Struct, field

from spheres_core.staff.operations import tokens
from spheres_core.testing import World
from tests.journeys.histories.__main__ import whole_world
from tests.journeys.histories.acts import History, posted_routes
from tests.journeys.histories.counts import differences
from tests.journeys.histories.outputs import routes
from tests.journeys.histories.region import Participant, Region
from tests.spheres_core.followups.conftest import Person

BLOCK: Final = 50
"""Worlds in one region."""
LENGTHS: Final = (1, 2, 4, 7)
"""Acts of a world."""
CHOICE: Final = re.compile(r'name="participants" value="([^"]+)".*?</label>', re.DOTALL)
NO_LIST: Final[Mapping[str, str]] = {
    "It failed {n} times.": "a number of failures",
    "Signed out on {n} devices.": "what was just ended",
    "after {n} tries": "a number of tries",
    "{n} times": "a number of failures",
    "{n} days": "an age",
    "{n} years old": "an age",
    "{n} years": "for how long files are kept",
    "{n} questions": "of a form that is not here yet",
    "{n} texts are missing": "of a plugin, before it is switched on",
    "{n} remarks about its forms": "of a plugin, before it is switched on",
    "{n} new entries": "of a plugin, before it is switched on",
    "{n} entries of this region": "of a plugin, before it is switched on",
    "Also remove {n} entries from the directory": "of a plugin that goes",
    "{n} groups are hidden, because they are about fewer than {smallest} persons.": "groups that nobody is shown",
    "{n} entries wait for a second person": "of the library of tools, which its own tests count",
    "A closed incident is erased {n} years after it was found.": "an age",
    "{n} entries": "of the directory, which its own tests count",
    "{n} things to mend": "of a form in the making, which its own tests count",
    "signed in on {n} devices": "of one account; sessions are listed nowhere",
    "{n} open invitations": "of one account; invitations are listed nowhere",
    "{n} tokens for other systems": "of one account, among those of all on the page of tokens",
}
"""Sentences with a number that counts no list, or one of no world of this kind, each with the reason."""


class Told(Struct):
    """How many numbers were compared, and those that are not the length of their list."""

    worlds: int = 0
    numbers: int = 0
    by_sentence: Counter[str] = field(default_factory=Counter)
    readers: int = 0
    wrong: list[str] = field(default_factory=list)

    def line(self) -> str:
        return (
            f"{self.worlds} worlds, {self.readers} readers, {self.numbers} numbers, {len(self.wrong)} not the length"
            f" of their list"
        )


class Desk:
    """One person of a region at her pages."""

    def __init__(self, region: Region, person: Person) -> None:
        self.region, self.person = region, person

    def page(self, path: str) -> str:
        """A page of hers; empty where it is not for her."""
        answer = self.region.world.get(f"/t/{self.region.slug}/en/{path}", headers=self.person.headers)
        assert answer.status_code < 500, (path, answer.text[:300])
        return unescape(answer.text) if answer.status_code == 200 else ""

    def search(self, text: str) -> str:
        """The page that a search of referrals answers with."""
        sent = {"text": text, "_csrf": self.person.headers["x-csrf-token"]}
        place = f"/t/{self.region.slug}/en/referrals/search"
        answer = self.region.world.post(place, data=sent, headers=self.person.headers)
        assert answer.status_code == 200, answer.text[:300]
        return unescape(answer.text)

    def read(self, path: str) -> Any:
        answer = self.person.get(path)
        return answer.json() if answer.status_code == 200 else None


def numbers_in(text: str, one: str, several: str, name: str = "n") -> list[int]:
    """Returns the numbers that a page tells in this sentence."""
    plain = re.sub(r"<[^>]+>", "", text)
    found = [int(each) for each in re.findall(re.escape(several).replace(re.escape("{" + name + "}"), r"(\d+)"), plain)]
    singular = re.escape(one).replace(re.escape("{" + name + "}"), "1")
    return found + [1] * len(re.findall(singular + r"(?!\w)", plain))


# ---- the sentences, each with the list that it counts --------------------------------------------------------------

Comparison = tuple[list[int], list[int]]
"""Numbers that were told, and the lengths of the lists that they count."""


def of_referrals(desk: Desk) -> Comparison:
    """Referrals on a page of the inbox, and in the API."""
    told, listed = [], []
    for query in ("", "?state=all", "?state=received"):
        if page := desk.page(f"referrals{query}"):
            told += numbers_in(page, "{n} referral on this page", "{n} referrals on this page")
            listed.append(page.count('class="open" href="'))
    if page := desk.page("referrals?state=received"):
        told += numbers_in(page, "{n} referral on this page", "{n} referrals on this page")
        listed.append(len(desk.read("/referrals?state=received")["items"]))
    return told, listed


def of_found_referrals(desk: Desk) -> Comparison:
    """Referrals that a search finds."""
    if (received := desk.read("/referrals?state=received")) is None:
        return [], []
    known = [each["reference"] for each in received["items"][:1]]
    told, listed = [], []
    for text in (*known, "nobody"):
        page = desk.search(text)
        told += numbers_in(page, "{n} referral found, in any state", "{n} referrals found, in any state")
        listed.append(page.count('class="open" href="'))
    return told, listed


def of_tokens(desk: Desk) -> Comparison:
    """Tokens of other systems."""
    found, page = desk.read("/admin/tokens"), desk.page("administration/tokens")
    if found is None or not found["tokens"]:
        return [], []
    return numbers_in(page, "{n} token", "{n} tokens"), [len(found["tokens"])]


def of_deliveries(desk: Desk) -> Comparison:
    """Deliveries that were given up on."""
    page = desk.page("administration/deliveries")
    return numbers_in(page, "{n} delivery", "{n} deliveries"), [page.count('name="entry"')] if page.count(
        'name="entry"'
    ) else []


def of_drafts(desk: Desk) -> Comparison:
    """What the worker began about each of those whom she may hand over."""
    told, listed = [], []
    for row in CHOICE.finditer(desk.page("staff/hand-overs/new")):
        found = desk.read(f"/participants/{row[1]}/drafts")
        told.append(sum(numbers_in(row[0], "Begun and not sent: {n}", "Begun and not sent: {n}")[:1]))
        listed.append(len(found["drafts"]) if found else 0)
    return told, listed


def of_kept_away(desk: Desk) -> Comparison:
    """Persons who are kept away from somebody."""
    told, listed = [], []
    for her in desk.region.participants:
        page = desk.page(f"staff/participants/{her.code}/consents")
        found = desk.read(f"/participants/{her.code}/exclusions") if page else None
        if not page or found is None:
            continue
        now = desk.region.world.now
        assert now is not None
        live = {
            each["staff"]
            for each in found["items"]
            if each["staff"] and dt.datetime.fromisoformat(each["starts"]) <= now
            if each["ends"] is None or now < dt.datetime.fromisoformat(each["ends"])
        }
        told.append(sum(numbers_in(page, "One person", "{n} persons")))
        listed.append(len(live))
    return told, listed


COUNTED: Final[Mapping[str, Callable[[Desk], Comparison]]] = {
    "{n} referrals on this page": of_referrals,
    "{n} referrals found, in any state": of_found_referrals,
    "{n} tokens": of_tokens,
    "{n} deliveries": of_deliveries,
    "Begun and not sent: {n}": of_drafts,
    "{n} persons": of_kept_away,
}
"""By sentence with a number, what compares it; caseloads and days are compared by `histories.counts`."""


def compare(region: Region, person: Person, told: Told, place: str) -> None:
    """Lets somebody read every number that she is told, and the list that it counts."""
    numbers, wrong = differences(region, person)
    told.numbers += numbers
    told.by_sentence["caseloads and days"] += numbers
    desk = Desk(region, person)
    for sentence, of in COUNTED.items():
        said, listed = of(desk)
        told.numbers += len(said)
        told.by_sentence[sentence] += len(said)
        if said != listed:
            wrong.append(f"{sentence}: {said} told, {listed} listed")
    told.readers += 1
    told.wrong += [f"{place}, {person.email[:6]}: {each}" for each in wrong]


# ---- worlds --------------------------------------------------------------------------------------------------------


def refer(history: History) -> str:
    """Somebody refers, and now and then somebody looks at it."""
    region = history.region
    return f"refer: {region.world.refer(region.slug).status_code}"


def begin(history: History) -> str:
    """A worker begins to write about somebody and does not send it."""
    her: Participant = history.one()
    person = history.chance.choice(history.region.people)
    person.sign_in()
    values = {"note": history.region.word(), "her_words": history.region.word()}
    form = {"form": "encounter", "values": values, "number": 1}
    return f"begin: {person.put(f'/participants/{her.code}/drafts/{uuid4()}', form).status_code}"


def make_token(history: History) -> str:
    """A token is made for another system."""
    region = history.region
    office, label = UUID(region.office.id), region.word()
    region.world.act(region.slug, lambda ctx: tokens.create_token(ctx, ("coordinator",), label=label, made_by=office))
    return "token"


MORE: Final = ((refer, 2), (begin, 3), (make_token, 1))


def run_block(world: World, seed: int, block: int, worlds: int, told: Told) -> None:
    """Makes worlds in a region of their own, and compares in each what everybody is told."""
    region = Region(world, random.Random(f"seed {seed} block {block}"))
    posted = posted_routes(routes(world, region.slug))
    for number in range(worlds):
        region.begin_again()
        history = History(region, number, posted)
        for _ in range(region.chance.choice(LENGTHS)):
            history.go_on()
            more = region.chance.choices([act for act, _ in MORE], [often for _, often in MORE])[0]
            if region.chance.random() < 0.5:
                history.told.append(more(history))
        for person in region.people:
            compare(region, person, told, f"seed {seed} block {block} world {number} {history.told}")
        told.worlds += 1


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--worlds", type=int, default=1000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--first", type=int, default=0, help="the first block")
    given = asked.parse_args()
    told, known = Told(), 0
    with whole_world() as world:
        for block in range(given.first, given.first + -(-given.worlds // BLOCK)):
            run_block(world, given.seed, block, min(BLOCK, given.worlds), told)
            print(f"block {block}: {told.line()}", flush=True)
            print(*told.wrong[known:], sep="\n", end="", flush=True)
            known = len(told.wrong)
    print(*(f"{number} × {sentence}" for sentence, number in told.by_sentence.most_common()), sep="\n")
    raise SystemExit(bool(told.wrong))


if __name__ == "__main__":
    main()

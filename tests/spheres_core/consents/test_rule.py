"""Each answer of the rule is explained truly; the random worlds reach every kind of answer; changes are noticed."""

from __future__ import annotations

import random
from collections import Counter
from typing import Final
from uuid import UUID

from msgspec import structs

from spheres_core.consents import rule
from spheres_core.consents.rule import may, stands
from spheres_core.consents.schemas import (
    ACTS,
    FIRST_DAY,
    FOREVER,
    LAST_DAY,
    LIMITED,
    NO_PERSON,
    Allowed,
    ConsentEntry,
    Question,
    Standing,
)
from tests.examples import examples
from tests.spheres_core.consents.rule_checks import CHECKS
from tests.spheres_core.consents.worlds import (
    CLASSES_USED,
    DAYS,
    KINDS_USED,
    MOMENTS,
    NOON,
    ORGANIZATIONS,
    STAFF,
    TENANTS,
    draw_moment,
    draw_question,
    draw_world,
)

HER: Final = UUID(int=99)


def test_each_answer_names_rows_that_suffice_or_the_true_reason_against_it() -> None:
    chance = random.Random(11)
    seen: Counter[str] = Counter()
    for _ in range(examples(4_000)):
        world, now = draw_world(chance, TENANTS[0], HER), draw_moment(chance)
        question = draw_question(chance, TENANTS[0], HER)
        for check in CHECKS:
            assert check(rule, question, world, now), check
        found = may(question, world.standings, world.entries, world.exclusions, now)
        seen["allowed" if isinstance(found, Allowed) else found.reason] += 1
    assert min(seen[each] for each in ("allowed", "excluded", "no_standing", "no_consent")) > 10


def test_random_worlds_reach_every_answer_for_every_kind_of_standing_act_and_class() -> None:
    """Prints the matrix (`-s`): by answer and kind of standing, in how many worlds each act and class was reached."""
    chance = random.Random(12)
    reached: Counter[tuple[str, str, str, str]] = Counter()
    for _ in range(examples(3_000)):
        world, now = draw_world(chance, TENANTS[0], HER), draw_moment(chance)
        drawn = draw_question(chance, TENANTS[0], HER)
        for standing in world.standings[:2]:
            asked = structs.replace(
                drawn, purpose=standing.purpose, staff=standing.staff if standing.staff in STAFF else drawn.staff
            )
            for information in CLASSES_USED:
                for act in ACTS:
                    question = structs.replace(asked, information=information, act=act)
                    found = may(question, [standing], world.entries, world.exclusions, now)
                    answer = "allowed" if isinstance(found, Allowed) else found.reason
                    reached[answer, standing.kind, act, information] += 1
                    assert answer != "allowed" or stands(question, standing, now)
    missing = set()
    for answer in ("allowed", "excluded", "no_standing", "no_consent"):
        for kind in KINDS_USED:
            cells = {(act, information): reached[answer, kind, act, information]
                     for act in ACTS for information in CLASSES_USED}  # fmt: skip
            print(f"{answer:12} {kind:18}", *(f"{act}/{name}:{number}" for (act, name), number in cells.items()))
            missing |= {(answer, kind, act, name) for (act, name), number in cells.items() if not number}

    assert missing == {
        (answer, kind, act, information)
        for answer in ("allowed", "no_consent")
        for kind in KINDS_USED
        for act in ACTS
        for information in CLASSES_USED
        if information not in LIMITED.get(kind, CLASSES_USED) or (answer, kind) == ("no_consent", "investigation")
    }, "only what the rule itself makes impossible"


def test_an_organization_of_a_committee_learns_who_she_is_only_by_a_line_of_its_own() -> None:
    """Members of two organizations may hear of her; each learns her name by her consent to that organization alone."""
    now, members = NOON, dict(zip(ORGANIZATIONS, STAFF, strict=True))
    standings = [
        Standing(TENANTS[0], staff, HER, "committee", NO_PERSON, key, frozenset({"identity", "committee"}),
                 frozenset({"read"}), "committee", MOMENTS[0], FOREVER)
        for key, staff in members.items()
    ]  # fmt: skip

    def entry(key: str, information: str) -> ConsentEntry:
        return ConsentEntry(TENANTS[0], UUID(int=7), HER, key, information, "read", "committee", MOMENTS[0], FOREVER,
                            FIRST_DAY, LAST_DAY, False)  # fmt: skip

    def readers(information: str, *entries: ConsentEntry) -> list[str]:
        return [
            key
            for key, staff in members.items()
            if isinstance(
                may(
                    Question(TENANTS[0], HER, staff, key, "read", information, "committee", DAYS[0]),
                    standings, entries, [], now,
                ),
                Allowed,
            )
        ]  # fmt: skip

    both = [entry(key, "committee") for key in members]
    assert readers("committee", *both) == list(members)
    assert readers("identity", *both) == [], "what is discussed names nobody"
    for key in members:
        assert readers("identity", *both, entry(key, "identity")) == [key]

"""The rule, the condition of queries and the policies of the database decide alike in random worlds."""

from __future__ import annotations

import datetime as dt
import inspect
import random
import re
from collections import Counter
from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from msgspec import structs

from spheres_core.consents import rule
from spheres_core.consents.queries.access import Access, is_open_on_any_day
from spheres_core.consents.queries.readable import Permitted
from spheres_core.consents.schemas import ACTS, FIRST_DAY, LAST_DAY, Allowed, Question
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.tenancy.context import Context
from spheres_core.testing import World, database_maker
from tests.examples import examples
from tests.spheres_core.consents.acts import do
from tests.spheres_core.consents.mutants import load, mutants
from tests.spheres_core.consents.rule_checks import CHECKS
from tests.spheres_core.consents.symbolic import NotUnderstood, Rule
from tests.spheres_core.consents.test_theorems import THEOREMS, is_true
from tests.spheres_core.consents.worlds import (
    CLASSES_USED,
    DAYS,
    TENANTS,
    draw_moment,
    draw_question,
    draw_world,
)
from tests.spheres_core.consents.worlds_database import (
    ASKED,
    COLUMNS,
    PARTICIPANTS,
    TABLE,
    TEAM_TABLE,
    Worlds,
    ask,
    condition,
    insert,
    read_as,
)


@pytest.fixture(scope="module")
def worlds(cluster: Cluster, migrated: str) -> Iterator[Worlds]:
    with database_maker(cluster) as make_database:
        urls = make_database("worlds", template=migrated)
        made = Worlds(urls, random.Random(2028))
        made.fill()
        yield made
        made.close()


@pytest.mark.parametrize("act", ACTS)
def test_the_rule_and_the_condition_of_queries_decide_alike(worlds: Worlds, act: str) -> None:
    seen: Counter[bool] = Counter()
    for _ in range(ASKED):
        asked, now = ask(worlds, act)
        expected = worlds.decided(asked, now)
        assert worlds.by_condition(asked, now) == expected, (asked, now)
        seen[True] += len(expected)
        seen[False] += len(worlds.rows) - len(expected)

    assert min(seen.values()) > 100, "both answers are often given"


def test_the_rule_and_the_policies_decide_alike(worlds: Worlds) -> None:
    for _ in range(ASKED):
        asked, now = ask(worlds, "read")
        expected = worlds.decided(asked, now)
        assert worlds.by_policy(asked, now) == expected, (asked, now)
        assert worlds.by_condition(asked, now, role="app") == expected


@pytest.mark.parametrize("act", ACTS)
def test_the_rule_and_the_condition_of_queries_about_one_decide_alike(worlds: Worlds, act: str) -> None:
    for _ in range(3):
        asked, now = ask(worlds, act)
        for team_only in (False, True):
            expected = worlds.decided(asked, now, team_only=team_only)
            found = worlds.differences_of_one(asked, now, expected, participants=5, team_only=team_only)
            assert found == [], (asked, now)


@pytest.mark.parametrize("act", ACTS)
def test_the_rule_and_the_condition_of_queries_of_one_class_decide_alike(worlds: Worlds, act: str) -> None:
    """Asked alone, or together with queries about other classes."""
    seen: Counter[bool] = Counter()
    for _ in range(ASKED // 2):
        asked, now = ask(worlds, act)
        for team_only in (False, True):
            decided = worlds.decided(asked, now, team_only=team_only)
            for information in CLASSES_USED:
                expected = worlds.of_class(decided, information)
                for together in (False, True):
                    found = worlds.by_condition(
                        asked, now, information=information, team_only=team_only, asked_together=together
                    )
                    assert found == expected, (asked, now, information, team_only, together)
                seen[bool(expected)] += 1

    assert min(seen[True], seen[False]) > 0, "both answers are given"


def test_one_row_more_or_less_of_one_participant_would_be_noticed(worlds: Worlds) -> None:
    """The control of the test above."""
    asked, now = ask(worlds, "read")
    row = next(each for each in worlds.rows if each[0] == asked.tenant)
    wrong = worlds.decided(asked, now) ^ {row[1]}
    assert worlds.differences_of_one(asked, now, wrong, participants=PARTICIPANTS) == [row[2]]


def test_a_class_that_is_open_on_some_day_is_asked_for(world: World) -> None:
    """The control: of a class of which nothing is open on any day there is nothing to ask for."""
    chance, seen = random.Random(7), Counter[bool]()

    async def compare(ctx: Context) -> None:
        for _ in range(examples(9_000)):
            hers, now = draw_world(chance, ctx.tenant.id, UUID(int=99)), draw_moment(chance)
            question = draw_question(chance, ctx.tenant.id, UUID(int=99))
            access = Access(question, Allowed(UUID(int=1)), hers.standings, hers.entries, hers.exclusions)
            on_days = [
                isinstance(
                    rule.may(
                        structs.replace(question, dated_on=day), hers.standings, hers.entries, hers.exclusions, now
                    ),
                    Allowed,
                )
                for day in (FIRST_DAY, *DAYS, LAST_DAY)
            ]
            then = structs.replace(ctx, now=now)
            opened = is_open_on_any_day(then, access, question.information, question.act)
            assert opened == any(on_days), (hers, question, now)
            seen[opened] += 1

    do(world, compare)
    assert min(seen[True], seen[False]) > 30


def test_what_is_for_the_team_only_is_decided_by_standings_on_its_part(worlds: Worlds) -> None:
    """The control: what an organization may read is more, so that a table without the mark would show it."""
    more = 0
    for _ in range(ASKED):
        asked, now = ask(worlds, "read")
        expected = worlds.decided(asked, now, team_only=True)
        assert worlds.by_condition(asked, now, team_only=True) == expected, (asked, now)
        assert worlds.by_policy(asked, now, table=TEAM_TABLE) == expected, (asked, now)
        more += len(worlds.by_policy(asked, now) - expected)

    assert more > 10


def test_nothing_for_the_team_only_is_written_on_the_part_of_an_organization(worlds: Worlds) -> None:
    refused: Counter[bool] = Counter()
    for _ in range(ASKED):
        asked, now = ask(worlds, "write")
        may_write = worlds.decided(asked, now, team_only=True)
        outside = worlds.decided(asked, now) - may_write
        row = next((each for each in worlds.rows if each[1] in (outside or may_write)), None)
        if row is None:
            continue
        with psycopg.connect(worlds.urls.needed("app")) as db:
            read_as(db, asked, now)
            values = dict(zip(COLUMNS.split(", "), (row[0], UUID(int=9), *row[2:]), strict=True))
            if row[1] in may_write:
                insert(db, TEAM_TABLE, values)
            else:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    insert(db, TEAM_TABLE, values)
            refused[row[1] in outside] += 1
            db.rollback()

    assert refused[True] > 3


def test_without_a_condition_and_without_a_policy_everything_would_be_seen(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: each of the two holds back alone what the other would, so taking both away must leak."""
    asked, now = ask(worlds, "read")
    mine = {row[1] for row in worlds.rows if row[0] == asked.tenant}
    expected = worlds.decided(asked, now)
    monkeypatch.setattr(Permitted, "enforced", False)

    assert worlds.by_condition(asked, now, role="app") == expected
    assert worlds.by_condition(asked, now, role="owner") == mine
    assert len(expected) < len(mine)


def test_who_does_not_say_who_she_is_sees_nothing(worlds: Worlds) -> None:
    with psycopg.connect(worlds.urls.needed("app")) as db:
        db.execute("SELECT set_config('app.tenant', %s, true)", [str(TENANTS[0])])
        for table in (TABLE, "participants"):
            assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


@pytest.mark.parametrize("way", ["INSERT", "UPDATE", "DELETE"])
def test_nothing_is_written_about_her_without_a_standing_to_write(worlds: Worlds, way: str) -> None:
    for _ in range(20):
        asked, now = ask(worlds, "write")
        may_write = worlds.decided(asked, now)
        mine = [row for row in worlds.rows if row[0] == asked.tenant]
        row = worlds.chance.choice(mine)
        with psycopg.connect(worlds.urls.needed("app")) as db:
            read_as(db, asked, now)
            if way == "DELETE":
                assert db.execute(f"DELETE FROM {TABLE}").rowcount == 0
            elif way == "UPDATE":
                readable = worlds.decided(structs.replace(asked, act="read"), now)
                touched = db.execute(f"UPDATE {TABLE} SET dated_on = dated_on RETURNING id").fetchall()
                assert {each[0] for each in touched} == may_write & readable
            elif row[1] in may_write:
                insert(db, TABLE, dict(zip(COLUMNS.split(", "), (row[0], UUID(int=9), *row[2:]), strict=True)))
            else:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    insert(db, TABLE, dict(zip(COLUMNS.split(", "), (row[0], UUID(int=9), *row[2:]), strict=True)))
            db.rollback()


def test_whose_rows_they_are_is_decided_once_a_statement_and_not_once_a_row(worlds: Worlds) -> None:
    asked, now = ask(worlds, "read")
    with psycopg.connect(worlds.urls.needed("app")) as db:
        read_as(db, asked, now)
        by_policy = "\n".join(row[0] for row in db.execute(f"EXPLAIN (VERBOSE) SELECT id FROM {TABLE}"))
        by_both = "\n".join(row[0] for row in db.execute(f"EXPLAIN (VERBOSE) {condition(asked, now)}"))  # type: ignore[arg-type]

    for plan in (by_policy, by_both):
        assert "hashed SubPlan" in plan
        for line in re.findall("(?:Filter|Cond): .*", plan):
            assert "app.reader" not in line, "who reads is looked up once, in a plan of its own, and not for each row"
    assert "= ANY ((InitPlan" in by_both or "= ANY ($" in by_both, "an index may seek it"


def test_nearly_every_change_of_the_rule_is_noticed(worlds: Worlds) -> None:
    """By what the database decides, by what each answer must explain, or by a theorem."""
    asked = [ask(worlds, act) for act in ACTS for _ in range(6)]
    cases = [(question, now, worlds.by_condition(question, now)) for question, now in asked]
    changes = list(mutants(inspect.getsource(rule)))
    missed = [name for name, source in changes if not is_noticed(source, worlds, cases)]

    print(f"{len(changes) - len(missed)} of {len(changes)} noticed", *missed, sep="\n")
    assert len(changes) >= 100
    assert missed == []


def is_noticed(source: str, worlds: Worlds, cases: list[tuple[Question, dt.datetime, set[UUID]]]) -> bool:
    """Returns whether a change of the rule's source shows. One that cannot even be asked does."""
    changed, chance = load(source), random.Random(13)
    try:
        for _ in range(300):
            world, now = draw_world(chance, TENANTS[0], UUID(int=99)), draw_moment(chance)
            question = draw_question(chance, TENANTS[0], UUID(int=99))
            if not all(check(changed, question, world, now) for check in CHECKS):
                return True
        if any(worlds.decided(question, now, by=changed) != expected for question, now, expected in cases):
            return True
        return not all(is_true(theorem, Rule(source=source)) for theorem in THEOREMS.values())
    except (AttributeError, KeyError, TypeError, NotUnderstood):
        return True

"""What is agreed to opens a reading, and what is taken back closes it at the next statement."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Awaitable
from typing import Any
from uuid import UUID

import psycopg
import pytest
from msgspec import structs

from spheres_core.consents.operations import exclusions, ledger, standings
from spheres_core.consents.operations.exclusions import ExclusionInvalid
from spheres_core.consents.operations.ledger import (
    ConsentGiven,
    ConsentInvalid,
)
from spheres_core.consents.operations.standings import StandingInvalid
from spheres_core.consents.queries import why
from spheres_core.consents.queries.ledger import ConsentUnknown, ExclusionUnknown
from spheres_core.consents.queries.reader import as_system, read_for
from spheres_core.consents.rule import may
from spheres_core.consents.schemas import Allowed, Question, Refused
from spheres_core.foundation.content.readable_codes import normalize_readable_code
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import ANONYMOUS, Actor, Context
from spheres_core.testing import World
from tests.spheres_core.consents.acts import (
    ASSIGNMENT,
    CANARY,
    COLLEAGUE,
    LINE,
    NOW,
    PIVOT,
    add,
    assign,
    do,
    found_by,
    given,
)
from tests.spheres_core.consents.races import race
from tests.spheres_core.consents.worlds import TENANTS, draw_moment, draw_question, draw_world


def test_a_standing_and_a_consent_together_open_what_neither_opens_alone(world: World) -> None:
    her = do(world, add)
    do(world, lambda ctx: assign(ctx, her.id))
    assert her.code not in found_by(world, PIVOT)

    consent = do(world, lambda ctx: ledger.give_consent(ctx, her.id, given(LINE))).id

    assert her.code in found_by(world, PIVOT)
    assert her.code not in found_by(world, COLLEAGUE)
    assert her.code not in found_by(world, PIVOT, slug="south")
    do(world, lambda ctx: ledger.withdraw_consent(ctx, her.id, consent))
    assert her.code not in found_by(world, PIVOT)
    with pytest.raises(ConsentUnknown):
        do(world, lambda ctx: ledger.withdraw_consent(ctx, her.id, consent))


def test_who_was_shown_to_whom_is_in_the_trail(world: World) -> None:
    her = do(world, add)
    do(world, lambda ctx: assign(ctx, her.id))
    do(world, lambda ctx: ledger.give_consent(ctx, her.id, given(LINE)))
    assert her.code in found_by(world, PIVOT)

    async def shown(ctx: Context) -> list[Any]:
        return await ctx.db.sql(
            "SELECT shown, actor_id, standings, entries FROM trail_entries WHERE verb = 'participants.listed'"
            " ORDER BY id DESC LIMIT 1"
        )

    ((ids, actor, let_by, lines),) = do(world, shown)
    assert her.id in ids
    assert actor == PIVOT
    at = ids.index(her.id)
    assert [(let_by[at],)] == world.sql("SELECT id FROM standings WHERE participant_id = %s", her.id)
    assert [(lines[at],)] == world.sql("SELECT id FROM consent_entries WHERE participant_id = %s", her.id)
    assert len(ids) == len(let_by) == len(lines)


def test_what_is_taken_back_is_closed_at_the_next_statement_of_an_open_transaction(world: World) -> None:
    assert sum(race(world) for _ in range(20)) >= 20


def test_ending_the_act_ends_the_standing_and_an_exclusion_beats_both(world: World) -> None:
    her = do(world, add)
    do(world, lambda ctx: assign(ctx, her.id))
    do(world, lambda ctx: ledger.give_consent(ctx, her.id, given(LINE)))
    kept_away = do(world, lambda ctx: exclusions.exclude(ctx, her.id, "her_wish", staff=PIVOT, reason=CANARY))
    assert her.code not in found_by(world, PIVOT)

    do(world, lambda ctx: exclusions.end_exclusion(ctx, her.id, kept_away))
    assert her.code in found_by(world, PIVOT)
    with pytest.raises(ExclusionUnknown):
        do(world, lambda ctx: exclusions.end_exclusion(ctx, her.id, kept_away))

    assert do(world, lambda ctx: standings.end_standings(ctx, her.id, opened_by=ASSIGNMENT)) >= 1
    assert her.code not in found_by(world, PIVOT)


def test_each_decision_names_the_rows_it_rests_on(world: World) -> None:
    her = do(world, add)
    standing = do(world, lambda ctx: assign(ctx, her.id))
    do(world, lambda ctx: ledger.give_consent(ctx, her.id, given(LINE)))

    async def ask(ctx: Context, information: str) -> Any:
        question = Question(ctx.tenant.id, her.id, PIVOT, "", "read", information, "follow_up", NOW.date())
        return await why.decide(ctx, question)

    allowed = do(world, lambda ctx: ask(ctx, "participation"))
    assert isinstance(allowed, Allowed)
    assert allowed.standing == standing
    assert do(world, lambda ctx: ask(ctx, "encounters")) == Refused("no_consent")
    assert do(world, lambda ctx: ask(ctx, "identity")) == Refused("no_standing")


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "emergency_access", "classes": ["emergency_plan"]},
        {"kind": "emergency_access", "classes": ["encounters"], "ends": NOW + dt.timedelta(hours=1)},
        {"kind": "investigation", "ends": NOW + dt.timedelta(days=1)},
        {"classes": []},
        {"acts": []},
    ],
)
def test_a_standing_without_an_end_a_reason_or_a_limit_that_its_kind_needs_is_refused(
    world: World, wrong: dict[str, Any]
) -> None:
    her = do(world, add)
    with pytest.raises(StandingInvalid):
        do(world, lambda ctx: assign(ctx, her.id, **wrong))


@pytest.mark.parametrize(
    "wrong",
    [
        given(),
        structs.replace(given(LINE), given_on=NOW.date() + dt.timedelta(days=1)),
        given(structs.replace(LINE, ends=NOW)),
        given(structs.replace(LINE, first_day=dt.date(2026, 2, 1), last_day=dt.date(2026, 1, 1))),
    ],
)
def test_a_consent_that_could_never_hold_is_refused(world: World, wrong: ConsentGiven) -> None:
    her = do(world, add)
    with pytest.raises(ConsentInvalid):
        do(world, lambda ctx: ledger.give_consent(ctx, her.id, wrong))


def test_to_be_kept_away_are_one_person_or_one_organization(world: World) -> None:
    her = do(world, add)
    for wrong in ({}, {"staff": PIVOT, "organization": "police"}):
        with pytest.raises(ExclusionInvalid):
            do(world, lambda ctx, wrong=wrong: exclusions.exclude(ctx, her.id, "refusal", **wrong))


def test_who_is_nobody_reads_nothing(world: World) -> None:
    async def read(ctx: Context) -> None:
        await read_for(structs.replace(ctx, actor=ANONYMOUS), "follow_up")

    with pytest.raises(NotFound):
        do(world, read)


def test_words_are_sealed_and_codes_are_random(world: World) -> None:
    her = do(world, add)
    do(world, lambda ctx: ledger.give_consent(ctx, her.id, given(LINE, words=CANARY)))
    do(world, lambda ctx: exclusions.exclude(ctx, her.id, "refusal", organization="police", reason=CANARY))
    codes = {do(world, add).code for _ in range(20)}

    assert len(codes) == 20
    assert all(normalize_readable_code(code.lower().replace("-", " ")) == code.replace("-", "") for code in codes)
    with psycopg.connect(world.urls.needed("owner")) as db:
        for table in ("participants", "consents", "consent_entries", "exclusions", "standings", "trail_entries"):
            text = db.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t").fetchone()
            assert text is not None
            stored = bytes.fromhex("") if text[0] is None else text[0]
            for secret in (CANARY, her.code):
                assert secret not in stored
                assert secret.encode().hex() not in stored


def test_without_the_row_that_a_decision_names_it_rests_on_another_or_falls() -> None:
    chance = random.Random(5)
    fallen = 0
    while fallen < 200:
        world = draw_world(chance, TENANTS[0], UUID(int=99))
        question, now = draw_question(chance, TENANTS[0], UUID(int=99)), draw_moment(chance)
        entries = list(world.entries)
        held = list(world.standings)
        while isinstance(found := may(question, held, entries, world.exclusions, now), Allowed):
            before = len(held) + len(entries)
            if found.entry is None:
                held = [each for each in held if each.id != found.standing]
            else:
                entries = [each for each in entries if each.id != found.entry]
            assert len(held) + len(entries) == before - 1
            fallen += 1


@pytest.mark.parametrize("refused", [False, True])
def test_after_work_for_the_system_the_transaction_reads_for_whom_it_read_before(world: World, refused: bool) -> None:
    def readers(ctx: Context) -> Awaitable[Any]:
        return ctx.db.unchecked_sql("SELECT current_setting('app.reader_kind', true)")

    async def story(ctx: Context) -> list[Any]:
        mine = structs.replace(ctx, actor=Actor("staff", PIVOT))
        await read_for(mine, "follow_up")
        seen = [mine.db.reader["kind"]]
        try:
            async with as_system(mine):
                seen.append(mine.db.reader["kind"])
                if refused:
                    raise ConsentUnknown
        except ConsentUnknown:
            pass
        return [*seen, mine.db.reader["kind"], (await readers(mine))[0][0]]

    assert do(world, story) == ["person", "system", "person", "person"]

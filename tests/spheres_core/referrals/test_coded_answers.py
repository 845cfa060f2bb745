"""A column of a referral is declared once: rows, lists, readings and the facts of hooks follow it."""

from __future__ import annotations

from typing import get_args
from uuid import UUID

from msgspec import Struct

from spheres_core.facts import ReferralFacts, SentReferral
from spheres_core.forms.meanings import MEANINGS
from spheres_core.referrals import coded_answers
from spheres_core.referrals.models import Referral
from spheres_core.referrals.queries import inbox
from spheres_core.referrals.queries import referral as referral_queries
from spheres_core.referrals.schemas import (
    ListedReferral,
    ReferralCodes,
    ReferralLine,
    ReferralRead,
    ReferralRow,
    StateCode,
    Summary,
)
from spheres_core.referrals.states import STATES
from spheres_core.testing import World, definition

NEVER_READ = {"tenant_id", "receipt_mark", "summary"}
"""Columns that keep a row in its tenant, find it by its receipt, and hold what only a list shows."""


def own(struct: type[Struct]) -> set[str]:
    """Fields that a struct declares beside those of its parents."""
    return set(struct.__struct_fields__) - {name for each in struct.__bases__ for name in
                                            getattr(each, "__struct_fields__", ())}  # fmt: skip


def test_a_row_has_each_column_of_the_table_but_three() -> None:
    assert set(ReferralRow.__struct_fields__) == set(Referral.__table__.c.keys()) - NEVER_READ


def test_whatever_shows_a_referral_has_the_shared_columns_and_declares_none_again() -> None:
    for struct in (ListedReferral, ReferralLine, ReferralRow, ReferralRead):
        assert issubclass(struct, ReferralCodes)
        assert not own(struct) & set(ReferralCodes.__struct_fields__)


def test_statements_select_the_fields_of_their_structs_in_order() -> None:
    asked = (frozenset[str](), frozenset(inbox._CONDITIONS))
    lists = [(inbox.list_statement(sort, each), ListedReferral) for sort in ("newest", "oldest") for each in asked]
    for statement, struct in (*lists, (referral_queries.ONE, ReferralRow)):
        assert statement.into is struct
        assert [each.key for each in statement.source.selected_columns] == list(struct.__struct_fields__)  # type: ignore[attr-defined]


def test_a_stored_line_has_the_fields_of_the_line_that_is_shown_in_order() -> None:
    *listed, opinions, summary = ListedReferral.__struct_fields__
    assert tuple(listed) == ReferralLine.__struct_fields__[: len(listed)]
    assert (opinions, summary) == ("opinions", "summary")
    assert ReferralLine.__struct_fields__[len(listed)] == "opinions"
    assert ReferralLine.__struct_fields__[-3:] == Summary.__struct_fields__


def test_each_fact_of_a_referral_is_a_column_but_the_age_band_that_is_two_and_meanings_that_are_sealed() -> None:
    assert set(ReferralFacts.__struct_fields__) - set(ReferralRow.__struct_fields__) == {"age_band", "meanings"}
    assert own(SentReferral) == set()


def test_each_coded_answer_is_a_shared_column_with_a_meaning_of_the_programme() -> None:
    assert set(coded_answers.MEANINGS) <= set(ReferralCodes.__struct_fields__)
    assert {*coded_answers.MEANINGS.values(), *coded_answers.SAFE_CONTACT} <= set(MEANINGS)


def test_hooks_are_given_what_is_stored(shared_world: World) -> None:
    """The facts while it is received and those of the stored row are the same, but for the answers that are sealed."""
    world = shared_world.renew(definition("north", "quebec", "montreal"))
    world.refer("north")

    async def stored(ctx: object) -> ReferralFacts:
        rows = await ctx.db.sql("SELECT id FROM referrals")  # type: ignore[attr-defined]
        return referral_queries.facts_of(await referral_queries.row(ctx, UUID(str(rows[0]["id"]))))  # type: ignore[arg-type]

    facts = world.act("north", stored)
    assert facts.form == "referral"
    assert (facts.knows, facts.preferred_language, facts.age) != (None, None, None)
    assert facts.meanings == {}, "the form's are sealed"


def test_the_states_of_the_api_are_those_of_the_lifecycle() -> None:
    assert get_args(StateCode) == tuple(STATES)

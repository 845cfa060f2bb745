"""What the example plugin promises, over HTTP and through the outbox."""

from __future__ import annotations

import contextlib
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from spheres_core.audit.events import delivery
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.tenancy.context import Context
from spheres_core.referrals.models import Referral
from spheres_core.testing import World

TRAVEL = "/t/{}/api/x/regional_intake/travel-questions"
referrals = table(Referral)
NEWEST = prepare(select(referrals.c.id).where(scoped(referrals)).order_by(referrals.c.id.desc()))
ERASE = prepare(delete(referrals).where(scoped(referrals)))


def refer(world: World, slug: str, **about: Any) -> UUID:
    """A referral with these answers about her; its id."""
    answers = world.example_answers(slug)
    answers["about"] = {**answers["about"], "community": "gatineau", "both_sides": "no"} | about
    if answers["about"]["both_sides"] == "no":
        answers["about"].pop("river_matters", None)
    answer = world.refer(slug, answers)
    assert answer.status_code == 201, answer.text
    newest: UUID = world.act(slug, lambda ctx: ctx.db.scalar(NEWEST))
    return newest


def opinions(world: World, slug: str, id: UUID, language: str = "fr") -> dict[str, Any]:
    headers = {**world.bearer(slug, "coordinator"), "accept-language": language}
    read = world.get(f"/t/{slug}/api/referrals/{id}", headers=headers)
    assert read.status_code == 200, read.text
    return {each["by"]: each for each in read.json()["opinions"]}


def deliver_all(world: World, slug: str) -> None:
    """Deliver each entry of the tenant's trail, as the worker does."""

    async def entries(ctx: Context) -> list[UUID]:
        return [row[0] for row in await ctx.db.sql("SELECT id FROM trail_entries WHERE verb = 'referral.received'")]

    for entry in world.act(slug, entries):
        world.run(delivery.deliver(world.runtime, slug, entry))


def travel(world: World, slug: str) -> list[dict[str, Any]]:
    answer = world.get(TRAVEL.format(slug), headers=world.bearer(slug, "coordinator"))
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_the_plugin_is_in_the_sets_of_those_who_have_it_and_no_other(world: World) -> None:
    assert "regional_intake" in world.loaded("east").plugins.plugins
    assert world.loaded("east").plugins.left_out == {}
    assert world.loaded("west").plugins.key < world.loaded("east").plugins.key


@pytest.mark.parametrize(
    ("about", "code"),
    [
        ({"community": "ontario"}, "other_law"),
        ({"both_sides": "yes"}, "both_sides"),
        ({"community": "ontario", "both_sides": "yes"}, "other_law"),
    ],
)
def test_where_another_law_may_apply_a_person_decides(world: World, about: dict[str, str], code: str) -> None:
    opinion = opinions(world, "east", refer(world, "east", **about))["regional_intake"]

    assert (opinion["outcome"], opinion["code"]) == ("a_person_decides", code)


@pytest.mark.parametrize("about", [{}, {"both_sides": "unsure"}, {"community": "pontiac"}])
def test_where_nothing_points_to_another_law_the_plugin_says_nothing(world: World, about: dict[str, str]) -> None:
    assert set(opinions(world, "east", refer(world, "east", **about))) == {"referrals"}


def test_the_reason_is_said_in_the_readers_language(world: World) -> None:
    id = refer(world, "east", community="ontario")

    assert "loi d’une autre province" in opinions(world, "east", id, "fr")["regional_intake"]["reason"]
    assert "another province’s law" in opinions(world, "east", id, "en")["regional_intake"]["reason"]


def test_a_region_without_the_plugin_has_no_such_opinion_though_its_form_asks(world: World) -> None:
    id = refer(world, "west", community="ontario", both_sides="yes")

    assert set(opinions(world, "west", id)) == {"referrals"}


def test_a_travel_question_told_three_times_is_noted_once(world: World) -> None:
    id = refer(world, "east", community="pontiac")

    async def undo(ctx: Context) -> None:
        await ctx.db.sql("UPDATE deliveries SET done_at = NULL")

    deliver_all(world, "east")
    for _ in range(2):
        world.act("east", undo)
        deliver_all(world, "east")

    assert [(each["id"], each["community"]) for each in travel(world, "east")] == [(str(id), "pontiac")]


def test_where_travel_is_no_question_nothing_is_noted(world: World) -> None:
    refer(world, "east", community="gatineau")
    deliver_all(world, "east")

    assert travel(world, "east") == []


def test_travel_questions_stay_in_their_region(world: World) -> None:
    refer(world, "east", community="pontiac")
    deliver_all(world, "east")

    assert len(travel(world, "east")) == 1
    assert travel(world, "north") == []
    others_token = world.get(TRAVEL.format("north"), headers=world.bearer("east", "coordinator"))
    assert others_token.status_code == 401


def test_the_list_comes_in_pages_and_a_cursor_of_another_region_opens_nothing(world: World) -> None:
    for _ in range(52):
        refer(world, "east", community="pontiac")
    deliver_all(world, "east")
    headers = world.bearer("east", "coordinator")
    first = world.get(TRAVEL.format("east"), headers=headers).json()
    second = world.get(TRAVEL.format("east"), params={"cursor": first["next"]}, headers=headers).json()
    elsewhere = world.get(
        TRAVEL.format("north"), params={"cursor": first["next"]}, headers=world.bearer("north", "coordinator")
    )

    assert (len(first["items"]), len(second["items"]), second["next"]) == (50, 2, None)
    assert elsewhere.status_code == 422


def test_without_the_permission_the_list_is_closed(world: World) -> None:
    assert world.get(TRAVEL.format("east")).status_code == 401
    assert world.get(TRAVEL.format("east"), headers=world.bearer("east", "administrator")).status_code == 403


def test_what_was_shown_is_in_the_trail_with_a_title(world: World) -> None:
    id = refer(world, "east", community="pontiac")
    deliver_all(world, "east")
    travel(world, "east")

    async def shown(ctx: Context) -> list[Any]:
        return await ctx.db.sql("SELECT shown FROM trail_entries WHERE verb = 'regional_intake.travel_listed'")

    assert [row[0] for row in world.act("east", shown)] == [[id]]
    title = world.loaded("east").plugins.verbs["regional_intake.travel_listed"].title
    assert isinstance(title, dict)
    assert set(title) == {"fr", "en"}


def test_an_erased_referral_takes_its_travel_question_along_even_when_the_plugin_is_gone(world: World) -> None:
    refer(world, "east", community="pontiac")
    deliver_all(world, "east")
    installed = {id_: each for id_, each in world.machine.plugins.items() if id_ != "regional_intake"}
    bare = World(world.urls, Machine(installed, {}), world.keyring)
    with contextlib.closing(bare):
        gone = set(bare.loaded("east").plugins.left_out)
        bare.act("east", lambda ctx: ctx.db.run(ERASE))

    async def left(ctx: Context) -> int:
        return int((await ctx.db.sql("SELECT count(*) FROM regional_intake_travel_questions"))[0][0])

    assert gone == {"regional_intake"}
    assert world.act("east", left) == 0

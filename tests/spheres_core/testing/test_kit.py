"""Each fixture for authors of plugins does what it says, with a plugin that has all of it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spheres_core import fixtures, hookspecs
from spheres_core.facts import Opinion
from spheres_core.testing import example_facts
from spheres_core.testing.region_api import Client, Clock, Region

LIST = "/api/x/regional_intake/travel-questions"


@pytest.fixture(scope="session")
def plugin_id() -> str:
    return "regional_intake"


@pytest.fixture(scope="session")
def plugin_settings() -> dict[str, Any]:
    return {"travel_communities": ["pontiac"]}


def test_clients_are_anybody_and_one_of_each_role(clients: dict[str, Client]) -> None:
    answered = {name: client.get(LIST).status_code for name, client in clients.items()}

    assert answered.pop("anonymous") == 401
    assert answered.pop("coordinator") == 200
    assert set(answered.values()) == {403}


def test_what_is_owed_is_delivered_now_and_once_more_on_demand(
    referral: Callable[..., Any], outbox: Callable[..., Any], clients: dict[str, Client]
) -> None:
    id = referral(community="pontiac")
    assert clients["coordinator"].get(LIST).json()["items"] == []

    assert outbox() == []
    assert outbox(again=True) == []

    assert [each["id"] for each in clients["coordinator"].get(LIST).json()["items"]] == [str(id)]


def test_two_regions_do_not_see_each_other_and_one_has_no_plugin(
    two_regions: tuple[Region, Region], regions: dict[str, Region]
) -> None:
    one, other = two_regions
    one.refer(community="pontiac")
    one.deliver()

    assert len(one.client("coordinator").get(LIST).json()["items"]) == 1
    assert other.client("coordinator").get(LIST).json()["items"] == []
    assert regions["without"].client("coordinator").get(LIST).status_code == 404


def test_the_clock_stands_where_a_test_puts_it(
    clock: Clock, region: Region, referral: Callable[..., Any], outbox: Callable[..., Any]
) -> None:
    moment = clock.forward(days=3)
    assert moment == dt.datetime(2026, 11, 24, 17, tzinfo=dt.UTC)
    referral(community="pontiac")
    outbox()

    async def received(ctx: Any) -> Any:
        return (await ctx.db.sql("SELECT received_on FROM regional_intake_travel_questions"))[0][0]

    assert region.world.act(region.slug, received) == dt.date(2026, 11, 24)


def test_a_question_is_put_to_the_plugin_alone_with_examples_for_the_rest(hook: Callable[..., Any]) -> None:
    (opinion,) = hook("assess_eligibility", referral={"community": "ontario"})

    assert isinstance(opinion, Opinion)
    assert opinion.code == "other_law"
    with pytest.raises(AssertionError, match="check_referral is not among the hooks that are answered here"):
        hook("check_referral")


@pytest.mark.usefixtures("short_hook_deadline")
@pytest.mark.parametrize("mode", ["raise", "exit", "garbage", "hang"])
def test_a_hook_is_broken_on_purpose_and_the_region_goes_on(
    break_plugin: Callable[..., None], region: Region, clients: dict[str, Client], mode: str
) -> None:
    break_plugin("assess_eligibility", mode)

    id = region.refer(community="ontario")

    read = clients["coordinator"].get(f"/api/referrals/{id}").json()
    assert read["missing_opinions"] == ["regional_intake"]


def test_a_listener_is_broken_on_purpose_and_the_outbox_says_so(
    break_plugin: Callable[..., None], referral: Callable[..., Any], outbox: Callable[..., Any]
) -> None:
    break_plugin("on_referral_received", "raise")
    referral(community="pontiac")

    ((who, why),) = outbox()
    assert who == "hook:regional_intake"
    assert "ValueError" in why


def test_a_hook_that_the_plugin_does_not_answer_cannot_be_broken(break_plugin: Callable[..., None]) -> None:
    with pytest.raises(ValueError, match="does not answer"):
        break_plugin("suggest_routing", "raise")


def test_an_organization_is_put_into_the_directory(organization: Callable[..., str], region: Region) -> None:
    assert organization("night_house", name={"fr": "La Nuit", "en": "Night House"}) == "night_house"

    async def known(ctx: Any) -> Any:
        return [row[0] for row in await ctx.db.sql("SELECT key FROM organizations")]

    assert region.world.act(region.slug, known) == ["night_house"]


def test_the_test_in_the_documentation_passes(
    hook: Callable[..., Any], referral: Callable[..., Any], outbox: Callable[..., Any], clients: dict[str, Client]
) -> None:
    page = (Path(__file__).parents[3] / "docs" / "plugin-api.md").read_text()
    example, tests = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    answers: dict[str, Any] = {}
    story: dict[str, Any] = {}
    exec(example, answers)
    exec(tests, story)

    unknown = example_facts.facts_for("assess_eligibility", 1, {"age": None})["referral"]
    assert answers["assess_eligibility"](unknown).outcome == "a_person_decides"
    story["test_another_law_may_apply"](hook)
    story["test_the_list_has_each_referral_once"](referral, outbox, clients)


def test_facts_are_made_up_for_each_question_and_each_panel() -> None:
    asked = [name for name in vars(hookspecs) if name in hookspecs.ANSWERS or name.startswith("show_")]
    for name in asked:
        assert example_facts.facts_for(name, 1, {}).keys() == example_facts.arguments_of(name).keys(), name
    assert len(asked) > 15


def test_each_fixture_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs" / "plugin-api.md").read_text()
    named = set(re.findall(r"^@pytest.fixture.*\ndef (\w+)\(", Path(fixtures.__file__).read_text(), re.MULTILINE))

    assert named - set(re.findall(r"`(\w+)", page)) == set()

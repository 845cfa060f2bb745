"""Organizations left out for a conflict of interest: in the answer, on the page, and whoever proposes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.foundation.plugins.discovery import discover
from spheres_core.partners.conflict_of_interest import exclusion
from spheres_core.partners.settings import NotProposed
from spheres_core.testing import MakeWorld, World, definition
from tests.plugins.planting import plant

ROOT = Path(__file__).parents[3]
PLACES = st.sampled_from(["north", "town", "south"])


@given(st.lists(PLACES, max_size=3), st.none() | st.sets(PLACES, max_size=3))
def test_a_rule_counts_where_it_says_and_wherever_the_place_is_not_known(
    areas: list[str], around: set[str] | None
) -> None:
    rule = NotProposed("house", tuple(areas))
    counts = not areas or around is None or bool(around & set(areas))

    assert (exclusion("house", around, [rule]) is rule) == counts
    assert exclusion("other", around, [rule]) is None


def town(shared_world: World, **settings: Any) -> World:
    return shared_world.renew(definition("town", "quebec", "montreal", settings={"partners": settings}))


def stands(world: World, query: str) -> dict[str, set[str]]:
    """The verdicts by organization."""
    found: dict[str, set[str]] = {}
    for each in world.get(f"/t/town/api/services/match?{query}").json()["matches"]:
        found.setdefault(each["organization"], set()).add(each["verdict"])
    return found


def test_whoever_is_left_out_stays_in_the_answer_with_the_reason(shared_world: World) -> None:
    world = town(shared_world)

    assert stands(world, "age=16")["en_marge_12_17"] != {"no"}
    assert stands(world, "age=16&without=en_marge_12_17")["en_marge_12_17"] == {"no"}
    assert world.get("/t/town/api/services/match?without=No%20Key").status_code == 422


def test_a_conflict_of_interest_beats_everything_else_in_its_place(shared_world: World) -> None:
    rule = {"organization": "en_marge_12_17", "areas": ["montreal"], "note": "kin of Sacha"}
    world = town(shared_world, not_proposed=[rule])

    assert stands(world, "age=16&area=montreal")["en_marge_12_17"] == {"no"}
    assert stands(world, "age=16")["en_marge_12_17"] == {"no"}, "the place is not known"
    answer = world.get("/t/town/api/services/match?area=montreal", headers={"accept-language": "en"}).text
    assert "conflict of interest" in answer
    assert "Sacha" not in answer


def test_the_page_asks_whom_to_leave_out_only_where_the_tenant_wants_it(shared_world: World) -> None:
    assert 'name="without"' not in town(shared_world).get("/t/town/en/partners/find").text
    world = town(shared_world, asks_whom_to_leave_out=True)

    form = "age=16&when=now&without=en_marge_12_17&without=anonyme"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    page = world.post("/t/town/en/partners/find", content=form, headers=headers)
    assert page.status_code == 200
    assert "Left out, as you asked." in page.text
    assert 'name="without" value="en_marge_12_17"' in page.text
    assert page.text.count("checked") >= 3


OPINION = """
from spheres_core.plugin import RoutingSuggestion, msg

@hookimpl
def suggest_routing(referral, organizations):
    return [RoutingSuggestion("en_marge_12_17", msg("Close by.")), RoutingSuggestion("ciusss_odim", msg("Close by."))]
"""


@pytest.mark.parametrize("rules", [[], [{"organization": "en_marge_12_17"}]])
def test_no_plugin_can_propose_an_organization_with_a_conflict_of_interest(
    make_world: MakeWorld, tmp_path: Path, rules: list[dict[str, Any]]
) -> None:
    plant(tmp_path, "proposer_of_everybody", OPINION, declares=("suggest_routing",))
    world = make_world(
        definition(
            "town", "quebec", "montreal", "proposer_of_everybody", settings={"partners": {"not_proposed": rules}}
        ),
        on=discover([tmp_path, ROOT / "plugins"]),
    )
    world.refer("town")
    coordinator = world.bearer("town", "coordinator")
    id_ = world.get("/t/town/api/referrals", headers=coordinator).json()["items"][0]["id"]
    read = world.get(f"/t/town/api/referrals/{id_}", headers=coordinator).json()
    proposed = {each["organization"] for each in read["suggested_partners"]}

    assert "ciusss_odim" in proposed
    assert ("en_marge_12_17" in proposed) == (rules == [])

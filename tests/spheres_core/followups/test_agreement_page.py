"""From a referral that she agreed to, her agreement leads to her own file, on a page without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, Final

import pytest

from spheres_core.testing import definition
from tests.spheres_core.followups.conftest import TO_AGREED, TODAY, Person, Team
from tests.spheres_core.followups.pages import Browser

WORDS: Final = "Oui, pour le logement d’abord"
HER_YES: Final = {"on": TODAY, "how": "spoken", "words": WORDS}


def address(team: Team, referral: str, below: str = "") -> str:
    return f"/t/{team.slug}/en/referrals/{referral}{below}"


def agreed(team: Team) -> str:
    """The page of her agreement, for a referral that waits for it."""
    _, referral = team.refer(*TO_AGREED)
    return address(team, referral, "/participation")


def test_from_an_agreed_referral_she_comes_to_her_own_file(team: Team) -> None:
    _, referral = team.refer(*TO_AGREED)
    browser = Browser(team.coordinator)
    link = re.search(r'href="([^"]+/participation)"', browser.read(address(team, referral)))
    assert link
    form = browser.read(link[1])
    assert team.pivot.id in form
    assert "a parent or tutor agree too" not in form
    page = browser.done(link[1], pivot=team.pivot.id, **HER_YES)
    assert "She takes part from now on." in page
    assert link[1] not in browser.read(address(team, referral)), "once is enough"
    followed = Browser(team.pivot).read("my-day")
    code = re.search(r"participants/([^/\"]+)/timeline", page)
    assert code
    assert code[1] in followed


@pytest.mark.parametrize("steps", [(), TO_AGREED[:3]])
def test_nothing_leads_there_before_she_agrees_and_the_page_says_so(team: Team, steps: tuple[str, ...]) -> None:
    _, referral = team.refer(*steps)
    browser = Browser(team.coordinator)
    assert "/participation" not in browser.read(address(team, referral))
    for answer in (
        browser.get(address(team, referral, "/participation")),
        browser.send(address(team, referral, "/participation"), pivot="nobody", **HER_YES),
    ):
        assert (answer.status_code, "waiting to become a participation" in answer.text) == (409, True)


def test_who_says_nothing_of_who_follows_whom_is_not_led_there_and_not_let_in(team: Team) -> None:
    _, referral = team.refer(*TO_AGREED)
    reader = Browser(Person(team, "pivot_worker"))
    assert reader.get(address(team, referral, "/participation")).status_code == 403
    assert reader.send(address(team, referral, "/participation"), pivot="nobody", **HER_YES).status_code == 403


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"on": "tomorrow"}, "on"),
        ({"on": "2026-11-24"}, "on"),
        ({"how": ""}, "how"),
        ({"pivot": ""}, "pivot"),
        ({"pivot": "00000000-0000-0000-0000-000000000001"}, "pivot"),
        ({"participant": "ZZZ-ZZZ"}, "participant"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_her_words_are_kept(
    team: Team, sent: dict[str, Any], field: str
) -> None:
    page, before = agreed(team), team.count("participants")
    refused = Browser(team.coordinator).send(page, **({"pivot": "nobody"} | HER_YES | sent))
    assert refused.status_code == 422, refused.text
    assert re.findall(r'id="(\w+)-problem"', refused.text) == [field]
    assert WORDS in unescape(refused.text)
    assert team.count("participants") == before


def test_pressed_twice_it_is_one_participation_and_leads_to_the_same_file(team: Team) -> None:
    browser, page = Browser(team.coordinator), agreed(team)
    once = re.search(r'name="_once" value="([^"]+)"', browser.read(page))
    assert once
    sent = {"pivot": "nobody", "_once": once[1], **HER_YES}
    first, again = browser.send(page, **sent), browser.send(page, **sent)
    assert (first.status_code, again.headers["location"]) == (303, first.headers["location"])
    assert "She takes part as soon as she has a pivot worker." in browser.read(first.headers["location"])


@pytest.fixture
def asking_parents(team: Team) -> Iterator[Team]:
    with_both = {"consents": {"givers": {"taking_part/12-13": "herself_and_parent_or_tutor"}}}
    team.world.apply(definition("north", "quebec", "montreal", settings=with_both))
    yield team
    team.world.apply(definition("north", "quebec", "montreal"))


def test_where_a_parent_must_agree_too_the_page_asks_for_it(asking_parents: Team) -> None:
    team = asking_parents
    _, referral = team.refer(*TO_AGREED)
    team.world.sql("UPDATE referrals SET age = 13 WHERE id = %s", referral)
    browser, page = Browser(team.coordinator), address(team, referral, "/participation")
    assert "a parent or tutor agree too" in browser.read(page)
    refused = browser.send(page, pivot="nobody", **HER_YES)
    assert (refused.status_code, 'id="also_giver-problem"' in refused.text) == (422, True)
    parent = {"also_giver": "parent", "also_on": TODAY, "also_how": "written"}
    halfway = browser.send(page, pivot="nobody", **HER_YES, **(parent | {"also_how": ""}))
    assert (halfway.status_code, 'id="also_how-problem"' in halfway.text) == (422, True)
    assert "Her file is open" in browser.done(page, pivot="nobody", **HER_YES, **parent)

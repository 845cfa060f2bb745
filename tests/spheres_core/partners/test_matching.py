"""Who can serve this person, in this language, there, at that moment: with reasons, and unknown where it is."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.partners.hours import DAYS
from spheres_core.partners.schemas.directory import Hours, Role, Service
from spheres_core.partners.service_matching import (
    HelpRequest,
    MatchContext,
    MatchReason,
    OfferedService,
    reasons_for,
    verdict,
)
from spheres_core.testing import World, definition

NOW: Final = dt.datetime(2026, 11, 21, 21, 0, tzinfo=dt.UTC)
"""16:00 in Montréal, a Saturday."""
PLACES: Final = MatchContext(
    zone="America/Toronto",
    within={"province": "", "north": "province", "town": "north", "south": "province"},
    language_name="English",
)
ZONES: Final = ("America/Toronto", "America/Vancouver", "America/Halifax", "Pacific/Kiritimati", "Etc/UTC")


def service(**values: Any) -> Service:
    plain = {"key": "beds", "name": {"en": "Beds"}, "about": {}, "audience": "participants", "status": "verified"}
    return Service(**{**plain, "verified_on": dt.date(2026, 1, 1), **values})


def says(aspect: str, question: HelpRequest, offer: OfferedService) -> str | None:
    return next((each.stands for each in reasons_for(question, offer, PLACES) if each.aspect == aspect), None)


@given(st.integers(0, 120), st.integers(0, 120), st.integers(0, 120))
def test_an_age_fits_between_both_ends_included(age: int, one: int, other: int) -> None:
    least, most = sorted((one, other))
    offer = OfferedService(service(ages=(least, most)))

    assert says("age", HelpRequest(NOW, age=age), offer) == ("for" if least <= age <= most else "against")
    assert says("age", HelpRequest(NOW, age=age), OfferedService(service())) == "unknown"
    assert says("age", HelpRequest(NOW), offer) is None


@given(
    st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2030, 1, 1)),
    st.sampled_from(ZONES),
    st.sets(st.sampled_from(DAYS), min_size=1),
    st.integers(0, 23),
    st.integers(1, 23),
)
def test_a_service_is_open_by_its_own_clock_wherever_the_question_comes_from(
    moment: dt.datetime, zone: str, days: set[str], opens: int, lasts: int
) -> None:
    """Against an independent reckoning: the openings of today and of the day before, laid out one by one."""
    at = moment.replace(tzinfo=dt.UTC)
    closes = (opens + lasts) % 24
    hours = Hours(f"FREQ=WEEKLY;BYDAY={','.join(sorted(days))}", f"{opens:02d}:00", f"{closes:02d}:00")
    wall = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    starts = [dt.datetime.combine(wall.date() - dt.timedelta(days=back), dt.time(opens)) for back in (0, 1)]
    is_open = any(
        DAYS[start.weekday()] in days and start <= wall < start + dt.timedelta(hours=lasts) for start in starts
    )

    for asked_in in ZONES:
        question = HelpRequest(at.astimezone(ZoneInfo(asked_in)))
        said = says("hours", question, OfferedService(service(hours=(hours,), time_zone=zone)))
        assert said == ("for" if is_open else "against")


def test_the_same_hours_in_another_zone_are_other_hours() -> None:
    hours = (Hours("FREQ=DAILY", "09:00", "17:00"),)
    question = HelpRequest(dt.datetime(2026, 11, 21, 23, 30, tzinfo=dt.UTC))

    assert says("hours", question, OfferedService(service(hours=hours))) == "against"
    assert says("hours", question, OfferedService(service(hours=hours, time_zone="America/Vancouver"))) == "for"


def test_hours_that_are_not_stated_are_unknown_never_closed() -> None:
    assert says("hours", HelpRequest(NOW), OfferedService(service())) == "unknown"


@pytest.mark.parametrize(
    ("areas", "asked", "expected"),
    [
        (("north",), "town", "for"),
        (("north",), "north", "for"),
        (("province",), "town", "for"),
        (("town",), "north", "unknown"),
        (("south",), "town", "against"),
        ((), "town", "unknown"),
    ],
)
def test_a_place_is_served_by_what_serves_the_places_around_it(
    areas: tuple[str, ...], asked: str, expected: str
) -> None:
    assert says("area", HelpRequest(NOW, area=asked), OfferedService(service(), areas=areas)) == expected
    assert says("area", HelpRequest(NOW, area=asked), OfferedService(service(province_wide=True), areas=areas)) == "for"


@pytest.mark.parametrize(
    ("spoken", "asked", "expected"),
    [(("en",), "en-CA", "for"), (("fr-CA", "en"), "EN", "for"), (("fr",), "en", "against"), ((), "en", "unknown")],
)
def test_a_language_is_compared_by_its_first_part(spoken: tuple[str, ...], asked: str, expected: str) -> None:
    assert says("language", HelpRequest(NOW, language=asked), OfferedService(service(), languages=spoken)) == expected


def test_a_role_counts_on_its_dates_only() -> None:
    role = Role("shelter", dt.date(2020, 1, 1), {"en": "x"}, "verified", ends=dt.date(2024, 1, 1))
    offer = OfferedService(service(), roles=(role,))

    def on(day: dt.date) -> str | None:
        return says("role", HelpRequest(dt.datetime.combine(day, dt.time(12), dt.UTC)), offer)

    assert on(dt.date(2019, 12, 31)) == "against"
    assert on(dt.date(2020, 1, 1)) == "for"
    assert on(dt.date(2023, 12, 31)) == "for"
    assert on(dt.date(2024, 1, 1)) == "against"
    assert says("role", HelpRequest(NOW), OfferedService(service())) == "unknown"


def test_a_service_counts_on_its_dates_only() -> None:
    offer = OfferedService(service(starts=dt.date(2026, 1, 1), ends=dt.date(2026, 11, 22)))

    assert says("dates", HelpRequest(NOW), offer) is None
    assert says("dates", HelpRequest(NOW + dt.timedelta(days=1)), offer) == "against"
    assert says("dates", HelpRequest(NOW - dt.timedelta(days=365)), offer) == "against"


@given(st.lists(st.sampled_from(["for", "against", "unknown"]), max_size=6))
def test_one_no_is_a_no_and_one_unknown_is_never_more_than_a_perhaps(stands: list[Any]) -> None:
    found = verdict([MatchReason("age", each, None) for each in stands])  # type: ignore[arg-type]

    assert (found == "no") == ("against" in stands)
    assert (found == "yes") == (set(stands) <= {"for"})


# ---- asked over HTTP -------------------------------------------------------------------------------------------------


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world.renew(definition("full", "quebec", "montreal"), definition("bare"), now=NOW)


def ask(world: World, query: str, language: str = "en") -> Any:
    return world.get(f"/t/full/api/services/match?{query}", headers={"accept-language": language})


def test_who_can_serve_a_16_year_old_in_english_tonight_here(world: World) -> None:
    answer = ask(world, "age=16&language=en&area=montreal&at=2026-11-21T20:00")

    assert answer.status_code == 200
    told = answer.json()
    assert told["at"] == "2026-11-21T20:00:00-05:00"
    matches = {each["service"]["key"]: each for each in told["matches"]}
    assert {each["service"]["audience"] for each in told["matches"]} <= {"participants", "public"}
    shelter = matches["en_marge_shelter"]
    assert {each["aspect"]: each["stands"] for each in shelter["reasons"]} == {
        "age": "unknown", "language": "unknown", "area": "for", "hours": "for", "role": "for",
    }  # fmt: skip
    assert shelter["verdict"] == "perhaps"
    assert shelter["organization_name"] == "En Marge 12-17"
    assert all(each["text"] and "{" not in each["text"] for match in told["matches"] for each in match["reasons"])
    verdicts = [each["verdict"] for each in told["matches"]]
    assert verdicts == sorted(verdicts, key=("yes", "perhaps", "no").index)


def test_before_the_partner_joined_its_service_is_not_proposed(world: World) -> None:
    def stands(at: str) -> str:
        matches = ask(world, f"at={at}").json()["matches"]
        match = next(each for each in matches if each["service"]["key"] == "marie_vincent_psychotherapy")
        return str(next(each["stands"] for each in match["reasons"] if each["aspect"] == "role"))

    assert stands("2018-01-01T12:00") == "against"
    assert stands("2026-01-01T12:00") == "for"


def test_reasons_are_in_the_readers_language(world: World) -> None:
    def texts(language: str) -> set[str]:
        matches = ask(world, "age=16", language).json()["matches"]
        return {each["text"] for match in matches for each in match["reasons"]}

    assert texts("fr").isdisjoint(texts("en"))


def test_everything_wrong_with_a_question_is_said_in_one_go(world: World) -> None:
    answer = ask(world, "age=old&language=%3Cb%3E&area=moon&at=tonight")

    assert answer.status_code == 422
    assert {each["path"] for each in answer.json()["errors"]} == {"age", "language", "area", "at"}
    ages = ("age=-1", "age=121", "age=٣", "age=1e2")
    days = ("at=2026-13-01T10:00", "at=2026-11-21", "at=0001-01-01T00:00Z", "at=2026-11-21T25:00")
    others = ("at=2026-11-21T10:00%2B99:00", "area=x'--", "language=" + "a" * 500)
    for query in (*ages, *days, *others):
        assert ask(world, query).status_code == 422, query
    for query in ("age=0", "at=2026-11-21T10:00Z", "at=2026-11-21T10:00-05:00", "at=2026-11-21T10:00+01:00"):
        assert ask(world, query).status_code == 200, query


def page(world: World, slug: str = "full", language: str = "en", **values: str) -> Any:
    return world.post(f"/t/{slug}/{language}/partners/find", data=values)


def test_the_page_asks_and_answers_without_a_script_and_without_a_trace(world: World) -> None:
    blank = world.get("/t/full/en/partners/find")
    answered = page(world, age="16", language="en", area="montreal", when="tonight")

    assert blank.status_code == answered.status_code == 200
    assert 'method="post"' in blank.text
    assert "Emergency shelter" in answered.text
    assert "Open day and night." in answered.text
    assert "The ages it serves are not stated." in answered.text
    assert answered.headers["cache-control"] == "no-store"
    assert "find" in world.get("/t/full/en/partners").text
    assert "find?" not in answered.text


def test_the_page_says_what_needs_another_look(world: World) -> None:
    answer = page(world, age="old", when="other", day="x", time="y")

    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 2
    assert page(world, when="other", day="2026-11-22", time="03:00").status_code == 200
    assert page(world, slug="bare", when="now").status_code == 200
    assert world.post("/t/full/en/partners/find", json={}).status_code == 415
    assert page(world, age="<script>alert(1)</script>").text.count("<script>alert") == 0


@pytest.mark.parametrize("when", ["now", "tonight", "tomorrow", "nonsense", ""])
def test_each_moment_of_the_page_can_be_chosen(world: World, when: str) -> None:
    for hour in (1, 16, 23):
        world.now = dt.datetime(2026, 11, 21, hour, 30, tzinfo=dt.UTC)
        assert page(world, language="fr", when=when).status_code == 200

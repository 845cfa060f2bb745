"""Rules of dates and hours, on generated input: one coordinator on any date, honest clocks."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from spheres_core.partners import hours
from spheres_core.partners.contact_values import contact_link
from spheres_core.partners.directory_file import chain_problem
from spheres_core.partners.schemas.directory import Hours, Mandate

DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2035, 12, 31))


def mandate(key: str, start: dt.date, end: dt.date | None) -> Mandate:
    return Mandate(key=key, organization=key, starts=start, ends=end, status="verified")


@st.composite
def chains(draw: st.DrawFn) -> list[Mandate]:
    """Mandates that follow each other, in any order."""
    starts = sorted(draw(st.sets(DAYS, min_size=1, max_size=6)))
    ends: list[dt.date | None] = [*starts[1:], None]
    made = [mandate(f"m{i}", s, e) for i, (s, e) in enumerate(zip(starts, ends, strict=True))]
    return draw(st.permutations(made))


def active(mandates: list[Mandate], on: dt.date) -> list[Mandate]:
    return [m for m in mandates if m.starts <= on and (m.ends is None or on < m.ends)]


@given(chains(), DAYS)
def test_a_chain_that_is_accepted_has_exactly_one_coordinator_on_any_date(mandates: list[Mandate], on: dt.date) -> None:
    assert chain_problem(mandates) is None
    first = min(m.starts for m in mandates)
    assert len(active(mandates, on)) == (1 if on >= first else 0)


@given(st.lists(st.tuples(DAYS, st.none() | DAYS), min_size=1, max_size=5))
def test_a_chain_is_accepted_only_when_every_date_has_exactly_one(
    spans: list[tuple[dt.date, dt.date | None]],
) -> None:
    mandates = [mandate(f"m{i}", start, end) for i, (start, end) in enumerate(spans)]
    edges = sorted({d for m in mandates for d in (m.starts, m.ends) if d is not None})
    around = [e + dt.timedelta(days=n) for e in edges for n in (-1, 0, 1)] + [dt.date(2100, 1, 1)]
    first = min(m.starts for m in mandates)
    well_formed = all(m.ends is None or m.ends > m.starts for m in mandates)
    one_each = all(len(active(mandates, on)) == 1 for on in around if on >= first)

    assert (chain_problem(mandates) is None) == (well_formed and one_each)


MOMENTS = st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2027, 12, 31))
CLOCKS = st.builds(lambda h, m: f"{h:02}:{m:02}", st.integers(0, 23), st.integers(0, 59))


@given(MOMENTS)
def test_round_the_clock_is_open_at_any_moment(moment: dt.datetime) -> None:
    always = (Hours(rule="FREQ=DAILY"),)

    assert hours.round_the_clock(always)
    assert hours.is_open(always, moment) is True


@given(MOMENTS, CLOCKS, CLOCKS, st.sets(st.sampled_from(hours.DAYS), min_size=1))
def test_open_and_closed_are_what_walking_the_days_would_say(
    moment: dt.datetime, opens: str, closes: str, days: set[str]
) -> None:
    given_hours = Hours(rule="FREQ=WEEKLY;BYDAY=" + ",".join(sorted(days)), opens=opens, closes=closes)
    walked = False
    for back in (0, 1):
        day = (moment - dt.timedelta(days=back)).date()
        if hours.DAYS[day.weekday()] not in days:
            continue
        start = dt.datetime.combine(day, dt.time.fromisoformat(opens))
        end = dt.datetime.combine(day, dt.time.fromisoformat(closes))
        end += dt.timedelta(days=1) if end <= start else dt.timedelta()
        walked = walked or start <= moment < end

    assert hours.can_read(given_hours)
    assert hours.is_open([given_hours], moment) is walked


def test_a_contact_leads_where_its_kind_says() -> None:
    assert contact_link("phone", "514 896-3100") == "tel:+15148963100"
    assert contact_link("phone", "819 555-0100 poste 12") == "tel:+18195550100;ext=12"
    assert contact_link("text", "911") == "sms:911"
    assert contact_link("email", "a@example.org") == "mailto:a@example.org"
    assert contact_link("website", "https://example.org") == "https://example.org"
    assert contact_link("address", "12, rue du Parc") == ""
    assert contact_link("fax", "418 555-0111") == ""
    assert contact_link("textphone", "418 555-0113") == "tel:+14185550113"


def test_hours_that_are_not_stated_are_neither_open_nor_closed() -> None:
    assert hours.is_open((), dt.datetime(2026, 1, 1)) is None


WEEKS = st.builds(
    lambda days, opens, closes: Hours(rule=f"FREQ=WEEKLY;BYDAY={','.join(sorted(days))}", opens=opens, closes=closes),
    st.sets(st.sampled_from(hours.DAYS), min_size=1),
    CLOCKS,
    st.one_of(CLOCKS, st.just("24:00")),
)


@given(st.lists(WEEKS, min_size=1, max_size=3), MOMENTS)
def test_it_is_open_until_it_closes_and_closed_until_it_opens(week: list[Hours], moment: dt.datetime) -> None:
    """Compared with asking at each quarter of an hour, and at the minutes beside what is said."""
    moment = moment.replace(second=0, microsecond=0)
    minute, quarter = dt.timedelta(minutes=1), dt.timedelta(minutes=15)
    until, opens = hours.open_until(week, moment), hours.opens_next(week, moment)
    open_now = hours.is_open(week, moment)

    assert open_now or until is None
    assert not (open_now and opens)
    changes = until or opens
    if changes is None:
        changes, after = moment + dt.timedelta(days=7), open_now
    else:
        after = not open_now
    assert hours.is_open(week, changes - minute) is open_now
    assert hours.is_open(week, changes) is after
    between = moment
    while between < changes:
        assert hours.is_open(week, between) is open_now
        between += quarter

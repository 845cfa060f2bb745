"""When a message may come: never in hours kept free of it, and never lost in a change of the clock."""

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from spheres_core.notifications.delivery_times import HOURS, delivery_time
from spheres_core.notifications.schemas import QuietHours
from tests.examples import examples

ZONE = "America/Toronto"
_hours = st.sampled_from(HOURS)
quiet_hours = st.none() | st.tuples(_hours, _hours).filter(lambda pair: pair[0] != pair[1]).map(
    lambda p: QuietHours(*p)
)
moments = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 31), timezones=st.just(dt.UTC))


@settings(max_examples=examples(600), deadline=None)
@given(moments, st.sampled_from(["at_once", "daily"]), quiet_hours, _hours)
def test_a_message_comes_once_its_hours_allow_and_within_two_days(now, pace, quiet, daily_hour) -> None:  # type: ignore[no-untyped-def]
    due = delivery_time(now, ZONE, pace=pace, quiet=quiet, daily_hour=daily_hour)
    local = due.astimezone(ZoneInfo(ZONE))
    assert now <= due <= now + dt.timedelta(days=2, hours=1)
    assert quiet is None or not quiet.hold(local.hour)
    free = quiet is None or not quiet.hold(now.astimezone(ZoneInfo(ZONE)).hour)
    if pace == "at_once" and free:
        assert due == now
    if pace == "daily":
        assert due == now or local.minute == 0
        assert local.hour in {daily_hour, daily_hour + 1, quiet.ends if quiet else daily_hour}, "one later in March"


def test_hours_over_midnight_end_in_the_morning() -> None:
    night = QuietHours(20, 7)
    late = dt.datetime(2026, 11, 30, 4, 12, tzinfo=dt.UTC)  # 23 h 12 in Montréal
    due = delivery_time(late, ZONE, pace="at_once", quiet=night, daily_hour=8)
    assert due == dt.datetime(2026, 11, 30, 12, 0, tzinfo=dt.UTC)
    assert delivery_time(due, ZONE, pace="at_once", quiet=night, daily_hour=8) == due

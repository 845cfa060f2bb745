"""What the guard around the core's own answers may cost; `make bench` says what it does."""

from __future__ import annotations

from benchmarks import hooks


def test_the_guard_costs_at_most_twice_pluggys_bare_call_and_a_warm_thread_forty_times() -> None:
    found = hooks.measure(turns=15)

    assert found["guard_over_bare"] <= 2.0, found
    assert found["guard_over_bare"] < found["thread_over_bare"] <= 40.0, found
    assert "times the bare call" in hooks.show(found)

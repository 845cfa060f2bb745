"""What the guard around the core's own answers may cost; `make bench` says what it does."""

from __future__ import annotations

from benchmarks import hooks


def test_the_guard_costs_at_most_twice_pluggys_bare_call() -> None:
    found = hooks.measure(turns=15)

    assert found["guard_over_bare"] <= 2.0, found
    assert found["thread_us"] > found["guard_us"]
    assert "times the bare call" in hooks.show(found)

"""What the shelter beds do by themselves: remind in the evening, say that the last bed is taken, tell a registry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from spheres_core.testing import Region
from tests.plugins.shelter_beds.test_shelter_beds import note


def verbs(region: Region) -> list[str]:
    async def asking(ctx: Any) -> Any:
        rows = await ctx.db.sql("SELECT verb FROM trail_entries WHERE starts_with(verb, 'shelter_beds.') ORDER BY id")
        return [row[0] for row in rows]

    return list(region.world.act(region.slug, asking))


def evening(clock: Any, day: int) -> None:
    clock.set(dt.datetime(2031, 3, 3 + day, 23, 30, tzinfo=dt.UTC))


def test_who_notes_beds_is_reminded_once_in_an_evening_without_any(
    region: Region, clock: Any, outbox: Callable[..., Any]
) -> None:
    evening(clock, 0)
    assert outbox() == [] == outbox()
    assert verbs(region) == ["shelter_beds.missing"]

    evening(clock, 1)
    note(region, 3)
    assert outbox() == []
    assert verbs(region) == ["shelter_beds.missing", "shelter_beds.noted"]


def test_that_the_last_bed_is_taken_is_said_when_it_is(region: Region) -> None:
    note(region, 1)
    note(region, 0)
    note(region, 0)

    assert verbs(region).count("shelter_beds.last_taken") == 1


def test_the_registry_is_off_and_where_it_is_on_a_failed_call_is_tried_again(
    region: Region, clock: Any, outbox: Callable[..., Any]
) -> None:
    evening(clock, 2)
    outbox()
    assert outbox() == []
    place = "/en/administration/plugins/shelter_beds/settings"
    kept = region.client("administrator").post(place, data={"tell_registry": "yes", "_new_registry_key": "quiet"})
    assert kept.status_code == 303

    evening(clock, 3)
    outbox()
    ((recipient, why),) = outbox()

    assert recipient == "hook:shelter_beds"
    assert "OutsideCallFailed" in why and "quiet" not in why

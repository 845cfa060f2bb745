"""What a tenant may set: some of it in one direction only, and nothing that would have no effect."""

from __future__ import annotations

from typing import Any

import pytest

from spheres_core.foundation.tenancy.tenants import check_settings
from spheres_core.partners.settings import PartnersSettings
from spheres_core.referrals.settings import SMALLEST_CELL, Settings
from spheres_core.site.settings import Settings as SiteSettings
from spheres_core.testing import definition


@pytest.mark.parametrize(("cell", "refused"), [(SMALLEST_CELL - 1, True), (0, True), (SMALLEST_CELL, False)])
def test_a_region_may_only_raise_the_smallest_number_that_figures_are_given_for(cell: int, refused: bool) -> None:
    given = definition("town", settings={"referrals": {"minimum_cell": cell}})
    findings = check_settings(given, "", "town.toml", {"referrals": Settings})

    assert [each.key for each in findings] == (["settings.referrals.minimum_cell"] if refused else [])


@pytest.mark.parametrize(
    ("given", "packs", "found"),
    [
        ({"minimum_age": 25}, {}, "The lowest age, 25, is above the highest, 24."),
        ({"minimum_age": 18, "maximum_age": 12}, {}, "The lowest age, 18, is above the highest, 12."),
        ({"maximum_age": 11}, {}, "The lowest age, 12, is above the highest, 11."),
        ({"minimum_age": 25}, {"maximum_age": 30}, None),
        ({"maximum_age": 20}, {"minimum_age": 21}, "The lowest age, 21, is above the highest, 20."),
        ({"minimum_age": 16, "maximum_age": 16}, {}, None),
    ],
)
def test_nobody_would_be_of_an_age_whose_least_is_above_its_most(
    given: dict[str, int], packs: dict[str, int], found: str | None
) -> None:
    town = definition("town", settings={"referrals": given})
    findings = check_settings(town, "", "town.toml", {"referrals": Settings}, {"referrals": packs})

    told = [(each.key, each.message.msgid.format(**each.message.params)) for each in findings]
    assert told == ([("settings.referrals.maximum_age", found)] if found else [])


@pytest.mark.parametrize(
    ("owner", "setting", "value"),
    [
        ("referrals", "minimum_age", -1),
        ("referrals", "maximum_age", 1200),
        ("referrals", "receipt_closes_after_days", 0),
        ("referrals", "leap_day_birthday", "02-30"),
        ("partners", "stale_after_days", 0),
        ("site", "leave_to", {"fr": "javascript:alert(1)"}),
        ("site", "leave_to", {"fr": "meteo.gc.ca"}),
    ],
)
def test_a_value_that_nothing_could_be_done_with_is_told(owner: str, setting: str, value: Any) -> None:
    kinds = {"referrals": Settings, "partners": PartnersSettings, "site": SiteSettings}
    town = definition("town", settings={owner: {setting: value}})

    assert [each.key for each in check_settings(town, "", "town.toml", kinds)] == [f"settings.{owner}.{setting}"]

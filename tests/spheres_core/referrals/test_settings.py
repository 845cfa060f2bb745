"""What a tenant may set about referrals: some of it in one direction only."""

from __future__ import annotations

import pytest

from spheres_core.foundation.tenancy.tenants import check_settings
from spheres_core.referrals.settings import SMALLEST_CELL, Settings
from spheres_core.testing import definition


@pytest.mark.parametrize(("cell", "refused"), [(SMALLEST_CELL - 1, True), (0, True), (SMALLEST_CELL, False)])
def test_a_region_may_only_raise_the_smallest_number_that_figures_are_given_for(cell: int, refused: bool) -> None:
    given = definition("town", settings={"referrals": {"minimum_cell": cell}})
    findings = check_settings(given, "", "town.toml", {"referrals": Settings})

    assert [each.key for each in findings] == (["settings.referrals.minimum_cell"] if refused else [])

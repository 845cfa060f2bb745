"""What the shelter beds promise: noted by staff, known to opinions, shown to those who may know, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from spheres_core.testing import Region

PLACE = "/fr/x/shelter_beds/beds"


def note(region: Region, free: object) -> httpx.Response:
    """Notes the free beds of the region's first organization."""
    region.organization("night_house", roles=["shelter"])
    staff = region.client("coordinator")
    assert "Organisme night_house</label>" in staff.get(PLACE).text
    field = staff.get(PLACE).text.partition('inputmode="numeric"')[0].rpartition('name="')[2].partition('"')[0]
    return staff.post(PLACE, data={field: str(free)})


def referral_page(region: Region) -> str:
    id_ = region.refer(needs=["housing"])
    return region.client("coordinator").get(f"/fr/referrals/{id_}").text


def test_what_is_noted_is_known_to_the_opinion_and_stands_on_the_referral(region: Region) -> None:
    assert "Aucun lit n’est noté comme libre cette nuit" in referral_page(region)
    assert note(region, 2).status_code == 303

    page = referral_page(region)

    assert page.count("2 lits sont libres cette nuit.") == 2
    assert f'href="/t/one{PLACE}"' in page


def test_anybody_reads_that_a_bed_is_free_and_nobody_reads_where(region: Region) -> None:
    assert "Un lit est libre cette nuit" not in region.client().get("/fr/partners").text
    note(region, 1)

    panel = region.client().get("/fr/partners").text.partition("panel-shelter_beds")[2].partition("</section>")[0]

    assert "Un lit est libre cette nuit" in panel and "<a" not in panel


def test_what_is_no_number_is_asked_again_beside_what_was_typed(region: Region) -> None:
    answer = note(region, "beaucoup")

    assert answer.status_code == 422
    assert "Écrivez un nombre entier de 0 à 99." in answer.text and 'value="beaucoup"' in answer.text


def test_beds_stay_in_their_region_and_with_those_who_may_note_them(regions: Mapping[str, Any]) -> None:
    note(regions["one"], 4)

    assert "4 lits" not in referral_page(regions["other"])
    assert regions["one"].client("administrator").get(PLACE).status_code == 403
    assert regions["without"].client("coordinator").get(PLACE).status_code == 404

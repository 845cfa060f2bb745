"""What the shelter beds promise: noted by staff, known to opinions, shown to those who may know, and nowhere else."""

from typing import Any

from spheres_core.testing import Clock, Region

PLACE = "/fr/x/shelter_beds/beds"


def note(region: Region, free: object) -> Any:
    region.organization("night_house", roles=["shelter"])
    return region.client("coordinator").fill_in(PLACE, {"Organisme night_house": free})


def referral_page(region: Region) -> str:
    return region.client("coordinator").read(f"/fr/referrals/{region.refer(needs=['housing'])}")


def test_what_is_noted_is_known_to_opinion_referral_and_report_and_to_all_without_its_place(region: Region) -> None:
    assert "Aucun lit n’est noté comme libre cette nuit" in referral_page(region)
    assert "Un lit est libre cette nuit" not in region.client().read("/fr/partners")
    assert note(region, 2).status_code == 303
    page = referral_page(region)
    panel = region.client().read("/fr/partners").partition("panel-shelter_beds")[2].partition("</section>")[0]
    report = region.client("liaison").get("/api/reports/shelter_beds.nights").json()
    assert page.count("2 lits sont libres cette nuit.") == 2 and f'href="/t/one{PLACE}"' in page
    assert "Un lit est libre cette nuit" in panel and "<a" not in panel
    assert [each["numbers"] for each in report["groups"]] == [{"free": 2}]


def test_what_is_no_number_is_asked_again_beside_what_was_typed(region: Region) -> None:
    answer = note(region, "beaucoup")
    assert answer.status_code == 422
    assert "Écrivez un nombre entier de 0 à 99." in answer.text and 'value="beaucoup"' in answer.text


def test_beds_stay_in_their_region_and_with_those_who_may_note_them(regions: dict[str, Region]) -> None:
    note(regions["one"], 4)
    assert "4 lits" not in referral_page(regions["other"])
    assert regions["one"].client("administrator").get(PLACE).status_code == 403
    assert regions["without"].client("coordinator").get(PLACE).status_code == 404


def test_who_notes_is_reminded_once_an_evening_and_told_of_the_last_bed(region: Region, clock: Clock) -> None:
    clock.set("2031-03-03 18:30")
    region.deliver()
    region.deliver()
    clock.set("2031-03-04 18:30")
    for free in (1, 0, 0):
        note(region, free)
    region.deliver()
    said = [each.partition(".")[2] for each in region.trail("shelter_beds.")]
    assert said == ["missing", "noted", "noted", "last_taken", "noted"]


def test_the_registry_is_called_where_it_is_on_and_a_failed_call_waits(region: Region, clock: Clock) -> None:
    settings = {"tell_registry": "yes", "_new_registry_key": "quiet"}
    region.client("administrator").post("/en/administration/plugins/shelter_beds/settings", data=settings)
    clock.set("2031-03-05 18:30")
    region.deliver()
    region.deliver()
    ((recipient, why),) = region.failures()
    assert recipient == "hook:shelter_beds" and "OutsideCallFailed" in why and "quiet" not in why

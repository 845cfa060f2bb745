"""What committees, emergency plans and activities note on a minor comes after the limits of confidentiality."""

from __future__ import annotations

from typing import Any, Final

from tests.spheres_core.activities.conftest import plan as plan_outing
from tests.spheres_core.committee.conftest import Committee
from tests.spheres_core.followups.conftest import TODAY
from tests.spheres_core.safety.conftest import PLAN

CLASSES: Final = ("committee", "emergency_plan", "activities", "own_words")


def test_nothing_is_noted_on_a_minor_before_the_limits_were_explained(
    committee: Committee, meeting: dict[str, Any]
) -> None:
    pivot, code = committee.pivot, str(committee.begin(pivot=committee.pivot.id)["participant"])
    lines = [{"recipient": "*team", "information": each, "purpose": "follow_up"} for each in CLASSES]
    given = {"kind": "information", "given_on": TODAY, "how": "spoken", "giver": "herself", "age": 19, "lines": lines}
    pivot.do(f"/participants/{code}/consents", given)
    committee.lets(code, "marie_vincent", "committee")
    committee.world.sql("UPDATE referrals SET age = 15")
    noted = {
        f"/participants/{code}/emergency-plan": PLAN,
        f"/participants/{code}/activities": {"outing": plan_outing(committee), "how": "encounter", "expects": "Rire"},
        f"/meetings/{meeting['id']}/agenda": {"participant": code, "question": "Où ?", "asked": "nothing_to_say",
                                              "told_on": TODAY},
    }  # fmt: skip
    for path, body in noted.items():
        refused = pivot.post(path, body)
        assert (refused.status_code, refused.json()["code"]) == (409, "limits_not_explained"), path

    pivot.do(f"/participants/{code}/limits", {"on": TODAY})

    for path, body in noted.items():
        assert pivot.post(path, body).status_code == 201, path

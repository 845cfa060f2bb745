"""Who is asked for a service and who follows her hear that something waits, when they chose to, and not a word more."""

from __future__ import annotations

from tests.spheres_core.followups.conftest import Person, Team
from tests.spheres_core.plans.test_requests import ORGANIZATION, answer, lets, send

TOLD = """SELECT DISTINCT subject_id FROM trail_entries WHERE verb = 'notification.sent'
AND details->>'cause' IN (SELECT id::text FROM trail_entries WHERE details->>'request' = %s AND verb LIKE %s
AND COALESCE(details->>'by_partner', '') = %s)"""


def test_a_request_and_an_answer_are_told_to_the_other_side_that_chose_so(team: Team) -> None:
    begun = team.begin(pivot=team.pivot.id)
    code = str(begun["participant"])
    team.agree(code, "service_requests")
    lets(team, code, "service_requests")
    asked, silent, elsewhere = (
        Person(team, "liaison", organization=ORGANIZATION), Person(team, "liaison", organization=ORGANIZATION),
        Person(team, "liaison", organization="anonyme"),
    )  # fmt: skip
    ids = [asked.id, elsewhere.id, team.pivot.id]
    team.world.sql("UPDATE staff SET chooses_referral_mail = true WHERE id = ANY(%s::uuid[])", ids)

    def told(made: dict[str, str], verb: str, by_partner: str = "") -> set[str]:
        team.world.deliver(team.slug)
        return {str(id) for (id,) in team.world.sql(TOLD, made["id"], verb, by_partner)}

    made = send(team, code, need=None)
    assert told(made, "service_request.sent") == {asked.id}
    assert silent.id not in told(made, "service_request.%")
    answer(silent, made, "acknowledged")
    assert told(made, "service_request.moved", "true") == {team.pivot.id}
    path = f"/participants/{code}/requests/{made['id']}/answer"
    team.pivot.do(path, {"to": "cancelled", "version": 2}, status=200)
    assert told(made, "service_request.moved", "false") == {asked.id}

"""Words that were not sent yet: kept for their writer, offered to nobody else, and never in the place of others."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spheres_core.consents.queries.reader import as_system
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.operations import drafts
from tests.spheres_core.followups.conftest import Person, Team, region, team

__all__ = ["region", "team"]

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=9)
WORDS = "Elle préfère le matin; rien n’est décidé."


def typed(number: int = 1, *, note: str = WORDS, **more: Any) -> dict[str, Any]:
    """An encounter as it is being written."""
    return {"form": "encounter", "values": {"note": note, "kind": "phone", **more}, "number": number}


def save(person: Person, code: str, copy: str, body: dict[str, Any], *, status: int = 200) -> Any:
    answer = person.put(f"/participants/{code}/drafts/{copy}", body)
    assert answer.status_code == status, answer.text
    return answer.json()


def discard(person: Person, code: str, copy: str) -> int:
    path = f"/t/{person.team.slug}/api/participants/{code}/drafts/{copy}"
    status: int = person.team.world.request("DELETE", path, headers=person.headers).status_code
    return status


def own(person: Person, code: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = person.read(f"/participants/{code}/drafts")["drafts"]
    return found


@pytest.fixture
def code(team: Team) -> str:
    """Somebody who takes part and lets her words be kept."""
    hers = str(team.begin(pivot=team.pivot.id)["participant"])
    team.agree(hers, "encounters", "own_words")
    return hers


def test_what_was_typed_is_offered_back_with_its_form_and_its_moment(team: Team, code: str) -> None:
    copy = str(uuid4())
    saved = save(team.pivot, code, copy, typed(1, her_words="J’aimerais ma clé."))
    (draft,) = own(team.pivot, code)

    assert saved["not_kept"] == []
    assert (draft["copy"], draft["form"], draft["title"]) == (copy, "encounter", "Rencontre")
    assert draft["values"] == {"note": WORDS, "kind": "phone", "her_words": "J’aimerais ma clé."}
    assert draft["saved_at"] == saved["saved_at"]


def test_it_is_its_writers_alone_and_never_in_another_file(team: Team, code: str) -> None:
    other = Person(team, "pivot_worker")
    team.coordinator.do(f"/participants/{code}/assignments", {"staff": other.id, "part": "backup"})
    elsewhere = str(team.begin(pivot=team.pivot.id)["participant"])
    copy = str(uuid4())
    save(team.pivot, code, copy, typed())

    assert own(other, code) == []
    assert own(team.pivot, elsewhere) == []
    assert discard(other, code, copy) == 404
    assert len(own(team.pivot, code)) == 1


def test_whoever_does_not_follow_her_keeps_nothing_and_learns_nothing(team: Team, code: str) -> None:
    stranger = Person(team, "pivot_worker")
    refused = save(stranger, code, str(uuid4()), typed(), status=404)
    unknown = save(stranger, "AAAA-AAAA-AAAA", str(uuid4()), typed(), status=404)

    assert refused == unknown
    assert save(team.coordinator, code, str(uuid4()), typed(), status=404) == refused


def test_no_word_stands_unsealed_and_no_save_fills_the_trail(team: Team, code: str) -> None:
    copy = str(uuid4())
    for number in range(1, 6):
        save(team.pivot, code, copy, typed(number))

    bodies = team.world.sql("SELECT body FROM drafts WHERE tenant_id = %s AND copy_id = %s", team.tenant, copy)
    begun = team.world.sql(
        "SELECT details FROM trail_entries WHERE tenant_id = %s AND verb = 'draft.begun' AND details->>'copy' = %s",
        team.tenant, copy,
    )  # fmt: skip
    assert len(bodies) == len(begun) == 1
    assert b"matin" not in bytes(bodies[0][0]) and "matin" not in str(begun)


def test_an_older_save_that_arrives_late_changes_nothing(team: Team, code: str) -> None:
    copy = str(uuid4())
    save(team.pivot, code, copy, typed(2, note="plus tard"))
    save(team.pivot, code, copy, typed(1, note="avant"))

    assert own(team.pivot, code)[0]["values"]["note"] == "plus tard"


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(saves=st.lists(st.tuples(st.sampled_from([0, 1]), st.integers(1, 9), TEXTS), min_size=1, max_size=8))
def test_a_form_that_is_open_twice_has_two_drafts_and_neither_is_written_over(
    team: Team, code: str, saves: list[tuple[int, int, str]]
) -> None:
    copies = [str(uuid4()), str(uuid4())]
    expected: dict[str, tuple[int, str]] = {}
    for which, number, text in saves:
        save(team.pivot, code, copies[which], typed(number, note=text))
        if number > expected.get(copies[which], (0, ""))[0]:
            expected[copies[which]] = (number, text)
    found = {each["copy"]: each["values"]["note"] for each in own(team.pivot, code) if each["copy"] in copies}

    assert found == {copy: text for copy, (_, text) in expected.items()}
    for copy in found:
        assert discard(team.pivot, code, copy) == 200


def test_what_she_takes_back_is_withheld_from_a_draft_which_stays(team: Team, code: str) -> None:
    copy = str(uuid4())
    save(team.pivot, code, copy, typed(1, her_words="À moi"))
    consents = team.pivot.read(f"/participants/{code}/consents")["items"]
    consent = next(each for each in consents if each["kind"] == "information")
    line = next(each["id"] for each in consent["lines"] if each["information"] == "own_words")
    team.pivot.do(f"/participants/{code}/consents/{consent['id']}/withdraw", {"line": line}, status=200)

    assert own(team.pivot, code)[0]["values"] == {"note": WORDS, "kind": "phone"}
    assert team.pivot.read(f"/participants/{code}/drafts")["closed"] == 1, "it is not lost in silence"
    assert save(team.pivot, code, copy, typed(2, her_words="À moi"))["not_kept"] == ["her_words"]
    rows = team.world.sql("SELECT information FROM drafts WHERE tenant_id = %s AND copy_id = %s", team.tenant, copy)
    assert ("own_words",) in rows
    team.agree(code, "own_words")
    assert own(team.pivot, code)[0]["values"]["her_words"] == "À moi", "if she lets it be read again, it is offered"
    assert team.pivot.read(f"/participants/{code}/drafts")["closed"] == 0


def test_it_is_thrown_away_by_its_writer_and_goes_at_its_deadline(team: Team, code: str) -> None:
    first, second = str(uuid4()), str(uuid4())
    for copy in (first, second):
        save(team.pivot, code, copy, typed())
    assert discard(team.pivot, code, first) == 200
    assert discard(team.pivot, code, first) == 404
    assert [each["copy"] for each in own(team.pivot, code)] == [second]

    async def sweep(ctx: Context) -> int:
        async with as_system(ctx):
            return await drafts.forget_old(ctx)

    team.world.forward(days=13)
    assert team.act(sweep) == 0
    team.world.forward(days=2)
    assert team.act(sweep) >= 1


def test_a_form_that_no_room_has_is_refused(team: Team, code: str) -> None:
    body = {**typed(), "form": "nothing"}
    assert save(team.pivot, code, str(uuid4()), body, status=422)["code"] == "draft_form_unknown"

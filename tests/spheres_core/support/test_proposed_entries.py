"""Answers of the desk become entries of the library by a second person's act, with nothing of who asked in them."""

from __future__ import annotations

import re
from typing import Any, Final

import psycopg
import pytest

from spheres_core.support.operations import proposals as operations
from spheres_core.testing import World
from tests.spheres_core.support.editors import Editor, editor
from tests.spheres_core.support.test_advice import everything_stored
from tests.spheres_core.support.test_library import BROUGHT, codes, north, world

__all__ = ["north", "world"]

ASKED: Final = {"situation": "Une jeune reçoit des cadeaux. Zibeline mauve.", "question": "Que dire? Pastille orange."}
CODE: Final = "7KQ4-M2XB-9RWT"
REPLY: Final = "Commencez par ce qui compte pour elle. Girafe turquoise."
ENTRY: Final[dict[str, Any]] = {
    "language": "fr",
    "title": "Parler de cadeaux",
    "summary": "Comment ouvrir la conversation sans presser.",
    "text": "Commencer par ce qui compte pour la personne. Libellule grise.",
    "themes": ["contact"],
    "audiences": ["youth_work"],
}


@pytest.fixture
def desk(world: World) -> Editor:
    return editor(world, "clinical_support")


@pytest.fixture
def second(world: World) -> Editor:
    return editor(world, "content_editor")


def answered(world: World, desk: Editor, *tools: str) -> tuple[str, str]:
    """Returns the id and the tracking code of a request that the desk has answered."""
    sent = world.post("/t/north/api/advice", json={"language": "fr", "answers": ASKED})
    id = desk.get("/api/advice").json()["items"][0]["id"]
    desk.post(f"/api/advice/{id}/take", {"version": 1})
    reply = {"version": 2, "how": "tool", "reply": REPLY, "tools": list(tools)}
    answer = desk.post(f"/api/advice/{id}/answer", reply)
    assert answer.status_code == 200, answer.text
    return id, sent.json()["receipt"]


def proposed(desk: Editor, request: str, **more: Any) -> str:
    sent = desk.post(f"/api/advice/{request}/proposals", ENTRY | more)
    assert sent.status_code == 201, sent.text
    id: str = sent.json()["id"]
    return id


def test_an_entry_is_approved_by_a_second_person_and_nothing_leads_back_to_the_request(
    world: World, desk: Editor, second: Editor
) -> None:
    request, receipt = answered(world, desk)
    id = proposed(desk, request)
    assert second.get("/api/tool-work").json()["proposals"] == 1
    read = second.get(f"/api/tool-proposals/{id}").json()
    assert (read["title"], read["may_decide"], read["confirmed"]) == ("Parler de cadeaux", True, False)
    assert not [word for word in ("Zibeline", "Pastille", "Girafe", request) if word in str(read)]

    decided = second.post(f"/api/tool-proposals/{id}/approve", {"code": "gifts", "publish": True})
    assert decided.json() == {"tool": "gifts"} and codes(world) == BROUGHT | {"gifts"}
    assert second.get(f"/api/tool-proposals/{id}").status_code == 404
    assert "Libellule grise" in world.get("/t/north/fr/tools/gifts").text

    world.post("/t/north/api/advice/receipts/close", json={"receipt": receipt})
    with psycopg.connect(world.urls.needed("owner")) as db:
        db.execute("DELETE FROM advice_requests")
        db.execute("DELETE FROM trail_entries WHERE subject_kind = 'advice' OR verb = 'advice.listed'")
        db.execute("DELETE FROM deliveries")
    kept = everything_stored(world)
    assert request not in kept and "gifts" in kept
    assert not [word for word in ("Zibeline", "Pastille", "Girafe") if word in kept]


def test_who_proposed_an_entry_never_decides_about_it(world: World) -> None:
    both = editor(world, "coordinator")
    request, _ = answered(world, both)
    id = proposed(both, request)
    assert both.get(f"/api/tool-proposals/{id}").json()["may_decide"] is False
    for path, body in (("approve", {"code": "gifts", "publish": True}), ("decline", None)):
        refused = both.post(f"/api/tool-proposals/{id}/{path}", body)
        assert (refused.status_code, refused.json()["code"]) == (403, "same_person")
    assert both.send(f"/fr/staff/tool-proposals/{id}", act="publish", code="gifts").status_code == 403
    assert "gifts" not in codes(world) and "somebody else" in both.get(f"/en/staff/tool-proposals/{id}").text
    system = world.bearer("north", "coordinator")
    refused = world.post(
        f"/t/north/api/tool-proposals/{id}/approve", json={"code": "gifts", "publish": True}, headers=system
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "same_person")


def test_without_the_rule_of_the_second_person_who_proposed_would_decide(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = editor(world, "coordinator")
    request, _ = answered(world, both)
    id = proposed(both, request)
    monkeypatch.setattr(operations, "_for_decision", operations.proposals.find_proposal)
    assert both.post(f"/api/tool-proposals/{id}/approve", {"code": "gifts"}).status_code == 200


def test_an_entry_that_could_identify_is_kept_only_once_its_writer_has_decided(
    world: World, desk: Editor, second: Editor
) -> None:
    request, _ = answered(world, desk)
    text = "Elle habite au 1234, rue Sainte-Catherine. Libellule grise."
    refused = desk.post(f"/api/advice/{request}/proposals", ENTRY | {"text": text})
    assert (refused.status_code, refused.json()["code"]) == (409, "identifiers_found")
    (place,) = refused.json()["places"]
    assert text[place["start"] : place["end"]].startswith("1234, rue") and place["question"] == "text"
    assert second.get("/api/tool-proposals").json()["items"] == []
    assert "Libellule" not in everything_stored(world)
    id = proposed(desk, request, text=text, confirmed=True)
    assert second.get(f"/api/tool-proposals/{id}").json()["confirmed"] is True


def test_no_entry_and_no_tool_holds_the_code_of_a_file(world: World, desk: Editor, second: Editor) -> None:
    request, _ = answered(world, desk)
    text = f"Voir le dossier {CODE}."
    refused = desk.post(f"/api/advice/{request}/proposals", ENTRY | {"text": text, "confirmed": True})
    assert (refused.status_code, refused.json()["code"]) == (422, "participant_code_found")
    words = {"title": {"fr": "Un outil"}, "summary": {"fr": "Un résumé."}, "text": {"fr": text}}
    written = second.post("/api/tools", {"code": "with_a_code", "tool": words})
    assert (written.status_code, written.json()["code"]) == (422, "participant_code_found")
    assert written.json()["errors"][0]["path"] == "text_fr"


def test_only_who_answered_a_request_proposes_from_it(world: World, desk: Editor, second: Editor) -> None:
    request, _ = answered(world, desk)
    colleague = editor(world, "clinical_support")
    for path in (f"/api/advice/{request}/proposals",):
        assert colleague.post(path, ENTRY).status_code == 409
        assert second.post(path, ENTRY).status_code == 403
    world.post("/t/north/api/advice", json={"language": "fr", "answers": ASKED})
    waiting = desk.get("/api/advice").json()["items"][0]["id"]
    assert desk.post(f"/api/advice/{waiting}/proposals", ENTRY).status_code == 409
    assert desk.get("/api/tool-proposals").status_code == 403


def test_an_entry_that_waits_is_sealed_and_gone_once_it_is_declined(world: World, desk: Editor, second: Editor) -> None:
    request, _ = answered(world, desk)
    id = proposed(desk, request)
    assert "Libellule" not in everything_stored(world)
    assert second.post(f"/api/tool-proposals/{id}/decline").json() == {"tool": ""}
    assert second.get("/api/tool-work").json()["proposals"] == 0
    assert second.post(f"/api/tool-proposals/{id}/decline").status_code == 404
    with psycopg.connect(world.urls.needed("owner")) as db:
        assert db.execute("SELECT count(*) FROM tool_proposals").fetchall() == [(0,)]


def test_the_desk_proposes_and_a_second_person_decides_on_pages(world: World, desk: Editor, second: Editor) -> None:
    request, _ = answered(world, desk)
    place = f"/fr/advice/requests/{request}/proposal"
    assert place in desk.get(f"/fr/advice/requests/{request}").text
    blank = desk.get(place).text
    assert not [word for word in ("Zibeline", "Pastille", "Girafe") if word in blank]
    missing = desk.send(place, **(ENTRY | {"language": "fr-CA", "title": ""}))
    assert missing.status_code == 422 and "Libellule grise" in missing.text
    found = desk.send(place, **(ENTRY | {"language": "fr-CA", "text": "Écrire à lili@exemple.ca"}))
    assert found.status_code == 409 and "<mark>lili@exemple.ca</mark>" in found.text
    assert desk.send(place, **(ENTRY | {"language": "fr-CA"})).status_code == 303

    listed = second.get("/fr/staff/tool-proposals").text
    (one,) = set(re.findall(r"/t/north(/fr/staff/tool-proposals/[0-9a-f-]{36})", listed))
    assert "Libellule grise" in second.get(one).text
    assert second.send(one, act="draft", code="Cadeaux!").status_code == 422
    assert second.send(one, act="draft", code="first_call").status_code == 422
    assert second.send(one, act="draft", code="gifts", review_on="2027-01-01").status_code == 303
    assert second.get("/api/tools/gifts/versions").json()["state"] == "draft" and "gifts" not in codes(world)


def test_who_asked_finds_the_tools_of_an_answer_with_the_tracking_code(world: World, desk: Editor) -> None:
    request, receipt = answered(world, desk, "first_call")
    read = world.post("/t/north/api/advice/receipts", json={"receipt": receipt}).json()
    assert [each["code"] for each in read["tools"]] == ["first_call"]
    page = world.post("/t/north/fr/advice/receipt", data={"receipt": receipt}).text
    assert "/t/north/fr/tools/first_call" in page
    refused = desk.post(
        f"/api/advice/{request}/answer", {"version": 3, "how": "tool", "reply": REPLY, "tools": ["nothing"]}
    )
    assert refused.status_code == 422 and refused.json()["errors"][0]["path"] == "tools"
    closed = world.post("/t/north/api/advice/receipts/close", json={"receipt": receipt}).json()
    assert closed["tools"] == []

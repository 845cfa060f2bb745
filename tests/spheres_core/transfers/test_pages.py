"""Going on in another region on pages, without JavaScript: the form, its preview, the answer, and what she is told."""

from __future__ import annotations

import re

from tests.spheres_core.followups.conftest import TODAY
from tests.spheres_core.followups.pages import Browser
from tests.spheres_core.transfers.conftest import WORDS, Regions

FORM = {"region": "south", "given_on": TODAY, "how": "spoken", "giver": "herself", "age": "19", "act": "preview"}


def seen_in(html: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', html)
    assert found
    return found[1]


def test_a_file_is_offered_after_both_have_seen_exactly_what_goes_along(regions: Regions) -> None:
    north, south = regions
    code, worker, other = north.file(), Browser(north.pivot), Browser(south.coordinator)
    at = f"participants/{code}/transfers"
    assert f"{at}/new" in worker.read(at)
    form = worker.read(f"{at}/new")
    assert re.findall(r"checked|selected(?! *>)", form) == [], "nothing is chosen before"
    wrong = worker.send(f"{at}/new", act="preview", region="south")
    assert wrong.status_code == 422
    assert all(f'id="{name}-problem"' in wrong.text for name in ("how", "giver", "age", "given_on"))
    shown = worker.send(f"{at}/new", **FORM, classes=["encounters"])
    assert shown.status_code == 200
    assert WORDS["note"] in shown.text
    assert WORDS["need"] not in shown.text
    assert north.state(code) == "active"
    said = worker.done(f"{at}/new", **FORM | {"act": "offer"}, classes=["encounters"], seen=seen_in(shown.text))
    assert "Her file is offered to the other region" in said
    assert "The other region has not answered yet" in said
    north.cross()
    waits = other.read("transfers")
    assert "18 to 24 years" in waits
    assert code not in waits
    assert WORDS["note"] not in waits
    id = south.received()["id"]
    refused = other.send(f"transfers/{id}", act="refuse", version="1", reason="")
    assert refused.status_code == 422
    assert f'id="reason-{id}-problem"' in refused.text
    accepted = other.send(f"transfers/{id}", act="accept", version="1")
    assert accepted.status_code == 200
    new = re.search(r'her-code">([A-Z0-9-]{14})<', accepted.text)
    assert new
    assert other.send(f"transfers/{id}", act="accept", version="1").status_code == 409
    south.cross()
    north.cross()
    assert "Her file is here" in other.read("transfers")
    assert new[1] in other.read("participants")


def test_whoever_followed_her_finds_in_the_day_that_she_is_to_be_told(regions: Regions) -> None:
    north, south = regions
    code, worker = north.file(), Browser(north.pivot)
    north.offer(code, "south")
    north.cross()
    south.accept()
    south.cross()
    day = worker.read("my-day")
    assert "Tell her how it ended" in day
    assert "She goes on there" in day
    page = worker.read(f"participants/{code}/transfers")
    id = re.search(r"transfers/([0-9a-f-]{36})\"", page)
    assert id
    worker.done(f"participants/{code}/transfers/{id[1]}", act="told", version="2")
    assert code not in worker.read("my-day")
    assert worker.get(f"participants/{code}").status_code == 404


def test_what_came_along_is_marked_and_shown_once_she_lets_it_be_read_here(regions: Regions) -> None:
    north, south = regions
    north.offer(north.file(), "south", "needs_and_plan")
    north.cross()
    new = south.accept()["participant"]
    south.cross()
    north.cross()
    south.coordinator.do(f"/participants/{new}/assignments", {"staff": south.pivot.id, "part": "pivot"})
    worker = Browser(south.pivot, "fr")
    assert "Apporté d’une autre région" not in worker.read(f"participants/{new}/transfers")
    south.agree(new, "needs_and_plan")
    page = worker.read(f"participants/{new}/transfers")
    assert "Apporté d’une autre région" in page
    assert WORDS["goal"] in page


def test_an_offer_is_taken_back_on_the_page(regions: Regions) -> None:
    north, _ = regions
    code, worker = north.file(), Browser(north.pivot)
    offered = north.offer(code, "south")
    at = f"participants/{code}/transfers"
    assert worker.send(f"{at}/{offered['id']}", act="withdraw", version="7").status_code == 409
    assert "The offer is taken back." in worker.done(f"{at}/{offered['id']}", act="withdraw", version="1")
    assert north.state(code) == "active"

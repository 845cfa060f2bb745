"""Clinical support for staff: between who asks and who gives it, with numbers only for whoever coordinates."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

import httpx
import psycopg
import pytest

from spheres_core.foundation.content.readable_codes import new_readable_code
from spheres_core.foundation.tenancy import pagination
from spheres_core.staff.operations import accounts
from spheres_core.support.operations.retention import count_due_sessions, erase_due_sessions
from spheres_core.testing import World, definition
from tests.spheres_core.support.test_advice import everything_stored

NOW: Final = dt.datetime(2026, 11, 29, 15, 0, tzinfo=dt.UTC)
API: Final = "/t/north/api/support-sessions"
PAGE: Final = "/t/north/fr/staff/support-sessions"
PASSWORD: Final = "un chat dort sous la lune"
ASKED: Final = {
    "kind": "individual",
    "theme": "exhaustion",
    "words": "Je ramène tout chez moi. Lynx gris.",
    "equipped": 3,
}
PEOPLE: Final = {
    "pivot": "pivot_worker", "second": "pivot_worker", "third": "pivot_worker", "fourth": "pivot_worker",
    "fifth": "pivot_worker", "clinic": "clinical_support", "other": "clinical_support", "coordinator": "coordinator",
}  # fmt: skip


class Staff:
    """Members of staff, who act one at a time, each signed in."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ids: dict[str, str] = {}
        for name, role in PEOPLE.items():
            made = world.act(
                "north",
                lambda ctx, name=name, role=role: accounts.create_account(
                    ctx, f"{name}@exemple.ca", name=name.title(), roles=[role], password=PASSWORD
                ),
            )
            self.ids[name] = str(made)
        self._csrf = ""
        self._now = ""

    def be(self, name: str) -> None:
        if self._now == name:
            return
        self.world.http.cookies.clear()
        entered = self.world.post("/t/north/fr/sign-in", data={"email": f"{name}@exemple.ca", "password": PASSWORD})
        assert entered.status_code == 303, entered.text
        found = re.search(r'name="_csrf" value="([^"]+)"', self.world.get(PAGE).text)
        assert found is not None
        self._csrf, self._now = found[1], name

    def get(self, name: str, path: str = "") -> httpx.Response:
        self.be(name)
        return self.world.get(f"{API}{path}")

    def post(self, name: str, path: str = "", **body: Any) -> httpx.Response:
        self.be(name)
        return self.world.post(f"{API}{path}", json=body, headers={"x-csrf-token": self._csrf})

    def send(self, name: str, path: str, **fields: Any) -> httpx.Response:
        self.be(name)
        return self.world.post(f"{PAGE}{path}", data={"_csrf": self._csrf, **fields})


@pytest.fixture
def staff(shared_world: World) -> Any:
    world = shared_world.renew(definition("north", "quebec", "montreal"), now=NOW)
    yield Staff(world)
    world.http.cookies.clear()
    with psycopg.connect(world.urls.needed("owner")) as db:
        for table in ("support_sessions", "staff"):
            db.execute(f"DELETE FROM {table}")


def asked(staff: Staff, name: str = "pivot", **more: Any) -> dict[str, Any]:
    made = staff.post(name, **{**ASKED, **more})
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


def held(staff: Staff, name: str = "pivot", **more: Any) -> str:
    id: str = asked(staff, name, **more)["line"]["id"]
    assert staff.post("clinic", f"/{id}/agree", version=1, on="2026-11-28").status_code == 200
    assert staff.post("clinic", f"/{id}/hold", version=2).status_code == 200
    return id


def test_a_session_is_asked_for_agreed_on_and_held_and_each_keeps_notes_for_oneself(staff: Staff) -> None:
    id = asked(staff)["line"]["id"]
    waiting = staff.get("clinic", "/to-give").json()["items"]
    assert [each["id"] for each in waiting] == [id]
    assert staff.get("clinic", f"/{id}").json()["words"] == ASKED["words"]
    assert staff.post("pivot", f"/{id}/agree", version=1, on="2026-12-02").status_code == 403
    agreed = staff.post("clinic", f"/{id}/agree", version=1, on="2026-12-02").json()
    assert (agreed["line"]["state"], agreed["line"]["on"]) == ("agreed", "2026-12-02")
    assert staff.post("clinic", f"/{id}/hold", version=2).status_code == 409, "its day is still to come"
    assert staff.post("clinic", f"/{id}/agree", version=2, on="2026-11-29").status_code == 200
    assert staff.post("clinic", f"/{id}/hold", version=2).json()["code"] == "changed_meanwhile"
    assert staff.post("clinic", f"/{id}/hold", version=3).json()["line"]["state"] == "held"
    assert staff.post("clinic", f"/{id}/notes", version=4, words="À suivre. Renard bleu.").status_code == 200
    said = staff.post("pivot", f"/{id}/own-part", before=3, after=7, words="Respirer. Martre brune.")
    assert said.json()["part"] == {"before": 3, "after": 7, "words": "Respirer. Martre brune."}
    assert "Renard bleu" not in staff.get("pivot", f"/{id}").text
    assert "Martre brune" not in staff.get("clinic", f"/{id}").text
    stored = everything_stored(staff.world)
    assert not [each for each in ("Renard bleu", "Martre brune", "Lynx gris") if each in stored]


@pytest.mark.parametrize("reader", ["coordinator", "second", "other"])
def test_who_neither_gives_nor_takes_part_does_not_find_a_session(staff: Staff, reader: str) -> None:
    id = held(staff)
    assert staff.get(reader, f"/{id}").status_code == 404
    assert staff.get(reader).json()["items"] == []
    page = staff.world.get(f"{PAGE}/{id}")
    assert page.status_code == 404
    if reader == "coordinator":
        assert staff.get(reader, "/to-give").status_code == 403
        shown = staff.world.get(PAGE).text + staff.get(reader, "/counts").text
        assert not [name for name in ("Pivot", id, staff.ids["pivot"], "exhaustion") if name in shown]
    machine = staff.world.bearer("north", "coordinator", "clinical_support")
    staff.world.http.cookies.clear()
    assert staff.world.get(f"{API}/{id}", headers=machine).status_code == 403


def test_a_coordinator_sees_numbers_and_none_of_fewer_than_five(staff: Staff) -> None:
    held(staff)
    (few,) = staff.get("coordinator", "/counts").json()["counts"]
    assert few == {"kind": "individual", "sessions": 1, "people": None}
    people = [staff.ids[each] for each in ("second", "third", "fourth", "fifth")]
    id = held(staff, kind="group", people=people)
    for number, name in enumerate(("pivot", "second", "third", "fourth", "fifth")):
        assert staff.post(name, f"/{id}/own-part", before=2 + number, after=6).status_code == 200
    found = {each["kind"]: each for each in staff.get("coordinator", "/counts").json()["counts"]}
    assert found["group"] == {"kind": "group", "sessions": 1, "people": 5}, (
        "no average, which two readings would tell apart"
    )


def test_nobody_gives_a_session_to_oneself_and_only_who_gives_offers_one_on_a_day(staff: Staff) -> None:
    id = asked(staff, "clinic")["line"]["id"]
    assert "agree" not in staff.get("clinic", f"/{id}").json()["steps"]
    assert staff.get("other", f"/{id}").status_code == 200
    assert staff.post("pivot", **ASKED, on="2026-12-02").status_code == 422
    offer = staff.post("clinic", kind="group", theme="teamwork", on="2026-12-02", people=[staff.ids["pivot"]])
    assert offer.json()["line"]["state"] == "agreed"
    assert staff.get("pivot").json()["items"][0]["id"] == offer.json()["line"]["id"]
    assert staff.post("pivot", **{**ASKED, "people": [staff.ids["second"]]}).status_code == 422


def test_words_about_somebody_who_is_followed_are_refused_or_pointed_out(staff: Staff) -> None:
    coded = staff.post("pivot", **{**ASKED, "words": f"À propos de {new_readable_code()}.", "confirmed": True})
    assert (coded.status_code, coded.json()["code"]) == (422, "participant_code_found")
    text = "Maëlle Tremblay m’inquiète."
    named = staff.post("pivot", **{**ASKED, "words": text})
    assert (named.status_code, named.json()["code"]) == (409, "identifiers_found")
    place = named.json()["places"][0]
    assert text[place["start"] : place["end"]] == "Maëlle Tremblay"
    id = held(staff)
    for path, name, more in (("notes", "clinic", {"version": 3}), ("own-part", "pivot", {})):
        assert staff.post(name, f"/{id}/{path}", words=text, **more).status_code == 409


def test_what_is_called_off_has_no_words_any_more(staff: Staff) -> None:
    id = asked(staff)["line"]["id"]
    assert staff.post("pivot", f"/{id}/cancel", version=1).json() == {"state": "cancelled"}
    assert staff.world.sql("SELECT words FROM support_sessions") == [(None,)]
    assert staff.get("pivot", f"/{id}").json()["line"]["state"] == "cancelled"


def test_sessions_work_on_pages(staff: Staff) -> None:
    form = {"kind": "individual", "theme": "boundaries", "words": "Garder la bonne distance."}
    assert staff.send("pivot", "/new", kind="individual").status_code == 422
    named = staff.send("pivot", "/new", **{**form, "words": "Maëlle m’inquiète."})
    assert named.status_code == 409 and "<mark>Maëlle</mark>" in named.text
    assert staff.send("pivot", "/new", **form).status_code == 303
    id = staff.get("pivot").json()["items"][0]["id"]
    assert id in staff.world.get(PAGE).text
    staff.be("clinic")
    assert "Garder la bonne distance." in staff.world.get(f"{PAGE}/{id}").text
    assert staff.send("clinic", f"/{id}", act="agree", version="1", on="bientôt").status_code == 422
    assert staff.send("clinic", f"/{id}", act="agree", version="1", on="2026-11-29").status_code == 303
    assert staff.send("clinic", f"/{id}", act="hold", version="2").status_code == 303
    assert staff.send("clinic", f"/{id}", act="note", version="3", words="À suivre.").status_code == 303
    assert (
        staff.send("pivot", f"/{id}", act="say", version="4", before="2", after="6", words="Mieux.").status_code == 303
    )
    assert "Mieux." in staff.world.get(f"{PAGE}/{id}").text
    assert staff.send("pivot", f"/{id}", act="cancel", version="4").status_code == 409


def test_lists_are_read_page_by_page_and_a_cursor_is_of_its_list(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pagination, "LIMIT", 2)
    ids = [asked(staff)["line"]["id"] for _ in range(3)]
    for name, path in (("pivot", ""), ("clinic", "/to-give")):
        first = staff.get(name, path).json()
        last = staff.get(name, f"{path}?cursor={first['next']}").json()
        assert [each["id"] for page in (first, last) for each in page["items"]] == ids[::-1]
        assert last["next"] is None
    assert staff.get("clinic", f"?cursor={first['next']}").json()["code"] == "cursor_invalid"
    page = staff.world.get(PAGE).text
    assert ids[0] not in page
    assert ids[0] in staff.world.get(f"{PAGE}?give={first['next']}").text


def test_a_session_is_erased_whole_when_the_region_s_time_for_it_is_over(shared_world: World) -> None:
    settings = {"support": {"sessions_erased_after_days": 90}}
    world = shared_world.renew(definition("north", "quebec", "montreal", settings=settings), now=NOW)
    staff = Staff(world)
    past, never = held(staff), asked(staff)["line"]["id"]
    kept = asked(staff)["line"]["id"]
    assert staff.post("clinic", f"/{kept}/agree", version=1, on="2026-12-20").status_code == 200
    within = dt.timedelta(days=91)
    assert world.act("north", lambda ctx: count_due_sessions(ctx, within)) == 2
    erased = []
    for days in (88, 90, 91):
        world.now = NOW + dt.timedelta(days=days)
        erased.append(world.act("north", erase_due_sessions))
    assert erased == [0, 2, 0], "the one that took place, and the one for which nobody agreed on a day"
    assert [str(row[0]) for row in world.sql("SELECT id FROM support_sessions")] == [kept]
    assert [str(row[0]) for row in world.sql("SELECT session_id FROM support_session_parts")] == [kept]
    trail = world.sql("SELECT subject_id::text FROM trail_entries WHERE verb = 'support_session.erased'")
    assert {row[0] for row in trail} == {past, never}

"""Workshops with audiences as counts, and each one's own log of trainings: nothing in them points at a person."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from typing import Any, Final

import httpx
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.inspect import IntType, StructType, type_info

from spheres_core.foundation.content.ended_periods import ended_periods
from spheres_core.foundation.content.readable_codes import new_readable_code
from spheres_core.staff.operations import accounts
from spheres_core.support.models import TrainingRow
from spheres_core.support.operations.retention import count_old_logs, erase_old_logs
from spheres_core.support.operations.workshop_figures import LOGGED_WITHIN, QUARTERS, large_enough
from spheres_core.support.settings import Settings
from spheres_core.testing import World, definition
from tests.spheres_core.support.test_advice import everything_stored

NOW: Final = dt.datetime(2026, 11, 29, 15, 0, tzinfo=dt.UTC)
API: Final = "/t/north/api"
PAGE: Final = "/t/north/fr/staff"
PASSWORD: Final = "un chat dort sous la lune"
PLANNED: Final[dict[str, Any]] = {
    "kind": "young_people", "setting": "school", "on": "2026-11-20", "language": "fr-CA",
    "words": "Aimer sans se perdre", "themes": ["egalitarian_relationships"], "minutes": 75,
    "notes": "Prévoir des chaises en rond.",
}  # fmt: skip
HELD: Final = {**PLANNED, "audience": {"from_12_to_14": 22, "school_staff": 2}}
TAKEN: Final[dict[str, Any]] = {"part": "taken", "words": "Écouter sans juger", "on": "2026-10-02", "minutes": 180,
                                "themes": ["sexual_exploitation"]}  # fmt: skip
PEOPLE: Final = {"pivot": "pivot_worker", "second": "pivot_worker", "coordinator": "coordinator",
                 "editor": "content_editor"}  # fmt: skip
TABLES: Final = ("workshops", "workshop_figures", "trainings", "staff", "idempotency_answers", "trail_entries")


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
        found = re.search(r'name="_csrf" value="([^"]+)"', self.world.get(f"{PAGE}/trainings/new").text)
        assert found is not None
        self._csrf, self._now = found[1], name

    def get(self, name: str, path: str) -> httpx.Response:
        self.be(name)
        return self.world.get(f"{API}{path}")

    def page(self, name: str, path: str) -> str:
        self.be(name)
        shown = self.world.get(f"{PAGE}{path}")
        assert shown.status_code == 200, shown.text
        return shown.text

    def post(self, name: str, path: str, body: dict[str, Any]) -> httpx.Response:
        self.be(name)
        return self.world.post(f"{API}{path}", json=body, headers={"x-csrf-token": self._csrf})

    def put(self, name: str, path: str, body: dict[str, Any]) -> httpx.Response:
        self.be(name)
        return self.world.request("PUT", f"{API}{path}", json=body, headers={"x-csrf-token": self._csrf})

    def send(self, name: str, path: str, **fields: Any) -> httpx.Response:
        self.be(name)
        return self.world.post(f"{PAGE}{path}", data={"_csrf": self._csrf, **fields})


@pytest.fixture
def staff(shared_world: World) -> Iterator[Staff]:
    world = shared_world.renew(definition("north", "quebec", "montreal"), now=NOW)
    yield Staff(world)
    world.http.cookies.clear()
    with psycopg.connect(world.urls.needed("owner")) as db:
        for table in TABLES:
            db.execute(f"DELETE FROM {table}")


def logged(staff: Staff, body: dict[str, Any], name: str = "pivot") -> dict[str, Any]:
    made = staff.post(name, "/workshops", body)
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


def test_a_workshop_is_planned_held_corrected_and_another_called_off(staff: Staff) -> None:
    made = logged(staff, {**PLANNED, "given_by": [staff.ids["pivot"]]})
    id = made["workshop"]["id"]
    assert (made["workshop"]["state"], made["people"], made["audience"]) == ("planned", ["Pivot"], {})
    assert staff.post("pivot", f"/workshops/{id}/hold", {"version": 1, "audience": {}}).status_code == 422
    held = staff.post("second", f"/workshops/{id}/hold", {"version": 1, "audience": {"from_12_to_14": 22}})
    assert held.json()["workshop"]["state"] == "held"
    assert staff.post("pivot", f"/workshops/{id}/cancel", {"version": 2}).json()["code"] == "workshop_act_not_open"

    right = {**PLANNED, "audience": {"from_12_to_14": 24}, "words": "Aimer d’égal à égal"}
    late = staff.put("pivot", f"/workshops/{id}", {**right, "version": 1})
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
    assert late.json()["yours"]["words"] == "Aimer d’égal à égal"
    assert late.json()["theirs"]["audience"] == {"from_12_to_14": 22}
    changed = staff.put("pivot", f"/workshops/{id}", {**right, "version": 2}).json()
    assert (changed["audience"], changed["workshop"]["title"]) == ({"from_12_to_14": 24}, "Aimer d’égal à égal")
    without = {name: value for name, value in right.items() if name != "audience"}
    kept = staff.put("pivot", f"/workshops/{id}", {**without, "version": 3}).json()
    assert kept["audience"] == {"from_12_to_14": 24}, "what is not sent stays"

    coming = logged(staff, {**PLANNED, "on": "2026-12-10"})["workshop"]["id"]
    hold = staff.post("pivot", f"/workshops/{coming}/hold", {"version": 1, "audience": {"close_ones": 9}})
    assert hold.json()["errors"][0]["path"] == "on", "its day is still to come"
    early = staff.put("pivot", f"/workshops/{coming}", {**HELD, "on": "2026-12-10", "version": 1})
    assert early.status_code == 422
    off = staff.post("pivot", f"/workshops/{coming}/cancel", {"version": 1})
    assert (off.json()["workshop"]["state"], off.json()["steps"]) == ("cancelled", [])


def test_the_log_is_listed_by_day_and_narrowed(staff: Staff) -> None:
    ids = {
        day: logged(staff, {**HELD, "on": day, **more})["workshop"]["id"]
        for day, more in (
            ("2026-03-02", {}),
            ("2026-11-02", {"kind": "outreach", "themes": ["sexual_exploitation"]}),
            ("2026-06-02", {"kind": "outreach"}),
        )
    }

    def found(query: str) -> list[str]:
        items = staff.get("second", f"/workshops?{query}").json()["items"]
        return [day for each in items for day, id in ids.items() if id == each["id"]]

    assert found("") == ["2026-11-02", "2026-06-02", "2026-03-02"]
    assert found("kind=outreach") == ["2026-11-02", "2026-06-02"]
    assert found("theme=sexual_exploitation") == ["2026-11-02"]
    assert found("since=2026-03-03&until=2026-10-31") == ["2026-06-02"]
    assert found("state=planned") == []
    for number in range(52):
        logged(staff, {**PLANNED, "on": "2026-01-10", "words": f"Atelier {number}"})
    first = staff.get("pivot", "/workshops").json()
    rest = staff.get("pivot", f"/workshops?cursor={first['next']}").json()
    every = [each["id"] for each in first["items"] + rest["items"]]
    assert (len(every), len(set(every)), rest["next"]) == (55, 55, None)
    assert staff.get("pivot", "/workshops?cursor=abc").status_code == 422


def test_no_name_and_no_code_of_a_file_is_kept_and_no_word_is_readable_at_rest(staff: Staff) -> None:
    coded = staff.post("pivot", "/workshops", {**HELD, "notes": f"Voir {new_readable_code()}.", "confirmed": True})
    assert (coded.status_code, coded.json()["code"]) == (422, "participant_code_found")
    text = "Maëlle Tremblay a pleuré."
    for field in ("words", "notes"):
        named = staff.post("pivot", "/workshops", {**HELD, field: text})
        assert (named.status_code, named.json()["code"]) == (409, "identifiers_found")
        place = named.json()["places"][0]
        assert (place["question"], text[place["start"] : place["end"]]) == (field, "Maëlle Tremblay")
    trained = staff.post("pivot", "/trainings", {**TAKEN, "words": text})
    assert trained.json()["code"] == "identifiers_found"
    for name in ("name", "names", "participants", "people", "attendees"):
        assert staff.post("pivot", "/workshops", {**HELD, name: ["x"]}).status_code in (400, 422), name
    assert staff.post("pivot", "/workshops", {**HELD, "audience": {"Maëlle": 1}}).status_code in (400, 422)

    logged(staff, HELD)
    assert staff.post("pivot", "/trainings", TAKEN).status_code == 201
    stored = everything_stored(staff.world)
    assert not [each for each in (HELD["words"], HELD["notes"], TAKEN["words"]) if each in stored]


def test_who_keeps_no_log_finds_none_and_each_reads_only_what_is_there(staff: Staff) -> None:
    id = logged(staff, HELD)["workshop"]["id"]
    assert staff.get("editor", "/workshops").status_code == 403
    assert staff.get("editor", f"/workshops/{id}").status_code == 403
    assert staff.get("pivot", "/workshops/figures").status_code == 403
    assert staff.get("pivot", "/workshops/file").status_code == 403
    for method, path in (("get", ""), ("post", "/hold"), ("post", "/cancel")):
        unknown = f"/workshops/{staff.ids['pivot']}{path}"
        body = {"version": 1, "audience": {"close_ones": 3}} if path == "/hold" else {"version": 1}
        said = staff.get("pivot", unknown) if method == "get" else staff.post("pivot", unknown, body)
        assert said.status_code == 404
    staff.world.http.cookies.clear()
    assert staff.world.get(f"/t/north/fr/staff/workshops/{id}").status_code in (303, 401, 403)


def test_figures_are_published_once_a_quarter_without_small_numbers_or_sums(staff: Staff) -> None:
    logged(staff, {**HELD, "on": "2026-08-03", "audience": {"from_12_to_14": 22, "school_staff": 2}})
    logged(staff, {**HELD, "on": "2026-09-30", "audience": {"from_12_to_14": 3, "close_ones": 1, "school_staff": 2}})
    id = logged(staff, {**PLANNED, "on": "2026-09-01"})["workshop"]["id"]
    logged(staff, {**HELD, "on": "2026-10-05"})

    periods = staff.get("coordinator", "/workshops/figures").json()["periods"]
    assert periods[0] == {
        "first_day": "2026-07-01", "last_day": "2026-09-30", "smallest": 5,
        "held": [{"code": "young_people", "number": 2}], "reached": [{"code": "from_12_to_14", "number": 25}],
    }  # fmt: skip
    shown = staff.page("coordinator", "/workshops/figures")
    assert "25" in shown and "moins de 5" in shown

    hold = {"version": 1, "audience": {"close_ones": 7, "school_staff": 4}}
    assert staff.post("pivot", f"/workshops/{id}/hold", hold).status_code == 200
    assert staff.get("coordinator", "/workshops/figures").json()["periods"] == periods, "no two readings to compare"
    assert "close_ones" not in staff.world.sql("SELECT reached::text FROM workshop_figures")[0][0]


def test_a_quarter_is_counted_two_weeks_after_its_end(shared_world: World) -> None:
    for day, first in ((dt.date(2026, 10, 14), "2026-04-01"), (dt.date(2026, 10, 15), "2026-07-01")):
        now = dt.datetime(day.year, day.month, day.day, 15, 0, tzinfo=dt.UTC)
        world = shared_world.renew(definition("north", "quebec", "montreal"), now=now)
        found = world.get(f"{API}/workshops/figures", headers=world.bearer("north", "coordinator")).json()
        assert found["periods"][0]["first_day"] == first
    with psycopg.connect(shared_world.urls.needed("owner")) as db:
        db.execute("DELETE FROM workshop_figures")


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.integers(0, 40)), st.integers(2, 9))
def test_no_number_below_the_smallest_is_ever_shown(numbers: dict[str, int], smallest: int) -> None:
    shown = large_enough(numbers, smallest)
    assert all(number >= smallest for number in shown.values())
    assert {code for code, number in numbers.items() if number >= smallest} == set(shown)


@given(st.dates(dt.date(2020, 1, 1), dt.date(2100, 1, 1)))
def test_no_workshop_is_erased_before_its_quarter_is_shown_for_the_last_time(today: dt.date) -> None:
    settings = type_info(Settings)
    assert isinstance(settings, StructType)
    (kept,) = [each for each in settings.fields if each.name == "workshops_erased_after_days"]
    assert isinstance(kept.type, IntType) and kept.type.ge is not None
    shown = ended_periods(today - LOGGED_WITHIN, 3, QUARTERS)
    assert shown[-1].first > today - dt.timedelta(days=kept.type.ge)


def test_the_file_holds_no_formula_no_note_no_name_and_no_small_number(staff: Staff) -> None:
    logged(staff, {**HELD, "words": "=HYPERLINK(1)", "given_by": [staff.ids["pivot"]]})
    logged(staff, {**HELD, "on": "2025-01-10", "words": "Hors période"})

    for language, small in (("fr-CA", "moins de 5"), ("en-CA", "fewer than 5")):
        staff.be("coordinator")
        address = f"{API}/workshops/file?since=2026-01-01"
        answer = staff.world.get(address, headers={"accept-language": language})
        assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
        text = answer.content.decode("utf-8-sig")
        header, row = csv.reader(io.StringIO(text))
        assert "'=HYPERLINK(1)" in row and "22" in row and small in row and "2" not in row
        assert HELD["notes"] not in text and "Pivot" not in text and len(header) == len(row)
    page = staff.world.get(f"{PAGE}/workshops/file?since=2026-01-01")
    assert page.headers["content-disposition"].endswith('.csv"')
    verbs = [verb for (verb,) in staff.world.sql("SELECT verb FROM trail_entries WHERE verb LIKE 'workshop%'")]
    assert verbs.count("workshops.exported") == 3


def test_trainings_are_for_their_person_and_who_coordinates(staff: Staff) -> None:
    made = staff.post("pivot", "/trainings", TAKEN).json()
    id = made["id"]
    assert (made["part"], made["on"], made["themes"][0]["code"]) == ("taken", "2026-10-02", "sexual_exploitation")
    assert [each["id"] for each in staff.get("pivot", "/trainings?part=taken").json()["items"]] == [id]
    assert staff.get("pivot", "/trainings?part=given").json()["items"] == []
    mine = f"/trainings?staff={staff.ids['pivot']}"
    assert [each["id"] for each in staff.get("coordinator", mine).json()["items"]] == [id]

    unknown = staff.get("second", f"/trainings?staff={id}")
    foreign = staff.get("second", mine)
    assert (foreign.status_code, foreign.content) == (404, unknown.content), "there or not: the same answer"
    assert staff.get("second", "/trainings").json()["items"] == []
    for reader in ("second", "coordinator"):
        assert staff.get(reader, f"/trainings/{id}").status_code == 404, "only its person opens it"
        assert staff.put(reader, f"/trainings/{id}", {**TAKEN, "version": 1}).status_code == 404
        assert staff.post(reader, f"/trainings/{id}/remove", {"version": 1}).status_code == 404

    assert staff.put("pivot", f"/trainings/{id}", {**TAKEN, "minutes": 90, "version": 1}).json()["minutes"] == 90
    late = staff.put("pivot", f"/trainings/{id}", {**TAKEN, "version": 1})
    assert (late.status_code, late.json()["theirs"]["minutes"]) == (409, 90)
    assert staff.post("pivot", f"/trainings/{id}/remove", {"version": 2}).json() == {"removed": True}
    assert staff.world.sql("SELECT count(*) FROM trainings") == [(0,)]
    machine = staff.world.bearer("north", "coordinator")
    staff.world.http.cookies.clear()
    assert staff.world.get(f"{API}/trainings", headers=machine).status_code == 403


def test_nothing_rates_a_person() -> None:
    with pytest.raises(AssertionError):
        assert not rating_fields({"score"})
    assert not rating_fields(set(TAKEN) | columns_of_trainings())


def rating_fields(names: set[str]) -> set[str]:
    return {each for each in names if re.search("score|result|grade|rating|passed|equipped", each)}


def columns_of_trainings() -> set[str]:

    return set(TrainingRow.__table__.columns.keys())


def test_what_is_longer_ago_than_a_region_keeps_is_erased_and_published_figures_stay(staff: Staff) -> None:
    logged(staff, HELD)
    staff.post("pivot", "/trainings", TAKEN)
    logged(staff, {**HELD, "on": "2026-09-01"})
    published = staff.get("coordinator", "/workshops/figures").json()
    assert published["periods"][0]["reached"] == [{"code": "from_12_to_14", "number": 22}]
    old = staff.post("pivot", "/workshops", {**HELD, "on": "2020-01-01"})
    assert old.json()["errors"][0]["path"] == "on"
    assert staff.world.act("north", erase_old_logs) == 0
    with psycopg.connect(staff.world.urls.needed("owner")) as db:
        db.execute("UPDATE workshops SET held_on = held_on - 1807")
        db.execute("UPDATE trainings SET held_on = held_on - 1760")
    soon = staff.world.act("north", lambda ctx: count_old_logs(ctx, dt.timedelta(days=30)))
    assert soon == (2, 1)
    with psycopg.connect(staff.world.urls.needed("owner")) as db:
        db.execute("UPDATE workshops SET held_on = held_on - 30")
        db.execute("UPDATE trainings SET held_on = held_on - 30")
    assert staff.world.act("north", erase_old_logs) == 3
    said = "SELECT verb, count(*) FROM trail_entries WHERE verb LIKE '%.erased' GROUP BY verb ORDER BY verb"
    assert staff.world.sql(said) == [("training.erased", 1), ("workshop.erased", 2)]
    assert staff.world.sql("SELECT count(*) FROM workshops") == [(0,)]
    assert staff.world.sql("SELECT count(*) FROM workshop_figures") == [(1,)]
    assert staff.get("coordinator", "/workshops/figures").json() == published


def test_workshops_and_trainings_work_on_pages(staff: Staff) -> None:
    form = {"kind": "young_people", "setting": "school", "on": "2026-11-20", "language": "fr-CA",
            "words": "Aimer sans se perdre", "notes": ""}  # fmt: skip
    empty = staff.send("pivot", "/workshops/new", kind="young_people")
    assert empty.status_code == 422 and 'href="#q-on"' in empty.text
    odd = staff.send("pivot", "/workshops/new", **{**form, "audience.under_12": "beaucoup"})
    assert odd.status_code == 422 and 'href="#q-audience-under_12"' in odd.text
    named = staff.send("pivot", "/workshops/new", **{**form, "notes": "Maëlle a pleuré."})
    assert named.status_code == 409 and "<mark>Maëlle</mark>" in named.text
    made = staff.send("pivot", "/workshops/new", **form)
    assert made.status_code == 303
    (id,) = [each["id"] for each in staff.get("pivot", "/workshops").json()["items"]]
    assert "Aimer sans se perdre" in staff.page("second", "/workshops?state=planned")
    assert "Aimer sans se perdre" not in staff.page("second", "/workshops?state=held")
    assert "2026-03-31" in staff.page("second", "/workshops?since=hier"), "says how a day is written"

    none = staff.send("pivot", f"/workshops/{id}", act="hold", version="1")
    assert none.status_code == 422 and 'href="#q-audience"' in none.text
    hold = staff.send("pivot", f"/workshops/{id}", act="hold", version="1", **{"audience.from_12_to_14": "22"})
    assert hold.status_code == 303
    assert "22" in staff.page("second", f"/workshops/{id}")
    late = staff.send("second", f"/workshops/{id}/change", version="1", **{**form, "words": "Autre titre"})
    assert late.status_code == 409 and "Ce qui s’y trouve maintenant" in late.text and 'value="2"' in late.text
    again = staff.send("second", f"/workshops/{id}/change", version="2", **{**form, "words": "Autre titre"})
    assert again.status_code == 303
    assert "Autre titre" in staff.page("second", f"/workshops/{id}")
    coming = staff.send("pivot", "/workshops/new", **{**form, "on": "2026-12-20"}).headers["location"]
    assert staff.send("pivot", f"/workshops/{coming.split('/')[-1][:36]}", act="cancel", version="1").status_code == 303

    log = {"part": "taken", "words": "Écouter sans juger", "on": "2026-10-02", "organization": ""}
    assert staff.send("pivot", "/trainings/new", part="taken").status_code == 422
    assert staff.send("pivot", "/trainings/new", **log).status_code == 303
    assert "Écouter sans juger" in staff.page("pivot", "/trainings")
    assert "Écouter sans juger" in staff.page("coordinator", f"/trainings?staff={staff.ids['pivot']}")
    (own,) = [each["id"] for each in staff.get("pivot", "/trainings").json()["items"]]
    assert staff.send("pivot", f"/trainings/{own}", act="change", version="1", **log).status_code == 303
    assert staff.send("pivot", f"/trainings/{own}", act="remove", version="1").status_code == 409
    assert staff.send("pivot", f"/trainings/{own}", act="remove", version="2").status_code == 303
    staff.be("second")
    assert staff.world.get(f"{PAGE}/trainings?staff={staff.ids['pivot']}").status_code == 404

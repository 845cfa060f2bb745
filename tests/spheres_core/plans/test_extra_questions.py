"""Packs and plugins ask in the forms of her file: answered with the record, by its class, and her words apart."""

from __future__ import annotations

import re
from ast import literal_eval
from pathlib import Path
from typing import Any, Final

import pytest

from spheres_core.forms.attached_forms import FILE_KINDS
from spheres_core.forms.her_words import apart, her_words_in, together, without_her_words
from spheres_core.forms.queries import forms_of
from spheres_core.forms.xlsform.reader import inspect
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.testing import MakeWorld, World, definition
from tests.documented import documented_code
from tests.plugins.planting import plant
from tests.spheres_core.followups.conftest import START, Person, Team
from tests.spheres_core.followups.pages import Browser
from tests.spheres_core.plans.conftest import put
from tests.spheres_core.plans.test_needs import CHANGED, NEED
from tests.spheres_core.plans.test_requests import ORGANIZATION, REQUEST, lets

OURS: Final = Path(__file__).parents[3] / "plugins"
ID: Final = "asking_bus"
FORM: Final = documented_code("extension-points.md", "## Extra questions in her file", "markdown").replace(
    "night_bus", ID
)
SAYS: Final = """
from spheres_core.plugin import GoalSuggestion, ServiceOpinion

@hookimpl
def check_encounter(encounter):
    return [Problem({"en": repr(dict(encounter.meanings))}, path="place")] if encounter.place == "court" else []

@hookimpl
def assess_services(request, services):
    said = {"en": "Told " + repr(request.__struct_fields__)}
    return [ServiceOpinion(each.key, "a_person_decides", said) for each in services]

@hookimpl
def suggest_goals(plan):
    told = [dict(each.meanings) for each in (*plan.open_needs, *plan.goals)]
    return [GoalSuggestion({"en": "Told"}, {"en": repr(told)})]
"""
"""A plugin that repeats what it is told."""
FORM_OF: Final = {kind: f"on_{kind}.asking_bus" for kind in FILE_KINDS}
CANARY: Final = "kanarivogel au quai"
HERS: Final = {"easier": CANARY}
CLASSES: Final = ("needs_and_plan", "encounters", "service_requests", "own_words")
HELD: Final = {"state": "held", "kind": "in_person", "at": START.isoformat(), "place": "office"}
GOAL: Final = {"words": "Dormir chez moi", "proposed_by": "herself"}
POSTED: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "encounter": ("encounters", HELD), "need": ("needs", NEED), "goal": ("goals", GOAL),
    "service_request": ("requests", REQUEST),
}  # fmt: skip


@pytest.fixture(scope="module")
def region(make_module_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("plugins")
    code = documented_code("extension-points.md", "## Extra questions in her file").replace("night_bus", ID) + SAYS
    names = [f"forms/on_{kind}.md" for kind in sorted(FILE_KINDS)]
    plant(folder, ID, code, declares=("check_need", "check_encounter", "assess_services", "suggest_goals"),
          files=dict.fromkeys(names, FORM), content=names)  # fmt: skip
    north = definition("north", "quebec", "montreal", ID)
    world: World = make_module_world(north, on=discover([folder, OURS]))
    world.now = START
    assert world.loaded("north").plugins.left_out == {}
    return world


@pytest.fixture
def code(team: Team) -> str:
    begun = team.begin(pivot=team.pivot.id)
    team.agree(begun["participant"], *CLASSES)
    return str(begun["participant"])


def given(kind: str, reach: str = "alone", **more: Any) -> dict[str, Any]:
    return {"extra": {FORM_OF[kind]: {"answers": {"reach": reach, **more}}}}


def record(team: Team, code: str, kind: str, extra: dict[str, Any]) -> dict[str, Any]:
    path, body = POSTED[kind]
    return team.pivot.do(f"/participants/{code}/{path}", body | extra)  # type: ignore[no-any-return]


@pytest.mark.parametrize("kind", sorted(FILE_KINDS))
def test_answers_stand_with_the_record_and_her_words_apart_sealed_and_by_class(
    team: Team, code: str, kind: str
) -> None:
    lets(team, code, "service_requests")
    made = record(team, code, kind, given(kind, **HERS))

    answered = made["extra"][FORM_OF[kind]]
    assert (answered["answers"], answered["her_words"]) == ({"reach": "alone"}, HERS)
    path = f"/participants/{code}/{POSTED[kind][0]}"
    assert team.pivot.read(f"{path}/{made['id']}")["extra"] == made["extra"]
    assert team.pivot.read(path)["items"][0]["extra"] == made["extra"]
    rows = team.world.sql("SELECT information, answers FROM participant_extra_answers WHERE about = %s", made["id"])
    information = team.world.loaded("north").plugins.record_kinds[kind].information
    assert sorted(row[0] for row in rows) == sorted((information, "own_words"))
    assert not [row for row in rows if b"kanari" in bytes(row[1]) or b"alone" in bytes(row[1])]


def test_a_change_keeps_what_it_does_not_name_and_every_version_stands(team: Team, code: str) -> None:
    made = record(team, code, "need", given("need", **HERS))
    path = f"/participants/{code}/needs/{made['id']}"
    same = put(team.pivot, path, CHANGED | {"version": 1, "urgency": "soon"}).json()
    assert same["extra"] == made["extra"]

    changed = put(team.pivot, path, CHANGED | {"version": 2} | given("need", "together")).json()
    answered = changed["extra"][FORM_OF["need"]]
    assert (answered["answers"], answered["her_words"]) == ({"reach": "together"}, {})
    versions = team.pivot.read(f"{path}/versions")["versions"]
    assert [(each["version"], each["extra"][FORM_OF["need"]]["her_words"]) for each in versions] == [(3, {}), (1, HERS)]
    stale = put(team.pivot, path, CHANGED | {"version": 2} | given("need"))
    assert stale.status_code == 409
    assert stale.json()["theirs"]["extra"] == changed["extra"]
    assert stale.json()["yours"]["extra"][FORM_OF["need"]]["answers"] == {"reach": "alone"}


def test_an_encounters_versions_hold_their_answers(team: Team, code: str) -> None:
    made = record(team, code, "encounter", given("encounter") | {"note": "Une note"})
    path = f"/participants/{code}/encounters/{made['id']}"
    corrected = put(team.pivot, path, HELD | {"note": "Une note", "version": 1} | given("encounter", "no")).json()
    assert corrected["extra"][FORM_OF["encounter"]]["answers"] == {"reach": "no"}
    versions = team.pivot.read(f"{path}/versions")["versions"]
    found = [(each["note"], each["extra"][FORM_OF["encounter"]]["answers"]["reach"]) for each in versions]
    assert found == [("Une note", "no"), ("Une note", "alone")]


def test_whoever_may_not_read_her_words_reads_the_rest_and_changes_nothing_of_hers(team: Team) -> None:
    code = str(team.begin(pivot=team.pivot.id)["participant"])
    team.agree(code, "needs_and_plan")
    team.agree(code, "own_words")
    made = record(team, code, "need", given("need", **HERS))
    path = f"/participants/{code}/needs/{made['id']}"
    consents = team.pivot.read(f"/participants/{code}/consents")["items"]
    (hers,) = [each["id"] for each in consents if [one["information"] for one in each["lines"]] == ["own_words"]]
    team.pivot.do(f"/participants/{code}/consents/{hers}/withdraw", {}, status=200)

    read = team.pivot.read(path)["extra"][FORM_OF["need"]]
    assert (read["answers"], read["her_words"]) == ({"reach": "alone"}, None)
    without = CHANGED | {"her_words": "", "version": 1}
    refused = put(team.pivot, path, without | given("need", **HERS))
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["path"] == f"extra.{FORM_OF['need']}.answers.easier"
    changed = put(team.pivot, path, without | given("need", "no") | {"confirmed": True})
    assert changed.status_code == 200, changed.text
    page = Browser(team.pivot).read(f"participants/{code}/plan/need?need={made['id']}")
    assert "Can she get there" in page
    assert "What would make it easier" not in page
    rows = team.world.sql(
        "SELECT version FROM participant_extra_answers WHERE about = %s AND information = 'own_words'", made["id"]
    )
    assert rows == [(1,)], "what she said stands as it was"


def test_without_a_class_nothing_of_its_answers_is_read(team: Team) -> None:
    code = str(team.begin(pivot=team.pivot.id)["participant"])
    team.agree(code, "needs_and_plan", "own_words")
    made = record(team, code, "need", given("need", **HERS))
    consents = team.pivot.read(f"/participants/{code}/consents")["items"]
    for each in consents:
        if each["kind"] == "information":
            team.pivot.do(f"/participants/{code}/consents/{each['id']}/withdraw", {}, status=200)
    assert team.pivot.get(f"/participants/{code}/needs/{made['id']}").status_code == 404
    generic = f"/records/need/{made['id']}/extra-questions"
    for path in (generic, f"{generic}/{FORM_OF['need']}"):
        assert team.coordinator.get(path).status_code == 404, "there is no way around her consents"


def test_a_problem_stands_at_its_question_in_the_api_and_on_the_page(team: Team, code: str) -> None:
    refused = team.pivot.post(f"/participants/{code}/needs", NEED | given("need", "by_air"))
    assert (refused.status_code, refused.json()["code"]) == (422, "extra_answers_invalid")
    assert [each["path"] for each in refused.json()["errors"]] == [f"extra.{FORM_OF['need']}.answers.reach"]
    unknown = team.pivot.post(f"/participants/{code}/needs", NEED | {"extra": {"on_need.nobody": {"answers": {}}}})
    assert unknown.json()["errors"][0]["path"] == "extra.on_need.nobody"
    other = {"extra": {FORM_OF["need"]: {"answers": {}, "form_version": "0" * 64}}}
    assert team.pivot.post(f"/participants/{code}/needs", NEED | other).json()["code"] == "form_outdated"

    browser, name = Browser(team.pivot), FORM_OF["need"]
    said = {each: NEED[each] for each in ("need", "identified_by", "urgency", "strength", "what")}
    answer = browser.send(
        f"participants/{code}/plan/need", **said | {f"{name}/reach": "by_air", f"{name}/easier": CANARY}
    )
    assert answer.status_code == 422
    assert 'id="extra-on_need-asking_bus-q-reach-problem"' in answer.text
    assert CANARY in answer.text, "what was typed stays"
    assert team.pivot.read(f"/participants/{code}/needs")["items"] == []


PAGES: Final[dict[str, tuple[str, str, dict[str, Any]]]] = {
    "encounter": ("encounters/new", "encounters",
                  {"state": "held", "kind": "in_person", "day": "2026-11-23", "time": "10:00", "from": ""}),
    "need": ("plan/need", "plan/need", {each: NEED[each] for each in ("need", "identified_by", "urgency", "strength")}),
    "goal": ("plan/goal", "plan/goal", GOAL),
    "service_request": ("requests/new", "requests/new", {"act": "send", "age": "19", **{
        each: REQUEST[each] for each in ("service", "need", "language", "area")}}),
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(FILE_KINDS))
def test_each_form_asks_and_each_page_shows_the_answer_in_both_languages(team: Team, code: str, kind: str) -> None:
    lets(team, code, "service_requests")
    start, where, said = PAGES[kind]
    browser, name = Browser(team.pivot), FORM_OF[kind]
    asked = browser.read(f"participants/{code}/{start}")
    version = re.search(rf'name="{re.escape(name)}/_version" value="([^"]+)"', asked)
    assert version
    assert 'id="extra-on_' in asked
    assert "S’y rendre" in Browser(team.pivot, "fr").read(f"participants/{code}/{start}")
    fields = {f"{name}/_version": version[1], f"{name}/reach": "together", f"{name}/easier": CANARY}

    answer = browser.send(f"participants/{code}/{where}", **said | fields)

    assert answer.status_code == 303, answer.text
    (made,) = team.pivot.read(f"/participants/{code}/{POSTED[kind][0]}")["items"]
    assert made["extra"][name]["her_words"] == HERS
    stands_on = {
        "encounter": [f"encounters/{made['id']}"],
        "need": ["plan", f"plan/need?need={made['id']}"],
        "goal": ["plan", f"plan/goal?goal={made['id']}"],
        "service_request": ["requests"],
    }
    for path in stands_on[kind]:
        shown = browser.read(f"participants/{code}/{path}")
        assert "Yes, with somebody" in shown
        assert CANARY in shown
        assert "Oui, si quelqu’un l’accompagne" in Browser(team.pivot, "fr").read(f"participants/{code}/{path}")


def test_what_is_typed_is_kept_class_by_class_and_offered_again(team: Team, code: str) -> None:
    browser, name = Browser(team.pivot), FORM_OF["need"]
    typed = {"need": "housing", f"{name}/reach": "together", f"{name}/easier": CANARY}
    kept = browser.send(f"participants/{code}/plan/need", **typed, _draft_keep="yes")
    assert kept.status_code == 303, kept.text
    (draft,) = team.pivot.read(f"/participants/{code}/drafts")["drafts"]
    assert draft["values"] == typed
    rows = team.world.sql("SELECT information, body FROM drafts WHERE copy_id = %s", draft["copy"])
    assert sorted(row[0] for row in rows) == ["needs_and_plan", "own_words"]
    assert not [row for row in rows if b"kanari" in bytes(row[1])]
    page = browser.read(f"participants/{code}/plan/need?draft={draft['copy']}")
    assert CANARY in page
    assert re.search(r'value="together"[^>]* checked', page)


def told(text: str) -> Any:
    return literal_eval(text)


def test_hooks_are_told_codes_and_never_a_word(team: Team, code: str) -> None:
    lets(team, code, "service_requests")
    path = f"/participants/{code}"
    doubted = team.pivot.post(f"{path}/needs", NEED | given("need", "no", **HERS))
    assert (doubted.status_code, doubted.json()["code"]) == (422, "doubted_by_check")
    assert doubted.json()["errors"][0]["path"] == f"extra.{FORM_OF['need']}.answers.reach"
    team.pivot.do(f"{path}/needs", NEED | given("need", "no", **HERS) | {"confirmed": True})
    at_court = team.pivot.post(f"{path}/encounters", HELD | {"place": "court"} | given("encounter", "together", **HERS))
    assert told(at_court.json()["errors"][0]["message"]) == {"asking_bus:reach": "yes"}
    team.pivot.do(f"{path}/goals", GOAL | given("goal", **HERS))
    page = Browser(team.pivot).read(f"participants/{code}/plan/goal")
    assert str([{"asking_bus:reach": "no"}, {"asking_bus:reach": "yes"}]) in page
    assert CANARY not in page
    weighed = Browser(team.pivot).send(
        f"participants/{code}/requests/new", act="weigh", age="19", **{f"{FORM_OF['service_request']}/reach": "alone"}
    )
    assert "Told (&#39;age&#39;, &#39;language&#39;, &#39;area&#39;, &#39;need&#39;)" in weighed.text


def test_the_partner_reads_the_answers_on_its_request_and_her_words_only_if_she_lets_it(team: Team, code: str) -> None:
    liaison = Person(team, "liaison", organization=ORGANIZATION)
    lets(team, code, "service_requests")
    record(team, code, "need", given("need", "together", **HERS))
    made = record(team, code, "service_request", given("service_request", **HERS))

    (asked,) = [each for each in liaison.read("/requests")["items"] if each["id"] == made["id"]]
    answered = asked["extra"][FORM_OF["service_request"]]
    assert (answered["answers"], answered["her_words"]) == ({"reach": "alone"}, None)
    page = Browser(liaison).read("requests").partition(f'id="request-{made["id"]}"')[2].partition("</article>")[0]
    assert "Yes, alone" in page
    assert CANARY not in page
    assert "Yes, with somebody" not in page, "what was answered on her need is not the partner's"

    lets(team, code, "own_words")
    shared = record(team, code, "service_request", given("service_request", **HERS) | {"shares": ["own_words"]})
    liaison.do(f"/requests/{shared['id']}/answer", {"to": "accepted", "version": 1}, status=200)
    (asked,) = [each for each in liaison.read("/requests")["items"] if each["id"] == shared["id"]]
    assert asked["extra"][FORM_OF["service_request"]]["her_words"] == HERS


def test_the_regions_document_describes_the_answers(team: Team) -> None:
    document = team.world.get("/t/north/api/openapi.json").json()
    schemas = document["components"]["schemas"]
    for name in ("NeedPosted", "NeedChanged", "GoalPosted", "GoalChanged", "EncounterPosted", "RequestPosted"):
        kind = {"Need": "need", "Goal": "goal", "Enco": "encounter", "Requ": "service_request"}[name[:4]]
        extra = schemas[name]["properties"]["extra"]
        answers = extra["properties"][FORM_OF[kind]]["properties"]["answers"]["$ref"].rpartition("/")[2]
        assert set(schemas[answers]["properties"]) == {"reach", "easier"}


def test_while_the_plugin_is_off_answers_stay_and_nothing_is_asked(team: Team, code: str, region: World) -> None:
    made = record(team, code, "need", given("need", **HERS))
    switches, by = "/t/north/api/admin/plugins/asking_bus", region.bearer("north", "administrator")
    try:
        assert region.post(f"{switches}/off", headers=by).status_code == 200
        assert team.pivot.read(f"/participants/{code}/needs/{made['id']}")["extra"] == made["extra"]
        page = Browser(team.pivot).read(f"participants/{code}/plan")
        assert CANARY in page
        assert "not asked any more" in page
        assert "asking_bus" not in Browser(team.pivot).read(f"participants/{code}/plan/need")
    finally:
        assert region.post(f"{switches}/on", headers=by).status_code == 200


RULES: Final = """
| survey |
| | type | name | label | relevant | calculation | meaning |
| | text | said | What she says | | | her_words |
| | begin_group | after | After | ${said} != '' | | |
| | text | inside | Inside | | | |
| | end_group | | | | | |
| | calculate | copy | Copy | | concat(${said}, '!') | |
| | calculate | again | Again | | concat(${copy}, '!') | |
| | begin_group | both | Both | | | |
| | text | ours | Ours | | | |
| | text | hers | Hers | | | her_words |
| | end_group | | | | | |
| settings |
| | form_title |
| | T |
"""


def read(text: str, tmp_path: Path, key: str) -> Any:
    path = tmp_path / f"{key}.md"
    path.write_text(text, encoding="utf-8")
    return inspect(path, key=key)


def test_what_follows_from_her_words_is_kept_as_they_are(tmp_path: Path) -> None:
    form = read(RULES, tmp_path, "on_need").form
    assert her_words_in(form) == {"said", "after", "after.inside", "copy", "again", "both.hers"}
    values = {"said": "a", "after": {"inside": "b"}, "copy": "a!", "again": "a!!", "both": {"ours": "c", "hers": "d"}}
    ours, hers = apart(form, values)
    assert ours == {"both": {"ours": "c"}}
    assert together(ours, hers) == values
    closed = {each.path for each in without_her_words(form).walk() if each.relevant == ["false"]}
    assert closed == her_words_in(form)


@pytest.mark.parametrize(("key", "kind", "meaning", "said"), [
    ("on_need", "integer", "her_words", "Her own words are a text."),
    ("on_organization", "text", "her_words", "Her own words are kept apart"),
    ("referral", "text", "her_words", "Her own words are kept apart"),
    ("on_need", "text", "age", "is for referrals"),
    ("on_goal", "begin_repeat", "", "asked once"),
])  # fmt: skip
def test_a_form_that_cannot_be_asked_there_is_refused_at_its_cell(
    tmp_path: Path, key: str, kind: str, meaning: str, said: str
) -> None:
    end = "| | text | more | More | |\n| | end_repeat | | | |\n" if kind == "begin_repeat" else ""
    rows = f"| survey |\n| | type | name | label | meaning |\n| | {kind} | said | Said | {meaning} |\n{end}"
    found = read(f"{rows}| settings |\n| | form_title |\n| | T |\n", tmp_path, key).findings
    (finding,) = [each for each in found if said in str(each.message)]
    assert finding.row == 2


def test_every_kind_of_record_that_a_form_may_name_is_registered(region: World) -> None:
    kinds = region.loaded("north").plugins.record_kinds
    assert {name for name, each in kinds.items() if each.information} == FILE_KINDS


def test_the_outaouais_asks_one_question_of_each_kind(make_module_world: MakeWorld) -> None:
    world = make_module_world(definition("west", "quebec", "outaouais"), on=discover([OURS]))
    plugins = world.loaded("west").plugins
    assert plugins.left_out == {}
    asked = {form.key: form for form, origin in forms_of(plugins).values() if origin == "outaouais"}
    for kind in FILE_KINDS:
        assert len(asked[f"on_{kind}.outaouais"].questions) == 1
    assert her_words_in(asked["on_goal.outaouais"]) == {"sign"}, "a goal is hers"

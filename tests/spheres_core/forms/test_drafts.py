"""A region writes its own form: drafts, colleagues at the same time, publishing, going back. Over the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.forms import queries
from spheres_core.forms.operations import drafts
from spheres_core.forms.operations.drafts import QuestionChanged
from spheres_core.forms.queries import StoredDraft
from spheres_core.forms.xlsform.draft_changes import fields_of, merge, moved, removed
from spheres_core.forms.xlsform.drafts import Draft, DraftRow
from spheres_core.forms.xlsform.writer import draft_workbook
from spheres_core.foundation.tenancy.context import Context
from spheres_core.site.operations import local_state
from spheres_core.site.schemas import CarriedForm, LocalState
from spheres_core.testing import World, definition

ADMIN: Final = "/t/alpha/api/admin/forms"


@pytest.fixture
def world(shared_world: World) -> World:
    """Two regions with the forms of Montréal."""
    return shared_world.renew(definition("alpha", "quebec", "montreal"), definition("beta", "quebec", "montreal"))


class Editor:
    """A content editor who speaks to the API."""

    def __init__(self, world: World, *roles: str) -> None:
        self.world = world
        self.headers = {**world.bearer("alpha", *(roles or ("content_editor",))), "accept-language": "en"}

    def send(self, method: str, path: str = "", **values: Any) -> httpx.Response:
        return self.world.request(method, ADMIN + path, headers=self.headers, **values)

    def begin(self, key: str = "referral", **values: Any) -> dict[str, Any]:
        begun: dict[str, Any] = self.send("POST", "/drafts", json={"key": key, **values}).json()
        return begun

    def publish(self, draft: dict[str, Any]) -> httpx.Response:
        return self.send("POST", f"/{draft['key']}/publication", json={"revision": draft["revision"]})

    def put(self, draft: dict[str, Any]) -> httpx.Response:
        sent = {name: draft[name] for name in ("revision", "languages", "settings", "survey", "choices")}
        return self.send("PUT", f"/{draft['key']}/draft", json=sent)

    def put_label(self, draft: dict[str, Any], name: str, text: str) -> dict[str, Any]:
        row_of(draft, name)["cells"]["label::en"] = text
        kept: dict[str, Any] = self.put(draft).json()
        return kept

    def asked(self, tenant: str = "alpha", key: str = "referral") -> dict[str, Any]:
        found: dict[str, Any] = self.world.get(f"/t/{tenant}/api/forms/{key}", headers={"accept-language": "en"}).json()
        return found


def row_of(draft: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in draft["survey"] if row["cells"].get("name") == name)
    return found


def test_a_draft_of_the_form_in_force_is_that_form(world: World) -> None:
    editor = Editor(world)

    draft = editor.begin()

    assert draft["version"] == draft["base_version"] == editor.asked()["version"]
    assert [each["severity"] for each in draft["findings"]] == []


def test_what_is_published_is_asked_here_and_nowhere_else_and_refers_by_its_new_words(world: World) -> None:
    editor = Editor(world)
    before = editor.asked()
    draft = editor.put_label(editor.begin(), "age", "How old are they?")

    published = editor.publish(draft)
    sent = world.refer("alpha", version=published.json()["version"])

    assert published.status_code == 201
    assert editor.asked()["version"] == published.json()["version"] == draft["version"] != before["version"]
    assert editor.asked("beta")["version"] == before["version"]
    assert "How old are they?" in world.get("/t/alpha/en/refer").text
    assert "How old are they?" not in world.get("/t/beta/en/refer").text
    assert sent.status_code == 201
    verbs = [row[0] for row in world.sql("SELECT verb FROM trail_entries WHERE actor_kind = 'token' ORDER BY id")]
    assert verbs == ["form.draft_begun", "form.draft_changed", "form.published", "form.put_in_force"]


def test_a_referral_form_that_lacks_a_meaning_is_not_published_and_says_where(world: World) -> None:
    editor = Editor(world)
    draft = editor.begin()
    row = row_of(draft, "knows")
    del row["cells"]["meaning"]
    draft = editor.put(draft).json()

    refused = editor.publish(draft)

    assert draft["version"] == ""
    assert refused.status_code == 422
    assert any("knows" in each["message"] for each in refused.json()["errors"])
    assert editor.asked()["version"] == draft["base_version"]


def test_a_finding_stands_at_the_row_and_column_it_is_about(world: World) -> None:
    editor = Editor(world)
    draft = editor.begin()
    row = row_of(draft, "agrees")
    row["cells"]["relevant"] = "${nobody} = 'yes'"

    found = editor.put(draft).json()["findings"]

    assert {(each["row"], each["column"]) for each in found} == {(row["id"], "relevant")}


def test_of_two_who_write_at_once_the_second_is_told_and_nothing_is_lost(world: World) -> None:
    editor = Editor(world)
    draft = editor.begin()
    kept = editor.put_label(dict(draft), "age", "First")

    late = editor.put(draft | {"survey": []})
    there = editor.send("GET", "/referral/draft").json()

    assert late.status_code == 409
    assert late.json()["revision"] == kept["revision"]
    assert row_of(there, "age")["cells"]["label::en"] == "First"


def act(world: World, story: Callable[[Context], Any]) -> Any:
    return world.act("alpha", story)


def test_two_who_change_different_cells_of_a_question_both_stand(world: World) -> None:
    id = row_of(Editor(world).begin(), "age")["id"]

    async def both(ctx: Context) -> dict[str, str] | None:
        base = fields_of((await queries.stored_draft(ctx, "referral")).draft, id)
        assert base is not None
        await drafts.save_question(ctx, "referral", id, {**base, "label::en": "Age?"}, base=base)
        stored = await drafts.save_question(ctx, "referral", id, {**base, "label::fr": "Âge?"}, base=base)
        return fields_of(stored.draft, id)

    fields = act(world, both)

    assert (fields["label::en"], fields["label::fr"]) == ("Age?", "Âge?")


def test_two_who_change_the_same_cell_see_both_and_the_first_stands_until_one_decides(world: World) -> None:
    id = row_of(Editor(world).begin(), "age")["id"]

    async def both(ctx: Context) -> tuple[QuestionChanged, StoredDraft]:
        base = fields_of((await queries.stored_draft(ctx, "referral")).draft, id)
        assert base is not None
        await drafts.save_question(ctx, "referral", id, {**base, "label::en": "First"}, base=base)
        with pytest.raises(QuestionChanged) as refused:
            await drafts.save_question(ctx, "referral", id, {**base, "label::en": "Second"}, base=base)
        return refused.value, await queries.stored_draft(ctx, "referral")

    refusal, stored = act(world, both)

    assert refusal.conflicts == {"label::en": ("Second", "First")}
    fields = fields_of(stored.draft, id)
    assert fields is not None
    assert fields["label::en"] == "First"


def test_a_question_that_gets_another_name_is_followed_by_the_rules_that_speak_of_it(world: World) -> None:
    id = row_of(Editor(world).begin(), "knows")["id"]

    async def rename(ctx: Context) -> StoredDraft:
        base = fields_of((await queries.stored_draft(ctx, "referral")).draft, id)
        assert base is not None
        return await drafts.save_question(ctx, "referral", id, {**base, "name": "is_told"}, base=base)

    stored = act(world, rename)

    assert any("${is_told} = 'yes'" in row.cells.get("relevant", "") for row in stored.draft.survey)
    assert not any("${knows}" in text for row in stored.draft.survey for text in row.cells.values())


def test_going_back_retiring_and_following_the_packs_again(world: World) -> None:
    editor = Editor(world)
    first = editor.asked()["version"]
    second = editor.publish(editor.put_label(editor.begin(), "age", "How old?")).json()["version"]

    back = editor.send("PUT", "/referral/in-force", json={"version": first})
    after_back = editor.asked()["version"]
    retired = editor.send("POST", "/referral/retirement")
    while_retired = world.get("/t/alpha/api/forms/referral")
    page = world.get("/t/alpha/en/refer")
    listed = next(each for each in editor.send("GET").json()["forms"] if each["key"] == "referral")
    again = editor.send("DELETE", "/referral/in-force")

    assert (back.status_code, after_back) == (200, first)
    assert (retired.status_code, while_retired.status_code, page.status_code) == (200, 404, 404)
    assert listed["retired"]
    assert {each["version"] for each in listed["versions"]} == {first, second}
    assert again.json() == {"key": "referral", "version": first}
    assert editor.asked()["version"] == first


def test_a_version_that_was_never_published_here_cannot_be_asked(world: World) -> None:
    editor = Editor(world)
    assert editor.send("PUT", "/referral/in-force", json={"version": "0123456789ab"}).status_code == 404


def test_own_forms_travel_with_the_region_and_no_word_is_changed_on_the_way(world: World) -> None:
    editor = Editor(world)
    published = editor.publish(editor.put_label(editor.begin(), "age", "How old?")).json()["version"]
    carried = world.act("alpha", lambda ctx: local_state.read_local_state(ctx.db, ()))
    forged = CarriedForm("referral", carried.forms[0].content.replace("How old?", "How rich?"))

    for _ in range(2):
        world.act("beta", lambda ctx: local_state.merge_local_state(ctx, carried))
    world.runtime.unload("beta")

    assert editor.asked("beta")["version"] == published
    with pytest.raises(local_state.CarriedFormInvalid):
        world.act("beta", lambda ctx: local_state.merge_local_state(ctx, LocalState(forms=(forged,))))


def test_answers_are_read_by_the_version_that_asked_them(world: World) -> None:
    editor = Editor(world)
    before = editor.asked()["version"]
    world.refer("alpha")
    editor.publish(editor.put_label(editor.begin(), "age", "How old?"))
    world.refer("alpha")

    kept = world.sql("SELECT form_version FROM referrals ORDER BY id")

    assert [row[0] for row in kept] == [before, editor.asked()["version"]]


def test_only_those_who_may_write_forms_do(world: World) -> None:
    for role, status in (("coordinator", 403), ("administrator", 200), ("content_editor", 200)):
        assert Editor(world, role).send("GET").status_code == status
    assert world.get(ADMIN).status_code == 401


def test_a_form_is_begun_from_nothing_in_the_region_s_languages_and_once(world: World) -> None:
    editor = Editor(world)
    draft = editor.begin("visits", start="empty")

    assert draft["languages"] == ["fr", "en"]
    assert editor.send("POST", "/drafts", json={"key": "visits", "start": "empty"}).status_code == 409
    assert editor.send("POST", "/drafts", json={"key": "Not a key", "start": "empty"}).status_code == 422
    assert editor.send("DELETE", "/visits/draft").status_code == 200
    assert editor.send("GET", "/visits/draft").status_code == 404


def test_a_file_becomes_a_draft_with_every_cell_and_goes_out_again(world: World) -> None:
    source = (
        b"| survey |\n| | type | name | label::fr | label::en | note |\n| | text | a | Quoi | What | mine |\n"
        b"| choices |\n| | list_name | name | label::fr | label::en |\n| | left | over | Un | One |\n"
    )

    async def taken(ctx: Context) -> StoredDraft:
        return await drafts.begin_from_file(ctx, "visits", source, name="visits.md")

    draft = act(world, taken).draft

    assert draft.survey[0].cells["note"] == "mine"
    assert draft.choices[0].cells["list_name"] == "left"
    assert draft_workbook(draft).startswith(b"PK")


def test_a_draft_that_grows_beyond_any_form_is_refused(world: World) -> None:
    editor = Editor(world)
    draft = editor.begin("visits", start="empty")
    rows = [{"cells": {"type": "note", "name": f"n{number}"}} for number in range(2_001)]
    assert editor.put(draft | {"survey": rows}).status_code == 422


ROWS: Final = tuple(
    DraftRow(id, {"type": kind, "name": id})
    for id, kind in (
        ("a", "text"), ("g", "begin_group"), ("b", "text"), ("h", "begin_repeat"), ("c", "text"), ("eh", "end_repeat"),
        ("eg", "end_group"), ("d", "text"),
    )
)  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from("abcdgh"), st.sampled_from([-1, 1])), max_size=30))
def test_however_rows_move_groups_stay_whole(moves: list[tuple[str, int]]) -> None:
    draft = Draft(("fr",), ROWS)
    for id, steps in moves:
        draft = moved(draft, id, steps=steps)

    open_groups: list[str] = []
    for row in draft.survey:
        kind = row.cells["type"]
        if kind.startswith("begin_"):
            open_groups.append(kind.removeprefix("begin_"))
        elif kind.startswith("end_"):
            assert open_groups.pop() == kind.removeprefix("end_")
    assert open_groups == []
    assert {row.id for row in draft.survey} == {row.id for row in ROWS}


def test_a_group_that_is_removed_leaves_its_questions() -> None:
    assert [row.id for row in removed(Draft(("fr",), ROWS), "g").survey] == ["a", "b", "h", "c", "eh", "d"]


def test_a_row_is_put_before_another() -> None:
    assert [row.id for row in moved(Draft(("fr",), ROWS), "g", before="a").survey][:3] == ["g", "b", "h"]


FIELDS: Final = st.dictionaries(st.sampled_from(["name", "label::fr", "hint::fr"]), st.sampled_from("xyz"))


@given(base=FIELDS, mine=FIELDS, theirs=FIELDS)
def test_what_two_have_written_is_kept_or_told(
    base: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    merged, conflicts = merge(base, mine, theirs)

    for name in {*mine, *theirs}:
        before, ours, other = (each.get(name, "") for each in (base, mine, theirs))
        if ours != before and other != before and ours != other:
            assert conflicts[name] == (ours, other)
        elif ours != before:
            assert merged.get(name, "") == ours
        else:
            assert merged.get(name, "") == other

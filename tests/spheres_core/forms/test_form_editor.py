"""The editor of forms, without JavaScript: every act is a form that is posted."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest

from spheres_core.cli.locale import catalogs
from spheres_core.forms import queries
from spheres_core.forms.views.question_page import slug
from spheres_core.staff.operations import accounts, sign_in
from spheres_core.testing import World, definition

PASSWORD: Final = "une longue phrase pour les essais"
FORMS: Final = "administration/forms"
ROOT: Final = Path(__file__).parents[3]


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world.renew(definition("east", "quebec", "montreal"))


class Editor:
    """Somebody who writes forms, with a browser without JavaScript."""

    def __init__(self, world: World, role: str = "content_editor") -> None:
        email = f"{role}-{uuid4().hex}@example.org"

        async def signing_in(ctx: Any) -> str:
            await accounts.create_account(ctx, email, name="Camille", roles=[role], password=PASSWORD)
            return await sign_in.sign_in(ctx, email, PASSWORD)

        self.world = world
        self.headers = {"cookie": f"spheres_east={world.act('east', signing_in)}"}
        self.csrf = self.hidden(self.get("account").text, "_csrf")

    def get(self, path: str, language: str = "en") -> httpx.Response:
        return self.world.get(f"/t/east/{language}/{path}", headers=self.headers)

    def read(self, path: str, language: str = "en") -> str:
        answer = self.get(path, language)
        assert answer.status_code == 200, answer.text
        return html.unescape(answer.text)

    def post(self, path: str, **sent: Any) -> httpx.Response:
        return self.world.post(f"/t/east/en/{path}", headers=self.headers, data={"_csrf": self.csrf, **sent})

    def begin(self, key: str = "referral", act: str = "version", **more: Any) -> httpx.Response:
        fields = {"_csrf": (None, self.csrf), "key": (None, key), "act": (None, act), **more}
        return self.world.post(f"/t/east/en/{FORMS}", headers=self.headers, files=fields)

    def id_of(self, label: str, key: str = "referral") -> str:
        found = re.search(rf'\?id=([0-9a-f-]+)">[^\n]*?{re.escape(label)}', self.read(f"{FORMS}/{key}"))
        assert found is not None, label
        return found[1]

    def question(self, id: str, key: str = "referral") -> dict[str, Any]:
        """Returns what a browser would post from the page of a question, nothing changed."""
        page = self.get(f"{FORMS}/{key}/question?id={id}").text
        sent: dict[str, Any] = {name: self.hidden(page, name) for name in ("_id", "_after", "_base", "list")}
        for name, text in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL):
            sent[name] = html.unescape(text)
        for field in re.findall(r"<input[^>]*>", page):
            name, value = (re.search(rf'{each}="([^"]*)"', field) for each in ("name", "value"))
            typed = (
                'type="' not in field or "checked" in field or ('type="hidden"' in field and "disabled" not in field)
            )
            if name and typed and not name[1].startswith("_"):
                sent.setdefault(name[1], [] if name[1] == "choice" else html.unescape(value[1] if value else ""))
                if name[1] == "choice" and value:
                    sent["choice"].append(value[1])
        for name, is_off, options in re.findall(r'<select[^>]* name="([^"]+)"([^>]*)>(.*?)</select>', page, re.DOTALL):
            if "disabled" in is_off:
                continue
            chosen = re.search(r'value="([^"]*)" selected', options)
            sent[name] = html.unescape(chosen[1]) if chosen else ""
        return sent

    @staticmethod
    def hidden(page: str, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', page)
        return html.unescape(found[1]) if found else ""


def test_a_page_that_is_saved_as_it_came_changes_nothing(world: World) -> None:
    editor = Editor(world)
    editor.begin()
    for label in ("What do they need now?", "Their age", "Without their agreement", "Their agreement"):
        id = editor.id_of(label)
        assert editor.post(f"{FORMS}/referral/question", **editor.question(id), _do="save").status_code == 303

    assert "Nothing has changed" in editor.read(f"{FORMS}/referral/comparison")
    assert "Nothing has changed since it was published." in editor.read(f"{FORMS}/referral")


def test_a_change_is_compared_published_asked_and_taken_back(world: World) -> None:
    editor = Editor(world)
    editor.begin()
    id = editor.id_of("Their age")
    editor.post(f"{FORMS}/referral/question", **editor.question(id) | {"label::en": "How old?"}, _do="save")
    compared = editor.read(f"{FORMS}/referral/comparison")
    page = editor.read(f"{FORMS}/referral")

    published = editor.post(f"{FORMS}/referral/publish", revision=editor.hidden(page, "revision"))
    versions = editor.read(f"{FORMS}/referral/versions")
    old = re.findall(r'name="version" value="([0-9a-f]{12})"', versions)[-1]
    asked = world.get("/t/east/en/refer").text
    editor.post(f"{FORMS}/referral/versions", act="ask", version=old)

    assert "<del>Their age</del><br><ins>How old?</ins>" in compared
    assert published.status_code == 303
    assert "How old?" in asked
    assert "How old?" not in world.get("/t/east/en/refer").text


def test_of_two_on_the_same_question_neither_loses_a_word(world: World) -> None:
    """The second is shown both, and decides; nothing is written before."""
    editor, colleague = Editor(world), Editor(world)
    editor.begin()
    id = editor.id_of("Their age")
    mine, theirs = editor.question(id), colleague.question(id)

    colleague.post(f"{FORMS}/referral/question", **theirs | {"label::en": "Theirs", "hint::fr": "Aussi"}, _do="save")
    late = editor.post(f"{FORMS}/referral/question", **mine | {"label::en": "Mine"}, _do="save")
    before = editor.question(id)["label::en"]
    again = mine | {"label::en": "Mine", "hint::fr": "Aussi", "_base": editor.hidden(late.text, "_base")}
    decided = editor.post(f"{FORMS}/referral/question", **again, _do="save", **{"_keep.label::en": "mine"})

    assert late.status_code == 409
    assert "Mine" in late.text
    assert "Theirs" in late.text
    assert before == "Theirs"
    assert decided.status_code == 303
    assert editor.question(id)["label::en"] == "Mine"
    assert editor.question(id)["hint::fr"] == "Aussi"


def test_what_is_typed_in_a_question_that_a_colleague_removed_can_be_put_back(world: World) -> None:
    editor, colleague = Editor(world), Editor(world)
    editor.begin()
    id = editor.id_of("Their age")
    mine = editor.question(id) | {"label::en": "Kept"}
    colleague.post(f"{FORMS}/referral/removal", id=id)

    late = editor.post(f"{FORMS}/referral/question", **mine, _do="save")
    back = editor.post(f"{FORMS}/referral/question", **mine | {"_base": "{}"}, _do="save")

    assert late.status_code == 409
    assert "Kept" in late.text
    assert back.status_code == 303
    assert editor.id_of("Kept")


def test_a_rule_is_built_in_words_and_tried_on_answers(world: World) -> None:
    editor = Editor(world)
    editor.begin()
    id = editor.id_of("What do they hope for")
    rule = {"question": ["age", "needs", ""], "comparison": ["below", "has", "is"], "value": ["18", "housing", ""]}

    editor.post(f"{FORMS}/referral/rule", id=id, which="relevant", join="and", _do="words", **rule)
    page = editor.read(f"{FORMS}/referral/rule?id={id}&which=relevant")
    address = f"{FORMS}/referral/rule?id={id}&which=relevant&try.age=17"
    shown, hidden = editor.read(f"{address}&try.needs=housing"), editor.read(f"{address}&try.needs=food")

    assert "Shown when “Their age” is below 18 and “What do they need now?” includes “Housing, shelter”" in page
    assert "${age} < 18 and selected(${needs}, 'housing')" in page
    assert "With these answers, the question is shown." in shown
    assert "With these answers, the question is hidden." in hidden


def test_a_group_of_conditions_is_built_in_words_and_changed(world: World) -> None:
    editor = Editor(world)
    editor.begin()
    id = editor.id_of("What do they hope for")
    address = f"{FORMS}/referral/rule?id={id}&which=relevant"
    rule = {
        "group": ["", "5", "5", ""], "question": ["age", "needs", "needs", ""], "value": ["18", "housing", "food", ""],
        "comparison": ["below", "has", "has", "is"], "join": "and", "join.5": "or",
    }  # fmt: skip

    editor.post(f"{FORMS}/referral/rule", id=id, which="relevant", _do="words", **rule)
    page = editor.read(address)
    shown = editor.read(f"{address}&try.age=17&try.needs=food")
    editor.post(f"{FORMS}/referral/rule", id=id, which="relevant", _do="words", **rule | {"join.5": "and"})

    assert re.search(r"Shown when “Their age” is below 18 and \(“[^”]+” includes “[^”]+” or “[^”]+” includes “", page)
    assert "${age} < 18 and (selected(${needs}, 'housing') or selected(${needs}, 'food'))" in page
    assert re.search(r'name="join\.2">.*?value="or" selected', page)
    assert page.count('name="group" value="2"') == 4
    assert "This rule says more" not in page
    assert "With these answers, the question is shown." in shown
    assert "${age} < 18 and selected(${needs}, 'housing') and selected" in editor.read(address).replace("(sel", "sel")


BROUGHT: Final = b"""
| survey |
| | type | name | label::fr | appearance | default | calculation | required | relevant |
| | photo | a | Photo | new | | | | |
| | deviceid | b | | | | | | |
| | hidden | c | | | x | | | |
| | select one from yn or_other | d | D | | | | | |
| | select_multiple_from_file towns.csv | e | E | | | | true() | |
| | email | f | F | | | | | selected(${d}, 'yes') and (${a} = '' or (${c} = 'x' and ${d} = 'no')) |
| | phone number | g | G | numbers | | | | |
| | int | h | H | | 3 | | | |
| choices |
| | list_name | name | label::fr | mine |
| | yn | yes | Oui | 1 |
"""


def test_types_of_a_form_brought_from_elsewhere_are_said_in_words_and_kept_by_saving(world: World) -> None:
    editor = Editor(world)
    editor.begin("visits", "file", file=("visits.md", BROUGHT))
    before = world.act("east", lambda ctx: queries.stored_draft(ctx, "visits")).draft
    page = editor.read(f"{FORMS}/visits")
    for row in before.survey:
        saved = editor.post(f"{FORMS}/visits/question", **editor.question(row.id, "visits"), _do="save")
        assert saved.status_code == 303
    after = world.act("east", lambda ctx: queries.stored_draft(ctx, "visits")).draft

    assert after == before
    for words in ("A picture", "What a device would fill in: not collected here", "A value that is not shown",
                  "Several choices, from a file", "E-mail address", "Telephone number", "Whole number"):  # fmt: skip
        assert words in page


@pytest.mark.parametrize("takes_files", [False, True])
def test_a_file_is_offered_as_an_answer_only_where_the_region_takes_files(
    shared_world: World, takes_files: bool
) -> None:
    settings = {"forms": {"attachments": takes_files}}
    editor = Editor(shared_world.renew(definition("east", "quebec", "montreal", settings=settings)))
    editor.begin()
    page = editor.read(f"{FORMS}/referral/question")
    offered = set(re.findall(r'<option value="(\w+)"[^>]*?(?<! disabled)>', page))

    assert ({"image", "audio", "file"} <= offered) is takes_files
    assert "text" in offered
    assert ("A picture (not available here)" in page) is not takes_files
    assert ("this region does not take files" in page) is not takes_files


def test_what_a_shared_list_is_counted_as_stays_when_another_question_of_it_is_saved(world: World) -> None:
    content = (
        b"| survey |\n| | type | name | meaning | label::fr |\n| | select_one l | a | knows | A |\n"
        b"| | select_one l | b | | B |\n| choices |\n| | list_name | name | meaning | label::fr |\n"
        b"| | l | o | yes | Oui |\n| | l | n | no | Non |\n"
    )
    editor = Editor(world)
    editor.begin("visits", "file", file=("visits.md", content))
    other = editor.id_of("B", "visits")
    editor.post(f"{FORMS}/visits/question", **editor.question(other, "visits") | {"label::fr": "Bb"}, _do="save")

    draft = world.act("east", lambda ctx: queries.stored_draft(ctx, "visits")).draft
    assert [row.cells.get("meaning") for row in draft.choices] == ["yes", "no"]


def test_a_finding_stands_at_its_question_and_hinders_publishing(world: World) -> None:
    editor = Editor(world)
    editor.begin()
    id = editor.id_of("Their age")
    editor.post(f"{FORMS}/referral/rule", id=id, which="relevant", _do="written", cell="${nobody} = 1")

    page = editor.read(f"{FORMS}/referral/question?id={id}")
    refused = editor.post(f"{FORMS}/referral/publish", revision="1")

    assert "There is no question called “nobody”." in page
    assert "1 thing to mend" in editor.read(f"{FORMS}/referral")
    assert refused.status_code == 422


def test_questions_move_in_and_out_of_groups_and_a_group_leaves_its_questions(world: World) -> None:
    editor = Editor(world)
    editor.begin()
    id, group = editor.id_of("Does the young person know"), editor.id_of("Their agreement")
    order = re.compile(r"data-row=\"([0-9a-f-]+)\"")

    editor.post(f"{FORMS}/referral/order", id=id, direction="up")
    before = order.findall(editor.read(f"{FORMS}/referral"))
    editor.post(f"{FORMS}/referral/removal", id=group)
    after = order.findall(editor.read(f"{FORMS}/referral"))

    assert before.index(id) < before.index(group)
    assert [each for each in before if each != group] == after


def test_a_form_is_taken_from_a_file_and_downloaded_again(world: World) -> None:
    editor = Editor(world)
    content = b"| survey |\n| | type | name | label::fr | mine |\n| | text | a | Quoi | kept |\n"

    begun = editor.begin("visits", "file", file=("visits.md", content))
    file = editor.get(f"{FORMS}/visits/xlsform")
    editor.post(f"{FORMS}/visits/discard")
    again = editor.begin("visits", "file", file=("visits.xlsx", file.content))
    broken = editor.begin("other", "file", file=("other.xlsx", b"nothing"))

    assert begun.status_code == again.status_code == 303
    assert file.headers["content-type"].endswith("sheet")
    assert "Quoi" in editor.read(f"{FORMS}/visits")
    assert broken.status_code == 422


@pytest.mark.parametrize("place", ["", "/question", "/preview", "/preview?width=phone&script=no", "/comparison"])
def test_the_pages_of_a_draft_that_is_anything_but_a_form_are_shown(world: World, place: str) -> None:
    editor = Editor(world)
    content = (
        b"| survey |\n| | type | name | label::fr | relevant |\n| | begin group | g | G | |\n| | text | a | | ${ |\n"
        b"| | widget | a | X | |\n| | end_repeat | | | |\n"
    )
    editor.begin("visits", "file", file=("visits.md", content))

    assert editor.get(f"{FORMS}/visits{place}").status_code == 200


def test_the_preview_shows_a_draft_in_each_language_with_and_without_javascript(world: World) -> None:
    editor = Editor(world)
    editor.begin()

    assert "Son âge" in editor.read(f"{FORMS}/referral/preview", "fr")
    assert "data-form-rules" in editor.read(f"{FORMS}/referral/preview")
    assert "data-form-rules" not in editor.read(f"{FORMS}/referral/preview?script=no")


def test_what_a_browser_is_made_to_post_breaks_nothing(world: World) -> None:
    editor = Editor(world)
    editor.begin()
    id = editor.id_of("Their age")
    question = editor.question(id)
    hostile = [
        {"_base": "[1]"}, {"_base": "{"}, {"kind": "select_one"}, {"choice": ["x", id]}, {"label::en": "a\x00b\x07"},
        {"_up.x": "1"}, {"kind": "nothing there is"}, {"name": "a b"}, {"meaning": "<b>"}, {"_keep.type": "theirs"},
    ]  # fmt: skip
    for each in hostile:
        assert editor.post(f"{FORMS}/referral/question", **question | each, _do="save").status_code in (303, 409)
    assert editor.get(f"{FORMS}/referral").status_code == 200
    assert editor.get(f"{FORMS}/referral/question?id=nobody").status_code == 404
    assert editor.post(f"{FORMS}/referral/rule", id="nobody", which="relevant").status_code == 404
    assert editor.post(f"{FORMS}/nothing/question", _id=id).status_code == 404


def test_only_those_who_may_write_forms_open_the_editor(world: World) -> None:
    assert Editor(world, "coordinator").get(FORMS).status_code == 403
    assert "Forms" in Editor(world).read("account")


@pytest.mark.parametrize(("guide", "tag"), [("edit-a-form.md", "en-CA"), ("fr/modifier-un-formulaire.md", "fr-CA")])
def test_what_the_documentation_calls_a_button_is_what_the_pages_call_it(world: World, guide: str, tag: str) -> None:
    named = re.findall(r"\*\*([^*]+)\*\*", (ROOT / "docs" / guide).read_text(encoding="utf-8"))
    said = {str(world.loaded("east").locales.locale(tag).say(msgid)) for _, msgid in catalogs.core_texts()}

    assert len(named) > 15
    assert set(named) - said == set()


def test_short_names_are_made_of_words() -> None:
    assert slug("Où se trouve-t-elle, le plus souvent?") == "ou_se_trouve_t_elle_le_plus"
    assert slug("12 ou 13 ans") == "n12_ou_13_ans"
    assert slug("ᐃᓄᒃ") == ""
    assert json.dumps(slug("Cœur")) == '"coeur"'

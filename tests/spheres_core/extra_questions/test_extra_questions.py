"""Packs and plugins ask extra questions on records: staff answer them, who may not know of a record learns nothing."""

from __future__ import annotations

import csv
import html
import io
import re
import shutil
from ast import literal_eval
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core import app
from spheres_core.conformance.query_counter import count_statements
from spheres_core.extra_questions import queries
from spheres_core.extra_questions.models import RECORDS, ExtraAnswers
from spheres_core.forms.attached_forms import key_in_plugin, record_kind_of
from spheres_core.forms.xlsform.reader import inspect
from spheres_core.foundation.content.workbooks import unescape_formula
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.plugins.discovery import Machine, discover
from spheres_core.referrals.operations import subject_data
from spheres_core.referrals.queries import referral as referral_queries
from spheres_core.testing import EXAMPLES, MakeWorld, World, definition, write_plugin
from tests.documented import documented_code
from tests.plugins.planting import plant
from tests.spheres_core.partners.test_directory_by_hand import Person
from tests.spheres_core.partners.test_edit_entry import PACK, write

DOCUMENTED: Final = documented_code("extension-points.md", "## Extra questions", "markdown")
WELCOME: Final = """
| survey |
| | type | name | label::Français (fr) | label::English (en) |
| | text | door | Par quelle porte entre-t-on? | Which door is it? |
| settings |
| | form_title::Français (fr) | form_title::English (en) |
| | L’accueil | The welcome |
"""
ON_REFERRAL: Final = WELCOME.replace("Par quelle porte entre-t-on?", "Que faut-il préparer?").replace(
    "L’accueil", "À préparer"
)
NIGHT: Final = "on_organization.night_walks"
DOOR: Final = "on_organization.warm_doors"
CANARY: Final = "kanarivogel sous le porche"
ANSWERED: Final = {"stop_near": "yes", "minutes": 4, "path": CANARY}


READS: Final = """
from spheres_core.plugin import RoutingSuggestion
@hookimpl
def suggest_routing(referral, organizations):
    told = [(each.key, each.meanings, [(one.key, one.meanings) for one in each.services]) for each in organizations]
    return [RoutingSuggestion(organizations[0].key, {"en": repr((referral.meanings, told))})]
@hookimpl
def show_referral(referral):
    return Panel({"en": f"Panel: {referral.meanings}"})
"""
"""A plugin that repeats what it is told."""
MEANT: Final = """
| survey |
| | type | name | label::Français (fr) | label::English (en) | meaning |
| | select_one open | open | Est-ce ouvert? | Is it open? | dusk_walks:open |
| | text | door | Par quelle porte entre-t-on? | Which door is it? | |
| choices |
| | list_name | name | label::Français (fr) | label::English (en) | meaning |
| | open | oui | Oui | Yes | open_now |
| settings |
| | form_title::Français (fr) | form_title::English (en) |
| | Ouvert | Open |
"""


def machine_of(folder: Path) -> Machine:
    """Writes a directory and two packs that ask on its organizations, one of which asks on referrals too."""
    write(folder, "1.0")
    write_plugin(folder, "night_walks", {"forms/on_organization.md": DOCUMENTED, "forms/on_referral.md": ON_REFERRAL},
                 provides={"content": ["forms/on_organization.md", "forms/on_referral.md"]})  # fmt: skip
    write_plugin(folder, "warm_doors", {"forms/on_organization.md": WELCOME},
                 provides={"content": ["forms/on_organization.md"]})  # fmt: skip
    forms = ("forms/on_service.md", "forms/on_referral.md")
    plant(folder, "dusk_walks", documented_code("extension-points.md", "## Extra questions") + READS,
          declares=("show_services", "suggest_routing", "show_referral"), files=dict.fromkeys(forms, MEANT),
          content=list(forms))  # fmt: skip
    return discover([folder, EXAMPLES])


ALL: Final = (PACK, "example_region", "night_walks", "warm_doors")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("packs")


@pytest.fixture(scope="module")
def shared(make_module_world: MakeWorld, folder: Path) -> World:
    made: World = make_module_world(definition("east", *ALL), on=machine_of(folder))
    assert made.loaded("east").plugins.left_out == {}
    return made


@pytest.fixture
def world(shared: World, folder: Path) -> World:
    """Two regions as new; only in the first is anything asked."""
    for slug in ("east", "west"):
        shared.sql("DELETE FROM extra_answers WHERE tenant_id = (SELECT id FROM tenants WHERE slug = %s)", slug)
    return shared.renew(definition("east", *ALL), definition("west", PACK, "example_region"))


class Office:
    """Callers of a region who have a role, with its records."""

    def __init__(self, world: World, slug: str = "east", *roles: str) -> None:
        self.world, self.slug = world, slug
        self.headers = world.bearer(slug, *(roles or ("coordinator",)))

    def record(self, table_name: str = "organizations", key: str = "shelter") -> UUID:
        async def asking(ctx: Any) -> UUID:
            (row,) = await ctx.db.sql(f"SELECT id FROM {table_name} WHERE key = $1", key)
            return UUID(str(row[0]))

        found: UUID = self.world.act(self.slug, asking)
        return found

    def path(self, form: str = NIGHT, record: UUID | None = None, kind: str = "organization") -> str:
        return f"records/{kind}/{record or self.record()}/extra-questions/{form}"

    def api(self, form: str = NIGHT, **where: Any) -> Any:
        return self.world.get(f"/t/{self.slug}/api/{self.path(form, **where)}", headers=self.headers)

    def put(self, answers: dict[str, Any], version: int, form: str = NIGHT, **where: Any) -> Any:
        path = f"/t/{self.slug}/api/{self.path(form, **where)}"
        body = {"answers": answers, "version": version}
        return self.world.request("PUT", path, json=body, headers=self.headers)

    def page(self, path: str, language: str = "fr") -> str:
        answer = self.world.get(f"/t/{self.slug}/{language}/{path}", headers=self.headers)
        assert answer.status_code == 200, answer.text
        return html.unescape(answer.text)

    def post(self, path: str, /, **sent: str) -> Any:
        return self.world.post(f"/t/{self.slug}/fr/{path}", headers=self.headers, data=sent)

    def entry(self) -> str:
        return f"directory/organizations/{self.record()}"


def hidden(page: str, name: str) -> str:
    """Returns the value of a page's own field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


def without_place(problem: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in problem.items() if name != "instance"}


def trail(world: World, slug: str, verb: str) -> list[tuple[Any, ...]]:
    async def asking(ctx: Any) -> Any:
        return await ctx.db.sql("SELECT subject_id, details FROM trail_entries WHERE verb = $1 ORDER BY id", verb)

    return [(row[0], row[1]) for row in world.act(slug, asking)]


# ---- what staff do --------------------------------------------------------------------------------------------------


def test_a_worker_answers_on_the_record_and_reads_the_answers_in_words(world: World) -> None:
    office = Office(world)
    before = office.page(office.entry())
    asked = office.page(office.path())

    sent = office.post(office.path(), _version=hidden(asked, "_version"), _answers_version="0",
                       stop_near="yes", minutes="4", path="par le parc")  # fmt: skip

    assert before.count("Aucune réponse pour l’instant.") == 2
    assert sent.status_code == 303
    assert sent.headers["location"].endswith(f"/fr/{office.entry()}#extra-{NIGHT}")
    page = office.page(office.entry())
    for text in ("Le chemin de nuit", "Y a-t-il un arrêt de nuit tout près?", "Oui", "par le parc", "L’accueil"):
        assert text in page
    assert page.count("Aucune réponse pour l’instant.") == 1
    english = office.page(office.entry(), "en")
    assert "The way at night" in english and "Change the answers" in english
    assert '<span lang="fr' in english.partition("What is the safe way there?")[2].partition("</dd>")[0]
    assert 'value="4"' in office.page(office.path())


def test_a_problem_stands_at_its_question_and_nothing_typed_is_lost(world: World) -> None:
    office = Office(world)

    sent = office.post(office.path(), _answers_version="0", stop_near="yes", minutes="beaucoup", path="par le parc")

    page = html.unescape(sent.text)
    assert sent.status_code == 422
    assert 'id="q-minutes-problem"' in page and 'value="beaucoup"' in page and "par le parc" in page
    assert re.search(r'id="q-minutes"[^>]*aria-invalid="true"', page)
    assert office.api().json()["section"]["version"] == 0


def test_two_colleagues_at_once_see_both_sides_and_one_decides(world: World) -> None:
    office, colleague = Office(world), Office(world)
    opened = hidden(office.page(office.path(DOOR)), "_answers_version")
    assert colleague.put({"door": "la porte verte"}, 0, DOOR).status_code == 200

    refused = office.post(office.path(DOOR), _answers_version=opened, door="la porte bleue")

    page = html.unescape(refused.text)
    assert refused.status_code == 409
    assert "la porte verte" in page and 'value="la porte bleue"' in page
    assert office.api(DOOR).json()["section"]["answers"] == {"door": "la porte verte"}
    again = office.post(office.path(DOOR), _answers_version=hidden(page, "_answers_version"), door="la porte bleue")
    assert again.status_code == 303
    assert office.api(DOOR).json()["section"]["answers"] == {"door": "la porte bleue"}


def test_a_record_is_there_without_its_extra_answers(world: World) -> None:
    office = Office(world)
    key = f"/t/east/api/directory/entries/organizations/{office.record()}"

    changed = world.post(key, json={"changes": {"short_name": "Le H."}, "why": "so it says"}, headers=office.headers)

    assert changed.status_code == 200, changed.text


# ---- the API --------------------------------------------------------------------------------------------------------


def test_the_api_writes_with_a_version_and_answers_a_conflict_with_both_sides(world: World) -> None:
    office = Office(world)

    first = office.put(ANSWERED, 0)
    stale = office.put({"stop_near": "no"}, 0)
    second = office.put({"stop_near": "no"}, 1)

    assert first.status_code == 200, first.text
    assert first.json()["section"]["answers"] == ANSWERED
    assert stale.status_code == 409
    assert stale.json()["theirs"]["answers"] == ANSWERED
    assert stale.json()["yours"] == {"stop_near": "no"}
    assert stale.json()["version"] == 1
    assert (second.status_code, second.json()["section"]["version"]) == (200, 2)
    listed = world.get(f"/t/east/api/records/organization/{office.record()}/extra-questions", headers=office.headers)
    assert [(each["form"], each["plugin"], each["version"]) for each in listed.json()["sections"]] == [
        (NIGHT, "night_walks", 2), (DOOR, "warm_doors", 0),
    ]  # fmt: skip


def test_answers_that_do_not_hold_are_refused_by_question(world: World) -> None:
    refused = Office(world).put({"stop_near": "perhaps", "roof": "yes"}, 0)

    assert refused.status_code == 422
    assert {each["path"] for each in refused.json()["errors"]} == {"stop_near", "roof"}


def test_a_service_of_the_directory_and_an_unknown_kind(world: World) -> None:
    office = Office(world)

    async def service(ctx: Any) -> UUID:
        return UUID(str((await ctx.db.sql("SELECT id FROM services LIMIT 1"))[0][0]))

    id = world.act("east", service)
    found = world.get(f"/t/east/api/records/service/{id}/extra-questions", headers=office.headers)
    assert found.json()["sections"] == []
    for kind in ("organization", "unicorn"):
        path = f"/t/east/api/records/{kind}/{id}/extra-questions"
        assert world.get(path, headers=office.headers).status_code == 404


# ---- who may not ----------------------------------------------------------------------------------------------------


def test_who_may_not_know_of_the_record_is_told_the_same_as_for_none(world: World) -> None:
    office = Office(world)
    assert office.put(ANSWERED, 0).status_code == 200
    record = office.record()
    other_role, elsewhere = Office(world, "east", "content_editor"), Office(world, "west", "coordinator")

    for stranger in (other_role, elsewhere):
        there, nowhere = stranger.api(record=record), stranger.api(record=uuid4())
        assert there.status_code == nowhere.status_code == 404
        assert without_place(there.json()) == without_place(nowhere.json())
        assert stranger.put(ANSWERED, 1, record=record).status_code == 404
        assert stranger.post(stranger.path(record=record), stop_near="no").status_code == 404
    assert world.get(f"/t/east/api/{office.path()}").status_code == 401
    assert office.api().json()["section"]["answers"] == ANSWERED


def test_a_liaison_answers_for_her_own_organization_only(world: World) -> None:
    record = Office(world).record()
    hers = Person(world, "liaison", organization="shelter")
    other = Person(world, "liaison", organization="elsewhere")

    assert hers.api(f"/records/organization/{record}/extra-questions").status_code == 200
    assert hers.post(f"records/organization/{record}/extra-questions/{DOOR}", _answers_version="0",
                     door="à gauche").status_code == 303  # fmt: skip
    assert other.api(f"/records/organization/{record}/extra-questions").status_code == 404
    assert other.get(f"records/organization/{record}/extra-questions/{DOOR}").status_code == 404


def test_answers_are_sealed_at_rest_and_only_codes_are_in_the_trail(world: World) -> None:
    office = Office(world)
    assert office.put(ANSWERED, 0).status_code == 200

    with psycopg.connect(world.urls.needed("owner")) as db:
        tables = [row[0] for row in db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        holding = [
            name
            for name in tables
            if db.execute(f'SELECT 1 FROM "{name}" t WHERE t::text LIKE %s', [f"%{CANARY}%"]).fetchone()
        ]
        shown = db.execute("SELECT 1 FROM extra_answers t WHERE t::text LIKE %s", [f"%{NIGHT}%"]).fetchone()

    assert holding == []
    assert shown is not None, "the search itself finds what stands in the clear"
    ((_, details),) = trail(world, "east", "directory.extra_answered")
    assert details.keys() == {"form", "form_version", "version"}


def test_the_questions_are_not_public_and_cannot_be_sent_as_a_referral(world: World) -> None:
    assert NIGHT not in {each["key"] for each in world.get("/t/east/api/forms").json()["forms"]}
    assert world.get(f"/t/east/api/forms/{NIGHT}").status_code == 404
    assert world.refer("east", ANSWERED, form=NIGHT).status_code == 404


# ---- a referral -----------------------------------------------------------------------------------------------------


def test_answers_on_a_referral_are_read_in_the_trail_handed_over_and_erased_with_it(
    world: World, tmp_path: Path
) -> None:
    office, form = Office(world), "on_referral.night_walks"
    assert world.refer("east").status_code == 201
    id = UUID(world.get("/t/east/api/referrals", headers=office.headers).json()["items"][0]["id"])
    where: dict[str, Any] = {"record": id, "kind": "referral"}
    asked = office.page(f"referrals/{id}")
    unread = trail(world, "east", "referral.extra_answers_read")

    assert office.put({"door": CANARY}, 0, form, **where).status_code == 200
    shown = office.page(f"referrals/{id}")
    files = world.run(subject_data.export(world.runtime, world.loaded("east"), id, folder=tmp_path / "person"))
    erased = world.run(subject_data.erase(world.runtime, world.loaded("east"), id, reason="asked"))

    assert "À préparer" in asked and unread == []
    assert CANARY in shown
    read = trail(world, "east", "referral.extra_answers_read")
    assert read and {each[0] for each in read} == {id} and CANARY not in str(read)
    assert CANARY in files[0].read_text()
    assert erased.rows["extra_answers"] == 1
    assert office.api(form, **where).status_code == 404


def test_what_has_a_meaning_reaches_the_questions_of_plugins_in_codes_and_nothing_else_does(world: World) -> None:
    world.renew(definition("east", *ALL, "dusk_walks"))
    office = Office(world)
    assert world.refer("east").status_code == 201
    id = UUID(world.get("/t/east/api/referrals", headers=office.headers).json()["items"][0]["id"])
    public = "/t/east/en/partners"
    before = world.get(public).text
    meant = {"open": "oui", "door": CANARY}

    assert office.put(ANSWERED, 0).status_code == 200
    service = {"record": office.record("services", "beds"), "kind": "service"}
    assert office.put(meant, 0, "on_service.dusk_walks", **service).status_code == 200
    assert office.put(meant, 0, "on_referral.dusk_walks", record=id, kind="referral").status_code == 200
    read = world.get(f"/t/east/api/referrals/{id}", headers=office.headers).json()
    page = office.page(f"referrals/{id}", "en")
    told = world.act("east", lambda ctx: referral_queries.row(ctx, id))

    (suggested,) = [each["reason"] for each in read["suggested_partners"] if "dusk_walks" in each["reason"]]
    organization = ("shelter", {"night_bus:stop_near": "yes"}, [("beds", {"dusk_walks:open": "open_now"})])
    assert literal_eval(suggested) == ({"dusk_walks:open": "open_now"}, [organization])
    assert "Panel: {'dusk_walks:open': 'open_now'}" in page
    assert "A night stop is close by" not in before
    assert "A night stop is close by" in world.get(public).text
    assert referral_queries.facts_of(told).meanings == {}, "hooks that are told, export or erase get none"

    assert office.put({"stop_near": "no"}, 1).status_code == 200
    assert "A night stop is close by" not in world.get(public).text


def test_nothing_is_read_where_no_extra_question_has_a_meaning(world: World) -> None:
    with count_statements(world) as number:

        def statements(slug: str, kind: str) -> int:
            async def asking(ctx: Any) -> int:
                before = number()
                assert await queries.meanings_on(ctx, kind) == {}
                return number() - before

            return world.act(slug, asking)

        assert statements("west", "organization") == 0
        assert statements("east", "referral") == 0, "its form has no meaning"
        assert statements("east", "organization") == 1


def test_answers_on_referrals_are_exported_as_those_of_referrals_are(world: World) -> None:
    office, form = Office(world), "on_referral.night_walks"
    for _ in range(2):
        assert world.refer("east").status_code == 201
    first, second = (each["id"] for each in world.get("/t/east/api/referrals", headers=office.headers).json()["items"])
    assert office.put({"door": "=1+1"}, 0, form, record=UUID(first), kind="referral").status_code == 200
    asked = {"purpose": "quality", "form": form, "file": "csv", "language": "en"}

    given = world.post("/t/east/api/referrals/export", json=asked, headers=office.headers)
    page = office.page("referrals/export", "en")
    elsewhere = world.post("/t/west/api/referrals/export", json=asked, headers=Office(world, "west").headers)
    refused = world.post("/t/east/api/referrals/export", json=asked, headers=world.bearer("east", "administrator"))
    unasked = world.post("/t/east/api/referrals/export", json=asked | {"form": NIGHT}, headers=office.headers)

    head, *rows = csv.reader(io.StringIO(given.content.decode("utf-8-sig")))
    assert head[:2] == ["Id", "Referral"]
    assert [(row[0], unescape_formula(row[-1])) for row in rows] == [(first, "=1+1")]
    assert second not in given.text
    assert f'value="{form}"' in page
    assert (elsewhere.status_code, refused.status_code, unasked.status_code) == (404, 403, 404)
    assert trail(world, "east", "referrals.exported")[-1][1]["form"] == form


def test_every_kind_of_record_has_a_column_that_is_erased_with_it() -> None:
    kinds = [kind for room in app.rooms().values() for kind in getattr(room, "register_record_kinds", list)()]
    declared = [kind.name for kind in kinds if not kind.information]
    cascading = {
        tuple(each.column_keys) for each in table(ExtraAnswers).foreign_key_constraints if each.ondelete == "CASCADE"
    }

    assert sorted(declared) == sorted(RECORDS)
    assert {("tenant_id", f"{kind}_id") for kind in declared} <= cascading


# ---- plugins come, go and change ------------------------------------------------------------------------------------


def test_what_was_answered_stays_when_the_plugin_is_switched_off(world: World) -> None:
    office = Office(world)
    assert office.put(ANSWERED, 0).status_code == 200

    off = world.post("/t/east/api/admin/plugins/night_walks/off", headers=world.bearer("east", "administrator"))
    assert off.status_code == 200, off.text

    page = office.page(office.entry())
    section = office.api().json()
    assert CANARY in page and "N’est plus demandé" in page
    assert (section["section"]["asked"], section["section"]["answers"], section["questions"]) == (False, ANSWERED, None)
    assert office.put(ANSWERED, 1).status_code == 404
    assert world.get(f"/t/east/fr/{office.path()}", headers=office.headers).status_code == 404


def test_a_retired_form_is_not_asked_and_what_was_answered_stays(world: World) -> None:
    office = Office(world)
    assert office.put({"door": "la verte"}, 0, DOOR).status_code == 200

    headers = world.bearer("east", "administrator")
    assert world.post(f"/t/east/api/admin/forms/{DOOR}/retirement", headers=headers).status_code == 200

    assert "la verte" in office.page(office.entry())
    assert office.api(DOOR).json()["section"]["asked"] is False
    assert office.put({"door": "la bleue"}, 1, DOOR).status_code == 404


def test_nothing_is_answered_on_an_organization_that_was_removed(world: World) -> None:
    office = Office(world)
    assert office.put({"door": "la verte"}, 0, DOOR).status_code == 200
    entry = f"/t/east/api/directory/entries/organizations/{office.record()}"
    assert world.post(f"{entry}/remove", json={}, headers=office.headers).status_code == 200

    page, refused = office.page(office.entry()), office.put({"door": "la bleue"}, 1, DOOR)

    assert "la verte" in page and "Changer les réponses" not in page
    assert (refused.status_code, refused.json()["code"]) == (409, "record_closed")


def test_answers_are_read_by_the_version_that_asked(make_world: MakeWorld, tmp_path: Path) -> None:
    world = make_world(definition("east", *ALL), on=machine_of(tmp_path))
    office = Office(world)
    assert office.put(ANSWERED, 0).status_code == 200
    shutil.rmtree(tmp_path / "night_walks")
    newer = DOCUMENTED.replace("Y a-t-il un arrêt de nuit tout près?", "Le bus de nuit passe-t-il ici?").replace(
        "minutes", "steps"
    )
    write_plugin(tmp_path, "night_walks", {"forms/on_organization.md": newer}, version="1.1",
                 provides={"content": ["forms/on_organization.md"]})  # fmt: skip
    world.restart(discover([tmp_path, EXAMPLES]))
    world.apply(definition("east", *ALL))

    card, form = office.page(office.entry()), office.page(office.path())

    assert "Y a-t-il un arrêt de nuit tout près?" in card
    assert "Le bus de nuit passe-t-il ici?" in form and "Les questions ont changé" in form
    assert office.put({"stop_near": "yes", "steps": 9}, 1).status_code == 200
    assert "Le bus de nuit passe-t-il ici?" in office.page(office.entry())


def test_a_region_asks_a_question_of_its_own_without_any_plugin(world: World) -> None:
    office = Office(world, "west")
    editor = world.bearer("west", "administrator")
    begun = {"key": "on_organization", "start": "empty"}
    assert world.post("/t/west/api/admin/forms/drafts", json=begun, headers=editor).status_code == 201
    survey = [{"cells": {"type": "text", "name": "door", "label::fr": "Quelle porte?", "label::en": "Which door?"}}]
    rows = {"revision": 0, "languages": ["fr", "en"], "settings": {}, "survey": survey, "choices": []}
    path = "/t/west/api/admin/forms/on_organization"
    written = world.request("PUT", f"{path}/draft", json=rows, headers=editor)
    assert world.post(f"{path}/publication", json={"revision": written.json()["revision"]}, headers=editor).is_success

    assert office.put({"door": "la verte"}, 0, "on_organization").status_code == 200
    assert "Questions supplémentaires de cette région" in office.page(office.entry())
    refused = world.post("/t/west/api/admin/forms/drafts", json=begun | {"key": "on_unicorn"}, headers=editor)
    assert refused.status_code == 422 and "on_service" in refused.json()["detail"]


def test_the_preview_says_on_which_record_what_is_asked(world: World) -> None:
    headers = world.bearer("west", "administrator")

    preview = world.get("/t/west/api/admin/plugins/night_walks/preview", headers=headers | {"accept-language": "en"})

    (asked, _) = preview.json()["content"]
    assert (asked["key"], asked["asked_on"], asked["asks"]) == (NIGHT, "an organization of the directory", 3)
    assert asked["questions"][0]["kept_text"] == "sealed: readable only to those who may open the record"


# ---- what authors are told ------------------------------------------------------------------------------------------


def findings(form: str, key: str = NIGHT) -> list[tuple[int | None, str | None, str]]:
    read = inspect(form.encode(), key=key, suffix=".md")
    return [(each.row, each.column, each.message.msgid) for each in read.findings if each.severity == "error"]


def test_the_documented_form_has_nothing_to_mend() -> None:
    assert findings(DOCUMENTED) == []


def test_a_meaning_of_the_core_and_a_file_are_refused_at_their_cell() -> None:
    wrong = DOCUMENTED.replace("night_bus:stop_near", "knows").replace("| | text | path", "| | image | path")

    found = findings(wrong)

    assert ["for referrals" in text for _, column, text in found if column == "meaning"] == [True]
    assert [column for _, column, text in found if "with a file" in text] == ["type"]
    assert findings(wrong.replace("| knows |", "|  |"), "a_visit") == [], "a form of its own may ask for a file"


def test_a_pack_that_asks_on_a_record_that_no_room_has_is_left_out_with_its_file(
    make_world: MakeWorld, tmp_path: Path
) -> None:
    write_plugin(tmp_path, "odd_records", {"forms/on_unicorn.md": WELCOME},
                 provides={"content": ["forms/on_unicorn.md"]})  # fmt: skip

    plugins = make_world(definition("east", "odd_records"), on=discover([tmp_path])).loaded("east").plugins

    (finding,) = plugins.findings["odd_records"]
    assert finding.file == "forms/on_unicorn.md"
    assert finding.message.params["known"] == (
        "on_encounter, on_goal, on_need, on_organization, on_referral, on_service, on_service_request"
    )


NAMES: Final = st.text("aiknotz09_", max_size=20).map("n{}".format)


@given(NAMES, NAMES)
def test_a_key_says_its_record_whichever_plugin_brings_it(kind: str, plugin: str) -> None:
    assert record_kind_of(key_in_plugin(f"on_{kind}", plugin)) == record_kind_of(f"on_{kind}") == kind


@given(NAMES, NAMES)
def test_any_other_form_keeps_its_name_and_stands_by_itself(name: str, plugin: str) -> None:
    assert key_in_plugin(name, plugin) == name
    assert record_kind_of(name) == ""

"""Panels of plugins on pages of the core: each in its slot, for its readers, and harmless when its plugin is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from spheres_core.foundation.isolation.circuit_breakers import CIRCUIT_BREAKERS
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.tenancy.context import Context
from spheres_core.testing import MakeWorld, World, definition
from tests.plugins.planting import plant
from tests.spheres_core.participants.callers import Caller, add_participant, agree, assign

OURS: Final = Path(__file__).parents[4] / "plugins"
PANELS: Final = """
import datetime as dt
from spheres_core.plugin import Panel, PanelFact, PanelLink

def words(text):
    return {"fr": f"{text} fr", "en": f"{text} en"}

@hookimpl
def show_home():
    facts = (PanelFact(words("beds"), 3), PanelFact(words("on"), dt.date(2026, 11, 21)))
    return Panel(words("home of ID"), facts)

@hookimpl
def show_services(organizations):
    links = (PanelLink(words("all partners"), "partners"),)
    return Panel(words("services of ID"), (PanelFact(words("known"), len(organizations)),), links=links)

@hookimpl
def show_referral(referral):
    rows = ((words("night"), 2), ("dawn", 1))
    return Panel(words("referral of ID"), columns=(words("when"), words("free")), rows=rows,
                 template="ID/panel.html", values={"form": referral.form}, permission="PERMISSION")

@hookimpl
def show_administration():
    return Panel(words("administration of ID"))

@hookimpl
def show_my_day():
    return Panel(words("day of ID"))

@hookimpl
def show_participant(participant):
    return Panel(words("file of ID"), (PanelFact(words("known as"), str(participant.id)),), permission="PERMISSION")
"""
SLOTS: Final = ("show_home", "show_services", "show_referral", "show_administration", "show_participant", "show_my_day")
FRAGMENT: Final = """
<h3>{{ _("A bed") }} {{ form }}</h3>
<p class="soft masked">{{ "<b>bold</b>" }} <a href="{{ url("partners") }}">{{ _("There") }}</a>
<a href="https://elsewhere.example/">out</a> <a href="//elsewhere.example/">out</a></p>
"""
HOME: Final = "@hookimpl\ndef show_home():\n    "
PANEL: Final = "from spheres_core.plugin import Panel, PanelFact, PanelLink\n"
WRONG: Final = {
    "panel_raises": HOME + "raise ValueError",
    "panel_exits": HOME + "raise SystemExit",
    "panel_hangs": "import threading\nLET_GO = threading.Event()\n" + HOME + "LET_GO.wait(60)",
    "a_megabyte": HOME + "return Panel({'fr': 'x' * 1_000_000})",
    "too_many_facts": HOME + "return Panel({'fr': 'x'}, (PanelFact({'fr': 'x'}, 1),) * 9)",
    "a_table_where_none_fits": HOME + "return Panel({'fr': 'x'}, columns=({'fr': 'x'},), rows=(('x',),))",
    "two_panels": HOME + "return [Panel({'fr': 'x'})] * 2",
    "garbage_in_a_fact": HOME + "return Panel({'fr': 'x'}, ({'label': 'x'},))",
    "leads_nowhere": HOME + "return Panel({'fr': 'x'}, links=(PanelLink({'fr': 'x'}, 'no_such_page'),))",
    "leads_elsewhere": HOME + "return Panel({'fr': 'x'}, links=(PanelLink({'fr': 'x'}, 'https://elsewhere.example'),))",
    "takes_anothers_template": HOME + "return Panel({'fr': 'x'}, template='a_panel/panel.html')",
    "takes_the_cores_template": HOME + "return Panel({'fr': 'x'}, template='site/home.html')",
    "has_no_template": HOME + "return Panel({'fr': 'x'}, template='has_no_template/gone.html')",
    "runs_a_script": HOME + "return Panel({'fr': 'x'}, template='runs_a_script/panel.html')",
    "hides_a_handler": HOME + "return Panel({'fr': 'x'}, template='hides_a_handler/panel.html')",
    "posts_a_form": HOME + "return Panel({'fr': 'x'}, template='posts_a_form/panel.html')",
    "writes_a_megabyte": HOME + "return Panel({'fr': 'x'}, template='writes_a_megabyte/panel.html')",
    "writes_without_end": HOME + "return Panel({'fr': 'x'}, template='writes_without_end/panel.html')",
}
TEMPLATES: Final = {
    "runs_a_script": "<script>alert(1)</script>",
    "hides_a_handler": "<p onclick='alert(1)'>x</p>",
    "posts_a_form": "<form action='/t/east/fr/sign-out' method='post'></form>",
    "writes_a_megabyte": "{% for _ in range(99999) %}0123456789{% endfor %}",
    "writes_without_end": "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
}


def put(folder: Path, id: str, permission: str = "") -> None:
    hooks = PANELS.replace("ID", id).replace("PERMISSION", permission)
    po = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "A bed"\nmsgstr "Un lit"\n'
    files = {f"templates/{id}/panel.html": FRAGMENT, f"locales/fr_CA/LC_MESSAGES/{id}.po": po}
    plant(folder, id, hooks, declares=SLOTS, files=files)


@pytest.fixture(scope="module")
def world(make_module_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("panels")
    put(folder, "a_panel")
    put(folder, "b_panel", permission="b_panel.never")
    for id, hooks in WRONG.items():
        files = {f"templates/{id}/panel.html": TEMPLATES[id]} if id in TEMPLATES else {}
        sentence = {"show_home": {"fr": f"Sans {id}.", "en": f"Without {id}."}}
        plant(folder, id, PANEL + hooks, declares=("show_home",), files=files, manifest={"failure": sentence})
    here = ("quebec", "outaouais")
    made: World = make_module_world(
        definition("east", *here, "a_panel", "b_panel"), definition("west", *here), definition("south", *here, *WRONG),
        on=discover([folder, OURS]),
    )  # fmt: skip
    return made


@pytest.fixture(autouse=True)
def _anew() -> None:
    CIRCUIT_BREAKERS.clear()


def referral_page(world: World, slug: str, language: str = "fr") -> str:
    headers = world.bearer(slug, "coordinator")
    newest = world.get(f"/t/{slug}/api/referrals", headers=headers).json()["items"][0]["id"]
    text: str = world.get(f"/t/{slug}/{language}/referrals/{newest}", headers=headers).text
    return text


def test_a_panel_stands_in_its_slot_and_nowhere_else(world: World) -> None:
    administrator = world.bearer("east", "administrator")
    pages = {
        "home": world.get("/t/east/fr/").text,
        "services": world.get("/t/east/en/partners").text,
        "administration": world.get("/t/east/fr/administration", headers=administrator).text,
        "privacy": world.get("/t/east/fr/privacy").text,
    }

    for slot in ("home", "services", "administration"):
        assert {page for page, text in pages.items() if f"{slot} of a_panel" in text} == {slot}
    assert "beds fr" in pages["home"] and "21 novembre 2026" in pages["home"]
    assert "all partners en" in pages["services"]


def test_a_public_panel_brings_no_cookie_and_nothing_from_elsewhere(world: World) -> None:
    answer = world.get("/t/east/fr/")

    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"] == world.get("/t/west/fr/").headers["content-security-policy"]


def test_a_fragment_speaks_its_plugins_catalog_and_holds_no_harm(world: World) -> None:
    world.refer("east")

    page = referral_page(world, "east")

    assert "<h3>Un lit referral</h3>" in page, page[page.index("panel-a_panel") :][:900]
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert 'href="/t/east/fr/partners"' in page
    assert "elsewhere.example" not in page
    assert "masked" not in page
    assert 'data-label="free fr"' in page


def test_a_panel_for_whom_it_names_a_permission_is_not_shown_to_others(world: World) -> None:
    world.refer("east")

    assert "referral of b_panel" not in referral_page(world, "east")


def test_whose_panels_were_shown_on_a_referral_is_in_the_trail(world: World) -> None:
    for slug in ("east", "west"):
        world.refer(slug)
        referral_page(world, slug)

    async def shown(ctx: Context) -> list[Any]:
        return [row[0] for row in await ctx.db.sql(
            "SELECT details FROM trail_entries WHERE verb = 'referral.panels_shown' AND subject_kind = 'referral'"
        )]  # fmt: skip

    assert world.act("east", shown)[-1] == {"plugins": ["a_panel"]}
    assert world.act("west", shown) == []


def test_a_panel_on_a_workers_day_is_there_and_nowhere_else(world: World) -> None:
    day = Caller(world, "day@example.org", "pivot_worker", slug="east").page("staff/my-day").text
    assert "day of a_panel en" in day
    assert "file of a_panel" not in day


def test_a_panel_on_a_participants_file_is_in_the_trail(world: World) -> None:
    pivot = Caller(world, "pivot@example.org", "pivot_worker", slug="east")
    her = add_participant(world, slug="east")
    assign(world, pivot, her, slug="east")
    agree(world, her, slug="east")

    page = pivot.page(f"staff/participants/{her.code}").text

    assert "file of a_panel en" in page
    assert str(her.id) in page
    assert "file of b_panel" not in page
    shown = world.sql("SELECT subject_id, details FROM trail_entries WHERE verb = 'participant.panels_shown'")
    assert shown == [(her.id, {"plugins": ["a_panel"]})]


@pytest.mark.usefixtures("short_hook_deadline_throughout")
def test_each_panel_that_goes_wrong_leaves_its_manifests_sentence_and_the_page_stands(world: World) -> None:
    answer = world.get("/t/south/fr/")

    assert answer.status_code == 200
    assert [id for id in WRONG if f"Sans {id}." not in answer.text] == []
    assert "alert(1)" not in answer.text
    assert "Without" not in answer.text
    assert "Welcome" not in answer.text


def test_where_no_plugin_shows_anything_no_page_has_a_trace_of_it(world: World) -> None:
    world.refer("west")

    for text in (world.get("/t/west/fr/").text, world.get("/t/west/fr/partners").text, referral_page(world, "west")):
        assert "panel-" not in text

"""A form that holds every type of question, appearance and file: on its page, by keyboard and without JavaScript."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any, Final, get_args
from urllib.parse import parse_qsl

import jsonschema
import pytest
from playwright.sync_api import Page, Route

from spheres_core.app import page_files
from spheres_core.facts import Problem
from spheres_core.forms.answers import check
from spheres_core.forms.examples import example
from spheres_core.forms.expressions.dates import clock_of_day
from spheres_core.forms.json_schema import json_schema
from spheres_core.forms.posted_answers import from_pairs
from spheres_core.forms.schemas import Kind
from spheres_core.forms.views.fields import browser_rules, fields, problem_list
from spheres_core.forms.views.readable_answers import readable_rows
from spheres_core.forms.xlsform.reader import inspect
from spheres_core.foundation.languages.localization import REGISTRY, Locale, core_catalog_folder, read_catalog
from spheres_core.foundation.web.rendering import make_environment
from tests.journeys.page_checks import OTHER_LANGUAGE, SCREENS, Passed, check_page, load_axe

TODAY: Final = dt.date(2026, 11, 21)
ASSETS: Final = Path(__file__).parents[2] / "assets" / "every_type"
READING: Final = inspect(ASSETS / "every_type.md", key="every_type")
ADDRESS: Final = "http://forms.test/"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "media-src 'self'; font-src 'self'; form-action 'self'"
)
MEDIA: Final = {".png": "image/png", ".wav": "audio/wav"}
CATALOGS: Final = {
    (tag, "spheres"): read_catalog(core_catalog_folder() / tag.replace("-", "_") / "LC_MESSAGES" / "spheres.po")
    for tag in ("fr-CA", "en-CA")
}
LOCALES: Final = {
    "fr": Locale((REGISTRY["fr-CA"], REGISTRY["en-CA"]), CATALOGS),
    "en": Locale((REGISTRY["en-CA"], REGISTRY["fr-CA"]), CATALOGS),
}
TEMPLATE: Final = """
{% import "macros/fields.html" as fields with context %}
<!doctype html><html lang="{{ locale.tag }}" dir="ltr"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>{{ title }}</title>
{% for sheet in ("tokens", "app", "parts", "fields") %}
<link rel="stylesheet" href="{{ asset("site/" ~ sheet ~ ".css") }}">{% endfor %}
<script type="module" src="{{ asset("forms/form.js") }}"></script></head>
<body><main class="wrap stack"><h1>{{ title }}</h1>{{ fields.summary(problems, form) }}
<form class="form" method="post" action="/" data-form-rules="{{ rules }}" data-today="{{ today }}">
{{ fields.all(form) }}<div><button class="button" id="send">{{ _("Send my request") }}</button></div></form></main>
</body></html>
"""


@pytest.fixture(scope="session")
def base_url() -> str:
    return ADDRESS


class ShownForm:
    """The form on a page, and what is posted from it."""

    def __init__(
        self, page: Page, language: str, values: dict[str, Any] | None = None, problems: tuple[Problem, ...] = ()
    ) -> None:
        assert READING.form is not None
        self.page = page
        self.posted: list[tuple[str, str]] = []
        self.errors: list[str] = []
        locale = LOCALES[language]
        self.html = (
            make_environment(page_files.template_folders(), page_files.static_files())
            .from_string(TEMPLATE)
            .render(
                locale=locale,
                frame={"lang": locale.tag},
                url=lambda _name, digest: f"/form-media/{digest}",
                title=locale.pick(READING.form.title),
                form=fields(READING.form, values, problems, locale=locale, today=TODAY),
                problems=problem_list(problems, locale),
                rules=json.dumps(browser_rules(READING.form, locale, clock_of_day(TODAY.isoformat()))),
                today=TODAY.isoformat(),
            )
        )
        page.route("**/*", self.answer)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        page.goto(ADDRESS)

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS)
        if route.request.method == "POST":
            self.posted = parse_qsl(route.request.post_data or "", keep_blank_values=True)
        if path.startswith("static/"):
            address, _, version = path.removeprefix("static/").partition("?v=")
            file = page_files.static_files().answer(address, version, "")
            assert file is not None
            route.fulfill(body=file.content, content_type=file.media_type)
        elif path.startswith("form-media/"):
            route.fulfill(body=(ASSETS / "porte.png").read_bytes(), content_type="image/png")
        else:
            route.fulfill(
                body=self.html, content_type="text/html; charset=utf-8", headers={"content-security-policy": POLICY}
            )

    def field(self, name: str) -> Any:
        return self.page.locator(f'[name="{name}"]')

    def send(self) -> dict[str, Any]:
        """Returns what the server makes of what the browser sends."""
        assert READING.form is not None
        self.page.locator("#send").click()
        self.page.wait_for_load_state()
        return check(READING.form, from_pairs(READING.form, self.posted), today=TODAY).values


def test_the_form_holds_every_kind_of_question_and_nothing_stands_against_it() -> None:
    assert READING.form is not None
    assert READING.findings == ()
    assert {question.kind for question in READING.form.walk()} == set(get_args(Kind)) - NOT_HERE


NOT_HERE: Final = frozenset({"image", "audio", "video", "file"})
"""Attachments, which a region allows before a form asks them."""


def test_its_example_is_valid_and_is_read_back_in_full() -> None:
    assert READING.form is not None
    answers = example(READING.form, today=TODAY)

    assert not check(READING.form, answers, today=TODAY).problems
    jsonschema.validate(answers, json_schema(READING.form, "fr"))
    assert len([row for row in readable_rows(READING.form, answers, "fr") if not row.heading]) > 30


def test_its_page_is_accessible_in_each_language_and_on_each_screen(page: Page) -> None:
    """On the smallest in the second language, which changes words only."""
    load_axe(page)
    passed = Passed()
    for language, screens in (("fr", SCREENS), ("en", OTHER_LANGUAGE)):
        shown = ShownForm(page, language)

        assert check_page(page, screens, passed=passed) == []
        assert not shown.errors


def test_its_problems_are_said_at_their_questions(page: Page) -> None:
    assert READING.form is not None
    sent = {
        "words": {"code": "123456789"},
        "numbers": {"age": 300, "distance": 7.3},
        "days": {"hour": "25:00", "visit": "2026-02-30T10:00"},
        "choices": {"order": ["home", "home"]},
    }
    checked = check(READING.form, sent, today=TODAY, language="fr")
    load_axe(page)
    shown = ShownForm(page, "fr", sent, checked.problems)

    for name, said in (
        ("words.called", "Écrivez un nom ou un surnom."),
        ("words.code", "Au plus 8 chiffres."),
        ("numbers.age", "De 0 à 120 ans."),
        ("numbers.distance", "par pas de 0,5"),
        ("days.hour", "Une heure, de 0 à 23"),
        ("days.visit", "Un jour et une heure"),
        ("choices.order", "deux fois"),
        ("sure", "confirmé"),
    ):
        assert said in page.locator(f'[data-question="{name}"] .error').last.inner_text()
    assert check_page(page) == []
    assert not shown.errors


def test_it_is_answered_by_keyboard_alone(page: Page) -> None:
    shown = ShownForm(page, "en")

    shown.field("words.called").focus()
    page.keyboard.type("Lou")
    shown.field("days.hour.hour").focus()
    page.keyboard.type("9")
    page.keyboard.press("Tab")
    page.keyboard.type("05")
    shown.field("choices.order.1").focus()
    for steps in (3, 2, 1):
        for _ in range(steps):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
    page.locator('[name="numbers.mood"][value="7"]').focus()
    page.keyboard.press("Space")
    shown.field("sure").focus()
    page.keyboard.press("Space")

    kept = shown.send()

    assert kept["words"] == {"called": "Lou"}
    assert kept["days"]["hour"] == "09:05"
    assert kept["choices"]["order"] == ["rest", "food", "home"]
    assert (kept["numbers"], kept["sure"]) == ({"mood": 7}, True)


def test_it_is_answered_without_javascript(plain: Page) -> None:
    shown = ShownForm(plain, "fr")

    shown.field("words.called").fill("Lou")
    shown.field("days.visit.year").fill("2026")
    shown.field("days.visit.month").fill("12")
    shown.field("days.visit.day").fill("1")
    shown.field("days.visit.hour").fill("14")
    shown.field("days.visit.minute").fill("30")
    shown.field("numbers.floor").select_option("20")
    shown.field("choices.village").first.check()
    shown.field("child[0].child_name").fill("Bo")
    shown.field("child[0].child_order.1").select_option("no")
    shown.field("child[0].child_order.2").select_option("yes")
    shown.field("sure").check()

    kept = shown.send()

    assert kept["days"]["visit"] == "2026-12-01T14:30"
    assert kept["numbers"] == {"floor": 20}
    assert kept["choices"]["village"] == "n1"
    assert kept["child"] == [{"child_name": "Bo", "child_order": ["no", "yes"]}]

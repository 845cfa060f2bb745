"""A person builds a region's referral form from nothing, in both languages, by keyboard alone and without XLSForm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page

from spheres_core.forms import queries
from spheres_core.forms.operations import drafts, publication
from spheres_core.forms.rule_words import conditions_of
from spheres_core.forms.schemas import Form, Question
from spheres_core.forms.views.editor_words import WITH_CHOICES, kind_code
from spheres_core.forms.xlsform.decompiler import draft_of_form
from spheres_core.forms.xlsform.draft_changes import AROUND_OTHERS, kind_of, list_of
from spheres_core.forms.xlsform.drafts import Cells, Draft
from spheres_core.forms.xlsform.reader import read
from spheres_core.foundation.tenancy.context import Context
from tests.journeys.conftest import Site
from tests.journeys.page_checks import check_with_axe

FORM: Final = read(Path(__file__).parents[2] / "plugins" / "montreal" / "forms" / "referral.md", key="referral")
WANTED: Final[Draft] = draft_of_form(FORM)
NOTE_WITHOUT_BRACKETS: Final = (
    "${knows} = 'no' or ${knows} = 'unsure' or ${agrees} = 'not_yet' or ${agrees} = 'no' or ${agrees} = 'unknown'"
)
"""The one rule of the form that needs brackets, as it is said in words."""
TYPED_IN_A_MINUTE: Final = 200
"""Characters that a person types who looks for her words."""
KEYS_IN_A_MINUTE: Final = 120
"""Keys that she presses to find her way."""


class Author:
    """Somebody who works with the keyboard only."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.characters = 0
        self.keys = 0
        self.pages = 0

    def go_to(self, selector: str) -> None:
        """Moves the focus to a stop of the Tab key, and counts how often it would be pressed."""
        wanted = self.page.locator(selector).first
        wanted.wait_for(state="attached")
        steps = wanted.evaluate(STEPS)
        assert steps is not None, f"no way to {selector} by the Tab key"
        self.keys += steps
        wanted.focus()

    def tab_to(self, selector: str) -> None:
        """Does the same by pressing the key: a control for the way in which stops are counted."""
        wanted = self.page.locator(selector).first
        for _ in range(wanted.evaluate(STEPS)):
            self.page.keyboard.press("Tab")
        assert wanted.evaluate("element => element === document.activeElement"), selector

    def type(self, selector: str, text: str) -> None:
        if text:
            self.go_to(selector)
            self.page.keyboard.insert_text(text)
            self.characters += len(text)

    def choose(self, selector: str, value: str) -> None:
        """Chooses in a list, which is the browser's own."""
        self.go_to(selector)
        self.page.locator(selector).first.select_option(value)
        self.keys += 1

    def press(self, selector: str, key: str = "Enter") -> None:
        self.go_to(selector)
        self.page.keyboard.press(key)
        self.keys += 1

    def follow(self, selector: str, then: str) -> None:
        """Goes on to another page."""
        with self.page.expect_navigation():
            self.press(selector)
        self.page.locator(then).first.wait_for(state="attached")
        self.pages += 1


STEPS: Final = """
element => {
  const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter(each => !each.disabled && each.tabIndex >= 0 && each.type !== "hidden" && each.checkVisibility())
    .filter(each => each.type !== "radio" || each.checked);
  const from = document.activeElement === document.body ? document.querySelector(":target") : document.activeElement;
  const before = each => from && each.compareDocumentPosition(from) & Node.DOCUMENT_POSITION_FOLLOWING;
  const here = stops.includes(from) ? stops.indexOf(from) : stops.filter(before).length - 1;
  const there = stops.indexOf(element);
  if (there < 0) return null;
  return there > here ? there - here : stops.length - here + there;
}
"""
"""Counts the stops of the Tab key up to an element; a group of radio buttons is one."""


@pytest.fixture
def empty_site(site: Site) -> Iterator[Site]:
    """A site where nobody writes the form; afterwards the pack's is asked again."""

    async def clear(ctx: Context) -> None:
        if await queries.find_draft(ctx, "referral"):
            await drafts.discard(ctx, "referral")
        if "referral" in queries.own_forms(ctx):
            await publication.follow_packs(ctx, "referral")

    site.behind(lambda: site.world.act("montreal", clear))
    yield site
    site.behind(lambda: site.world.act("montreal", clear))
    site.world.runtime.unload("montreal")


def test_a_referral_form_is_built_by_keyboard_in_words_and_asked(empty_site: Site, page: Page) -> None:
    site = empty_site
    site.sign_in(page, "montreal", "en", "administrator")
    page.goto(site.url("montreal", "en", "administration/forms"))
    author = Author(page)
    author.tab_to("button[value=file]")

    author.type("#key", "referral")
    author.follow("button[value=empty]", "#title-fr")
    for language in ("fr", "en"):
        author.type(f"#title-{language}", WANTED.settings[f"form_title::{language}"])
    author.follow("form[action$=title] button", "#questions")
    build_questions(author)
    seen = page.locator("main").inner_text()
    build_rules(author)
    found = check_with_axe(page)
    author.follow("form[action$=publish] button", "#versions")

    form = site.behind(lambda: site.world.act("montreal", lambda ctx: queries.current(ctx, "referral")))
    page.goto(site.url("montreal", "fr", "refer"))
    assert described(form) == described(FORM)
    assert found == []
    assert not {"select_one", "${", "begin_group", "label::"} & {word for word in VOCABULARY if word in seen}
    assert page.locator("text=La jeune personne sait-elle").count() == 1
    minutes = author.characters / TYPED_IN_A_MINUTE + author.keys / KEYS_IN_A_MINUTE
    print(f"\n{author.pages} pages, {author.keys} keys to find her way, {author.characters} characters: "
          f"about {minutes:.0f} minutes by hand")  # fmt: skip
    assert author.pages < 120


VOCABULARY: Final = ("select_one", "${", "begin_group", "label::")
"""Words of XLSForm."""


def build_questions(author: Author) -> None:
    """Writes every question with its choices, group by group."""
    rows = WANTED.survey
    inside = False
    for place, row in enumerate(rows):
        kind = kind_of(row)
        if kind == "end":
            inside = False
            continue
        if not inside and author.page.locator("#kind").count() == 0:
            author.follow("#list > p:last-child a", "#kind")
        write_question(author, row.cells)
        following = kind_of(rows[place + 1]) if place + 1 < len(rows) else "end"
        inside = (inside or kind in AROUND_OTHERS) and following != "end"
        goes_on = following != "end" and (inside or following not in AROUND_OTHERS)
        author.follow(f"button[value={'next' if goes_on else 'done'}]", "#kind" if goes_on else "#questions")


def write_question(author: Author, cells: Cells) -> None:
    for column in ("label", "hint"):
        if column == "hint":
            author.choose("#kind", kind_code(cells))
        for language in ("fr", "en"):
            author.type(f"#{column}-{language}", cells.get(f"{column}::{language}", ""))
    if cells.get("required") == "yes":
        author.press("input[name=required]:checked", "ArrowRight")
    if cells.get("meaning"):
        author.choose("#meaning", cells["meaning"])
    if kind_code(cells) in WITH_CHOICES:
        write_choices(author, [row.cells for row in WANTED.choices if row.cells["list_name"] == list_of(cells)])
    author.press("details.card > summary")
    for language in ("fr", "en"):
        author.type(f"#constraint_message-{language}", cells.get(f"constraint_message::{language}", ""))
    author.type("#name", cells["name"])


def write_choices(author: Author, choices: list[Cells]) -> None:
    rows = author.page.locator("[data-choice-row]")
    while rows.count() < len(choices):
        author.press("[data-more-choices]")
    for number, cells in enumerate(choices, 1):
        row = f"[data-choice-row]:nth-child({number})"
        for language in ("fr", "en"):
            author.type(f"{row} [name$='label::{language}']", cells[f"label::{language}"])
        author.type(f"{row} [name$='.name']", cells.get("meaning") or cells["name"])


def build_rules(author: Author) -> None:
    """Makes every rule of conditions in words."""
    for place, row in enumerate(row for row in WANTED.survey if kind_of(row) != "end"):
        for rule in ("relevant", "required", "constraint"):
            cell = row.cells.get(rule, "")
            if not cell or cell == "yes":
                continue
            wanted = conditions_of(cell) or conditions_of(NOTE_WITHOUT_BRACKETS)
            assert wanted is not None
            link = author.page.locator(".row-link").nth(place).get_attribute("href")
            author.follow(f"a[href='{link}']", "#rules")
            author.follow(f"#rules ~ dl a[href$='which={rule}']", "#join")
            author.choose("#join", wanted.join)
            done = 0
            while done < len(wanted.conditions):
                room = author.page.locator("select[name=question]").count()
                for number, each in enumerate(wanted.conditions[done:room], done + 1):
                    author.choose(f"#question-{number}", each.question)
                    author.choose(f"#comparison-{number}", each.comparison)
                    author.type(f"#value-{number}", each.value)
                done = min(room, len(wanted.conditions))
                author.follow("button[value=words]", "#join")
            author.follow("main h1 ~ p a, main .small a", "#rules")
            author.follow("main .small a", "#questions")


def described(form: Form) -> list[Any]:
    """Returns what a form asks, whatever its lists are called and wherever a choice says its code."""
    return [_described(form, question) for question in form.walk()]


def _described(form: Form, question: Question) -> Mapping[str, Any]:
    rules = {name: getattr(question, name) for name in ("relevant", "required", "constraint")}
    if question.name == "no_contact_details":
        rules.pop("relevant")
    return {
        "path": question.path,
        "kind": question.kind,
        "labels": dict(question.labels),
        "hints": dict(question.hints),
        "messages": dict(question.constraint_messages),
        "meaning": question.meaning,
        "appearance": question.appearance,
        "choices": [(each.code, dict(each.labels)) for each in form.choices.get(question.choices, ())],
        **rules,
    }

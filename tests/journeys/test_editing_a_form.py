"""A person builds a region's referral form from nothing, in both languages, by keyboard alone and without XLSForm.

The whole form is built by posting what its pages hold, as a browser without JavaScript does; a part of it with each
way of making a rule is typed in a browser.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest
from msgspec.structs import replace
from playwright.sync_api import Page, expect

from spheres_core.forms import queries
from spheres_core.forms.meanings import MEANINGS
from spheres_core.forms.operations import drafts
from spheres_core.forms.operations.drafts import checked
from spheres_core.forms.rule_words import Condition, Conditions, conditions_of
from spheres_core.forms.schemas import Form, Question
from spheres_core.forms.views.editor_words import WITH_CHOICES, kind_code
from spheres_core.forms.views.rule_page import BLANK_CONDITIONS
from spheres_core.forms.xlsform.decompiler import draft_of_form
from spheres_core.forms.xlsform.draft_changes import AROUND_OTHERS, kind_of, list_of
from spheres_core.forms.xlsform.drafts import Cells, Draft, DraftRow
from spheres_core.forms.xlsform.reader import read
from spheres_core.foundation.tenancy.context import Context
from spheres_core.testing import World, definition
from tests.journeys.conftest import Site
from tests.journeys.form_authors import FORMS, Author, ByKeyboard, ByPosts
from tests.journeys.page_checks import check_with_axe

FORM: Final = read(Path(__file__).parents[2] / "plugins" / "montreal" / "forms" / "referral.md", key="referral")
WANTED: Final[Draft] = draft_of_form(FORM)
PART_NAMES: Final = (
    "agreement", "knows", "agrees", "no_contact_details", "about", "age_known", "age",
    "referrer", "referrer_email", "referrer_phone",
)  # fmt: skip
"""Rows that are typed in the browser: groups, lists with and without what they are counted as, a rule of conditions
and one with a group, and each rule there is. All types of answer are among those that are posted: the page of a
question is the same for each."""
MOST_CHOICES: Final = 4
"""Choices of one list that are typed in the browser: one more than there are empty rows."""
LANGUAGES: Final = ("fr", "en")
VOCABULARY: Final = ("select_one", "${", "begin_group", "label::")
"""Words of XLSForm."""


def part_of(draft: Draft) -> Draft:
    """Returns the rows of the part; the rows of a group that is left out stand on their own."""
    rows, inside = [], [False]
    for row in draft.survey:
        kind = kind_of(row)
        is_kept = row.cells.get("name", "") in PART_NAMES
        if kind in AROUND_OTHERS:
            inside.append(is_kept)
        if inside.pop() if kind == "end" else is_kept:
            rows.append(row)
    lists = sorted({list_of(row.cells) for row in rows} - {""})
    choices = [[row for row in draft.choices if row.cells["list_name"] == name][:MOST_CHOICES] for name in lists]
    return replace(draft, survey=tuple(rows), choices=tuple(row for rows in choices for row in rows))


@pytest.fixture
def drafted_site(site: Site) -> Iterator[Site]:
    """A site where nobody writes the form `part`."""

    async def clear(ctx: Context) -> None:
        if await queries.find_draft(ctx, "part"):
            await drafts.discard(ctx, "part")

    site.behind(lambda: site.world.act("montreal", clear))
    yield site
    site.behind(lambda: site.world.act("montreal", clear))


def test_a_referral_form_is_built_in_words_without_javascript_and_asked(shared_world: World) -> None:
    world = shared_world.renew(definition("east", "quebec", "montreal"))
    author = ByPosts(world)
    begin(author, "referral")
    build_questions(author, WANTED, "referral")
    build_rules(author, WANTED, "referral")
    author.send_form("/publish")

    form = world.act("east", lambda ctx: queries.current(ctx, "referral"))
    print(f"\n{author.told()}")
    assert described(form) == described(FORM)
    assert not [word for word in VOCABULARY if word in author.seen]
    assert "La jeune personne sait-elle" in world.get("/t/east/fr/refer").text
    assert author.pages < 120


def test_a_part_of_it_is_typed_by_keyboard_alone(drafted_site: Site, page: Page) -> None:
    site = drafted_site
    site.sign_in(page, "montreal", "administrator")
    page.goto(site.url("montreal", "en", FORMS))
    author = ByKeyboard(page)
    author.tab_to(page.locator("button[value=file]"))
    part = part_of(WANTED)
    begin(author, "part")
    build_questions(author, part, "part")
    build_rules(author, part, "part")
    found = check_with_axe(page)

    form = site.behind(lambda: site.world.act("montreal", part_as_read))
    print(f"\n{author.told()}")
    wanted = [
        each | {"choices": each["choices"][:MOST_CHOICES]}
        for each in described(FORM)
        if each["path"].rpartition(".")[2] in PART_NAMES
    ]
    assert described(form) == wanted
    assert len(wanted) == len(PART_NAMES)
    assert found == []
    assert not [word for word in VOCABULARY if word in author.seen]


def test_a_question_is_dragged_by_mouse_and_moved_by_keys(drafted_site: Site, page: Page) -> None:
    """It goes before the row on which it is let go, out of its group; the keys move it on, and keep the focus."""
    site = drafted_site
    site.behind(lambda: site.world.act("montreal", begin_part))
    site.sign_in(page, "montreal", "administrator")
    page.goto(site.url("montreal", "en", f"{FORMS}/part"))
    rows = page.locator("[data-row]")
    before = rows.evaluate_all(IDS)
    moved = rows.nth(2).get_attribute("data-row")
    row = page.locator(f"#q-{moved}")

    with page.expect_response("**/order"):
        row.locator(".row-words").drag_to(rows.nth(0).locator("> .row-head > .row-words"))
    expect(rows.nth(0)).to_have_attribute("data-row", str(moved))
    dragged = rows.evaluate_all(IDS)
    with page.expect_response("**/order"):
        row.locator("> .row-head [value=down]").press("Enter")
    expect(rows.nth(1)).to_have_attribute("data-row", str(moved))

    assert dragged == [moved, *(each for each in before if each != moved)]
    expect(row.locator("> .row-head [value=down]")).to_be_focused()
    stored = site.behind(lambda: site.world.act("montreal", lambda ctx: queries.stored_draft(ctx, "part")))
    kept = [each.id for each in stored.draft.survey if kind_of(each) != "end"]
    assert kept == rows.evaluate_all(IDS) == [before[0], moved, *(each for each in before[1:] if each != moved)]


IDS: Final = "all => all.map(each => each.dataset.row)"


async def begin_part(ctx: Context) -> None:
    await drafts.begin_empty(ctx, "part")
    await drafts.change(ctx, "part", lambda draft: replace(draft, survey=with_ids(part_of(WANTED).survey)))


def with_ids(rows: tuple[DraftRow, ...]) -> tuple[DraftRow, ...]:
    return tuple(DraftRow(str(uuid4()), row.cells) for row in rows)


async def part_as_read(ctx: Context) -> Form:
    form = checked(ctx, await queries.stored_draft(ctx, "part")).form
    assert form is not None
    return form


def begin(author: Author, key: str) -> None:
    author.type("key", key)
    author.send("empty", "act")
    for language in LANGUAGES:
        author.type(f"title.{language}", WANTED.settings[f"form_title::{language}"])
    author.send_form("/title")


def build_questions(author: Author, draft: Draft, key: str) -> None:
    """Writes every question with its choices, group by group."""
    inside, is_open = False, False
    for place, row in enumerate(draft.survey):
        kind = kind_of(row)
        if kind == "end":
            inside = False
            continue
        if not is_open:
            author.follow(f"{FORMS}/{key}/question")
        write_question(author, row.cells, draft)
        following = kind_of(draft.survey[place + 1]) if place + 1 < len(draft.survey) else "end"
        inside = (inside or kind in AROUND_OTHERS) and following != "end"
        is_open = following != "end" and (inside or following not in AROUND_OTHERS)
        author.send("next" if is_open else "done")


def write_question(author: Author, cells: Cells, draft: Draft) -> None:
    for language in LANGUAGES:
        author.type(f"label::{language}", cells.get(f"label::{language}", ""))
    author.choose("kind", kind_code(cells))
    for language in LANGUAGES:
        author.type(f"hint::{language}", cells.get(f"hint::{language}", ""))
    if cells.get("required") == "yes":
        author.choose("required", "yes")
    if meaning := cells.get("meaning", ""):
        author.choose("meaning", meaning)
        if MEANINGS[meaning].codes:
            author.counted_from_now()
    if kind_code(cells) in WITH_CHOICES:
        write_choices(author, [row.cells for row in draft.choices if row.cells["list_name"] == list_of(cells)])
    author.open_more()
    for column in ("required_message", "constraint_message"):
        for language in LANGUAGES:
            author.type(f"{column}::{language}", cells.get(f"{column}::{language}", ""))
    author.type("name", cells["name"])


def write_choices(author: Author, choices: list[Cells]) -> None:
    """Fills row after row; when there is none left, asks for more."""
    for number, cells in enumerate(choices):
        starts = [each.removesuffix("name") for each in author.names(".name")]
        if number == len(starts):
            author.more_choices()
            starts = [each.removesuffix("name") for each in author.names(".name")]
        start = starts[number]
        for language in LANGUAGES:
            author.type(f"{start}label::{language}", cells[f"label::{language}"])
        if cells.get("meaning"):
            author.choose(f"{start}meaning", cells["meaning"])
        author.type(f"{start}name", cells["name"])


def build_rules(author: Author, draft: Draft, key: str) -> None:
    """Makes every rule of conditions in words."""
    rows = [row for row in draft.survey if kind_of(row) != "end"]
    questions = author.links("/question?id=")
    assert len(questions) == len(rows)
    for row, question in zip(rows, questions, strict=True):
        for rule in ("relevant", "required", "constraint"):
            cell = row.cells.get(rule, "")
            if not cell or cell == "yes":
                continue
            author.follow(question)
            author.follow(f"which={rule}")
            found = conditions_of(cell)
            assert found is not None
            build_rule(author, found)
            author.follow(question)
            author.follow(f"{FORMS}/{key}#q-{question.rpartition('=')[2]}")


def build_rule(author: Author, rule: Conditions) -> None:
    """Fills the empty conditions of the page as often as it takes; a group begins in the one that is opened."""
    author.choose("join", rule.join)
    done = 0
    for part in [*rule.conditions, None]:
        if done and (part is None or isinstance(part, Conditions) or done % BLANK_CONDITIONS == 0):
            author.send("words")
        if isinstance(part, Condition):
            write_condition(author, part, done)
            done += 1
        elif part is not None:
            assert len(part.conditions) <= BLANK_CONDITIONS
            author.open_more()
            room = len(author.names("question"))
            for number, each in enumerate(part.conditions, room - BLANK_CONDITIONS):
                assert isinstance(each, Condition)
                write_condition(author, each, number)
            author.choose(author.names("join.")[-1], part.join)
            author.send("words")


def write_condition(author: Author, condition: Condition, number: int) -> None:
    author.choose("question", condition.question, number)
    author.choose("comparison", condition.comparison, number)
    author.type("value", condition.value, number)


def described(form: Form) -> list[dict[str, Any]]:
    """Returns what a form asks, whatever its lists are called and wherever a choice says its code."""
    return [_described(form, question) for question in form.walk()]


def _described(form: Form, question: Question) -> dict[str, Any]:
    rules = {name: getattr(question, name) for name in ("relevant", "required", "constraint")}
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

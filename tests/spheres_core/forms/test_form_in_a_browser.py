"""The form in a browser, with the real templates: what is asked appears, what is not disappears, nothing is lost."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Final
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Page, Route, expect

from spheres_core.app import page_files
from spheres_core.forms.answers import check
from spheres_core.forms.expressions import clock_of_day
from spheres_core.forms.posted_answers import from_pairs
from spheres_core.forms.references import rules_of
from spheres_core.forms.schemas import Form
from spheres_core.forms.views.fields import browser_rules, fields
from spheres_core.forms.xlsform.reader import read
from spheres_core.foundation.languages.localization import REGISTRY, Locale
from spheres_core.foundation.web.rendering import make_environment

TODAY: Final = dt.date(2026, 11, 21)
ADDRESS: Final = "http://forms.test/"
POLICY: Final = "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self'"
ENGLISH: Final = Locale((REGISTRY["en-CA"], REGISTRY["fr-CA"]), {})
TEMPLATE: Final = """
{% import "macros/fields.html" as fields with context %}
<!doctype html><html lang="en-CA"><head><title>t</title>
<link rel="stylesheet" href="/static/site/fields.css"><script type="module" src="/static/forms/form.js"></script></head>
<body><form method="post" action="/" data-form-rules="{{ rules }}" data-today="{{ today }}">
{{ fields.all(form) }}<button id="send">Send</button></form></body></html>
"""
FORM: Final = read(
    b"""
| survey |
| | type | name | label::en | relevant | calculation | choice_filter | required |
| | select_one yn | knows | Knows | | | | |
| | text | why | Why | ${knows} = 'no' | | | ${knows} = 'no' |
| | integer | age | Age | | | | |
| | calculate | minor | | | if(${age} < 18, 'yes', 'no') | | |
| | note | told | At ${age} she decides: ${knows} | ${minor} = 'yes' | | | |
| | date | born | Born | | | | |
| | text | recent | Recent | ${born} >= '2020-01-01' | | | |
| | select_one state | state | State | | | | |
| | select_one county | county | County | ${state} != '' | | ${state} = place | |
| | begin_repeat | child | Child | | | | |
| | text | who | Who | | | | |
| | integer | years | Years | ${who} != '' | | | |
| | end_repeat | | | | | | |
| | text | many | Many | count(${child}) > 1 | | | |
| choices |
| | list_name | name | label::en | place |
| | yn | yes | Yes | |
| | yn | no | No | |
| | state | north | North | |
| | state | south | South | |
| | county | elm | Elm | north |
| | county | oak | Oak | south |
""",
    key="x",
    suffix=".md",
)


@pytest.fixture(scope="session")
def base_url() -> str:
    return ADDRESS


class Served:
    """The form on a page, and what was posted from it."""

    def __init__(self, page: Page, form: Form, values: dict[str, Any] | None) -> None:
        self.page = page
        self.form = form
        self.posted: list[tuple[str, str]] = []
        environment = make_environment(page_files.template_folders(), page_files.static_files())
        self.html = environment.from_string(TEMPLATE).render(
            locale=ENGLISH,
            frame={"lang": "en-CA"},
            form=fields(form, values, locale=ENGLISH, today=TODAY),
            rules=json.dumps(browser_rules(form, ENGLISH, clock_of_day(TODAY.isoformat()))),
            today=TODAY.isoformat(),
        )
        page.route("**/*", self.answer)
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        page.goto(ADDRESS)

    def answer(self, route: Route) -> None:
        request = route.request
        path = request.url.removeprefix(ADDRESS.rstrip("/"))
        if request.method == "POST":
            self.posted = parse_qsl(request.post_data or "", keep_blank_values=True)
        if path.startswith("/static/"):
            address, _, version = path.removeprefix("/static/").partition("?v=")
            file = page_files.static_files().answer(address, version, "")
            assert file is not None
            route.fulfill(body=file.content, content_type=file.media_type)
        else:
            route.fulfill(
                body=self.html,
                content_type="text/html; charset=utf-8",
                headers={"content-security-policy": POLICY},
            )

    def question(self, name: str) -> Any:
        return self.page.locator(f'[data-question="{name}"]')

    def field(self, name: str) -> Any:
        return self.page.locator(f'[name="{name}"]')

    def send(self) -> dict[str, Any]:
        """What the server makes of what the browser sends."""
        self.page.locator("#send").click()
        self.page.wait_for_load_state()
        return check(self.form, from_pairs(self.form, self.posted), today=TODAY).values


@pytest.fixture
def served(page: Page) -> Served:
    return Served(page, FORM, {})


def choose(served: Served, name: str, value: str) -> None:
    served.page.locator(f'[name="{name}"][value="{value}"]').check()


def test_a_question_appears_when_it_is_asked_and_keeps_what_was_written(served: Served) -> None:
    expect(served.question("why")).to_be_hidden()

    choose(served, "knows", "no")
    served.field("why").fill("because")
    choose(served, "knows", "yes")
    expect(served.question("why")).to_be_hidden()
    choose(served, "knows", "no")

    expect(served.field("why")).to_have_value("because")
    assert served.errors == []


def test_what_is_not_asked_is_not_sent(served: Served) -> None:
    choose(served, "knows", "no")
    served.field("why").fill("because")
    choose(served, "knows", "yes")

    kept = served.send()

    assert "why" not in dict(served.posted)
    assert kept["knows"] == "yes"


def test_computed_answers_decide_and_words_follow(served: Served) -> None:
    expect(served.question("told")).to_be_hidden()

    served.field("age").fill("16")
    choose(served, "knows", "yes")

    expect(served.question("told")).to_contain_text("At 16 she decides: Yes")


def test_a_date_in_three_fields_is_one_date(served: Served) -> None:
    for part, text in (("day", "3"), ("month", "2"), ("year", "2021")):
        served.field(f"born.{part}").fill(text)

    expect(served.question("recent")).to_be_visible()
    assert served.send()["born"] == "2021-02-03"


def test_a_filter_leaves_only_the_choices_that_fit(served: Served) -> None:
    choose(served, "state", "south")

    expect(served.question("county").locator('[data-choice="elm"]')).to_be_hidden()
    choose(served, "county", "oak")
    choose(served, "state", "north")
    kept = served.send()

    assert kept["state"] == "north"
    assert "county" not in kept


def test_entries_are_added_taken_away_and_put_back(served: Served) -> None:
    page = served.page
    served.field("child[0].who").fill("A")
    expect(served.question("child[0].years")).to_be_visible()
    expect(served.question("many")).to_be_hidden()

    page.locator("[data-add-entry]").click()
    served.field("child[1].who").fill("B")
    expect(served.question("many")).to_be_visible()
    entries = page.locator("[data-entry]")
    entries.nth(0).locator("[data-remove-entry]").click()
    expect(served.question("many")).to_be_hidden()
    entries.nth(0).locator("[data-restore-entry]").click()

    expect(served.field("child[0].who")).to_have_value("A")
    assert served.send()["child"] == [{"who": "A"}, {"who": "B"}]


def test_a_change_judges_only_what_depends_on_it(served: Served) -> None:
    """The control is an entry that comes: then everything is judged."""
    served.page.evaluate(
        "document.forms[0].addEventListener('spheres:judged', (event) => { window.evaluated = event.detail.evaluated })"
    )
    all_rules = sum(len(list(rules_of(question))) for question in FORM.walk())

    served.field("age").fill("16")
    assert served.page.evaluate("evaluated") == 2  # the computed `minor` and whether `told` is shown
    served.field("why").evaluate("field => field.dispatchEvent(new Event('input', {bubbles: true}))")
    assert served.page.evaluate("evaluated") == 2  # whether `why` itself is shown, and is required
    served.page.locator("[data-add-entry]").click()
    assert served.page.evaluate("evaluated") >= all_rules


def test_an_entry_taken_away_is_not_sent(served: Served) -> None:
    served.field("child[0].who").fill("A")
    served.page.locator("[data-add-entry]").click()
    served.field("child[1].who").fill("B")
    served.page.locator("[data-entry]").nth(0).locator("[data-remove-entry]").click()

    assert served.send()["child"] == [{"who": "B"}]


def test_an_answer_that_becomes_required_is_marked(served: Served) -> None:
    choose(served, "knows", "no")

    expect(served.question("why").locator("[data-optional]")).to_be_hidden()


def test_what_was_sent_is_shown_again(page: Page) -> None:
    sent = {"knows": "no", "why": "x", "child": [{"who": "A"}, {"who": "B"}], "born": "2021-02-03"}

    served = Served(page, FORM, sent)

    expect(served.question("why")).to_be_visible()
    expect(served.field("child[1].who")).to_have_value("B")
    expect(served.field("born.day")).to_have_value("03")
    assert served.send() == {**sent, "minor": "no"}


def test_without_javascript_everything_is_asked(plain: Page) -> None:
    served = Served(plain, FORM, {})

    expect(served.question("why")).to_be_visible()
    expect(served.page.locator("button[data-add-entry]")).to_be_hidden()
    served.field("why").fill("x")
    choose(served, "knows", "no")

    assert served.send() == {"knows": "no", "why": "x", "minor": "no"}


BEGUN: Final = read(
    b"""
| survey |
| | type | name | label::en | default | read_only | relevant | guidance_hint::en | appearance |
| | select_one yn | knows | Knows | no | | | Do not press her. | |
| | text | why | Why | | | ${knows} = 'no' | | |
| | text | code | Code | X-1 | yes | | | |
| | select_multiple yn | both | Both | yes no | yes | | | |
| | text | also | Also | | | ${code} = 'X-1' and selected(${both}, 'no') | | |
| | date | since | Since | | | | | month-year |
| | text | recent | Recent | | | ${since} >= '2026-01-01' | | |
| choices |
| | list_name | name | label::en |
| | yn | yes | Yes |
| | yn | no | No |
""",
    key="begun",
    suffix=".md",
)


def test_a_form_begins_with_its_defaults_and_sends_what_nobody_changes(page: Page) -> None:
    served = Served(page, BEGUN, None)

    expect(served.question("why")).to_be_visible()
    expect(served.question("also")).to_be_visible()
    expect(served.question("recent")).to_be_hidden()
    expect(served.question("code")).to_contain_text("X-1")
    expect(served.question("both")).to_contain_text("Yes")
    served.field("since.month").fill("3")
    served.field("since.year").fill("2026")
    expect(served.question("recent")).to_be_visible()

    sent = served.send()

    assert sent == {"knows": "no", "code": "X-1", "both": ["yes", "no"], "since": "2026-03-01"}
    assert served.errors == []


def test_guidance_opens_by_the_keyboard_and_is_there_in_print(page: Page) -> None:
    served = Served(page, BEGUN, None)
    words = served.question("knows").get_by_text("Do not press her.")

    expect(words).to_be_hidden()
    page.emulate_media(media="print")
    expect(words).to_be_visible()
    page.emulate_media(media="screen")
    expect(words).to_be_hidden()
    served.question("knows").locator("summary").press("Enter")
    expect(words).to_be_visible()
    assert served.errors == []


COUNTED: Final = read(
    b"""
| survey |
| | type | name | label::en | calculation | repeat_count | parameters |
| | integer | how_many | How many | | | |
| | integer | double | Double | ${how_many} * 2 | | |
| | begin_repeat | child | Child | | ${how_many} | |
| | text | who | Who | | | |
| | end_repeat | | | | | |
| | time | hour | Hour | | | |
| | note | told | At ${hour} of ${moment}: ${order} | | | |
| | dateTime | moment | Moment | | | |
| | rank things | order | Order | | | |
| | range | few | Few | | | start=0 end=4 step=2 |
| | note | sum | ${few} | | | |
| choices |
| | list_name | name | label::en |
| | things | a | Apple |
| | things | b | Bread |
| | things | c | Cheese |
""",
    key="x",
    suffix=".md",
)


def test_entries_come_and_go_with_their_number_and_keep_what_was_written(page: Page) -> None:
    served = Served(page, COUNTED, {})
    expect(page.locator("[data-entry]")).to_have_count(0)

    served.field("how_many").fill("2")
    served.field("child[0].who").fill("A")
    served.field("child[1].who").fill("B")
    served.field("how_many").fill("1")
    expect(served.field("child[1].who")).to_be_hidden()
    served.field("how_many").fill("2")

    expect(served.field("child[1].who")).to_have_value("B")
    expect(served.question("double").locator(".fixed")).to_have_text("4")
    assert served.send() == {"how_many": 2, "double": 4, "child": [{"who": "A"}, {"who": "B"}]}
    assert not served.errors


def test_times_rankings_and_ranges_are_heard_of_at_once_and_sent_in_full(page: Page) -> None:
    served = Served(page, COUNTED, {})

    for name, value in (("hour.hour", "9"), ("hour.minute", "5"), ("moment.year", "2026"), ("moment.month", "2"),
                        ("moment.day", "3"), ("moment.hour", "0"), ("moment.minute", "0")):  # fmt: skip
        served.field(name).fill(value)
    served.field("order.1").select_option("c")
    served.field("order.2").select_option("a")
    served.field("order.3").select_option("b")
    choose(served, "few", "2")

    expect(served.question("told")).to_contain_text("At 09:05 of 2026-02-03T00:00: Cheese, Apple, Bread")
    expect(served.question("sum")).to_contain_text("2")
    assert served.send() == {
        "hour": "09:05",
        "moment": "2026-02-03T00:00",
        "order": ["c", "a", "b"],
        "few": 2,
    }
    assert not served.errors


def test_an_answer_that_gets_a_place_leaves_its_other_one(page: Page) -> None:
    served = Served(page, COUNTED, {"order": ["a", "b", "c"]})

    served.field("order.1").select_option("c")

    assert [served.field(f"order.{place}").input_value() for place in (1, 2, 3)] == ["c", "b", "a"]

"""Somebody who writes a form and whose keys are counted: by posting what pages hold, or by typing in a browser."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Final
from uuid import uuid4

import httpx
from playwright.sync_api import Locator, Page, expect

from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.operations import accounts, sign_in
from spheres_core.testing import World
from tests.journeys.conftest import PASSWORD
from tests.journeys.page_forms import PageForm, ReadPage, Stop

FORMS: Final = "administration/forms"
TYPED_IN_A_MINUTE: Final = 200
"""Characters that a person types who looks for her words."""
KEYS_IN_A_MINUTE: Final = 120
"""Keys that she presses to find her way."""


class Author(ABC):
    """Somebody who works with the keyboard only, and whose keys are counted."""

    def __init__(self) -> None:
        self.characters = 0
        self.keys = 0
        self.pages = 0
        self.seen = ""

    @abstractmethod
    def type(self, name: str, text: str, nth: int = 0) -> None:
        """Types into the `nth` field of a name."""

    @abstractmethod
    def choose(self, name: str, value: str, nth: int = 0) -> None:
        """Chooses in a list, or among radio buttons."""

    @abstractmethod
    def open_more(self) -> None:
        """Opens what the last thing to open on the page hides."""

    @abstractmethod
    def send(self, value: str, name: str = "_do") -> None:
        """Presses the button that says this, and goes on to the next page."""

    @abstractmethod
    def send_form(self, action: str) -> None:
        """Presses the only button of the form whose action ends so, and goes on to the next page."""

    @abstractmethod
    def follow(self, address: str) -> None:
        """Follows the link whose address ends so."""

    @abstractmethod
    def names(self, part: str) -> list[str]:
        """Returns the names of fields that hold a text, in order."""

    @abstractmethod
    def links(self, part: str) -> list[str]:
        """Returns the addresses of links that hold a text, in order."""

    @abstractmethod
    def more_choices(self) -> None:
        """Asks for further rows of choices."""

    @abstractmethod
    def counted_from_now(self) -> None:
        """Makes sure that the column of what choices are counted as is there, once a meaning is chosen."""

    def told(self) -> str:
        """Returns how long it takes by hand."""
        minutes = self.characters / TYPED_IN_A_MINUTE + self.keys / KEYS_IN_A_MINUTE
        return (f"{self.pages} pages, {self.keys} keys to find her way, {self.characters} characters: "
                f"about {minutes:.0f} minutes by hand")  # fmt: skip


class ByPosts(Author):
    """She has no JavaScript: what is posted is what the page holds."""

    def __init__(self, world: World) -> None:
        super().__init__()
        email = f"{uuid4().hex}@example.org"

        async def signing_in(ctx: Context) -> str:
            await accounts.create_account(ctx, email, name="Camille", roles=["content_editor"], password=PASSWORD)
            return await sign_in.sign_in(ctx, email, PASSWORD)

        self.world = world
        self.headers = {"cookie": f"spheres_east={world.act('east', signing_in)}"}
        self.open(f"/t/east/en/{FORMS}")

    def open(self, address: str) -> None:
        self._show(self.world.get(address.partition("#")[0], headers=self.headers))

    def _show(self, answer: httpx.Response) -> None:
        if answer.status_code == 303:
            self.open(answer.headers["location"])
            return
        assert answer.status_code == 200, answer.text
        self.text = answer.text
        self.page = ReadPage(answer.text)
        self.at = 0
        self.seen += " ".join(self.page.words) if "rule" not in str(answer.url.path).rpartition("/")[2] else ""

    def _go_to(self, stop: Stop) -> None:
        self._move(self.page.stops.index(stop))

    def _move(self, there: int) -> None:
        self.keys += (there - self.at) % len(self.page.stops)
        self.at = there

    def _field(self, name: str, nth: int) -> PageForm:
        places = [place for place, each in enumerate(self.page.stops) if each.name == name]
        self._move(places[min(nth, len(places) - 1)])
        form = self.page.owners[self.at]
        assert form is not None
        return form

    def type(self, name: str, text: str, nth: int = 0) -> None:
        if text:
            self._field(name, nth).fill(name, text, nth)
            self.characters += len(text)

    def choose(self, name: str, value: str, nth: int = 0) -> None:
        assert f'value="{value}"' in self.text
        self._field(name, nth).fill(name, value, nth)
        self.keys += 1

    def open_more(self) -> None:
        self._go_to([stop for stop in self.page.stops if stop.element == "summary"][-1])
        typed = [form.fields for form in self.page.forms]
        self.page = ReadPage(self.text, is_open=True)
        for form, fields in zip(self.page.forms, typed, strict=True):
            form.fields = fields
        self.keys += 1

    def send(self, value: str, name: str = "_do") -> None:
        self._go_to(Stop("button", name, value))
        self._post(next(each for each in self.page.forms if (name, value) in each.buttons), (name, value))

    def send_form(self, action: str) -> None:
        self._go_to(Stop("button"))
        self._post(next(each for each in self.page.forms if each.action.endswith(action)), ("", ""))

    def _post(self, form: PageForm, button: tuple[str, str]) -> None:
        headers = {**self.headers, "content-type": "application/x-www-form-urlencoded"}
        self.keys += 1
        self.pages += 1
        self._show(self.world.post(form.action, headers=headers, content=form.body(button)))

    def follow(self, address: str) -> None:
        (link,) = {each for each in self.links("") if each.endswith(address)}
        self._go_to(Stop("a", value=link))
        self.keys += 1
        self.pages += 1
        self.open(link)

    def names(self, part: str) -> list[str]:
        return [stop.name for stop in self.page.stops if part in stop.name]

    def links(self, part: str) -> list[str]:
        return [stop.value for stop in self.page.stops if stop.element == "a" and part in stop.value]

    def more_choices(self) -> None:
        self.send("more")

    def counted_from_now(self) -> None:
        self.send("save")


class ByKeyboard(Author):
    """She types in a browser."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page

    def go_to(self, wanted: str, nth: int = 0) -> str:
        """Moves the focus to a stop of the Tab key, and counts how often it would be pressed; returns what it is.

        The page is there as a whole, so that the element is asked for once and not waited for. `nth`: of those that
        the selector finds, from the end where it is negative.
        """
        steps, element = self.page.evaluate(GO_TO, [wanted, nth])
        assert steps is not None, f"no way to {wanted} by the Tab key"
        self.keys += steps
        return str(element)

    def tab_to(self, wanted: Locator) -> None:
        """Does the same by pressing the key: a control for the way in which stops are counted."""
        for _ in range(wanted.evaluate(STEPS)):
            self.page.keyboard.press("Tab")
        assert wanted.evaluate("element => element === document.activeElement"), wanted

    def type(self, name: str, text: str, nth: int = 0) -> None:
        if text:
            self.go_to(f"main [name='{name}']:not([type=hidden])", nth)
            self.page.keyboard.insert_text(text)
            self.characters += len(text)

    def choose(self, name: str, value: str, nth: int = 0) -> None:
        wanted = f"main select[name='{name}'], main [name='{name}']:checked"
        self.keys += 1
        if self.go_to(wanted, nth) == "select":
            self.page.locator(wanted).nth(nth).select_option(value)
        else:
            self.page.keyboard.press("ArrowRight")

    def open_more(self) -> None:
        self.go_to("main summary", -1)
        self.page.keyboard.press("Enter")
        self.keys += 1

    def send(self, value: str, name: str = "_do") -> None:
        self._leave_by(f"main button[name='{name}'][value='{value}']", -1)

    def send_form(self, action: str) -> None:
        self._leave_by(f"main form[action$='{action}'] button")

    def follow(self, address: str) -> None:
        self._leave_by(f"main a[href$='{address}']")

    def _leave_by(self, wanted: str, nth: int = 0) -> None:
        self.seen += "" if "/rule" in self.page.url else self.page.locator("main").inner_text()
        self.go_to(wanted, nth)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.keys += 1
        self.pages += 1

    def names(self, part: str) -> list[str]:
        found = self.page.locator(f"main [name*='{part}']").evaluate_all("all => all.map(each => each.name)")
        return [str(each) for each in found]

    def links(self, part: str) -> list[str]:
        found = self.page.locator(f"main a[href*='{part}']")
        return [str(each) for each in found.evaluate_all("all => all.map(each => each.getAttribute('href'))")]

    def more_choices(self) -> None:
        self.go_to("[data-more-choices]")
        self.page.keyboard.press("Enter")
        self.keys += 1

    def counted_from_now(self) -> None:
        expect(self.page.locator("th[data-counted]")).to_be_visible()


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
GO_TO: Final = f"""
([wanted, nth]) => {{
  const element = [...document.querySelectorAll(wanted)].at(nth);
  if (!element) throw new Error(`${{document.URL}} has no ${{wanted}}`);
  const steps = ({STEPS})(element);
  element.focus();
  return [steps, element.localName];
}}
"""

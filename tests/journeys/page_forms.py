"""Reads a page as somebody without JavaScript meets it: the stops of the Tab key, and what each form would post."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final, NamedTuple
from urllib.parse import urlencode

_VOID: Final = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})


class Stop(NamedTuple):
    """A stop of the Tab key: an element with its name and value, or with its address."""

    element: str
    name: str = ""
    value: str = ""


class PageForm:
    """A form of a page, with the fields that would be posted."""

    def __init__(self, action: str) -> None:
        self.action = action
        self.fields: list[tuple[str, str]] = []
        self.buttons: list[tuple[str, str]] = []

    def fill(self, name: str, value: str, nth: int = 0) -> None:
        """Gives another value to a field, the `nth` of its name."""
        place = [place for place, (each, _) in enumerate(self.fields) if each == name][nth]
        self.fields[place] = (name, value)

    def body(self, button: tuple[str, str]) -> bytes:
        """Returns what a browser posts when the button is pressed."""
        return urlencode([*self.fields, *([button] if button[0] else [])]).encode()


class ReadPage(HTMLParser):
    """The forms of a page, its stops in order, and its words. `is_open`: whether what can be opened is."""

    def __init__(self, page: str, *, is_open: bool = False) -> None:
        super().__init__()
        self._closed = not is_open
        self._in_summary = False
        self.forms: list[PageForm] = []
        self.stops: list[Stop] = []
        self.owners: list[PageForm | None] = []
        """The form of each stop."""
        self.words: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._form: PageForm | None = None
        self._select: tuple[str, list[str], list[str]] | None = None
        self._typed: str | None = None
        self.feed(page)
        self.close()

    @property
    def _is_hidden(self) -> bool:
        return any(hidden for _, hidden in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "summary" and self._open and self._open[-1] == ("details", True):
            self._open[-1] = ("details", False)
            self._in_summary = True
        hidden = "hidden" in given or tag in ("template", "script", "style")
        self._stop(tag, given, hidden=hidden)
        if tag == "form":
            self._form = PageForm(given.get("action", ""))
            self.forms.append(self._form)
        elif self._form is not None and "template" not in [each for each, _ in self._open]:
            self._field(tag, given)
        if tag not in _VOID:
            self._open.append((tag, hidden or (tag == "details" and self._closed and "open" not in given)))

    def _stop(self, tag: str, given: dict[str, str], *, hidden: bool) -> None:
        if hidden or self._is_hidden or "disabled" in given or given.get("tabindex") == "-1":
            return
        if tag in ("select", "textarea", "button", "summary") or (tag == "input" and given.get("type") != "hidden"):
            if given.get("type") != "radio" or "checked" in given:
                self.stops.append(Stop(tag, given.get("name", ""), given.get("value", "")))
                self.owners.append(self._form)
        elif tag == "a" and "href" in given:
            self.stops.append(Stop(tag, value=given["href"]))
            self.owners.append(None)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        assert self._form is not None
        name = given.get("name", "")
        if tag == "option" and self._select is not None:
            self._select[2 if "selected" in given else 1].append(given.get("value", ""))
        elif tag == "button" and "disabled" not in given:
            self._form.buttons.append((name, given.get("value", "")))
        elif not name or "disabled" in given:
            return
        elif tag == "select":
            self._select = (name, [], [])
        elif tag == "textarea":
            self._typed = ""
            self._form.fields.append((name, ""))
        elif tag == "input" and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            self._form.fields.append((name, given.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._typed is not None:
            self._typed += data
        elif not self._is_hidden:
            self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._typed is not None and self._form is not None:
            self._form.fields[-1] = (self._form.fields[-1][0], self._typed.removeprefix("\n"))
            self._typed = None
        elif tag == "select" and self._select is not None and self._form is not None:
            name, offered, chosen = self._select
            self._form.fields.append((name, (chosen or offered or [""])[0]))
            self._select = None
        while any(each == tag for each, _ in self._open) and self._open.pop()[0] != tag:
            pass
        if tag == "summary" and self._in_summary:
            self._open[-1] = ("details", True)
            self._in_summary = False

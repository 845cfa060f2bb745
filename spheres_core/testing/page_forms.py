"""Finds a form on a page by the labels of its fields, as a person does, and what a browser would send of it."""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from msgspec import Struct, field


class PageForm(Struct):
    """One form of a page: where it goes, what stands in it, and its fields by their labels."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)


def form_with(html: str, typed: Mapping[str, object]) -> PageForm:
    """Returns the page's first form that has all these labels, filled in. AssertionError where there is none."""
    reader = _Reader()
    reader.feed(html)
    forms = reader.forms()
    found = next((each for each in forms if typed.keys() <= each.fields.keys()), None)
    labels = [*dict.fromkeys(label for each in forms for label in each.fields)]
    assert found is not None, f"no form of the page has {', '.join(typed)}; it has {', '.join(labels) or 'no fields'}"
    found.values |= {found.fields[label]: str(value) for label, value in typed.items()}
    return found


class _Reader(HTMLParser):
    """Collects forms with their inputs; labels are tied to them at the end, by `for`."""

    def __init__(self) -> None:
        super().__init__()
        self._forms: list[tuple[PageForm, dict[str, str]]] = []
        self._labels: dict[str, str] = {}
        self._label: str | None = None
        self._open = ""
        """The name of the `select` or `textarea` that is being read."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._forms.append((PageForm(given.get("action", "")), {}))
        elif tag == "label":
            self._label = given.get("for")
        elif tag in ("input", "textarea", "select") and self._forms and given.get("name"):
            form, ids = self._forms[-1]
            ids[given.get("id", "")] = given["name"]
            ticked = given.get("type") not in ("checkbox", "radio") or "checked" in given
            if tag != "input" or ticked:
                form.values[given["name"]] = given.get("value", "")
            self._open = given["name"] if tag != "input" else ""
        elif tag == "option" and self._open and ("selected" in given or not self._forms[-1][0].values[self._open]):
            self._forms[-1][0].values[self._open] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._label = None
        elif tag in ("select", "textarea"):
            self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open and self.lasttag == "textarea":
            self._forms[-1][0].values[self._open] += data
        if self._label is not None:
            self._labels[self._label] = f"{self._labels.get(self._label, '')}{data}".strip()

    def forms(self) -> list[PageForm]:
        """Returns the forms with the labels of their fields."""
        for form, ids in self._forms:
            form.fields = {self._labels[id_]: name for id_, name in ids.items() if id_ in self._labels}
        return [form for form, _ in self._forms]

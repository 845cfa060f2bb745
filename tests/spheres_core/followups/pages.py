"""Pages as somebody of the staff opens them, without JavaScript."""

from __future__ import annotations

from html import unescape
from typing import Any

import httpx

from tests.spheres_core.followups.conftest import Person


class Browser:
    """A browser in which somebody is signed in."""

    def __init__(self, person: Person, language: str = "en") -> None:
        self.person, self._start = person, f"/t/{person.team.slug}/{language}/staff/"

    def get(self, path: str) -> httpx.Response:
        cookie = {"cookie": self.person.headers["cookie"]}
        return self.person.team.world.get(path if path.startswith("/t/") else self._start + path, headers=cookie)

    def read(self, path: str) -> str:
        """The page's text as it stands in the HTML."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return unescape(answer.text)

    def send(self, path: str, **fields: Any) -> httpx.Response:
        """Posts a form of a page."""
        address = path if path.startswith("/t/") else self._start + path
        sent = {"_csrf": self.person.headers["x-csrf-token"], **fields}
        cookie = {"cookie": self.person.headers["cookie"]}
        return self.person.team.world.post(address, data=sent, headers=cookie)

    def done(self, path: str, **fields: Any) -> str:
        """Posts a form, and returns the page that it leads to."""
        answer = self.send(path, **fields)
        assert answer.status_code == 303, unescape(answer.text)
        return self.read(answer.headers["location"])

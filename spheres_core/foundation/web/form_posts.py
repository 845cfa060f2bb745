"""Reads a form as a browser posts it without JavaScript: names and values, in order."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request

from spheres_core.foundation.web.problems import URL_ENCODED, Malformed, WrongKind

MOST_FIELDS = 20_000


class Post:
    """A form as a browser sent it: its pairs, in order. Names that begin with `_` are the page's own."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self.pairs = pairs
        self.own = {name: value for name, value in pairs if name.startswith("_")}

    def __getitem__(self, name: str) -> str:
        """Returns the first value sent under a name; empty when there is none."""
        return next((value for sent, value in self.pairs if sent == name), "")

    def every(self, name: str) -> list[str]:
        """Returns each value sent under a name: the boxes that were ticked."""
        return [value for sent, value in self.pairs if sent == name]


async def read_post(request: Request[Any, Any, Any]) -> Post:
    """Returns the pairs of a posted form. Raises `WrongKind` and `Malformed`."""
    if not request.headers.get("content-type", "").startswith(URL_ENCODED):
        raise WrongKind
    try:
        body = (await request.body()).decode("ascii")
        return Post(parse_qsl(body, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS))
    except ValueError:
        raise Malformed from None

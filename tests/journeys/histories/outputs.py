"""Every route of the region's app that answers to reading, and what in an answer could be somebody's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from spheres_core.consents.queries.policies import TABLES
from spheres_core.testing import World

TOKEN: Final = re.compile(
    r"kanari[a-z]{12}|\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|\b[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}\b"
)
"""Words, ids of rows and codes."""
LEAVING: Final = ("sign-out", "sign-in", "recovery", "invitation")
"""Pages on which a session begins or ends."""
NAMED_OTHERWISE: Final[Mapping[str, str]] = {
    "requests": "service_requests", "dates": "vulnerable_dates", "items": "agenda_items"
}  # fmt: skip
"""What stands before an id in an address, where it is not the name of the table."""

ASKED_WITH: Final[Mapping[str, str]] = {"/why": "class=encounters"}
"""What an address is asked with, by its end, where it answers nothing otherwise."""


class Route(NamedTuple):
    """A route of the app by one method."""

    method: str
    path: str
    takes_purpose: bool

    @property
    def is_file(self) -> bool:
        """Returns whether it lies in one participant's file."""
        return "{participant:" in self.path

    def table(self) -> str:
        """Returns the table of the record that an address names; empty where none does, or it cannot be told."""
        before = re.search(r"([a-z-]+)/\{id:uuid\}", self.path)
        name = before[1].replace("-", "_") if before else ""
        if name == "activities":
            return "outing_invitations" if self.is_file else "outings"
        return NAMED_OTHERWISE.get(name, name)

    def address(self, code: str, ids: Mapping[str, Sequence[UUID]], number: int = 0) -> str:
        """Returns an address of it, below the region's own. `number`: which of her records, where there are several."""
        path = self.path.replace("{participant:str}", code).replace("{language:str}", "en")
        known = ids.get(self.table()) or [each for some in ids.values() for each in some] or [UUID(int=1)]
        path = path.replace("{channel:str}", "phone").replace("{id:uuid}", str(known[number % len(known)]))
        return re.sub(r"\{\w+:\w+\}", "x", path)

    def query(self, purpose: str | None) -> str:
        """Returns what it is asked with. `purpose`: of whoever reads, where it can be named."""
        parts = [asked for end, asked in ASKED_WITH.items() if self.path.endswith(end)]
        parts += [f"purpose={purpose}"] if purpose and self.takes_purpose else []
        return "?" + "&".join(parts) if parts else ""


def routes(world: World, slug: str) -> list[Route]:
    """Returns every route of a region's app, so that a new one is among them by itself."""
    found = set()
    for route in world.loaded(slug).plugins.app.routes:
        assert isinstance(route, HTTPRoute), route
        for method in route.methods - {"OPTIONS", "HEAD"}:
            handler = route.route_handler_map[method][0]
            assert isinstance(handler, HTTPRouteHandler)
            found.add(Route(method, route.path, "for_purpose" in handler.parsed_fn_signature.parameters))
    return sorted(each for each in found if not any(word in each.path for word in LEAVING))


def tokens(text: str, *asked: str) -> set[str]:
    """Returns what in an output could be somebody's. `asked`: what was sent, and may come back."""
    for each in asked:
        text = text.replace(each, "")
    return set(TOKEN.findall(text))


def ids_of(world: World, participant: UUID) -> dict[str, list[UUID]]:
    """Returns the ids of a participant's records by table."""
    found: dict[str, list[UUID]] = {}
    names: Iterator[str] = iter((*(TABLES.keys() - {"participants"}), "consents", "exclusions"))
    for name in names:
        if rows := world.sql(f"SELECT id FROM {name} WHERE participant_id = %s ORDER BY id", participant):
            found[name] = [row[0] for row in rows]
    to = world.sql("SELECT outing_id FROM outing_invitations WHERE participant_id = %s", participant)
    meetings = world.sql("SELECT DISTINCT meeting_id FROM agenda_items WHERE participant_id = %s", participant)
    return found | {"outings": [row[0] for row in to], "meetings": [row[0] for row in meetings]}

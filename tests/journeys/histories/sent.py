"""What was sent in a history, and what was answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import httpx

from tests.journeys.histories.kept import Held, Ledger
from tests.journeys.histories.outputs import Route
from tests.spheres_core.followups.conftest import Person


class Sent(NamedTuple):
    """What somebody sent, what was answered, and what was kept and decided before."""

    person: Person
    route: Route
    asked: str
    answer: httpx.Response
    kept: Mapping[str, Sequence[Held]]
    before: Ledger

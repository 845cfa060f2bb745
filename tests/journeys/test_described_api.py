"""The API keeps to its own description: requests made from it, right and wrong, in each region."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote, urlencode

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.testing import World, definition
from tests.examples import examples
from tests.journeys.test_hostile_input import check_refusal
from tests.journeys.wire import Probe, send

REGIONS: Final = ("south",)
"""The one whose plugin set has most: what the other would answer is in it."""
EXAMPLES: Final = {GenerationMode.POSITIVE: 6, GenerationMode.NEGATIVE: 3}
"""Requests for each operation and region; the ordinary run sends a third of them, since making a request from a schema
takes twenty times as long as answering it: two as described, the first of which hypothesis makes as small as may be,
and one otherwise, which breaks the description at a place that is drawn for each operation. An operation that takes
nothing but parts of its address is sent one, as described: test_isolation.py puts words, ids and secrets of all kinds
there, over every route."""
DRAWN: Final = 60
"""Characters at most in a text that must match a pattern: one of up to 20,000 takes a second to draw, and a limit of
characters is checked like that of any other text (test_hostile_input.py)."""
STATEFUL: Final = ("/on", "/off")
"""Switching a plugin builds an app each time; the rule tests do that."""


@pytest.fixture(scope="module")
def world(shared_world: World, machine: Machine) -> World:
    theirs = ("quebec", "outaouais", *(["regional_intake"] if "regional_intake" in machine.plugins else []))
    return shared_world.renew(definition("south", *theirs))


def operations(world: World, slug: str, mode: GenerationMode) -> Iterator[tuple[str, bool, Any]]:
    """Each operation that the description names, if it takes more than its address, and a strategy for requests."""
    document = world.get(f"/t/{slug}/api/openapi.json").json()
    schema = schemathesis.openapi.from_dict(_quick_to_draw(document))
    for result in schema.get_all_operations():
        operation = result.ok()
        takes_more = bool(len(operation.body) or len(operation.query))
        if not operation.path.endswith(STATEFUL) and (takes_more or mode is GenerationMode.POSITIVE):
            yield operation.label, takes_more, operation.as_strategy(generation_mode=mode)


def _quick_to_draw(described: Any) -> Any:
    """Returns the description with shorter texts where they must match a pattern."""
    if isinstance(described, list):
        return [_quick_to_draw(each) for each in described]
    if not isinstance(described, dict):
        return described
    part = {name: _quick_to_draw(each) for name, each in described.items()}
    if isinstance(part.get("pattern"), str) and isinstance(part.get("maxLength"), int):
        part["maxLength"] = min(part["maxLength"], DRAWN)
    return part


def probe_of(slug: str, case: Any, token: str) -> Probe:
    """A generated case as the bytes it stands for."""
    path = case.path
    for name, value in (case.path_parameters or {}).items():
        path = path.replace("{" + name + "}", quote(str(value), safe=""))
    query = urlencode({k: v if isinstance(v, str) else str(v) for k, v in (case.query or {}).items()}, errors="replace")
    headers = [(str(k), str(v)) for k, v in (case.headers or {}).items() if _fits(str(v))]
    headers += [("authorization", token), ("content-type", case.media_type or "application/json")]
    body = b"" if case.body is None or not _is_body(case.body) else msgspec.json.encode(case.body)
    start = "" if path.startswith("/t/") else f"/t/{slug}"
    return Probe(case.method.upper(), start + path + (f"?{query}" if query else ""), tuple(headers), body)


def _fits(value: str) -> bool:
    return value.isprintable() and value.isascii()


def _is_body(value: Any) -> bool:
    try:
        msgspec.json.encode(value)
    except (TypeError, UnicodeEncodeError, msgspec.MsgspecError):
        return False
    return True


def statuses_of(world: World, slug: str, cases: Any, token: str, *, number: int) -> set[int]:
    """What so many requests of one operation were answered; each clearly."""
    seen: set[int] = set()

    @settings(max_examples=number, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=cases)
    def ask(case: Any) -> None:
        probe = probe_of(slug, case, token)
        answer = send(world, probe)
        seen.add(answer.status)
        assert answer.status < 500, (probe, answer)
        if answer.status >= 400:
            check_refusal(answer, probe)

    with contextlib.suppress(Unsatisfiable):  # what takes nothing cannot be asked otherwise
        ask()
    return seen


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as described", "otherwise"])
@pytest.mark.parametrize("slug", REGIONS)
def test_every_operation_answers_generated_requests_clearly(world: World, slug: str, mode: GenerationMode) -> None:
    token = world.bearer(slug, "coordinator", "administrator", "privacy_officer")["Authorization"]
    found = {
        label: statuses_of(world, slug, cases, token, number=examples(EXAMPLES[mode] if takes_more else 1, least=1))
        for label, takes_more, cases in operations(world, slug, mode)
    }
    assert len(found) >= 12, "the description names the operations"
    if mode is GenerationMode.POSITIVE:
        read = [label for label, seen in found.items() if label.startswith("GET") and 200 in seen]
        assert len(read) >= 4, found

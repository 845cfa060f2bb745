"""The questions that the HSDS API specification lets be asked of lists."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.hsds.operations.import_directory import ImportResult, import_document
from spheres_core.testing import World, definition
from tests.spheres_core.partners.test_hsds import SERVICE, validate


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world.renew(definition("full", "quebec", "montreal"))


def found(world: World, query: str, kind: str = "services") -> set[str]:
    answer = world.get(f"/t/full/api/hsds/{kind}?per_page=500&full=true&{query}")
    assert answer.status_code == 200, answer.text
    return {each["x_spheres"]["entry"]["key"] for each in answer.json()["contents"]}


def test_lists_are_narrowed_as_the_specification_says(world: World) -> None:
    everything = found(world, "")

    assert found(world, "search=HEBERGEMENT") | found(world, "search=h%C3%A9bergement") < everything
    assert found(world, "search=HEBERGEMENT") == found(world, "search=h%C3%A9bergement") != set()
    assert found(world, "search=no+such+words") == set()
    assert "en_marge_12_17" in found(world, "search=en+marge", "organizations")
    needs = {
        each["taxonomy_term"]["id"]: each["taxonomy_term"]["code"]
        for record in world.get("/t/full/api/hsds/services?full=true&per_page=500").json()["contents"]
        for each in record.get("attributes", ())
    }
    for id_, code in needs.items():
        assert found(world, f"taxonomy_term_id={id_}") == found(world, f"taxonomy_term_id={code}") != set()
    assert found(world, "taxonomy_id=SPH%C3%88RES+needs&taxonomy_term_id=none") == set()
    assert found(world, "taxonomy_id=SPH%C3%88RES+needs") == {"en_marge_shelter", "marie_vincent_psychotherapy"}


def test_what_changed_since_a_moment_is_told(world: World) -> None:
    before = found(world, "")
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=2)
    world.now = later

    async def take_in(ctx: Context) -> ImportResult:
        return await import_document(ctx, json.dumps(SERVICE).encode())

    world.act("full", take_in)
    day = (later - dt.timedelta(days=1)).date()

    assert len(found(world, f"modified_after={day}")) == 1
    assert found(world, f"modified_after={day}") == found(world, f"modified_after={day}T00:00:00Z")
    assert found(world, "modified_after=2020-01-01") > before
    assert world.get("/t/full/api/hsds/services?modified_after=soon").status_code == 422
    short: list[dict[str, Any]] = world.get("/t/full/api/hsds/services?minimal=true").json()
    assert {tuple(each) for each in short} == {("id", "modified_date")}
    assert len(short) == len(before) + 1


def test_all_records_come_one_a_line_when_that_is_asked(world: World) -> None:
    for kind in ("service", "organization"):
        answer = world.get(f"/t/full/api/hsds/{kind}s?format=ndjson&full=true")
        lines = answer.text.splitlines()

        assert answer.headers["content-type"].startswith("application/x-ndjson")
        assert len(lines) == world.get(f"/t/full/api/hsds/{kind}s").json()["total_items"]
        for line in lines:
            validate(json.loads(line), kind)
    assert world.get("/t/full/api/hsds/services?format=xml").status_code in (400, 422)
    whole = world.get("/t/full/api/hsds/organizations?full_service=true&search=en+marge").json()["contents"]
    assert whole[0]["services"]

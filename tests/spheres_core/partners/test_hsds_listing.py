"""The questions that the HSDS API specification lets be asked of lists."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.hsds.operations.import_directory import Imported, import_document
from spheres_core.testing import House, MakeHouse, definition
from tests.spheres_core.partners.test_hsds import SERVICE, validate


@pytest.fixture
def house(make_house: MakeHouse) -> House:
    return make_house(definition("full", "quebec", "montreal"))


def found(house: House, query: str, kind: str = "services") -> set[str]:
    answer = house.get(f"/t/full/api/hsds/{kind}?per_page=500&full=true&{query}")
    assert answer.status_code == 200, answer.text
    return {each["x_spheres"]["entry"]["key"] for each in answer.json()["contents"]}


def test_lists_are_narrowed_as_the_specification_says(house: House) -> None:
    everything = found(house, "")

    assert found(house, "search=HEBERGEMENT") | found(house, "search=h%C3%A9bergement") < everything
    assert found(house, "search=HEBERGEMENT") == found(house, "search=h%C3%A9bergement") != set()
    assert found(house, "search=no+such+words") == set()
    assert "en_marge_12_17" in found(house, "search=en+marge", "organizations")
    needs = {
        each["taxonomy_term"]["id"]: each["taxonomy_term"]["code"]
        for record in house.get("/t/full/api/hsds/services?full=true&per_page=500").json()["contents"]
        for each in record.get("attributes", ())
    }
    for id_, code in needs.items():
        assert found(house, f"taxonomy_term_id={id_}") == found(house, f"taxonomy_term_id={code}") != set()
    assert found(house, "taxonomy_id=SPH%C3%88RES+needs&taxonomy_term_id=none") == set()
    assert found(house, "taxonomy_id=SPH%C3%88RES+needs") == {"en_marge_shelter", "marie_vincent_psychotherapy"}


def test_what_changed_since_a_moment_is_told(house: House) -> None:
    before = found(house, "")
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=2)
    house.now = later

    async def take_in(ctx: Context) -> Imported:
        return await import_document(ctx, json.dumps(SERVICE).encode())

    house.act("full", take_in)
    day = (later - dt.timedelta(days=1)).date()

    assert len(found(house, f"modified_after={day}")) == 1
    assert found(house, f"modified_after={day}") == found(house, f"modified_after={day}T00:00:00Z")
    assert found(house, "modified_after=2020-01-01") > before
    assert house.get("/t/full/api/hsds/services?modified_after=soon").status_code == 422
    short: list[dict[str, Any]] = house.get("/t/full/api/hsds/services?minimal=true").json()
    assert {tuple(each) for each in short} == {("id", "modified_date")}
    assert len(short) == len(before) + 1


def test_all_records_come_one_a_line_when_that_is_asked(house: House) -> None:
    for kind in ("service", "organization"):
        answer = house.get(f"/t/full/api/hsds/{kind}s?format=ndjson&full=true")
        lines = answer.text.splitlines()

        assert answer.headers["content-type"].startswith("application/x-ndjson")
        assert len(lines) == house.get(f"/t/full/api/hsds/{kind}s").json()["total_items"]
        for line in lines:
            validate(json.loads(line), kind)
    assert house.get("/t/full/api/hsds/services?format=xml").status_code in (400, 422)
    whole = house.get("/t/full/api/hsds/organizations?full_service=true&search=en+marge").json()["contents"]
    assert whole[0]["services"]

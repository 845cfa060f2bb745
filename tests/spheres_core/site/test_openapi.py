"""Each tenant describes its own API."""

from __future__ import annotations

import jsonschema
import pytest

from spheres_core.testing import MakeWorld, definition


@pytest.mark.parametrize("plugins", [("quebec", "montreal"), ("quebec", "outaouais")])
def test_a_tenants_document_has_its_own_form_with_an_example_that_is_valid_today(
    make_world: MakeWorld, plugins: tuple[str, ...]
) -> None:
    world = make_world(definition("north", *plugins))
    document = world.get("/t/north/api/openapi.json").json()

    sent = document["paths"]["/api/referrals"]["post"]["requestBody"]["content"]["application/json"]
    example = sent["examples"]["referral"]["value"]
    form = {"$ref": "#/components/schemas/FormReferral", "components": document["components"]}

    jsonschema.Draft202012Validator(form).validate(example["answers"])
    assert world.post("/t/north/api/referrals", json=example).status_code == 201


def test_two_regions_do_not_describe_the_same_form(make_world: MakeWorld) -> None:
    world = make_world(definition("north", "quebec", "montreal"), definition("south", "quebec", "outaouais"))

    north, south = (
        {
            name: schema
            for name, schema in world.get(f"/t/{slug}/api/openapi.json").json()["components"]["schemas"].items()
            if name.startswith("FormReferral")
        }
        for slug in ("north", "south")
    )

    assert north != south

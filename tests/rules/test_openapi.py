"""Each operation of the API is described: its answer, who may call it and what it is for, the same in any language."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Any, Final

import pytest
from litestar import Litestar, get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Response
from litestar.routes import HTTPRoute
from msgspec import Struct

from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.web.guards import is_public, nobody
from spheres_core.testing import MakeWorld, World, definition

FREE: Final = {
    "/api/hsds/services/{id}": "shaped by the HSDS specification",
    "/api/hsds/organizations/{id}": "shaped by the HSDS specification",
    "/api/admin/plugins/{plugin}/export": "a zip archive",
    "/api/forms/{key}/export/{kind}": "a form as a file",
    "/api/participants/{participant}/emergency-plan/card": "what she may carry, as a file",
    "/api/participants/{participant}/portrait": "a page that she may keep, as a file",
    "/api/referrals/{id}/attachments/{attachment}": "a file of a referral",
    "/api/workshops/file": "a csv file",
    "/api/referrals/export": "a workbook, a csv file or a zip of them",
}
"""Operations whose answer is no struct of ours, and why."""


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return make_world(definition("north", "quebec", "montreal", "regional_intake"))


def described(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    """Method, path as the document writes it, and handler of each operation that is described."""
    for route in app.routes:
        if isinstance(route, HTTPRoute) and route.path.startswith("/api/"):
            for handler in route.route_handlers:
                if handler.resolve_include_in_schema() and nobody not in handler.resolve_guards():
                    path = route.path_format
                    yield from ((str(method).lower(), path, handler) for method in handler.http_methods
                                if method != "OPTIONS")  # fmt: skip


def is_struct(annotation: Any) -> bool:
    """Whether an annotation is a struct, a page of them, or a response with one."""
    origin = typing.get_origin(annotation)
    if origin is Response:
        return is_struct(typing.get_args(annotation)[0])
    return isinstance(origin or annotation, type) and issubclass(origin or annotation, Struct)


def plugin_set(world: World) -> PluginSet:
    loaded = world.run(world.runtime.load("north"))
    assert loaded is not None
    return loaded.plugins


def document(world: World, language: str = "fr") -> dict[str, Any]:
    found: dict[str, Any] = world.get("/t/north/api/openapi.json", headers={"accept-language": language}).json()
    return found


def test_each_operation_answers_with_a_struct(world: World) -> None:
    loose = {
        path
        for _, path, handler in described(plugin_set(world).app)
        if not is_struct(handler.parsed_fn_signature.return_type.annotation)
    }
    assert loose == set(FREE)


def test_each_operation_says_what_it_is_for_and_who_may_call_it(world: World) -> None:
    paths = document(world)["paths"]
    seen = 0
    for method, path, handler in described(plugin_set(world).app):
        operation = paths[path][method]
        for key in ("summary", "description"):
            assert operation.get(key), f"{method} {path} has no {key}"
        assert len(operation.get("tags", [])) == 1, f"{method} {path} has not one tag"
        expected = [] if is_public(handler.resolve_guards()) else [{"token": []}]
        assert operation["security"] == expected, f"{method} {path}"
        seen += 1
    assert seen > 40


def test_names_of_components_are_plain_and_the_same_in_every_language(world: World) -> None:
    french, english = document(world, "fr"), document(world, "en")

    assert (
        french["components"]["schemas"]["FormReferralAgreement"]
        != (english["components"]["schemas"]["FormReferralAgreement"])
    ), "the control: texts are in the reader's language"
    for name in (*french["components"]["schemas"], *(each["operationId"] for each in operations(french))):
        assert name.isidentifier() and name.isascii(), name
    assert list(french["components"]["schemas"]) == list(english["components"]["schemas"])
    assert [each["operationId"] for each in operations(french)] == [each["operationId"] for each in operations(english)]


def operations(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for each in made["paths"].values():
        yield from each.values()


def titled(value: Any) -> Iterator[str]:
    """Titles of schemas: generators name classes after them."""
    if isinstance(value, dict):
        if isinstance(value.get("title"), str):
            yield value["title"]
        for each in value.values():
            yield from titled(each)
    elif isinstance(value, list):
        for each in value:
            yield from titled(each)


def test_no_schema_has_a_title_from_which_a_generator_would_take_another_name(world: World) -> None:
    schemas = document(world)["components"]["schemas"]
    assert {name: found for name, schema in schemas.items() if (found := set(titled(schema)) - {name})} == {}


def test_each_default_of_a_parameter_is_among_its_values(world: World) -> None:
    """Generators of clients leave a route out whose default is none of its values."""
    wrong, seen = [], 0
    for path, methods in document(world)["paths"].items():
        for method, operation in methods.items():
            for each in operation.get("parameters", ()):
                schema = each.get("schema", {})
                seen += "enum" in schema
                if "enum" in schema and schema.get("default", schema["enum"][0]) not in schema["enum"]:
                    wrong.append(f"{method} {path} {each['name']}")

    assert wrong == []
    assert seen >= 3


def test_what_is_loose_is_noticed() -> None:
    """The control: an answer that is any object."""

    @get("/api/loose")
    async def loose() -> dict[str, Any]:
        return {}

    app = Litestar([loose], openapi_config=None, logging_config=None)
    assert [is_struct(each.parsed_fn_signature.return_type.annotation) for _, _, each in described(app)] == [False]

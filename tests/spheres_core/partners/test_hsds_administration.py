"""Taking a directory in by API and page: a look first, then the change; and writing the whole of it out."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.foundation.content.json_documents import join, lines
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.hsds.operations.import_directory import ImportResult, import_document
from spheres_core.partners.hsds.queries.directory import whole_directory
from spheres_core.staff.operations import accounts
from spheres_core.testing import World, definition
from tests.spheres_core.partners.test_hsds import SERVICE, validate

FILE: Final = json.dumps(SERVICE, indent=1)
PASSWORD: Final = "a quiet harbour in november"
IMPORT: Final = "/t/town/api/admin/partners/import"


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world.renew(definition("town"), definition("full", "quebec", "montreal"), definition("copy"))


def post(world: World, query: str = "", content: str = FILE, role: str = "administrator") -> Any:
    headers = world.bearer("town", role) | {"content-type": "application/json", "accept-language": "en"}
    return world.post(f"{IMPORT}{query}", content=content.encode(), headers=headers)


def sign_in(world: World) -> str:
    """Sign an administrator in on the pages; the secret that forms carry."""

    async def employ(ctx: Context) -> None:
        await accounts.create_account(ctx, "admin@example.org", name="A", roles=["administrator"], password=PASSWORD)

    world.act("town", employ)
    world.get("/t/town/en/sign-in")
    world.post("/t/town/en/sign-in", data={"email": "admin@example.org", "password": PASSWORD})
    page = world.get("/t/town/en/administration/partners").text
    return page.partition('name="_csrf" value="')[2].partition('"')[0]


def services(world: World) -> int:
    return int(world.get("/t/town/api/hsds/services").json()["total_items"])


def test_a_look_says_what_would_change_and_the_change_is_the_same(world: World) -> None:
    tried = post(world, "?dry_run=true")
    assert tried.status_code == 200
    assert services(world) == 0

    done = post(world)
    assert done.json() == tried.json() | {"dry_run": False}
    assert done.json()["counts"]["add"] == 4
    assert services(world) == 1
    assert [each["severity"] for each in done.json()["findings"]] == ["warning"] * len(done.json()["findings"])
    again = post(world).json()
    assert again["changes"] == []


def test_only_who_administers_may_take_a_directory_in(world: World) -> None:
    assert post(world, role="coordinator").status_code == 403
    assert world.post(IMPORT, content=FILE.encode(), headers={"content-type": "application/json"}).status_code == 401
    assert services(world) == 0


def test_all_that_is_wrong_is_said_with_its_place_and_line_and_nothing_is_imported(world: World) -> None:
    other = "0b5c3a52-0000-4000-8000-000000000001"
    broken = {**SERVICE, "id": other, "status": "open", "assured_date": "yesterday", "name": ""}
    text = json.dumps([SERVICE, broken], indent=1)
    answer = post(world, content=text)

    assert answer.status_code == 422
    assert services(world) == 0
    said = answer.json()
    found = {each["path"]: each["line"] for each in said["findings"]}
    assert {"/1/name", "/1/assured_date"} <= set(found)
    assert '"assured_date": "yesterday"' in text.splitlines()[found["/1/assured_date"] - 1]
    assert {each["path"] for each in said["errors"]} == set(found)


@pytest.mark.parametrize(
    ("query", "code"), [("?source=a%2Fb", "source_invalid"), ("?text_language=%3F", "language_invalid")]
)
def test_the_options_of_an_import_are_checked_too(world: World, query: str, code: str) -> None:
    answer = post(world, query)

    assert answer.status_code == 422
    assert answer.json()["code"] == code


def test_the_page_shows_first_and_changes_when_it_is_told_to(world: World) -> None:
    form = {"_csrf": sign_in(world), "source": "211", "act": "preview"}
    upload = {"document": ("services.json", FILE.encode(), "application/json")}
    looked = world.post("/t/town/en/administration/partners", data=form, files=upload)

    assert looked.status_code == 200
    assert "What would change" in looked.text
    assert "Take it in" in looked.text
    assert services(world) == 0
    sent = form | {"act": "import", "document": FILE, "name": "services.json"}
    taken = world.post("/t/town/en/administration/partners", data=sent, files={"more": b""})
    assert "The directory is up to date." in taken.text
    assert services(world) == 1
    without = world.post("/t/town/en/administration/partners", data=form, files={"more": b""})
    assert without.status_code == 422
    assert "Choose a file" in without.text
    wrong = {"document": ("services.json", b'[{"id": 1}]', "application/json")}
    refused = world.post("/t/town/en/administration/partners", data=form, files=wrong)
    assert refused.status_code == 422
    assert "/0/id" in refused.text


def test_what_is_written_out_is_valid_and_comes_back_the_same(world: World) -> None:
    post(world)
    for slug in ("town", "full"):
        first = world.act(slug, whole_directory)
        for each in first["organizations"]:
            validate(each, "organization")

        async def take_in(ctx: Context, document: Any = first, slug: str = slug) -> ImportResult:
            return await import_document(ctx, json.dumps(document).encode(), source=slug)

        world.act("copy", take_in)
    second = {each["id"]: each for each in world.act("copy", whole_directory)["organizations"]}

    assert [second[each["id"]] for each in first["organizations"]] == first["organizations"]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


@given(values, st.sampled_from([None, 1, 2]), st.booleans())
def test_every_pointer_has_the_line_on_which_it_stands(value: Any, indent: int | None, plain: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=plain)
    found = lines(text)
    rows = text.split("\n")

    def walk(pointer: str, inner: Any) -> None:
        assert pointer in found
        if isinstance(inner, dict):
            for name, each in inner.items():
                assert json.dumps(name, ensure_ascii=plain) in rows[found[join(pointer, name)] - 1]
                walk(join(pointer, name), each)
        elif isinstance(inner, list):
            for number, each in enumerate(inner):
                walk(join(pointer, number), each)

    walk("", value)

"""Each hostile upload is refused with its reason, in time, and nothing of it is kept."""

from __future__ import annotations

import html
import re
from typing import Final

import pytest

from spheres_core.staff.operations import accounts
from spheres_core.testing import World, definition
from tests.hostile.uploads import UPLOADS, region

PASSWORD: Final = "un chat dort sous la lune"
PACKS: Final = "/t/north/en/administration/packs"


@pytest.fixture(scope="module")
def world(shared_world: World) -> World:
    shared_world.renew(definition("north", "quebec"))
    her = {"name": "A", "roles": ["administrator"], "password": PASSWORD}
    shared_world.act("north", lambda ctx: accounts.create_account(ctx, "a@exemple.ca", **her))  # type: ignore[arg-type]
    assert shared_world.post("/t/north/en/sign-in", data={"email": "a@exemple.ca", "password": PASSWORD}).is_redirect
    return shared_world


def upload(world: World, data: bytes) -> tuple[int, str]:
    """The status, and the page that comes back."""
    secret = re.findall(r'name="_csrf" value="(\w+)"', world.get("/t/north/en/account").text)[0]
    files = {"pack": ("a.zip", data, "application/zip")}
    answer = world.post(PACKS, data={"_csrf": secret, "id": "north"}, files=files)
    return answer.status_code, html.unescape(re.sub(r"<[^>]+>", "", answer.text)) if answer.status_code != 303 else ""


@pytest.mark.parametrize("name", UPLOADS)
def test_it_is_refused_with_its_reason_and_nothing_is_kept(world: World, name: str) -> None:
    status, page = upload(world, UPLOADS[name].file())

    told = " ".join(page.partition("Nothing was kept.")[2].partition("Upload a pack")[0].split()).replace("’", "'")
    assert (status, UPLOADS[name].said in told) == (422, True), told
    assert world.sql("SELECT count(*) FROM own_packs") == [(0,)]


def test_the_control_is_taken(world: World) -> None:
    assert upload(world, region())[0] == 303
    world.sql("DELETE FROM own_packs")

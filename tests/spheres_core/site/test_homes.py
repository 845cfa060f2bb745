"""Every role that is offered begins on a page with its work, and finds no empty menu."""

from __future__ import annotations

import re
from typing import Final

import pytest

from spheres_core.staff.operations import accounts
from spheres_core.staff.schemas import ROLES
from spheres_core.testing import World, definition

PASSWORD: Final = "trois rivières au printemps"
LANGUAGES: Final = ("fr", "en")


@pytest.mark.parametrize("role", ROLES)
def test_each_role_begins_on_a_page_of_its_own_and_every_link_of_its_menu_opens(shared_world: World, role: str) -> None:
    world = shared_world.renew(definition("north"))
    world.act("north", lambda ctx: accounts.create_account(
        ctx, "a@example.org", name="Noor", roles=(role,), password=PASSWORD
    ))  # fmt: skip

    async def story() -> None:
        for language in LANGUAGES:
            start = f"/t/north/{language}/"
            async with world.make_browser() as browser:
                answer = await browser.post(f"{start}sign-in", data={"email": "a@example.org", "password": PASSWORD})
                first = answer.headers["location"]
                assert not first.endswith("/account"), "the own account is nobody's work"
                page = (await browser.get(first)).text
                main = page.partition("<main")[2].partition("</main>")[0]
                assert len(re.sub(r"<[^>]+>|\\s+", " ", main).split()) > 10, first
                (menu,) = re.findall(r'<nav class="staff-nav".*?</nav>', page, re.DOTALL) or [page]
                links = {each for each in re.findall(r'href="([^"#?]+)"', menu) if each.startswith(start)}
                assert first in links
                for each in sorted(links):
                    assert (await browser.get(each)).status_code == 200, each

    world.run(story())

"""A whole server on a real port, with both regions and people on the staff; and a browser to visit it with."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

import pytest
from granian.constants import Interfaces
from granian.server.embed import Server
from playwright.sync_api import Page

from spheres_core.foundation.languages.locale_files import declared_by
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.tenants import Definition, read_definition
from spheres_core.staff.operations import accounts
from spheres_core.staff.operations import sign_in as begin
from spheres_core.staff.queries.members import member_with_address
from spheres_core.testing import World, world_maker
from tests.wait import LIMIT, wait_for_answer

T = TypeVar("T")
ROOT: Final = Path(__file__).parents[2]
PASSWORD: Final = "une longue phrase pour les essais"


class Site:
    """The server as a test visits it. What a test does behind its pages runs in a thread of its own, because the
    browser's library keeps a loop running in this one."""

    def __init__(self, world: World, origin: str, behind: ThreadPoolExecutor) -> None:
        self.world = world
        self.origin = origin
        self._behind = behind

    def url(self, tenant: str, language: str, path: str = "") -> str:
        return f"{self.origin}/t/{tenant}/{language}/{path}"

    def refer(self, tenant: str, **answers: Any) -> str:
        """Store a referral and give its receipt."""
        reply = self.behind(lambda: self.world.refer(tenant, {**self.world.example_answers(tenant), **answers}))
        assert reply.status_code == 201, reply.text
        return str(reply.json()["receipt"])

    def cookie(self, tenant: str) -> str:
        """The name of the cookie of a region's staff."""
        return f"spheres_{tenant.replace('-', '_')}"

    def session(self, tenant: str, role: str) -> str:
        """Begin a session of whoever has a role, and give the secret of its cookie."""
        email = f"{role}@example.org"
        return self.behind(lambda: self.world.act(tenant, lambda ctx: begin.sign_in(ctx, email, PASSWORD)))

    def sign_in(self, page: Page, tenant: str, role: str) -> None:
        """Give the browser such a session and no other; opens no page."""
        page.context.clear_cookies()
        cookie = {"name": self.cookie(tenant), "value": self.session(tenant, role), "url": self.origin}
        page.context.add_cookies([cookie])  # type: ignore[list-item]

    def sign_in_on_the_page(self, page: Page, tenant: str, language: str, role: str) -> None:
        """Sign in as a person does; leaves the page where staff land."""
        page.context.clear_cookies()
        page.goto(self.url(tenant, language, "sign-in"))
        page.locator("#email").fill(f"{role}@example.org")
        page.locator("#password").fill(PASSWORD)
        page.locator("main button").click()
        page.wait_for_selector(".me form")

    def behind(self, story: Callable[[], T]) -> T:
        """Do something behind the pages."""
        return self._behind.submit(story).result()


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A browser in a language of neither region, so that nothing may depend on it."""
    return {**browser_context_args, "locale": "de-DE", "timezone_id": "Europe/Berlin"}


@pytest.fixture(scope="session")
def base_url(site: "Site") -> str:
    return site.origin


@pytest.fixture(scope="session")
def regions(machine: Machine) -> list[Definition]:
    """Both regions as they are delivered."""
    languages = declared_by(each.manifest for each in machine.plugins.values())
    return [
        read_definition(path, installed=list(machine.plugins), languages=languages)[0]
        for path in sorted((ROOT / "tenants").glob("*.toml"))
    ]


@pytest.fixture(scope="session")
def site(cluster: Cluster, machine: Machine, migrated: str, regions: list[Definition]) -> Iterator[Site]:
    """One site for all journeys; each test adds what it needs."""
    with open_site(cluster, machine, migrated, regions) as found:
        yield found


@contextlib.contextmanager
def open_site(cluster: Cluster, machine: Machine, migrated: str, regions: Sequence[Definition]) -> Iterator[Site]:
    """A site of these regions with these plugins, on a port of its own."""
    with ThreadPoolExecutor(max_workers=1) as behind, world_maker(cluster, machine, migrated) as make_world:
        world = behind.submit(make_world, *regions).result()
        for region in regions:
            behind.submit(employ, world, region.slug).result()
        port = _free_port()
        stop = _serve(world, port)
        found = Site(world, f"http://127.0.0.1:{port}", behind)
        assert wait_for_answer(f"{found.origin}/health").status_code == 200
        yield found
        stop()
        behind.submit(world.close).result()


def employ(world: World, slug: str) -> None:
    for role in ("coordinator", "administrator"):
        world.act(
            slug,
            lambda ctx, role=role: accounts.create_account(
                ctx, f"{role}@example.org", name=f"Camille {role.title()}", roles=[role], password=PASSWORD
            ),
        )


async def who_signs_in(ctx: Context, role: str) -> UUID:
    """Returns the person whose session `Site.session` begins for a role; other tests may have added colleagues."""
    found = await member_with_address(ctx, f"{role}@example.org")
    assert found is not None, f"nobody signs in as {role}"
    return found


def _serve(world: World, port: int) -> Any:
    """Serves a second process on a port, in a thread with a loop of its own."""
    server = Server(world.make_dispatcher(), port=port, interface=Interfaces.ASGI, log_enabled=False, websockets=False)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(server.serve()), daemon=True)
    thread.start()

    def stop() -> None:
        loop.call_soon_threadsafe(server.stop)
        thread.join(timeout=LIMIT)
        loop.close()

    return stop


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])

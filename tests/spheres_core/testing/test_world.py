"""The world that tests share: what one test leaves in it, the next never meets."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

import pytest

from spheres_core.foundation.plugins.discovery import discover
from spheres_core.testing import World, definition, write_plugin

NOON: Final = dt.datetime(2026, 11, 21, 17, 0, tzinfo=dt.UTC)
OF_TENANTS: Final = "SELECT table_name FROM information_schema.columns WHERE column_name = 'tenant_id' ORDER BY 1"


def rows(world: World, slug: str) -> int:
    """How many rows there are that are not of this tenant."""
    ((mine,),) = world.sql("SELECT id FROM tenants WHERE slug = %s", slug)
    tables = [name for (name,) in world.sql(OF_TENANTS)]
    found = [world.sql(f"SELECT count(*) FROM {name} WHERE tenant_id <> %s", mine)[0][0] for name in tables]
    assert len(found) > 20
    return sum(found) + int(world.sql("SELECT count(*) FROM procrastinate_jobs")[0][0])


def test_a_renewed_world_keeps_no_row_no_cookie_and_no_clock(shared_world: World) -> None:
    world = shared_world.renew(definition("north", "quebec", "montreal"), definition("south"), now=NOON)
    assert world.refer("north").status_code == 201
    world.http.cookies.set("spheres", "of a test", domain="localhost")
    assert world.forward(days=1) == NOON + dt.timedelta(days=1)
    assert rows(world, "south") > 20

    world.renew(definition("south"))

    assert rows(world, "south") == 0
    assert not world.http.cookies
    assert world.now is None
    assert world.get("/t/north/fr/").status_code == 404
    assert world.get("/t/south/fr/").status_code == 200


@pytest.mark.parametrize("tier", ["pack", "code"])
def test_a_written_plugin_is_whole_and_can_be_written_anew(tmp_path: Path, tier: str) -> None:
    root = write_plugin(tmp_path, "small", tier=tier)
    assert root == tmp_path / "small"
    for version in ("1.0", "2.0"):
        write_plugin(tmp_path, "small", {"notes/a.md": version}, tier=tier, version=version)
        found = discover([tmp_path])
        assert dict(found.broken) == {}
        assert found.plugins["small"].manifest.version == version
        assert (root / "notes" / "a.md").read_text() == version

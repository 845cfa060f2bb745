"""A home that is laid by copying is as one that was made, and nobody else's."""

from __future__ import annotations

import contextlib
from pathlib import Path

import psycopg

from spheres_core import app
from spheres_core.foundation.database import migrations
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.postgres.cluster import Cluster
from tests.homes import lay_home


def test_two_homes_have_all_tables_of_the_core_and_share_nothing(tmp_path: Path) -> None:
    components = app.components(Machine({}, {}))
    with contextlib.ExitStack() as stack:
        clusters = [Cluster(lay_home(tmp_path / name)) for name in ("one", "other")]
        for each in clusters:
            stack.callback(each.stop)
            each.start()
            states = {told.state for told in migrations.status(each.urls().needed("owner"), components)}
            assert states == {"current"}
        with psycopg.connect(clusters[0].urls().needed("owner")) as db:
            db.execute("CREATE TABLE of_one (id int)")
        with psycopg.connect(clusters[1].urls().needed("owner")) as db:
            assert db.execute("SELECT to_regclass('of_one')").fetchone() == (None,)
        found = [each.status() for each in clusters]
        assert all(each.running for each in found)
        assert found[0].data != found[1].data

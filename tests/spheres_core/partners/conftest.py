"""Tenants with a directory, on a real database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from spheres_core.foundation.database import tenant_tables
from spheres_core.foundation.database.models import TenantRow
from spheres_core.foundation.database.schema import Base
from spheres_core.foundation.postgres.roles import OWNER
from tests.spheres_core.partners.region import ROOT, Region


class _Op:
    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def execute(self, text: str) -> None:
        self.connection.execute(sa.text(text))


@pytest.fixture
def urls(fresh_database: Callable[..., Any]) -> Any:
    """A database with the tables of the models and their row-level security."""
    made = fresh_database("partners")
    engine = sa.create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(made.owner))
    needed = {"tenants", *(t.name for t in Base.metadata.sorted_tables if "tenant_id" in t.c)}
    with engine.begin() as connection:
        connection.execute(sa.text(f"SET ROLE {OWNER}"))
        connection.execute(sa.text("CREATE SEQUENCE tenant_epoch"))
        Base.metadata.create_all(connection, [t for t in Base.metadata.sorted_tables if t.name in needed])
        for name in sorted(needed - {TenantRow.__tablename__}):
            tenant_tables.protect(_Op(connection), name)
        tenant_tables.grant(_Op(connection), "tenants", "SELECT")
        connection.execute(sa.text("GRANT USAGE ON SEQUENCE tenant_epoch TO spheres_app"))
    engine.dispose()
    return made


@pytest.fixture
def regions(urls: Any) -> Region:
    """The regions of this repository, none yet added."""
    return Region(urls, ROOT / "plugins")


@pytest.fixture
def own_region(urls: Any, tmp_path: Path) -> Region:
    """A region whose pack the test writes itself."""
    return Region(urls, tmp_path)

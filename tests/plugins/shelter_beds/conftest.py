"""The kit's fixtures, for this plugin: in its own folder they would find it by themselves."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def plugin_id() -> str:
    return "shelter_beds"

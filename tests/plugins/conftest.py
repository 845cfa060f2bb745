"""Says which plugin is tested here: the one that the tests' folder is named by."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def plugin_id(request: pytest.FixtureRequest) -> str:
    return request.path.parent.name

"""The second key, with which identities are sealed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from spheres_core.foundation import deployment
from spheres_core.foundation.encryption import Keyring


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("vault") / "vault-key.json"
    Keyring.load(path, create=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(deployment.VAULT_KEY_FILE, str(path))
        patch.setenv(deployment.HOME, str(path.parent))
        yield path

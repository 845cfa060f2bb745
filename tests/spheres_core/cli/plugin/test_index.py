"""`spheres plugin key`, `build --key` and `index`: what a publisher of plugins does."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from spheres_core.testing import write_plugin
from tests.plugins.planting import plant
from tests.spheres_core.cli.conftest import Spheres


def test_a_page_says_of_each_plugin_what_it_reads_sends_and_needs(spheres: Spheres, tmp_path: Path) -> None:
    plant(
        tmp_path / "plugins", "night_bus",
        manifest={
            "title": {"fr": "Bus de nuit", "en": "<b>Night bus</b>"},
            "data": {"categories": ["referral"], "sent_to": ["https://registry.example.org"]},
            "requires": {"python": {"packaging": ">=23"}},
        },
    )  # fmt: skip
    write_plugin(tmp_path / "plugins", "plain_words", {})

    made = spheres("plugin", "index", tmp_path / "plugins", "--out", tmp_path / "index.html")

    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert made.code == 0, made
    for words in ("&lt;b&gt;Night bus", "fr-CA, en-CA", "referral", "https://registry.example.org", "packaging", "MIT"):
        assert words in page
    assert page.count("<article") == 2
    assert "<script" not in page


def test_a_key_signs_what_an_operator_then_accepts(
    spheres: Spheres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path / "plugins", "night_bus")
    public = spheres("plugin", "key", tmp_path / "my.key", "--json").json["public"]
    built = spheres("plugin", "build", tmp_path / "plugins" / "night_bus", "--out", tmp_path / "dist", "--key",
                    tmp_path / "my.key")  # fmt: skip
    assert built.code == 0, built
    assert len(base64.b64decode(public)) == 32

    monkeypatch.setenv("SPHERES_PLUGINS", str(tmp_path / "plugins"))
    monkeypatch.setenv("SPHERES_TRUSTED_KEYS", public)
    listed = spheres("plugin", "list")

    assert listed.code == 1
    assert "It is not signed." in listed.err
    assert spheres("plugin", "key", tmp_path / "my.key").code == 1

"""`spheres plugin incidents`, `plugin uninstall` and `spheres referral`, as somebody at the keyboard meets them."""

from __future__ import annotations

from pathlib import Path

from tests.spheres_core.cli.conftest import Spheres

NOBODY = "0190b3c0-0000-7000-8000-000000000001"


def test_what_went_wrong_a_plugin_that_leaves_and_a_person_that_is_not_known(at_home: Spheres, tmp_path: Path) -> None:
    assert at_home("migrate").code == 0
    assert at_home("tenant", "apply", "tenants/montreal.toml", "--yes").code == 0

    assert at_home("plugin", "incidents", "--tenant", "montreal", "--json").json == {"incidents": []}
    assert "Nothing went wrong." in at_home("plugin", "incidents", "--tenant", "montreal").out

    refused = at_home("plugin", "uninstall", "quebec", "--yes", "--language", "fr")
    assert refused.code == 1
    assert "Désactivez-le d’abord là" in refused.err
    assert at_home("plugin", "uninstall", "regional_intake").code == 2, "nobody is there to ask"
    done = at_home("plugin", "uninstall", "regional_intake", "--json")
    assert (done.code, done.json["rows"], done.json["archive"]) == (0, {}, None), done
    assert at_home("plugin", "uninstall", "nothing", "--json").code == 1
    assert at_home("migrate").code == 0, "its folder is still there: it is installed again"

    erased = at_home("referral", "erase", "--tenant", "montreal", "--reason", "asked_for", "--json", NOBODY)
    assert (erased.code, erased.json["ok"]) == (1, False)
    assert at_home("referral", "export", "--tenant", "montreal", "--to", tmp_path / "out", NOBODY).code == 1
    assert at_home("referral", "erase", "--tenant", "montreal", "--reason", "schedule", NOBODY).code == 2

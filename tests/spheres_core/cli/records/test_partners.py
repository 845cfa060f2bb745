"""`spheres partner import`: a trial, the import, and what is wrong with a file, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from tests.spheres_core.cli.conftest import Spheres

EXAMPLES: Final = Path(__file__).parents[3] / "assets" / "hsds"


@pytest.fixture
def region(at_home: Spheres) -> Spheres:
    """Commands where there is one region."""
    assert at_home("migrate").code == 0
    assert at_home("tenant", "apply", "tenants/montreal.toml", "--yes").code == 0
    return at_home


def test_a_directory_is_previewed_imported_and_exported(region: Spheres, tmp_path: Path) -> None:
    command = ("partner", "import", "--tenant", "montreal", EXAMPLES / "organization_full.json")

    trial = region(*command, "--dry-run", "--json")
    done = region(*command, "--json")
    again = region(*command)

    assert (trial.code, done.code, again.code) == (0, 0, 0), (trial, done)
    assert trial.json == {**done.json, "dry_run": True}
    assert (done.json["organizations"], done.json["services"]) == (1, 1)
    assert {each["kind"] for each in done.json["changes"]} == {"add"}
    assert all(each["file"] == "organization_full.json" and each["key"] for each in done.json["findings"])
    assert "✓ The directory is up to date." in again.out
    assert "kept, not used" in again.out
    assert "new:" not in again.out
    out = tmp_path / "directory.json"
    written = region("partner", "export", "--tenant", "montreal", out, "--json")
    assert (written.code, written.json["ok"]) == (0, True)
    assert len(json.loads(out.read_text())["organizations"]) == written.json["organizations"]
    assert region("partner", "export", "--tenant", "montreal", out).code == 1
    assert region("partner", "export", "--tenant", "montreal", out, "--force").code == 0
    assert region("partner", "import", "--tenant", "montreal", out, "--json").code == 0


def test_everything_wrong_with_a_file_is_said_with_its_pointer(region: Spheres, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps({"services": [{"id": "x"}, {"id": "y"}]}))

    told = region("partner", "import", "--tenant", "montreal", wrong, "--json")
    plainly = region("partner", "import", "--tenant", "montreal", wrong)

    assert (told.code, told.json["ok"], plainly.code) == (1, False, 1)
    assert [each["key"] for each in told.json["findings"]] == ["/services/0/id", "/services/1/id"]
    assert "wrong.json:1: /services/1/id" in plainly.err


def test_a_file_or_a_tenant_that_is_not_there_is_said_in_a_sentence(region: Spheres, tmp_path: Path) -> None:
    assert region("partner", "import", "--tenant", "montreal", tmp_path / "none.json").code == 1
    assert region("partner", "import", "--tenant", "nowhere", EXAMPLES / "service_full.json").code == 1
    assert region("partner", "import", EXAMPLES / "service_full.json").code == 2
    spoken = region(
        "partner", "import", "--tenant", "montreal", EXAMPLES / "service_full.json", "--text-language", "English!"
    )
    assert (spoken.code, "A language is a tag" in spoken.err) == (1, True)

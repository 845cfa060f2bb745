"""Clients that are generated from a tenant's own document do the whole journey of a referral."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from tests.journeys.conftest import Site
from tests.wait import LIMIT

CLIENTS: Final = Path(__file__).parents[1] / "assets" / "clients"
TENANT: Final = "montreal"
SETTINGS: Final = {"post_hooks": [], "content_type_overrides": {"application/zip": "application/octet-stream"}}
"""Nothing is run over what was generated, and a zip archive is bytes."""
JOURNEY: Final = {
    "forms": ["referral", "self_referral"],
    "form": "referral",
    "waiting": "received",
    "moved": "in_review",
    "history": ["in_review"],
    "looked": "being_looked_at",
    "refused": "sign_in_needed",
}


def run(*command: str | Path, folder: Path) -> str:
    """Runs a command, with what it says as the reason when it fails."""
    done = subprocess.run(list(map(str, command)), cwd=folder, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def document_of(site: Site, folder: Path) -> Path:
    """Saves the tenant's document to a file."""
    answer = httpx.get(f"{site.origin}/t/{TENANT}/api/openapi.json", headers={"accept-language": "fr"}, timeout=LIMIT)
    path = folder / "openapi.json"
    path.write_bytes(answer.raise_for_status().content)
    return path


def token_of(site: Site) -> str:
    headers: dict[str, str] = site.behind(lambda: site.world.bearer(TENANT, "coordinator"))
    return next(iter(headers.values())).removeprefix("Bearer ")


def test_a_python_client_does_the_whole_journey(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    described = document_of(site, tmp_path)
    (tmp_path / "settings.json").write_text(json.dumps(SETTINGS))
    run(
        sys.executable, "-m", "openapi_python_client", "generate", "--path", described, "--config",
        "settings.json", "--meta", "none", "--output-path", tmp_path / "generated_client", "--fail-on-warning",
        folder=tmp_path,
    )  # fmt: skip
    monkeypatch.syspath_prepend(str(tmp_path))
    client, models = (importlib.import_module(f"generated_client.{name}") for name in ("client", "models"))

    def call(operation: str, caller: Any, **values: Any) -> Any:
        return importlib.import_module(f"generated_client.api.{operation}").sync(client=caller, **values)

    settings = {"base_url": f"{site.origin}/t/{TENANT}", "timeout": httpx.Timeout(LIMIT)}
    coordinators = client.AuthenticatedClient(**settings, token=token_of(site))
    with client.Client(**settings) as anyone, coordinators as coordinator:
        forms = call("forms.api_forms_list_forms", anyone).forms
        form = call("forms.api_forms_key_show_form", anyone, key=forms[0].key)
        sent = json.loads(described.read_bytes())["paths"]["/api/referrals"]["post"]["requestBody"]
        example = sent["content"]["application/json"]["examples"][form.key]["value"]
        posted = models.ReferralPosted.from_dict(example)
        assert posted.to_dict() == example, "the client's own types carry each answer"
        received = call("referrals.api_referrals_receive", anyone, body=posted)
        receipt = models.ReceiptPosted(receipt=received.receipt)
        waiting = call("referrals.api_receipts_look_up_receipt", anyone, body=receipt).state
        listed = call("triage.api_referrals_list_referrals", coordinator).items[0]
        read = call("triage.api_referrals_id_read_referral", coordinator, id=listed.id)
        step = next(each for each in read.steps if each.value == "in_review")
        moved = call(
            "triage.api_referrals_id_transitions_move_referral", coordinator, id=listed.id,
            body=models.TransitionPosted(to=models.TransitionPostedTo(step.value)),
        )  # fmt: skip
        looked = call("referrals.api_receipts_look_up_receipt", anyone, body=receipt).state
        refused = call("triage.api_referrals_list_referrals", anyone)

    assert {
        "forms": [each.key for each in forms],
        "form": listed.form,
        "waiting": waiting.value,
        "moved": moved.state.value,
        "history": [each.to_state.value for each in moved.history],
        "looked": looked.value,
        "refused": refused.code,
    } == JOURNEY


@pytest.fixture
def node_project(pytestconfig: pytest.Config) -> Path:
    """A folder with the locked packages of `tests/assets/clients`, kept between runs; left out where npm is absent."""
    if shutil.which("npm") is None:
        assert not os.environ.get("CI"), "npm is missing: a run in CI leaves nothing out"
        pytest.skip("npm is not installed here: the client in TypeScript is not tried")
    kept: Path = pytestconfig.cache.mkdir("generated_clients")  # type: ignore[union-attr]
    lock, installed = CLIENTS / "package-lock.json", kept / "installed.json"
    for path in CLIENTS.iterdir():
        shutil.copy(path, kept)
    if not installed.exists() or installed.read_bytes() != lock.read_bytes():
        run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", folder=kept)
        shutil.copy(lock, installed)
    return kept


def test_a_typescript_client_passes_the_compiler_and_does_the_whole_journey(
    site: Site, node_project: Path, tmp_path: Path
) -> None:
    tools = node_project / "node_modules" / ".bin"
    run(
        tools / "openapi-typescript",
        document_of(site, tmp_path),
        "-o",
        "schema.ts",
        "--default-non-nullable=false",
        folder=node_project,
    )
    run(tools / "tsc", "-p", ".", folder=node_project)

    said = run("node", "journey.js", f"{site.origin}/t/{TENANT}", token_of(site), folder=node_project)

    assert json.loads(said) == JOURNEY


def test_the_lock_of_the_packages_names_no_host() -> None:
    lock = json.loads((CLIENTS / "package-lock.json").read_bytes())
    assert lock["packages"], "the control: it lists packages"
    assert not any("resolved" in each for each in lock["packages"].values())
    assert all("integrity" in each for path, each in lock["packages"].items() if path)

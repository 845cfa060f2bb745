"""Commands over a real database: merging tenants, tokens, staff, what the doctor sees."""

from __future__ import annotations

import json
import os
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from spheres_core.foundation.postgres.cluster import Cluster
from tests.spheres_core.cli.conftest import ROOT, Spheres, forked
from tests.wait import LIMIT

MONTREAL = ROOT / "tenants" / "montreal.toml"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A SPHERES_HOME where nothing has been made yet; its database ends with the module."""
    folder = tmp_path_factory.mktemp("home")
    yield folder
    Cluster(folder).stop()


@pytest.fixture
def montreal(home: Path, at_home: Spheres) -> Spheres:
    """Commands over a home that has this tenant, whichever tests ran before."""
    if not (home / "postgres.json").exists() or not at_home("tenant", "list", "--json").json:
        at_home("migrate")
        at_home("tenant", "apply", MONTREAL, "--yes")
    return at_home


def test_two_migrations_at_once_do_no_harm_and_the_next_finds_nothing_to_do(
    home: Path, at_home: Spheres, tmp_path: Path
) -> None:
    folders = [tmp_path / "one", tmp_path / "other"]
    both = []
    for each in folders:
        each.mkdir()
        both.append(forked(each, "migrate", "--json", SPHERES_HOME=str(home)))
    for migrating in both:
        migrating.join(LIMIT)
    said = [((each / "out").read_text(), (each / "err").read_text()) for each in folders]

    assert [each.exitcode for each in both] == [0, 0], said
    applied = sorted(len(json.loads(out)["applied"]) for out, _ in said)
    assert applied[0] == 0
    assert applied[1] >= 2
    assert "core: 0001" in said[0][1] + said[1][1]
    assert at_home("migrate").out == "The database is up to date; nothing to do.\n"
    assert at_home("migrate", "--language", "fr").out == "La base de données est à jour; rien à faire.\n"
    assert {each["state"] for each in at_home("migrate", "--status", "--json").json} == {"current"}


def test_applying_shows_the_difference_asks_and_the_second_time_finds_nothing(at_home: Spheres) -> None:
    refused = at_home("tenant", "apply", MONTREAL)
    assert refused.code == 2
    assert "--yes" in refused.err
    assert at_home("tenant", "list", "--json").json == []

    first = at_home("tenant", "apply", MONTREAL, "--yes")
    second = at_home("tenant", "apply", MONTREAL)
    in_french = at_home("tenant", "apply", MONTREAL, "--language", "fr")

    assert (first.code, second.code) == (0, 0)
    assert "+ plugins.montreal" in first.out
    assert second.out == "montreal: nothing to change.\n"
    assert in_french.out.replace("\u00a0", " ") == "montreal : rien à changer.\n"


def test_the_two_key_files_are_their_owners_only_and_not_the_same(home: Path, montreal: Spheres) -> None:
    files = [home / "key.json", home / "vault-key.json"]

    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600, 0o600]
    assert files[0].read_bytes() != files[1].read_bytes()


def test_another_key_is_put_into_a_key_file_and_everything_still_opens(home: Path, montreal: Spheres) -> None:
    before = (home / "key.json").read_bytes()
    trial = montreal("key", "rotate", "--which", "main", "--dry-run", "--json").json
    assert (trial["moved"], trial["left"], trial["kept"]) == (0, trial["tenants"], None)
    assert (home / "key.json").read_bytes() == before

    for which in ("main", "vault"):
        done = montreal("key", "rotate", "--which", which, "--json").json
        assert (done["moved"], done["left"]) == (done["tenants"], 0)
        assert Path(done["kept"]).parent == home

    assert (home / "key.json").read_bytes() != before
    checks = {each["what"]: each["state"] for each in montreal("doctor", "--json").json["seen"]}
    assert (checks["key"], checks["vault_key"]) == ("ok", "ok")


def test_a_change_is_shown_and_merged_and_nothing_is_deleted(montreal: Spheres, tmp_path: Path) -> None:
    changed = tmp_path / "montreal.toml"
    text = MONTREAL.read_text(encoding="utf-8").replace("closes_after_days = 30", "closes_after_days = 45")
    changed.write_text(text.replace("minimum_age = 12\n", "").replace("hosts = []", 'hosts = ["sphere.example.org"]'))

    looked = montreal("tenant", "check", changed)
    assert "receipt_closes_after_days: 30 → 45" in looked.out
    assert "minimum_age stays" in looked.out
    assert montreal("tenant", "show", "montreal", "--json").json["settings"]["referrals"]["minimum_age"] == 12

    assert montreal("tenant", "apply", changed, "--yes").code == 0

    shown = montreal("tenant", "show", "montreal", "--json").json
    assert shown["settings"]["referrals"] == {
        "maximum_age": 24,
        "minimum_age": 12,
        "receipt_closes_after_days": 45,
    }
    assert shown["hosts"] == ["sphere.example.org"]


def test_a_host_of_another_tenant_is_refused(montreal: Spheres, tmp_path: Path) -> None:
    mine = tmp_path / "montreal.toml"
    mine.write_text(MONTREAL.read_text(encoding="utf-8").replace("hosts = []", 'hosts = ["sphere.example.org"]'))
    montreal("tenant", "apply", mine, "--yes")
    path = tmp_path / "other.toml"
    text = MONTREAL.read_text(encoding="utf-8").replace('slug = "montreal"', 'slug = "other"')
    path.write_text(text.replace("hosts = []", 'hosts = ["sphere.example.org"]'))

    said = montreal("tenant", "apply", path, "--yes")
    dit = montreal("tenant", "apply", path, "--yes", "--language", "fr")

    assert (said.code, dit.code) == (1, 1)
    assert "other.toml:7: hosts: sphere.example.org leads to the tenant montreal already." in said.err
    assert "mène déjà à la région montreal" in dit.err
    assert [each["slug"] for each in montreal("tenant", "list", "--json").json] == ["montreal"]


def test_an_exported_tenant_applies_without_a_change(montreal: Spheres, tmp_path: Path) -> None:
    said = montreal("tenant", "export", "montreal")
    path = tmp_path / "montreal.toml"
    path.write_text(said.out, encoding="utf-8")

    assert set(tomllib.loads(said.out)["plugins"]) == {"quebec", "montreal"}
    assert montreal("tenant", "apply", path).out == "montreal: nothing to change.\n"


def test_applying_merges_what_the_plugins_bring(montreal: Spheres) -> None:
    example = montreal("form", "example", "--tenant", "montreal", "referral")

    assert example.code == 0
    assert example.json["agreement"]["knows"] == "yes"
    assert montreal("form", "show", "--tenant", "montreal", "referral", "--json").json["key"] == "referral"


@pytest.mark.parametrize(
    ("arguments", "english", "french"),
    [
        (["form", "example", "--tenant", "montreal", "none"], "There is no form with this name.", "Aucun formulaire"),
        (["tenant", "show", "nowhere"], "There is no tenant nowhere. There are: montreal.", "Il n’y a pas de région"),
        (
            ["token", "create", "--tenant", "montreal", "--role", "liaison", "--days", "4000"],
            "A token is good for 1 to 366 days.",
            "366 jours",
        ),
    ],
)
def test_what_is_refused_is_said_in_a_sentence(
    montreal: Spheres, arguments: list[str], english: str, french: str
) -> None:
    said, dit = montreal(*arguments), montreal(*arguments, "--language", "fr")

    assert (said.code, dit.code) == (1, 1)
    assert english in said.err
    assert french in dit.err
    assert montreal(*arguments, "--json").json["ok"] is False


def test_a_token_is_printed_once_and_alone_when_quiet(montreal: Spheres) -> None:
    asked = ("token", "create", "--tenant", "montreal", "--role", "coordinator")
    quiet, told = montreal(*asked, "--quiet"), montreal(*asked, "--days", "1")

    assert quiet.code == 0
    assert quiet.out.startswith("sph_")
    assert len(quiet.out.split()) == 1
    assert quiet.err == ""
    assert "good for 1 day:" in told.out
    assert montreal(*asked, "--json").json["roles"] == ["coordinator"]


def test_a_token_of_a_person_is_asked_for_by_her_address(montreal: Spheres) -> None:
    here = ("--tenant", "montreal")
    montreal("staff", "create", *here, "--email", "pivot@example.org", "--name", "P", "--role", "pivot_worker")
    quiet = montreal("token", "create", *here, "--as", "Pivot@example.org", "--quiet")
    nobody = montreal("token", "create", *here, "--as", "nobody@example.org", "--json")

    assert quiet.out.startswith("sph_") and len(quiet.out.split()) == 1
    assert "acts as P" in montreal("token", "list", *here).out
    assert nobody.code == 1
    assert nobody.json["message"] == "Nobody on the staff has the address nobody@example.org."
    assert montreal("token", "create", *here, "--as", "pivot@example.org", "--role", "liaison").code == 2


def test_an_account_gets_a_password_that_is_shown_once_or_read_from_input(
    montreal: Spheres, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(email: str, *more: str) -> tuple[str, ...]:
        person = ("--email", email, "--name", "Camille Exemple", "--role", "coordinator")
        return ("staff", "create", "--tenant", "montreal", *person, *more)

    made = montreal(*asked("one@example.org"), "--json")
    assert made.code == 0
    assert len(made.json["password"]) >= 20
    assert montreal(*asked("one@example.org")).code == 1

    reader, writer = os.pipe()
    os.write(writer, b"correct cheval batterie agrafe\n")
    os.close(writer)
    with os.fdopen(reader) as piped:
        monkeypatch.setattr("sys.stdin", piped)
        given = montreal(*asked("two@example.org", "--password-stdin"))
    assert given.code == 0
    assert "cheval" not in given.out + given.err

    reader, writer = os.pipe()
    os.write(writer, b"password\n")
    os.close(writer)
    with os.fdopen(reader) as piped:
        monkeypatch.setattr("sys.stdin", piped)
        weak = montreal(*asked("three@example.org", "--password-stdin"))
    assert weak.code == 1
    assert "12 characters" in weak.err


def test_the_doctor_finds_nothing_wrong_and_then_what_is_wrong(home: Path, montreal: Spheres) -> None:
    well = montreal("doctor", "--json")
    assert [each for each in well.json["seen"] if each["state"] == "error"] == []
    assert well.code == 0
    known = {"server", "roles", "row_level_security", "key", "parked", "jobs", "migrations", "disk", "version"}
    assert {*known, "vault_key"} <= {each["what"] for each in well.json["seen"]}

    files = {"key": home / "key.json", "vault_key": home / "vault-key.json"}
    for file in files.values():
        file.chmod(0o644)
    ill = montreal("doctor", "--json")
    for file in files.values():
        file.chmod(0o600)

    assert ill.code == 1
    errors = {each["what"]: each["message"] for each in ill.json["seen"] if each["state"] == "error"}
    assert set(errors) == set(files)
    assert all("mode" in message for message in errors.values())


def test_another_key_file_is_refused_rather_than_used(
    montreal: Spheres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPHERES_KEY_FILE", str(tmp_path / "other.json"))

    missing = montreal("tenant", "apply", MONTREAL, "--yes")

    assert missing.code == 1
    assert "key file" in missing.err
    assert not (tmp_path / "other.json").exists()


def test_a_plugin_that_is_gone_is_named_with_the_tenant_that_has_it(
    montreal: Spheres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "none").mkdir()
    monkeypatch.setenv("SPHERES_PLUGINS", str(tmp_path / "none"))

    said = montreal("doctor", "--json")

    lost = [each["message"] for each in said.json["seen"] if each["what"] == "lost_plugin"]
    assert len(lost) == 2
    assert any("montreal" in each for each in lost)
    vanished = [each for each in said.json["seen"] if each["what"] == "migrations" and each["state"] == "warn"]
    for plugin in ("regional_intake", "shelter_beds"):
        assert any(plugin in each["message"] for each in vanished), plugin
    assert len(vanished) == 2


def test_stopping_ends_the_database_and_the_second_time_finds_nothing(montreal: Spheres) -> None:
    assert montreal("stop", "--json").json == {"stopped": [], "database": True}
    assert montreal("stop").out == "Nothing was running.\n"

"""What administrators do on pages, done by commands: invitations, roles, closed accounts, terms, parked deliveries."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.spheres_core.cli.conftest import ROOT, Spheres

HERE = ("--tenant", "montreal", "--json")


@pytest.fixture
def montreal(home: Path, at_home: Spheres, monkeypatch: pytest.MonkeyPatch) -> Spheres:
    """Commands over a home that has this tenant, where nothing about mail is set up."""
    for name in ("SPHERES_SMTP_URL", "SPHERES_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    if not (home / "postgres.json").exists() or not at_home("tenant", "list", "--json").json:
        at_home("migrate")
        at_home("tenant", "apply", ROOT / "tenants" / "montreal.toml", "--yes")
    return at_home


def test_somebody_is_invited_by_command_sent_again_and_revoked(montreal: Spheres) -> None:
    sam = ("--email", "sam@example.org")
    made = montreal("staff", "invite", *HERE, *sam, "--name", "Sam", "--role", "liaison", "--speaks", "en")
    assert made.code == 0, made
    assert "/t/montreal/en/invitation#" in made.json["link"]
    assert montreal("staff", "invite", *HERE, *sam, "--name", "Sam", "--role", "liaison").code == 1
    again = montreal("staff", "resend", *HERE, *sam, "--hand-over")
    assert again.json["link"] != made.json["link"]
    assert [each["state"] for each in montreal("staff", "invitations", *HERE).json] == ["open"]
    assert montreal("staff", "revoke", *HERE, *sam).json["state"] == "revoked"
    gone = montreal("staff", "revoke", "--tenant", "montreal", *sam, "--language", "fr")
    assert (gone.code, gone.err) == (1, "Erreur\u00a0: Aucune invitation ouverte pour sam@example.org.\n")
    shown = montreal("staff", "invitations", "--tenant", "montreal")
    assert "Revoked" in shown.out


def test_roles_and_accounts_change_by_command_but_an_administrator_remains(montreal: Spheres) -> None:
    for email, role in (("ad@example.org", "administrator"), ("co@example.org", "coordinator")):
        montreal("staff", "create", *HERE, "--email", email, "--name", "X", "--role", role)
    changed = montreal("staff", "roles", *HERE, "--email", "co@example.org", "--role", "liaison", "--role", "evaluator")
    assert changed.json["roles"] == ["liaison", "evaluator"]
    last = montreal("staff", "off", "--tenant", "montreal", "--email", "ad@example.org")
    assert last.code == 1
    assert "last administrator" in last.err
    assert montreal("staff", "off", *HERE, "--email", "co@example.org").json["held"]["alone_in"] == [
        "liaison", "evaluator"
    ]  # fmt: skip
    assert montreal("staff", "on", *HERE, "--email", "CO@example.org").json["active"]
    assert {each["email"] for each in montreal("staff", "list", *HERE).json} >= {"ad@example.org", "co@example.org"}
    assert montreal("staff", "off", *HERE, "--email", "nobody@example.org").code == 1


def test_a_term_is_renamed_and_restored_by_command(montreal: Spheres) -> None:
    words = ("term", "rename", *HERE, "--in", "fr-CA", "Our partners", "Nos alliés")
    assert montreal(*words, "--dry-run").json["renamed"] is False
    assert montreal(*words).json == {
        "key": "Our partners", "language": "fr-CA", "text": "Nos alliés", "renamed": True, "collisions": []
    }  # fmt: skip
    found = montreal("term", "list", *HERE, "--in", "fr-CA").json
    assert [each["said"] for each in found if each["renamed"]] == ["Nos alliés"]
    assert montreal("term", "restore", *HERE, "--in", "fr-CA", "Our partners").code == 0
    assert montreal("term", "restore", *HERE, "--in", "fr-CA", "Our partners").code == 1


def test_parked_deliveries_are_listed_and_tried_again_by_command(montreal: Spheres) -> None:
    assert montreal("delivery", "list", "--tenant", "montreal").out == "Everything was delivered.\n"
    assert montreal("delivery", "retry", *HERE, "--all").json == {"taken_up": 0}
    one = ("--entry", "0199a0de-0000-7000-8000-000000000000", "--recipient", "hook:none")
    assert montreal("delivery", "retry", *HERE, *one).code == 1
    assert montreal("delivery", "retry", *HERE).code == 2


def test_tokens_are_listed_and_taken_back_by_command_and_never_shown_again(montreal: Spheres) -> None:
    for email in ("ma@example.org", "mb@example.org"):
        montreal("staff", "create", *HERE, "--email", email, "--name", "M", "--role", "administrator")
    kind = ("--role", "coordinator", "--label", "Bridge")
    mine = montreal("token", "create", *HERE, *kind, "--account", "MA@example.org").json
    theirs = montreal("token", "create", *HERE, *kind, "--days", "90").json
    assert (mine["days"], theirs["days"]) == (30, 90)
    assert montreal("token", "create", *HERE, *kind, "--account", "nobody@example.org").code == 1
    found = montreal("token", "list", *HERE)
    assert [(each["maker"], each["state"], each["last_used_at"]) for each in found.json] == [
        (None, "valid", None), ("M", "valid", None)
    ]  # fmt: skip
    assert mine["token"] not in found.out and theirs["token"] not in found.out
    assert "made by command on the server" in montreal("token", "list", "--tenant", "montreal").out
    revoking = ("token", "revoke", *HERE, "--token", found.json[0]["id"])
    assert montreal(*revoking).json["state"] == "revoked"
    assert montreal(*revoking).code == 1
    montreal("staff", "off", *HERE, "--email", "ma@example.org")
    assert [each["state"] for each in montreal("token", "list", *HERE).json] == ["revoked", "revoked"]


def test_access_is_recovered_by_command(montreal: Spheres) -> None:
    montreal("staff", "create", *HERE, "--email", "re@example.org", "--name", "R", "--role", "coordinator")
    made = montreal("staff", "recover", *HERE, "--email", "RE@example.org", "--hand-over")
    assert made.code == 0, made
    assert "/t/montreal/fr/recovery#" in made.json["link"]
    assert made.json["sessions_ended"] == 0
    shown = montreal("staff", "recover", "--tenant", "montreal", "--email", "re@example.org", "--language", "fr")
    assert "/recovery#" in shown.out
    assert made.json["link"] not in shown.out
    assert montreal("staff", "recover", *HERE, "--email", "nobody@example.org").code == 1
    montreal("staff", "off", *HERE, "--email", "re@example.org")
    assert montreal("staff", "recover", *HERE, "--email", "re@example.org").code == 1

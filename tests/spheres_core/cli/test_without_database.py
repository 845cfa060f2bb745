"""What needs no database: content is checked with its place named, in the reader's language, without a traceback."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spheres_core import hookspecs
from spheres_core.authoring import tenant_files
from spheres_core.cli.command_table import COMMANDS
from spheres_core.cli.plugin import hook_manual
from spheres_core.foundation.tenancy.tenants import Definition
from tests.spheres_core.cli.conftest import ROOT, Spheres

GOOD = (ROOT / "tenants" / "montreal.toml").read_text(encoding="utf-8")
MISTAKES = {
    "key": (
        ("illustrative = false", "ilustrative = false"),
        "region.toml:8: ilustrative: The key ilustrative is not known here.",
        "region.toml:8: ilustrative: La clé ilustrative n’est pas connue ici.",
    ),
    "plugin": (
        ('"montreal"]', '"montréal"]'),
        "region.toml:9: plugins: The plugin montréal is not installed on this machine.",
        "region.toml:9: plugins: Le plugiciel montréal n’est pas installé sur cette machine.",
    ),
    "language": (
        ('"en-CA"]', '"tlh"]'),
        "region.toml:5: languages: The language tlh is not in the registry.",
        "region.toml:5: languages: La langue tlh n’est pas dans le registre.",
    ),
    "language misspelt": (
        ('"en-CA"]', '"en-AC"]'),
        "region.toml:5: languages: The language en-AC is not in the registry. Is it en-CA?",
        "region.toml:5: languages: La langue en-AC n’est pas dans le registre. Est-ce en-CA?",
    ),
    "plugin twice": (
        ('"montreal"]', '"montreal", "quebec"]'),
        "region.toml:9: plugins: This is named twice: quebec.",
        "region.toml:9: plugins: Ceci est nommé deux fois\u00a0: quebec.",
    ),
    "language twice": (
        ('"en-CA"]', '"en-CA", "fr-CA"]'),
        "region.toml:5: languages: This is named twice: fr-CA.",
        "region.toml:5: languages: Ceci est nommé deux fois\u00a0: fr-CA.",
    ),
    "zone": (
        ("America/Toronto", "America/Montreal2"),
        "region.toml:6: time_zone: America/Montreal2 is not a time zone such as America/Toronto.",
        "region.toml:6: time_zone: America/Montreal2 n’est pas un fuseau horaire comme America/Toronto.",
    ),
    "setting": (
        ("minimum_age", "minimal_age"),
        "region.toml:13: settings.referrals.minimal_age: The key minimal_age is not known here.",
        "region.toml:13: settings.referrals.minimal_age: La clé minimal_age n’est pas connue ici.",
    ),
    "owner": (
        ("[settings.referrals]", "[settings.referal]"),
        "region.toml:11: settings.referal: No room or plugin of this tenant is called referal.",
        "region.toml:11: settings.referal: Aucune pièce et aucun plugiciel de cette région ne se nomme referal.",
    ),
}


def region(folder: Path, *, old: str = "", new: str = "") -> Path:
    path = folder / "region.toml"
    path.write_text(GOOD.replace('slug = "montreal"', 'slug = "region"').replace(old or "\0", new), encoding="utf-8")
    return path


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_tenants_file_is_named_with_file_line_and_key(
    spheres: Spheres, tmp_path: Path, mistake: str
) -> None:
    (old, new), english, french = MISTAKES[mistake]
    path = region(tmp_path, old=old, new=new)

    in_english = spheres("tenant", "check", path, "--offline")
    in_french = spheres("tenant", "check", path, "--offline", "--language", "fr")
    for_programs = spheres("--json", "tenant", "apply", path)

    assert (in_english.code, in_french.code, for_programs.code) == (1, 1, 1)
    assert english in in_english.err.splitlines()
    assert french in in_french.err.splitlines()
    assert [each["line"] for each in for_programs.json["findings"]] == [int(english.split(":")[1])]
    assert for_programs.json["ok"] is False


def test_every_mistake_is_said_at_once(spheres: Spheres, tmp_path: Path) -> None:
    path = region(tmp_path, old="America/Toronto", new="Nowhere")
    path.write_text(path.read_text().replace('"en-CA"]', '"tlh"]'))
    other = tmp_path / "other.toml"
    other.write_text("slug = 1\n")

    said = spheres("tenant", "check", path, other, "--offline")

    assert said.code == 1
    assert len(said.err.splitlines()) == 3


def test_a_good_file_passes(spheres: Spheres, tmp_path: Path) -> None:
    said = spheres("tenant", "check", region(tmp_path), "--offline")

    assert (said.code, said.err) == (0, "")
    assert said.out == "✓ region: nothing stands against it.\n"


@pytest.mark.parametrize(
    ("arguments", "english", "french"),
    [
        (["tennant"], "There is no command tennant.", "Il n’y a pas de commande tennant."),
        (["tenant", "aply"], "There is no command aply.", "Il n’y a pas de commande aply."),
        (["stop", "--now"], "There is no option --now here.", "Il n’y a pas d’option --now ici."),
        (["tenant", "apply"], "FILE... is missing.", "FILE... manque."),
        (
            ["serve", "--port", "x"],
            "--port: this value cannot be used (",
            "--port : cette valeur ne peut être utilisée",
        ),
        (["token", "create", "--tenant", "x"], "--role is missing.", "--role manque."),
        (
            ["token", "create", "--tenant", "x", "--role", "queen"],
            "There is no role queen.",
            "Il n’y a pas de rôle queen.",
        ),
    ],
)
def test_a_wrong_command_line_is_told_in_the_readers_language(
    spheres: Spheres, arguments: list[str], english: str, french: str
) -> None:
    said = spheres(*arguments)
    dit = spheres("--language", "fr", *arguments)

    assert (said.code, dit.code) == (2, 2)
    assert english in said.err
    assert french in dit.err.replace("\u00a0", " ")
    assert "Traceback" not in said.err + dit.err


def test_the_language_comes_from_the_environment_and_the_option_wins(
    spheres: Spheres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "fr_CA.UTF-8")
    assert "Il n’y a pas" in spheres("nothing").err
    assert "There is no" in spheres("nothing", "--language=en").err
    monkeypatch.setenv("LANG", "C")
    assert "There is no" in spheres("nothing").err
    assert spheres("--language", "xx", "stop").code == 2


def test_every_command_of_the_contract_is_there() -> None:
    wanted = """
        demo; serve; worker; stop; migrate; tenant apply; tenant list; tenant show; tenant export; tenant check;
        plugin list; plugin show; hooks; form check; form show; form example; locale status; token create;
        staff create; check; doctor
    """

    assert {" ".join(each.split()) for each in wanted.split(";")} - set(COMMANDS) == set()


def test_a_form_is_checked_without_tenant_or_database(spheres: Spheres, tmp_path: Path) -> None:
    good = ROOT / "plugins" / "montreal" / "forms" / "referral.md"
    bad = tmp_path / "broken.md"
    bad.write_text(
        "| survey |\n| | type | name | label::English (en) | label::Français (fr) |\n"
        "| | integer | age | Their age | |\n| | integr | other | Other | Autre |\n"
    )

    fine = spheres("form", "check", good, "--json")
    broken = spheres("form", "check", bad, "--json")
    in_french = spheres("form", "check", bad, "--language", "fr")

    assert fine.code == 0
    assert fine.json["form"]["key"] == "referral"
    assert broken.code == 1
    assert {"survey"} == {each["sheet"] for each in broken.json["findings"]}
    assert any(each["row"] == 3 and "type" in each["column"] for each in broken.json["findings"])
    assert "ligne 3" in in_french.out
    assert spheres("form", "check", tmp_path / "none.xlsx").code == 1
    assert "no such file" in spheres("form", "check", tmp_path / "none.xlsx").err


def test_an_example_of_a_file_is_valid_and_its_questions_are_shown(spheres: Spheres) -> None:
    path = ROOT / "plugins" / "montreal" / "forms" / "referral.md"

    assert spheres("form", "example", path).json["agreement"]["knows"] == "yes"
    assert "Their age" in spheres("form", "show", path).out
    assert "Son âge" in spheres("form", "show", path, "--language", "fr").out
    assert spheres("form", "show", path, "--schema").json["type"] == "object"


def test_manifests_are_read_without_importing_anything(
    spheres: Spheres, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mine = tmp_path / "angry"
    mine.mkdir()
    text = (ROOT / "plugins" / "regional_intake" / "plugin.toml").read_text(encoding="utf-8")
    (mine / "plugin.toml").write_text(text.replace("regional_intake", "angry"))
    (mine / "__init__.py").write_text("raise SystemExit(3)")
    (tmp_path / "wrong").mkdir()
    (tmp_path / "wrong" / "plugin.toml").write_text("manifest = 1\nid = 7\n")
    monkeypatch.setenv("SPHERES_PLUGINS", str(tmp_path))

    shown, listed = spheres("plugin", "show", "angry", "--json"), spheres("plugin", "list", "--json")

    assert shown.json["provides"]["routes"] is True
    assert [each["id"] for each in listed.json["plugins"]] == ["angry"]
    assert list(listed.json["broken"]) == ["wrong"]
    assert listed.code == 1
    assert spheres("plugin", "show", "none").code == 1
    assert "angry" in spheres("plugin", "show", "none").err


def test_check_names_a_plugin_that_breaks_and_a_tenant_that_needs_it(
    spheres: Spheres, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "plugins" / "torn"
    broken.mkdir(parents=True)
    text = (ROOT / "plugins" / "regional_intake" / "plugin.toml").read_text(encoding="utf-8")
    (broken / "plugin.toml").write_text(text.replace("regional_intake", "torn"))
    (broken / "__init__.py").write_text("")
    (broken / "hooks.py").write_text("1/0")
    path = region(tmp_path, old='["quebec", "montreal"]', new='["torn"]')
    monkeypatch.setenv("SPHERES_PLUGINS", str(tmp_path / "plugins"))

    said = spheres("check", "--tenants", tmp_path, "--json")

    found = {each["what"]: each for each in said.json["checked"]}
    assert said.code == 1
    assert "ZeroDivisionError" in found["plugins/torn"]["message"]
    assert found[f"tenants/{path.name}"]["findings"][0]["line"] == 9


def test_everything_that_comes_along_passes_its_own_check(spheres: Spheres) -> None:
    said = spheres("check", "--json")

    assert [each for each in said.json["checked"] if each["state"] != "ok"] == []
    assert said.code == 0


def test_the_manual_of_hooks_is_whole(spheres: Spheres) -> None:
    declared = [name for name, each in vars(hookspecs).items() if hasattr(each, "spheres_spec")]

    manual = spheres("hooks", "--json").json

    assert [each["name"] for each in manual] == declared
    assert all(each["manual"] for each in manual)
    assert "assess_eligibility" in spheres("hooks", "assess_eligibility").out
    assert spheres("hooks", "assess_nothing").code == 1
    assert len(hook_manual.hook_manual()) == len(declared)


words = st.dictionaries(st.sampled_from(["fr", "en", "fr-CA"]), st.text(max_size=40), min_size=1)
values = st.one_of(st.booleans(), st.integers(-(2**53), 2**53), st.text(max_size=60), st.lists(st.text(max_size=20)))


@given(
    name=words,
    hosts=st.lists(st.text(max_size=20)),
    settings=st.dictionaries(
        st.text("abc_-é .", min_size=1, max_size=8), st.dictionaries(st.text(min_size=1, max_size=12), values)
    ),
)
def test_what_is_exported_is_read_back_the_same(
    name: dict[str, str], hosts: list[str], settings: dict[str, dict[str, object]]
) -> None:
    definition = Definition("x", name, ("fr-CA",), "America/Toronto", tuple(hosts), True, ("a", "b"), settings)

    read = msgspec.convert(tomllib.loads(tenant_files.definition_as_toml(msgspec.to_builtins(definition))), Definition)

    assert read == msgspec.structs.replace(definition, settings=read.settings)
    assert {k: v for k, v in read.settings.items() if v} == {k: v for k, v in settings.items() if v}

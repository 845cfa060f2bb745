"""The surface of hooks: what is added is recorded, what breaks plugins is seen, what will end is said beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest
import structlog

from spheres_core import app, hookspecs, plugin
from spheres_core.cli import main
from spheres_core.foundation.plugins import api_lock
from spheres_core.foundation.plugins.api_lock import HookApi
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.plugins.set_builder import build_set
from spheres_core.foundation.web import page_kit
from spheres_core.hook_versions import Deprecation, HookVersion
from spheres_core.testing import MakeWorld, definition
from tests.plugins.planting import plant

HEAD: Final = "from msgspec import Struct\nfrom spheres_core.hook_versions import HookVersion, Deprecation, hookspec\n"
HOOK: Final = '@hookspec(since="0.1")\n'
ENDS: Final = '@hookspec(since="0.1", deprecation=Deprecation("0.1", "{}", "assess_better"))\n'
ONE: Final = HOOK + 'def assess_one(referral: "Facts", settings: "Struct") -> "Opinion": ...\n'
STRUCT: Final = "class Facts(Struct):\n    id: int\n    form: str = ''\n"


def surface_of(text: str, version: str = "0.1.0") -> HookApi:
    made: dict[str, Any] = {}
    exec(HEAD + text, made)
    found = SimpleNamespace(**{name: each for name, each in made.items() if name not in ("HookVersion", "Deprecation")})
    return api_lock.describe((), found, (found,), version)


BREAKS: Final = {
    "a hook that is gone": (ONE, ""),
    "a hook by another name": (ONE, ONE.replace("assess_one", "assess_two")),
    "an argument that is gone": (ONE, ONE.replace(', settings: "Struct"', "")),
    "an argument by another name": (ONE, ONE.replace("settings:", "config:")),
    "a new argument without a default": (ONE, ONE.replace("settings:", 'form: "Form", settings:')),
    "an argument of another kind": (ONE, ONE.replace('"Facts"', '"dict"')),
    "another default": (ONE.replace('"Struct"', '"Struct" = 1'), ONE.replace('"Struct"', '"Struct" = 2')),
    "another answer": (ONE, ONE.replace('"Opinion"', '"Opinion | None"')),
    "async where it was plain": (ONE, ONE.replace("def ", "async def ")),
    "an end sooner than was said": (ENDS.format("0.5") + ONE.removeprefix(HOOK), ENDS.format("0.4") + ONE[len(HOOK) :]),
    "a struct that is gone": (STRUCT, ""),
    "a field that is gone": (STRUCT, STRUCT.replace("    form: str = ''\n", "")),
    "a field in another place": (STRUCT, "class Facts(Struct):\n    form: str\n    id: int\n"),
    "a new field that must be given": (STRUCT, STRUCT.replace("id: int", "id: int\n    age: int")),
    "a field of another kind": (STRUCT, STRUCT.replace("id: int", "id: str")),
}
ADDS: Final = {
    "a new hook": (ONE, ONE + ONE.replace("assess_one", "assess_two")),
    "a new argument with a default": (ONE, ONE.replace('"Struct")', '"Struct", form: "Form | None" = None)')),
    "an end said beforehand": (ONE, ENDS.format("0.4") + ONE.removeprefix(HOOK)),
    "a new struct": ("", STRUCT),
    "a field that need not be given any more": (STRUCT, STRUCT.replace("id: int", "id: int = 0")),
    "a new field with a default": (STRUCT, STRUCT + "    age: int = 0\n"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_what_breaks_plugins_is_seen(name: str) -> None:
    before, after = BREAKS[name]

    assert "broken" in {each.kind for each in api_lock.compare(surface_of(before), surface_of(after))}


@pytest.mark.parametrize("name", ADDS)
def test_what_is_added_is_no_break_but_has_to_be_recorded(name: str) -> None:
    before, after = ADDS[name]

    assert {each.kind for each in api_lock.compare(surface_of(before), surface_of(after))} == {"added"}
    assert api_lock.compare(surface_of(after), surface_of(after)) == []


def test_a_published_name_that_is_gone_breaks_plugins_and_a_new_one_is_recorded() -> None:
    fewer, more = api_lock.describe(["Context"]), api_lock.describe(["Context", "page"])

    (gone,), (new,) = api_lock.compare(more, fewer), api_lock.compare(fewer, more)
    assert (gone.kind, gone.what) == ("broken", "spheres_core.plugin.page")
    assert (new.kind, new.what) == ("added", "spheres_core.plugin.page")


def test_the_version_says_when_plugins_may_break() -> None:
    assert not api_lock.may_break("0.1.0", "0.1.9")
    assert api_lock.may_break("0.1.0", "0.2.0")
    assert not api_lock.may_break("1.1.0", "1.9.0")
    assert api_lock.may_break("1.9.0", "2.0.0")
    assert api_lock.may_break("0.9.0", "1.0.0")
    assert not api_lock.may_break("2.0.0", "1.0.0")


def test_a_surface_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    now = api_lock.describe(plugin.__all__, page_kit=page_kit.kit())

    api_lock.write_lock(now, tmp_path / "hooks.lock.json")

    assert api_lock.read_lock(tmp_path / "hooks.lock.json") == now


def test_the_command_records_what_was_added_and_refuses_what_breaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "hooks.lock.json"
    monkeypatch.setattr(api_lock, "LOCK", path)
    monkeypatch.setattr(api_lock.read_lock, "__defaults__", (path,))
    monkeypatch.setattr(api_lock.write_lock, "__defaults__", (path,))
    now = api_lock.describe(plugin.__all__, page_kit=page_kit.kit())
    api_lock.write_lock(HookApi(now.version, now.hooks[1:], now.structs, now.published[1:]))

    assert main.run(["hooks", "--lock", "--json"]) == 0
    assert api_lock.read_lock() == now

    api_lock.write_lock(HookApi(now.version, (*now.hooks, surface_of(ONE).hooks[0]), now.structs, now.published))
    before = path.read_bytes()
    assert main.run(["hooks", "--lock"]) == 1
    assert "assess_one: it is gone" in capsys.readouterr().err
    assert path.read_bytes() == before

    api_lock.write_lock(HookApi("0.0.9", (*now.hooks, surface_of(ONE).hooks[0]), now.structs, now.published))
    assert main.run(["hooks", "--lock"]) == 0
    assert api_lock.read_lock() == now


# ---- what will end --------------------------------------------------------------------------------------------------

OURS: Final = Path(__file__).parents[4] / "plugins"
OLD: Final = """
@hookimpl
def assess_eligibility(referral, settings):
    return Opinion("fits", {"fr": "Encore là", "en": "Still here"})
"""
END: Final = Deprecation("0.1", "0.3", "assess_more")


@pytest.fixture(autouse=True)
def _heard() -> Iterator[None]:
    """A command quiets the log of its process; here the process goes on."""
    structlog.reset_defaults()
    yield
    structlog.reset_defaults()


@pytest.fixture
def deprecated_hook(monkeypatch: pytest.MonkeyPatch) -> None:
    """`assess_eligibility` ends with 0.3, and `referral` of it too."""
    ends = HookVersion("0.1", END, {"referral": HookVersion("0.1", Deprecation("0.1", "0.2", "facts"))})
    monkeypatch.setattr(hookspecs.assess_eligibility, "hook_version", ends)


@pytest.mark.usefixtures("deprecated_hook")
def test_a_plugin_that_uses_what_will_end_goes_on_and_is_named(
    make_world: MakeWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plant(tmp_path, "old_fashioned", OLD, declares=("assess_eligibility",))
    on = discover([tmp_path, OURS])
    told = "old_fashioned uses assess_eligibility, which ends with SPHÈRES 0.3. In its place: assess_more."
    argument = "old_fashioned uses assess_eligibility(referral), which ends with SPHÈRES 0.2. In its place: facts."

    with structlog.testing.capture_logs() as logged:
        made = build_set(on, ["quebec", "old_fashioned"], app.rooms(), app.catalog_folder())
    assert made.left_out == {}
    named = [
        tuple(each[name] for name in ("hook", "argument", "successor", "removed_in"))
        for each in logged
        if each["event"] == "plugin.uses_deprecated" and each["plugin"] == "old_fashioned"
    ]
    assert named == [
        ("assess_eligibility", "", "assess_more", "0.3"),
        ("assess_eligibility", "referral", "facts", "0.2"),
    ]

    world = make_world(definition("east", "quebec", "outaouais", "old_fashioned"), on=on)
    assert world.refer("east").status_code == 201
    headers = {**world.bearer("east", "administrator"), "accept-language": "en"}
    listed = {each["id"]: each for each in world.get("/t/east/api/admin/plugins", headers=headers).json()["plugins"]}
    assert listed["old_fashioned"]["warnings"] == [told, argument]
    assert listed["quebec"]["warnings"] == []
    previewed = world.get("/t/east/api/admin/plugins/old_fashioned/preview", headers=headers).json()
    assert previewed["warnings"] == [told, argument]

    monkeypatch.setenv("SPHERES_PLUGINS", f"{tmp_path}:{OURS}")
    for command in (["plugin", "show", "old_fashioned"], ["plugin", "list"], ["check"]):
        main.run([*command, "--language", "en"])
        said = capsys.readouterr()
        assert told in " ".join((said.out + said.err).split()), command
    assert main.run(["hooks", "--markdown"]) == 0
    assert "Deprecated since 0.1, gone in 0.3; in its place `assess_more`." in capsys.readouterr().out


@pytest.mark.usefixtures("deprecated_hook")
def test_doctor_names_plugins_that_use_what_will_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from spheres_core.cli.server import diagnostics

    plant(tmp_path, "old_and_here", OLD, declares=("assess_eligibility",))

    seen = list(diagnostics._plugins(discover([tmp_path])))

    assert [each.state for each in seen if each.code == "deprecated"] == ["warn"]

"""A plugin's own entries: whom they notify, with what, and that they lead back to the plugin."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from spheres_core import app
from spheres_core.audit import operations as audit
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.plugins.set_builder import build_set
from spheres_core.staff.operations import accounts
from spheres_core.testing import MakeWorld, World, definition
from spheres_core.testing.region_api import Region
from tests.documented import documented_code
from tests.plugins.planting import plant

HOOKS = ("register_permissions", "register_trail_verbs", "on_own_entry")
SENT = "SELECT details->>'notice' FROM trail_entries WHERE verb = 'notification.sent'"


@pytest.fixture
def world(make_world: MakeWorld, tmp_path: Path) -> World:
    plant(
        tmp_path, "full_bus",
        documented_code("extension-points.md", "## Notices and entries of your own").replace("night_bus", "full_bus"),
        declares=HOOKS, permissions=["full_bus.read"],
    )  # fmt: skip
    made: World = make_world(definition("north", "full_bus"), on=discover([tmp_path]))
    assert made.loaded("north").plugins.left_out == {}
    return made


def open_account(world: World, name: str, role: str, *, mail: bool) -> None:
    async def opening(ctx: Any) -> None:
        await accounts.create_account(
            ctx, f"{name}@example.org", name=name, roles=(role,), password="a long and quiet phrase 42",
            chooses_referral_mail=mail,
        )  # fmt: skip

    world.act("north", opening)


def test_holders_who_chose_mail_get_the_title_and_nothing_else(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPHERES_HOME", str(tmp_path))
    open_account(world, "holder", "coordinator", mail=True)
    open_account(world, "quiet", "coordinator", mail=False)
    open_account(world, "other", "evaluator", mail=True)

    world.act("north", lambda ctx: audit.record(ctx, "full_bus.full", details={"bus": 7}))
    region = Region(world, "north", "full_bus")
    region.deliver()
    region.deliver()

    assert region.failures() == []

    async def sent(ctx: Any) -> Any:
        return [
            row[0]
            for row in await ctx.db.sql("SELECT details->>'notice' FROM trail_entries WHERE verb = 'notification.sent'")
        ]

    async def seen(ctx: Any) -> Any:
        return (await ctx.db.sql("SELECT count(*) FROM trail_entries WHERE verb = 'full_bus.seen'"))[0][0]

    assert world.act("north", sent) == ["plugin_notice"]
    assert world.act("north", seen) == 1
    (letter,) = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in tmp_path.rglob("*.eml")]
    body = letter.get_body().get_content()  # type: ignore[union-attr]
    assert "The bus is full" in body
    assert "7" not in body.replace("127.0.0.1", "").partition("http")[0]


@pytest.mark.parametrize(
    ("id_", "verb", "why"),
    [
        ("telling_title",
         "TrailVerb('telling_title.x', {{'en': 'A girl waits for the police'}}, notifies=READ)",
         "may not say"),
        ("words_of_a_case",
         "TrailVerb('words_of_a_case.x', Message('{{name}} waits', {{'name': 'x'}}, domain='words_of_a_case'),"
         " notifies=READ)", "no placeholders"),
        ("notifies_others",
         "TrailVerb('notifies_others.x', {{'en': 'New'}}, notifies='referrals.read')", "permission of its own"),
        ("hooks_elsewhere",
         "TrailVerb('hooks_elsewhere.x', {{'en': 'New'}}, hook='on_referral_received')", "whom it notifies"),
    ],
)  # fmt: skip
def test_a_notice_that_says_too_much_or_reaches_too_far_is_refused(
    tmp_path: Path, id_: str, verb: str, why: str
) -> None:
    plant(
        tmp_path, id_,
        f"READ = '{id_}.read'\n@hookimpl\ndef register_permissions():\n"
        "    return [Permission(READ, {'en': 'x'}, ('coordinator',))]\n"
        f"@hookimpl\ndef register_trail_verbs():\n    return [{verb.replace('{{', '{').replace('}}', '}')}]\n",
        declares=("register_permissions", "register_trail_verbs"), permissions=[f"{id_}.read"],
    )  # fmt: skip

    made = build_set(discover([tmp_path]), [id_], app.rooms(), app.catalog_folder())

    said = made.left_out[id_]
    inner = said.params.get("reason", "")
    assert why in said.msgid + getattr(inner, "msgid", "")

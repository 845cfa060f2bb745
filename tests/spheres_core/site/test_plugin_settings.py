"""The page of a plugin's settings: made from its struct, effective at once, and silent about secrets."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from spheres_core.authoring.tenant_files import definition_as_toml
from spheres_core.facts import Secret
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.tenancy import tenants
from spheres_core.testing import MakeWorld, World, definition
from tests.documented import documented_code
from tests.plugins.planting import plant

PAGE = "/t/north/en/administration/plugins/warm_bed/settings"
KEY = "a key that nobody sees"
ROUTE = """
@get("/beds", guards=[public])
async def beds(ctx: Context) -> list[str]:
    own = ctx.settings("warm_bed", Settings)
    return [str(own.beds), own.open_in, ",".join(own.streets), str(own.pets), own.registry_key.reveal(), repr(own)]

@hookimpl
def register_controllers():
    return [beds]
"""


@pytest.fixture
def world(make_world: MakeWorld, tmp_path: Path) -> World:
    code = documented_code("extension-points.md", "## Settings, and secret ones")
    plant(
        tmp_path, "warm_bed", f"{code}\nfrom spheres_core.plugin import Context\n{ROUTE}",
        declares=("register_settings", "register_controllers"), routes=True,
    )  # fmt: skip
    made: World = make_world(definition("north", "warm_bed"), on=discover([tmp_path]))
    assert made.loaded("north").plugins.left_out == {}
    return made


def beds(world: World) -> Any:
    return world.get("/t/north/api/x/warm_bed/beds").json()


def post(world: World, headers: dict[str, str], **values: str) -> Any:
    form = {"beds": "12", "open_in": "always", "streets": "", **values}
    return world.post(PAGE, headers=headers, data=form)


def test_what_is_set_holds_at_once_in_every_process_and_is_in_the_trail(world: World) -> None:
    me = world.bearer("north", "administrator")
    shown = world.get(PAGE, headers=me)
    assert shown.status_code == 200
    for words in ("Beds", "As many as the house has.", "Key of the registry", "Open in"):
        assert words in shown.text
    assert beds(world)[:4] == ["12", "always", "", "False"]

    kept = post(world, me, beds="20", open_in="winter", streets="Rue A\nRue B", pets="yes")

    assert kept.status_code == 303, kept.text
    assert beds(world)[:4] == ["20", "winter", "Rue A,Rue B", "True"]
    again = world.get(PAGE, headers=me).text
    assert 'value="20"' in again

    async def trail(ctx: Any) -> Any:
        return [row[0] for row in await ctx.db.sql("SELECT details FROM trail_entries WHERE verb = 'settings.changed'")]

    (details,) = world.act("north", trail)
    assert details == {"plugin": "warm_bed", "settings": ["beds", "open_in", "pets", "streets"]}


def test_a_value_outside_its_limits_is_said_at_its_field_and_nothing_is_kept(world: World) -> None:
    me = world.bearer("north", "administrator")

    for wrong in ("0", "201", "many"):
        refused = post(world, me, beds=wrong, pets="yes")
        assert refused.status_code == 422
        assert "Please give a number from 1 to 200." in refused.text
    assert post(world, me, open_in="never").status_code == 422

    assert beds(world)[:4] == ["12", "always", "", "False"]


def test_a_secret_is_sealed_shown_to_nobody_replaced_and_removed(world: World) -> None:
    me = world.bearer("north", "administrator")
    post(world, me, _new_registry_key=KEY)
    *_, revealed, printed = beds(world)

    async def stored(ctx: Any) -> Any:
        rows = await ctx.db.sql("SELECT values::text FROM tenant_settings WHERE owner = 'warm_bed'")
        return rows[0][0], await tenants.current(ctx.db, await ctx.db.one_or_none(tenants.BY_SLUG, slug="north"))

    text, known = world.act("north", stored)
    assert revealed == KEY
    assert "Secret(set)" in printed
    assert KEY not in text + printed + world.get(PAGE, headers=me).text
    assert "registry_key" not in definition_as_toml({"settings": known.settings})
    assert "A secret is set." in world.get(PAGE, headers=me).text
    post(world, me, beds="13")
    assert beds(world)[4] == KEY, "an empty field leaves it"
    post(world, me, _new_registry_key="another")
    assert beds(world)[4] == "another"
    post(world, me, _remove_registry_key="yes")
    assert beds(world)[4] == ""


def test_only_those_who_switch_plugins_come_to_the_page(world: World) -> None:
    assert world.get(PAGE).status_code in (303, 401)
    assert world.get(PAGE, headers=world.bearer("north", "coordinator")).status_code == 403
    me = world.bearer("north", "administrator")
    assert world.get(re.sub("warm_bed", "elsewhere", PAGE), headers=me).status_code == 404


def test_a_secret_says_nothing_of_itself() -> None:
    assert [str(Secret("x")), f"{Secret()!r}"] == ["Secret(set)", "Secret(not set)"]


API = "/t/north/api/admin/plugins/warm_bed/settings"


def test_a_program_reads_and_changes_settings_and_no_secret_comes_out(world: World) -> None:
    me = world.bearer("north", "administrator")

    changed = world.post(API, headers=me, json={"values": {"beds": 3, "pets": True, "streets": ["Rue A"]},
                                                "secrets": {"registry_key": KEY}})  # fmt: skip
    shown = world.get(API, headers=me)

    assert changed.json() == {"changed": ["beds", "pets", "registry_key", "streets"]}, changed.text
    assert beds(world)[:5] == ["3", "always", "Rue A", "True", KEY]
    found = {each["name"]: each for each in shown.json()["settings"]}
    assert (found["beds"]["value"], found["beds"]["most"], found["pets"]["value"]) == (3, 200, True)
    assert (found["registry_key"]["value"], found["registry_key"]["is_set"]) == (None, True)
    assert KEY not in shown.text + changed.text

    assert world.post(API, headers=me, json={"remove": ["registry_key"]}).json() == {"changed": ["registry_key"]}
    assert beds(world)[3:5] == ["True", ""], "what is not named stays"


def test_a_program_is_told_each_setting_that_does_not_fit_and_nothing_is_kept(world: World) -> None:
    me = world.bearer("north", "administrator")

    for values in ({"beds": 0}, {"beds": "many"}, {"pets": "yes"}, {"open_in": "summer"}, {"made_up": 1},
                   {"registry_key": "x"}):  # fmt: skip
        refused = world.post(API, headers=me, json={"values": {**values, "streets": ["B"]}})
        assert refused.status_code == 422, values
        assert [each["path"] for each in refused.json()["errors"]] == [*values]
    assert world.post(API, headers=me, json={"secrets": {"beds": "3"}}).status_code == 422
    assert beds(world)[:3] == ["12", "always", ""]
    assert world.get(API, headers=world.bearer("north", "coordinator")).status_code == 403
    assert world.get(API.replace("warm_bed", "cold_bed"), headers=me).status_code == 404

"""A region changes what a plugin brought: the reason is asked, the next version does not undo it, conflicts wait."""

from __future__ import annotations

import html
import re
import shutil
from functools import partial
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest

from spheres_core.app import assembly
from spheres_core.foundation.lifecycle.preview import Preview, preview_switch
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.staff.operations import accounts, sign_in
from spheres_core.testing import MakeWorld, World, definition

OURS: Final = Path(__file__).parents[3] / "plugins"
PACK: Final = "neighbours"
PASSWORD: Final = "a slow train along the river"
TOML: Final = """
format = 1
coordination_to_confirm = {fr = "À décider.", en = "To be decided."}
[[areas]]
key = "here"
name = {fr = "Ici", en = "Here"}
[[organizations]]
key = "shelter"
name = {fr = "NAME", en = "NAME"}
kind = "community"
areas = ["here"]
status = "verified"
short_name = "SHORT"
  [[organizations.roles]]
  role = "shelter"
  from = 2020-01-01
  duty = {fr = "Héberge", en = "Shelters"}
  status = "verified"
  [[organizations.services]]
  key = "beds"
  name = {fr = "Lits", en = "Beds"}
  about = {fr = "Des lits", en = "Beds"}
  for = "participants"
  areas = ["here"]
  verified_on = 2026-11-21
  status = "verified"
[[emergency_contacts]]
key = "call"
areas = ["here"]
name = {fr = "911", en = "911"}
purpose = {fr = "Danger", en = "Danger"}
phone = "911"
for = "immediate_danger"
verified_on = 2026-11-21
status = "verified"
"""


OTHER_CONTENT: Final = ["legal.toml", "catalogue.toml", "tools.toml", "locales"]
"""What a pack of partners alone does not bring."""


def write(folder: Path, version: str, *, name: str = "Le Havre", short: str = "LH", text: str = TOML) -> None:
    """A version of the pack, as it lies on the machine."""
    root = folder / PACK
    if not root.exists():
        shutil.copytree(OURS / "quebec", root, ignore=lambda *_: OTHER_CONTENT)
    manifest = (OURS / "quebec" / "plugin.toml").read_text()
    manifest = re.sub(r"(?m)^id = .*$", f'id = "{PACK}"', manifest)
    manifest = re.sub(r"(?m)^version = .*$", f'version = "{version}"', manifest)
    manifest = re.sub(r"(?m)^content = .*$", 'content = ["partners.toml"]', manifest)
    (root / "plugin.toml").write_text(manifest)
    (root / "partners.toml").write_text(text.replace("NAME", name).replace("SHORT", short))


class Town:
    """A world whose pack the tests upgrade: a new process with what lies on the machine by then."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.folder = world, folder

    def upgrade(self, version: str, **said: str) -> None:
        write(self.folder, version, **said)
        self.restart()

    def restart(self) -> None:
        self.world.restart(discover([self.folder]))

    def entry(self, slug: str, kind: str = "organizations") -> dict[str, Any]:
        said = self.world.get(f"/t/{slug}/api/directory/entries", headers=self.bearer(slug)).json()
        return next(each for each in said["entries"] if each["kind"] == kind)

    def content(self, slug: str, kind: str = "organizations") -> dict[str, Any]:
        id = self.entry(slug, kind)["id"]
        answer = self.world.get(f"/t/{slug}/api/directory/entries/{kind}/{id}", headers=self.bearer(slug))
        return dict(answer.json()["content"])

    def bearer(self, slug: str, role: str = "administrator") -> dict[str, str]:
        return {**self.world.bearer(slug, role), "accept-language": "en"}

    def post(self, slug: str, what: str, kind: str = "organizations", role: str = "administrator", **body: Any) -> Any:
        where = f"/t/{slug}/api/directory/entries/{kind}/{self.entry(slug, kind)['id']}{what}"
        return self.world.post(where, json=body, headers=self.bearer(slug, role))

    def change(self, slug: str, *, why: str = "They are called so here", **changes: Any) -> Any:
        return self.post(slug, "", changes=changes, why=why)

    def decide(self, slug: str, field: str, choice: str, *, why: str = "Agreed by telephone", **more: Any) -> Any:
        return self.post(slug, "/decide", field=field, choice=choice, why=why, **more)


@pytest.fixture
def town(make_world: MakeWorld, tmp_path: Path) -> Town:
    write(tmp_path, "1.0")
    return Town(make_world(definition("east", PACK), definition("west", PACK), on=discover([tmp_path])), tmp_path)


def test_a_change_asks_why_and_stays_when_a_newer_version_comes(town: Town) -> None:
    assert town.change("east", short_name="Havre", why=" ").status_code == 422
    assert town.change("east", short_name="Havre").json() == {"changed": ["short_name"]}
    assert town.change("east", short_name="Havre").json() == {"changed": []}

    town.upgrade("2.0", name="Le Grand Havre")

    content = town.content("east")
    assert (content["name"]["fr"], content["short_name"]) == ("Le Grand Havre", "Havre")
    local = town.entry("east")["local"]
    assert [(each["field"], each["why"]) for each in local] == [("short_name", "They are called so here")]
    assert town.content("west")["short_name"] == "LH"


def test_what_both_changed_is_stored_listed_and_decided_by_an_administrator(town: Town) -> None:
    town.change("east", short_name="Havre")
    town.upgrade("2.0", short="GH")

    (torn,) = town.entry("east")["conflicts"]
    assert ([torn[side][0]["text"] for side in ("before", "theirs", "ours")], torn["version"], torn["why"]) == (
        ["LH", "GH", "Havre"], "2.0", "They are called so here",
    )  # fmt: skip
    assert town.content("east")["short_name"] == "Havre", "ours holds until then"
    assert town.post("east", "/decide", role="coordinator", field="short_name", choice="new").status_code == 403
    assert town.decide("east", "short_name", "new", why="").status_code == 422

    assert town.decide("east", "short_name", "own", value="H").status_code == 200

    assert town.content("east")["short_name"] == "H"
    assert town.entry("east")["conflicts"] == []
    assert town.decide("east", "short_name", "new").status_code == 409
    town.restart()
    assert town.entry("east")["conflicts"] == []
    verbs = _trail(town.world, "east")
    assert [verb for verb in verbs if verb.startswith("directory.")] == [
        "directory.adopted", "directory.changed", "directory.adopted", "directory.decided",
    ]  # fmt: skip


def _trail(world: World, slug: str) -> list[str]:
    with psycopg.connect(world.urls.needed("owner")) as db:
        asked = "SELECT verb FROM trail_entries WHERE tenant_id = %s ORDER BY id"
        return [row[0] for row in db.execute(asked, [world.loaded(slug).tenant.id]).fetchall()]


def test_what_a_version_lets_go_is_marked_and_stays(town: Town) -> None:
    without = re.sub(r"(?s)  \[\[organizations.services\]\].*?(?=\[\[emergency)", "", TOML)
    assert "beds" not in without

    town.content("east")
    town.upgrade("2.0", text=without)

    assert town.entry("east", "services")["withdrawn_on"] is not None
    assert town.content("east", "services")["name"]["en"] == "Beds"
    town.upgrade("3.0")
    assert town.entry("east", "services")["withdrawn_on"] is None


def test_the_order_in_which_tenants_come_does_not_matter(town: Town) -> None:
    town.change("east", short_name="Havre")
    town.change("west", name={"fr": "Chez nous"})
    write(town.folder, "2.0", name="Autre", short="A")
    found = []
    for order in (("east", "west"), ("west", "east")):
        with psycopg.connect(town.world.urls.needed("owner")) as db:
            asked = "SELECT tenant_id, id, content, brought, reasons, conflicts FROM organizations"
            kept = db.execute(asked).fetchall()
        town.restart()
        for slug in order:
            town.world.loaded(slug)
        found.append({slug: (town.content(slug), town.entry(slug)["conflicts"]) for slug in ("east", "west")})
        with psycopg.connect(town.world.urls.needed("owner")) as db:
            for tenant, id, *columns in kept:
                db.execute(
                    "UPDATE organizations SET content = %s, brought = %s, reasons = %s, conflicts = %s"
                    " WHERE tenant_id = %s AND id = %s",
                    [*(psycopg.types.json.Jsonb(each) for each in columns), tenant, id],
                )
            db.execute("UPDATE tenant_plugins SET adopted = 'before'")
    assert found[0] == found[1]
    assert [len(found[0][slug][1]) for slug in ("east", "west")] == [1, 1]


def test_a_newer_version_is_previewed_before_it_is_adopted_and_touches_nothing(town: Town) -> None:
    town.change("east", short_name="Havre")
    write(town.folder, "2.0", name="Autre", short="A")
    before = town.content("east"), town.entry("east")

    headers = town.bearer("east")
    found = town.world.get(f"/t/east/api/admin/plugins/{PACK}/preview", headers=headers).json()

    assert (found["upgrade"]["before"], found["upgrade"]["after"]) == ("1.0", "2.0")
    changes = {(each["kind"], each["what"], tuple(each["fields"])) for each in found["changes"]}
    assert changes == {("change", "organizations", ("name",)), ("conflict", "organizations", ("short_name",))}
    assert (town.content("east"), town.entry("east")) == before
    assert found["action"] == "off"


def test_a_command_that_only_looks_at_a_newer_version_does_not_take_it_in(town: Town) -> None:
    """As `spheres tenant plugin preview` does, which runs the new version already."""
    town.content("east")
    write(town.folder, "2.0", short="A")
    town.world.restart(discover([town.folder]), partial(assembly.make_runtime, adopts=False))

    found = town.world.get(f"/t/east/api/admin/plugins/{PACK}/preview", headers=town.bearer("east")).json()

    assert (found["upgrade"]["before"], found["upgrade"]["after"], len(found["changes"])) == ("1.0", "2.0", 1)
    assert town.content("east")["short_name"] == "LH"


def test_what_would_be_no_entry_any_more_is_refused_by_its_field(town: Town) -> None:
    wrong: list[tuple[str, Any]] = [
        ("key", "other"), ("nothing", 1), ("kind", "palace"), ("name", {}), ("areas", ["elsewhere"]), ("short_name", 3),
    ]  # fmt: skip
    for field, value in wrong:
        answer = town.change("east", **{field: value})
        assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, field)


def test_the_page_shows_both_sides_and_keeps_a_decision(town: Town) -> None:
    async def signing_in(ctx: Any) -> str:
        await accounts.create_account(ctx, "a@example.org", name="Camille", roles=["administrator"], password=PASSWORD)
        return await sign_in.sign_in(ctx, "a@example.org", PASSWORD)

    me = {"cookie": f"spheres_east={town.world.act('east', signing_in)}"}
    where = f"/t/east/en/directory/organizations/{town.entry('east')['id']}"
    page = town.world.get(where, headers=me)
    secret = re.search(r'name="_csrf" value="([^"]+)"', page.text)
    assert secret is not None
    sent = {"_csrf": secret[1], "short_name": "Havre", "name.fr": "Le Havre", "name.en": "Le Havre", "why": "Ours"}
    assert town.world.post(where, headers=me, data=sent | {"why": ""}).status_code == 422
    assert town.world.post(where, headers=me, data=sent).status_code == 303
    town.upgrade("2.0", short="GH")

    listed = html.unescape(town.world.get("/t/east/en/directory", headers=me).text)
    shown = html.unescape(town.world.get(where, headers=me).text)

    assert "Nothing waits" not in listed
    assert "Ours" in listed, "the reason"
    for word in ("To be decided: Short name", "LH", "GH", "Havre", "in version 2.0"):
        assert word in shown
    choice = {"_csrf": secret[1], "_field": "short_name", "_choice": "new", "why": "They asked us to"}
    assert town.world.post(f"{where}/decide", headers=me, data=choice).status_code == 303
    assert town.content("east")["short_name"] == "GH"
    assert "Nothing waits" in town.world.get("/t/east/en/directory", headers=me).text


def test_a_preview_of_something_to_switch_on_says_what_it_adds(town: Town) -> None:
    async def look(ctx: Any) -> Preview:
        return await preview_switch(ctx, PACK, runtime=town.world.runtime)

    with psycopg.connect(town.world.urls.needed("owner")) as db:
        db.execute("UPDATE tenant_plugins SET active = false, adopted = NULL")
        db.execute("DELETE FROM organizations")
    town.restart()

    found = town.world.act("east", look)

    assert found.upgrade is None
    assert {(each.kind, each.what) for each in found.changes} >= {("add", "organizations"), ("add", "services")}

"""A tenant's forms over HTTP, and the versions it keeps."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any, Final

import jsonschema
import msgspec
import pytest

from spheres_core.forms import queries
from spheres_core.forms.answers import check
from spheres_core.forms.operations.publication import publish
from spheres_core.forms.queries import FormUnknown, PublishedVersion
from spheres_core.forms.schemas import Form, encode
from spheres_core.foundation.plugins.discovery import Machine, discover
from spheres_core.foundation.tenancy.context import Context
from spheres_core.testing import MakeWorld, World, definition, write_plugin

TODAY: Final = dt.date(2026, 11, 21)
NOW: Final = dt.datetime(2026, 11, 21, 15, 0, tzinfo=dt.UTC)
FORM: Final = """
| survey |
| | type | name | label::Français (fr) | label::English (en) | required |
| | text | what | {fr} | What is it about? | yes |
| | select_one yn | soon | Est-ce pressant? | Is it urgent? | |
| choices |
| | list_name | name | label::Français (fr) | label::English (en) |
| | yn | yes | Oui | Yes |
| | yn | no | Non | No |
| settings |
| | form_title::Français (fr) | form_title::English (en) |
| | Demande de conseil | Request for advice |
"""


def write_pack(folder: Path, *, fr: str = "De quoi s'agit-il?", version: str = "1.0.0") -> Machine:
    """Writes the pack `here` with that form; returns what lies on the machine then."""
    write_plugin(folder, "here", {"forms/advice.md": FORM.format(fr=fr)}, version=version,
                 provides={"content": ["forms/advice.md"]})  # fmt: skip
    return discover([folder])


@pytest.fixture(scope="module")
def world(make_module_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two tenants, of which only one has the form; nothing here changes what it keeps."""
    machine = write_pack(tmp_path_factory.mktemp("packs"))
    made: World = make_module_world(definition("alpha", "here"), definition("beta"), on=machine)
    made.now = NOW
    return made


def test_the_forms_of_a_tenant_are_listed_in_the_reader_s_language(world: World) -> None:
    listed = world.get("/t/alpha/api/forms", headers={"accept-language": "en"})

    (form,) = listed.json()["forms"]
    assert listed.status_code == 200
    assert form["key"] == "advice"
    assert form["title"] == "Request for advice"
    assert world.get("/t/alpha/api/forms").json()["forms"][0]["title"] == "Demande de conseil"


def test_a_form_tells_its_schema_and_an_example_that_is_valid_today(world: World) -> None:
    form = world.get("/t/alpha/api/forms/advice").json()

    jsonschema.Draft202012Validator.check_schema(form["schema"])
    jsonschema.validate(form["example"], form["schema"])
    assert form["schema"]["properties"]["soon"]["title"] == "Est-ce pressant?"
    assert [question["label"] for question in form["questions"]] == [
        "De quoi s'agit-il?",
        "Est-ce pressant?",
    ]
    assert form["version"] == form["schema"]["$id"].rpartition(":")[2]


def test_a_form_that_is_not_here_is_not_found(world: World) -> None:
    for path in ("/t/alpha/api/forms/other", "/t/beta/api/forms/advice"):
        assert world.get(path).status_code == 404


def test_a_tenant_without_the_plugin_has_none_of_its_forms(world: World) -> None:
    assert world.get("/t/beta/api/forms").json() == {"forms": []}


def test_publishing_twice_keeps_one_version(world: World) -> None:
    async def again(ctx: Context) -> tuple[bool, list[PublishedVersion]]:
        form = await queries.current(ctx, "advice")
        return await publish(ctx, form, origin="here"), await queries.published(ctx)

    added, kept = world.act("alpha", again)

    assert not added
    assert [(each.key, each.origin) for each in kept] == [("advice", "here")]


def test_an_earlier_version_can_still_be_read(make_world: MakeWorld, tmp_path: Path) -> None:
    world = make_world(definition("alpha", "here"), on=write_pack(tmp_path))

    async def today(ctx: Context) -> Form:
        return await queries.current(ctx, "advice")

    before = world.act("alpha", today)
    world.restart(write_pack(tmp_path, fr="Parlez-nous-en", version="1.1.0"))

    async def both(ctx: Context) -> tuple[Form, Form, list[PublishedVersion]]:
        now = await queries.current(ctx, "advice")
        return (
            now,
            await queries.version(ctx, "advice", before.version),
            await queries.published(ctx),
        )

    now, then, kept = world.act("alpha", both)

    assert now.version != before.version
    assert then == before
    assert {each.version for each in kept} == {now.version, before.version}


def test_a_version_of_another_tenant_cannot_be_read(world: World) -> None:
    async def today(ctx: Context) -> Form:
        return await queries.current(ctx, "advice")

    form = world.act("alpha", today)

    async def borrow(ctx: Context) -> Any:
        return await queries.version(ctx, "advice", form.version)

    with pytest.raises(FormUnknown):
        world.act("beta", borrow)


def test_a_kept_version_is_what_its_hash_says(world: World) -> None:
    async def content(ctx: Context) -> tuple[Form, bytes]:
        form = await queries.current(ctx, "advice")
        return form, await ctx.db.scalar(queries.CONTENT, key="advice", version=form.version)

    form, kept = world.act("alpha", content)

    bare = encode(msgspec.structs.replace(form, version=""))
    assert kept == encode(form)
    assert hashlib.sha256(bare).hexdigest()[:12] == form.version
    assert check(form, {"what": "x"}, today=TODAY).values == {"what": "x"}


def test_a_pack_with_a_broken_form_is_left_out(make_world: MakeWorld, tmp_path: Path) -> None:
    write_pack(tmp_path)
    (tmp_path / "here" / "forms" / "advice.md").write_text(FORM.format(fr="").replace("text", "geopoint"))
    world = make_world(definition("alpha", "here"), on=discover([tmp_path]))

    assert world.get("/t/alpha/api/forms").json() == {"forms": []}


BEGUN: Final = """
| survey |
| | type | name | label::fr | label::en | default | read_only | guidance_hint::fr | guidance_hint::en | appearance |
| | text | code | Code | Code | X-1 | yes | | | |
| | date | since | Depuis | Since | today() | | Le mois suffit. | The month will do. | month-year |
"""


def test_a_client_is_told_what_a_form_begins_with_and_nobody_changes(make_world: MakeWorld, tmp_path: Path) -> None:
    plugins = write_pack(tmp_path)
    (tmp_path / "here" / "forms" / "advice.md").write_text(BEGUN)
    world = make_world(definition("alpha", "here"), on=plugins)

    shown = world.get("/t/alpha/api/forms/advice", headers={"accept-language": "fr"}).json()

    code, since = shown["questions"]
    assert (code["default"], code["read_only"]) == ("X-1", True)
    assert (since["default"], since["guidance"], since["appearance"]) == ("today()", "Le mois suffit.", "month-year")
    assert shown["schema"]["properties"]["code"]["readOnly"] is True
    assert shown["example"]["since"].endswith("-01")
    jsonschema.validate(shown["example"], shown["schema"])


@pytest.mark.parametrize(("kind", "media_type", "begins"), [
    ("fhir", "application/fhir+json", b"{"), ("xform", "application/xml", b"<?xml"),
    ("xlsform", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
])  # fmt: skip
def test_who_administers_takes_a_form_out_for_another_tool(
    world: World, kind: str, media_type: str, begins: bytes
) -> None:
    place = f"/t/alpha/api/forms/advice/export/{kind}"
    taken = world.get(place, headers=world.bearer("alpha", "administrator"))

    assert (taken.status_code, taken.headers["content-type"]) == (200, media_type)
    assert taken.content.startswith(begins)
    assert taken.headers["content-disposition"].startswith('attachment; filename="advice-')
    assert world.get(place).status_code == 401
    assert world.get(place, headers=world.bearer("alpha", "coordinator")).status_code == 403


def test_a_form_is_taken_out_in_no_other_format_and_of_no_other_region(world: World) -> None:
    for place in ("/t/alpha/api/forms/advice/export/pdf", "/t/beta/api/forms/advice/export/fhir"):
        slug = place.split("/")[2]
        assert world.get(place, headers=world.bearer(slug, "administrator")).status_code == 404

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
from spheres_core.forms.operations import publish
from spheres_core.forms.queries import FormUnknown, PublishedVersion
from spheres_core.forms.schemas import Form, encode
from spheres_core.foundation.tenancy.context import Context
from tests.spheres_core.forms.conftest import Region

TODAY: Final = dt.date(2026, 11, 21)
MANIFEST: Final = """
manifest = 1
id = "{id}"
version = "{version}"
tier = "pack"
languages = ["fr-CA", "en-CA"]
title = {{fr = "{id}", en = "{id}"}}
description = {{fr = "Un formulaire.", en = "A form."}}
licence = "MIT"
owner = "tests"
[compatible]
spheres = ">=0.1,<1"
[requires]
[conflicts]
[provides]
hooks = []
routes = false
tables = []
permissions = {{}}
content = ["forms/advice.md"]
[data]
categories = []
[failure]
forms = {{fr = "Rien.", en = "Nothing."}}
"""
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


def write_pack(folder: Path, id: str = "here", *, fr: str = "De quoi s'agit-il?", version: str = "1.0.0") -> None:
    forms = folder / id / "forms"
    forms.mkdir(parents=True, exist_ok=True)
    (folder / id / "plugin.toml").write_text(MANIFEST.format(id=id, version=version))
    (forms / "advice.md").write_text(FORM.format(fr=fr))


@pytest.fixture
def region(own_region: Region) -> Region:
    write_pack(own_region.plugins)
    own_region.add("alpha", "here")
    own_region.add("beta")
    return own_region


def test_the_forms_of_a_tenant_are_listed_in_the_reader_s_language(region: Region) -> None:
    listed = region.get("/t/alpha/api/forms", language="en")

    (form,) = listed.json()["forms"]
    assert listed.status_code == 200
    assert form["key"] == "advice"
    assert form["title"] == "Request for advice"
    assert region.get("/t/alpha/api/forms").json()["forms"][0]["title"] == "Demande de conseil"


def test_a_form_tells_its_schema_and_an_example_that_is_valid_today(region: Region) -> None:
    form = region.get("/t/alpha/api/forms/advice").json()

    jsonschema.Draft202012Validator.check_schema(form["schema"])
    jsonschema.validate(form["example"], form["schema"])
    assert form["schema"]["properties"]["soon"]["title"] == "Est-ce pressant?"
    assert [question["label"] for question in form["questions"]] == [
        "De quoi s'agit-il?",
        "Est-ce pressant?",
    ]
    assert form["version"] == form["schema"]["$id"].rpartition(":")[2]


def test_a_form_that_is_not_here_is_not_found(region: Region) -> None:
    for path in ("/t/alpha/api/forms/other", "/t/beta/api/forms/advice"):
        assert region.get(path).status_code == 404


def test_a_tenant_without_the_plugin_has_none_of_its_forms(region: Region) -> None:
    assert region.get("/t/beta/api/forms").json() == {"forms": []}


def test_publishing_twice_keeps_one_version(region: Region) -> None:
    async def again(ctx: Context) -> tuple[bool, list[PublishedVersion]]:
        form = await queries.current(ctx, "advice")
        return await publish(ctx, form, origin="here"), await queries.published(ctx)

    added, kept = region.run("alpha", again)

    assert not added
    assert [(each.key, each.origin) for each in kept] == [("advice", "here")]


def test_an_earlier_version_can_still_be_read(region: Region) -> None:
    async def today(ctx: Context) -> Form:
        return await queries.current(ctx, "advice")

    before = region.run("alpha", today)
    write_pack(region.plugins, fr="Parlez-nous-en", version="1.1.0")

    async def both(ctx: Context) -> tuple[Form, Form, list[PublishedVersion]]:
        now = await queries.current(ctx, "advice")
        return (
            now,
            await queries.version(ctx, "advice", before.version),
            await queries.published(ctx),
        )

    now, then, kept = region.run("alpha", both)

    assert now.version != before.version
    assert then == before
    assert {each.version for each in kept} == {now.version, before.version}


def test_a_version_of_another_tenant_cannot_be_read(region: Region) -> None:
    async def today(ctx: Context) -> Form:
        return await queries.current(ctx, "advice")

    form = region.run("alpha", today)

    async def borrow(ctx: Context) -> Any:
        return await queries.version(ctx, "advice", form.version)

    with pytest.raises(FormUnknown):
        region.run("beta", borrow)


def test_a_kept_version_is_what_its_hash_says(region: Region) -> None:
    async def content(ctx: Context) -> tuple[Form, bytes]:
        form = await queries.current(ctx, "advice")
        return form, await ctx.db.scalar(queries.CONTENT, key="advice", version=form.version)

    form, kept = region.run("alpha", content)

    bare = encode(msgspec.structs.replace(form, version=""))
    assert kept == encode(form)
    assert hashlib.sha256(bare).hexdigest()[:12] == form.version
    assert check(form, {"what": "x"}, today=TODAY).values == {"what": "x"}


def test_a_pack_with_a_broken_form_is_left_out(own_region: Region) -> None:
    write_pack(own_region.plugins)
    (own_region.plugins / "here" / "forms" / "advice.md").write_text(FORM.format(fr="").replace("text", "geopoint"))
    own_region.add("alpha", "here")

    assert own_region.get("/t/alpha/api/forms").json() == {"forms": []}

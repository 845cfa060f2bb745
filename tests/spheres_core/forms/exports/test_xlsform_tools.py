"""A form for other tools: pyxform converts what we write, and it still asks the same."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import pytest
from pyxform.xls2xform import convert

from spheres_core.forms.exports.xlsform_tools import portable_workbook, xform
from spheres_core.forms.schemas import Form, Question
from spheres_core.forms.xlsform.reader import inspect
from spheres_core.foundation.content.packs import ContentInvalid

SHIPPED: Final = sorted((Path(__file__).parents[4] / "plugins").glob("*/forms/*.md"))
BIND: Final = "{http://www.w3.org/2002/xforms}bind"


def read(path: Path) -> Form:
    form = inspect(path, key=path.stem).form
    assert form is not None
    return form


def bound(xml: str | bytes) -> dict[str, dict[str, str]]:
    """The binds of an XForm, by the place that each is for."""
    found = (dict(each.attrib) for each in ElementTree.fromstring(xml).iter(BIND))
    return {each.pop("nodeset"): each for each in found}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_each_shipped_form_is_read_by_other_tools_and_asks_the_same_when_it_comes_back(path: Path) -> None:
    form = read(path)
    workbook, _ = portable_workbook(form)
    by_pyxform = convert(xlsform=io.BytesIO(workbook), validate=False, form_name="data", file_type=".xlsx")
    again = inspect(workbook, key=form.key, suffix=".xlsx").form

    assert by_pyxform.warnings == []
    assert again is not None
    assert (again.questions, again.choices) == (form.questions, form.choices)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_each_shipped_form_is_an_xform_with_a_bind_for_each_question(path: Path) -> None:
    form = read(path)
    binds = bound(xform(form)[0])

    asked = [each for each in form.walk() if each.kind not in ("group", "repeat")]
    assert {f"/data/{each.path.replace('.', '/')}" for each in asked} <= binds.keys()
    for each in asked:
        bind = binds[f"/data/{each.path.replace('.', '/')}"]
        assert ("relevant" in bind, "constraint" in bind) == (each.relevant is not None, each.constraint is not None)


def test_what_an_xform_has_no_place_for_is_said() -> None:
    told = [each.message.msgid for each in xform(read(SHIPPED[0]))[1]]

    assert told == [
        "Other tools know one title of a form; it is the one in {language}.",
        "XForm has no place for meanings, limits of texts and entries, and retired choices; they are left out.",
    ]


def test_a_form_that_pyxform_cannot_write_is_refused_with_its_reason() -> None:
    form = Form("trial", "", {"en": "Trial"}, "en", ("en",), (Question("not a name", "text", "not a name"),))
    with pytest.raises(ContentInvalid) as refused:
        xform(form)
    assert "Names must begin with a letter" in refused.value.findings[0].message.params["reason"]

import asyncio
import io
from typing import Final

import pikepdf
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from spheres_core.foundation.documents import pdf
from spheres_core.foundation.documents.pdf import Document, compile_pdf, printable, unprintable, write_pdf
from tests.examples import examples

EXAMPLE: Final = "foundation/documents/example.typ"


def document(text: str, *, language: str = "fr-CA") -> Document:
    facts = {"title": "Ce qui m’aide", "lines": [{"head": "Été", "text": text}]}
    return Document(EXAMPLE, facts, "Ce qui m’aide", language)


def test_a_document_is_tagged_and_says_its_title_and_language() -> None:
    with pikepdf.open(io.BytesIO(compile_pdf(document("Marcher")))) as file:
        assert file.Root.MarkInfo.Marked
        assert file.Root.Lang == "fr-CA"
        assert file.docinfo["/Title"] == "Ce qui m’aide"
        assert file.Root.ViewerPreferences.DisplayDocTitle
        assert kinds(file.Root.StructTreeRoot) >= {"/H1", "/H2", "/P"}
        with file.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


def kinds(node: pikepdf.Object) -> set[str]:
    """The kinds of structure elements below a node."""
    found = {str(node.S)} if "/S" in node else set()
    below = node.get("/K", [])
    for each in below if isinstance(below, pikepdf.Array) else [below]:
        if isinstance(each, pikepdf.Dictionary):
            found |= kinds(each)
    return found


@pytest.mark.parametrize("language", ["iu-Cans", "cr", "en-CA"])
def test_a_language_whose_tag_has_no_country_is_told_as_far_as_the_file_can(language: str) -> None:
    with pikepdf.open(io.BytesIO(compile_pdf(document("ᐃᓄᒃᑎᑐᑦ", language=language)))) as file:
        assert str(file.Root.Lang) in {language, language.partition("-")[0]}


def test_every_character_that_is_listed_has_a_shape() -> None:
    compile_pdf(document("".join(sorted(pdf._characters()))))


def test_a_character_without_a_shape_fails_where_it_is_not_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "printable", lambda text: text)
    with pytest.raises(typst.TypstError):
        compile_pdf(document("Ж"))


@settings(max_examples=examples(60), deadline=None)
@given(st.text(max_size=200))
def test_no_text_of_a_person_breaks_a_document_or_is_read_as_markup(text: str) -> None:
    compile_pdf(document(text + "#panic() $x$ @nobody <label> \\ ```"))
    assert unprintable(printable(text)) == ""


def test_what_cannot_be_printed_is_named() -> None:
    assert unprintable("Été 😀 Ж Жa") == "Ж"
    assert printable("Été 😀 Ж") == "Été 😀 �"


async def several() -> list[bytes]:
    return await asyncio.gather(*(write_pdf(document("Marcher")) for _ in range(5)))


def test_the_same_facts_are_the_same_bytes_in_each_event_loop() -> None:
    written = {*asyncio.run(several()), *asyncio.run(several())}
    assert len(written) == 1

"""A region words its e-mails itself: proofread where they are written, and said to its people only."""

from __future__ import annotations

from pathlib import Path

import pytest

from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.notifications.notice_file import LONGEST_SUBJECT, MOST, read_notices, worded
from spheres_core.notifications.notices import INVITATION, NOTICES, SOMETHING_WAITS
from spheres_core.testing import World, definition

HEAD = "format = 1\n\n[notices.something_waits]\n"


def refused(folder: Path, text: str) -> list[tuple[int | None, str]]:
    (folder / "notices.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentInvalid) as invalid:
        read_notices([folder / "notices.toml"], "x")
    return [(each.line, str(each.key)) for each in invalid.value.findings]


def body(text: str) -> str:
    return f'body = [{{fr = "{text}", en = "Something new is waiting."}}]\n'


@pytest.mark.parametrize(
    "text",
    ["Une référence vous attend.", "Une jeune de 15 ans attend.", "Voyez https://exemple.ca", "Bonjour {name}", "}"],
)
def test_a_sentence_that_tells_something_or_has_a_placeholder_is_refused_at_its_line(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, HEAD + body(text)) == [(4, "notices.something_waits.body[0]")]


@pytest.mark.parametrize("subject", ["x" * (LONGEST_SUBJECT + 1), "un\\ndeux", "Urgent"])
def test_a_subject_is_one_short_line_that_tells_nothing(tmp_path: Path, subject: str) -> None:
    assert refused(tmp_path, HEAD + f'subject = {{fr = "{subject}", en = "News"}}\n') == [
        (4, "notices.something_waits.subject")
    ]


def test_an_unknown_notice_an_unknown_key_a_missing_language_and_too_much_are_refused(tmp_path: Path) -> None:
    sentences = ", ".join('{fr = "a", en = "b"}' for _ in range(MOST + 1))

    assert refused(tmp_path, 'format = 1\n[notices.hello]\nsubject = {fr = "a", en = "b"}\n') == [(2, "notices.hello")]
    assert refused(tmp_path, HEAD + 'footer = {fr = "a", en = "b"}\n') == [(4, "notices.something_waits.footer")]
    assert refused(tmp_path, HEAD + 'subject = {fr = "a"}\n') == [(4, "notices.something_waits.subject")]
    assert refused(tmp_path, HEAD + f"body = [{sentences}]\n") == [(4, "notices.something_waits.body")]


def test_a_region_s_own_words_are_said_there_and_nowhere_else(shared_world: World) -> None:
    world = shared_world.renew(definition("west", "quebec", "outaouais"), definition("north", "quebec", "montreal"))
    west, north = (world.loaded(slug) for slug in ("west", "north"))

    own = worded(SOMETHING_WAITS, west.plugins)
    assert str(west.locales.locale("fr-CA").say(own.subject)) == "Du nouveau pour vous"
    assert worded(SOMETHING_WAITS, north.plugins) == SOMETHING_WAITS
    assert worded(INVITATION, west.plugins) == INVITATION


def test_every_notice_may_be_worded(tmp_path: Path) -> None:
    parts = "".join(f'[notices.{each.kind}]\nsubject = {{fr = "Du nouveau", en = "News"}}\n' for each in NOTICES)
    (tmp_path / "notices.toml").write_text(f"format = 1\n{parts}", encoding="utf-8")

    assert read_notices([tmp_path / "notices.toml"], "x").keys() == {each.kind for each in NOTICES}

"""What the example of a gateway promises: a file for each message that says nothing of anybody, and no network."""

import stat
from pathlib import Path
from typing import Any

import pytest

from spheres_core.notifications.notices import SOMETHING_WAITS, telling_words
from spheres_core.notifications.operations import text_messages
from spheres_core.testing import Region
from tests.spheres_core.staff.text_messages import NUMBER, owed, somebody_with_a_number


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPHERES_HOME", str(tmp_path))
    return tmp_path


def test_each_message_is_one_file_however_often_it_is_handed_over(region: Region, home: Path) -> None:
    who = somebody_with_a_number(region.world, region.slug)
    (code,) = (home / "outgoing" / region.slug / "sms_file").iterdir()
    region.world.act(region.slug, lambda ctx: text_messages.owe(ctx, who, SOMETHING_WAITS, gateway="sms_file"))
    region.deliver()
    region.deliver(again=True)

    ((entry, _),) = owed(region.world, SOMETHING_WAITS.kind)
    written = code.parent / f"{entry}.txt"
    assert {*code.parent.iterdir()} == {code, written}
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    head, _, text = written.read_text().partition("\n\n")
    assert head.splitlines() == ["From: ", f"To: {NUMBER}"]
    assert text.strip() and telling_words(text) == [] and "://" not in text


def test_an_administrator_sets_the_number_that_messages_come_from_and_no_name(region: Region) -> None:
    def set_to(sender: str) -> Any:
        address = "/en/administration/plugins/sms_file/settings"
        return region.client("administrator").post(address, data={"sender": sender}).status_code

    assert [set_to(each) for each in ("514555", "Maison des jeunes")] == [303, 422]

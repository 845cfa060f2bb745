"""docs/api.md is true: each of its commands gets the status that stands above it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Final

import httpx

from spheres_core.testing import MakeWorld, World, definition

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "api.md").read_text()
COMMANDS: Final = re.findall(r"^# (\d{3})\n(curl .*?)(?=\n# \d{3}\n|\n```)", PAGE, re.MULTILINE | re.DOTALL)


def send(world: World, command: str, names: dict[str, str]) -> httpx.Response:
    """Do what curl would."""
    for name, value in names.items():
        command = command.replace(f"${name}", value)
    words = shlex.split(command)[1:]
    assert words.pop(0) == "-s"
    address, headers, body = words.pop(0), {}, None
    while words:
        option, value = words.pop(0), words.pop(0)
        if option == "-H":
            name, _, text = value.partition(": ")
            headers[name] = text
        else:
            assert option == "-d", option
            body = value
    return world.request("POST" if body else "GET", address, headers=headers, content=body)


def test_each_command_of_the_page_gets_the_answer_that_stands_above_it(make_world: MakeWorld) -> None:
    world = make_world(
        definition("montreal", "quebec", "montreal"), definition("outaouais", "quebec", "outaouais", "regional_intake")
    )
    coordinator = world.bearer("montreal", "coordinator")
    world.refer("montreal")
    referred = world.get("/t/montreal/api/referrals", headers=coordinator).json()["items"][0]["id"]
    names = {"SPHERES": "", "TOKEN": coordinator["Authorization"].removeprefix("Bearer "), "ID": referred}

    assert len(COMMANDS) >= 18
    for status, command in COMMANDS:
        answer = send(world, command, names)
        assert answer.status_code == int(status), f"{command}\n{answer.text}"
        said = answer.json() if "json" in answer.headers["content-type"] else {}
        if "receipt" in said:
            names["RECEIPT"] = said["receipt"]

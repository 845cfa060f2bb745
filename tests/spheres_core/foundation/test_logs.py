"""Logs hold what is on the list and nothing else: no word of a person gets in by another name or an error's text."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

from spheres_core.foundation import logs
from tests import syntax

ROOT = Path(__file__).parents[3]
STORY = """
import logging, structlog, threading, warnings
from spheres_core.foundation import logs
logs.configure()
logs.configure()
log = structlog.get_logger("spheres.x")
log.info("referral.received", tenant="a", name="Sacha", answers={"phone": "Sacha"})
try:
    raise ValueError("Sacha")
except ValueError:
    log.error("web.unexpected", exc_info=True)
    logging.getLogger("asyncio").exception("%s said no", "Sacha")
logging.getLogger("procrastinate.worker").warning("job of Sacha")
logging.getLogger("_granian").warning("listening")
logging.getLogger("_granian").error("it raised an exception\\nTraceback of Sacha")
warnings.warn("Sacha is old")
thread = threading.Thread(target=lambda: int("Sacha"))
thread.start()
thread.join()
logging.getLogger("granian.access").info("GET /t/Sacha")
raise KeyError("Sacha")
"""


def test_only_what_is_on_the_list_is_logged_as_json_lines() -> None:
    said = subprocess.run([sys.executable, "-c", STORY], cwd=ROOT, capture_output=True, text=True, check=False)

    lines = [json.loads(line) for line in said.stderr.splitlines()]
    assert said.stdout == ""
    assert "Sacha" not in said.stderr
    assert [line["event"] for line in lines] == [
        "referral.received", "web.unexpected", "library.said", "library.said", "listening", "it raised an exception",
        "library.said", "process.uncaught", "process.uncaught",
    ]  # fmt: skip
    assert lines[0]["tenant"] == "a"
    assert (lines[1]["error"], lines[2]["error"]) == ("ValueError", "ValueError")
    assert (lines[-2]["error"], lines[-1]["error"]) == ("ValueError", "KeyError")
    assert said.returncode == 1
    assert all(line.keys() <= logs.ALLOWED for line in lines)


def test_whatever_the_core_logs_is_on_the_list() -> None:
    said: dict[str, set[str]] = {}
    for path in (ROOT / "spheres_core").rglob("*.py"):
        for node in syntax.nodes(path.read_text(encoding="utf-8"), ["log."]):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and getattr(node.func.value, "id", "") == "log"
            ):
                said.setdefault(path.name, set()).update(each.arg or "**" for each in node.keywords)

    assert {name: keys - logs.ALLOWED for name, keys in said.items() if keys - logs.ALLOWED} == {}
    assert len(said) > 3

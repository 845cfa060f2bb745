"""Every entry of the trail has a title in words: who reads the trail is no programmer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from spheres_core import app

CORE: Final = Path(app.__file__).parents[1]
WRITERS: Final = {"record": 1, "record_list": 1, "record_reading": 1}
"""Functions of `audit.operations` that write an entry, and where its verb stands among their arguments."""
VERB: Final = re.compile(r"[a-z_]+\.[a-z_]+")


def written_verbs(source: str) -> Iterator[str]:
    """Yields the verbs that a module writes: as an argument, of a helper of its own too, or as a name `verb`."""
    tree = ast.parse(source)
    places = dict(WRITERS)
    for each in ast.walk(tree):
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            names = [argument.arg for argument in each.args.args]
            if "verb" in names:
                places[each.name] = names.index("verb")
    for each in ast.walk(tree):
        if isinstance(each, ast.Call):
            name = each.func.attr if isinstance(each.func, ast.Attribute) else getattr(each.func, "id", "")
            if len(each.args) > places.get(name, len(each.args)):
                yield from _constants(each.args[places[name]])
        elif isinstance(each, ast.Assign) and any(getattr(target, "id", "") == "verb" for target in each.targets):
            yield from _constants(each.value)


def _constants(value: ast.expr) -> Iterator[str]:
    for each in ast.walk(value):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and VERB.fullmatch(each.value):
            yield each.value


def test_every_verb_that_is_written_has_a_title() -> None:
    rooms = app.rooms().values()
    titled = {each.verb for room in rooms for each in getattr(room, "register_trail_verbs", list)()}
    written = {
        (verb, str(path.relative_to(CORE)))
        for path in CORE.rglob("*.py")
        for verb in written_verbs(path.read_text(encoding="utf-8"))
    }

    assert len(written) > 150
    assert sorted((verb, path) for verb, path in written if verb not in titled) == []


def test_each_way_to_write_a_verb_is_seen() -> None:
    assert set(written_verbs('await audit.record(ctx, "a.b")\nrecord_list(ctx, "c.d", asking)')) == {"a.b", "c.d"}
    assert set(written_verbs('async def note(ctx, verb): ...\nnote(ctx, "a.b" if x else "c.d")')) == {"a.b", "c.d"}
    assert set(written_verbs('verb = "a.b"\nfield("c.d")\nseal(ctx, "e.f")')) == {"a.b"}

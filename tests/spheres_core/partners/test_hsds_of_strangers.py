"""Whatever a stranger's file holds in whatever place, reading it ends in entries or in findings."""

from __future__ import annotations

import copy
import datetime as dt
import json
from pathlib import Path
from typing import Any, Final

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.partners.hsds.document import read_document
from spheres_core.partners.hsds.entries import read_records
from spheres_core.partners.hsds.records import RecordContext
from tests.examples import examples

EXAMPLES: Final = [
    json.loads((Path(__file__).parents[2] / "assets" / "hsds" / name).read_text())
    for name in ("service_full.json", "organization_full.json")
]
AROUND: Final = RecordContext(("en-CA", "fr-CA"), "America/Toronto", dt.datetime(2026, 11, 21, tzinfo=dt.UTC))
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "x"]), inner, max_size=2),
    max_leaves=4,
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """(container, key) of everything in a record."""
    found: list[tuple[Any, Any]] = []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        found += [(value, key), *places(each)]
    return found


@settings(max_examples=examples(300))
@given(st.sampled_from(EXAMPLES), st.lists(st.tuples(st.integers(0, 10_000), junk), max_size=3), st.booleans())
def test_no_file_is_worse_than_findings(example: Any, changes: list[tuple[int, Any]], ours: bool) -> None:
    record = copy.deepcopy(example)
    if ours:
        record["x_spheres"] = {"format": 1, "text_languages": ["en"], "entry": {"key": "a"}, "contacts": [{"id": 1}]}
    number = 0
    for number, value in changes:
        known = places(record)
        container, key = known[number % len(known)]
        container[key] = value
    try:
        read = read_document(json.dumps(record, indent=number % 3 or None).encode(), "any.json")
        brought = read_records(read, AROUND, verified_on=dt.date(2026, 1, 1))
        placed = read.placed()
    except ContentInvalid as refused:
        unplaced = [each.place() for each in refused.findings if not each.line]
    else:
        unplaced = [each.place() for each in placed if not each.line]
        for entry in (*brought.organizations, *brought.services, *brought.contacts):
            assert entry.key
            msgspec.json.encode(entry.content)
    assert unplaced == []

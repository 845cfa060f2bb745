"""Lists whose items have names and texts: a table (.csv), items of XML, or features of GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from spheres_core.facts import msg
from spheres_core.foundation.content.grids import LIMITS, Cell, Grid, grid_of
from spheres_core.foundation.content.number_formats import number_text
from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.foundation.content.spreadsheets import open_spreadsheet, read_file

SUFFIXES: Final = (".csv", ".xml", ".geojson")
_MOST_COLUMNS: Final = 200


def read_items(content: bytes, file: str, most: int) -> Grid | None:
    """Returns the items of a list as a table, one more than `most` at most, so that a longer list can be told; None
    when there are none. Raises ContentInvalid for what is no list."""
    suffix = file.lower().rpartition(".")[2]
    if suffix == "csv":
        grids = open_spreadsheet(content, file=file, suffix=".csv").grids
        return grids[0] if grids else None
    try:
        read = read_file(content, file, LIMITS)
        items = list(islice(_features(read) if suffix == "geojson" else _items(read), most + 1))
        heads = list(dict.fromkeys(head for item in items for head in item))
        if len(heads) > _MOST_COLUMNS:
            raise ValueError(file)
    except (ValueError, RecursionError, ParseError, DefusedXmlException):
        said = msg("This is no list of items. One looks so: {example}", example=_WANTED[suffix])
        raise ContentInvalid([Finding(file, said)]) from None
    places = {head: place for place, head in enumerate(heads)}
    header = {place: Cell(head) for head, place in places.items()}
    rows = [{places[head]: Cell(text) for head, text in item.items() if text} for item in items]
    return grid_of(file, None, [(1, header), *enumerate(rows, start=1)])


_WANTED: Final = {
    "geojson": '{"type": "FeatureCollection", "features": [{"id": "a", "properties": {"title": "A"}}]}',
    "xml": "<root><item><name>a</name><label>A</label></item></root>",
}


def _items(content: bytes) -> Iterator[Mapping[str, str]]:
    for item in fromstring(content, forbid_dtd=True):
        yield {each.tag.rpartition("}")[2]: (each.text or "").strip() for each in item}


def _features(content: bytes) -> Iterator[Mapping[str, str]]:
    """Yields what is said of each feature; where it lies is of no use here."""
    read = json.loads(content)
    features = read.get("features") if isinstance(read, dict) else None
    if not isinstance(features, list):
        raise ValueError(read)
    for feature in features:
        said = feature.get("properties") if isinstance(feature, dict) else None
        named = {"id": feature["id"]} if isinstance(feature, dict) and "id" in feature else {}
        yield {name: _text(value) for name, value in {**named, **(said if isinstance(said, dict) else {})}.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(value)
    return value.strip() if isinstance(value, str) else ""

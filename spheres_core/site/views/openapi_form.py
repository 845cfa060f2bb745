"""A form's answers as components of the OpenAPI document: one for the form, each group and each list of choices.

Generators name classes after components, and after titles where a schema has no name of its own. So nothing here has a
title: the names come from the form's question names, which are the same in every language, without accents.
"""

import re
from typing import Any

from spheres_core.forms.json_schema import json_schema
from spheres_core.forms.schemas import Form
from spheres_core.foundation.content.text_comparison import without_accents


def name_of(form: Form) -> str:
    """Returns the name of a form's component: `FormReferral`."""
    return "Form" + _camel(form.key)


def components(form: Form, language: str) -> dict[str, Any]:
    """Returns the components of a form by name; texts are in a language, names in none."""
    made: dict[str, Any] = {}
    schema = {name: each for name, each in json_schema(form, language).items() if not name.startswith("$")}
    _place(made, name_of(form), schema)
    return made


def _place(made: dict[str, Any], wanted: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Puts a schema among the components and returns a reference to it."""
    name, number = wanted, 1
    while name in made:
        number += 1
        name = f"{wanted}{number}"
    made[name] = {}  # keeps the name while what is inside gets its own
    made[name] = _without_title(made, name, schema)
    return {"$ref": f"#/components/schemas/{name}"}


def _without_title(made: dict[str, Any], name: str, schema: dict[str, Any]) -> dict[str, Any]:
    kept = {key: each for key, each in schema.items() if key not in ("title", "description", "properties", "oneOf")}
    said = [each for key in ("title", "description") if (each := schema.get(key))]
    if choices := schema.get("oneOf"):
        kept["enum"] = [each["const"] for each in choices]
        said += [f"- `{each['const']}`: {each['title']}" for each in choices]
    if "properties" in schema:
        kept["properties"] = {
            key: _property(made, name + _camel(key), each) for key, each in schema["properties"].items()
        }
    return ({"description": "\n".join(said)} if said else {}) | kept


def _property(made: dict[str, Any], name: str, schema: dict[str, Any]) -> dict[str, Any]:
    if "properties" in schema or "oneOf" in schema:
        return _place(made, name, schema)
    if "items" in schema:
        schema = {**schema, "items": _property(made, name, schema["items"])}
    return _without_title(made, name, schema)


def _camel(name: str) -> str:
    """Returns `SafeContact` for `safe_contact`; other letters than those of ASCII by their code points."""
    plain = "".join(each if each.isascii() else f"U{ord(each):X}" for each in without_accents(name))
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", plain))

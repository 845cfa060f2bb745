"""Functions that a rule may call, with how many values each takes, and what to write instead of the others."""

from __future__ import annotations

from typing import Final, NamedTuple

from spheres_core.facts import Message, msg


class Arity(NamedTuple):
    """How many values a function takes."""

    least: int
    most: int | None
    even: bool = False
    """Values come in pairs."""

    def allows(self, count: int) -> bool:
        return count >= self.least and (self.most is None or count <= self.most) and not (self.even and count % 2)


_ANY: Final = None
FUNCTIONS: Final[dict[str, Arity]] = {
    # answers that are chosen
    "selected": Arity(2, 2),
    "selected-at": Arity(2, 2),
    "count-selected": Arity(1, 1),
    "jr:choice-name": Arity(2, 2),
    # repeats
    "position": Arity(0, 1),
    "index": Arity(0, 0),
    "indexed-repeat": Arity(3, _ANY),
    "count": Arity(1, 1),
    "count-non-empty": Arity(1, 1),
    "sum": Arity(1, 1),
    "min": Arity(1, _ANY),
    "max": Arity(1, _ANY),
    # texts
    "string": Arity(0, 1),
    "concat": Arity(1, _ANY),
    "join": Arity(1, _ANY),
    "substr": Arity(2, 3),
    "substring": Arity(2, 3),
    "substring-before": Arity(2, 2),
    "substring-after": Arity(2, 2),
    "string-length": Arity(0, 1),
    "normalize-space": Arity(0, 1),
    "translate": Arity(3, 3),
    "contains": Arity(2, 2),
    "starts-with": Arity(2, 2),
    "ends-with": Arity(2, 2),
    "regex": Arity(2, 2),
    "digest": Arity(2, 3),
    "base64-decode": Arity(1, 1),
    # truth
    "if": Arity(3, 3),
    "coalesce": Arity(1, _ANY),
    "once": Arity(1, 1),
    "boolean": Arity(1, 1),
    "boolean-from-string": Arity(1, 1),
    "not": Arity(1, 1),
    "true": Arity(0, 0),
    "false": Arity(0, 0),
    "checklist": Arity(2, _ANY),
    "weighted-checklist": Arity(2, _ANY, even=True),
    # numbers
    "number": Arity(0, 1),
    "int": Arity(1, 1),
    "round": Arity(1, 2),
    "floor": Arity(1, 1),
    "ceiling": Arity(1, 1),
    "abs": Arity(1, 1),
    "pow": Arity(2, 2),
    "sqrt": Arity(1, 1),
    "exp": Arity(1, 1),
    "exp10": Arity(1, 1),
    "log": Arity(1, 1),
    "log10": Arity(1, 1),
    "sin": Arity(1, 1),
    "cos": Arity(1, 1),
    "tan": Arity(1, 1),
    "asin": Arity(1, 1),
    "acos": Arity(1, 1),
    "atan": Arity(1, 1),
    "atan2": Arity(2, 2),
    "pi": Arity(0, 0),
    "random": Arity(0, 0),
    # dates
    "today": Arity(0, 0),
    "now": Arity(0, 0),
    "date": Arity(1, 1),
    "date-time": Arity(1, 1),
    "decimal-date-time": Arity(1, 1),
    "decimal-time": Arity(1, 1),
    "cht:difference-in-days": Arity(2, 2),
    "cht:difference-in-weeks": Arity(2, 2),
    "cht:difference-in-months": Arity(2, 2),
    "cht:difference-in-years": Arity(2, 2),
    "format-date": Arity(2, 2),
    "format-date-time": Arity(2, 2),
}
"""Functions that a rule may call, by the name that ODK gives them; those of the Community Health Toolkit by its own."""
FORMER_NAMES: Final = {"difference-in-months": "cht:difference-in-months"}

OF_THE_ANSWER: Final = frozenset({"string", "number", "string-length", "normalize-space"})
"""Functions that read the answer itself when they are given nothing."""
OF_REPEATS: Final = frozenset(
    {"count", "count-non-empty", "sum", "min", "max", "concat", "join", "checklist", "weighted-checklist",
     "indexed-repeat", "position"}
)  # fmt: skip
"""Functions that read the answers of every entry of a repeat, or the repeat itself."""

_LISTS = msg(
    "Forms do not have {name}(): keep the values on the choices sheet and use a choice filter, or write them with if()."
)
_PLACES = msg("Forms do not have {name}(): they compute nothing with places. Ask in words or by a choice.")
_DEVICE = msg("Forms do not have {name}(): nothing is read from the device of the person who answers. Ask for it.")
_INSTEAD = msg("Forms do not have {name}(). Write {rule}.")
REFUSED: Final[dict[str, tuple[Message, str]]] = {
    "instance": (_LISTS, ""),
    "pulldata": (_LISTS, ""),
    "search": (_LISTS, ""),
    "jr:itext": (_INSTEAD, "jr:choice-name(${name}, '${name}')"),
    "randomize": (msg("Forms do not have {name}(): choices are offered in the order of the choices sheet."), ""),
    "area": (_PLACES, ""),
    "enclosed-area": (_PLACES, ""),
    "distance": (_PLACES, ""),
    "geofence": (_PLACES, ""),
    "intersects": (_PLACES, ""),
    "z-score": (_LISTS, ""),
    "cht:extension-lib": (msg("Forms do not have {name}(): no program of a form's own runs here."), ""),
    "to-bikram-sambat": (_INSTEAD, "format-date(${date}, '%e %b %Y')"),
    "property": (_DEVICE, ""),
    "device-id": (_DEVICE, ""),
    "uuid": (msg("Forms do not have {name}(): the program numbers what is sent in."), ""),
    "version": (msg("Forms do not have {name}(): the program keeps the version with the answers."), ""),
    "extract-signed": (msg("Forms do not have {name}(): they read no signed texts. Ask for the answer itself."), ""),
    "lang": (msg("Forms do not have {name}(): a rule is the same in every language. Leave it out."), ""),
    "depend": (msg("Forms do not have {name}(): rules follow the answers by themselves. Leave it out."), ""),
    "current": (_INSTEAD, "${name}"),
    "last": (_INSTEAD, "count(${repeat})"),
    "concat-over-repeat": (_INSTEAD, "join(', ', ${name})"),
    "is-selected": (_INSTEAD, "selected(${name}, 'code')"),
    "id": (_INSTEAD, "${name}"),
    "name": (_INSTEAD, "${name}"),
    "local-name": (_INSTEAD, "${name}"),
    "namespace-uri": (_INSTEAD, "${name}"),
    "node": (_INSTEAD, "${name}"),
    "text": (_INSTEAD, "${name}"),
}
"""Functions that forms elsewhere have: why not here, and the rule to write instead."""

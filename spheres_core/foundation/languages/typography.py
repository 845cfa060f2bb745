"""Proofreads how French is set in Québec: apostrophes, and the spaces that keep marks, hours and numbers on one line.

Source: Office québécois de la langue française, Espacement avant et après les principaux signes de ponctuation.
"""

import re
from collections.abc import Iterator
from typing import Final

from spheres_core.facts import Message, msg

_FIXED: Final = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
_RULES: Final = (
    (re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_]|[«{])"), msg("A straight apostrophe; French has ’.")),
    (re.compile(r"(?<=[\w)}»\]%]) ?:(?=\s|$)"), msg("A colon follows a non-breaking space.")),
    (re.compile(r"(?<=\d) ?%"), msg("A percent sign follows a non-breaking space.")),
    (
        re.compile(rf"«(?![{_FIXED}])|(?<![{_FIXED}])»"),
        msg("Quotation marks have non-breaking spaces inside: « word »."),
    ),
    (re.compile(rf"(?<=\S)[ {_FIXED}][;?!](?=\s|$)"), msg("No space goes before ; ? and !.")),
    (
        re.compile(rf"\b\d{{1,2}}(?: h\b|h\d{{0,2}}\b|[{_FIXED}]h \d\d\b)"),
        msg("Hours have non-breaking spaces, as in 8 h 30."),
    ),
    (re.compile(r"\b\d{1,3}(?: \d{3})+\b(?!-\d)"), msg("Thousands follow a non-breaking space, as in 12 000.")),
)


def typography_problems(text: str) -> Iterator[tuple[int, int, Message]]:
    """Yields where a French text is set otherwise (start and end), and how it should be."""
    for pattern, sentence in _RULES:
        for match in pattern.finditer(text):
            yield match.start(), match.end(), sentence

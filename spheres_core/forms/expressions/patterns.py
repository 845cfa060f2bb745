"""Patterns that both engines read alike and that no text can make slow.

The author's pattern is parsed and written anew in a form that Python and JavaScript (flag `u`) understand in the same
way: ASCII classes, no look-around, no back-references. Its worst case is bounded when the form is read: the number of
ways in which a text can be tried (`ways`, times `REACH` for each unbounded part that its successor does not stop)
stays below `MOST_STEPS`.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from spheres_core.facts import Message, msg
from spheres_core.forms.expressions.pattern_characters import (
    ALL_CHARACTERS,
    CLASSES,
    CONTROLS,
    NON_ASCII,
    bit_of,
    bits_of_range,
    literal,
    set_member,
)

LONGEST_PATTERN: Final = 500


DEEPEST_GROUP: Final = 8


MOST_REPEATS: Final = 1000


REACH: Final = 1000
"""The longest text a pattern is tried on, in code points; a longer one does not match."""


MOST_STEPS: Final = 5_000_000


class PatternInvalid(Exception):
    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.msgid)


class _Part(NamedTuple):
    """A piece of a pattern with what is needed to bound its cost."""

    written: str
    first: int
    """The characters it may begin with, one bit each; bit 128 stands for everything beyond ASCII."""
    characters: int
    optional: bool
    ways: int = 1
    loose: int = 0
    """Unbounded parts that nothing after them stops."""
    unbounded: bool = False
    quantified: bool = False


def safe_pattern(pattern: str) -> str:
    """Returns the pattern in the wording that both engines share; raises PatternInvalid with the reason."""
    if len(pattern) > LONGEST_PATTERN:
        raise PatternInvalid(msg("The pattern is longer than {limit} characters.", limit=LONGEST_PATTERN))
    body = pattern.removeprefix("^")
    if body.endswith("$") and not body.endswith("\\$"):
        body = body[:-1]
    reader = _Reader(body, anchored=body != pattern)
    part = reader.alternatives(0)
    if reader.place < len(body):
        raise PatternInvalid(msg("The pattern has a “{mark}” too many.", mark=body[reader.place]))
    if _steps(part) > MOST_STEPS:
        raise PatternInvalid(msg("The pattern could take very long on some answers; make it simpler."))
    return part.written


def _steps(part: _Part) -> float:
    return part.ways * float(REACH) ** min(part.loose, 10)


class _Reader:
    """One pass over the pattern, left to right."""

    def __init__(self, body: str, *, anchored: bool) -> None:
        self.body = body
        self.place = 0
        self.anchored = anchored

    def peek(self) -> str:
        return self.body[self.place] if self.place < len(self.body) else ""

    def take(self) -> str:
        if self.place >= len(self.body):
            raise PatternInvalid(msg("The pattern ends too early."))
        self.place += 1
        return self.body[self.place - 1]

    def alternatives(self, level: int) -> _Part:
        branches = [self.sequence(level)]
        while self.peek() == "|":
            self.take()
            branches.append(self.sequence(level))
        if len(branches) == 1:
            return branches[0]
        if level == 0 and self.anchored:
            raise PatternInvalid(msg("Put brackets around the alternatives: ^(one|two)$ instead of ^one|two$."))
        first = characters = 0
        for branch in branches:
            first |= branch.first
            characters |= branch.characters
        return _Part(
            "|".join(branch.written for branch in branches),
            first,
            characters,
            any(branch.optional for branch in branches),
            sum(branch.ways for branch in branches),
            max(branch.loose for branch in branches),
            any(branch.unbounded for branch in branches),
            True,
        )

    def sequence(self, level: int) -> _Part:
        parts: list[_Part] = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self.quantified(self.atom(level)))
        ends = level == 0
        first, ways, loose = 0, 1, 0
        for index, part in enumerate(parts):
            if all(earlier.optional for earlier in parts[:index]):
                first |= part.first
            ways *= part.ways
            loose += part.loose
            if part.unbounded and not part.loose and not _stopped(part, parts[index + 1 :], ends):
                loose += 1
        characters = 0
        for part in parts:
            characters |= part.characters
        return _Part(
            "".join(part.written for part in parts),
            first,
            characters,
            all(part.optional for part in parts),
            min(ways, MOST_STEPS + 1),
            loose,
            any(part.unbounded for part in parts),
            any(part.quantified for part in parts),
        )

    def atom(self, level: int) -> _Part:
        mark = self.take()
        if mark == "(":
            return self.group(level)
        if mark == "[":
            written, characters = self.set_of_characters()
            return _Part(written, characters, characters, False)
        if mark == ".":
            return _Part(r"[^\n]", ALL_CHARACTERS & ~(1 << 10), ALL_CHARACTERS & ~(1 << 10), False)
        if mark == "\\":
            written, characters = self.escaped()
            return _Part(written, characters, characters, False)
        if mark in "*+?{}]^$":
            raise PatternInvalid(msg("The pattern has a “{mark}” in the wrong place.", mark=mark))
        bit = bit_of(mark)
        return _Part(literal(mark), bit, bit, False)

    def group(self, level: int) -> _Part:
        if level >= DEEPEST_GROUP:
            raise PatternInvalid(msg("The pattern has too many brackets inside each other."))
        if self.peek() == "?":
            self.take()
            if self.take() != ":":
                raise PatternInvalid(msg("The pattern looks ahead or behind, which forms do not allow."))
        inner = self.alternatives(level + 1)
        if self.peek() != ")":
            raise PatternInvalid(msg("The pattern has an open bracket."))
        self.take()
        return inner._replace(written=f"(?:{inner.written})")

    def escaped(self) -> tuple[str, int]:
        mark = self.take()
        if mark in CLASSES:
            written, characters = CLASSES[mark]
            return f"[{written}]", characters
        if mark in "DWS":
            written, characters = CLASSES[mark.lower()]
            return f"[^{written}]", ALL_CHARACTERS & ~characters
        if mark in CONTROLS:
            return "\\" + mark, bit_of(CONTROLS[mark])
        if mark.isalnum():
            raise PatternInvalid(msg("The pattern uses “{mark}”, which forms do not allow.", mark="\\" + mark))
        return literal(mark), bit_of(mark)

    def set_of_characters(self) -> tuple[str, int]:
        refused = self.peek() == "^"
        if refused:
            self.take()
        written, characters = [], 0
        while self.peek() != "]":
            piece, bits, single = self.member()
            follows = self.body[self.place : self.place + 2]
            if single and len(follows) == 2 and follows[0] == "-" and follows[1] != "]":
                self.take()
                last, _, last_single = self.member()
                if not last_single or last_single < single:
                    raise PatternInvalid(msg("The pattern has a range in the wrong order."))
                piece, bits = f"{piece}-{last}", bits_of_range(single, last_single)
            written.append(piece)
            characters |= bits
        self.take()
        if not written:
            raise PatternInvalid(msg("The pattern has an empty set of characters."))
        if refused:
            return f"[^{''.join(written)}]", ALL_CHARACTERS & ~(characters & ~NON_ASCII)
        return f"[{''.join(written)}]", characters

    def member(self) -> tuple[str, int, str]:
        """Returns one member of a set: as written, its bits, and the character itself unless it is a class."""
        mark = self.take()
        if mark == "\\":
            mark = self.take()
            if mark in CLASSES:
                written, bits = CLASSES[mark]
                return written, bits, ""
            if mark in CONTROLS:
                return "\\" + mark, bit_of(CONTROLS[mark]), CONTROLS[mark]
            if mark.isalnum():
                raise PatternInvalid(msg("The pattern uses “{mark}”, which forms do not allow.", mark="\\" + mark))
        return set_member(mark), bit_of(mark), mark

    def quantified(self, part: _Part) -> _Part:
        least, most = self.quantifier()
        if least == most == 1:
            return part
        if self.peek() in ("*", "+", "?", "{"):
            raise PatternInvalid(msg("The pattern repeats a repetition."))
        several = most is None or most > 1
        if several and (most is None or most > 10) and part.quantified:
            raise PatternInvalid(
                msg("The pattern repeats something that repeats or branches: it could take very long.")
            )
        written = part.written + _times(least, most)
        optional = least == 0 or part.optional
        if most is None:
            return _Part(written, part.first, part.characters, optional, 1, 0, True, True)
        ways = min((most - least + 1) * part.ways ** min(most, 60), MOST_STEPS + 1)
        return part._replace(
            written=written,
            optional=optional,
            ways=ways,
            loose=part.loose * most,
            quantified=part.quantified or least != most,
        )

    def quantifier(self) -> tuple[int, int | None]:
        mark = self.peek()
        if mark not in ("*", "+", "?", "{"):
            return 1, 1
        self.take()
        if mark != "{":
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[mark]
        inside = ""
        while self.peek() != "}":
            inside += self.take()
        self.take()
        low, comma, high = inside.partition(",")
        if not (low.isascii() and low.isdigit()) or (high and not (high.isascii() and high.isdigit())):
            raise PatternInvalid(msg("The pattern has a “{mark}” in the wrong place.", mark="{"))
        least = int(low[:6])
        most = (int(high[:6]) if high else None) if comma else least
        if least > MOST_REPEATS or (most or 0) > MOST_REPEATS:
            raise PatternInvalid(msg("The pattern repeats more than {limit} times.", limit=MOST_REPEATS))
        if most is not None and most < least:
            raise PatternInvalid(msg("The pattern has a range in the wrong order."))
        return least, most


def _stopped(part: _Part, following: list[_Part], ends: bool) -> bool:
    """Returns whether what comes after cannot begin with a character that the part could also take."""
    for successor in following:
        if successor.first & part.characters:
            return False
        if not successor.optional:
            return True
    return ends


def _times(least: int, most: int | None) -> str:
    known = {(0, None): "*", (1, None): "+", (0, 1): "?"}
    if (least, most) in known:
        return known[(least, most)]
    if most is None:
        return f"{{{least},}}"
    return f"{{{least}}}" if least == most else f"{{{least},{most}}}"


__all__ = ["REACH", "PatternInvalid", "safe_pattern"]
